/** What the items of a run name, read from the contract alone. */
import { CALLS, USERS } from './company';
import { hasBadPart, readIn } from './inputs';
import { chosenFor, throwsFor, type WriteCase } from './writeCase';

/** What one item of the run says. */
export interface Named {
	place: number;
	/** Calls that can be read in it, each once. */
	calls: string[];
	/** Nothing can be known of its calls: their expression throws. */
	callsThrow: boolean;
	/** An entry of its calls cannot be read, so it may mean any call. */
	mayMeanAnyCall: boolean;
	/** Users that can be read in it, addresses resolved, each once. */
	users: string[];
	/** It may name anybody: its expression throws, or an entry cannot be read. */
	mayNameAnyone: boolean;
	/** It can be read as a whole. */
	isGood: boolean;
	/** That it is bad is seen without asking Gong who has an address. */
	isBadAtSight: boolean;
	/** An expression of it throws, so n8n answers for it. */
	isThrowing: boolean;
	dryRun: boolean;
	readBack: boolean;
}

/** The items that the run has: with Execute Once the first alone. */
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
		// Contract, allowNoUsers: an empty list takes everybody away; everywhere else empty is refused.
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
			isThrowing,
			dryRun: throws === 'options' ? true : chosenFor(run.dryRun, item),
			readBack: chosenFor(run.readBack, item),
		};
	});
}

/** Users that any item of the run names for a call, good or bad. */
export function namedFor(items: Named[], callId: string): string[] {
	const naming = items.filter(({ calls }) => calls.includes(callId));
	return [...new Set(naming.flatMap(({ users }) => users))];
}

/** Which item it is that must not be forgotten; the classes of failures are told apart by it. */
function kindOf({ batchSize }: WriteCase, items: Named[]): string {
	if (items.some(({ isGood }) => isGood)) {
		return batchSize === null ? 'a good item' : 'a good item, with batching';
	}
	return items.some(({ isThrowing }) => isThrowing) ? 'an item that throws' : 'a bad item';
}

/** Why a replace must not take this user from this call, or null where it may. */
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
	// "nobody loses access whom any item means": one that n8n leaves out means somebody too.
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
