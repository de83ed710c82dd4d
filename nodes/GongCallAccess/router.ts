import type {
	DeclarativeRestApiSettings,
	IExecutePaginationFunctions,
	INode,
	INodeExecutionData,
} from 'n8n-workflow';
import type { Failure } from './failures';
import { checkBaseUrl, UnusableBaseUrl } from './gong/baseUrl';
import type { ItemContext } from './input/itemContext';
import { isAddress } from './input/ids';
import { contextAhead, contextOf } from './input/itemContext';
import type { PartlyRead, ReadItem, Settings } from './input/parameters';
import { Parameters, UnusableParameter } from './input/parameters';
import * as messages from './messages';
import { change } from './operations/change';
import { list } from './operations/list';
import type { ItemRequest, ItemResult, OperationContext } from './operations/itemRequest';
import { unexpected } from './operations/itemRequest';
import { replace } from './operations/replace';
import type { PlannedItem } from './operations/replacePlan';
import { ReplacePlan } from './operations/replacePlan';
import { CallFinder, UserFinder } from './operations/resolve';
import { failureError, failureItem } from './output/items';
import { MOST_ROWS } from './output/rows';
import type { Connection } from './sending/connect';
import { connect } from './sending/connect';
import { baseUrlIn, ItemCredentials } from './sending/itemCredentials';
import { Canceled } from './sending/pause';

/** One input item that waits to be answered. */
export interface BatchedItem {
	context: IExecutePaginationFunctions;
	routing: DeclarativeRestApiSettings.ResultOptions;
	itemIndex: number;
}

/** The output items of one input item, or what the node throws for it. */
export type ItemOutcome = { items: INodeExecutionData[] } | { thrown: Error };

const OPERATIONS: Record<
	Settings['operation'],
	(context: OperationContext, requests: ItemRequest[]) => Promise<ItemResult[]>
> = { list, grant: change, revoke: change, replace };

// About 25 MB of JSON: 1,000 items that each name one of 1,000 users of a call list a million.
const MAX_LISTED_USERS = 1_000_000;

/** What is known of an item of the run: read as a whole, or in part where it cannot be used. */
interface KnownItem {
	read?: ReadItem;
	partly?: PartlyRead;
	/** Whether it failed although it could be read, so that nothing that it asks for is carried out. */
	failed?: boolean;
	/** Tells its credential apart; undefined where that is not known, as of an item read ahead. */
	credential: string | undefined;
}

/** The connection to one Gong company, and what was looked up there. */
interface Company {
	connection: Connection;
	calls: CallFinder;
	users: UserFinder;
}

/** An item of the batch that could be read, on its way to an operation. */
interface ReadyItem {
	item: BatchedItem;
	read: ReadItem;
	credential: string;
	request?: ItemRequest;
}

/**
 * Answers the batches of one run of the node: reads what their items ask for, has the operations answer
 * them together, and makes of each item's failures what the node's On Error setting wants.
 *
 * Set to stop, nothing is sent before every item of the run was found good. For a replace the items that
 * n8n has not handed over yet are read ahead as well, since their users keep access.
 */
export class RunRouter {
	private readonly parameters = new Parameters();

	private readonly known = new Map<number, KnownItem>();

	private readonly companies = new Map<string, Promise<Company>>();

	private readonly written: Set<string>;

	private readonly begun: Set<string>;

	private readonly halfBefore: ReadonlySet<string>;

	private readonly notReplaced = new Map<string, Failure>();

	private credentials: ItemCredentials | undefined;

	private hasReadAhead = false;

	/** Whether n8n hands over only the first of the run's items; as a tool the node has none but its own. */
	private leavesOut = false;

	/** Set to stop: whether the run cannot come to a good end, so that nothing more is sent. */
	private failed = false;

	/** What was found to be wrong with an item that has not come yet. */
	private foreseen: Failure | undefined;

	private threw = false;

	/** @param before that of an earlier try of the same run, as with Retry On Fail */
	constructor(
		private readonly node: INode,
		before?: RunRouter,
	) {
		this.written = new Set(before?.written);
		this.begun = new Set(before?.begun);
		this.halfBefore = new Set([...this.begun].filter((callId) => !this.written.has(callId)));
	}

	/**
	 * Never rejects: what the node throws is an outcome of the item that it concerns.
	 * @param expected how many items the run has; undefined where only n8n knows
	 * @param isLast whether no other batch will come
	 */
	async answer(
		items: BatchedItem[],
		expected: number | undefined,
		isLast: boolean,
	): Promise<Map<BatchedItem, ItemOutcome>> {
		const answers = new Answers(this.node, items[0].context, this.written);
		await this.reopen();
		const ready: ReadyItem[] = [];
		try {
			await this.read(items, expected, answers, ready);
			const stops = !answers.continues;
			if (!(stops && (this.failed || answers.stopped)) && ready.length > 0) {
				await this.send(ready, answers);
			}
		} catch (thrown) {
			for (const { item, read } of ready) {
				if (answers.outcomes.has(item)) continue;
				this.fail(answers, item, 'answering', thrown, callsIn(read));
			}
		}
		this.threw ||= answers.stopped;
		this.failed ||= this.threw;
		if (!answers.continues && this.failed && !this.threw && isLast) {
			// Without an item of its own, what was foreseen must not end as a run without rows.
			const failure = this.foreseen ?? messages.notAsForeseen();
			answers.outcomes.set(items[0], { thrown: failureError(failure, this.node) });
		}
		return answers.outcomes;
	}

	/** What Gong refused for an earlier batch, such as a request too many, it may take by now. */
	private async reopen(): Promise<void> {
		for (const connecting of this.companies.values()) {
			const company = await connecting.catch(() => undefined);
			company?.connection.sender.closed.clear();
			company?.calls.forgetFailures();
			company?.users.forgetFailures();
		}
	}

	private async read(
		items: BatchedItem[],
		expected: number | undefined,
		answers: Answers,
		ready: ReadyItem[],
	): Promise<void> {
		const [{ context }] = items;
		this.leavesOut = this.node.executeOnce === true && expected !== undefined;
		this.credentials ??= await ItemCredentials.of(context, expected ?? items.length);
		const keys = await this.credentials.keysOf(items.map((item) => item.context));
		for (const [place, item] of items.entries()) {
			const key = keys[place];
			const credential = typeof key === 'string' ? key : undefined;
			const known = this.readItem(item.context, credential);
			this.known.set(item.itemIndex, known);
			if (known.thrown !== undefined) {
				this.fail(answers, item, 'reading', known.thrown, namedBy(known.partly));
			} else if (typeof key !== 'string') this.fail(answers, item, 'connecting', key.thrown);
			else if (known.read) ready.push({ item, read: known.read, credential: key });
		}
		const isReplace = ready.some(({ read }) => read.settings.operation === 'replace');
		if ((!answers.continues || isReplace) && !this.hasReadAhead) {
			this.hasReadAhead = true;
			await this.readAhead(context, expected ?? 0, !answers.continues);
		}
	}

	/** Reads the items that have not come yet, or never will because an expression of theirs throws. */
	private async readAhead(
		context: IExecutePaginationFunctions,
		expected: number,
		stops: boolean,
	): Promise<void> {
		const items = context.getExecuteData().data.main?.[0] ?? [];
		const ahead = [...items.keys()].filter((index) => index < expected && !this.known.has(index));
		const keys = await this.credentials?.keysOf(ahead.map((index) => contextOf(context, index)));
		for (const [place, index] of ahead.entries()) {
			const key = keys?.[place];
			const known = this.readItem(
				contextAhead(context, items[index], index),
				typeof key === 'string' ? key : undefined,
			);
			this.known.set(index, known);
			if (known.thrown === undefined || !stops) continue;
			// It is told of when it comes; until then the others are only read.
			this.failed = true;
			return;
		}
	}

	private readItem(
		context: ItemContext,
		credential: string | undefined,
	): KnownItem & { thrown?: unknown } {
		try {
			return { read: this.parameters.read(context), credential };
		} catch (thrown) {
			return { thrown, partly: this.parameters.readPartly(context), credential };
		}
	}

	private async send(ready: ReadyItem[], answers: Answers): Promise<void> {
		const [{ item }] = ready;
		// Set to stop, everything is looked up and found good before anything is written.
		for (const one of ready) {
			if (answers.stopped) return;
			await this.resolve(one, answers);
		}
		const byCompany = new Map<string, ReadyItem[]>();
		for (const one of ready) {
			if (!one.request) continue;
			const some = byCompany.get(one.credential) ?? [];
			some.push(one);
			byCompany.set(one.credential, some);
		}
		const plan = await this.replacePlan(ready);
		this.refuseTooManyUsers(plan, ready, answers);
		if (!answers.continues) {
			this.checkPlan(plan, ready, answers);
			if (!answers.stopped) await this.checkAhead(plan);
		}
		for (const [credential, some] of byCompany) {
			const { connection } = await this.companyOf(credential, item);
			for (const group of groupBySettings(some.filter(({ request }) => request))) {
				// Set to stop, nothing is sent after one has failed.
				if (!answers.continues && (answers.stopped || this.failed)) return;
				await this.operate(group, connection, plan, answers);
			}
		}
	}

	private async operate(
		group: ReadyItem[],
		{ sender, onProgress }: Connection,
		plan: ReplacePlan,
		answers: Answers,
	): Promise<void> {
		const [{ item, read }] = group;
		const all = group.map((one) => one.read.settings);
		const settings = {
			...read.settings,
			callsPerRequest: Math.min(...all.map(({ callsPerRequest }) => callsPerRequest)),
			maxWaitMs: Math.min(...all.map(({ maxWaitMs }) => maxWaitMs)),
		};
		const { continues } = answers;
		const context: OperationContext = {
			sender: { ...sender, maxWaitMs: settings.maxWaitMs },
			settings,
			continues,
			plan,
			written: this.written,
			begun: this.begun,
			notReplaced: this.notReplaced,
			halfBefore: this.halfBefore,
			onProgress,
			logger: item.context.logger,
		};
		try {
			const requests = group.flatMap(({ request }) => request ?? []);
			const results = await OPERATIONS[settings.operation](context, requests);
			for (const [index, result] of results.entries()) {
				const rows = result.rows.length;
				const tooMany = messages.tooManyRows(rows, MOST_ROWS, requests[index].callIds);
				if (rows <= MOST_ROWS) answers.give(group[index].item, result);
				else answers.fail(group[index].item, tooMany);
			}
		} catch (thrown) {
			for (const { item: one, request } of group) {
				if (!answers.outcomes.has(one))
					this.fail(answers, one, 'answering', thrown, request?.callIds);
			}
		}
	}

	/** Finds the calls of a period and the users of e-mail addresses. */
	private async resolve(one: ReadyItem, answers: Answers): Promise<void> {
		const { item, read, credential } = one;
		const { calls, users, usersLabel, settings } = read;
		try {
			const company = await this.companyOf(credential, item, settings.maxWaitMs);
			const callIds = await company.calls.idsOf(calls);
			if (!Array.isArray(callIds)) return this.refuse(answers, item, callIds);
			const tooMany = tooManyCalls(callIds, settings);
			if (tooMany) return this.refuse(answers, item, tooMany);
			const userIds = await company.users.idsOf(users, usersLabel);
			if (!Array.isArray(userIds)) return this.refuse(answers, item, { ...userIds, callIds });
			one.request = { itemIndex: item.itemIndex, callIds, userIds, settings };
		} catch (thrown) {
			this.markFailed(item);
			this.fail(answers, item, 'connecting', thrown, callsIn(read));
		}
	}

	/** Fails an item that could be read; a replace then leaves its calls alone, in later batches too. */
	private refuse(answers: Answers, item: BatchedItem, failure: Failure): void {
		this.markFailed(item);
		answers.fail(item, failure);
	}

	private markFailed({ itemIndex }: BatchedItem): void {
		const known = this.known.get(itemIndex);
		if (known) known.failed = true;
	}

	/** Who is to have access after a replace, by all items of the run. */
	private async replacePlan(ready: ReadyItem[]): Promise<ReplacePlan> {
		const planned: PlannedItem[] = [];
		if (ready.some(({ read }) => read.settings.operation === 'replace')) {
			for (const [itemIndex, known] of this.known) {
				const item = await this.plannedItem(known);
				if (item) planned.push({ ...item, itemIndex });
			}
		}
		const plan = new ReplacePlan(planned);
		if (planned.length > 0 && this.leavesOut) this.keepLeftOut(plan, ready[0]);
		return plan;
	}

	/**
	 * With Execute Once n8n hands over the first item alone. A call that another item names with other users
	 * is left alone, since somebody who switched it on did not mean those to lose access.
	 */
	private keepLeftOut(plan: ReplacePlan, { item, read }: ReadyItem): void {
		const items = item.context.getExecuteData().data.main?.[0] ?? [];
		const users = new Set(read.users);
		for (const [index, other] of items.entries()) {
			if (index === item.itemIndex) continue;
			const known = this.readItem(contextAhead(item.context, other, index), undefined);
			const isSame = known.read?.users.every((user) => users.has(user)) ?? false;
			if (isSame) continue;
			const callIds = known.read ? callsIn(known.read) : (known.partly?.callIds ?? []);
			for (const callId of callIds) plan.leaveAlone(callId, messages.leftOutByExecuteOnce());
		}
	}

	private async plannedItem({
		read,
		partly,
		failed,
		credential,
	}: KnownItem): Promise<Omit<PlannedItem, 'itemIndex'> | undefined> {
		if (read) {
			if (read.settings.operation !== 'replace' || !Array.isArray(read.calls)) return undefined;
			const userIds = failed ? undefined : await this.userIdsOf(credential, read.users);
			return {
				callIds: read.calls,
				callsAreKnown: true,
				callsThrew: false,
				userIds,
				settingsKey: userIds && settingsKey(read.settings),
				credential,
			};
		}
		if (!partly || partly.isBlank) return undefined;
		const { callIds, callsAreKnown, callsThrew, usersAreKnown, users } = partly;
		// Whom it means counts only where it may mean any call.
		const isNeeded = !callsAreKnown && usersAreKnown;
		const userIds = isNeeded ? await this.userIdsOf(credential, users) : undefined;
		return { callIds, callsAreKnown, callsThrew, userIds, settingsKey: undefined, credential };
	}

	/** The IDs of users; undefined where not all of them can be found. */
	private async userIdsOf(
		credential: string | undefined,
		users: string[],
	): Promise<string[] | undefined> {
		if (!users.some(isAddress)) return users;
		try {
			const company = await this.companies.get(credential ?? '');
			const found = await company?.users.idsOf(users, '');
			return Array.isArray(found) ? found : undefined;
		} catch (thrown) {
			if (thrown instanceof Canceled) return await Promise.reject(thrown);
			return undefined;
		}
	}

	/** Refuses a replace whose rows, over the whole run, would list more users than n8n can hold. */
	private refuseTooManyUsers(plan: ReplacePlan, ready: ReadyItem[], answers: Answers): void {
		let users = 0;
		for (const { read } of this.known.values()) {
			if (read?.settings.operation !== 'replace') continue;
			for (const callId of callsIn(read)) users += plan.countFor(callId);
		}
		if (users <= MAX_LISTED_USERS) return;
		for (const one of ready) {
			if (one.request?.settings.operation !== 'replace') continue;
			const { callIds } = one.request;
			one.request = undefined;
			answers.fail(one.item, messages.tooManyListedUsers(users, MAX_LISTED_USERS, callIds));
		}
	}

	private checkPlan(plan: ReplacePlan, ready: ReadyItem[], answers: Answers): void {
		for (const { item, request } of ready) {
			if (request?.settings.operation !== 'replace') continue;
			const conflict = firstConflict(plan, request.callIds);
			if (conflict) answers.fail(item, conflict);
		}
	}

	/** Set to stop: whether what is still to come could be carried out too, before the first write. */
	private async checkAhead(plan: ReplacePlan): Promise<void> {
		for (const { read, credential } of this.known.values()) {
			if (!read || read.settings.operation === 'list' || !Array.isArray(read.calls)) continue;
			this.foreseen =
				(await this.cannotConnect(read, credential)) ??
				tooManyCalls(read.calls, read.settings) ??
				(read.settings.operation === 'replace' ? firstConflict(plan, read.calls) : undefined);
			if (!this.foreseen) continue;
			this.failed = true;
			return;
		}
	}

	/** Why an item that is still to come could not be sent, or its users not found. */
	private async cannotConnect(
		{ users, usersLabel }: ReadItem,
		credential: string | undefined,
	): Promise<Failure | undefined> {
		const company = await this.companies.get(credential ?? '');
		if (company) {
			const found = await company.users.idsOf(users, usersLabel);
			return Array.isArray(found) ? undefined : found;
		}
		// Its own connection can be made only when it comes.
		if (credential === undefined || users.some(isAddress)) return messages.cannotReadAhead();
		try {
			checkBaseUrl(baseUrlIn(credential));
			return undefined;
		} catch (thrown) {
			return messages.badBaseUrl(thrown instanceof Error ? thrown.message : '', []);
		}
	}

	/** The connection for a credential, made by the first item that has it. */
	private async companyOf(
		credential: string,
		{ context, routing }: BatchedItem,
		maxWaitMs = 0,
	): Promise<Company> {
		let company = this.companies.get(credential);
		if (!company) {
			company = connect(context, routing, maxWaitMs).then((connection) => ({
				connection,
				calls: new CallFinder(connection.sender),
				users: new UserFinder(connection.sender),
			}));
			this.companies.set(credential, company);
		}
		return await company;
	}

	/** For what was thrown in place of an answer. */
	private fail(
		answers: Answers,
		item: BatchedItem,
		step: Step,
		thrown: unknown,
		callIds: string[] = [],
	): void {
		if (thrown instanceof Canceled) return answers.cancel(item, thrown);
		// Before anything is sent n8n's own words are for people: an expression, a credential that it refuses.
		const isOfN8n = step !== 'answering' && isN8nError(thrown);
		if (isOfN8n && !answers.continues) return answers.stop(item, thrown);
		answers.fail(item, this.failureOf(thrown, isOfN8n ? step : 'answering', item, callIds));
	}

	private failureOf(
		thrown: unknown,
		step: Step,
		{ context }: BatchedItem,
		callIds: string[],
	): Failure {
		if (thrown instanceof UnusableParameter) return { ...thrown.failure, callIds };
		if (thrown instanceof UnusableBaseUrl) return messages.badBaseUrl(thrown.message, callIds);
		if (step === 'reading') return messages.unusableExpression(thrown);
		if (step === 'connecting') return messages.notAllowed(thrown, callIds);
		return unexpected(thrown, callIds, { begun: this.begun, logger: context.logger });
	}
}

/** How far an item came before something was thrown. */
type Step = 'reading' | 'connecting' | 'answering';

/** What the items of a batch get, by the node's On Error setting. */
class Answers {
	readonly outcomes = new Map<BatchedItem, ItemOutcome>();

	/** Whether the node is set to continue where something fails. */
	readonly continues: boolean;

	stopped = false;

	constructor(
		private readonly node: INode,
		context: IExecutePaginationFunctions,
		/** The calls that a write was accepted for so far in this run. */
		private readonly written: ReadonlySet<string>,
	) {
		this.continues = context.continueOnFail();
	}

	give(item: BatchedItem, { rows, failures }: ItemResult): void {
		const [first] = failures;
		if (first && !this.continues) {
			const failure = first.tellsWhatWasWritten
				? first
				: messages.afterEarlierWrites(first, [...this.written]);
			this.stop(item, failureError(failure, this.node));
			return;
		}
		const errorOutput = this.node.onError === 'continueErrorOutput';
		for (const failure of failures) {
			rows.push(failureItem(failure, item.itemIndex, this.node, errorOutput));
		}
		this.outcomes.set(item, { items: rows });
	}

	fail(item: BatchedItem, failure: Failure): void {
		this.give(item, { rows: [], failures: [failure] });
	}

	stop(item: BatchedItem, thrown: Error): void {
		this.stopped = true;
		this.outcomes.set(item, { thrown });
	}

	cancel(item: BatchedItem, canceled: Canceled): void {
		if (this.continues) this.outcomes.set(item, { items: [] });
		else this.stop(item, canceled);
	}
}

/** Whether an error is n8n's, known by what JavaScript's own have not: n8n may have another copy of the class. */
function isN8nError(thrown: unknown): thrown is Error {
	return thrown instanceof Error && ('level' in thrown || 'description' in thrown);
}

/** The calls of an item that cannot be used, where it is sure that it names just these. */
function namedBy(partly: PartlyRead | undefined): string[] {
	return partly?.callsAreKnown ? partly.callIds : [];
}

function callsIn({ calls }: ReadItem): string[] {
	return Array.isArray(calls) ? calls : [];
}

/** One row for each call at the least: found before anything is sent for them. */
function tooManyCalls(callIds: string[], settings: Settings): Failure | undefined {
	const { operation, splitInto, includeCallsWithoutUsers } = settings;
	const rowForEach =
		operation !== 'list' ||
		splitInto === 'calls' ||
		(splitInto === 'users' && includeCallsWithoutUsers);
	return rowForEach && callIds.length > MOST_ROWS
		? messages.tooManyRows(callIds.length, MOST_ROWS, callIds)
		: undefined;
}

function firstConflict(plan: ReplacePlan, callIds: string[]): Failure | undefined {
	for (const callId of callIds) {
		const conflict = plan.conflictOf(callId);
		if (conflict) return conflict;
	}
	return undefined;
}

/** What tells settings apart, but for those that change no row and nothing that is written. */
function settingsKey(settings: Settings): string {
	return JSON.stringify({ ...settings, callsPerRequest: undefined, maxWaitMs: undefined });
}

/** Items whose settings differ, by an expression, do not share a request. */
function groupBySettings(ready: ReadyItem[]): ReadyItem[][] {
	const groups = new Map<string, ReadyItem[]>();
	let last: { settings: Settings; group: ReadyItem[] } | undefined;
	for (const one of ready) {
		const { settings } = one.read;
		if (last?.settings !== settings) {
			// One row for each person needs all items together.
			const together = settings.operation === 'list' && settings.splitInto === 'people';
			const key = together ? settingsKey(settings) : JSON.stringify(settings);
			const group = groups.get(key) ?? [];
			groups.set(key, group);
			last = { settings, group };
		}
		last.group.push(one);
	}
	return [...groups.values()];
}
