import type { IExecutePaginationFunctions, INode, INodeExecutionData } from 'n8n-workflow';
import type { Failure, Result } from './failure';
import { isOfEveryItem } from './failure';
import { afterEarlierWrites } from './messages/writeMessages';
import type { ItemRequest, ItemResult } from './operations/itemRequest';
import { failureError, failureErrorOfNoItem, failureItem } from './output/errorItem';

/** The output items of one input item, or what the node throws for it. */
export type ItemOutput = Result<INodeExecutionData[], Error>;

/** What an item failed the run with: a failure, or what n8n threw. */
interface Stop {
	request: ItemRequest;
	because: Failure | Error;
}

/** Makes the outputs of a batch's items from their results, by the node's On Error setting. */
export class BatchOutputs {
	readonly outputs = new Map<ItemRequest, ItemOutput>();

	/** Whether the node is set to continue where something fails. */
	readonly continues: boolean;

	/** Whether the credential differs from item to item, so that what is wrong with it is about an item. */
	credentialsDiffer = false;

	private readonly stops: Stop[] = [];

	constructor(
		private readonly node: INode,
		context: IExecutePaginationFunctions,
		/** The calls that a write was accepted for so far in this run. */
		private readonly written: ReadonlySet<string>,
	) {
		this.continues = context.continueOnFail();
	}

	/** Whether an item failed the run. */
	get stopped(): boolean {
		return this.stops.length > 0;
	}

	give(request: ItemRequest, { rows, failures }: ItemResult): void {
		const first = failures.find(({ isOfOthers }) => !isOfOthers) ?? failures.at(0);
		if (first && !this.continues) {
			const isTold = first.tellsWhatWasWritten;
			this.stop(request, isTold ? first : afterEarlierWrites(first, [...this.written]));
			return;
		}
		const errorOutput = this.node.onError === 'continueErrorOutput';
		for (const failure of failures) {
			rows.push(failureItem(failure, request.itemIndex, this.node, errorOutput));
		}
		this.outputs.set(request, { ok: true, value: rows });
	}

	fail(request: ItemRequest, failure: Failure): void {
		this.give(request, { rows: [], failures: [failure] });
	}

	/** Fails the run. Nobody sees what the node gives for its other items. */
	stop(request: ItemRequest, because: Failure | Error): void {
		this.stops.push({ request, because });
		this.outputs.set(request, { ok: true, value: [] });
	}

	/** For an item whose execution was canceled. */
	cancel(request: ItemRequest, canceled: Error): void {
		if (this.continues) this.outputs.set(request, { ok: true, value: [] });
		else this.stop(request, canceled);
	}

	/**
	 * Has the node throw for the first of the items that the failure of the run is about: n8n names that item.
	 * @param isOneRun false for a tool, whose items are calls of their own
	 */
	end(isOneRun: boolean): void {
		const stops = [...this.stops].sort((a, b) => a.request.itemIndex - b.request.itemIndex);
		const about = stops.filter(({ because }) => !isFailure(because) || !because.isOfOthers);
		const first = (about.length > 0 ? about : stops).slice(0, 1);
		for (const { request, because } of isOneRun ? first : stops) {
			const thrown = isFailure(because) ? this.errorOf(because, stops) : because;
			this.outputs.set(request, { ok: false, failure: thrown });
		}
	}

	private errorOf(failure: Failure, stops: Stop[]): Error {
		const alike = stops.filter(
			({ because }) => isFailure(because) && because.message === failure.message,
		);
		// Gong refused a request for several items, and does not say for which of them.
		const isOfSeveral = failure.reason === 'refused' && alike.length > 1;
		const isOfNoItem = isOfSeveral || (isOfEveryItem(failure) && !this.credentialsDiffer);
		return isOfNoItem ? failureErrorOfNoItem(failure, this.node) : failureError(failure, this.node);
	}
}

function isFailure(because: Failure | Error): because is Failure {
	return 'outcome' in because;
}
