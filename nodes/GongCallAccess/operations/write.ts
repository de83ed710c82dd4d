import type { Failure } from '../failure';
import * as messages from '../messages/writeMessages';
import type { AccessChange } from '../gong/access';
import { changeAccess, READ_ACCESS } from '../gong/access';
import type { CallResult } from '../gong/batchAndBisect';
import { requestByCall } from '../gong/batchAndBisect';
import { linkedItem } from '../output/linkedItem';
import { changeRow, dryRunRow } from '../output/writeRows';
import { batchOptions, callsOf, failuresByCall, mapFailures, resultsOf } from './itemResults';
import type { ItemRequest, ItemResult, OperationContext } from './itemRequest';
import { withoutZeros } from './replacePlan';

/** Gives or takes individual access. Several items that name the same call share an entry in the request. */
export async function grantOrRevoke(
	context: OperationContext,
	requests: ItemRequest[],
	grants: boolean,
): Promise<ItemResult[]> {
	return context.settings.dryRun
		? await dryRun(context, requests, grants)
		: await write(context, requests, grants);
}

async function dryRun(
	context: OperationContext,
	requests: ItemRequest[],
	grants: boolean,
): Promise<ItemResult[]> {
	const change = changeOf(requests);
	const { reading } = context;
	const listed = await reading.accessTo(callsOf(requests));
	const failures = failuresByCall(listed);
	const known = callsOf(requests).filter((callId) => !failures.has(callId));
	const details = await reading.detailsOf(known, change.usersOf, failures);
	return resultsOf(
		context,
		requests,
		() => failures,
		({ callIds, userIds, itemIndex }) =>
			callIds.flatMap((callId) => {
				const result = listed.get(callId);
				if (!result?.ok || failures.has(callId)) return [];
				const { requestId } = result;
				const would = usersNotAs(grants, userIds, result.value);
				const row = dryRunRow({ callId, userIds, grants, requestId }, details, would);
				return [linkedItem(row, itemIndex)];
			}),
	);
}

async function write(
	context: OperationContext,
	requests: ItemRequest[],
	grants: boolean,
): Promise<ItemResult[]> {
	const change = changeOf(requests);
	const failures = new Map<string, Failure>();
	const details = await context.reading.detailsOf(callsOf(requests), change.usersOf, failures);
	for (const callId of failures.keys()) change.users.delete(callId);
	const ends = !context.continues && failures.size > 0;
	const results = ends
		? new Map<string, CallResult<true>>()
		: await changeByCall(context, grants ? 'PUT' : 'DELETE', change.users);
	for (const [callId, failure] of failuresByCall(results)) failures.set(callId, failure);
	const accepted = [...results].filter(([, { ok }]) => ok).map(([id]) => id);
	for (const callId of accepted) context.written.add(callId);
	const unclear = [...failures].filter(([, { outcome }]) => outcome === 'unknown');
	const unknown = unclear.map(([callId]) => callId);
	const inDoubt = new Set(unknown);
	const notDone = [...failures.keys(), ...(ends ? change.users.keys() : [])].filter(
		(callId) => !inDoubt.has(callId),
	);
	addWhatWasWritten(context, failures, { half: [], unknown, notDone });
	const readBack = await readBackAfter(context, accepted, failures);
	/** What came of a call for one item: of its part, where the call was sent in parts. */
	const resultOf = (request: ItemRequest, callId: string): CallResult<true> | undefined => {
		const result = results.get(callId);
		return result?.parts?.get(change.partOf(request.userIds)) ?? result;
	};
	const isInParts = [...results.values()].some(({ parts }) => parts !== undefined);
	// Set to stop, what was sent for one item can be told only where there is no other.
	const tellsUsers = context.continues || requests.length === 1;
	const failuresFor = (request: ItemRequest): Map<string, Failure> => {
		if (!tellsUsers) return failures;
		return mapFailures(isInParts ? failuresInParts(request) : ownFailures(request), (failure) =>
			isRefusedAsWritten(failure) ? messages.refusedForUsers(failure, request.userIds) : failure,
		);
	};
	const ownFailures = ({ callIds }: ItemRequest): Map<string, Failure> => {
		const own = new Map<string, Failure>();
		for (const callId of callIds) {
			const failure = failures.get(callId);
			if (failure) own.set(callId, failure);
		}
		return own;
	};
	const failuresInParts = (request: ItemRequest): Map<string, Failure> => {
		const own = new Map<string, Failure>();
		for (const callId of request.callIds) {
			const result = results.get(callId)?.parts && resultOf(request, callId);
			const failure = result?.ok === false ? result.failure : failures.get(callId);
			if (failure) own.set(callId, failure);
		}
		return own;
	};
	return resultsOf(context, requests, failuresFor, (request, failed) => {
		const { callIds, userIds, itemIndex } = request;
		return callIds.flatMap((callId) => {
			const result = resultOf(request, callId);
			if (!result?.ok || failed.has(callId)) return [];
			const after = readBack.get(callId);
			const { requestId } = after?.ok ? after : result;
			const odd = after?.ok ? usersNotAs(grants, userIds, after.value) : undefined;
			const row = changeRow({ callId, userIds, grants, requestId }, details, odd);
			return [linkedItem(row, itemIndex)];
		});
	});
}

/** The users whose access is not as asked: who lacks it after a grant, or has it after a revoke. */
function usersNotAs(grants: boolean, userIds: string[], listed: string[]): string[] {
	const has = new Set(listed.map(withoutZeros));
	return userIds.filter((userId) => has.has(withoutZeros(userId)) !== grants);
}

/** The users of each call over all items. Items with the same users are one part. */
function changeOf(requests: ItemRequest[]): {
	users: AccessChange;
	/** All users of a call. */
	usersOf: (callId: string) => string[];
	/** The name of the part that has the users of an item. */
	partOf: (userIds: string[]) => string;
} {
	const users: AccessChange = new Map();
	// Many items of a sheet have one user, and one item may name many calls.
	const names = new Map<string[], string>();
	const partOf = (userIds: string[]): string => {
		const name = names.get(userIds) ?? userIds.join();
		names.set(userIds, name);
		return name;
	};
	for (const { callIds, userIds } of requests) {
		for (const callId of callIds) {
			const ofCall = users.get(callId) ?? new Map<string, string[]>();
			users.set(callId, ofCall.set(partOf(userIds), userIds));
		}
	}
	return { users, usersOf: (callId) => [...(users.get(callId)?.values() ?? [])].flat(), partOf };
}

/** Who is listed for each call by now. */
async function readAgain(
	context: OperationContext,
	callIds: string[],
): Promise<Map<string, CallResult<string[]>>> {
	const options = batchOptions(context, () => callIds.length);
	return await requestByCall(context.client, callIds, READ_ACCESS, options);
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
	const listed = await readAgain(
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

/** Whether Gong refused a change for what was in it, which its words may or may not name. */
export function isRefusedAsWritten({ reason, httpStatus }: Failure): boolean {
	return reason === 'refused' && httpStatus === 400;
}

/** Sends a change. Set to stop, unknown calls are found by reading, so that no part is written. */
export async function changeByCall(
	context: OperationContext,
	method: 'PUT' | 'DELETE',
	wanted: AccessChange,
): Promise<Map<string, CallResult<true>>> {
	const callIds = [...wanted.keys()];
	const begunNow = callIds.filter((callId) => !context.begun.has(callId));
	for (const callId of begunNow) context.begun.add(callId);
	// So that the log has the number of calls while the first request waits.
	context.onProgress(0, callIds.length);
	const results = await requestByCall(context.client, callIds, changeAccess(method, wanted), {
		...batchOptions(context, () => callIds.length),
		search: context.continues ? undefined : READ_ACCESS,
	});
	for (const callId of begunNow) {
		if (wasSurelyNotWritten(results.get(callId))) context.begun.delete(callId);
	}
	return results;
}

/** Whether nothing of a call was written: Gong refused all of it, or it was never sent. */
function wasSurelyNotWritten(result: CallResult<true> | undefined): boolean {
	if (!result) return true;
	const all = [result, ...(result.parts?.values() ?? [])];
	return all.every((one) => !one.ok && one.failure.outcome !== 'unknown');
}

/** Set to stop, people see one failure only: it says what was written before it, and what was not. */
export function addWhatWasWritten(
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
