import type { Failure } from '../errors/failure';
import { detailsNotLookedUp } from '../errors/writeMessages';
import { callsById } from '../gong/calls';
import { usersById } from '../gong/users';
import type { Details } from '../output/details';
import { isRead } from '../parameters/operationNames';
import type { OperationContext } from './itemRequest';
import { mapFailures } from './itemResults';

/**
 * Looks up what is to stand beside the IDs, where it is asked for: each user and each call once. A write does
 * this before it writes, so that no row of an accepted change is lost for a name. Set to stop, nothing is
 * looked up after a failure.
 * @param failures the calls without rows so far; calls whose details could not be looked up are added
 */
export async function lookUpDetails(
	{ client, settings, continues }: OperationContext,
	callIds: string[],
	usersOf: (callId: string) => string[],
	failures: Map<string, Failure>,
): Promise<Details> {
	const details: Details = {};
	const notLookedUp = new Map<string, Failure>();
	const ends = (): boolean => !continues && failures.size + notLookedUp.size > 0;
	if (settings.includeUserDetails && !ends()) {
		const ids = new Set<string>();
		for (const callId of callIds) for (const userId of usersOf(callId)) ids.add(userId);
		const found = await usersById(client, ids, !continues);
		details.users = found.byId;
		for (const callId of found.failures.size > 0 ? callIds : []) {
			const userId = usersOf(callId).find((id) => found.failures.has(id));
			const failure = userId === undefined ? undefined : found.failures.get(userId);
			if (failure) notLookedUp.set(callId, failure);
		}
	}
	if (settings.includeCallDetails && !ends()) {
		const found = await callsById(client, callIds, settings.callsPerRequest, !continues);
		details.calls = found.byId;
		for (const [callId, failure] of found.failures) {
			if (!notLookedUp.has(callId)) notLookedUp.set(callId, failure);
		}
	}
	// What fails before a write was not sent, whatever Gong said to the look-up.
	const added = isRead(settings.operation)
		? notLookedUp
		: mapFailures(notLookedUp, detailsNotLookedUp);
	for (const [callId, failure] of added) {
		if (!failures.has(callId)) failures.set(callId, failure);
	}
	return details;
}
