import type { Failure, GongRefusal } from '../failure';
import { nothingWritten } from './gongMessages';
import { tooMuch } from './inputMessages';
import { answered, failureOf, gongSays, listed, MAX_TO_CORRECT } from './phrases';

// What people read about changes that were not carried out, or only in part.

// What was written and what was not stands nowhere else; more than this nobody reads in a message.
const MAX_LISTED_WRITTEN = 200;
const UNCHANGED = 'Nothing was changed for this call.';
/** What failures of a good item have in common that another item holds back. */
const OTHERS = { concerns: 'calls', ifUnchanged: UNCHANGED } as const;

/** A call to replace whose users are not all known, so that whom to take it from is not known either. */
export function notAllUsersKnown(itemIndex: number): Failure {
	return failureOf(
		'otherItem',
		`Another item that names the same call could not be used [item ${itemIndex}], so it is not known who is to keep access`,
		'Replace combines the users of all items that name a call. Check the other item, and run the workflow again.',
		OTHERS,
	);
}

/** A replace in a run with an item whose calls and users are both not known. */
export function callsNotKnown(itemIndex: number): Failure {
	return failureOf(
		'otherItem',
		`Another item could not be used [item ${itemIndex}], so it is not known which calls and users it means`,
		'Replace combines the users of all items, so anyone in that item could lose access. Check it, and run the workflow again.',
		OTHERS,
	);
}

/**
 * A call to replace that would take access from users whom an item names for calls that are not known.
 * @param itemIndex that item
 */
export function mayBeMeant(userIds: string[], callIds: string[], itemIndex: number): Failure {
	const who =
		userIds.length === 1 ? `user ${userIds[0]}` : `users ${listed(userIds, MAX_TO_CORRECT)}`;
	return failureOf(
		'otherItem',
		`Replace would take access from ${who}, named by another item [item ${itemIndex}] whose call IDs could not all be used`,
		'That item may mean this call. Check its call IDs, and run the workflow again.',
		{ ...OTHERS, callIds },
	);
}

/** A call to replace that is named with and without zeros before its ID. */
export function spelledTwice(callId: string, other: string): Failure {
	return failureOf(
		'badInput',
		`Items name the calls ${callId} and ${other}, which may be the same call`,
		'Check the zeros before these IDs, and write a call in the same way everywhere.',
		{ ifUnchanged: UNCHANGED, callIds: [callId] },
	);
}

/** A call to replace that items with different credentials name. */
export function credentialsDiffer(callIds: string[]): Failure {
	return failureOf(
		'badInput',
		`Several items name ${callsIn(callIds)}, and their credentials differ`,
		'Replace combines the users of all items that name a call. Give those items the same credential.',
		{ ifUnchanged: UNCHANGED, callIds },
	);
}

function callsIn(callIds: string[]): string {
	return callIds.length === 1 ? `call ${callIds[0]}` : `the same calls (${listed(callIds)})`;
}

/**
 * A call to replace that also another item names, which n8n leaves out because of Execute Once.
 * @param isNamed whether it surely does; otherwise its calls are not known
 */
export function leftOutByExecuteOnce(isNamed: boolean): Failure {
	const names = isNamed ? 'names the same call' : 'may name the same call';
	return failureOf(
		'otherItem',
		`'Execute Once' is on, and another item ${names} with other users, who would lose access`,
		"Switch 'Execute Once' off in the settings of this node, so that the users of all items count.",
		OTHERS,
	);
}

/** A call to replace that items with different options name. */
export function optionsDiffer(callIds: string[]): Failure {
	return failureOf(
		'badInput',
		`Several items name ${callsIn(callIds)}, and their options differ`,
		'Replace combines the users of all items that name a call, so give them the same options. Set an option by an expression only where it does not tell items of one call apart.',
		{ ifUnchanged: UNCHANGED, callIds },
	);
}

/** A change whose rows would be more than n8n can save. @param most in bytes of JSON */
export function tooMuchChanged(most: number, isReplace: boolean, callIds: string[]): Failure {
	const advice = isReplace
		? 'Each item that names a call lists all its users. Give the users of a call in one item, for example with an Aggregate node before this one, or replace fewer calls in one execution.'
		: 'Each call of an item lists all the users of the item. Change fewer calls in one execution.';
	return { ...tooMuch(most, advice, callIds), ifUnchanged: 'Nothing was changed.' };
}

/** The names or titles for the rows of a change could not be looked up, so nothing was written. */
export function detailsNotLookedUp(because: Failure): Failure {
	const message = `Names or titles could not be looked up, so the change was not sent. ${because.message}`;
	return { ...because, outcome: 'notSent', message };
}

/** A change that was accepted and could then not be read back. */
export function notReadBack(because: Failure, callIds: string[]): Failure {
	const message = `Gong accepted the change, but it could not be read back. ${because.message}`;
	return { ...afterWriting(because), message, callIds };
}

/** A replace that found nothing to change and could then not be read back. */
export function unchangedNotReadBack(because: Failure, callIds: string[]): Failure {
	const message = `Nothing had to be changed, but it could not be read back. ${because.message}`;
	const reason = because.reason === 'unknownCalls' ? 'refused' : because.reason;
	return { ...nothingWritten(because), reason, message, callIds };
}

/** A write that Gong refused for unknown calls, although it knows each of them when asked about them. */
export function refusedThoughKnown(refusal: GongRefusal, callIds: string[]): Failure {
	return failureOf(
		'refused',
		gongSays('Gong refused the change although it knows each of the calls', refusal),
		'Check that the users are known to Gong, and run the workflow again.',
		{ ...answered(400, refusal), concerns: 'calls', callIds },
	);
}

/**
 * A change that Gong refused, with what was sent for the item: Gong's words do not always name it.
 * @param userIds as they were sent for these calls
 */
export function refusedForUsers(refused: Failure, userIds: string[]): Failure {
	return {
		...refused,
		advice: `${refused.advice} What was sent for this item: ${named(userIds)}.`,
	};
}

/**
 * A replace that Gong refused for a call that several items name, whose users it sent together.
 * @param userIds as they were sent for the call
 * @param itemIndexes those items
 */
export function refusedTogether(
	refused: Failure,
	userIds: string[],
	itemIndexes: number[],
): Failure {
	const advice = `${refused.advice} ${sentTogether(itemIndexes)}, so a user in any of them may be the reason. What was sent: ${named(userIds)}.`;
	return { ...refused, advice };
}

/**
 * A change that Gong refused since it does not know a user.
 * @param userIds all that were sent
 * @param itemIndexes the items whose users a replace sent together; empty where that does not matter
 */
export function unknownUser(refused: Failure, userIds: string[], itemIndexes: number[]): Failure {
	const { requestId, gongErrors } = refused;
	const what =
		userIds.length === 1
			? `Gong does not know user ${userIds[0]}`
			: `Gong does not know one of these users: ${listed(userIds, MAX_TO_CORRECT)}`;
	const together = itemIndexes.length > 1 ? ` ${sentTogether(itemIndexes)}.` : '';
	return {
		...refused,
		message: gongSays(what, { requestId, errors: gongErrors }),
		advice: `${refused.advice}${together}`,
	};
}

function sentTogether(itemIndexes: number[]): string {
	const items = listed(itemIndexes.map(String), MAX_TO_CORRECT);
	return `Replace sends the users of all items that name a call together [items ${items}]`;
}

function named(userIds: string[]): string {
	return userIds.length === 1 ? `user ${userIds[0]}` : `users ${listed(userIds)}`;
}

/** A replace whose grants were accepted and whose revokes were not, or are not known to have been. */
export function halfReplaced(because: Failure, callIds: string[]): Failure {
	const rest =
		because.outcome === 'unknown'
			? 'whether it was taken from the others is not known'
			: 'it was not taken from the others';
	return {
		...afterWriting(because),
		message: `Access was granted; ${rest}. ${because.message}`,
		callIds,
	};
}

function afterWriting(because: Failure): Failure {
	// What the reason says of the whole is not so any more: a part was done.
	const rest = { ...because, saysUnknownUser: undefined, outcome: 'unknown' as const };
	if (because.reason !== 'unknownCalls') return rest;
	return {
		...rest,
		advice: 'Check the IDs, and that the calls were not deleted.',
		reason: 'refused',
	};
}

/** How far a write came that ended early: call IDs, each in one of the lists. */
export interface Written {
	accepted: string[];
	/** Accepted for other items of the run, and also in one of the lists below. */
	earlier: string[];
	/** Granted, and still to be taken from others. */
	half: string[];
	unknown: string[];
	notDone: string[];
}

/** What a write that ended early did and did not do; for the advice. */
export function writtenSoFar({ accepted, earlier, half, unknown, notDone }: Written): string {
	const nothing = accepted.length + earlier.length + half.length + unknown.length === 0;
	const parts = [
		nothing ? 'Nothing was accepted.' : '',
		about('Accepted before this for', accepted),
		about('Accepted before this for other items of', earlier),
		about('Granted, but not taken from the others for', half),
		about('Not known whether carried out for', unknown),
		about('Not carried out for', notDone),
		nothing ? '' : 'It is safe to run it again.',
	];
	return parts.filter((part) => part !== '').join(' ');
}

/** A sentence that ends in these calls; none where there are none. */
function about(what: string, callIds: string[]): string {
	if (callIds.length === 0) return '';
	const calls = callIds.length === 1 ? 'call' : 'calls';
	return `${what} ${calls} ${listed(callIds, MAX_LISTED_WRITTEN)}.`;
}

/**
 * A failure of an item for which something was written before, as in an earlier try of Retry On Fail: it cannot say
 * that nothing was changed.
 * @param isLost whether that write had no usable answer
 */
export function afterEarlierTry(because: Failure, callIds: string[], isLost: boolean): Failure {
	const calls = callIds.length === 1 ? 'call' : 'calls';
	const what = isLost
		? `This run may have changed access before to ${calls} ${listed(callIds)}.`
		: `This run changed access before to ${calls} ${listed(callIds)}.`;
	const advice = `${because.advice} ${what} Check with Get Many who has access.`.trim();
	return { ...because, outcome: 'unknown', advice, ifUnchanged: undefined };
}

/** A failure that stops a run: it says what was written before, or that nothing was changed for any item. */
export function afterEarlierWrites(because: Failure, soFar: Written): Failure {
	const { accepted, earlier, unknown } = soFar;
	if (accepted.length + earlier.length + unknown.length === 0) {
		const isWrite = because.ifUnchanged !== undefined || soFar.notDone.length > 0;
		return isWrite ? { ...because, ifUnchanged: 'Nothing was changed.' } : because;
	}
	return { ...because, advice: `${because.advice} ${writtenSoFar(soFar)}`.trim() };
}
