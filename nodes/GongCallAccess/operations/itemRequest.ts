import type {
	DeclarativeRestApiSettings,
	IExecutePaginationFunctions,
	INodeExecutionData,
} from 'n8n-workflow';
import type { Failure, Result } from '../failure';
import type { CallResult } from '../gong/batchAndBisect';
import type { Details } from '../output/details';
import type { ItemParameters, PartialParameters, Settings } from '../parameters/itemParameters';
import type { GongClient, Needless } from '../transport/client';
import type { Directory } from './directory';
import type { ReplacePlan } from './replacePlan';

// Loaded when n8n starts, so nothing else is imported here but types.

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

/** An item that was not read yet. */
export function createItemRequest(
	context: IExecutePaginationFunctions,
	routing: DeclarativeRestApiSettings.ResultOptions,
	itemIndex: number,
): ItemRequest {
	const empty = { isReady: false, hasFailed: false, callIds: [], userIds: [] };
	return { itemIndex, context, routing, ...empty };
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

/** Who has access to calls, and what is to stand beside the IDs. */
export interface Reading {
	/** Begins to read who has access to these calls, as soon as there are enough for a request. */
	add(callIds: string[]): void;
	/**
	 * Who has access to each of these calls.
	 * @throws {FailureError} of reason `canceled` when the execution is canceled
	 */
	accessTo(callIds: string[]): Promise<Map<string, CallResult<string[]>>>;
	/** The failure after which no more access is read, if there is one. */
	readonly failure: Failure | undefined;
	/** Has it end as soon as there is a failure of something else, without which it is needless. */
	endAfter(needless: Needless): void;
	/**
	 * What stands beside these calls and their users, where it is asked for.
	 * @param failures the calls without rows so far; calls whose details could not be looked up are added. Set to
	 * stop, no more is looked up after one.
	 */
	detailsOf(
		callIds: string[],
		usersOf: (callId: string) => string[],
		failures: Map<string, Failure>,
	): Promise<Details>;
}

/** What an operation works with; the same for all its items. */
export interface OperationContext {
	client: GongClient;
	/** What Explain reads of the company once a run. */
	directory: Directory;
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
	/** For what is read before anything is written. It may have begun already. */
	reading: Reading;
	/** Called with how many calls are done, of how many, for the log. */
	onProgress: (done: number, of: number) => void;
	logger: IExecutePaginationFunctions['logger'];
}
