import type { Failure } from '../failures';
import { stopsItsKind, isNoAnswer } from '../failures';
import * as messages from '../messages';
import type { Sender } from '../sending/send';
import { send } from '../sending/send';
import type { GongRefusal, GongRequest } from '../gong/api';
import { saysUnknownCalls } from '../gong/api';

/** What is known of one call after Gong was asked about it. */
export type CallOutcome<T> =
	| { kind: 'found'; value: T; requestId: string | null }
	| { kind: 'unknown'; refusal: GongRefusal }
	| { kind: 'failed'; failure: Failure };

/** A kind of request that names many calls. */
export interface CallsRequest<T> {
	/** The request for these calls. */
	request(callIds: string[]): GongRequest;
	/** Reads its answer of status 200; `values` holds each call asked for. */
	read(text: string, callIds: string[]): { requestId: string | null; values: Map<string, T> };
}

/** How far to go. */
export interface ByCallOptions {
	/** Most calls named in one request. */
	callsPerRequest: number;
	/** Ends at the first failure, since nobody will see what comes after it. */
	endAtFailure: boolean;
	/** For a write that is to end at a failure: what looks for unknown calls without writing. */
	search?: CallsRequest<unknown>;
	/** Told how many calls are done after each request. */
	onProgress: (done: number) => void;
}

// When the run will fail anyway, these many unknown calls are worth the requests that find them.
const UNKNOWN_CALLS_WORTH_FINDING = 10;
// After these many requests in a row without a usable answer, Gong is taken to be out of reach.
const LOST_IN_A_ROW = 3;

/**
 * Asks Gong about calls: as few requests as possible, one at a time, in order.
 *
 * Gong refuses a whole request for one call that it does not know, without naming it. Such a call is found
 * by bisecting, and the others are answered. A call is taken to be unknown only where Gong refused it when
 * asked for it alone.
 *
 * @param callIds each once
 * @returns an outcome for every call
 */
export async function askByCall<T>(
	sender: Sender,
	callIds: readonly string[],
	what: CallsRequest<T>,
	options: ByCallOptions,
): Promise<Map<string, CallOutcome<T>>> {
	const outcomes = new Map<string, CallOutcome<T>>();
	let unknown = 0;
	let lostInARow = 0;
	let ended: Failure | undefined;
	// Calls of a write of which one try was lost and the next refused: the lost one may have been carried out.
	const doubtful = new Set<string>();

	const fail = (ids: readonly string[], failure: Failure): void => {
		for (const callId of ids) outcomes.set(callId, { kind: 'failed', failure });
		lostInARow = isNoAnswer(failure) ? lostInARow + 1 : 0;
		if (options.endAtFailure || stopsItsKind(failure) || lostInARow === LOST_IN_A_ROW) {
			ended = failure;
		}
	};

	/** Whether the search for unknown calls ends here, with perhaps more to find. */
	const isMore = (): boolean => options.endAtFailure && unknown === UNKNOWN_CALLS_WORTH_FINDING;

	/** Whether Gong answered for all of these. */
	const ask = async (
		ids: string[],
		how: CallsRequest<unknown>,
		again = false,
	): Promise<boolean> => {
		if (ended) return false;
		const sent = await send(sender, how.request(ids), ids, (text) => how.read(text, ids));
		if (sent.kind === 'answer') {
			lostInARow = 0;
			if (how === what) {
				const { requestId, values } = sent.value as ReturnType<CallsRequest<T>['read']>;
				for (const [id, value] of values) outcomes.set(id, { kind: 'found', value, requestId });
			}
		} else if (sent.kind === 'refusal' && saysUnknownCalls(sent.status, sent.refusal)) {
			lostInARow = 0;
			if (sent.failure.outcome === 'unknown') for (const id of ids) doubtful.add(id);
			const { search } = options;
			if (!search || how !== what) await bisect(ids, how, sent.refusal);
			else if (again) fail(ids, messages.refusedThoughKnown(sent.refusal, ids));
			else await searchByReading(ids, search, sent.refusal);
		} else {
			fail(ids, sent.failure);
		}
		options.onProgress(outcomes.size);
		return sent.kind === 'answer';
	};

	/** Finds the unknown calls among these, which Gong refused together, as `refusal` says. */
	const bisect = async (
		ids: string[],
		how: CallsRequest<unknown>,
		refusal: GongRefusal,
	): Promise<void> => {
		if (ids.length === 1) {
			outcomes.set(ids[0], { kind: 'unknown', refusal });
			unknown++;
			if (isMore()) ended = messages.unknownCalls(ids, refusal, true);
			return;
		}
		const middle = ids.length >> 1;
		const first = ids.slice(0, middle);
		const second = ids.slice(middle);
		const isFirstKnown = await ask(first, how);
		// With nothing unknown in the first half it is in the second, which need not be asked for as a whole;
		// a single call is asked for all the same, since the refusal may have been a passing one.
		if (isFirstKnown && second.length > 1) await bisect(second, how, refusal);
		else await ask(second, how);
	};

	/** Names the unknown calls of a refused write without writing any half of it; then all ends. */
	const searchByReading = async (
		ids: string[],
		search: CallsRequest<unknown>,
		refusal: GongRefusal,
	): Promise<void> => {
		if (ids.length === 1) await ask(ids, search);
		else await bisect(ids, search, refusal);
		if (!ended && !ids.some((id) => outcomes.has(id))) {
			// Gong knows each of them when asked about it, so the refusal may have been a passing one.
			await ask(ids, what, true);
			return;
		}
		// A search that was itself refused leaves the words of the write.
		const named = ids.filter((id) => outcomes.get(id)?.kind === 'unknown');
		const because = messages.unknownCalls(named, refusal, isMore());
		const rest = ids.filter((id) => !named.includes(id));
		const failure: Failure = { ...because, outcome: 'notSent', callIds: rest };
		for (const id of rest) outcomes.set(id, { kind: 'failed', failure });
		ended = because;
	};

	for (let from = 0; from < callIds.length && !ended; from += options.callsPerRequest) {
		await ask(callIds.slice(from, from + options.callsPerRequest), what);
	}
	if (ended) {
		const rest = callIds.filter((callId) => !outcomes.has(callId));
		const failure = messages.notTried(ended, rest);
		for (const callId of rest) outcomes.set(callId, { kind: 'failed', failure });
	}
	leaveInDoubt(outcomes, doubtful);
	return outcomes;
}

/** Says of calls that may have been written, and were then refused, that this is not known. */
function leaveInDoubt<T>(outcomes: Map<string, CallOutcome<T>>, doubtful: Set<string>): void {
	for (const callId of doubtful) {
		const outcome = outcomes.get(callId);
		if (!outcome || outcome.kind === 'found') continue;
		const failure =
			outcome.kind === 'failed'
				? outcome.failure
				: messages.unknownCalls([callId], outcome.refusal);
		outcomes.set(callId, { kind: 'failed', failure: { ...failure, outcome: 'unknown' } });
	}
}
