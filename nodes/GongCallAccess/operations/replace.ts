import type { Failure } from '../failure';
import { notTried } from '../messages/gongMessages';
import * as messages from '../messages/writeMessages';
import type { AccessChange } from '../gong/access';
import type { CallResult } from '../gong/batchAndBisect';
import { linkedItem } from '../output/linkedItem';
import type { Replacement } from '../output/writeRows';
import { replaceRow } from '../output/writeRows';
import type { ItemRequest, ItemResult, OperationContext } from './itemRequest';
import { callsOf, failuresByCall, mapFailures, resultsOf } from './itemResults';
import { withoutZeros } from './replacePlan';
import { addWhatWasWritten, changeByCall, isRefusedAsWritten, readBackAfter } from './write';

/**
 * Makes exactly the wanted users have API-given access: reads, grants, then revokes, and writes nothing
 * where nothing differs. Who is wanted is in the plan, over all items of the run that name a call.
 */
export async function replace(
	context: OperationContext,
	requests: ItemRequest[],
): Promise<ItemResult[]> {
	const { settings, continues, plan, reading } = context;
	const failures = new Map<string, Failure>();
	for (const callId of callsOf(requests)) {
		const earlier = context.notReplaced.get(callId);
		const conflict = plan.conflictOf(callId) ?? (earlier && asBefore(earlier, callId));
		if (conflict) failures.set(callId, conflict);
	}
	const callIds = callsOf(requests).filter((callId) => !failures.has(callId));
	const listed = await reading.accessTo(callIds);
	for (const [callId, failure] of failuresByCall(listed)) failures.set(callId, failure);
	const differences = new Map<string, Replacement>();
	for (const [callId, result] of listed) {
		if (!result.ok) continue;
		const found = difference(plan.wantedFor(callId), result);
		const conflict = plan.conflictOfRevoking(callId, found.revokedUserIds);
		if (conflict) failures.set(callId, conflict);
		else differences.set(callId, found);
	}
	const known = [...differences.keys()];
	const details = await reading.detailsOf(known, usersIn(differences), failures);
	for (const callId of failures.keys()) differences.delete(callId);
	const mayWrite = !settings.dryRun && (continues || failures.size === 0);
	if (mayWrite) await write(context, differences, failures);
	else if (!settings.dryRun) {
		addWhatWasWritten(context, failures, { half: [], unknown: [], notDone: callIds });
	}
	const wasChanged = (callId: string): boolean => {
		const found = differences.get(callId);
		return found !== undefined && found.grantedUserIds.length + found.revokedUserIds.length > 0;
	};
	const listedAfter = mayWrite
		? await readBackAfter(context, [...differences.keys()], failures, wasChanged)
		: new Map<string, CallResult<string[]>>();

	nameWhatWasSent(context, failures);
	// A failure of a call also counts in a later batch that names the call again.
	for (const [callId, failure] of failures) context.notReplaced.set(callId, failure);
	return resultsOf(
		context,
		requests,
		() => failures,
		(request) =>
			request.callIds.flatMap((callId) => {
				const found = differences.get(callId);
				if (!found || failures.has(callId)) return [];
				const after = listedAfter.get(callId);
				if (!after?.ok) {
					const row = replaceRow(callId, found, settings.dryRun, details);
					return [linkedItem(row, request.itemIndex)];
				}
				const still = difference(plan.wantedFor(callId), after);
				const odd = { notListed: still.grantedUserIds, stillListed: still.revokedUserIds };
				const requestIds = [...found.requestIds, ...still.requestIds];
				const row = replaceRow(callId, { ...found, requestIds }, settings.dryRun, details, odd);
				return [linkedItem(row, request.itemIndex)];
			}),
	);
}

/** Says for what Gong refused whose users it were, or which items they came from. */
function nameWhatWasSent({ plan }: OperationContext, failures: Map<string, Failure>): void {
	for (const [callId, failure] of failures) {
		const items = plan.itemsOf(callId);
		if (!isRefusedAsWritten(failure)) continue;
		failures.set(
			callId,
			items.length > 1
				? messages.refusedTogether(failure, [...items])
				: messages.refusedForUsers(failure, plan.wantedFor(callId)),
		);
	}
}

/** The users that the row of a call names. */
function usersIn(differences: Map<string, Replacement>): (callId: string) => string[] {
	return (callId) => {
		const found = differences.get(callId);
		if (!found) return [];
		return [...found.grantedUserIds, ...found.revokedUserIds, ...found.unchangedUserIds];
	};
}

/** The failure of a call that an earlier batch could not replace: its write had the users of all batches. */
function asBefore(earlier: Failure, callId: string): Failure {
	return earlier.outcome === 'unknown'
		? { ...earlier, callIds: [callId] }
		: notTried(earlier, [callId]);
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

/** Grants, then revokes; a call whose grant did not come through keeps what it has. */
async function write(
	context: OperationContext,
	differences: Map<string, Replacement>,
	failures: Map<string, Failure>,
): Promise<void> {
	const toGrant = changesOf(differences, 'grantedUserIds');
	const toRevoke = changesOf(differences, 'revokedUserIds');
	const granted = await step(context, 'PUT', toGrant, differences);
	const failed = failuresByCall(granted);
	for (const callId of failed.keys()) toRevoke.delete(callId);
	const mayRevoke = context.continues || failed.size === 0;
	const revoked = mayRevoke
		? await step(context, 'DELETE', toRevoke, differences)
		: new Map<string, CallResult<true>>();
	const kept = failuresByCall(revoked);
	const isHalf = (callId: string): boolean => granted.get(callId)?.ok === true;
	const halves = new Map([...kept].filter(([callId]) => isHalf(callId)));
	for (const some of [failed, kept, mapFailures(halves, messages.halfReplaced)]) {
		for (const [callId, failure] of some) failures.set(callId, failure);
	}

	const end: Omit<messages.Written, 'accepted' | 'earlier'> = {
		half: [],
		unknown: [],
		notDone: [],
	};
	for (const [callId, { grantedUserIds, revokedUserIds }] of differences) {
		const steps = [
			...(grantedUserIds.length > 0 ? [granted.get(callId)] : []),
			...(revokedUserIds.length > 0 ? [revoked.get(callId)] : []),
		];
		const done = steps.filter((result) => result?.ok).length;
		const unclear = steps.some((result) => result?.ok === false && isUnclear(result.failure));
		if (unclear) end.unknown.push(callId);
		else if (done < steps.length) (done > 0 ? end.half : end.notDone).push(callId);
		else if (done > 0) context.written.add(callId);
	}
	addWhatWasWritten(context, failures, end);
}

/** Whether it is not known if a change was carried out. */
function isUnclear({ outcome }: Failure): boolean {
	return outcome === 'unknown';
}

function changesOf(
	differences: Map<string, Replacement>,
	list: 'grantedUserIds' | 'revokedUserIds',
): AccessChange {
	const change: AccessChange = new Map();
	for (const [callId, found] of differences) {
		if (found[list].length > 0) change.set(callId, new Map([['', found[list]]]));
	}
	return change;
}

async function step(
	context: OperationContext,
	method: 'PUT' | 'DELETE',
	change: AccessChange,
	differences: Map<string, Replacement>,
): Promise<Map<string, CallResult<true>>> {
	const results = await changeByCall(context, method, change);
	for (const [callId, result] of results) {
		if (!result.ok || result.requestId === null) continue;
		differences.get(callId)?.requestIds.push(result.requestId);
	}
	return results;
}
