/**
 * Every text that the node shows while it runs, in one place.
 * n8n's rules for messages: say what happened and what to do, without "error", "problem", "failure", "mistake".
 */
import type { Logger } from 'n8n-workflow';
import type { Failure, FailureReason } from './failures';
import type { GongRefusal } from './gong/api';
import { missingScope } from './gong/api';
import type { NetworkTrouble } from './sending/network';
import { plain } from './text';

const NAMED = 10;
// What was written and what was not stands nowhere else; more than this nobody reads in a message.
const MAX_TOLD = 200;

/** What a failure says besides its sentence and its advice. */
type Rest = Partial<Omit<Failure, 'reason' | 'message' | 'advice'>>;

function failure(reason: FailureReason, message: string, advice: string, rest: Rest): Failure {
	return {
		reason,
		outcome: 'notSent',
		message,
		advice,
		callIds: [],
		requestId: null,
		httpStatus: null,
		gongErrors: [],
		...rest,
	};
}

/** A value that someone typed or an expression gave, refused before anything was sent. */
export function badInput(parameter: string, what: string, advice: string): Failure {
	return failure('badInput', `'${parameter}' ${what}`, advice, {});
}

/** A base URL that no key may be sent to. */
export function badBaseUrl(message: string, callIds: string[]): Failure {
	return failure('badBaseUrl', message, '', { callIds });
}

const REPORT_IT =
	'If it happens again, report it to the makers of this node with its lines in the n8n log.';

/** What nobody foresaw; `begun` where a write may have left, of which nothing can be said then. */
export function unexpected(callIds: string[], begun: boolean): Failure {
	return failure(
		'unexpected',
		'Something unexpected happened inside this node',
		begun
			? `Whether Gong carried out the change is not known. Check access with Get Many, or run the workflow again, which is safe. ${REPORT_IT}`
			: `Nothing was changed for this item. Run the workflow again. ${REPORT_IT}`,
		{ outcome: begun ? 'unknown' : 'notSent', callIds },
	);
}

/** Notes where something unexpected was thrown; never its message, which may hold the request with its key. */
export function logUnexpected(logger: Logger, thrown: unknown): void {
	const { name, stack } = thrown instanceof Error ? thrown : { name: typeof thrown, stack: '' };
	const frames = (stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
	const where = frames.slice(0, 8).map((line) => line.trim());
	logger.warn(`Gong Call Access: unexpected ${name} ${where.join(' | ')}`);
}

/** n8n could not evaluate an expression for an item. */
export function unusableExpression(thrown: unknown): Failure {
	const message = thrown instanceof Error ? thrown.message : 'An expression could not be evaluated';
	return failure('badInput', message, 'Check the expressions in this node for this item.', {});
}

/** Set to stop: a write whose credential differs by item, in batches that n8n hands over one by one. */
export function cannotReadAhead(): Failure {
	return failure(
		'badInput',
		'The credential holds an expression, and with batching its value is not known for all items before the first change',
		"Set 'On Error' to 'Continue', or remove 'Batching' from this node's options. Nothing was changed.",
		{},
	);
}

/** An item of another of n8n's batches was unusable when it was read ahead, and usable when it came. */
export function notAsForeseen(): Failure {
	return failure(
		'badInput',
		'An input item changed while the run was waiting for it, so nothing was sent',
		'Check the expressions in this node, and run the workflow again.',
		{},
	);
}

/** n8n would not send, for example for a credential that may not be used with this address. */
export function notAllowed(thrown: unknown, callIds: string[]): Failure {
	// Of what was thrown only its message: a cause may hold the request, and with it the key.
	const message = thrown instanceof Error ? thrown.message : 'n8n did not send the request';
	return failure(
		'credential',
		message,
		"Nothing was sent. Check the credential's Base URL and its allowed domains.",
		{ callIds },
	);
}

/**
 * A 401 or 403: a wrong key, or a key without the scope.
 * @param needed the scope that the request needs
 * @param byOAuth2 whether it was a token, and no new one could be had that Gong takes
 */
export function unauthorized(
	status: 401 | 403,
	refusal: GongRefusal,
	needed: string,
	callIds: string[],
	byOAuth2 = false,
): Failure {
	// A 403 says so of a sign-in that Gong knows, whether or not it names the scope.
	const missing = missingScope(refusal) ?? (status === 403 ? needed : undefined);
	const switchOff = WITHOUT_SCOPE[missing ?? ''] ?? '';
	const what = missing ? 'Gong did not allow this' : 'Gong did not accept the sign-in';
	const advice = missing
		? `The credential works, but ${status === 403 && !missingScope(refusal) ? 'may lack' : 'lacks'} the scope ${missing}. A Gong technical administrator can add it where the key was made (Admin center > Settings > API); with OAuth2, connect the credential again.${switchOff}`
		: byOAuth2
			? `Open the credential and connect it again: n8n could get no token that Gong accepts. Check that it has the scope ${needed}.`
			: `Check Access Key and Access Key Secret in the credential, or with OAuth2 connect it again. It needs the scope ${needed}.`;
	return failure('unauthorized', gongSays(what, refusal), advice, {
		...answered(status, refusal),
		callIds,
		...(missing === undefined ? {} : { missingScope: missing }),
	});
}

/** What one can do without, where a scope serves an option only. */
const WITHOUT_SCOPE: Record<string, string> = {
	'api:users:read':
		" Without it, switch off the option 'Include User Details', and give user IDs in place of e-mail addresses.",
	'api:calls:read:extensive': " Without it, switch off the option 'Include Call Details'.",
	'api:calls:read:basic': " Without it, set 'Calls From' to 'Call IDs' or 'Input Field'.",
};

/** Any other refusal, passed on in Gong's own words. */
export function refused(status: number, refusal: GongRefusal, callIds: string[]): Failure {
	const advice =
		status === 413
			? "Set the option 'Calls per Request' lower, so that each request is shorter."
			: status >= 500
				? 'Gong could not answer, although it was asked several times. Run the workflow again later.'
				: 'Check the IDs and the options of this node against what Gong says.';
	return failure('refused', gongSays(`Gong refused with status ${status}`, refusal), advice, {
		...answered(status, refusal),
		callIds,
	});
}

/** A 404, which Gong's own paths do not give: what answers there is something else, or elsewhere. */
export function notFound(refusal: GongRefusal, callIds: string[]): Failure {
	const message = 'Nothing answers to this at the Base URL of the credential (status 404)';
	return failure(
		'refused',
		gongSays(message, refusal),
		`Check the Base URL in the credential: it should be https://api.gong.io, or your company's own host, without /v2 or another path behind it, unless a proxy needs one.`,
		{ ...answered(404, refusal), callIds },
	);
}

/** An expired OAuth2 token, and no new one at this moment; the request itself was answered with 401. */
export function noNewToken(
	{ status, code }: { status: number | null; code: string },
	callIds: string[],
): Failure {
	const said = status === null ? code : `status ${status}`;
	return failure(
		'noAnswer',
		'The OAuth2 token has expired, and no new one could be had',
		`It was asked for several times. Run the workflow again later.${said === '' ? '' : ` (${said})`}`,
		{ outcome: 'notSent', httpStatus: status, callIds },
	);
}

/** Calls that Gong does not know; `callIds` are those, `refusal` is the last answer that said so. */
export function unknownCalls(
	callIds: string[],
	refusal: GongRefusal,
	perhapsMore = false,
	goesOn = false,
): Failure {
	const which =
		callIds.length === 0
			? 'one or more of the calls, and does not say which'
			: callIds.length === 1
				? `call ${callIds[0]}`
				: `${callIds.length} of the calls: ${listed(callIds)}`;
	return failure(
		'unknownCalls',
		`Gong does not know ${which}.${perhapsMore ? ' There may be more: the search ended here.' : ''} It says: ${wordsOf(refusal)}`,
		goesOn
			? 'Check the IDs, and that the calls were not deleted.'
			: "Check the IDs, and that the calls were not deleted. To go on with the other calls all the same, set 'On Error' in the node's settings to 'Continue', or for Get Many the option 'Unknown Calls' to 'Report'.",
		{ ...answered(400, refusal), callIds },
	);
}

/** A 429 that asks for more than the request may wait. */
export function rateLimited(waitMs: number, refusal: GongRefusal, callIds: string[]): Failure {
	return failure(
		'rateLimit',
		gongSays(`Gong is taking no more requests for ${duration(waitMs)}`, refusal),
		whenAgain(waitMs),
		{ ...answered(429, refusal), callIds },
	);
}

/** Not sent, because Gong has just asked this n8n to wait longer than the request may. */
export function heldTooLong(waitMs: number, callIds: string[]): Failure {
	return failure(
		'rateLimit',
		`Gong has asked to wait ${duration(waitMs)} before the next request`,
		whenAgain(waitMs),
		{ callIds },
	);
}

function whenAgain(waitMs: number): string {
	const known = waitMs < MOST_TOLD_MS;
	const at = known
		? new Date(Date.now() + waitMs).toISOString().replace('T', ' ').slice(0, 16)
		: '';
	const when = known ? `It will work again at about ${at} UTC.` : 'Try again another day.';
	return `${when} Gong allows a company 3 requests a second and 10,000 a day. To wait longer within a run, raise the option 'Max Wait'.`;
}

// Further away, no clock time helps anyone.
const MOST_TOLD_MS = 365 * 24 * 60 * 60 * 1000;

/** No whole answer came. */
export function noAnswer(
	{ kind, code, sent }: Omit<NetworkTrouble, 'again'>,
	callIds: string[],
): Failure {
	const broken = kind === 'insecure' && sent ? BROKEN_OFF : NO_ANSWER[kind];
	const [message, advice] = CERTIFICATES.get(code) ?? broken;
	// The code stands in the advice: n8n replaces a message that holds one by a text of its own.
	const coded = code === '' ? advice : `${advice} (${code})`;
	return failure('noAnswer', message, coded, { outcome: sent ? 'unknown' : 'notSent', callIds });
}

const NO_ANSWER: Record<NetworkTrouble['kind'], [message: string, advice: string]> = {
	passing: [
		'No whole answer came from Gong',
		'It was asked several times. Check that n8n can reach the Base URL of the credential, and run the workflow again.',
	],
	certificate: [
		'The certificate of the Base URL is not trusted',
		'Check the Base URL in the credential. If your network puts in a certificate of its own, whoever runs n8n can make n8n trust it.',
	],
	insecure: [
		'No secure connection to the Base URL could be made',
		'Check the Base URL in the credential: what answers there does not speak https.',
	],
	unreachable: [
		'The Base URL could not be reached',
		'Check the Base URL in the credential, and whether n8n may reach it from where it runs.',
	],
};

/** Where it may have broken before anything was sent, or after it. */
const BROKEN_OFF: [message: string, advice: string] = [
	'The secure connection to the Base URL broke off',
	'It was tried several times. Check the Base URL in the credential, and whether what answers there speaks https.',
];

/** What is wrong with a certificate that may well be from a trusted place, by the code of Node and OpenSSL. */
const CERTIFICATES = new Map<string, [message: string, advice: string]>([
	[
		'CERT_HAS_EXPIRED',
		[
			'The certificate of the Base URL has expired',
			'Check the Base URL in the credential, and the clock of the machine that n8n runs on. If both are right, whoever runs that address must renew its certificate.',
		],
	],
	[
		'ERR_TLS_CERT_ALTNAME_INVALID',
		[
			'The certificate of the Base URL is made out to another address',
			'Check the Base URL in the credential: something else answers there than what it names.',
		],
	],
]);

/** An answer of another shape than Gong documents; `what` says in which way. */
export function unexpectedAnswer(
	status: number,
	what: string,
	callIds: string[],
	requestId: string | null = null,
): Failure {
	return failure(
		'unexpectedAnswer',
		`The answer is not one that Gong documents: ${what}`,
		'Check the Base URL in the credential, and whether a proxy stands between n8n and Gong.',
		{ outcome: 'unknown', httpStatus: status, requestId, callIds },
	);
}

/** A listing whose pages do not hold all that they say there is; `what` says in which way. */
export function listingNotWhole(status: number, what: string): Failure {
	return {
		...unexpectedAnswer(status, what, []),
		advice:
			'Rows would be missing, so none are given. Run the workflow again: what is added or removed while Gong lists can do this. If it stays so, check whether a proxy stands between n8n and Gong.',
	};
}

/** An answer with more bytes than the node reads. */
export function answerTooLong(most: number, callIds: string[]): Failure {
	return failure(
		'unexpectedAnswer',
		`The answer is longer than ${most / 1024 ** 2} MB, which is the most that this node reads`,
		"Set the option 'Calls per Request' lower, so that each answer is shorter. If the calls are few, check the Base URL in the credential, and whether a proxy stands between n8n and Gong.",
		{ outcome: 'unknown', httpStatus: 200, callIds },
	);
}

/** A redirect, which would take the key along. */
export function redirected(status: number, callIds: string[]): Failure {
	return failure(
		'unexpectedAnswer',
		`The Base URL answers with a redirect (status ${status}), which is not followed so that the key goes nowhere else`,
		'Set Base URL in the credential to the address of the Gong API itself, such as https://api.gong.io.',
		{ outcome: 'refused', httpStatus: status, callIds },
	);
}

/** More rows than n8n can take from one input item. */
export function tooManyRows(rows: number, most: number, callIds: string[]): Failure {
	return failure(
		'tooManyRows',
		`This item gives ${rows} rows, and n8n can take at most ${most} from one input item`,
		'Split the calls over several input items, for example with a Split Out node before this one.',
		{ outcome: 'notSent', callIds },
	);
}

/** A replace whose rows would repeat the users of its calls too often for the memory of n8n. */
export function tooManyListedUsers(users: number, most: number, callIds: string[]): Failure {
	return failure(
		'tooManyRows',
		`The rows of this run would list ${users} users, and this node gives at most ${most}`,
		'Each item that names a call gets all its users. Give the users of a call in one item, for example with an Aggregate node before this one, or replace fewer calls in one run. Nothing was changed.',
		{ callIds },
	);
}

/** The users of e-mail addresses could not be looked up, so nothing was changed for them. */
export function usersNotLookedUp(because: Failure): Failure {
	const hint = 'To do without, give user IDs in place of e-mail addresses.';
	return {
		...because,
		outcome: 'notSent',
		message: `The e-mail addresses could not be looked up. ${because.message}`,
		advice:
			because.reason === 'refused' && because.httpStatus !== 404
				? `Run the workflow again. ${hint} Nothing was changed for this item.`
				: because.advice,
	};
}

/** An e-mail address that no user of the company has. */
export function unknownAddresses(parameter: string, addresses: string[]): Failure {
	const which = addresses.length === 1 ? addresses[0] : `any of these: ${listed(addresses)}`;
	return failure(
		'badInput',
		`'${parameter}' has an e-mail address that no Gong user has: ${which}`,
		'Check the spelling, or give the user ID in its place. Nothing was changed for this item.',
		{},
	);
}

/** An e-mail address that several users have. */
export function ambiguousAddress(parameter: string, address: string, userIds: string[]): Failure {
	return failure(
		'badInput',
		`'${parameter}' has an e-mail address that ${userIds.length} Gong users have: ${address}`,
		`Give the ID of the one that you mean: ${listed(userIds)}.`,
		{},
	);
}

/** A call to replace whose users are not all known, so that whom to take it from is not known either. */
export function notAllUsersKnown(itemIndex: number): Failure {
	return failure(
		'badInput',
		`Another item that names the same call could not be used [item ${itemIndex}], so it is not known who is to keep access`,
		'Replace puts the users of all items that name a call together. Check the other item, and run the workflow again. Nothing was changed for this call.',
		{},
	);
}

/** A replace in a run with an item of which neither calls nor users are known. */
export function callsNotKnown(): Failure {
	return failure(
		'badInput',
		'Another item could not be read, so it is not known which calls and users it names',
		"Replace puts the users of all items together, and takes nobody's access away whom another item may name. Check that item, and run the workflow again. Nothing was changed for this call.",
		{},
	);
}

/** A call to replace that would take access from users whom an item names for calls that are not known. */
export function mayBeMeant(userIds: string[], callIds: string[]): Failure {
	const who = userIds.length === 1 ? `user ${userIds[0]}` : `users ${listed(userIds)}`;
	return failure(
		'badInput',
		`Replace would take access from ${who}, named by another item of which not all call IDs could be read`,
		'That item may mean this call. Check its call IDs, and run the workflow again. Nothing was changed for this call.',
		{ callIds },
	);
}

/** A call to replace that is named with and without zeros before its ID. */
export function spelledTwice(callId: string, other: string): Failure {
	return failure(
		'badInput',
		`Items name the calls ${callId} and ${other}, which may be the same call`,
		'Check the zeros before these IDs, and write a call in the same way everywhere. Nothing was changed for this call.',
		{ callIds: [callId] },
	);
}

/** A call to replace that items with different credentials name. */
export function credentialsDiffer(callIds: string[]): Failure {
	return failure(
		'badInput',
		'Several items name the same call, and their credentials differ',
		'Replace puts the users of all items that name a call together. Give those items the same credential. Nothing was changed for this call.',
		{ callIds },
	);
}

/** A call to replace that also other items name, which n8n leaves out because of Execute Once. */
export function leftOutByExecuteOnce(): Failure {
	return failure(
		'badInput',
		"'Execute Once' is on, and another item names the same call with other users, who would lose access",
		"Switch 'Execute Once' off in the settings of this node, so that the users of all items count. Nothing was changed for this call.",
		{},
	);
}

/** A call to replace that items with different options name. */
export function optionsDiffer(callIds: string[]): Failure {
	return failure(
		'badInput',
		'Several items name the same call, and their options differ',
		'Replace puts the users of all items that name a call together, so give them the same options. Set an option by an expression only where it does not tell items of one call apart. Nothing was changed for this call.',
		{ callIds },
	);
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
	return failure(
		'refused',
		gongSays('Gong refused the change although it knows each of the calls', refusal),
		'Check that the users are known to Gong, and run the workflow again.',
		{ ...answered(400, refusal), callIds },
	);
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
	if (because.reason !== 'unknownCalls') return { ...because, outcome: 'unknown' };
	const advice = 'Check the IDs, and that the calls were not deleted.';
	return { ...because, advice, reason: 'refused', outcome: 'unknown' };
}

/** What failed before anything was written. */
export function nothingWritten(because: Failure): Failure {
	return because.outcome === 'unknown' ? { ...because, outcome: 'notSent' } : because;
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
		accepted.length > 0 ? `Accepted before this: ${listed(accepted, MAX_TOLD)}.` : '',
		earlier.length > 0 ? `Accepted before this for other items: ${listed(earlier, MAX_TOLD)}.` : '',
		half.length > 0 ? `Granted, but not taken from the others: ${listed(half, MAX_TOLD)}.` : '',
		unknown.length > 0 ? `Not known whether carried out: ${listed(unknown, MAX_TOLD)}.` : '',
		notDone.length > 0 ? `Not carried out: ${listed(notDone, MAX_TOLD)}.` : '',
		'It is safe to run it again.',
	];
	return parts.filter((part) => part !== '').join(' ');
}

/** A failure that stops a run in which earlier items were written: it says so. */
export function afterEarlierWrites(because: Failure, accepted: string[]): Failure {
	if (accepted.length === 0) return because;
	const soFar = writtenSoFar({ accepted, earlier: [], half: [], unknown: [], notDone: [] });
	return { ...because, advice: `${because.advice} ${soFar}`.trim() };
}

/** Not sent, since what was sent before it in the run failed for good. */
export function notTried(because: Failure, callIds: string[]): Failure {
	const message = because.message.startsWith(NOT_SENT)
		? because.message
		: `${NOT_SENT} ${because.message}`;
	return { ...because, message, outcome: 'notSent', callIds };
}

const NOT_SENT = 'Not sent, because an earlier request of this run did not succeed.';

/** What to do where Gong asks to slow down while a list of the panel is opened. */
export function openListLater(): string {
	return 'Wait for a moment, then open the list again. Other workflows may be using the limit of requests.';
}

/** For the log while Gong asks to slow down. */
export function waitingForGong(waitMs: number): string {
	return `waiting ${duration(waitMs)} because Gong asked to slow down`;
}

/** For the log before another try. */
export function waitingToRepeat(waitMs: number): string {
	return `waiting ${duration(waitMs)} before asking again, because the last answer was not usable`;
}

/** For the log of a long run. */
export function progress(done: number, all: number, why: string): string {
	return `Gong Call Access: ${done} of ${all} calls done${why ? `, ${why}` : ''}`;
}

/** The advice as n8n shows it below the message: what to do, the request ID, and the calls concerned. */
export function description(failure: Failure): string {
	const { advice, requestId, callIds, reason } = failure;
	const parts = [
		advice,
		requestId === null ? '' : `Gong request ID: ${requestId}.`,
		callIds.length === 0 || reason === 'unknownCalls' ? '' : `Calls concerned: ${listed(callIds)}.`,
	];
	return parts.filter((part) => part !== '').join(' ');
}

/** Message and description in one text, for the `error` of an item. */
export function inOneText(failure: Failure): string {
	return `${failure.message}. ${description(failure)}`.replace(/([.?!])\. /, '$1 ').trim();
}

function gongSays(fallback: string, refusal: GongRefusal): string {
	return refusal.errors.length > 0 ? `${fallback}. It says: ${wordsOf(refusal)}` : fallback;
}

// n8n shows a message as a heading.
const LONGEST_WORDS = 1_000;

function wordsOf({ errors }: GongRefusal): string {
	return plain(errors.join('; '), LONGEST_WORDS);
}

function answered(httpStatus: number, refusal: GongRefusal): Rest {
	const { requestId, errors } = refusal;
	return { outcome: 'refused', httpStatus, requestId, gongErrors: errors };
}

function listed(ids: string[], most = NAMED): string {
	const named = ids.slice(0, most).join(', ');
	return ids.length > most ? `${named} and ${ids.length - most} more` : named;
}

function duration(ms: number): string {
	const seconds = Math.ceil(ms / 1000);
	if (seconds < 120) return seconds === 1 ? '1 second' : `${seconds} seconds`;
	const minutes = Math.round(seconds / 60);
	if (minutes < 120) return `${minutes} minutes`;
	const hours = Math.round(minutes / 60);
	return hours < 48 ? `${hours} hours` : `${Math.min(Math.round(hours / 24), 365)} days or more`;
}
