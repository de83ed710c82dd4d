import { runAnswered } from './messages/gongMessages';
import { runLostDigits } from './messages/idMessages';
import { tooManyRows } from './messages/inputMessages';
import type { Company, FoundGroup, SettingsGroup, UsableItem } from './findItems';
import { connect, find } from './findItems';
import { callsOf, failuresByCall, unknownIn } from './operations/itemResults';
import type { Operation, OperationContext } from './operations/operation';
import * as operations from './operations/operations';
import type { ReplacePlan } from './operations/replacePlan';
import { WriteLedger } from './operations/writeLedger';
import { Outputs } from './outputs';
import { MAX_ROWS } from './output/rows';
import { RunSize } from './output/runSize';
import { Turns } from './transport/turns';
import { isAddress } from './parameters/ids';
import type { Settings } from './parameters/itemParameters';
import { lostDigits } from './parameters/lostDigits';
import type { OperationName } from './parameters/operationNames';
import { isRead } from './parameters/operationNames';
import { callsNamedIn, firstConflict, planReplace, settingsKey, tooMuchToChange } from './planRun';
import { ProgressLog } from './progressLog';
import type { ReadItem, ReadRun } from './readItems';
import { readItems } from './readItems';
import type { RunAnswer, RunInput } from './runInput';
import type { RunState, Step } from './runState';
import { failItem, refuseItem } from './runState';
import { RunAbort } from './transport/abort';

const OPERATIONS: Record<OperationName, Operation> = operations;

/** The items of one credential. */
interface CompanyItems {
	credential: string;
	items: UsableItem[];
	groups: SettingsGroup[];
}

/** A company whose items can be carried out. */
interface PreparedCompany {
	company: Company;
	plan: ReplacePlan;
	groups: FoundGroup[];
}

/**
 * Answers a run: reads its items, groups them by company and settings, finds their calls and users, plans a replace,
 * has the operation answer each group, and gives each item its output.
 *
 * Set to stop, nothing is written, and no access is read, before every item was read and found good.
 * @param before what earlier tries of the run wrote
 */
export function answerRun(input: RunInput, before?: WriteLedger): RunAnswer {
	const ledger = before ?? new WriteLedger();
	ledger.beginTry();
	const { context } = input.first;
	const outputs = new Outputs(input.node, context, ledger);
	const abort = new RunAbort(!outputs.continues);
	const size = new RunSize();
	const run = { input, outputs, ledger, size, abort, log: new ProgressLog(context) };
	const answered = answerItems(run);
	return {
		ledger,
		async outputOf(itemIndex) {
			const { ended, ofItems } = await answered;
			// Set to continue, an item need not wait for those of another company.
			await (outputs.continues ? ofItems.get(itemIndex) : ended);
			return outputs.of(itemIndex);
		},
	};
}

/** When the outputs are there: all of them, and by item. */
interface Answered {
	ended: Promise<void> | undefined;
	ofItems: Map<number, Promise<void>>;
}

async function answerItems(run: RunState): Promise<Answered> {
	const { input, outputs, abort, ledger } = run;
	const ofItems = new Map<number, Promise<void>>();
	let read: ReadRun;
	try {
		read = await readItems(input);
	} catch (thrown) {
		for (const itemIndex of input.itemIndexes) failItem(run, itemIndex, 'reading', thrown);
		outputs.end();
		return { ended: undefined, ofItems };
	}
	outputs.credentialsDiffer = read.credentialsDiffer;
	const turns = new Turns();
	const good = refuseLostDigits(run, await refuseUnusable(run, read, turns));
	await turns.next();
	const companies = groupByCompany(good);
	const preparing = companies.map(async (items) => await prepare(run, read, items));
	const allPrepared = Promise.all(preparing).then(async (prepared) => {
		for (const one of prepared) planWrites(run, one?.groups ?? []);
		await protectUsers(run, prepared);
	});
	const replaces = good.some(({ parameters }) => isReplace(parameters.settings));
	const operating: Promise<void>[] = [];
	const operateOn = async (place: number, previous: Promise<void> | undefined): Promise<void> => {
		// Set to stop, every item is found good before anything is written, and one failure tells what was.
		if (!outputs.continues || replaces) await allPrepared;
		if (!outputs.continues && ledger.plansAny) await previous;
		const prepared = await preparing[place];
		if (prepared) await operate(run, prepared, companies[place].items);
	};
	for (const place of companies.keys()) operating.push(operateOn(place, operating.at(-1)));
	const ended = Promise.all(operating).then(() => {
		outputs.end();
		abort.end(runAnswered());
		run.log.end();
	});
	for (const [place, { items }] of companies.entries()) {
		const done = outputs.continues && companies.length > 1 ? operating[place] : ended;
		for (const { itemIndex } of items) ofItems.set(itemIndex, done);
	}
	if (companies.length === 0) outputs.end();
	return { ended, ofItems };
}

/** Fails the items that cannot be used; the others are returned. Set to stop, one that fails leaves none. */
async function refuseUnusable(
	run: RunState,
	{ items }: ReadRun,
	turns: Turns,
): Promise<UsableItem[]> {
	const usable: UsableItem[] = [];
	await turns.forEach(items, ({ itemIndex, parameters, credential }) => {
		if (!parameters.ok) {
			const { thrown, partial } = parameters.failure;
			// Only where it is sure that it names just these.
			const callIds = partial.callsAreKnown ? partial.callIds : [];
			failItem(run, itemIndex, 'reading', thrown, callIds);
		} else if (!credential.ok) failItem(run, itemIndex, 'connecting', credential.failure);
		else usable.push({ itemIndex, parameters: parameters.value, credential: credential.value });
	});
	return run.outputs.stopped ? [] : usable;
}

/** Refuses the whole run where IDs were rounded before they reached the node: its other IDs come from the same place. */
function refuseLostDigits(run: RunState, items: UsableItem[]): UsableItem[] {
	const calls = new Set(items.flatMap(({ parameters }) => callsNamedIn(parameters)));
	const users = new Set(items.flatMap(({ parameters }) => parameters.users));
	const lost = lostDigits(
		calls,
		[...users].filter((user) => !isAddress(user)),
	);
	if (lost.length === 0) return items;
	const failure = runLostDigits(lost);
	for (const { itemIndex } of items) run.outputs.fail(itemIndex, failure);
	return [];
}

function groupByCompany(items: UsableItem[]): CompanyItems[] {
	return [...groupBy(items, ({ credential }) => credential)].map(([credential, own]) => ({
		credential,
		items: own,
		groups: groupBySettings(own),
	}));
}

/** Items with the same settings share requests; what only sets the pace may differ. */
function groupBySettings(items: UsableItem[]): SettingsGroup[] {
	const keys = new Map<Settings, string>();
	const keyOf = ({ parameters: { settings } }: UsableItem): string => {
		const key = keys.get(settings) ?? settingsKey(settings);
		keys.set(settings, key);
		return key;
	};
	return [...groupBy(items, keyOf).values()].map((group) => {
		const settings = { ...group[0].parameters.settings };
		for (const { parameters } of group) {
			const { callsPerRequest, maxWaitMs, requestsPerSecond } = parameters.settings;
			settings.callsPerRequest = Math.min(settings.callsPerRequest, callsPerRequest);
			settings.maxWaitMs = Math.min(settings.maxWaitMs, maxWaitMs);
			settings.requestsPerSecond = Math.min(settings.requestsPerSecond, requestsPerSecond);
		}
		return { items: group, settings };
	});
}

/** Finds the calls and users of a company's items, and plans a replace. Items that cannot be carried out fail. */
async function prepare(
	run: RunState,
	read: ReadRun,
	{ credential, items, groups }: CompanyItems,
): Promise<PreparedCompany | undefined> {
	const { outputs } = run;
	try {
		const company = await connect(run, items, groups[0].settings);
		const found = await find(run, company, groups);
		if (!outputs.continues && outputs.stopped) return undefined;
		const plan = await planOf(run, read, credential, company, found);
		return { company, plan, groups: await carriedOut(run, plan, found) };
	} catch (thrown) {
		failRest(run, items, 'connecting', thrown);
		return undefined;
	}
}

async function planOf(
	run: RunState,
	read: ReadRun,
	credential: string,
	company: Company,
	groups: FoundGroup[],
): Promise<ReplacePlan> {
	const items = groups.flatMap((group) => (isReplace(group.settings) ? group.items : []));
	const isNone = !groups.some(({ settings }) => isReplace(settings));
	const known = isNone ? { ...read, items: [] as ReadItem[] } : read;
	const users = new Map(items.map(({ itemIndex, userIds }) => [itemIndex, userIds]));
	return await planReplace(run.input, known, credential, users, async (some) => {
		const found = await company.users.idsOf(some, '');
		return found.ok ? found.value : undefined;
	});
}

/**
 * The groups without the items whose rows would be too much, and without those of a replace that fail by the plan.
 * Set to stop, a conflict fails an item too.
 */
async function carriedOut(
	run: RunState,
	plan: ReplacePlan,
	groups: FoundGroup[],
): Promise<FoundGroup[]> {
	const tooMuch = await tooMuchToChange(plan, groups, run.size);
	return groups.map((group) => {
		const { operation } = group.settings;
		if (isRead(operation)) return group;
		const ofReplace = operation === 'replace';
		const items = group.items.filter(({ itemIndex, callIds }) => {
			const stops = ofReplace && !run.outputs.continues;
			const conflict = stops ? firstConflict(plan, callIds) : undefined;
			const failure = tooMuch?.(ofReplace, callIds) ?? conflict;
			if (failure) refuseItem(run, itemIndex, failure);
			return !failure;
		});
		return { ...group, items };
	});
}

/** Notes for which calls something is about to be written. */
function planWrites({ ledger }: RunState, groups: FoundGroup[]): void {
	for (const { settings, items } of groups) {
		if (!isWrite(settings)) continue;
		for (const { callIds } of items) ledger.plan(groupOf(items), callIds);
	}
}

/**
 * Where a replace has several groups, reads the access of all before one is written: a call that Gong does not know may
 * mean a call of another group. Set to stop, nothing is written where one cannot be read.
 */
async function protectUsers(
	run: RunState,
	companies: readonly (PreparedCompany | undefined)[],
): Promise<void> {
	const prepared = companies.filter((one) => one !== undefined);
	const replaced = prepared.flatMap(({ plan, groups }) =>
		groups.flatMap(({ items, settings, reading }) =>
			isReplace(settings) && items.length > 0 ? [{ items, plan, reading }] : [],
		),
	);
	const mayChange = replaced.some(({ items, plan }) =>
		callsOf(items).some((callId) => !plan.conflictOf(callId)),
	);
	if (replaced.length < 2 || !mayChange) return;
	await Promise.all(
		replaced.map(async ({ items, reading }) => {
			const callIds = callsOf(items);
			try {
				const listed = await reading.accessTo(callIds);
				const unknown = unknownIn(listed);
				for (const other of prepared) other.plan.protectUsersOf(unknown);
				if (run.outputs.continues) return;
				const failures = failuresByCall(listed);
				for (const { itemIndex, callIds: own } of items) {
					const failed = own.find((callId) => failures.has(callId)) ?? '';
					const failure = failures.get(failed);
					if (failure) refuseItem(run, itemIndex, failure);
				}
			} catch {
				// The operation meets it again.
			}
		}),
	);
}

/** Has the operation answer the groups of a company, one after the other. */
async function operate(run: RunState, prepared: PreparedCompany, all: UsableItem[]): Promise<void> {
	const { outputs, abort, ledger, size, input } = run;
	const turns = new Turns();
	const { company, plan, groups } = prepared;
	try {
		for (const { items, settings, reading } of groups) {
			if (items.length === 0) continue;
			// Set to stop, nothing is sent after one has failed.
			if (!outputs.continues && outputs.stopped) return;
			const { maxWaitMs, requestsPerSecond } = settings;
			const context: OperationContext = {
				client: company.client.with({ maxWaitMs, requestsPerSecond }),
				abort,
				directory: company.directory,
				settings,
				continues: outputs.continues,
				plan,
				size,
				ledger,
				group: groupOf(items),
				reading,
				onProgress: company.onProgress,
				logger: input.first.context.logger,
			};
			if (isWrite(settings)) for (const { itemIndex } of items) ledger.carryOut(itemIndex);
			const results = await OPERATIONS[settings.operation](context, items);
			await turns.forEach(items.entries(), ([place, { itemIndex, callIds, userIds }]) => {
				const result = results[place];
				const rows = result.rows.length;
				if (rows > MAX_ROWS) outputs.fail(itemIndex, tooManyRows(rows, MAX_ROWS, callIds));
				else outputs.give(itemIndex, result, isReplace(settings) ? 'any' : userIds);
			});
		}
	} catch (thrown) {
		failRest(run, all, 'answering', thrown);
	}
}

function failRest(run: RunState, items: UsableItem[], step: Step, thrown: unknown): void {
	for (const { itemIndex, parameters } of items) {
		if (run.outputs.has(itemIndex)) continue;
		failItem(run, itemIndex, step, thrown, callsNamedIn(parameters));
	}
}

/** Tells a group apart in every try: by its first item. */
function groupOf([first]: readonly { itemIndex: number }[]): number {
	return first.itemIndex;
}

function isWrite({ operation, dryRun }: Settings): boolean {
	return !isRead(operation) && !dryRun;
}

function isReplace({ operation }: Settings): boolean {
	return operation === 'replace';
}

function groupBy<T>(values: T[], keyOf: (value: T) => string): Map<string, T[]> {
	const groups = new Map<string, T[]>();
	for (const value of values) {
		const key = keyOf(value);
		const group = groups.get(key) ?? [];
		group.push(value);
		groups.set(key, group);
	}
	return groups;
}
