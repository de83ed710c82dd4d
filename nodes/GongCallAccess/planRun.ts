import type { Failure } from './failure';
import { withoutZeros } from './gong/zeros';
import { groupBy } from './groupBy';
import { leftOutByExecuteOnce, tooMuchChanged } from './messages/writeMessages';
import type { AskedItem } from './operations/operation';
import type { PlannedItem } from './operations/replacePlan';
import { ReplacePlan } from './operations/replacePlan';
import { Turns } from './transport/turns';
import type { RunSize } from './output/runSize';
import { MAX_RUN_BYTES, sizeOfChanged } from './output/runSize';
import { isAddress } from './parameters/ids';
import { isRead } from './parameters/operationNames';
import { contextOfLeftOut } from './parameters/itemContext';
import type { ItemParameters, PartialParameters, Settings } from './parameters/itemParameters';
import type { ReadItem, ReadRun } from './readItems';
import type { RunInput } from './runInput';

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
 * @param foundUsers by item of any company that can be carried out, the IDs of its users
 * @param findUsers finds users in the company
 */
export async function planReplace(
	run: RunInput,
	{ items, read }: ReadRun,
	credential: string,
	foundUsers: ReadonlyMap<number, string[]>,
	findUsers: FindUsers,
): Promise<ReplacePlan> {
	const turns = new Turns();
	const planned: PlannedItem[] = [];
	for (const item of items) {
		const { itemIndex, parameters } = item;
		const key = item.credential.ok ? item.credential.value : undefined;
		const says = parameters.ok
			? usableItem(item, parameters.value, foundUsers)
			: await unusableItem(parameters.failure.partial, key === credential ? findUsers : undefined);
		if (says) planned.push({ ...says, itemIndex, credential: key });
		if (turns.isDue) await turns.next();
	}
	const plan = new ReplacePlan(planned);
	const [first] = items;
	if (first && run.hasItems && run.node.executeOnce) {
		await leaveWhatOthersName(plan, run, first, read, turns);
	}
	return plan;
}

type Planned = Omit<PlannedItem, 'itemIndex' | 'credential'>;

function usableItem(
	{ itemIndex }: ReadItem,
	{ calls, users, settings }: ItemParameters,
	foundUsers: ReadonlyMap<number, string[]>,
): Planned | undefined {
	if (settings.operation !== 'replace' || !Array.isArray(calls)) return undefined;
	const found = foundUsers.get(itemIndex);
	return {
		callIds: calls,
		callsAreKnown: true,
		callsThrew: false,
		userIds: found ?? (users.some(isAddress) ? undefined : users),
		settingsKey: found && settingsKey(settings),
	};
}

async function unusableItem(
	partial: PartialParameters,
	findUsers: FindUsers | undefined,
): Promise<Planned | undefined> {
	const { isBlank, callIds, callsAreKnown, callsThrew, usersAreKnown, users } = partial;
	if (isBlank) return undefined;
	const common = { callIds, callsAreKnown, callsThrew, settingsKey: undefined };
	if (!usersAreKnown) return { ...common, userIds: undefined };
	return { ...common, userIds: users.some(isAddress) ? await findUsers?.(users) : users };
}

/**
 * With Execute Once n8n hands over the first item alone. A call that another item names with other users is left
 * unchanged, since somebody who switched it on did not mean those to lose access.
 */
async function leaveWhatOthersName(
	plan: ReplacePlan,
	{ first: { context, itemIndex } }: RunInput,
	{ parameters }: ReadItem,
	read: ReadRun['read'],
	turns: Turns,
): Promise<void> {
	const inputItems = context.getExecuteData().data.main?.[0] ?? [];
	const users = new Set(parameters.ok ? parameters.value.users : []);
	const own = parameters.ok ? callsNamedIn(parameters.value) : [];
	const byNumber = groupBy(own, withoutZeros);
	await turns.forEach(inputItems.entries(), ([index, item]) => {
		if (index === itemIndex) return;
		const other = read(contextOfLeftOut(context, item, index));
		const partial = other.ok ? undefined : other.failure.partial;
		if (partial?.isBlank) return;
		const itsUsers = other.ok ? other.value.users : partial?.usersAreKnown && partial.users;
		if (itsUsers && itsUsers.every((user) => users.has(user))) return;
		const named = other.ok ? callsNamedIn(other.value) : (partial?.callIds ?? []);
		for (const callId of named.flatMap((id) => byNumber.get(withoutZeros(id)) ?? [])) {
			plan.leaveAlone(callId, leftOutByExecuteOnce(true));
		}
		// An item whose calls are not all known may mean any call.
		if (partial?.callsAreKnown !== false) return;
		for (const callId of own) plan.leaveAlone(callId, leftOutByExecuteOnce(false));
	});
}

/**
 * Why the rows of changes would be more than n8n can save; undefined where they are not. Who loses access by a replace
 * is not known yet, and counts later.
 */
export async function tooMuchToChange(
	plan: ReplacePlan,
	groups: ReadonlyArray<{ items: AskedItem[]; settings: Settings }>,
	size: RunSize,
): Promise<((isReplace: boolean, callIds: string[]) => Failure) | undefined> {
	const turns = new Turns();
	let canSave = true;
	for (const { items, settings } of groups) {
		if (isRead(settings.operation)) continue;
		const isReplace = settings.operation === 'replace';
		// A dry run lists again those whose access would change.
		const lists = !isReplace && settings.dryRun ? 2 : 1;
		for (const { callIds, userIds } of items) {
			await turns.forEach(callIds, (callId) => {
				const users = isReplace ? plan.countFor(callId) : userIds.length;
				canSave = size.add(sizeOfChanged(lists * users, settings));
			});
		}
	}
	if (canSave) return undefined;
	return (isReplace, callIds) => tooMuchChanged(MAX_RUN_BYTES, isReplace, callIds);
}

/** Why the first of these calls that must be left unchanged must be. */
export function firstConflict(plan: ReplacePlan, callIds: string[]): Failure | undefined {
	for (const callId of callIds) {
		const conflict = plan.conflictOf(callId);
		if (conflict) return conflict;
	}
	return undefined;
}
