import type { Failure, GongRefusal } from '../failure';
import { groupBy } from '../groupBy';
import { notTried, notTriedApart, unknownCalls } from '../messages/gongMessages';
import type { RequestResult } from '../transport/client';
import { saysUnknownCalls } from '../transport/refusal';

/** What can be sent by itself: a call, or for a write the part of a call's entry that items with the same users share. */
export interface Unit {
	callId: string;
	/** The name of the part; empty where there is only one. */
	part: string;
}

/** What came of a unit. `unknown` is Gong's refusal of the call alone, which says that it does not know the call. */
export type UnitResult<T> =
	| { ok: true; value: T; requestId: string | null }
	| { ok: false; failure: Failure; unknown?: GongRefusal };

/** What came of a request for some calls. */
export type Sent<T> = RequestResult<{ requestId: string | null; values: Map<string, T> }>;

/** A request that Gong refused with status 400 for something among its units. */
export interface Refused {
	units: Unit[];
	failure: Failure;
	said: GongRefusal;
}

/** What the search needs. */
export interface Isolation<T> {
	/** Sends a request for some of the units. */
	send(units: Unit[]): Promise<Sent<T>>;
	/** Takes the results of units; the search gives each unit at least one, and the last one counts. */
	settle(units: Unit[], result: (unit: Unit) => UnitResult<T>): void;
	/** Whether what was refused is searched for among the units. @param isUnknown whether Gong does not know a call */
	isSearched(isUnknown: boolean): boolean;
	/** Why the search ends; undefined while it goes on. */
	ended(): Failure | undefined;
}

/** What Gong says a refusal is about. */
type About = 'call' | 'user' | undefined;

// After this many refusals without an acceptance in between, each call, or the users of each item, are sent alone: halves
// would be refused too. So 300 unknown calls cost 340 requests at most, and one unknown call among 100 costs 14.
const MOST_IN_HALVES = 12;
// After this many the search ends where Gong does not say what it is about. So 100 items that are all refused cost 20
// requests, and one among 100 is always found.
const MOST_REFUSED = 17;

/**
 * Isolates what Gong refuses among the units of a request, so that all others are answered or carried out: Gong
 * refuses a whole request for one call or one user, and does not name it. Goes level by level, by halves.
 *
 * A call is unknown only where Gong refused a request for it alone, and a user only where it refused their item's alone.
 */
export async function isolate<T>(first: Refused, search: Isolation<T>): Promise<void> {
	const queue: Refused[] = [];
	const doubtful = new Set<Unit>();
	let refusals = 1;
	const sentAlone = new Set<About>();
	const places = new Map(first.units.map((unit, place) => [unit, place]));
	const placeOf = (unit: Unit): number => places.get(unit) ?? 0;

	const aboutOf = ({ said, failure }: Refused): About =>
		saysUnknownCalls(400, said) ? 'call' : failure.saysUnknownUser ? 'user' : undefined;
	const noteDoubt = ({ units, failure }: Pick<Refused, 'units' | 'failure'>): void => {
		// A try whose answer was lost may have been carried out before another try was refused.
		if (failure.outcome === 'unknown') for (const unit of units) doubtful.add(unit);
	};
	const fail = (units: Unit[], failure: Failure, unknown?: GongRefusal): void => {
		search.settle(units, (unit) => {
			// Not called unknown: it may have been changed.
			if (doubtful.has(unit)) return { ok: false, failure: { ...failure, outcome: 'unknown' } };
			return { ok: false, failure, ...(unknown ? { unknown } : {}) };
		});
	};
	const request = async (units: Unit[]): Promise<boolean> => {
		const sent = await search.send(units);
		if (sent.ok) {
			refusals = 0;
			const { requestId, values } = sent.value;
			search.settle(units, ({ callId }) => ({
				ok: true,
				value: values.get(callId) as T,
				requestId,
			}));
			return true;
		}
		refusals++;
		const { failure, refusal } = sent;
		noteDoubt({ units, failure });
		if (refusal?.status !== 400) fail(units, failure);
		else queueOrFail({ units, failure, said: refusal.said });
		return false;
	};
	const queueOrFail = (refused: Refused): void => {
		const { units, failure, said } = refused;
		const about = aboutOf(refused);
		if (!search.isSearched(about === 'call')) fail(units, failure);
		else if (!isSingle(units, about)) queue.push(refused);
		else if (about === 'call') fail(units, unknownCalls([units[0].callId], said), said);
		else fail(units, failure);
	};

	noteDoubt(first);
	queueOrFail(first);
	for (let next = queue.shift(); next; next = queue.shift()) {
		const about = aboutOf(next);
		if (about === undefined && refusals > MOST_REFUSED) {
			fail(next.units, notTriedApart(next.failure));
			continue;
		}
		if (about !== undefined && refusals >= MOST_IN_HALVES) sentAlone.add(about);
		const isAlone = sentAlone.has(about);
		if (isAlone) {
			// From the front, since the first unknown calls are those that a message names.
			const all = [next, ...queue.filter((one) => aboutOf(one) === about)];
			queue.splice(0, queue.length, ...queue.filter((one) => aboutOf(one) !== about));
			const units = all.flatMap((one) => one.units);
			next = { ...next, units: units.sort((a, b) => placeOf(a) - placeOf(b)) };
		}
		const pieces = isAlone
			? [...groupBy(next.units, (unit) => keyOf(unit, about)).values()]
			: halves(next.units, about);
		let isAnyRefused = false;
		for (const [place, units] of pieces.entries()) {
			const ended = search.ended();
			const isLast = place === pieces.length - 1;
			if (ended) fail(units, notTried(ended, callsIn(units)));
			// With nothing refused before it, what Gong refuses is in the last piece. A single unit is sent all the same,
			// since the refusal may have been a passing one.
			else if (isLast && place > 0 && !isAnyRefused && !isSingle(units, about)) {
				queue.push({ ...next, units });
			} else isAnyRefused = !(await request(units)) || isAnyRefused;
		}
	}
}

/** The calls of units, each once. */
export function callsIn(units: Unit[]): string[] {
	return [...new Set(units.map(({ callId }) => callId))];
}

/** What a refusal can be about: a call, the users of an item, or otherwise one unit. */
function keyOf({ callId, part }: Unit, about: About): string {
	if (about === 'call') return callId;
	// Parts without a name have the users of their call.
	return about === 'user' && part !== '' ? part : JSON.stringify([callId, part]);
}

/** Whether the units cannot be taken apart any further. */
function isSingle(units: Unit[], about: About): boolean {
	return units.every((unit) => keyOf(unit, about) === keyOf(units[0], about));
}

/** Two halves: by calls where Gong does not know one; otherwise by parts, since it may be the users of one item. */
function halves(units: Unit[], about: About): Unit[][] {
	const parts = [...new Set(units.map(({ part }) => part))];
	if (about === 'call' || parts.length === 1) {
		const calls = callsIn(units);
		const first = new Set(calls.slice(0, calls.length >> 1));
		return split(units, ({ callId }) => first.has(callId));
	}
	const first = new Set(parts.slice(0, parts.length >> 1));
	return split(units, ({ part }) => first.has(part));
}

function split(units: Unit[], isFirst: (unit: Unit) => boolean): [Unit[], Unit[]] {
	return [units.filter(isFirst), units.filter((unit) => !isFirst(unit))];
}
