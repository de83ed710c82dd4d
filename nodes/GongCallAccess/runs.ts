import type {
	DeclarativeRestApiSettings,
	IExecuteData,
	IExecutePaginationFunctions,
	INodeExecutionData,
} from 'n8n-workflow';
import { NodeConnectionTypes, NodeOperationError, sleep } from 'n8n-workflow';
import { loadRuntime } from './loadRuntime';
import { NOT_LOADED } from './messages/notLoaded';
import type { WriteLedger } from './operations/writeLedger';
import type { HandedOver, ItemOutput, RunAnswer, RunInput } from './runInput';

/**
 * Answers a run of the node once, so that 300 items with one call each are 3 requests and not 300.
 *
 * n8n runs a declarative node once for each input item. Where it would send the request of an item, it calls this
 * function instead (the `pagination` of the routing). The first call of a run answers all of its items; the others
 * wait for their part.
 *
 * Which items are a run: all that n8n hands over with the same `getExecuteData()`, which holds all input items. An
 * item that comes again begins another try, as with Retry On Fail. A tool call of an agent is a run of its own.
 *
 * When it is answered: one turn of the event loop after the first item came, since n8n hands over all items in the
 * same turn. With n8n's own batching they come in several turns, but n8n only sleeps between batches and waits for no
 * answer. So batching changes neither rows nor requests.
 *
 * Which items never come: those with an expression that throws. Set to stop, n8n has already failed the run, so
 * nothing is sent. Set to continue, n8n reports such an item itself, and the run knows it to be bad.
 *
 * What is thrown: n8n looks at the items' results only after the last one came. An earlier rejection would be
 * unhandled and end the n8n process, so it is held back until then.
 */
export async function answerItem(
	this: IExecutePaginationFunctions,
	routing: DeclarativeRestApiSettings.ResultOptions,
): Promise<INodeExecutionData[]> {
	const item = { itemIndex: this.getItemIndex(), context: this, routing };
	const run = runOf(item);
	const output = await run.answer(item);
	if (output.ok) return output.value;
	await run.complete;
	throw output.failure;
}

/** The latest try of each run. Earlier tries are not kept, only what they wrote. */
const runs = new WeakMap<object, Run>();

function runOf({ itemIndex, context }: HandedOver): Run {
	const data = context.getExecuteData();
	const isTool = !data.node.type.endsWith('.gongCallAccess');
	const key = isTool ? toolCallOf(context, data) : data;
	const known = runs.get(key);
	if (known?.accepts(itemIndex)) return known;
	const items = data.data.main?.[0] ?? [];
	// With Execute Once the run's data is not cut, although one item comes.
	const isOne = isTool || context.getNode().executeOnce;
	const run = new Run(context, isOne ? [itemIndex] : [...items.keys()], !isTool, known?.ledger);
	runs.set(key, run);
	return run;
}

/** What all tries of a tool call have in common. */
function toolCallOf(context: IExecutePaginationFunctions, data: IExecuteData): object {
	// Called by an agent's code the node gets the data of the agent, as the agent's other tools do.
	const isOwn = data.node.name === context.getNode().name;
	return isOwn
		? data
		: (context.getInputData(0, NodeConnectionTypes.AiTool) as INodeExecutionData).json;
}

/** The items of one run, as they come. */
class Run implements RunInput {
	readonly node;

	/** Fulfilled when every item that will come has come. */
	readonly complete: Promise<void>;

	private markComplete = (): void => {};

	private readonly came = new Map<number, HandedOver>();

	private last = -1;

	/** Called when an item comes. */
	private readonly waiting = new Set<(item: HandedOver) => void>();

	private answered: Promise<RunAnswer | undefined> | undefined;

	/** Whether n8n may hand over more items. */
	private mayGoOn = true;

	constructor(
		context: IExecutePaginationFunctions,
		readonly itemIndexes: readonly number[],
		readonly hasItems: boolean,
		/** What earlier tries wrote. */
		public ledger?: WriteLedger,
	) {
		this.node = context.getNode();
		this.complete = new Promise((resolve) => {
			this.markComplete = resolve;
		});
	}

	get first(): HandedOver {
		const [first] = this.came.values();
		return first;
	}

	/** Whether an item may be of this run. n8n hands items over in order, so one that is not behind the last is not. */
	accepts(itemIndex: number): boolean {
		return this.mayGoOn && itemIndex > this.last;
	}

	isExpected(itemIndex: number): boolean {
		return this.mayGoOn || this.came.has(itemIndex);
	}

	async handedOver(itemIndexes: readonly number[]): Promise<HandedOver> {
		for (const itemIndex of itemIndexes) {
			const known = this.came.get(itemIndex);
			if (known) return known;
		}
		const wanted = new Set(itemIndexes);
		return await new Promise((resolve) => {
			const tell = (item: HandedOver): void => {
				if (!wanted.has(item.itemIndex)) return;
				this.waiting.delete(tell);
				resolve(item);
			};
			this.waiting.add(tell);
		});
	}

	/** The output of an item. Never rejects. */
	async answer(item: HandedOver): Promise<ItemOutput> {
		this.came.set(item.itemIndex, item);
		this.last = item.itemIndex;
		for (const tell of this.waiting) tell(item);
		if (this.came.size >= this.itemIndexes.length) this.markComplete();
		this.answered ??= this.answerAfterThisTurn();
		try {
			const answer = await this.answered;
			return (await answer?.outputOf(item.itemIndex)) ?? { ok: true, value: [] };
		} catch {
			// Only loading the code can throw.
			const { message, description } = NOT_LOADED;
			const error = new NodeOperationError(this.node, message, { description });
			if (!item.context.continueOnFail()) return { ok: false, failure: error };
			const pairedItem = { item: item.itemIndex };
			return { ok: true, value: [{ json: {}, error, pairedItem }] };
		}
	}

	/** @returns undefined where n8n has failed the run already */
	private async answerAfterThisTurn(): Promise<RunAnswer | undefined> {
		await sleep(0);
		const { context } = this.first;
		const isMissing = this.came.size < this.itemIndexes.length;
		this.mayGoOn = isMissing && isBatched(context);
		if (!this.mayGoOn) this.markComplete();
		if (isMissing && !this.mayGoOn && !context.continueOnFail()) return undefined;
		const { answerRun } = await loadRuntime();
		const answer = answerRun(this, this.ledger);
		this.ledger = answer.ledger;
		return answer;
	}
}

/** Whether n8n's own batching, one of its Request Options, makes items come apart. */
function isBatched(context: IExecutePaginationFunctions): boolean {
	const name = 'requestOptions.batching.batch.batchInterval';
	const interval = context.getNodeParameter(name, 0, { rawExpressions: true });
	// An expression counts as batching.
	return String(interval).startsWith('=') || Number(interval) > 0;
}
