/** What the items of a run name, according to the contract alone. */
import { CALLS, USERS } from './company';
import { hasBadPart, readIn } from './inputs';
import { chosenFor, throwsFor, type WriteCase } from './writeCase';

/** The content of one item of the run. */
export interface Named {
	place: number;
	/** Calls that can be read in it, each once. */
	calls: string[];
	/** Its calls are unknown: their expression throws. */
	callsThrow: boolean;
	/** An entry of its calls cannot be read, so it may mean any call. */
	mayMeanAnyCall: boolean;
	/** Users that can be read in it, addresses resolved, each once. */
	users: string[];
	/** It may name anybody: its expression throws, or an entry cannot be read. */
	mayNameAnyone: boolean;
	/** All of it can be read. */
	isGood: boolean;
	/** It can be seen to be bad without looking up an address in Gong. */
	isBadAtSight: boolean;
	/** One of its users is named by an e-mail address, which is looked up in Gong. */
	hasAddress: boolean;
	/** An expression of it throws, so n8n answers it. */
	isThrowing: boolean;
	dryRun: boolean;
	readBack: boolean;
}

/** The items of the run: with Execute Once only the first. */
export function itemsOf(run: WriteCase): Named[] {
	const items = run.executeOnce ? run.items.slice(0, 1) : run.items;
	return items.map((item, place): Named => {
		const throws = throwsFor(run, item);
		const readsCalls = !item.noJson && throws !== 'calls';
		const readsUsers = !item.noJson && throws !== 'users';
		const calls = readsCalls ? readIn(item.calls) : [];
		const users = readsUsers ? readIn(item.users) : [];
		const badCalls = readsCalls && hasBadPart(item.calls);
		const badUsers = readsUsers && hasBadPart(item.users);
		const noUsers = !readsUsers || item.users.parts.length === 0;
		// Contract, allowNoUsers: an empty list revokes everyone; everywhere else empty is refused.
		const mayBeEmpty =
			run.operation === 'replace' && readsUsers && chosenFor(run.allowNoUsers, item);
		const isThrowing = throws !== null;
		const hasAddress = item.users.parts.some(({ raw }) => String(raw).includes('@'));
		const isBad = item.noJson || isThrowing || badCalls || calls.length === 0;
		const isGood = !isBad && !badUsers && (!noUsers || mayBeEmpty);
		return {
			place,
			calls,
			callsThrow: throws === 'calls',
			mayMeanAnyCall: badCalls,
			users,
			mayNameAnyone: throws === 'users' || badUsers,
			isGood,
			isBadAtSight: !isGood && (isBad || !badUsers || !hasAddress),
			hasAddress,
			isThrowing,
			dryRun: throws === 'options' ? true : chosenFor(run.dryRun, item),
			readBack: chosenFor(run.readBack, item),
		};
	});
}

/** Users that any item of the run names for a call, whether the item is good or bad. */
export function namedFor(items: Named[], callId: string): string[] {
	const naming = items.filter(({ calls }) => calls.includes(callId));
	return [...new Set(naming.flatMap(({ users }) => users))];
}

/** The kind of item that protects a user, used to classify failures. */
function kindOf({ batchSize }: WriteCase, items: Named[]): string {
	if (items.some(({ isGood }) => isGood)) {
		return batchSize === null ? 'a good item' : 'a good item, with batching';
	}
	return items.some(({ isThrowing }) => isThrowing) ? 'an item that throws' : 'a bad item';
}

/** Why a replace must not revoke this user from this call, or null if it may. */
export function protects(
	run: WriteCase,
	items: Named[],
	callId: string,
	user: string,
): string | null {
	// Contract, Many items: "nobody loses access whom any item means … with what a bad item still tells".
	const naming = items.filter(({ calls }) => calls.includes(callId));
	const named = naming.filter(({ users }) => users.includes(user));
	if (named.length > 0) return `named by ${kindOf(run, named)}`;
	const mayName = naming.filter(({ mayNameAnyone }) => mayNameAnyone);
	if (mayName.length > 0) return `may be named by ${kindOf(run, mayName)}`;
	// Issue, line 2: "where even the calls are not known, no replace is carried out in that run".
	if (items.some(({ callsThrow }) => callsThrow)) return 'calls throw';
	const anyCall = items.filter(
		({ mayMeanAnyCall, mayNameAnyone, users }) =>
			mayMeanAnyCall && (mayNameAnyone || users.includes(user)),
	);
	if (anyCall.length > 0) return 'named by an item that may mean any call';
	// An ID with a slip may mean any call too, however bad the rest of its item is. Gong says so unless something fails.
	const slips = items.filter(
		({ calls, mayNameAnyone, users }) =>
			!calls.every(isKnownCall) && (mayNameAnyone || users.includes(user)),
	);
	if (run.faults.length === 0 && slips.length > 0)
		return 'named by an item whose call Gong does not know';
	// "nobody loses access whom any item means": an item that Execute Once leaves out counts too.
	const leftOut = run.executeOnce ? itemsOf({ ...run, executeOnce: false }).slice(1) : [];
	const meant = leftOut.some(
		(item) => item.isGood && item.calls.includes(callId) && item.users.includes(user),
	);
	return meant ? 'named by an item that Execute Once leaves out' : null;
}

export const isKnownCall = (callId: string): boolean => CALLS.includes(callId);
export const isKnownUser = (userId: string): boolean => USERS.includes(userId);
export const without = (all: string[], some: string[]): string[] =>
	all.filter((id) => !some.includes(id));
