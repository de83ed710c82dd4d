import type {
	DeclarativeRestApiSettings,
	IExecutePaginationFunctions,
	INode,
	INodeExecutionData,
} from 'n8n-workflow';
import { NodeOperationError, sleep } from 'n8n-workflow';
import { NOT_LOADED } from './messages/notLoaded';
import { loadRuntime } from './loadRuntime';
import type { ItemOutput } from './onError';
import type { ItemRequest } from './operations/itemRequest';
import { createItemRequest } from './operations/itemRequest';
import type { Router } from './router';

/**
 * Batches input items, so that 300 items with one call each are 3 requests and not 300.
 *
 * n8n runs a declarative node once for each input item, all in the same tick of the event loop. Where it would
 * send the request of an item, it calls this function instead (the `pagination` of the routing).
 *
 * Which items make a batch: all that come until the event loop has turned once. n8n hands the same
 * `getExecuteData()` to all items of a run, which tells runs apart.
 *
 * When a batch is sent: one turn of the event loop after its first item came. With n8n's own batching a run
 * comes in several batches, which are answered one after the other.
 *
 * What happens to a batch: the router reads the parameters of its items and has the operation answer all of
 * them in as few requests as `callsPerRequest` allows. Each item gets its own output back.
 *
 * Which items never come: those with an expression that throws. Set to stop, n8n has already failed the run, so
 * nothing is sent. Set to continue, n8n reports such an item, and the router reads it ahead where it matters.
 *
 * What is thrown: n8n looks at the items' results only after the last one came. An earlier rejection would be
 * unhandled and end the n8n process, so it is held back until then.
 */
export async function batchItems(
	this: IExecutePaginationFunctions,
	routing: DeclarativeRestApiSettings.ResultOptions,
): Promise<INodeExecutionData[]> {
	const request = createItemRequest(this, routing, this.getItemIndex());
	const run = runOf(request);
	const output = await run.answer(request);
	if (output.ok) return output.value;
	await run.complete;
	throw output.failure;
}

const runs = new WeakMap<object, Map<string, Run>>();

function runOf({ context, itemIndex }: ItemRequest): Run {
	const data = context.getExecuteData();
	const own = data.node.type.endsWith('.gongCallAccess');
	// As a tool the node gets the data of the agent, which the agent's other tools get too.
	const key = own ? '' : context.getNode().name;
	const byNode = runs.get(data) ?? new Map<string, Run>();
	runs.set(data, byNode);
	const known = byNode.get(key);
	// An item that comes a second time starts a new run, as with Retry On Fail.
	if (known && !known.has(itemIndex)) return known;
	const run = new Run(context, own, known);
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
		{ requests: ItemRequest[]; outputs: Promise<Map<ItemRequest, ItemOutput>> } | undefined;

	private router: Router | undefined;

	private lastBatch: Promise<unknown> = Promise.resolve();

	/** @param before the run of an earlier try, as with Retry On Fail */
	constructor(
		context: IExecutePaginationFunctions,
		own: boolean,
		private readonly before: Run | undefined,
	) {
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

	/** The output of an item. Never rejects. */
	async answer(request: ItemRequest): Promise<ItemOutput> {
		this.joined.add(request.itemIndex);
		if (!this.batch) {
			const requests: ItemRequest[] = [];
			this.batch = { requests, outputs: this.answerAfterThisTurn(requests) };
		}
		const { requests, outputs } = this.batch;
		requests.push(request);
		try {
			return (await outputs).get(request) ?? { ok: true, value: [] };
		} catch {
			// Only loading the code can throw.
			const { message, description } = NOT_LOADED;
			const error = new NodeOperationError(this.node, message, { description });
			if (!request.context.continueOnFail()) return { ok: false, failure: error };
			const pairedItem = { item: request.itemIndex };
			return { ok: true, value: [{ json: {}, error, pairedItem }] };
		}
	}

	private async answerAfterThisTurn(
		requests: ItemRequest[],
	): Promise<Map<ItemRequest, ItemOutput>> {
		await sleep(0);
		this.batch = undefined;
		const [{ context }] = requests;
		const isMissing = this.expected !== undefined && this.joined.size < this.expected;
		const inBatches = isBatched(context);
		if (!isMissing || !inBatches) this.markComplete();
		// n8n has failed the run already.
		if (isMissing && !inBatches && !context.continueOnFail()) return new Map();
		const isLast = !isMissing || !inBatches;
		const answered = this.lastBatch.then(async () => {
			const { Router } = await loadRuntime();
			this.router ??= new Router(this.node, this.before?.router);
			return await this.router.answer(requests, this.expected, isLast);
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
	// An expression counts as batching: at worst too much is read ahead.
	return String(interval).startsWith('=') || Number(interval) > 0;
}
