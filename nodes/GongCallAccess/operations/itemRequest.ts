import type {
	DeclarativeRestApiSettings,
	IExecutePaginationFunctions,
	INodeExecutionData,
} from 'n8n-workflow';
import type { Failure, GongRefusal, Result } from '../errors/failure';
import * as messages from '../errors/gongMessages';
import { logUnexpected } from '../errors/logMessages';
import type { BatchOptions, CallResult } from '../gong/batchAndBisect';
import type { ItemParameters, PartialParameters, Settings } from '../parameters/itemParameters';
import type { GongClient } from '../transport/client';
import type { ReplacePlan } from './replacePlan';

/** One input item, from the batcher to the operation that answers it. */
export interface ItemRequest {
	readonly itemIndex: number;
	/** n8n's context for this item. */
	readonly context: IExecutePaginationFunctions;
	readonly routing: DeclarativeRestApiSettings.ResultOptions;
	/** What its parameters say, once they were read. */
	parameters?: Result<ItemParameters, UnusableItem>;
	/** Tells its credential apart from others'; undefined where that is not known, as of an item read ahead. */
	credential?: string | undefined;
	/** Whether its calls and users are known, so that an operation can answer it. */
	isReady: boolean;
	/** Whether it failed, so that nothing that it asks for is carried out. */
	hasFailed: boolean;
	/** Each once, in the order asked for. */
	callIds: string[];
	/** For writes: user IDs, each once. */
	userIds: string[];
}

/** Why an item cannot be used, and what its parameters say all the same. */
export interface UnusableItem {
	thrown: unknown;
	partial: PartialParameters;
}

/** What an operation gives for an input item: rows for what worked, failures for what did not. */
export interface ItemResult {
	rows: INodeExecutionData[];
	failures: Failure[];
}

/** An operation: answers items whose settings are the same, each by its place. */
export type Operation = (
	context: OperationContext,
	requests: ItemRequest[],
) => Promise<ItemResult[]>;

/** What an operation works with; the same for all its items. */
export interface OperationContext {
	client: GongClient;
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
	/** The calls that a write may have been sent for, whatever came of it. */
	begun: Set<string>;
	/** Called with how many calls are done, of how many, for the log. */
	onProgress: (done: number, of: number) => void;
	logger: IExecutePaginationFunctions['logger'];
}

/** The options of {@link requestByCall} for an operation. */
export function batchOptions(context: OperationContext, calls: number): BatchOptions {
	return {
		callsPerRequest: context.settings.callsPerRequest,
		failFast: !context.continues,
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
 * @param failuresFor the failures of one item, where they are not those of its calls
 */
export function resultsOf(
	context: OperationContext,
	requests: ItemRequest[],
	failures: Map<string, Failure>,
	rowsOf: (request: ItemRequest) => INodeExecutionData[],
	failuresFor: (request: ItemRequest) => Map<string, Failure> = () => failures,
): ItemResult[] {
	return requests.map((request) => {
		try {
			const rows = rowsOf(request);
			const own = failuresFor(request);
			return { rows, failures: failuresOf(request.callIds, own, context.continues) };
		} catch (thrown) {
			return { rows: [], failures: [unexpected(thrown, request.callIds, context)] };
		}
	});
}

/** For an unexpected error. It claims nothing about calls that a write may have been sent for. */
export function unexpected(
	thrown: unknown,
	callIds: string[],
	{ begun, logger }: Pick<OperationContext, 'begun' | 'logger'>,
): Failure {
	logUnexpected(logger, thrown);
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
	results: Map<string, CallResult<unknown>>,
	unknownToo = true,
): Map<string, Failure> {
	const failures = new Map<string, Failure>();
	const unknown: string[] = [];
	let refusal: GongRefusal | undefined;
	let perhapsMore = false;
	for (const [callId, result] of results) {
		if (result.ok) continue;
		if (!result.unknown) {
			failures.set(callId, result.failure);
			perhapsMore ||= result.failure.reason === 'unknownCalls';
		} else if (unknownToo) {
			unknown.push(callId);
			refusal = result.unknown;
		}
	}
	if (refusal) {
		const shared = messages.unknownCalls(unknown, refusal, perhapsMore);
		for (const callId of unknown) failures.set(callId, shared);
	}
	return failures;
}

/**
 * Maps each failure, once for all the calls that share it. They share the new one.
 * @param map makes a failure of another one and of all the calls that share it
 */
export function mapFailures(
	failures: Map<string, Failure>,
	map: (because: Failure, callIds: string[]) => Failure,
): Map<string, Failure> {
	const mapped = new Map<string, Failure>();
	for (const [failure, callIds] of callsByFailure(failures.keys(), failures)) {
		const other = map(failure, callIds);
		for (const callId of callIds) mapped.set(callId, other);
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
	return mergedByWords(concerned).map(([failure, ids]) => {
		const { reason, requestId, gongErrors } = failure;
		if (reason !== 'unknownCalls') return { ...failure, callIds: ids };
		return {
			...messages.unknownCalls(ids, { requestId, errors: gongErrors }, false, true),
			outcome: failure.outcome,
		};
	});
}

/** What Gong refused call by call, in the same words, as one failure of all these calls. */
function mergedByWords(concerned: Map<Failure, string[]>): Array<[Failure, string[]]> {
	const merged = new Map<string | Failure, [Failure, string[]]>();
	for (const [failure, ids] of concerned) {
		const { message, advice, reason, outcome, httpStatus } = failure;
		const isBisected = reason === 'unknownCalls' || (reason === 'refused' && httpStatus === 400);
		const words = reason === 'unknownCalls' ? outcome : JSON.stringify([message, advice, outcome]);
		const key = isBisected ? words : failure;
		const one = merged.get(key);
		if (one) one[1].push(...ids);
		else merged.set(key, [failure, [...ids]]);
	}
	return [...merged.values()];
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
