import type { INodeExecutionData, Logger } from 'n8n-workflow';
import type { Failure } from '../failure';
import type { CallResult } from '../gong/callRequests';
import type { Details } from '../output/details';
import type { RunSize } from '../output/runSize';
import type { Settings } from '../parameters/itemParameters';
import type { RunAbort } from '../transport/abort';
import type { GongClient } from '../transport/client';
import type { Directory } from './directory';
import type { ReplacePlan } from './replacePlan';
import type { WriteLedger } from './writeLedger';

/** An input item whose calls and users are known. */
export interface AskedItem {
	readonly itemIndex: number;
	/** Each once, in the order asked for. */
	readonly callIds: string[];
	/** Whether Gong listed them for a period, so that nobody typed their IDs. */
	readonly isPeriod?: boolean;
	/** For writes: user IDs, each once. */
	readonly userIds: string[];
}

/** What an operation gives for an input item: rows for what worked, failures for what did not. */
export interface ItemResult {
	rows: INodeExecutionData[];
	failures: Failure[];
}

/** An operation: answers items whose settings are the same, each by its place. */
export type Operation = (context: OperationContext, items: AskedItem[]) => Promise<ItemResult[]>;

/** Who has access to calls, and what is to stand beside the IDs. */
export interface Reading {
	/** Begins to read who has access to these calls, as soon as there are enough for a request. */
	add(callIds: string[]): void;
	/**
	 * Who has access to each of these calls.
	 * @throws {FailureError} of reason `canceled` when the execution is canceled
	 */
	accessTo(callIds: string[]): Promise<Map<string, CallResult<string[]>>>;
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
	abort: RunAbort;
	/** What Explain reads of the company once a run. */
	directory: Directory;
	settings: Settings;
	/** Whether the node is set to continue where something fails. */
	continues: boolean;
	/** For replace: who is to have access, over all items of the run. */
	plan: ReplacePlan;
	/** How large the rows of the run become. */
	size: RunSize;
	/** What was written so far, in earlier tries too. */
	ledger: WriteLedger;
	/** Tells the items with these settings apart in the ledger, in every try. */
	group: number;
	/** For what is read before anything is written. It may have begun already. */
	reading: Reading;
	/** Called with how many calls are done, of how many, for the log. */
	onProgress: (done: number, of: number) => void;
	logger: Logger;
}
