import type { Failure, GongRefusal } from '../errors/failure';
import { isLost, stopsRequestsLikeIt } from '../errors/failure';
import { notTried, unknownCalls } from '../errors/gongMessages';
import { refusedThoughKnown } from '../errors/writeMessages';
import type { GongClient, RequestResult } from '../transport/client';
import { saysUnknownCalls } from '../transport/refusal';
import type { GongRequest } from '../transport/request';

/**
 * What Gong answered for one call. `unknown` is its refusal of a request for this call alone, which says that
 * Gong does not know it. `parts` are there where the call's entry was sent in parts, since it was refused as a
 * whole; it is `ok` if any part was accepted.
 */
export type CallResult<T> = (
	| { ok: true; value: T; requestId: string | null }
	| { ok: false; failure: Failure; unknown?: GongRefusal }
) & { parts?: CallResult<T>[] };

/** A kind of request that names many calls. */
export interface CallsEndpoint<T> {
	/**
	 * The request for these calls.
	 * @param parts which parts of the entry to send, where there is one call
	 */
	request(callIds: string[], parts?: readonly number[]): GongRequest;
	/** Reads its response of status 200; `values` holds each call asked for. */
	read(text: string, callIds: string[]): { requestId: string | null; values: Map<string, T> };
	/** In how many parts the entry of a call can be sent; one where it is left out. */
	partsOf?(callId: string): number;
}

/** How far to go. */
export interface BatchOptions {
	/** Most calls named in one request. */
	callsPerRequest: number;
	/** Whether to end at the first failure, since nobody will see what comes after it. */
	failFast: boolean;
	/** For a write that ends at a failure: finds unknown calls without writing. */
	search?: CallsEndpoint<unknown>;
	/** Called after each request with the number of calls done. */
	onProgress: (done: number) => void;
}

// When the run will fail anyway, no more than this many unknown calls are worth the requests that find them.
const MAX_UNKNOWN_CALLS_ON_STOP = 10;
// After this many requests in a row without a usable response, Gong counts as out of reach.
const MAX_LOST_IN_A_ROW = 3;
// After this many refusals in a row a batch is no longer bisected. So 100 calls that are all refused cost 19
// requests, and one among 100 is always found.
const MAX_REFUSALS_IN_A_ROW = 13;

/**
 * Sends requests for calls: as few as possible, one at a time, in order.
 *
 * Gong refuses a whole request for one call that it does not know, or for one user, without naming it. Such a
 * call is found by bisecting, and the others are answered. A call counts as unknown only where Gong refused a
 * request for it alone.
 *
 * @param callIds each once
 * @returns a result for every call
 */
export async function requestByCall<T>(
	client: GongClient,
	callIds: readonly string[],
	endpoint: CallsEndpoint<T>,
	options: BatchOptions,
): Promise<Map<string, CallResult<T>>> {
	return await new Batches(client, endpoint, options).send(callIds);
}

/** Whether Gong said that it does not know a call. */
export function isUnknown(result: CallResult<unknown> | undefined): boolean {
	return result?.ok === false && result.unknown !== undefined;
}

class Batches<T> {
	private readonly results = new Map<string, CallResult<T>>();

	private unknownCalls = 0;

	private lostInARow = 0;

	private refusalsInARow = 0;

	/** The failure after which nothing more is sent. */
	private ended: Failure | undefined;

	/** Calls of a write that was lost and refused when it was sent again: the first may have been carried out. */
	private readonly doubtful = new Set<string>();

	constructor(
		private readonly client: GongClient,
		private readonly endpoint: CallsEndpoint<T>,
		private readonly options: BatchOptions,
	) {}

	async send(callIds: readonly string[]): Promise<Map<string, CallResult<T>>> {
		const { callsPerRequest } = this.options;
		for (let from = 0; from < callIds.length && !this.ended; from += callsPerRequest) {
			this.refusalsInARow = 0;
			await this.request(callIds.slice(from, from + callsPerRequest), this.endpoint);
		}
		if (this.ended) {
			const rest = callIds.filter((callId) => !this.results.has(callId));
			const failure = notTried(this.ended, rest);
			for (const callId of rest) this.results.set(callId, { ok: false, failure });
		}
		this.leaveInDoubt();
		return this.results;
	}

	/** Sends one request. @returns whether Gong answered it */
	private async request(
		ids: string[],
		by: CallsEndpoint<unknown>,
		again = false,
	): Promise<boolean> {
		if (this.ended) return false;
		const sent = await this.client.send(by.request(ids), ids, (text) => by.read(text, ids));
		if (sent.ok) {
			this.lostInARow = 0;
			this.refusalsInARow = 0;
			if (by === this.endpoint) {
				const { requestId, values } = sent.value as ReturnType<CallsEndpoint<T>['read']>;
				for (const [id, value] of values) this.results.set(id, { ok: true, value, requestId });
			}
		} else {
			await this.handle(sent, ids, by, again);
		}
		this.options.onProgress(this.results.size);
		return sent.ok;
	}

	private async handle(
		{ failure, refusal }: RequestResult<unknown> & { ok: false },
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
		this.refusalsInARow++;
		const isWorthIt = !this.options.failFast && this.refusalsInARow <= MAX_REFUSALS_IN_A_ROW;
		const parts = ids.length === 1 ? (this.endpoint.partsOf?.(ids[0]) ?? 1) : 1;
		if (!isWorthIt || (ids.length === 1 && parts === 1)) this.fail(ids, failure);
		else if (ids.length > 1) await this.bisect(ids, by, said);
		else await this.sendInParts(ids[0], parts, failure);
	}

	private fail(ids: readonly string[], failure: Failure): void {
		for (const callId of ids) this.results.set(callId, { ok: false, failure });
		this.count(failure);
	}

	private count(failure: Failure): void {
		this.lostInARow = isLost(failure) ? this.lostInARow + 1 : 0;
		const isOutOfReach = this.lostInARow === MAX_LOST_IN_A_ROW;
		if (this.options.failFast || stopsRequestsLikeIt(failure) || isOutOfReach) this.ended = failure;
	}

	/** Finds the calls among these for which Gong refused all of them with `refusal`. */
	private async bisect(
		ids: string[],
		by: CallsEndpoint<unknown>,
		refusal: GongRefusal,
	): Promise<void> {
		if (ids.length === 1) {
			this.results.set(ids[0], {
				ok: false,
				failure: unknownCalls(ids, refusal),
				unknown: refusal,
			});
			this.unknownCalls++;
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
		return this.options.failFast && this.unknownCalls === MAX_UNKNOWN_CALLS_ON_STOP;
	}

	/** Finds the parts of a call's entry for which Gong refused it as a whole. */
	private async sendInParts(callId: string, count: number, refused: Failure): Promise<void> {
		const all = Array.from({ length: count }, (_, part) => part);
		const parts: CallResult<T>[] = all.map(() => ({ ok: false, failure: refused }));
		const request = async (some: number[]): Promise<boolean> => {
			if (this.ended) {
				const failure = notTried(this.ended, [callId]);
				for (const part of some) parts[part] = { ok: false, failure };
				return false;
			}
			const { endpoint } = this;
			const sent = await this.client.send(endpoint.request([callId], some), [callId], (text) =>
				endpoint.read(text, [callId]),
			);
			if (sent.ok) {
				this.lostInARow = 0;
				this.refusalsInARow = 0;
				const { requestId, values } = sent.value;
				const value = values.get(callId) as T;
				for (const part of some) parts[part] = { ok: true, value, requestId };
				return true;
			}
			for (const part of some) parts[part] = { ok: false, failure: sent.failure };
			this.count(sent.failure);
			if (sent.refusal?.status === 400 && some.length > 1) {
				this.refusalsInARow++;
				if (this.refusalsInARow <= MAX_REFUSALS_IN_A_ROW) await bisect(some);
			}
			return false;
		};
		const bisect = async (some: number[]): Promise<void> => {
			const middle = some.length >> 1;
			const second = some.slice(middle);
			const isFirstGood = await request(some.slice(0, middle));
			if (isFirstGood && second.length > 1) await bisect(second);
			else await request(second);
		};
		await bisect(all);
		const good = parts.find(({ ok }) => ok);
		this.results.set(callId, { ...(good ?? { ok: false, failure: refused }), parts });
	}

	/** Names the unknown calls of a refused write without writing a part of it. Then all ends. */
	private async searchByReading(
		ids: string[],
		search: CallsEndpoint<unknown>,
		refusal: GongRefusal,
	): Promise<void> {
		if (ids.length === 1) await this.request(ids, search);
		else await this.bisect(ids, search, refusal);
		if (!this.ended && !ids.some((id) => this.results.has(id))) {
			// Gong knows each of them, so the refusal may have been a passing one.
			await this.request(ids, this.endpoint, true);
			return;
		}
		// A search that was itself refused leaves the words of the write.
		const named = ids.filter((id) => isUnknown(this.results.get(id)));
		const because = unknownCalls(named, refusal, this.mayBeMore());
		const rest = ids.filter((id) => !named.includes(id));
		const failure: Failure = { ...because, outcome: 'notSent', callIds: rest };
		for (const id of rest) this.results.set(id, { ok: false, failure });
		this.ended = because;
	}

	/** Gives the outcome `unknown` to calls that may have been written before they were refused. */
	private leaveInDoubt(): void {
		for (const callId of this.doubtful) {
			const result = this.results.get(callId);
			if (result) this.results.set(callId, inDoubt(result));
		}
	}
}

function inDoubt<T>(result: CallResult<T>): CallResult<T> {
	const parts = result.parts && { parts: result.parts.map(inDoubt) };
	if (result.ok) return { ...result, ...parts };
	return { ok: false, failure: { ...result.failure, outcome: 'unknown' }, ...parts };
}
