import type {
	DeclarativeRestApiSettings,
	IExecutePaginationFunctions,
	INode,
	INodeExecutionData,
} from 'n8n-workflow';
import type { Failure } from './failures';
import { isForAll } from './failures';
import { UnusableBaseUrl } from './gong/baseUrl';
import type { ItemContext } from './input/itemContext';
import type { Asked, Settings } from './input/parameters';
import { Parameters, UnusableParameter } from './input/parameters';
import * as messages from './messages';
import { change } from './operations/change';
import { getAll } from './operations/getAll';
import type { Job, JobResult, Run } from './operations/job';
import { replace } from './operations/replace';
import { CallFinder, UserFinder } from './operations/resolve';
import { failureError, failureItem } from './output/items';
import { connect } from './sending/connect';
import { Canceled } from './sending/pause';

/** One input item that waits to be answered. */
export interface Member {
	context: IExecutePaginationFunctions;
	routing: DeclarativeRestApiSettings.ResultOptions;
	itemIndex: number;
}

/** The rows of one input item, or what the node throws for it. */
export type MemberOutcome = { rows: INodeExecutionData[] } | { thrown: Error };

// n8n spreads the rows of one input item as arguments: from about 123,000 on (measured) its run ends with
// "Maximum call stack size exceeded".
const MOST_ROWS = 110_000;

const OPERATIONS: Record<Settings['operation'], (run: Run, jobs: Job[]) => Promise<JobResult[]>> = {
	getAll,
	grant: change,
	revoke: change,
	replace,
};

type Asking = { member: Member; asked: Asked };

/**
 * Answers items of one run: reads what they ask for, has the operation answer them together, and makes of
 * each item's failures what the node's On Error setting wants. Never rejects: what the node throws is an
 * outcome of the item that it concerns.
 *
 * @param mayAsk false to read only, since the run has failed: good items then get no rows
 */
export async function answerItems(
	members: Member[],
	node: INode,
	mayAsk: boolean,
): Promise<Map<Member, MemberOutcome>> {
	const answers = new Answers(node, members[0].context.continueOnFail());
	const askings = readItems(members, answers);
	if (!mayAsk) return answers.outcomes;
	for (const group of groupBySettings(askings)) {
		// Set to stop, nothing is sent before every item is found good, or after one has failed.
		if (answers.stopped) break;
		if (answers.forAll) {
			const { forAll } = answers;
			for (const { member, asked } of group) {
				answers.fail(member, messages.notTried(forAll, callsNamed(asked)));
			}
			continue;
		}
		try {
			await answerGroup(group, answers);
		} catch (thrown) {
			for (const { member, asked } of group) answers.thrown(member, thrown, callsNamed(asked));
		}
	}
	return answers.outcomes;
}

/** What the items of a run get, by the node's On Error setting. */
class Answers {
	readonly outcomes = new Map<Member, MemberOutcome>();

	stopped = false;

	/** What would stop every other request of the run too. */
	forAll: Failure | undefined;

	constructor(
		private readonly node: INode,
		readonly continues: boolean,
	) {}

	give(member: Member, { rows, failures }: JobResult): void {
		this.forAll ??= failures.find(isForAll);
		const [first] = failures;
		if (first && !this.continues) {
			this.stopped = true;
			this.outcomes.set(member, { thrown: failureError(first, this.node) });
			return;
		}
		const errorOutput = this.node.onError === 'continueErrorOutput';
		for (const failure of failures) {
			rows.push(failureItem(failure, member.itemIndex, this.node, errorOutput));
		}
		this.outcomes.set(member, { rows });
	}

	fail(member: Member, failure: Failure): void {
		this.give(member, { rows: [], failures: [failure] });
	}

	/** For what was thrown in place of an answer. */
	thrown(member: Member, thrown: unknown, callIds: string[] = []): void {
		if (thrown instanceof UnusableParameter) return this.fail(member, thrown.failure);
		if (thrown instanceof UnusableBaseUrl) {
			return this.fail(member, messages.badBaseUrl(thrown.message, callIds));
		}
		if (!this.continues) {
			this.stopped = true;
			this.outcomes.set(member, { thrown: thrown as Error });
		} else if (thrown instanceof Canceled) {
			this.outcomes.set(member, { rows: [] });
		} else {
			this.fail(member, messages.notAllowed(thrown, callIds));
		}
	}
}

/** Whether an item that n8n has not handed over yet can be read; its expressions are evaluated. */
export function canBeRead(context: ItemContext): boolean {
	try {
		new Parameters().read(context);
		return true;
	} catch {
		return false;
	}
}

function callsNamed({ calls }: Asked): string[] {
	return Array.isArray(calls) ? calls : [];
}

function readItems(members: Member[], answers: Answers): Asking[] {
	const parameters = new Parameters();
	const askings: Asking[] = [];
	for (const member of members) {
		try {
			askings.push({ member, asked: parameters.read(member.context) });
		} catch (thrown) {
			answers.thrown(member, thrown);
		}
	}
	return askings;
}

/** Items whose settings differ, by an expression, do not share a request. */
function groupBySettings(askings: Asking[]): Asking[][] {
	const groups = new Map<string, Asking[]>();
	let last: { settings: Settings; group: Asking[] } | undefined;
	for (const asking of askings) {
		const { settings } = asking.asked;
		if (last?.settings !== settings) {
			const key = JSON.stringify(settings);
			const group = groups.get(key) ?? [];
			groups.set(key, group);
			last = { settings, group };
		}
		last.group.push(asking);
	}
	return [...groups.values()];
}

async function answerGroup(group: Asking[], answers: Answers): Promise<void> {
	const [{ member, asked }] = group;
	const { settings } = asked;
	const { sender, onProgress } = await connect(member.context, member.routing, settings.maxWaitMs);
	const run: Run = { sender, settings, continues: answers.continues, onProgress };

	const jobs = new Map<Job, Member>();
	const calls = new CallFinder(run);
	const users = new UserFinder(run);
	for (const { member, asked } of group) {
		const callIds = await calls.idsOf(asked.calls);
		const userIds = await users.idsOf(asked.users);
		if (!Array.isArray(callIds)) answers.fail(member, callIds);
		else if (!Array.isArray(userIds)) answers.fail(member, userIds);
		else jobs.set({ itemIndex: member.itemIndex, callIds, userIds }, member);
	}
	if (answers.stopped) return;

	const results = await OPERATIONS[settings.operation](run, [...jobs.keys()]);
	for (const [index, [job, member]] of [...jobs].entries()) {
		const { rows } = results[index];
		if (rows.length <= MOST_ROWS) answers.give(member, results[index]);
		else answers.fail(member, messages.tooManyRows(rows.length, MOST_ROWS, job.callIds));
	}
}
