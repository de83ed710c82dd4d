import type {
	DeclarativeRestApiSettings,
	IExecutePaginationFunctions,
	INode,
	INodeExecutionData,
} from 'n8n-workflow';
import { NodeOperationError, sleep } from 'n8n-workflow';
import type { Member, MemberOutcome } from './answer';

/**
 * Answers the items of a run together, although n8n asks for each of them by itself.
 *
 * n8n's engine runs a declarative node once for each input item, all of them in the same tick, and calls
 * this function (the `pagination` of the routing) where it would otherwise send the item's request. So the
 * items of a run are collected here until that tick is over, and then answered at once.
 *
 * Which items belong together: the engine hands the same `getExecuteData()` to all items of a run.
 *
 * When to send: one turn of the event loop after the first item came. With n8n's own batching the items
 * come in groups, and each group is answered by itself; set to stop, the later groups are read ahead.
 *
 * Who is missing: an item whose expression throws never comes. Set to stop, the engine has then given the
 * run up already, so nothing is sent. Set to continue, the engine answers for that item.
 *
 * What is thrown: the engine looks at answers only after its last item. A rejection before that would be
 * an unhandled one and end the n8n process, so it is held back until all have come.
 */
export async function answerTogether(
	this: IExecutePaginationFunctions,
	routing: DeclarativeRestApiSettings.ResultOptions,
): Promise<INodeExecutionData[]> {
	const member = { context: this, routing, itemIndex: this.getItemIndex() };
	const run = runOf(member);
	const outcome = await run.join(member);
	if ('rows' in outcome) return outcome.rows;
	await run.complete;
	throw outcome.thrown;
}

const runs = new WeakMap<object, Map<string, Run>>();

function runOf(member: Member): Run {
	const data = member.context.getExecuteData();
	const own = data.node.type.endsWith('.gongCallAccess');
	// As a tool the node gets the data of the agent, which it shares with the agent's other tools.
	const key = own ? '' : member.context.getNode().name;
	const byNode = runs.get(data) ?? new Map<string, Run>();
	runs.set(data, byNode);
	const known = byNode.get(key);
	// An item that comes a second time begins a new run, as with Retry On Fail.
	if (known && !known.has(member.itemIndex)) return known;
	const run = new Run(member.context, own);
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

	private group: { members: Member[]; outcomes: Promise<Map<Member, MemberOutcome>> } | undefined;

	/** Whether the run cannot come to a good end, so that nothing more is sent when it is set to stop. */
	private failed = false;

	private threw = false;

	private readonly written = new Set<string>();

	private lastGroup: Promise<unknown> = Promise.resolve();

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

	async join(member: Member): Promise<MemberOutcome> {
		this.joined.add(member.itemIndex);
		if (!this.group) {
			const members: Member[] = [];
			this.group = { members, outcomes: this.answerAfterThisTurn(members) };
		}
		const { members, outcomes } = this.group;
		members.push(member);
		return (await outcomes).get(member) ?? { rows: [] };
	}

	private async answerAfterThisTurn(members: Member[]): Promise<Map<Member, MemberOutcome>> {
		await sleep(0);
		this.group = undefined;
		const [{ context }] = members;
		const stops = !context.continueOnFail();
		const missing = this.expected !== undefined && this.joined.size < this.expected;
		const inGroups = isBatched(context);
		if (!missing || !inGroups) this.markComplete();
		// The engine has given the run up already.
		if (stops && missing && !inGroups) return new Map();
		// One group after the other, so that a run never has two requests under way.
		const answered = this.lastGroup.then(
			async () => await this.answerGroup(members, stops, missing),
		);
		this.lastGroup = answered;
		return await answered;
	}

	private async answerGroup(
		members: Member[],
		stops: boolean,
		missing: boolean,
	): Promise<Map<Member, MemberOutcome>> {
		// Set to stop, nothing is sent before the items of all groups are found good.
		if (stops && missing) this.failed ||= !(await this.restCanBeRead(members[0].context));
		const mayAsk = !(stops && this.failed);
		// Loaded here: n8n loads every package's nodes when it starts, and only some of them ever run.
		const { answerItems } = await import('./answer.js');
		const outcomes = await answerItems(members, this.node, { mayAsk, written: this.written });
		this.threw ||= [...outcomes.values()].some((outcome) => 'thrown' in outcome);
		this.failed ||= this.threw;
		if (stops && this.failed && !this.threw && !missing) {
			// What was foreseen did not come: no rows must not pass for an answer.
			const thrown = new NodeOperationError(this.node, 'The items could not be read as foreseen');
			outcomes.set(members[0], { thrown });
		}
		return outcomes;
	}

	/** Whether the items that n8n's batching has not handed over yet can be read. */
	private async restCanBeRead(context: IExecutePaginationFunctions): Promise<boolean> {
		const { canBeRead } = await import('./answer.js');
		const { contextAhead } = await import('./input/itemContext.js');
		const items = context.getExecuteData().data.main?.[0] ?? [];
		return items.every(
			(item, index) => this.joined.has(index) || canBeRead(contextAhead(context, item, index)),
		);
	}
}

/** Whether n8n's own batching, one of its Request Options, makes items come apart. */
function isBatched(context: IExecutePaginationFunctions): boolean {
	const interval = context.getNodeParameter('requestOptions.batching.batch.batchInterval', 0);
	return typeof interval === 'number' && interval > 0;
}
