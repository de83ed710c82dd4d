import type { Failure } from '../failure';
import { orDoWithout } from './signInMessages';
import { plain, shown } from './visible';
import { failureOf, listed, MAX_TO_CORRECT } from './phrases';

// What people read about parameters, items and credentials that cannot be used as they are.

// n8n shows a message as a heading, where no more than a line is read.
const MAX_IN_TITLE = 40;

/** A value as it may stand in a heading. */
function inTitle(value: unknown): string {
	return plain(shown(value), MAX_IN_TITLE);
}

/** A value that someone typed or an expression gave, refused before anything was sent. */
export function badInput(parameter: string, what: string, advice: string): Failure {
	return failureOf('badInput', `'${parameter}' ${what}`, advice, {});
}

/** A field that an item does not have, or has as null. */
export function missingField(
	parameter: string,
	path: string,
	value: unknown,
	isReplace: boolean,
): Failure {
	const what = `names the field ${inTitle(path)}, which this item ${value === null ? 'has as null' : 'does not have'}`;
	const advice = `Check the name against the input panel. ${adviceOnSkipping(isReplace)}`;
	return badInput(parameter, what, advice);
}

/**
 * What a field should hold, in place of the field's name.
 * @param from the parameter that says where the IDs come from
 * @param typed its choice for IDs that are typed or come by an expression
 */
export function idForFieldName(
	parameter: string,
	what: { kind: 'call' | 'user'; isAddress: boolean; from: string; typed: string },
): Failure {
	return badInput(
		parameter,
		`holds ${what.isAddress ? 'an e-mail address' : `a ${what.kind} ID`}, not a field's name`,
		`Set it to Fixed and drag the field in, or set '${what.from}' to '${what.typed}'.`,
	);
}

/** Calls of a period, for an operation that changes access. */
export function periodOnlyForReads(): Failure {
	return badInput(
		'Period',
		'works only with Get Many and Explain',
		"Choose another 'Calls From', or put Get Many before this node and use its callId.",
	);
}

/** A field that an item has, with nothing in it. */
export function emptyField(parameter: string, path: string, isReplace: boolean): Failure {
	return failureOf(
		'badInput',
		`The field ${inTitle(path)} has no value in this item`,
		`Check the input panel: '${parameter}' reads this field. ${adviceOnSkipping(isReplace)}`,
	);
}

/** An expression that gives nothing for an item. */
export function nothingFound(parameter: string, isReplace: boolean): Failure {
	return badInput(
		parameter,
		'is empty: its expression finds nothing in this item',
		`Check the expression against the input panel: it may be that it cannot be evaluated for this item. ${adviceOnSkipping(isReplace)}`,
	);
}

function adviceOnSkipping(isReplace: boolean): string {
	return isReplace
		? 'Correct the item: if it is left out, Replace takes access from the users it names.'
		: 'To skip such items, put a Filter node before this one.';
}

/** A list of the panel in which nothing is picked. */
export function nothingPicked(parameter: string, kind: 'call' | 'user'): Failure {
	const advice = `Pick at least one ${kind} from the list. With an expression, check that it gives at least one ID.`;
	return badInput(parameter, 'is empty', advice);
}

/** A value that throws when it is read. */
export function unreadable(parameter: string): Failure {
	return badInput(parameter, 'cannot be read', 'Check the value that this item gives.');
}

/** A field name that is no text. */
export function notAFieldName(parameter: string, value: unknown): Failure {
	const isNothing = value === undefined || value === null || String(value).trim() === '';
	const what = isNothing ? 'is empty' : `is not the name of a field: ${inTitle(value)}`;
	const advice = 'Set it to Fixed, and drag the input field that holds the IDs onto it.';
	return badInput(parameter, what, advice);
}

/**
 * A period that ends before it starts.
 * @param from its start, as the clocks of the workflow's time zone show it
 * @param to its end
 */
export function emptyPeriod(parameter: string, start: string, from: string, to: string): Failure {
	return badInput(
		parameter,
		`must be after '${start}'`,
		`The period starts at ${from} and ends at ${to}. Set a later end. It is not included itself: to include a whole day, pick the day after it.`,
	);
}

/** A value that is no date and time. */
export function notADateTime(parameter: string, value: unknown): Failure {
	return badInput(
		parameter,
		value === '' ? 'is empty' : `is not a date and time: ${inTitle(value)}`,
		'Pick one, or give it as 2026-11-23T09:00:00Z. Without an offset it is in the time zone of the workflow.',
	);
}

/** A moment that is still to come, where one of the past is needed. */
export function notInThePast(parameter: string, value: unknown): Failure {
	return badInput(
		parameter,
		`must be in the past, but is: ${inTitle(value)}`,
		'Pick an earlier day.',
	);
}

/** An expression for all options that gives none. */
export function noOptions(value: unknown): Failure {
	return badInput(
		'Options',
		`must hold options, but is: ${inTitle(value)}`,
		'Check its expression.',
	);
}

/**
 * A choice that is not in the list.
 * @param choices by the value that an expression gives, the name on the screen
 */
export function notAChoice(
	parameter: string,
	choices: Readonly<Record<string, string>>,
	value: unknown,
): Failure {
	const named = Object.entries(choices).map(([choice, name]) => `${name} (${shown(choice)})`);
	return badInput(
		parameter,
		`has no choice ${inTitle(value)}`,
		`Pick ${named.slice(0, -1).join(', ')} or ${named.at(-1)}, or have the expression give one of the values in quotes.`,
	);
}

/** None of the ways that Explain could look at. */
export function noWays(parameter: string): Failure {
	return badInput(parameter, 'is empty', 'Pick at least one of its ways.');
}

/** An option that is neither on nor off. */
export function notYesOrNo(parameter: string, value: unknown): Failure {
	const what = `must be true or false, but is: ${inTitle(value)}`;
	return badInput(parameter, what, 'Change it in this node.');
}

/** A number option that is not a whole number in digits, or too small. */
export function notAWholeNumber(parameter: string, least: number, value: unknown): Failure {
	const what = `must be a whole number of at least ${least}, but is: ${inTitle(value)}`;
	return badInput(parameter, what, 'Change it in this node.');
}

/** A number option that is too small or too large. */
export function notInRange(
	parameter: string,
	least: number,
	most: number,
	value: unknown,
): Failure {
	const what = `must be a number from ${least} to ${most}, but is: ${inTitle(value)}`;
	return badInput(parameter, what, 'Change it in this node.');
}

/** Why no key may be sent to a base URL. */
export type BaseUrlFault = 'missing' | 'noAddress' | 'moreThanAddress' | 'notHttps';

/**
 * A base URL that no key may be sent to.
 * @param address scheme and host of one that is not https
 */
export function badBaseUrl(fault: BaseUrlFault, address: string): Failure {
	const what = {
		missing: 'The credential has no Base URL',
		noAddress: 'The Base URL of the credential is not a web address, which starts with https://',
		moreThanAddress: 'The Base URL of the credential holds more than an address',
		notHttps: `The Base URL of the credential must start with https://, but is ${address}`,
	}[fault];
	const why = {
		missing: '',
		noAddress: '',
		moreThanAddress: 'No user, password, "?" or "#" may be in it. ',
		notHttps: 'Otherwise the key would be sent unencrypted. ',
	}[fault];
	return failureOf('badBaseUrl', what, `${why}${BASE_URL_ADVICE}`, {
		concerns: 'credential',
	});
}

const BASE_URL_ADVICE =
	"Nothing was sent. Set Base URL in the credential to https://api.gong.io, or to your company's own host, which Gong shows beside its keys.";

/** n8n could not evaluate an expression for an item. */
export function unusableExpression(thrown: unknown): Failure {
	const message = thrown instanceof Error ? thrown.message : 'An expression could not be evaluated';
	return failureOf('badInput', message, 'Check the expressions in this node for this item.', {});
}

/** More rows than n8n can take from one input item. */
export function tooManyRows(rows: number, most: number, callIds: string[]): Failure {
	return failureOf(
		'tooManyRows',
		`This item gives ${rows} rows, and n8n can take ${most} at most`,
		'Split the calls over several input items, for example with a Split Out node before this one.',
		{ outcome: 'notSent', callIds },
	);
}

/** More than n8n can save of one run. @param most in bytes of JSON */
export function tooMuch(most: number, advice: string, callIds: string[]): Failure {
	return failureOf(
		'tooManyRows',
		`The rows of this run would be more than ${most / 1e6} MB, which is the most that this node gives, since n8n could not save much more`,
		advice,
		{ outcome: 'notSent', callIds },
	);
}

/** The same, of Get Many. */
export function tooMuchListed(most: number, callIds: string[]): Failure {
	const advice =
		'Read fewer calls in one execution, for example a week or a workspace at a time, or leave out the details of users and calls.';
	return tooMuch(most, advice, callIds);
}

const NOTHING_CHANGED = 'Nothing was changed for this item.';

/** The users of e-mail addresses could not be looked up, so nothing was changed for them. */
export function usersNotLookedUp(because: Failure): Failure {
	const hint = 'To do without, give user IDs in place of e-mail addresses.';
	return {
		...because,
		outcome: 'notSent',
		message: `The e-mail addresses could not be looked up. ${because.message}`,
		ifUnchanged: NOTHING_CHANGED,
		advice:
			because.reason === 'refused' && because.httpStatus !== 404
				? `Run the workflow again. ${hint}`
				: orDoWithout(because, 'addresses').advice,
	};
}

/** An e-mail address that no user of the company has. */
export function unknownAddresses(parameter: string, addresses: string[]): Failure {
	const [only] = addresses;
	const failure =
		addresses.length === 1
			? badInput(
					parameter,
					`has an e-mail address that no Gong user has: ${only}`,
					'Check the spelling, or give the user ID in its place.',
				)
			: badInput(
					parameter,
					`has ${addresses.length} e-mail addresses that no Gong user has`,
					`Check the spelling of ${listed(addresses, MAX_TO_CORRECT)}, or give the user IDs in their place.`,
				);
	return { ...failure, ifUnchanged: NOTHING_CHANGED };
}

/** An e-mail address that several users have. */
export function ambiguousAddress(parameter: string, address: string, userIds: string[]): Failure {
	return failureOf(
		'badInput',
		`'${parameter}' has an e-mail address that ${userIds.length} Gong users have: ${address}`,
		`Give the ID of the one that you mean: ${listed(userIds, MAX_TO_CORRECT)}.`,
		{},
	);
}
