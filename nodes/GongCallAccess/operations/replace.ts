import type { Failure } from '../failure';
import type { AccessChange } from '../gong/access';
import type { CallResult } from '../gong/callRequests';
import { withoutZeros } from '../gong/zeros';
import * as messages from '../messages/writeMessages';
import { linkedItem } from '../output/linkedItem';
import { MAX_RUN_BYTES, sizeOfChanged } from '../output/runSize';
import type { Replacement } from '../output/writeRows';
import { replaceRow } from '../output/writeRows';
import {
	addWhatWasWritten,
	changeByCall,
	isRefusedAsWritten,
	readBackAfter,
	withUsers,
} from './changes';
import { callsOf, failuresByCall, mapFailures, resultsOf } from './itemResults';
import type { AskedItem, ItemResult, OperationContext } from './operation';
import { Turns } from '../transport/turns';
import type { WriteMethod } from './writeLedger';

/** By call, how access differs from what is wanted, and what was written of that. */
type Differences = Map<string, Replacement>;

/**
 * Makes exactly the wanted users have API-given access: reads, grants, then revokes, and writes nothing
 * where nothing differs. Who is wanted is in the plan, over all items of the run that name a call.
 */
export async function replace(
	context: OperationContext,
	items: AskedItem[],
): Promise<ItemResult[]> {
	const { settings, continues, plan, reading } = context;
	const turns = new Turns();
	const failures = new Map<string, Failure>();
	for (const callId of callsOf(items)) {
		const conflict = plan.conflictOf(callId);
		if (conflict) failures.set(callId, conflict);
	}
	const callIds = callsOf(items).filter((callId) => !failures.has(callId));
	const listed = await reading.accessTo(callIds);
	for (const [callId, failure] of failuresByCall(listed)) failures.set(callId, failure);
	const differences: Differences = new Map();
	await turns.forEach(listed, ([callId, result]) => {
		if (!result.ok || failures.has(callId)) return;
		const found = difference(plan.wantedFor(callId), result);
		const conflict = plan.conflictOfRevoking(callId, found.revokedUserIds);
		if (conflict) failures.set(callId, conflict);
		else differences.set(callId, found);
	});
	refuseTooMuch(context, items, differences, failures);
	const known = [...differences.keys()];
	const details = await reading.detailsOf(known, usersNamedIn(differences), failures);
	for (const callId of failures.keys()) differences.delete(callId);
	const mayWrite = !settings.dryRun && (continues || failures.size === 0);
	let refusedUsers: ReadonlyMap<string, string[]> = new Map();
	if (mayWrite) refusedUsers = await write(context, differences, failures);
	else if (!settings.dryRun) {
		for (const [callId, found] of differences) {
			if (!isChanged(found)) context.ledger.leave(context.group, callId);
		}
		const notDone = callIds.filter((callId) => {
			const found = differences.get(callId);
			return found === undefined || isChanged(found);
		});
		addWhatWasWritten(context, failures, { half: [], unknown: [], notDone });
	}
	const listedAfter = mayWrite
		? await readBackAfter(context, [...differences.keys()], failures, (callId) =>
				isChanged(differences.get(callId)),
			)
		: new Map<string, CallResult<string[]>>();

	// Worked out once for each call, however many items name it.
	const outcomes = new Map<string, ReplaceOutcome>();
	const outcomeOf = (callId: string, found: Replacement): ReplaceOutcome => {
		const told = settings.dryRun ? found : withEarlierTries(context, callId, found);
		const after = listedAfter.get(callId);
		if (!after?.ok) return { told };
		const still = difference(plan.wantedFor(callId), after);
		const odd = { notListed: still.grantedUserIds, stillListed: still.revokedUserIds };
		return { told: { ...told, requestIds: [...found.requestIds, ...still.requestIds] }, odd };
	};
	return await resultsOf(
		context,
		items,
		turns,
		(item) => failuresOfItem(context, item, failures, refusedUsers),
		({ itemIndex }, callId) => {
			const found = differences.get(callId);
			if (!found) return [];
			const outcome = outcomes.get(callId) ?? outcomeOf(callId, found);
			outcomes.set(callId, outcome);
			const row = replaceRow(callId, outcome.told, settings.dryRun, details, outcome.odd);
			return [linkedItem(row, itemIndex)];
		},
	);
}

/** What came of a call, and how Gong's answer after it differs from what is wanted. */
interface ReplaceOutcome {
	told: Replacement;
	odd?: { notListed: string[]; stillListed: string[] };
}

/** Refuses all calls where n8n could not save the rows with those who lose access, whom only Gong's answer names. */
function refuseTooMuch(
	{ settings, size }: OperationContext,
	items: AskedItem[],
	differences: Differences,
	failures: Map<string, Failure>,
): void {
	let canSave = true;
	for (const callId of items.flatMap(({ callIds }) => callIds)) {
		const lose = differences.get(callId)?.revokedUserIds.length ?? 0;
		if (lose > 0) canSave = size.add(sizeOfChanged(lose, settings));
	}
	if (canSave) return;
	const callIds = [...differences.keys()];
	const tooMuch = messages.tooMuchChanged(MAX_RUN_BYTES, true, callIds);
	for (const callId of callIds) {
		if (!failures.has(callId)) failures.set(callId, tooMuch);
	}
}

/** The users that the row of a call names. */
function usersNamedIn(differences: Differences): (callId: string) => string[] {
	return (callId) => {
		const found = differences.get(callId);
		if (!found) return [];
		return [...found.grantedUserIds, ...found.revokedUserIds, ...found.unchangedUserIds];
	};
}

function isChanged(found: Replacement | undefined): boolean {
	return found !== undefined && found.grantedUserIds.length + found.revokedUserIds.length > 0;
}

/**
 * What all tries of the run did to a call that is now as asked. What an earlier try sent without an answer was carried
 * out, or this try would have had to send it again.
 */
function withEarlierTries(
	{ ledger }: OperationContext,
	callId: string,
	found: Replacement,
): Replacement {
	const granted = new Set([...ledger.usersOf('PUT', callId), ...found.grantedUserIds]);
	const revoked = new Set([...ledger.usersOf('DELETE', callId), ...found.revokedUserIds]);
	return {
		...found,
		grantedUserIds: [...granted],
		revokedUserIds: [...revoked],
		unchangedUserIds: found.unchangedUserIds.filter((userId) => !granted.has(userId)),
	};
}

function difference(
	wanted: string[],
	{ value, requestId }: { value: string[]; requestId: string | null },
): Replacement {
	const has = new Set(value.map(withoutZeros));
	const wants = new Set(wanted.map(withoutZeros));
	return {
		grantedUserIds: wanted.filter((userId) => !has.has(withoutZeros(userId))),
		revokedUserIds: value.filter((userId) => !wants.has(withoutZeros(userId))),
		unchangedUserIds: wanted.filter((userId) => has.has(withoutZeros(userId))),
		requestIds: requestId === null ? [] : [requestId],
	};
}

/**
 * Grants, then revokes; a call whose grant was not accepted keeps what it has.
 * @returns by call that was not changed, the users of the request
 */
async function write(
	context: OperationContext,
	differences: Differences,
	failures: Map<string, Failure>,
): Promise<ReadonlyMap<string, string[]>> {
	const toGrant = changesIn(differences, 'grantedUserIds');
	const toRevoke = changesIn(differences, 'revokedUserIds');
	const granted = await change(context, 'PUT', toGrant, differences);
	const notGranted = failuresByCall(granted);
	for (const callId of notGranted.keys()) toRevoke.delete(callId);
	const mayRevoke = context.continues || notGranted.size === 0;
	const revoked = mayRevoke
		? await change(context, 'DELETE', toRevoke, differences)
		: new Map<string, CallResult<true>>();
	const notRevoked = failuresByCall(revoked);
	const halves = new Map([...notRevoked].filter(([callId]) => granted.get(callId)?.ok === true));
	for (const some of [notGranted, notRevoked, mapFailures(halves, messages.halfReplaced)]) {
		for (const [callId, failure] of some) failures.set(callId, failure);
	}

	const ends = { half: [] as string[], unknown: [] as string[], notDone: [] as string[] };
	for (const [callId, { grantedUserIds, revokedUserIds }] of differences) {
		const steps = [
			...(grantedUserIds.length > 0 ? [granted.get(callId)] : []),
			...(revokedUserIds.length > 0 ? [revoked.get(callId)] : []),
		];
		const done = steps.filter((result) => result?.ok).length;
		if (steps.some((result) => result?.ok === false && result.failure.outcome === 'unknown')) {
			ends.unknown.push(callId);
		} else if (done < steps.length) (done > 0 ? ends.half : ends.notDone).push(callId);
		else if (done > 0 || context.ledger.stateOf(callId) !== undefined)
			context.ledger.finish(context.group, callId);
		else context.ledger.leave(context.group, callId);
	}
	addWhatWasWritten(context, failures, ends);
	const usersSent = (change: AccessChange) => (callId: string) =>
		[callId, change.get(callId)?.get('') ?? []] as const;
	return new Map([
		...[...notGranted.keys()].map(usersSent(toGrant)),
		...[...notRevoked.keys()].map(usersSent(toRevoke)),
	]);
}

function changesIn(
	differences: Differences,
	list: 'grantedUserIds' | 'revokedUserIds',
): AccessChange {
	const changes: AccessChange = new Map();
	for (const [callId, found] of differences) {
		if (found[list].length > 0) changes.set(callId, new Map([['', found[list]]]));
	}
	return changes;
}

async function change(
	context: OperationContext,
	method: WriteMethod,
	wanted: AccessChange,
	differences: Differences,
): Promise<Map<string, CallResult<true>>> {
	const results = await changeByCall(context, method, wanted);
	for (const [callId, result] of results) {
		if (!result.ok || result.requestId === null) continue;
		differences.get(callId)?.requestIds.push(result.requestId);
	}
	return results;
}

/** The failures of an item's calls; of a refused change with its users, or with the items that they came from. */
function failuresOfItem(
	{ plan, continues }: OperationContext,
	{ callIds }: AskedItem,
	failures: Map<string, Failure>,
	refusedUsers: ReadonlyMap<string, string[]>,
): Map<string, Failure> {
	const own = new Map<string, Failure>();
	const ofWrites = new Map<string, Failure>();
	for (const callId of callIds) {
		const failure = failures.get(callId);
		if (failure) own.set(callId, failure);
		// A read may be refused in the same words, and is about no users.
		if (failure && refusedUsers.has(callId)) ofWrites.set(callId, failure);
	}
	const told = mapFailures(ofWrites, (failure, ofItem) => {
		// Set to stop, an unknown user is one of all that the request named.
		const isOfRequest = !continues && failure.saysUnknownUser;
		const concerned = isOfRequest
			? [...failures].flatMap(([callId, other]) => (other.saysUnknownUser ? [callId] : []))
			: ofItem;
		const users = new Set(concerned.flatMap((callId) => refusedUsers.get(callId) ?? []));
		if (!isRefusedAsWritten(failure) || users.size === 0) return failure;
		const sentTogether = new Set(concerned.flatMap((callId) => plan.itemsOf(callId)));
		return withUsers(failure, [...users], [...sentTogether]);
	});
	return new Map([...own, ...told]);
}
