import type { Failure } from './failure';
import { leftOutByExecuteOnce, tooManyListedUsers } from './messages/writeMessages';
import type { PlannedItem } from './operations/replacePlan';
import { ReplacePlan, withoutZeros } from './operations/replacePlan';
import { isAddress } from './parameters/ids';
import { contextOfLeftOut } from './parameters/itemContext';
import type { ItemParameters, PartialParameters, Settings } from './parameters/itemParameters';
import type { ReadItem, ReadRun } from './readItems';
import type { RunInput } from './runInput';

// About 25 MB of JSON: 1,000 items that each name one of 1,000 users of a call list a million.
const MAX_LISTED_USERS = 1_000_000;

/** Finds the IDs of users; undefined where not all of them can be found. */
export type FindUsers = (users: string[]) => Promise<string[] | undefined>;

/** The calls that an item names; none for a period. */
export function callsNamedIn({ calls }: ItemParameters): string[] {
	return Array.isArray(calls) ? calls : [];
}

/** What tells settings apart, except for those that change neither rows nor what is written. */
export function settingsKey(settings: Settings): string {
	const pace = { callsPerRequest: undefined, maxWaitMs: undefined, requestsPerSecond: undefined };
	return JSON.stringify({ ...settings, ...pace });
}

/**
 * Plans who is to have access after a replace by the items of a company, for which all items of the run count.
 * @param credential of the company
 * @param foundUsers by item of the company that can be carried out, the IDs of its users
 * @param findUsers finds users in the company
 */
export async function planReplace(
	run: RunInput,
	{ items, read }: ReadRun,
	credential: string,
	foundUsers: ReadonlyMap<number, string[]>,
	findUsers: FindUsers,
): Promise<ReplacePlan> {
	const planned: PlannedItem[] = [];
	for (const item of items) {
		const { itemIndex, parameters } = item;
		const key = item.credential.ok ? item.credential.value : undefined;
		const says = parameters.ok
			? usableItem(item, parameters.value, key === credential, foundUsers)
			: await unusableItem(parameters.failure.partial, key === credential ? findUsers : undefined);
		if (says) planned.push({ ...says, itemIndex, credential: key });
	}
	const plan = new ReplacePlan(planned);
	const [first] = items;
	if (first && run.hasItems && run.node.executeOnce) leaveWhatOthersName(plan, run, first, read);
	return plan;
}

type Planned = Omit<PlannedItem, 'itemIndex' | 'credential'>;

function usableItem(
	{ itemIndex }: ReadItem,
	{ calls, users, settings }: ItemParameters,
	isOfCompany: boolean,
	foundUsers: ReadonlyMap<number, string[]>,
): Planned | undefined {
	if (settings.operation !== 'replace' || !Array.isArray(calls)) return undefined;
	// The users of another company's item are never sent here: the call is left unchanged.
	const userIds = isOfCompany ? foundUsers.get(itemIndex) : users;
	return {
		callIds: calls,
		callsAreKnown: true,
		callsThrew: false,
		userIds,
		settingsKey: userIds && settingsKey(settings),
	};
}

async function unusableItem(
	partial: PartialParameters,
	findUsers: FindUsers | undefined,
): Promise<Planned | undefined> {
	if (partial.isBlank) return undefined;
	const { callIds, callsAreKnown, callsThrew, usersAreKnown, users } = partial;
	const common = { callIds, callsAreKnown, callsThrew, settingsKey: undefined };
	// Its users count only where it may mean any call.
	if (callsAreKnown || !usersAreKnown) return { ...common, userIds: undefined };
	return { ...common, userIds: users.some(isAddress) ? await findUsers?.(users) : users };
}

/**
 * With Execute Once n8n hands over the first item alone. A call that another item names with other users is left
 * unchanged, since somebody who switched it on did not mean those to lose access.
 */
function leaveWhatOthersName(
	plan: ReplacePlan,
	{ first: { context, itemIndex } }: RunInput,
	{ parameters }: ReadItem,
	read: ReadRun['read'],
): void {
	const inputItems = context.getExecuteData().data.main?.[0] ?? [];
	const users = new Set(parameters.ok ? parameters.value.users : []);
	const own = parameters.ok ? callsNamedIn(parameters.value) : [];
	for (const [index, item] of inputItems.entries()) {
		if (index === itemIndex) continue;
		const other = read(contextOfLeftOut(context, item, index));
		if (other.ok && other.value.users.every((user) => users.has(user))) continue;
		const partial = other.ok ? undefined : other.failure.partial;
		if (partial?.isBlank) continue;
		const named = other.ok ? callsNamedIn(other.value) : (partial?.callIds ?? []);
		const ids = new Set(named.map(withoutZeros));
		// An item whose calls are not all known may mean any call.
		const isAny = partial !== undefined && !partial.callsAreKnown;
		for (const callId of own) {
			if (isAny || ids.has(withoutZeros(callId))) plan.leaveAlone(callId, leftOutByExecuteOnce());
		}
	}
}

/** Why the rows of a replace would list more users than n8n can hold; undefined where they don't. */
export function tooManyUsers(
	plan: ReplacePlan,
	callIdsOfItems: Iterable<string[]>,
): ((callIds: string[]) => Failure) | undefined {
	let users = 0;
	for (const callIds of callIdsOfItems) {
		for (const callId of callIds) users += plan.countFor(callId);
	}
	if (users <= MAX_LISTED_USERS) return undefined;
	return (callIds) => tooManyListedUsers(users, MAX_LISTED_USERS, callIds);
}

/** Why the first of these calls that must be left unchanged must be. */
export function firstConflict(plan: ReplacePlan, callIds: string[]): Failure | undefined {
	for (const callId of callIds) {
		const conflict = plan.conflictOf(callId);
		if (conflict) return conflict;
	}
	return undefined;
}
