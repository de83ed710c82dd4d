import { AccessReading } from './operations/accessReading';
import { Directory } from './operations/directory';
import { CallFinder, UserFinder } from './operations/finders';
import type { AskedItem } from './operations/operation';
import { MAX_ROWS } from './output/rows';
import { isAddress } from './parameters/ids';
import type { ItemParameters, Settings } from './parameters/itemParameters';
import { isRead } from './parameters/operationNames';
import { tooManyRows } from './messages/inputMessages';
import { callsNamedIn } from './planRun';
import type { RunState, Step } from './runState';
import { failItem, refuseItem } from './runState';
import type { RunClient } from './transport/createClient';
import { createRunClient } from './transport/createClient';

/** An item whose parameters and credential are good. */
export interface UsableItem {
	itemIndex: number;
	parameters: ItemParameters;
	credential: string;
}

/** Items that share requests: of one company, with the same settings. */
export interface SettingsGroup {
	items: UsableItem[];
	settings: Settings;
}

/** A Gong company that can be asked, and what is looked up there once a run. */
export interface Company extends RunClient {
	calls: CallFinder;
	users: UserFinder;
	directory: Directory;
}

/** A group whose calls and users are known; items that failed are not in it. */
export interface FoundGroup {
	items: AskedItem[];
	settings: Settings;
	reading: AccessReading;
}

/** The client for a company, with the first of its items that n8n hands over: requests sign in as that item. */
export async function connect(
	run: RunState,
	items: UsableItem[],
	settings: Settings,
): Promise<Company> {
	const { context, routing } = await run.input.handedOver(items.map(({ itemIndex }) => itemIndex));
	const { client, onProgress } = await createRunClient(
		run.log.contextFor(context),
		routing,
		settings,
		run.abort,
	);
	return {
		client,
		onProgress(done, of) {
			run.log.count(done, of);
			onProgress(done, of);
		},
		calls: new CallFinder(client, run.abort),
		users: new UserFinder(client, run.abort),
		directory: new Directory(run.abort),
	};
}

/** Finds the calls of periods and the users of e-mail addresses, all at the same time. */
export async function find(
	run: RunState,
	company: Company,
	groups: SettingsGroup[],
): Promise<FoundGroup[]> {
	const { abort, outputs } = run;
	return await Promise.all(
		groups.map(async ({ items, settings }) => {
			const { maxWaitMs, requestsPerSecond } = settings;
			const reading = new AccessReading({
				client: company.client.with({ maxWaitMs, requestsPerSecond }),
				abort,
				settings,
				continues: outputs.continues,
				onProgress: company.onProgress,
			});
			// What one group writes, another may have to see.
			if (groups.length === 1) readMeanwhile(run, reading, items, settings);
			const found = await Promise.all(
				items.map((item) =>
					isFound(item) ? asked(run, item) : findItem(run, company, reading, item),
				),
			);
			return { items: found.filter((item) => item !== undefined), settings, reading };
		}),
	);
}

/** Set to continue: reads who has access while the users of e-mail addresses are looked up, where both are needed. */
function readMeanwhile(
	{ outputs }: RunState,
	reading: AccessReading,
	items: UsableItem[],
	{ operation, dryRun }: Settings,
): void {
	const isNeeded = operation === 'replace' || (!isRead(operation) && dryRun);
	if (!outputs.continues || !isNeeded || items.every(isFound)) return;
	const callIds = items.flatMap(({ parameters }) => callsNamedIn(parameters));
	if (callIds.length <= MAX_ROWS) reading.add(callIds);
}

function isFound({ parameters: { calls, users } }: UsableItem): boolean {
	return Array.isArray(calls) && !users.some(isAddress);
}

/** An item that needs no look-up; undefined where it has too many calls. */
function asked(run: RunState, { itemIndex, parameters }: UsableItem): AskedItem | undefined {
	const item = { itemIndex, callIds: callsNamedIn(parameters), userIds: parameters.users };
	return refuseTooManyCalls(run, item, parameters.settings) ? undefined : item;
}

async function findItem(
	run: RunState,
	{ calls, users }: Company,
	reading: AccessReading,
	{ itemIndex, parameters }: UsableItem,
): Promise<AskedItem | undefined> {
	try {
		// The calls of a page are asked for while the next page is listed.
		const callIds = Array.isArray(parameters.calls)
			? parameters.calls
			: await calls.idsIn(parameters.calls, (some) => reading.add(some));
		if (!Array.isArray(callIds) && !callIds.ok) {
			refuseItem(run, itemIndex, callIds.failure);
			return undefined;
		}
		const ids = Array.isArray(callIds) ? callIds : callIds.value;
		const isPeriod = !Array.isArray(parameters.calls);
		const item = { itemIndex, callIds: ids, isPeriod, userIds: parameters.users };
		if (refuseTooManyCalls(run, item, parameters.settings)) return undefined;
		const userIds = await users.idsOf(parameters.users, parameters.usersLabel);
		if (!userIds.ok) {
			refuseItem(run, itemIndex, { ...userIds.failure, callIds: ids });
			return undefined;
		}
		return { ...item, userIds: userIds.value };
	} catch (thrown) {
		failItem(run, itemIndex, 'answering', thrown, callsNamedIn(parameters));
		return undefined;
	}
}

/** Refuses more calls than n8n can take rows, before anything is sent for them. */
function refuseTooManyCalls(
	run: RunState,
	{ itemIndex, callIds }: AskedItem,
	settings: Settings,
): boolean {
	const { operation, splitInto, includeCallsWithoutUsers } = settings;
	const hasRowForEach =
		!isRead(operation) ||
		splitInto === 'calls' ||
		(splitInto === 'users' && includeCallsWithoutUsers);
	if (!hasRowForEach || callIds.length <= MAX_ROWS) return false;
	refuseItem(run, itemIndex, tooManyRows(callIds.length, MAX_ROWS, callIds));
	return true;
}

/** Fails those of these items that have no output yet. */
export function failRest(run: RunState, items: UsableItem[], step: Step, thrown: unknown): void {
	for (const { itemIndex, parameters } of items) {
		if (run.outputs.has(itemIndex)) continue;
		failItem(run, itemIndex, step, thrown, callsNamedIn(parameters));
	}
}
