import type { INodeExecutionData } from 'n8n-workflow';
import type { Failure } from '../failures';
import type { GongRefusal } from '../gong/api';
import type { ByCallOptions, CallOutcome } from '../asking/byCall';
import type { Settings } from '../input/parameters';
import * as messages from '../messages';
import type { Sender } from '../sending/send';

/** What one input item asks of an operation. */
export interface Job {
	itemIndex: number;
	/** Each once, in the order asked for. */
	callIds: string[];
	/** For writes: user IDs, each once. */
	userIds: string[];
	/** Calls of this item that must not be written, and why. */
	barred: Map<string, Failure>;
}

/** What an input item gets: rows for what worked, failures for what did not. */
export interface JobResult {
	rows: INodeExecutionData[];
	failures: Failure[];
}

/** What an operation works with; the same for all its jobs. */
export interface Run {
	sender: Sender;
	settings: Settings;
	/** Whether the node is set to continue where something fails. */
	continues: boolean;
	/** The calls that the node has written so far in this run of the workflow, for the message of a failure. */
	written: Set<string>;
	/** Told how many calls are done, of how many, for the log. */
	onProgress: (done: number, of: number) => void;
}

/** The options of {@link askByCall} for a run. */
export function byCallOptions(run: Run, calls: number): ByCallOptions {
	return {
		callsPerRequest: run.settings.callsPerRequest,
		endAtFailure: !run.continues,
		onProgress: (done) => run.onProgress(done, calls),
	};
}

/** The calls of all jobs, each once. */
export function callsOf(jobs: Job[]): string[] {
	return [...new Set(jobs.flatMap((job) => job.callIds))];
}

/**
 * Why calls have no row. Calls that Gong does not know share one failure that names them all.
 * @param unknownToo false where unknown calls get rows of their own
 */
export function failuresByCall(
	outcomes: Map<string, CallOutcome<unknown>>,
	unknownToo = true,
): Map<string, Failure> {
	const failures = new Map<string, Failure>();
	const unknown: string[] = [];
	let refusal: GongRefusal | undefined;
	let perhapsMore = false;
	for (const [callId, outcome] of outcomes) {
		if (outcome.kind === 'failed') {
			failures.set(callId, outcome.failure);
			perhapsMore ||= outcome.failure.reason === 'unknownCalls';
		}
		if (outcome.kind === 'unknown' && unknownToo) {
			unknown.push(callId);
			({ refusal } = outcome);
		}
	}
	if (refusal) {
		const shared = messages.unknownCalls(unknown, refusal, perhapsMore);
		for (const callId of unknown) failures.set(callId, shared);
	}
	return failures;
}

/**
 * Tells failures in other words, those that are one still as one.
 * @param tell makes the words for a failure and all the calls that it concerns
 */
export function told(
	failures: Map<string, Failure>,
	tell: (because: Failure, callIds: string[]) => Failure,
): Map<string, Failure> {
	const inOtherWords = new Map<string, Failure>();
	for (const [failure, callIds] of callsByFailure(failures.keys(), failures)) {
		const words = tell(failure, callIds);
		for (const callId of callIds) inOtherWords.set(callId, words);
	}
	return inOtherWords;
}

/**
 * One failure for each reason that a job's calls have no row.
 * @param continues false leaves a failure as it is: an item that stops the run names every call concerned
 */
export function failuresOf(
	callIds: string[],
	byCall: Map<string, Failure>,
	continues: boolean,
): Failure[] {
	const concerned = callsByFailure(callIds, byCall);
	if (!continues) return [...concerned.keys()];
	return [...concerned].map(([failure, ids]) => {
		const { reason, requestId, gongErrors } = failure;
		if (reason !== 'unknownCalls') return { ...failure, callIds: ids };
		return {
			...messages.unknownCalls(ids, { requestId, errors: gongErrors }),
			outcome: failure.outcome,
		};
	});
}

/** The calls that each failure concerns, of those named. */
function callsByFailure(
	callIds: Iterable<string>,
	byCall: Map<string, Failure>,
): Map<Failure, string[]> {
	const concerned = new Map<Failure, string[]>();
	for (const callId of callIds) {
		const failure = byCall.get(callId);
		if (!failure) continue;
		const ids = concerned.get(failure) ?? [];
		ids.push(callId);
		concerned.set(failure, ids);
	}
	return concerned;
}
