import type {
	DeclarativeRestApiSettings,
	IExecutePaginationFunctions,
	INode,
	INodeExecutionData,
} from 'n8n-workflow';
import { NodeOperationError, sleep } from 'n8n-workflow';
import type { BatchedItem, ItemOutcome, RunRouter } from './router';

/**
 * Answers the items of a run together, although n8n asks for each of them by itself.
 *
 * n8n's engine runs a declarative node once for each input item, all of them in the same tick, and calls
 * this function (the `pagination` of the routing) where it would otherwise send the item's request. So the
 * items are collected here until that tick is over, and then answered as one batch.
 *
 * Which items belong together: the engine hands the same `getExecuteData()` to all items of a run.
 *
 * When a batch is sent: one turn of the event loop after its first item came. With n8n's own batching a
 * run comes in several batches, which are answered one after the other.
 *
 * Which items are missing: one whose expression throws never comes. Set to stop, the engine has then given
 * the run up already, so nothing is sent. Set to continue, the engine answers for that item. The router
 * reads missing items ahead where a batch must not be answered without knowing what they ask for.
 *
 * What is thrown: the engine looks at answers only after its last item. A rejection before that would be
 * an unhandled one and end the n8n process, so it is held back until all items have come.
 */
export async function batchItems(
	this: IExecutePaginationFunctions,
	routing: DeclarativeRestApiSettings.ResultOptions,
): Promise<INodeExecutionData[]> {
	const item = { context: this, routing, itemIndex: this.getItemIndex() };
	const run = runOf(item);
	const outcome = await run.answer(item);
	if ('items' in outcome) return outcome.items;
	await run.complete;
	throw outcome.thrown;
}

const runs = new WeakMap<object, Map<string, Run>>();

function runOf({ context, itemIndex }: BatchedItem): Run {
	const data = context.getExecuteData();
	const own = data.node.type.endsWith('.gongCallAccess');
	// As a tool the node gets the data of the agent, which it shares with the agent's other tools.
	const key = own ? '' : context.getNode().name;
	const byNode = runs.get(data) ?? new Map<string, Run>();
	runs.set(data, byNode);
	const known = byNode.get(key);
	// An item that comes a second time begins a new run, as with Retry On Fail.
	if (known && !known.has(itemIndex)) return known;
	const run = new Run(context, own);
	byNode.set(key, run);
	return run;
}

/** The items of one run of the node, as they come. */
class Run {
	/** Fulfilled when every item that will come has come. */
	readonly complete: Promise<void>;

	private readonly markComplete: () => void;

	private readonly node: INode;

	/** How many items will come; undefined where only n8n knows. */
	private readonly expected: number | undefined;

	private readonly joined = new Set<number>();

	private batch:
		{ items: BatchedItem[]; outcomes: Promise<Map<BatchedItem, ItemOutcome>> } | undefined;

	private router: RunRouter | undefined;

	private lastBatch: Promise<unknown> = Promise.resolve();

	constructor(context: IExecutePaginationFunctions, own: boolean) {
		this.node = context.getNode();
		const items = context.getExecuteData().data.main?.[0]?.length;
		// With Execute Once the run's data is not cut, although one item comes.
		this.expected = own ? (this.node.executeOnce ? 1 : items) : undefined;
		let markComplete = (): void => {};
		this.complete = new Promise((resolve) => {
			markComplete = resolve;
		});
		this.markComplete = markComplete;
	}

	has(itemIndex: number): boolean {
		return this.joined.has(itemIndex);
	}

	/** What the item gets. Never rejects. */
	async answer(item: BatchedItem): Promise<ItemOutcome> {
		this.joined.add(item.itemIndex);
		if (!this.batch) {
			const items: BatchedItem[] = [];
			this.batch = { items, outcomes: this.answerAfterThisTurn(items) };
		}
		const { items, outcomes } = this.batch;
		items.push(item);
		try {
			return (await outcomes).get(item) ?? { items: [] };
		} catch {
			// Only loading the router can throw: its file is gone, as while the package is being updated.
			const message = 'A part of this node could not be loaded, so nothing was sent for this item';
			const description = 'The package was changed while n8n was running. Restart n8n.';
			const error = new NodeOperationError(this.node, message, { description });
			if (!item.context.continueOnFail()) return { thrown: error };
			return { items: [{ json: {}, error, pairedItem: { item: item.itemIndex } }] };
		}
	}

	private async answerAfterThisTurn(items: BatchedItem[]): Promise<Map<BatchedItem, ItemOutcome>> {
		await sleep(0);
		this.batch = undefined;
		const [{ context }] = items;
		const isMissing = this.expected !== undefined && this.joined.size < this.expected;
		const inBatches = isBatched(context);
		if (!isMissing || !inBatches) this.markComplete();
		// The engine has given the run up already.
		if (isMissing && !inBatches && !context.continueOnFail()) return new Map();
		const isLast = !isMissing || !inBatches;
		const answered = this.lastBatch.then(async () => {
			// Loaded here: n8n loads every package's nodes when it starts, and only some of them ever run.
			const { RunRouter } = await import('./router.js');
			this.router ??= new RunRouter(this.node);
			return await this.router.answer(items, this.expected, isLast);
		});
		// A batch that could not be answered does not keep the next one from trying.
		this.lastBatch = answered.catch(() => {});
		return await answered;
	}
}

/** Whether n8n's own batching, one of its Request Options, makes items come apart. */
function isBatched(context: IExecutePaginationFunctions): boolean {
	const name = 'requestOptions.batching.batch.batchInterval';
	const interval = context.getNodeParameter(name, 0, { rawExpressions: true });
	// An expression is taken to make batches: then too much is read ahead at worst, and nothing left out.
	return String(interval).startsWith('=') || Number(interval) > 0;
}
