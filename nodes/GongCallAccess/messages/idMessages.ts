import type { Failure } from '../failure';
import { failureOf, listed, MAX_TO_CORRECT } from './phrases';
import { shown } from './visible';

// What people read about values that are no IDs.

/** What an ID names. It decides which links are understood and how a message calls it. */
export type AnyIdKind = 'call' | 'user' | 'workspace';

/** What is wrong with a value, without the name of its parameter, and what to do about it. */
export interface ValueFault {
	what: string;
	advice: string;
}

const ADVICE: Record<AnyIdKind, string> = {
	user: 'Give user IDs such as 234599484848423 or e-mail addresses, with commas, spaces or new lines between them.',
	call: 'Give call IDs such as 7782342274025937895 or links such as https://app.gong.io/call?id=7782342274025937895, with commas, spaces or new lines between them.',
	workspace: 'Give the digits of one workspace ID as text, or leave it empty for all workspaces.',
};
const AS_TEXT =
	'Pass the ID as text: in the node before this one keep it a string, and in a sheet format the column as plain text.';
const SPLIT =
	'Split them over several input items, for example with a Split Out node before this one.';
const ONE_WAY: Record<AnyIdKind, string> = {
	user: 'Put a comma or a new line between the people, a name with a comma or digits in quotes, or give the address alone.',
	call: 'Give each link and each ID on a line of its own, without a title beside it.',
	workspace: ADVICE.workspace,
};
const SHORT_IDS =
	'IDs of fewer than six digits are read only alone, or in a list such as ["101", "102"].';

/** A value without any ID. */
export function noIds(kind: AnyIdKind): ValueFault {
	return { what: 'is empty', advice: ADVICE[kind] };
}

/** More IDs than are read from one value. */
export function tooManyIds(most: number): ValueFault {
	return { what: `has more than ${most.toLocaleString('en-US')} IDs`, advice: SPLIT };
}

/** A longer text than is read. */
export function tooLongText(most: number): ValueFault {
	const characters = most.toLocaleString('en-US');
	const what = `is longer than ${characters} characters, which is the most that is read`;
	return { what, advice: SPLIT };
}

/** A number as a sheet shows it, such as 234,599,484,848,423. */
export function groupedNumber(text: string): ValueFault {
	const what = `has what looks like one number in groups of digits, as a sheet shows it: ${shown(text)}`;
	return { what, advice: `If it is one ID, write it without separators. ${AS_TEXT} ${SHORT_IDS}` };
}

/** An ID that may be a piece of a number in groups, such as the 423 of 599 484 848 423. */
export function shortId(kind: AnyIdKind, text: string): ValueFault {
	const what = `has a short number beside other values: ${shown(text)}. It may be a piece of one ${kind} ID that a sheet shows in groups of digits`;
	return { what, advice: `${AS_TEXT} ${SHORT_IDS}` };
}

/** A number that is no ID, or that may have lost digits. */
export function unusableNumber(kind: AnyIdKind, value: number): ValueFault {
	if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
		const digits = value.toLocaleString('en-US', { useGrouping: false });
		const what = `has a number that is too large to be exact, so it has already lost digits: ${digits}`;
		return { what, advice: `${AS_TEXT} Then enter it again: lost digits do not come back.` };
	}
	const what = `has a number that is not a ${kind} ID: ${String(value)}`;
	return { what, advice: ADVICE[kind] };
}

/** A value of a type that no ID has. */
export function wrongType(kind: AnyIdKind, value: unknown, inList: boolean): ValueFault {
	const where = inList ? 'a list with an entry' : 'a value';
	return { what: `has ${where} that is not a ${kind} ID: ${shown(value)}`, advice: ADVICE[kind] };
}

/** A text that begins like a JSON array. */
export function brokenList(kind: AnyIdKind, text: string): ValueFault {
	return {
		what: `starts like a list, and is not a valid one: ${shown(text)}`,
		advice: `Write a list as ["7782342274025937895", "7782342274025937896"]. ${ADVICE[kind]}`,
	};
}

/** A text that can be read in two ways. */
export function unclear(kind: AnyIdKind, text: string): ValueFault {
	const what = `has a value that can be read in two ways: ${shown(text)}`;
	return { what, advice: ONE_WAY[kind] };
}

/** A mailto link with `cc` or the like. */
export function morePeople(text: string): ValueFault {
	return { what: `has a mailto link that names more people: ${shown(text)}`, advice: ONE_WAY.user };
}

/** An e-mail address that is longer than any. */
export function tooLongAddress(text: string, most: number): ValueFault {
	const what = `has an e-mail address that is longer than ${most} characters: ${shown(text)}`;
	return { what, advice: ADVICE.user };
}

/** A Gong link that names no call. */
export function linkWithoutCall(text: string): ValueFault {
	return { what: `has a Gong link without a call ID: ${shown(text)}`, advice: ADVICE.call };
}

/** A longer link than is read. */
export function tooLongLink(text: string, most: number): ValueFault {
	return {
		what: `has a link of more than ${most} characters: ${shown(text)}`,
		advice: ADVICE.call,
	};
}

/** A link to elsewhere. */
export function foreignLink(text: string): ValueFault {
	return { what: `has a link that is not Gong's: ${shown(text)}`, advice: ADVICE.call };
}

/** @param unseen the first character that cannot be seen, as an escape */
export function unseenCharacter(kind: AnyIdKind, text: string, unseen: string): ValueFault {
	return {
		what: `has a value with a character that cannot be seen, written here as ${unseen}: ${shown(text)}`,
		advice: `Such characters come along when text is copied. Take out ${unseen}, or type the ${kind} ID by hand.`,
	};
}

/** Digits of another script. */
export function otherDigits(kind: AnyIdKind, text: string): ValueFault {
	return {
		what: `has a value with digits other than 0 to 9: ${shown(text)}`,
		advice: ADVICE[kind],
	};
}

/** More digits than an ID has. */
export function tooManyDigits(kind: AnyIdKind, text: string): ValueFault {
	const what = `has a number of more than 20 digits, which no ${kind} ID has: ${shown(text)}`;
	return { what, advice: ADVICE[kind] };
}

/** @param isScientific whether it is a number as a sheet shows long ones, such as 7.78234E+18 */
export function notAnId(kind: AnyIdKind, text: string, isScientific: boolean): ValueFault {
	const what = `has a value that is not a ${kind} ID: ${shown(text)}`;
	return { what, advice: isScientific ? AS_TEXT : ADVICE[kind] };
}

/** A workspace ID whose expression gives nothing: one workspace must not become all of them. */
export function noWorkspace(value: null | undefined): ValueFault {
	const what = value === null ? 'is null' : 'is an expression that finds nothing in this item';
	return { what, advice: ADVICE.workspace };
}

/** Several IDs where one is wanted. */
export function severalWorkspaces(value: unknown): ValueFault {
	return { what: `has more than one workspace ID: ${shown(value)}`, advice: ADVICE.workspace };
}

/**
 * IDs of a run that were numbers before they were text. The whole run is refused, since its other IDs come from
 * the same place.
 * @param ids at least two
 */
export function runLostDigits(ids: string[]): Failure {
	return failureOf(
		'badInput',
		`This run has ${ids.length} IDs that have most likely lost their last digits before they reached this node: ${listed(ids, MAX_TO_CORRECT)}`,
		`Nothing was sent. A number keeps about 15 digits, also where an expression makes text of it afterwards. ${AS_TEXT}`,
	);
}

/**
 * What to check about IDs that Gong does not know; empty where none of them looks rounded.
 * @param ids those that may have lost digits
 */
export function checkDigits(ids: string[]): string {
	if (ids.length === 0) return '';
	return `${listed(ids)} may have lost the last digits: a number keeps about 15 of them. ${AS_TEXT}`;
}
