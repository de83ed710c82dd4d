import type { Failure } from '../failure';
import type { AccessChange } from '../gong/access';
import { changeAccess, READ_ACCESS } from '../gong/access';
import type { CallResult } from '../gong/callRequests';
import { requestByCall } from '../gong/callRequests';
import type { Unit } from '../gong/isolate';
import * as messages from '../messages/writeMessages';
import { failuresByCall, mapFailures, callRequestOptions } from './itemResults';
import type { OperationContext } from './operation';
import type { Rest, UsersByCall, WriteMethod } from './writeLedger';

/**
 * Sends a change, and notes in the ledger what became of it. Set to stop, unknown calls are found by reading, so
 * that no part is written.
 */
export async function changeByCall(
	context: OperationContext,
	method: WriteMethod,
	wanted: AccessChange,
): Promise<Map<string, CallResult<true>>> {
	const callIds = [...wanted.keys()];
	// So that the log has the number of calls while the first request waits.
	context.onProgress(0, callIds.length);
	let settle: ReturnType<OperationContext['ledger']['send']> = () => {};
	return await requestByCall(context.client, callIds, changeAccess(method, wanted), {
		...callRequestOptions(context, () => callIds.length),
		...(context.continues ? {} : { search: READ_ACCESS }),
		// One at a time, so each is settled before the next is sent.
		onWrite(units, outcome) {
			if (outcome === 'sent') settle = context.ledger.send(method, usersIn(units, wanted));
			else settle(outcome);
		},
	});
}

function usersIn(units: Unit[], wanted: AccessChange): UsersByCall {
	const users: UsersByCall = new Map();
	for (const { callId, part } of units) {
		const ofCall = users.get(callId) ?? [];
		for (const userId of wanted.get(callId)?.get(part) ?? []) ofCall.push(userId);
		users.set(callId, ofCall);
	}
	return users;
}

/**
 * Reads accepted changes back, where the option is on and the rows will be seen.
 * @param failures the calls without a row so far; calls that cannot be read back are added
 * @param wasChanged whether anything was written for a call
 */
export async function readBackAfter(
	context: OperationContext,
	callIds: string[],
	failures: Map<string, Failure>,
	wasChanged: (callId: string) => boolean = () => true,
): Promise<Map<string, CallResult<string[]>>> {
	if (!context.settings.readBack || (!context.continues && failures.size > 0)) return new Map();
	const asked = callIds.filter((callId) => !failures.has(callId));
	const options = callRequestOptions(context, () => asked.length);
	const listed = await requestByCall(context.client, asked, READ_ACCESS, options);
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

/** Whether Gong refused a change for what was in it, which its words may or may not name. */
export function isRefusedAsWritten({ reason, httpStatus }: Failure): boolean {
	return reason === 'refused' && httpStatus === 400;
}

/**
 * A refused change with the users that were sent: Gong's words do not always name what they are about.
 * @param userIds of all calls that the refusal is about
 * @param itemIndexes the items whose users a replace sent together
 */
export function withUsers(
	refused: Failure,
	userIds: string[],
	itemIndexes: number[] = [],
): Failure {
	if (refused.saysUnknownUser) return messages.unknownUser(refused, userIds, itemIndexes);
	return itemIndexes.length > 1
		? messages.refusedTogether(refused, userIds, itemIndexes)
		: messages.refusedForUsers(refused, userIds);
}

/**
 * Set to stop, people see one failure only: it says what was written before it, and what was not.
 * @param rest how far the calls came that are not finished
 */
export function addWhatWasWritten(
	{ continues, ledger, group }: OperationContext,
	failures: Map<string, Failure>,
	rest: Rest,
): void {
	if (continues || failures.size === 0) return;
	const soFar = messages.writtenSoFar(ledger.soFar(group, rest));
	for (const [callId, failure] of failures) {
		// The calls stand in what was written so far, and need not be named again.
		const advice = `${failure.advice} ${soFar}`;
		failures.set(callId, {
			...failure,
			advice,
			ifUnchanged: undefined,
			callIds: [],
			tellsWhatWasWritten: true,
		});
	}
}
