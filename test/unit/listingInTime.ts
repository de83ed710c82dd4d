import { listCallsRequest } from '../../nodes/GongCallAccess/gong/calls';
import { callIdsOfPeriod } from '../../nodes/GongCallAccess/gong/periodListing';
import type { GongClient } from '../../nodes/GongCallAccess/transport/client';
import type { GongRequest } from '../../nodes/GongCallAccess/transport/request';
import { Pager } from '../harness/gong/paging';
import { VirtualTime } from './workers';

const PER_SECOND = 3;
const SECOND_MS = 1000;
const PAGE = 100;
const PATH = listCallsRequest({ from: '', to: '', workspaceId: '' }, undefined).path;

/** A call of the local company; times in ms since 1970. */
export interface TimedCall {
	/** The time by which Gong lists it. */
	at: number;
	/** When it started; left out where that is the same. */
	started?: number;
}

/** What a period is and how Gong answers. */
export interface InTime {
	calls: TimedCall[];
	from: number;
	to: number;
	/** Milliseconds from a request to its answer. */
	latency: number;
	/** Whether access to each hundred calls is read as soon as they are known, as a run does. */
	reads: boolean;
}

/** What listing a period took. */
export interface Listed {
	ids: string[];
	/** Requests that list calls. */
	listings: number;
	/** All requests. */
	requests: number;
	/** The fewest that could list all calls. */
	pages: number;
	/** The time taken, as a multiple of the time that the limit needs for these requests. */
	slowness: number;
}

/** Lists a period in virtual time, at Gong's limit of three requests a second, which nothing else uses. */
export async function listInTime({ calls, from, to, latency, reads }: InTime): Promise<Listed> {
	const time = new VirtualTime();
	const sorted = calls.map((call, place) => ({ ...call, id: String(place + 1) }));
	sorted.sort((one, other) => one.at - other.at);
	const pager = new Pager(PAGE);
	const answer = (query: Record<string, string>) => {
		const [start, end] = [Date.parse(query.fromDateTime), Date.parse(query.toDateTime)];
		const within = sorted.slice(placeOf(sorted, start), placeOf(sorted, end));
		const of = `${query.fromDateTime} ${query.toDateTime}`;
		const page = pager.page(within, of, query.cursor);
		if (typeof page === 'string') throw new Error(page);
		return page;
	};
	const sentAt: number[] = [];
	let listings = 0;
	const turn = async (): Promise<void> => {
		const before = sentAt.at(-PER_SECOND) ?? -Infinity;
		const at = Math.max(time.now(), before + SECOND_MS);
		sentAt.push(at);
		await time.pause(at - time.now());
		await time.pause(latency);
	};
	const send = async (request: GongRequest, _ids: string[], read: (text: string) => unknown) => {
		await turn();
		if (request.path !== PATH) throw new Error(`Not a listing: ${request.path}`);
		listings++;
		const { items, records } = answer(request.query as Record<string, string>);
		if (items.length === 0) {
			const errors = ['No calls found corresponding to the provided filters'];
			return { ok: false, failure: {}, refusal: { status: 404, said: { requestId: '', errors } } };
		}
		const page = items.map(({ id, at, started }) => ({
			id,
			started: new Date(started ?? at).toISOString(),
		}));
		return { ok: true, value: read(JSON.stringify({ requestId: '', records, calls: page })) };
	};
	const known = new Set<string>();
	const underWay: Promise<void>[] = [];
	const readUpTo = (count: number): void => {
		if (!reads) return;
		while (underWay.length < count) underWay.push(turn());
	};
	const period = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
	const work = async () => {
		const found = await callIdsOfPeriod(
			{ send } as unknown as GongClient,
			{ ...period, workspaceId: '' },
			(ids) => {
				for (const id of ids) known.add(id);
				readUpTo(Math.floor(known.size / PAGE));
			},
		);
		readUpTo(Math.ceil(known.size / PAGE));
		await Promise.all(underWay);
		return found;
	};
	const working = work();
	await time.pass();
	const found = await working;
	if (!found.ok) throw new Error(found.failure.message);
	return {
		ids: found.value,
		listings,
		requests: sentAt.length,
		pages: Math.max(1, Math.ceil(calls.length / PAGE)),
		slowness: time.now() / ((sentAt.length / PER_SECOND) * SECOND_MS),
	};
}

/** The place of the first call that is not before a time. */
function placeOf(sorted: TimedCall[], time: number): number {
	let [low, high] = [0, sorted.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if (sorted[middle].at < time) low = middle + 1;
		else high = middle;
	}
	return low;
}
