import type { Failure } from '../errors/failure';
import { detailsNotLookedUp } from '../errors/writeMessages';
import { callsById } from '../gong/calls';
import { usersById } from '../gong/users';
import type { Details } from '../output/details';
import { isRead } from '../parameters/operationNames';
import type { OperationContext } from './itemRequest';

/**
 * Looks up what is to stand beside the IDs, where it is asked for: each user and each call once. A write does
 * this before it writes, so that no row of an accepted change is lost for a name.
 * @param failures the calls without rows so far; calls whose details could not be looked up are added
 */
export async function lookUpDetails(
	{ client, settings, continues }: OperationContext,
	callIds: string[],
	usersOf: (callId: string) => string[],
	failures: Map<string, Failure>,
): Promise<Details> {
	const details: Details = {};
	// What fails before a write was not sent, whatever Gong said to the look-up.
	const asFailure = (failure: Failure): Failure =>
		isRead(settings.operation) ? failure : detailsNotLookedUp(failure);
	if (settings.includeUserDetails) {
		const ids = new Set<string>();
		for (const callId of callIds) for (const userId of usersOf(callId)) ids.add(userId);
		const found = await usersById(client, ids, !continues);
		details.users = found.byId;
		for (const callId of found.failures.size > 0 ? callIds : []) {
			const userId = usersOf(callId).find((id) => found.failures.has(id));
			const failure = userId === undefined ? undefined : found.failures.get(userId);
			if (failure && !failures.has(callId)) failures.set(callId, asFailure(failure));
		}
	}
	const ends = !continues && failures.size > 0;
	if (settings.includeCallDetails && !ends) {
		const found = await callsById(client, callIds, settings.callsPerRequest, !continues);
		details.calls = found.byId;
		for (const [callId, failure] of found.failures) {
			if (!failures.has(callId)) failures.set(callId, asFailure(failure));
		}
	}
	return details;
}
