import type { IDataObject } from 'n8n-workflow';
import type { Failure } from '../failures';
import { changeAccess, READ_ACCESS } from '../asking/access';
import type { AccessChange } from '../gong/api';
import type { CallOutcome } from '../asking/byCall';
import { askByCall } from '../asking/byCall';
import * as messages from '../messages';
import { linkedItem } from '../output/items';
import type { ItemRequest, ItemResult, OperationContext } from './itemRequest';
import { byCallOptions, callsOf, failuresByCall, mapFailures, resultsOf } from './itemRequest';
import { withoutZeros } from './replacePlan';

/** Gives or takes individual access. Entries of one call from several items travel as one. */
export async function change(
	context: OperationContext,
	requests: ItemRequest[],
): Promise<ItemResult[]> {
	const grants = context.settings.operation === 'grant';
	return context.settings.dryRun
		? await dryRun(context, requests, grants)
		: await write(context, requests, grants);
}

async function dryRun(
	context: OperationContext,
	requests: ItemRequest[],
	grants: boolean,
): Promise<ItemResult[]> {
	const listed = await readAccess(context, callsOf(requests));
	return resultsOf(context, requests, failuresByCall(listed), ({ callIds, userIds, itemIndex }) =>
		callIds.flatMap((callId) => {
			const outcome = listed.get(callId);
			if (outcome?.kind !== 'found') return [];
			const has = new Set(outcome.value.map(withoutZeros));
			const row = {
				callId,
				userIds: [...userIds],
				dryRun: true,
				[grants ? 'wouldGrantUserIds' : 'wouldRevokeUserIds']: userIds.filter(
					(userId) => has.has(withoutZeros(userId)) !== grants,
				),
				requestId: outcome.requestId,
			};
			return [linkedItem(row, itemIndex)];
		}),
	);
}

async function write(
	context: OperationContext,
	requests: ItemRequest[],
	grants: boolean,
): Promise<ItemResult[]> {
	const outcomes = await changeByCall(context, grants ? 'PUT' : 'DELETE', usersByCall(requests));
	const failures = failuresByCall(outcomes);
	const accepted = [...outcomes].filter(([, { kind }]) => kind === 'found').map(([id]) => id);
	for (const callId of accepted) context.written.add(callId);
	const unclear = [...failures].filter(([, { outcome }]) => outcome === 'unknown');
	const unknown = unclear.map(([callId]) => callId);
	const inDoubt = new Set(unknown);
	const notDone = [...failures.keys()].filter((callId) => !inDoubt.has(callId));
	tellWhatWasWritten(context, failures, { half: [], unknown, notDone });
	const readBack = await readBackAfter(context, accepted, failures);
	return resultsOf(context, requests, failures, ({ callIds, userIds, itemIndex }) =>
		callIds.flatMap((callId) => {
			const outcome = outcomes.get(callId);
			if (outcome?.kind !== 'found' || failures.has(callId)) return [];
			const row: IDataObject = { callId, userIds: [...userIds], accepted: true, dryRun: false };
			const after = readBack.get(callId);
			if (after?.kind === 'found') {
				const has = new Set(after.value.map(withoutZeros));
				const odd = userIds.filter((userId) => has.has(withoutZeros(userId)) !== grants);
				row[grants ? 'notListed' : 'stillListed'] = odd;
			}
			row.requestId = after?.kind === 'found' ? after.requestId : outcome.requestId;
			return [linkedItem(row, itemIndex)];
		}),
	);
}

/** The users of each call over all items, each once. */
function usersByCall(requests: ItemRequest[]): AccessChange {
	const users = new Map<string, Set<string>>();
	for (const { callIds, userIds } of requests) {
		for (const callId of callIds) {
			const all = users.get(callId) ?? new Set();
			for (const userId of userIds) all.add(userId);
			users.set(callId, all);
		}
	}
	return new Map([...users].map(([callId, all]) => [callId, [...all]]));
}

/** Who is listed for each call. */
export async function readAccess(
	context: OperationContext,
	callIds: string[],
): Promise<Map<string, CallOutcome<string[]>>> {
	const options = byCallOptions(context, callIds.length);
	return await askByCall(context.sender, callIds, READ_ACCESS, options);
}

/**
 * Reads accepted changes back, where that is asked for and somebody will see it.
 * @param failures the calls without a row so far; those that cannot be read back come to them
 * @param wasChanged whether anything was written for a call
 */
export async function readBackAfter(
	context: OperationContext,
	callIds: string[],
	failures: Map<string, Failure>,
	wasChanged: (callId: string) => boolean = () => true,
): Promise<Map<string, CallOutcome<string[]>>> {
	if (!context.settings.readBack || (!context.continues && failures.size > 0)) return new Map();
	const listed = await readAccess(
		context,
		callIds.filter((callId) => !failures.has(callId)),
	);
	const unread = [...failuresByCall(listed)];
	const changed = new Map(unread.filter(([callId]) => wasChanged(callId)));
	const unchanged = new Map(unread.filter(([callId]) => !wasChanged(callId)));
	for (const some of [
		mapFailures(changed, messages.notReadBack),
		mapFailures(unchanged, messages.unchangedNotReadBack),
	]) {
		for (const [callId, failure] of some) failures.set(callId, failure);
	}
	return listed;
}

/** Sends a change. Set to stop, unknown calls are looked for by reading, so that no half is written. */
export async function changeByCall(
	context: OperationContext,
	method: 'PUT' | 'DELETE',
	wanted: AccessChange,
): Promise<Map<string, CallOutcome<true>>> {
	const callIds = [...wanted.keys()];
	for (const callId of callIds) context.begun.add(callId);
	return await askByCall(context.sender, callIds, changeAccess(method, wanted), {
		...byCallOptions(context, callIds.length),
		search: context.continues ? undefined : READ_ACCESS,
	});
}

/** Set to stop, the one failure that people see tells what was written before it, and what was not. */
export function tellWhatWasWritten(
	context: OperationContext,
	failures: Map<string, Failure>,
	rest: Omit<messages.Written, 'accepted' | 'earlier'>,
): void {
	if (context.continues || failures.size === 0) return;
	const { halfBefore } = context;
	const unknown = [...rest.unknown, ...rest.notDone.filter((callId) => halfBefore.has(callId))];
	const notDone = rest.notDone.filter((callId) => !halfBefore.has(callId));
	const others = new Set([...rest.half, ...unknown, ...notDone]);
	const written = [...context.written];
	const accepted = written.filter((callId) => !others.has(callId));
	const earlier = written.filter((callId) => others.has(callId));
	const soFar = messages.writtenSoFar({ accepted, earlier, half: rest.half, unknown, notDone });
	for (const [callId, failure] of failures) {
		// The calls stand in what was written so far, and need not be named again.
		const advice = `${failure.advice} ${soFar}`;
		failures.set(callId, { ...failure, advice, callIds: [], tellsWhatWasWritten: true });
	}
}
