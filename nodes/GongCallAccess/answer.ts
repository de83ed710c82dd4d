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
import { MOST_ROWS } from './output/rows';
import { connect } from './sending/connect';
import { Canceled } from './sending/pause';
import type { Sender } from './sending/send';

/** One input item that waits to be answered. */
export interface Member {
	context: IExecutePaginationFunctions;
	routing: DeclarativeRestApiSettings.ResultOptions;
	itemIndex: number;
}

/** The rows of one input item, or what the node throws for it. */
export type MemberOutcome = { rows: INodeExecutionData[] } | { thrown: Error };

const OPERATIONS: Record<Settings['operation'], (run: Run, jobs: Job[]) => Promise<JobResult[]>> = {
	getAll,
	grant: change,
	revoke: change,
	replace,
};

type Asking = { member: Member; asked: Asked };
type Resolved = { member: Member; settings: Settings; job: Job };

/** What a run of the node carries from one group of its items to the next. */
export interface RunSoFar {
	/** False once the run has failed: items are then only read, and good ones get no rows. */
	mayAsk: boolean;
	/** The calls that were written. */
	written: Set<string>;
}

/**
 * Answers items of one run: reads what they ask for, has the operations answer them together, and makes of
 * each item's failures what the node's On Error setting wants. Never rejects: what the node throws is an
 * outcome of the item that it concerns.
 */
export async function answerItems(
	members: Member[],
	node: INode,
	{ mayAsk, written }: RunSoFar,
): Promise<Map<Member, MemberOutcome>> {
	const answers = new Answers(node, members[0].context.continueOnFail());
	// Calls of items that could not be read: whom those items mean is not known.
	const unclearCalls = new Set<string>();
	const askings = readItems(members, answers, unclearCalls);
	// Set to stop, nothing is sent before every item is found good.
	if (!mayAsk || answers.stopped || askings.length === 0) return answers.outcomes;
	try {
		await ask(askings, answers, unclearCalls, written);
	} catch (thrown) {
		for (const { member, asked } of askings) {
			if (!answers.outcomes.has(member)) answers.thrown(member, thrown, callsNamed(asked));
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

function readItems(members: Member[], answers: Answers, unclearCalls: Set<string>): Asking[] {
	const parameters = new Parameters();
	const askings: Asking[] = [];
	for (const member of members) {
		try {
			askings.push({ member, asked: parameters.read(member.context) });
		} catch (thrown) {
			for (const callId of parameters.callsOfUnreadable(member.context)) unclearCalls.add(callId);
			answers.thrown(member, thrown);
		}
	}
	return askings;
}

async function ask(
	askings: Asking[],
	answers: Answers,
	unclearCalls: Set<string>,
	written: Set<string>,
): Promise<void> {
	const [{ member, asked }] = askings;
	const { sender, onProgress } = await connect(
		member.context,
		member.routing,
		asked.settings.maxWaitMs,
	);
	const resolved = await resolve(sender, askings, answers, unclearCalls);
	barUnclear(resolved, unclearCalls);
	for (const { member, job } of resolved) {
		const [barred] = job.barred.values();
		if (barred && !answers.continues) answers.fail(member, barred);
	}
	for (const group of groupBySettings(resolved)) {
		// Set to stop, nothing is sent after one has failed.
		if (answers.stopped) return;
		const { forAll } = answers;
		if (forAll) {
			for (const { member, job } of group) {
				answers.fail(member, messages.notTried(forAll, job.callIds));
			}
			continue;
		}
		const [{ settings }] = group;
		const { continues } = answers;
		const own = { ...sender, maxWaitMs: settings.maxWaitMs };
		const run: Run = { sender: own, settings, continues, written, onProgress };
		const jobs = group.map(({ job }) => job);
		const results = await OPERATIONS[settings.operation](run, jobs);
		for (const [index, { member, job }] of group.entries()) {
			const { rows } = results[index];
			if (rows.length <= MOST_ROWS) answers.give(member, results[index]);
			else answers.fail(member, messages.tooManyRows(rows.length, MOST_ROWS, job.callIds));
		}
	}
}

/** Finds the calls of periods and the users of e-mail addresses, before anything is written. */
async function resolve(
	sender: Sender,
	askings: Asking[],
	answers: Answers,
	unclearCalls: Set<string>,
): Promise<Resolved[]> {
	const resolved: Resolved[] = [];
	const calls = new CallFinder(sender);
	const users = new UserFinder(sender);
	for (const { member, asked } of askings) {
		if (answers.stopped) break;
		const { settings } = asked;
		const callIds = await calls.idsOf(asked.calls);
		if (!Array.isArray(callIds)) {
			answers.fail(member, callIds);
			continue;
		}
		const userIds = await users.idsOf(asked.users, asked.usersLabel);
		if (!Array.isArray(userIds)) {
			for (const callId of callIds) unclearCalls.add(callId);
			answers.fail(member, { ...userIds, callIds });
		} else if (settings.operation !== 'getAll' && callIds.length > MOST_ROWS) {
			answers.fail(member, messages.tooManyRows(callIds.length, MOST_ROWS, callIds));
		} else {
			const job = { itemIndex: member.itemIndex, callIds, userIds, barred: new Map() };
			resolved.push({ member, settings, job });
		}
	}
	return resolved;
}

/**
 * Keeps a replace from calls of which not all wanted users are known: taking access from whom an item that
 * could not be read may have meant would be wrong.
 */
function barUnclear(resolved: Resolved[], unclearCalls: Set<string>): void {
	const replaces = resolved.filter(({ settings }) => settings.operation === 'replace');
	const settingsOf = new Map<string, string>();
	const differing = new Set<string>();
	for (const { settings, job } of replaces) {
		const key = JSON.stringify(settings);
		for (const callId of job.callIds) {
			if ((settingsOf.get(callId) ?? key) !== key) differing.add(callId);
			settingsOf.set(callId, key);
		}
	}
	const unclear = messages.notAllUsersKnown([...unclearCalls]);
	const differ = messages.optionsDiffer([...differing]);
	for (const { job } of replaces) {
		for (const callId of job.callIds) {
			if (differing.has(callId)) job.barred.set(callId, differ);
			if (unclearCalls.has(callId)) job.barred.set(callId, unclear);
		}
	}
}

/** Items whose settings differ, by an expression, do not share a request. */
function groupBySettings(resolved: Resolved[]): Resolved[][] {
	const groups = new Map<string, Resolved[]>();
	let last: { settings: Settings; group: Resolved[] } | undefined;
	for (const one of resolved) {
		const { settings } = one;
		if (last?.settings !== settings) {
			const key = JSON.stringify(settings);
			const group = groups.get(key) ?? [];
			groups.set(key, group);
			last = { settings, group };
		}
		last.group.push(one);
	}
	return [...groups.values()];
}
