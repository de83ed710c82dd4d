import type { Company, FoundGroup, SettingsGroup, UsableItem } from './findItems';
import { connect, failRest, find } from './findItems';
import { callsOf, failuresByCall, unknownIn } from './operations/itemResults';
import type { ReplacePlan } from './operations/replacePlan';
import type { Settings } from './parameters/itemParameters';
import { isRead } from './parameters/operationNames';
import { firstConflict, planReplace, settingsKey, tooMuchToChange } from './planRun';
import type { ReadItem, ReadRun } from './readItems';
import type { RunState } from './runState';
import { refuseItem } from './runState';

/** The items of one credential. */
export interface CompanyItems {
	credential: string;
	items: UsableItem[];
	groups: SettingsGroup[];
}

/** A company whose items can be carried out. */
export interface PreparedCompany {
	company: Company;
	plan: ReplacePlan;
	groups: FoundGroup[];
}

export function groupByCompany(items: UsableItem[]): CompanyItems[] {
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
export async function prepare(
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
export function planWrites({ ledger }: RunState, groups: FoundGroup[]): void {
	for (const { settings, items } of groups) {
		if (!isWrite(settings)) continue;
		for (const { callIds } of items) ledger.plan(groupOf(items), callIds);
	}
}

/**
 * Where a replace has several groups, reads the access of all before one is written: a call that Gong does not know may
 * mean a call of another group. Set to stop, nothing is written where one cannot be read.
 */
export async function protectUsers(
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

/** Tells a group apart in every try: by its first item. */
export function groupOf([first]: readonly { itemIndex: number }[]): number {
	return first.itemIndex;
}

export function isWrite({ operation, dryRun }: Settings): boolean {
	return !isRead(operation) && !dryRun;
}

export function isReplace({ operation }: Settings): boolean {
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
