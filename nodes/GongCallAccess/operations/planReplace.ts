import type { Failure, Result } from '../failure';
import { leftOutByExecuteOnce, tooManyListedUsers } from '../messages/writeMessages';
import type { ItemContext } from '../parameters/itemContext';
import { contextAhead } from '../parameters/itemContext';
import type { ItemParameters, Settings } from '../parameters/itemParameters';
import type { ItemRequest, UnusableItem } from './itemRequest';
import type { PlannedItem } from './replacePlan';
import { ReplacePlan, withoutZeros } from './replacePlan';

// About 25 MB of JSON: 1,000 items that each name one of 1,000 users of a call list a million.
const MAX_LISTED_USERS = 1_000_000;

/** The calls that an item names; none for a period. */
export function callsIn({ calls }: ItemParameters): string[] {
	return Array.isArray(calls) ? calls : [];
}

/** What tells settings apart, except for those that change no row and nothing that is written. */
export function settingsKey(settings: Settings): string {
	const pace = { callsPerRequest: undefined, maxWaitMs: undefined, requestsPerSecond: undefined };
	return JSON.stringify({ ...settings, ...pace });
}

/**
 * Plans who is to have access after a replace, by all items of the run.
 * @param requests all items of the run that are known, those that failed too
 * @param userIdsOf finds the IDs of an item's users; undefined where not all of them can be found
 */
export async function planReplace(
	requests: Iterable<ItemRequest>,
	userIdsOf: (request: ItemRequest, users: string[]) => Promise<string[] | undefined>,
): Promise<ReplacePlan> {
	const planned: PlannedItem[] = [];
	for (const request of requests) {
		const { parameters, itemIndex, credential } = request;
		const item = parameters?.ok
			? await usableItem(request, parameters.value, userIdsOf)
			: parameters && (await unusableItem(request, parameters.failure, userIdsOf));
		if (item) planned.push({ ...item, itemIndex, credential });
	}
	return new ReplacePlan(planned);
}

type UserIdsOf = Parameters<typeof planReplace>[1];
type Planned = Omit<PlannedItem, 'itemIndex' | 'credential'>;

async function usableItem(
	request: ItemRequest,
	{ calls, users, settings }: ItemParameters,
	userIdsOf: UserIdsOf,
): Promise<Planned | undefined> {
	if (settings.operation !== 'replace' || !Array.isArray(calls)) return undefined;
	const userIds = request.hasFailed ? undefined : await userIdsOf(request, users);
	return {
		callIds: calls,
		callsAreKnown: true,
		callsThrew: false,
		userIds,
		settingsKey: userIds && settingsKey(settings),
	};
}

async function unusableItem(
	request: ItemRequest,
	{ partial }: UnusableItem,
	userIdsOf: UserIdsOf,
): Promise<Planned | undefined> {
	if (partial.isBlank) return undefined;
	const { callIds, callsAreKnown, callsThrew, usersAreKnown, users } = partial;
	// Its users count only where it may mean any call.
	const isNeeded = !callsAreKnown && usersAreKnown;
	const userIds = isNeeded ? await userIdsOf(request, users) : undefined;
	return { callIds, callsAreKnown, callsThrew, userIds, settingsKey: undefined };
}

/**
 * With Execute Once n8n hands over the first item alone. A call that another item names with other users is
 * left alone, since somebody who switched it on did not mean those to lose access.
 * @param read reads the parameters of an item of the run
 */
export function keepLeftOut(
	plan: ReplacePlan,
	{ itemIndex, context, parameters }: ItemRequest,
	read: (context: ItemContext) => Result<ItemParameters, UnusableItem>,
): void {
	const items = context.getExecuteData().data.main?.[0] ?? [];
	const users = new Set(parameters?.ok ? parameters.value.users : []);
	const own = parameters?.ok ? callsIn(parameters.value) : [];
	for (const [index, item] of items.entries()) {
		if (index === itemIndex) continue;
		const other = read(contextAhead(context, item, index));
		if (other.ok && other.value.users.every((user) => users.has(user))) continue;
		const partial = other.ok ? undefined : other.failure.partial;
		if (partial?.isBlank) continue;
		const named = other.ok ? callsIn(other.value) : (partial?.callIds ?? []);
		const ids = new Set(named.map(withoutZeros));
		// An item whose calls are not all known may mean any call.
		const isAny = partial !== undefined && !partial.callsAreKnown;
		for (const callId of own) {
			if (isAny || ids.has(withoutZeros(callId))) plan.leaveAlone(callId, leftOutByExecuteOnce());
		}
	}
}

/** Why the rows of a replace, over the whole run, would list more users than n8n can hold; undefined if not. */
export function tooManyUsers(
	plan: ReplacePlan,
	requests: Iterable<ItemRequest>,
): ((callIds: string[]) => Failure) | undefined {
	let users = 0;
	for (const { parameters } of requests) {
		if (!parameters?.ok || parameters.value.settings.operation !== 'replace') continue;
		for (const callId of callsIn(parameters.value)) users += plan.countFor(callId);
	}
	if (users <= MAX_LISTED_USERS) return undefined;
	return (callIds) => tooManyListedUsers(users, MAX_LISTED_USERS, callIds);
}

/** Why the first of these calls that must be left alone must be. */
export function firstConflict(plan: ReplacePlan, callIds: string[]): Failure | undefined {
	for (const callId of callIds) {
		const conflict = plan.conflictOf(callId);
		if (conflict) return conflict;
	}
	return undefined;
}
