import type { IExecutePaginationFunctions, INode, INodeExecutionData } from 'n8n-workflow';
import type { Failure, Result } from './errors/failure';
import { afterEarlierWrites } from './errors/writeMessages';
import type { ItemRequest, ItemResult } from './operations/itemRequest';
import { failureError, failureItem } from './output/errorItem';

/** The output items of one input item, or what the node throws for it. */
export type ItemOutput = Result<INodeExecutionData[], Error>;

/** Makes the outputs of a batch's items from their results, by the node's On Error setting. */
export class BatchOutputs {
	readonly outputs = new Map<ItemRequest, ItemOutput>();

	/** Whether the node is set to continue where something fails. */
	readonly continues: boolean;

	/** Whether an item failed the run. */
	stopped = false;

	constructor(
		private readonly node: INode,
		context: IExecutePaginationFunctions,
		/** The calls that a write was accepted for so far in this run. */
		private readonly written: ReadonlySet<string>,
	) {
		this.continues = context.continueOnFail();
	}

	give(request: ItemRequest, { rows, failures }: ItemResult): void {
		const [first] = failures;
		if (first && !this.continues) {
			const failure = first.tellsWhatWasWritten
				? first
				: afterEarlierWrites(first, [...this.written]);
			this.stop(request, failureError(failure, this.node));
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

	stop(request: ItemRequest, thrown: Error): void {
		this.stopped = true;
		this.outputs.set(request, { ok: false, failure: thrown });
	}

	/** For an item whose execution was canceled. */
	cancel(request: ItemRequest, canceled: Error): void {
		if (this.continues) this.outputs.set(request, { ok: true, value: [] });
		else this.stop(request, canceled);
	}
}
