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
	/** It names calls, and none of them can be read. */
	callsUnreadable: boolean;
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
			callsUnreadable: badCalls && calls.length === 0,
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

/** Whether some item may name anybody for a call. */
export function anyoneMayBeNamedFor(items: Named[], callId: string): boolean {
	return items.some(({ calls, mayNameAnyone }) => mayNameAnyone && calls.includes(callId));
}

export const isKnownCall = (callId: string): boolean => CALLS.includes(callId);
export const isKnownUser = (userId: string): boolean => USERS.includes(userId);
export const without = (all: string[], some: string[]): string[] =>
	all.filter((id) => !some.includes(id));
