import type { Failure, GongRefusal } from '../errors/failure';
import { isLost, stopsRequestsLikeIt } from '../errors/failure';
import { notTried, unknownCalls } from '../errors/gongMessages';
import { refusedThoughKnown } from '../errors/writeMessages';
import type { GongClient } from '../transport/client';
import { saysUnknownCalls } from '../transport/refusal';
import type { GongRequest } from '../transport/request';

/**
 * What Gong answered for one call; `unknown` is its refusal of a request for this call alone, which says that
 * Gong does not know it.
 */
export type CallResult<T> =
	| { ok: true; value: T; requestId: string | null }
	| { ok: false; failure: Failure; unknown?: GongRefusal };

/** A kind of request that names many calls. */
export interface CallsEndpoint<T> {
	/** The request for these calls. */
	request(callIds: string[]): GongRequest;
	/** Reads its response of status 200; `values` holds each call asked for. */
	read(text: string, callIds: string[]): { requestId: string | null; values: Map<string, T> };
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

/**
 * Sends requests for calls: as few as possible, one at a time, in order.
 *
 * Gong refuses a whole request for one call that it does not know, without naming it. Such a call is found by
 * bisecting, and the others are answered. A call counts as unknown only where Gong refused a request for it
 * alone.
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
	const results = new Map<string, CallResult<T>>();
	let unknown = 0;
	let lostInARow = 0;
	let ended: Failure | undefined;
	// Calls of a write that was lost and refused when it was sent again: the first may have been carried out.
	const doubtful = new Set<string>();

	const fail = (ids: readonly string[], failure: Failure): void => {
		for (const callId of ids) results.set(callId, { ok: false, failure });
		lostInARow = isLost(failure) ? lostInARow + 1 : 0;
		if (options.failFast || stopsRequestsLikeIt(failure) || lostInARow === MAX_LOST_IN_A_ROW) {
			ended = failure;
		}
	};

	/** Whether the search for unknown calls ends here, although there may be more. */
	const mayBeMore = (): boolean => options.failFast && unknown === MAX_UNKNOWN_CALLS_ON_STOP;

	/** Sends one request. @returns whether Gong answered it */
	const request = async (
		ids: string[],
		by: CallsEndpoint<unknown>,
		again = false,
	): Promise<boolean> => {
		if (ended) return false;
		const sent = await client.send(by.request(ids), ids, (text) => by.read(text, ids));
		if (sent.ok) {
			lostInARow = 0;
			if (by === endpoint) {
				const { requestId, values } = sent.value as ReturnType<CallsEndpoint<T>['read']>;
				for (const [id, value] of values) results.set(id, { ok: true, value, requestId });
			}
		} else if (sent.refusal && saysUnknownCalls(sent.refusal.status, sent.refusal.said)) {
			lostInARow = 0;
			const { said } = sent.refusal;
			if (sent.failure.outcome === 'unknown') for (const id of ids) doubtful.add(id);
			const { search } = options;
			if (!search || by !== endpoint) await bisect(ids, by, said);
			else if (again) fail(ids, refusedThoughKnown(said, ids));
			else await searchByReading(ids, search, said);
		} else {
			fail(ids, sent.failure);
		}
		options.onProgress(results.size);
		return sent.ok;
	};

	/** Finds the unknown calls among these, which Gong refused together with `refusal`. */
	const bisect = async (
		ids: string[],
		by: CallsEndpoint<unknown>,
		refusal: GongRefusal,
	): Promise<void> => {
		if (ids.length === 1) {
			results.set(ids[0], { ok: false, failure: unknownCalls(ids, refusal), unknown: refusal });
			unknown++;
			if (mayBeMore()) ended = unknownCalls(ids, refusal, true);
			return;
		}
		const middle = ids.length >> 1;
		const first = ids.slice(0, middle);
		const second = ids.slice(middle);
		const isFirstKnown = await request(first, by);
		// With nothing unknown in the first half it is in the second, which need not be requested as a whole. A
		// single call is requested all the same, since the refusal may have been a passing one.
		if (isFirstKnown && second.length > 1) await bisect(second, by, refusal);
		else await request(second, by);
	};

	/** Names the unknown calls of a refused write without writing a part of it. Then all ends. */
	const searchByReading = async (
		ids: string[],
		search: CallsEndpoint<unknown>,
		refusal: GongRefusal,
	): Promise<void> => {
		if (ids.length === 1) await request(ids, search);
		else await bisect(ids, search, refusal);
		if (!ended && !ids.some((id) => results.has(id))) {
			// Gong knows each of them, so the refusal may have been a passing one.
			await request(ids, endpoint, true);
			return;
		}
		// A search that was itself refused leaves the words of the write.
		const named = ids.filter((id) => isUnknown(results.get(id)));
		const because = unknownCalls(named, refusal, mayBeMore());
		const rest = ids.filter((id) => !named.includes(id));
		const failure: Failure = { ...because, outcome: 'notSent', callIds: rest };
		for (const id of rest) results.set(id, { ok: false, failure });
		ended = because;
	};

	for (let from = 0; from < callIds.length && !ended; from += options.callsPerRequest) {
		await request(callIds.slice(from, from + options.callsPerRequest), endpoint);
	}
	if (ended) {
		const rest = callIds.filter((callId) => !results.has(callId));
		const failure = notTried(ended, rest);
		for (const callId of rest) results.set(callId, { ok: false, failure });
	}
	leaveInDoubt(results, doubtful);
	return results;
}

/** Whether Gong said that it does not know a call. */
export function isUnknown(result: CallResult<unknown> | undefined): boolean {
	return result?.ok === false && result.unknown !== undefined;
}

/** Gives the outcome `unknown` to calls that may have been written before they were refused. */
function leaveInDoubt<T>(results: Map<string, CallResult<T>>, doubtful: Set<string>): void {
	for (const callId of doubtful) {
		const result = results.get(callId);
		if (!result || result.ok) continue;
		results.set(callId, { ok: false, failure: { ...result.failure, outcome: 'unknown' } });
	}
}
