import type { Company, FoundGroup, SettingsGroup, UsableItem } from './findItems';
import { connect, failRest, find } from './findItems';
import { groupBy } from './groupBy';
import { callsOf, failuresByCall, unknownIn } from './operations/itemResults';
import type { ReplacePlan } from './operations/replacePlan';
import type { Settings } from './parameters/itemParameters';
import { isRead } from './parameters/operationNames';
import { firstConflict, planReplace, settingsKey, tooMuchToChange } from './planRun';
import type { ReadRun } from './readItems';
import type { RunState } from './runState';
import { refuseItem } from './runState';

/** The items of one credential. */
export interface CompanyItems {
	credential: string;
	items: UsableItem[];
	groups: SettingsGroup[];
}

/** A company whose calls and users were found. */
interface FoundCompany {
	credential: string;
	company: Company;
	groups: FoundGroup[];
}

/** A company whose items can be carried out. */
export interface PreparedCompany extends FoundCompany {
	plan: ReplacePlan;
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

/** Finds the calls and users of companies' items, and plans a replace. Items that cannot be carried out fail. */
export function prepare(
	run: RunState,
	read: ReadRun,
	companies: CompanyItems[],
): Array<Promise<PreparedCompany | undefined>> {
	const finding = companies.map(async (items) => await findCompany(run, items));
	return finding.map(async (own, place) => {
		const found = await own;
		if (!found) return undefined;
		try {
			// Two keys may be of one company, so a replace counts the users of all.
			const isReplaced = found.groups.some(({ settings }) => isReplace(settings));
			const all = isReplaced ? await Promise.all(finding) : [];
			const plan = await planOf(run, isReplaced ? read : { ...read, items: [] }, found, all);
			return { ...found, plan, groups: await carriedOut(run, plan, found.groups) };
		} catch (thrown) {
			failRest(run, companies[place].items, 'connecting', thrown);
			return undefined;
		}
	});
}

async function findCompany(
	run: RunState,
	{ credential, items, groups }: CompanyItems,
): Promise<FoundCompany | undefined> {
	const { outputs } = run;
	try {
		const company = await connect(run, items, groups[0].settings);
		const found = await find(run, company, groups);
		if (!outputs.continues && outputs.stopped) return undefined;
		return { credential, company, groups: found };
	} catch (thrown) {
		failRest(run, items, 'connecting', thrown);
		return undefined;
	}
}

async function planOf(
	run: RunState,
	read: ReadRun,
	{ credential, company }: FoundCompany,
	all: ReadonlyArray<FoundCompany | undefined>,
): Promise<ReplacePlan> {
	const items = all
		.flatMap((one) => one?.groups ?? [])
		.flatMap((group) => (isReplace(group.settings) ? group.items : []));
	const users = new Map(items.map(({ itemIndex, userIds }) => [itemIndex, userIds]));
	return await planReplace(run.input, read, credential, users, async (some) => {
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
 * Reads the access of all calls that are to be replaced before one is written, and of those that failing items name: a
 * call that Gong does not know may mean any other. Set to stop, nothing is written where one cannot be read.
 */
export async function protectUsers(
	run: RunState,
	companies: ReadonlyArray<PreparedCompany | undefined>,
): Promise<void> {
	const prepared = companies.filter((one) => one !== undefined);
	const replacing = prepared.flatMap(({ plan, credential, groups }) => {
		const own = groups.filter(({ settings, items }) => isReplace(settings) && items.length > 0);
		return own.length > 0 ? [{ plan, credential, groups: own }] : [];
	});
	const mayChange = replacing.some(({ plan, groups }) =>
		groups.some(({ items }) => callsOf(items).some((callId) => !plan.conflictOf(callId))),
	);
	if (!mayChange) return;
	const credentials = new Set(replacing.map(({ credential }) => credential));
	const replaced = replacing.flatMap(({ plan, credential, groups }) => {
		// With a credential of which all items fail nobody signs in.
		const failing = plan.callsOfFailing(
			(one) => one === undefined || one === credential || !credentials.has(one),
		);
		return groups.map(({ items, reading }, place) => ({
			items,
			reading,
			callIds: [...callsOf(items), ...(place === 0 ? failing : [])],
		}));
	});
	await Promise.all(
		replaced.map(async ({ items, reading, callIds }) => {
			try {
				const listed = await reading.accessTo(callIds);
				const unknown = unknownIn(listed);
				for (const { plan } of prepared) plan.protectUsersOf(unknown);
				// The operation itself tells of the calls of the only group.
				if (run.outputs.continues || replaced.length < 2) return;
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
