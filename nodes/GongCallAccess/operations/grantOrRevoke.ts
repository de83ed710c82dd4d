import type { Failure } from '../failure';
import type { AccessChange } from '../gong/access';
import type { CallResult } from '../gong/callRequests';
import { linkedItem } from '../output/linkedItem';
import { changeRow, dryRunRow } from '../output/writeRows';
import {
	addWhatWasWritten,
	changeByCall,
	isRefusedAsWritten,
	readBackAfter,
	withUsers,
} from './changes';
import { callsOf, failuresByCall, mapFailures, resultsOf } from './itemResults';
import type { AskedItem, ItemResult, OperationContext } from './operation';
import { withoutZeros } from '../gong/zeros';
import { Turns } from '../transport/turns';

/** Gives or takes individual access. Several items that name the same call share an entry in the request. */
export async function grantOrRevoke(
	context: OperationContext,
	items: AskedItem[],
	grants: boolean,
): Promise<ItemResult[]> {
	return context.settings.dryRun
		? await dryRun(context, items, grants)
		: await write(context, items, grants);
}

async function dryRun(
	context: OperationContext,
	items: AskedItem[],
	grants: boolean,
): Promise<ItemResult[]> {
	const { reading } = context;
	const turns = new Turns();
	const { usersOf } = await changeOf(items, turns);
	const listed = await reading.accessTo(callsOf(items));
	const failures = failuresByCall(listed);
	const known = callsOf(items).filter((callId) => !failures.has(callId));
	const details = await reading.detailsOf(known, usersOf, failures);
	const usersNotAs = new Comparison(grants);
	return await resultsOf(
		context,
		items,
		turns,
		() => failures,
		({ userIds, itemIndex }, callId) => {
			const result = listed.get(callId);
			if (!result?.ok) return [];
			const { requestId } = result;
			const would = usersNotAs.in(userIds, result.value);
			const row = dryRunRow({ callId, userIds, grants, requestId }, details, would);
			return [linkedItem(row, itemIndex)];
		},
	);
}

async function write(
	context: OperationContext,
	items: AskedItem[],
	grants: boolean,
): Promise<ItemResult[]> {
	const turns = new Turns();
	const { change, usersOf, partOf } = await changeOf(items, turns);
	const failures = new Map<string, Failure>();
	// Names are looked up before writing, so that a failed look-up cannot hide an accepted change.
	const details = await context.reading.detailsOf(callsOf(items), usersOf, failures);
	for (const callId of failures.keys()) change.delete(callId);
	const isEnded = !context.continues && failures.size > 0;
	const results = isEnded
		? new Map<string, CallResult<true>>()
		: await changeByCall(context, grants ? 'PUT' : 'DELETE', change);
	for (const [callId, failure] of failuresByCall(results)) failures.set(callId, failure);
	const accepted = [...results].filter(([, { ok }]) => ok).map(([id]) => id);
	for (const callId of accepted) context.ledger.finish(context.group, callId);
	const isLost = (callId: string): boolean => failures.get(callId)?.outcome === 'unknown';
	const failed = [...failures.keys(), ...(isEnded ? change.keys() : [])];
	addWhatWasWritten(context, failures, {
		half: [],
		unknown: failed.filter(isLost),
		notDone: failed.filter((callId) => !isLost(callId)),
	});
	const readBack = await readBackAfter(context, accepted, failures);

	/** What came of a call for one item: of its part, where the call was sent in parts. */
	const resultFor = ({ userIds }: AskedItem, callId: string): CallResult<true> | undefined => {
		const result = results.get(callId);
		return result?.parts?.get(partOf(userIds)) ?? result;
	};
	const isInParts = [...results.values()].some(({ parts }) => parts !== undefined);
	// Set to stop, what was sent for one item can be told only where there is no other.
	const tellsUsers = context.continues || items.length === 1;
	// Then an unknown user is one of all that the request named.
	const shared = mapFailures(failures, (failure, callIds) =>
		failure.saysUnknownUser ? withUsers(failure, [...new Set(callIds.flatMap(usersOf))]) : failure,
	);
	const failuresFor = (item: AskedItem): Map<string, Failure> => {
		if (!tellsUsers) return shared;
		const own = new Map<string, Failure>();
		for (const callId of item.callIds) {
			const ofPart = isInParts && results.get(callId)?.parts && resultFor(item, callId);
			const failure = ofPart && !ofPart.ok ? ofPart.failure : failures.get(callId);
			if (failure) own.set(callId, failure);
		}
		return mapFailures(own, (failure, callIds) =>
			// Users are named only of the change that was refused, not of a refused look-up or read-back.
			isRefusedAsWritten(failure) && callIds.every((id) => resultFor(item, id)?.ok === false)
				? withUsers(failure, item.userIds)
				: failure,
		);
	};
	const usersNotAs = new Comparison(grants);
	return await resultsOf(context, items, turns, failuresFor, (item, callId) => {
		const { userIds, itemIndex } = item;
		const result = resultFor(item, callId);
		if (!result?.ok) return [];
		const after = readBack.get(callId);
		const { requestId } = after?.ok ? after : result;
		const odd = after?.ok ? usersNotAs.in(userIds, after.value) : undefined;
		const row = changeRow({ callId, userIds, grants, requestId }, details, odd);
		return [linkedItem(row, itemIndex)];
	});
}

/** Compares what was asked with what Gong lists. */
class Comparison {
	/** The users of each list, which is read once however many items name its call. */
	private readonly known = new Map<string[], Set<string>>();

	constructor(private readonly grants: boolean) {}

	/** The users whose access is not as asked: who lacks it after a grant, or has it after a revoke. */
	in(userIds: string[], listed: string[]): string[] {
		const has = this.known.get(listed) ?? new Set(listed.map(withoutZeros));
		this.known.set(listed, has);
		return userIds.filter((userId) => has.has(withoutZeros(userId)) !== this.grants);
	}
}

/** The users of each call over all items. Items with the same users are one part. */
async function changeOf(
	items: AskedItem[],
	turns: Turns,
): Promise<{
	change: AccessChange;
	/** All users of a call. */
	usersOf: (callId: string) => string[];
	/** The name of the part that has the users of an item. */
	partOf: (userIds: string[]) => string;
}> {
	const change: AccessChange = new Map();
	// Many items of a sheet have one user, and one item may name many calls.
	const names = new Map<string[], string>();
	const partOf = (userIds: string[]): string => {
		const name = names.get(userIds) ?? userIds.join();
		names.set(userIds, name);
		return name;
	};
	for (const { callIds, userIds } of items) {
		await turns.forEach(callIds, (callId) => {
			const ofCall = change.get(callId) ?? new Map<string, string[]>();
			change.set(callId, ofCall.set(partOf(userIds), userIds));
		});
	}
	return {
		change,
		usersOf: (callId) => [...(change.get(callId)?.values() ?? [])].flat(),
		partOf,
	};
}
