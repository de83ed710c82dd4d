import type { Failure, GongRefusal } from '../failure';
import { isLost, stopsRequestsLikeIt } from '../failure';
import { notTried, notTriedApart, unknownCalls } from '../messages/gongMessages';
import { refusedThoughKnown } from '../messages/writeMessages';
import type { GongClient, Needless, RequestResult } from '../transport/client';
import { Lane } from '../transport/lane';
import { saysUnknownCalls } from '../transport/refusal';
import type { GongRequest } from '../transport/request';

/**
 * What Gong answered for one call. `unknown` is its refusal of a request for this call alone, which says that
 * Gong does not know it. `parts`, by name, are there where the call's entry was sent in parts since it was
 * refused as a whole; it is `ok` if any part was accepted.
 */
export type CallResult<T> = (
	| { ok: true; value: T; requestId: string | null }
	| { ok: false; failure: Failure; unknown?: GongRefusal }
) & { parts?: Map<string, CallResult<T>> };

/** A kind of request that names many calls. */
export interface CallsEndpoint<T> {
	/**
	 * The request for these calls.
	 * @param parts the names of the parts to send of each call's entry; all where it is left out
	 */
	request(callIds: string[], parts?: ReadonlyMap<string, readonly string[]>): GongRequest;
	/** Reads its response of status 200; `values` holds each call asked for. */
	read(text: string, callIds: string[]): { requestId: string | null; values: Map<string, T> };
	/** For a write: the names of the parts in which the entry of a call can be sent. */
	partsOf?(callId: string): string[];
}

/** How far to go. */
export interface BatchOptions {
	/** Most calls named in one request. */
	callsPerRequest: number;
	/** Whether to end at the first failure, since nobody will see what comes after it. */
	failFast: boolean;
	/** Whether an unknown call is no failure, so that all of them are worth finding. */
	reportsUnknown?: boolean;
	/** For a write that ends at a failure: finds unknown calls without writing. */
	search?: CallsEndpoint<unknown>;
	/** Where another reading failed by now, nothing more is sent. */
	needless?: Needless;
	/** Called after each request with the number of calls done. */
	onProgress: (done: number) => void;
}

/** What came of a request for some calls. */
type Sent<T> = RequestResult<{ requestId: string | null; values: Map<string, T> }>;

// When the run will fail anyway, no more than this many unknown calls are worth the requests that find them.
const MAX_UNKNOWN_CALLS_ON_STOP = 10;
// After this many requests in a row without a usable response, Gong counts as out of reach.
const MAX_LOST_IN_A_ROW = 3;
// After this many requests without an acceptance the search for what Gong refuses ends. So 100 items that are all
// refused cost 20 requests, and one among 100 is always found.
const MAX_REFUSED_IN_A_ROW = 17;

/**
 * Sends requests for calls, as {@link CallRequests} does.
 * @param callIds each once
 * @returns a result for every call
 */
export async function requestByCall<T>(
	client: GongClient,
	callIds: readonly string[],
	endpoint: CallsEndpoint<T>,
	options: BatchOptions,
): Promise<Map<string, CallResult<T>>> {
	return await new CallRequests(client, endpoint, options).results(callIds);
}

/** Whether Gong said that it does not know a call. */
function isUnknown(result: CallResult<unknown> | undefined): boolean {
	return result?.ok === false && result.unknown !== undefined;
}

/** What can be sent by itself: a part of a call's entry. */
interface Atom {
	callId: string;
	/** The name of the part. */
	part: string;
}

/** Two halves of what Gong refused: by parts where there are several, since it may be one item's. */
function halvesOf(atoms: Atom[]): [Atom[], Atom[]] {
	const parts = [...new Set(atoms.map(({ part }) => part))];
	if (parts.length === 1) {
		const middle = atoms.length >> 1;
		return [atoms.slice(0, middle), atoms.slice(middle)];
	}
	const first = new Set(parts.slice(0, parts.length >> 1));
	return [
		atoms.filter(({ part }) => first.has(part)),
		atoms.filter(({ part }) => !first.has(part)),
	];
}

/**
 * Requests for calls that may become known one after the other: as few requests as possible, in order. Those that
 * only read overlap; what writes is sent one at a time.
 *
 * Gong refuses a whole request for one call that it does not know, or for one user, without naming it. Such a
 * call is found by bisecting, and the others are answered. A call counts as unknown only where Gong refused a
 * request for it alone.
 */
export class CallRequests<T> {
	private readonly found = new Map<string, CallResult<T>>();

	private readonly known = new Set<string>();

	/** Calls that are not enough for a request yet. */
	private readonly waiting: string[] = [];

	private readonly underWay: Array<Promise<void>> = [];

	private readonly lane = new Lane<Sent<T>>((sent) => {
		return sent.ok || sent.needless === true || sent.refusal?.status === 400;
	});

	/** Calls whose results nobody needs any more, and why. */
	private readonly dropped = new Map<string, Failure>();

	private unknownCalls = 0;

	private lostInARow = 0;

	/** The failure after which nothing more is sent. */
	private ended: Failure | undefined;

	/** Set to end at the first failure: the first unknown call. */
	private ending: Failure | undefined;

	/** Calls of a write that was lost and refused when it was sent again: the first may have been carried out. */
	private readonly doubtful = new Set<string>();

	/** @param onAnswer called with what Gong answered for some of the calls, as soon as it is there */
	constructor(
		private readonly client: GongClient,
		private readonly endpoint: CallsEndpoint<T>,
		private readonly options: BatchOptions,
		private readonly onAnswer: (values: Map<string, T>) => void = () => {},
	) {}

	/** The failure that ends it, if there is one: it may still be looking for unknown calls to name. */
	get failure(): Failure | undefined {
		return this.ended ?? this.ending;
	}

	/** How many calls there are so far. */
	get size(): number {
		return this.known.size;
	}

	/** Adds calls. For a read, a request is sent as soon as there are enough of them. */
	add(callIds: Iterable<string>): void {
		for (const callId of callIds) {
			this.dropped.delete(callId);
			if (this.known.has(callId)) continue;
			this.known.add(callId);
			this.waiting.push(callId);
			if (this.waiting.length >= this.options.callsPerRequest && !this.isWrite) this.start();
		}
	}

	/** Sends no request any more for calls that an item needed which has failed. */
	drop(callIds: Iterable<string>, because: Failure): void {
		for (const callId of callIds) this.dropped.set(callId, because);
	}

	/** Sends nothing more. */
	end(because: Failure): void {
		this.ended ??= because;
	}

	/**
	 * A result for each of these calls, in their order, once all requests are answered. Calls that were not added
	 * are added.
	 * @throws {FailureError} of reason `canceled` when the execution is canceled
	 */
	async results(callIds: readonly string[]): Promise<Map<string, CallResult<T>>> {
		this.add(callIds);
		while (this.waiting.length > 0) {
			this.start();
			if (this.isWrite) await Promise.all(this.underWay);
		}
		await Promise.all(this.underWay);
		if (this.ended) {
			const rest = callIds.filter((callId) => !this.found.has(callId));
			const failure = notTried(this.ended, rest);
			for (const callId of rest) this.found.set(callId, { ok: false, failure });
		}
		this.leaveInDoubt();
		const results = new Map<string, CallResult<T>>();
		for (const callId of callIds) {
			const result = this.found.get(callId);
			if (result) results.set(callId, result);
		}
		return results;
	}

	/** Why none of these calls is needed any more; undefined where one is. */
	private droppedAll(ids: string[]): Failure | undefined {
		return ids.every((id) => this.dropped.has(id)) ? this.dropped.get(ids[0]) : undefined;
	}

	private get isWrite(): boolean {
		return this.endpoint.partsOf !== undefined;
	}

	private start(): void {
		const ids = this.waiting.splice(0, this.options.callsPerRequest);
		const request = this.startRequest(ids);
		// It is awaited later, or not at all once the execution is canceled.
		request.catch(() => {});
		this.underWay.push(request);
	}

	private async startRequest(ids: string[]): Promise<void> {
		const sent = await this.lane.send(
			async (onSent) => await this.send(ids, this.endpoint, onSent),
		);
		if (!sent.ok && sent.needless && !this.ended && ids.every((id) => this.dropped.has(id))) {
			// Another item may ask for them later.
			for (const id of ids) this.known.delete(id);
			return;
		}
		await this.take(sent, ids, this.endpoint, false);
	}

	/** Sends one request. @returns whether Gong answered it */
	private async request(
		ids: string[],
		by: CallsEndpoint<unknown>,
		again = false,
	): Promise<boolean> {
		const sent = await this.send(ids, by);
		await this.take(sent, ids, by, again);
		return sent.ok;
	}

	private async send<V>(
		ids: string[],
		by: CallsEndpoint<V>,
		onSent?: () => void,
	): Promise<Sent<V>> {
		return await this.client.send(by.request(ids), ids, (text) => by.read(text, ids), {
			onSent,
			needless: () => (this.ended ??= this.options.needless?.()) ?? this.droppedAll(ids),
		});
	}

	/** Notes what came of a request. */
	private async take(
		sent: Sent<unknown>,
		ids: string[],
		by: CallsEndpoint<unknown>,
		again: boolean,
	): Promise<void> {
		if (sent.ok) {
			this.lostInARow = 0;
			if (by === this.endpoint) {
				const { requestId, values } = sent.value as {
					requestId: string | null;
					values: Map<string, T>;
				};
				for (const [id, value] of values) this.found.set(id, { ok: true, value, requestId });
				this.onAnswer(values);
			}
		} else if (!(sent.needless && this.ended)) {
			await this.handle(sent, ids, by, again);
		}
		this.options.onProgress(this.found.size);
	}

	private async handle(
		{ failure, refusal }: Sent<unknown> & { ok: false },
		ids: string[],
		by: CallsEndpoint<unknown>,
		again: boolean,
	): Promise<void> {
		if (refusal?.status !== 400) return this.fail(ids, failure);
		if (failure.outcome === 'unknown') for (const id of ids) this.doubtful.add(id);
		const { said } = refusal;
		if (saysUnknownCalls(400, said)) {
			this.lostInARow = 0;
			const { search } = this.options;
			if (!search || by !== this.endpoint) await this.bisect(ids, by, said);
			else if (again) this.fail(ids, refusedThoughKnown(said, ids));
			else await this.searchByReading(ids, search, said);
			return;
		}
		const { partsOf } = this.endpoint;
		if (!partsOf || this.options.failFast) return this.fail(ids, failure);
		const atoms = ids.flatMap((callId) => partsOf(callId).map((part) => ({ callId, part })));
		if (atoms.length === 1) this.fail(ids, failure);
		else await this.search(atoms, failure);
	}

	private fail(ids: readonly string[], failure: Failure): void {
		for (const callId of ids) this.found.set(callId, { ok: false, failure });
		this.count(failure);
	}

	private count(failure: Failure): void {
		this.lostInARow = isLost(failure) ? this.lostInARow + 1 : 0;
		const isOutOfReach = this.lostInARow === MAX_LOST_IN_A_ROW;
		if (this.options.failFast || stopsRequestsLikeIt(failure) || isOutOfReach)
			this.ended ??= failure;
	}

	/** Finds the calls among these for which Gong refused all of them with `refusal`. */
	private async bisect(
		ids: string[],
		by: CallsEndpoint<unknown>,
		refusal: GongRefusal,
	): Promise<void> {
		if (ids.length === 1) {
			const failure = unknownCalls(ids, refusal);
			this.found.set(ids[0], { ok: false, failure, unknown: refusal });
			this.unknownCalls++;
			if (this.options.failFast && !this.options.reportsUnknown) this.ending ??= failure;
			if (this.mayBeMore()) this.ended = unknownCalls(ids, refusal, true);
			return;
		}
		const middle = ids.length >> 1;
		const first = ids.slice(0, middle);
		const second = ids.slice(middle);
		const isFirstGood = await this.request(first, by);
		// With nothing bad in the first half it is in the second, which need not be requested as a whole. A
		// single call is requested all the same, since the refusal may have been a passing one.
		if (isFirstGood && second.length > 1) await this.bisect(second, by, refusal);
		else await this.request(second, by);
	}

	/** Whether the search for unknown calls ends here, although there may be more. */
	private mayBeMore(): boolean {
		const { failFast, reportsUnknown } = this.options;
		return failFast && !reportsUnknown && this.unknownCalls === MAX_UNKNOWN_CALLS_ON_STOP;
	}

	/**
	 * Finds what Gong refuses among these, in whatever words, and has all else carried out. Items are told apart
	 * first, then calls; level by level, so that what Gong accepts is met early.
	 */
	private async search(atoms: Atom[], refused: Failure): Promise<void> {
		const found = new Map<Atom, CallResult<T>>();
		const doubtful = new Set<Atom>(refused.outcome === 'unknown' ? atoms : []);
		const set = (some: Atom[], result: CallResult<T>): void => {
			for (const atom of some) found.set(atom, result);
		};
		const queue = [{ atoms, failure: refused }];
		let refusedInARow = 1;
		const request = async (some: Atom[]): Promise<boolean> => {
			const sent = await this.sendAtoms(some);
			if (sent.ok) {
				refusedInARow = 0;
				for (const atom of some) {
					const { requestId, values } = sent.value;
					found.set(atom, { ok: true, value: values.get(atom.callId) as T, requestId });
				}
				return true;
			}
			refusedInARow++;
			const { failure, refusal } = sent;
			if (failure.outcome === 'unknown') for (const atom of some) doubtful.add(atom);
			if (refusal?.status !== 400) set(some, { ok: false, failure });
			else if (some.length > 1) queue.push({ atoms: some, failure });
			else if (!saysUnknownCalls(400, refusal.said)) set(some, { ok: false, failure });
			else {
				const words = unknownCalls([some[0].callId], refusal.said);
				set(some, { ok: false, failure: words, unknown: refusal.said });
			}
			return false;
		};
		for (let next = queue.shift(); next; next = queue.shift()) {
			if (this.ended) {
				const rest = [...new Set(next.atoms.map(({ callId }) => callId))];
				set(next.atoms, { ok: false, failure: notTried(this.ended, rest) });
			} else if (refusedInARow > MAX_REFUSED_IN_A_ROW) {
				set(next.atoms, { ok: false, failure: notTriedApart(next.failure) });
			} else {
				const [first, second] = halvesOf(next.atoms);
				const isFirstGood = await request(first);
				// With nothing bad in the first half it is in the second, which need not be sent as a whole.
				const isKnownBad = isFirstGood && second.length > 1;
				if (isKnownBad || this.ended) queue.push({ atoms: second, failure: next.failure });
				else await request(second);
			}
		}
		for (const atom of doubtful) {
			const result = found.get(atom);
			if (result) found.set(atom, inDoubt(result));
		}
		this.merge(found);
	}

	private async sendAtoms(atoms: Atom[]): Promise<Sent<T>> {
		const parts = new Map<string, string[]>();
		for (const { callId, part } of atoms) {
			const ofCall = parts.get(callId) ?? [];
			ofCall.push(part);
			parts.set(callId, ofCall);
		}
		const ids = [...parts.keys()];
		const sent = await this.client.send(this.endpoint.request(ids, parts), ids, (text) =>
			this.endpoint.read(text, ids),
		);
		if (sent.ok) this.lostInARow = 0;
		else this.count(sent.failure);
		return sent;
	}

	/** Makes the results of calls from those of their parts. */
	private merge(found: Map<Atom, CallResult<T>>): void {
		const byCall = new Map<string, Map<string, CallResult<T>>>();
		for (const [{ callId, part }, result] of found) {
			const parts = byCall.get(callId) ?? new Map<string, CallResult<T>>();
			byCall.set(callId, parts.set(part, result));
		}
		for (const [callId, parts] of byCall) {
			const all = [...parts.values()];
			const result = all.find(({ ok }) => ok) ?? all[0];
			this.found.set(callId, parts.size > 1 ? { ...result, parts } : result);
		}
	}

	/** Names the unknown calls of a refused write without writing a part of it. Then all ends. */
	private async searchByReading(
		ids: string[],
		search: CallsEndpoint<unknown>,
		refusal: GongRefusal,
	): Promise<void> {
		if (ids.length === 1) await this.request(ids, search);
		else await this.bisect(ids, search, refusal);
		if (!this.ended && !ids.some((id) => this.found.has(id))) {
			// Gong knows each of them, so the refusal may have been a passing one.
			await this.request(ids, this.endpoint, true);
			return;
		}
		// A search that was itself refused leaves the words of the write.
		const named = ids.filter((id) => isUnknown(this.found.get(id)));
		const because = unknownCalls(named, refusal, this.mayBeMore());
		const rest = ids.filter((id) => !named.includes(id));
		const failure: Failure = { ...because, outcome: 'notSent', callIds: rest, isOfOthers: true };
		for (const id of rest) this.found.set(id, { ok: false, failure });
		this.ended = because;
	}

	/** Gives the outcome `unknown` to calls that may have been written before they were refused. */
	private leaveInDoubt(): void {
		for (const callId of this.doubtful) {
			const result = this.found.get(callId);
			if (result) this.found.set(callId, inDoubt(result));
		}
	}
}

function inDoubt<T>(result: CallResult<T>): CallResult<T> {
	const parts = result.parts && {
		parts: new Map([...result.parts].map(([name, part]) => [name, inDoubt(part)])),
	};
	if (result.ok) return { ...result, ...parts };
	return { ok: false, failure: { ...result.failure, outcome: 'unknown' }, ...parts };
}
