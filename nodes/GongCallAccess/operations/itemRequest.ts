import type { IExecutePaginationFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Failure } from '../failures';
import type { GongRefusal } from '../gong/api';
import type { ByCallOptions, CallOutcome } from '../asking/byCall';
import type { Settings } from '../input/parameters';
import * as messages from '../messages';
import type { Sender } from '../sending/send';
import type { ReplacePlan } from './replacePlan';

/** What one input item asks of an operation. */
export interface ItemRequest {
	itemIndex: number;
	/** Each once, in the order asked for. */
	callIds: string[];
	/** For writes: user IDs, each once. */
	userIds: string[];
	settings: Settings;
}

/** What an input item gets: rows for what worked, failures for what did not. */
export interface ItemResult {
	rows: INodeExecutionData[];
	failures: Failure[];
}

/** What an operation works with; the same for all its items. */
export interface OperationContext {
	sender: Sender;
	settings: Settings;
	/** Whether the node is set to continue where something fails. */
	continues: boolean;
	/** For replace: who is to have access, over all items of the run. */
	plan: ReplacePlan;
	/** The calls that a write was accepted for so far in this run, for the message of a failure. */
	written: Set<string>;
	/** The calls that could not be replaced in an earlier batch of this run, and why. */
	notReplaced: Map<string, Failure>;
	/** The calls that an earlier try of this run, by Retry On Fail, may have changed in part. */
	halfBefore: ReadonlySet<string>;
	/** The calls that a write may have left for, whatever became of it. */
	begun: Set<string>;
	/** Told how many calls are done, of how many, for the log. */
	onProgress: (done: number, of: number) => void;
	logger: IExecutePaginationFunctions['logger'];
}

/** The options of {@link askByCall} for an operation. */
export function byCallOptions(context: OperationContext, calls: number): ByCallOptions {
	return {
		callsPerRequest: context.settings.callsPerRequest,
		endAtFailure: !context.continues,
		onProgress: (done) => context.onProgress(done, calls),
	};
}

/** The calls of all items, each once. */
export function callsOf(requests: ItemRequest[]): string[] {
	return [...new Set(requests.flatMap(({ callIds }) => callIds))];
}

/**
 * The result of each item: its rows, and a failure for each reason that calls of it have no row.
 * What goes wrong while the rows of one item are made costs only that item.
 */
export function resultsOf(
	context: OperationContext,
	requests: ItemRequest[],
	failures: Map<string, Failure>,
	rowsOf: (request: ItemRequest) => INodeExecutionData[],
): ItemResult[] {
	return requests.map((request) => {
		try {
			const rows = rowsOf(request);
			return { rows, failures: failuresOf(request.callIds, failures, context.continues) };
		} catch (thrown) {
			return { rows: [], failures: [unexpected(thrown, request.callIds, context)] };
		}
	});
}

/** What nobody foresaw: it claims nothing about calls that a write may have left for. */
export function unexpected(
	thrown: unknown,
	callIds: string[],
	{ begun, logger }: Pick<OperationContext, 'begun' | 'logger'>,
): Failure {
	messages.logUnexpected(logger, thrown);
	return messages.unexpected(
		callIds,
		callIds.some((callId) => begun.has(callId)),
	);
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
 * The same failures in other words. Calls that shared a failure share the new one.
 * @param inOtherWords makes a failure of another one and of all the calls that share it
 */
export function mapFailures(
	failures: Map<string, Failure>,
	inOtherWords: (because: Failure, callIds: string[]) => Failure,
): Map<string, Failure> {
	const mapped = new Map<string, Failure>();
	for (const [failure, callIds] of callsByFailure(failures.keys(), failures)) {
		const words = inOtherWords(failure, callIds);
		for (const callId of callIds) mapped.set(callId, words);
	}
	return mapped;
}

/**
 * One failure for each reason that an item's calls have no row.
 * @param continues false leaves a failure as it is: an item that stops the run names every call concerned
 */
function failuresOf(
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
			...messages.unknownCalls(ids, { requestId, errors: gongErrors }, false, true),
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
