import type { Failure, GongRefusal } from '../failure';
import { passes } from '../failure';
import {
	answered,
	duration,
	failureOf,
	gongSays,
	listed,
	MAX_TO_CORRECT,
	wordsOf,
} from './phrases';

// What people read when Gong, n8n or the network does not do what was asked. n8n's rules for messages: say
// what happened and what to do, without "error", "problem", "failure", "mistake".

/**
 * Any other refusal, passed on in Gong's own words; of a status that passes, that Gong is not available.
 * @param saysUnknownUser whether Gong says that it does not know a user of a write
 */
export function refused(
	status: number,
	refusal: GongRefusal,
	callIds: string[],
	saysUnknownUser = false,
): Failure {
	if (passes(status)) {
		return failureOf(
			'unavailable',
			gongSays(`Gong is not available at the moment (status ${status})`, refusal),
			'It was asked several times. Run the workflow again later.',
			{ ...answered(status, refusal), outcome: 'unknown', concerns: 'connection', callIds },
		);
	}
	const advice =
		status === 413
			? "Set the option 'Calls per Request' lower, so that each request is shorter."
			: saysUnknownUser
				? "Check the user IDs: each must be of somebody in your company's Gong. E-mail addresses can be given in their place."
				: callIds.length === 0
					? 'Check the settings of this node against what Gong says.'
					: 'Check the IDs and the options of this node against what Gong says.';
	return failureOf('refused', gongSays(`Gong refused with status ${status}`, refusal), advice, {
		...answered(status, refusal),
		concerns: 'calls',
		callIds,
		...(saysUnknownUser ? { saysUnknownUser } : {}),
	});
}

/** A 404, which Gong's own paths do not give: what answers there is something else, or elsewhere. */
export function notFound(refusal: GongRefusal, callIds: string[]): Failure {
	const message = 'There is no Gong API at the Base URL of the credential (status 404)';
	return failureOf(
		'refused',
		gongSays(message, refusal),
		`Check the Base URL in the credential: it should be https://api.gong.io, or your company's own host, without /v2 or another path behind it, unless a proxy needs one.`,
		{ ...answered(404, refusal), concerns: 'connection', callIds },
	);
}

/** n8n would not send, for example for a credential that may not be used with this address. */
export function notAllowed(thrown: unknown, callIds: string[]): Failure {
	// Of what was thrown only its message: a cause may hold the request, and with it the key.
	const message = thrown instanceof Error ? thrown.message : 'n8n did not send the request';
	return failureOf(
		'credential',
		message,
		"Nothing was sent. Check the credential's Base URL and its allowed domains.",
		{ concerns: 'credential', callIds },
	);
}

/** An expired OAuth2 token, and no new one at this moment; the request itself was answered with 401. */
export function noNewToken(
	{ status, code }: { status: number | null; code: string },
	callIds: string[],
): Failure {
	const said = status === null ? code : `status ${status}`;
	return failureOf(
		'noAnswer',
		'The OAuth2 token has expired, and no new one could be obtained',
		`It was asked for several times. Run the workflow again later.${said === '' ? '' : ` (${said})`}`,
		{ concerns: 'connection', httpStatus: status, callIds },
	);
}

/**
 * Calls that Gong does not know; `callIds` are those.
 * @param refusal the last answer that said so; without words where an answer left them out
 */
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
				: `${callIds.length} of the calls: ${listed(callIds, MAX_TO_CORRECT)}`;
	const advice = 'Check the IDs, and that the calls were not deleted.';
	return aboutUnknown(`Gong does not know ${which}`, goesOn ? advice : `${advice} ${GO_ON}`, {
		callIds,
		refusal,
		perhapsMore,
	});
}

const GO_ON =
	"To go on with the other calls all the same, set 'On Error' in the node's settings to 'Continue'.";

function aboutUnknown(
	what: string,
	advice: string,
	about: { callIds: string[]; refusal: GongRefusal; perhapsMore: boolean },
): Failure {
	const { callIds, refusal, perhapsMore } = about;
	const hasWords = refusal.errors.length > 0;
	const more = perhapsMore ? ' There may be more: the search ended here.' : '';
	const message = `${what}.${more}${hasWords ? ` It says: ${wordsOf(refusal)}` : ''}`;
	return failureOf('unknownCalls', message, advice, {
		...answered(400, refusal),
		concerns: 'calls',
		...(hasWords ? {} : { httpStatus: null }),
		...(perhapsMore ? { mayBeMore: true } : {}),
		callIds,
	});
}

/**
 * Calls that a period listed and that Gong then does not know; `callIds` are those. Nobody typed their IDs, so there
 * is nothing to check about them.
 * @param refusal as for {@link unknownCalls}
 */
export function unknownOfPeriod(
	callIds: string[],
	refusal: GongRefusal,
	perhapsMore = false,
	goesOn = false,
): Failure {
	const [which, they] =
		callIds.length === 1
			? [`call ${callIds[0]}, which it listed a moment ago`, 'The call was']
			: [
					`${callIds.length} of the calls that it listed a moment ago: ${listed(callIds, MAX_TO_CORRECT)}`,
					'They were',
				];
	const advice = `${they} deleted or hidden meanwhile, or ${callIds.length === 1 ? 'is' : 'are'} so new that Gong does not know ${callIds.length === 1 ? 'it' : 'them'} everywhere yet. Run the workflow again in some hours: what was deleted is not listed any more then.`;
	return aboutUnknown(`Gong does not know ${which}`, goesOn ? advice : `${advice} ${GO_ON}`, {
		callIds,
		refusal,
		perhapsMore,
	});
}

/** None of the first calls of a run is known to Gong, so no more are asked for. @param calls how many those were */
export function noneKnown(calls: number): Failure {
	return failureOf(
		'unknownCalls',
		`Gong does not know any of the first ${calls} calls of this run, so no more were asked for`,
		'Check whether the credential is of the company that these calls belong to, and whether the IDs are call IDs.',
		{ concerns: 'calls' },
	);
}

/** The same in a run that only reads, which may report such calls in rows; any other failure stays as it is. */
export function orReport(because: Failure): Failure {
	if (because.reason !== 'unknownCalls') return because;
	const advice = `${because.advice} To get an item for such a call too, set the option 'Unknown Calls' to 'Report'.`;
	return { ...because, advice };
}

/** A 429 that asks for more than the request may wait. */
export function rateLimited(waitMs: number, refusal: GongRefusal, callIds: string[]): Failure {
	return failureOf(
		'rateLimit',
		gongSays(`Gong is taking no more requests for ${duration(waitMs)}`, refusal),
		whenAgain(waitMs),
		{ ...answered(429, refusal), concerns: 'credential', callIds },
	);
}

/** Not sent, because Gong has just asked this n8n to wait longer than the request may. */
export function heldTooLong(waitMs: number, callIds: string[]): Failure {
	return failureOf(
		'rateLimit',
		`Gong has asked to wait ${duration(waitMs)} before the next request`,
		whenAgain(waitMs),
		{ concerns: 'credential', callIds },
	);
}

function whenAgain(waitMs: number): string {
	const known = waitMs < MAX_SHOWN_WAIT_MS;
	const at = known
		? new Date(Date.now() + waitMs).toISOString().replace('T', ' ').slice(0, 16)
		: '';
	const when = known ? `It will work again at about ${at} UTC.` : 'Try again another day.';
	const next =
		waitMs <= MAX_WAIT_IN_RUN_MS
			? "To wait that long within a run, raise the option 'Max Wait (Seconds)'."
			: 'Run the workflow again then.';
	return `${when} Gong limits the requests of a company, by default to 3 a second and 10,000 a day. ${next}`;
}

// Nobody lets a workflow wait for longer in one run.
const MAX_WAIT_IN_RUN_MS = 10 * 60 * 1000;

// Further away, no clock time helps anyone.
const MAX_SHOWN_WAIT_MS = 365 * 24 * 60 * 60 * 1000;

/** An answer of another shape than Gong documents; `what` says in which way. */
export function unexpectedAnswer(
	status: number,
	what: string,
	callIds: string[],
	requestId: string | null = null,
): Failure {
	return failureOf(
		'unexpectedAnswer',
		`The answer is not one that Gong documents: ${what}`,
		'Check the Base URL in the credential, and whether a proxy stands between n8n and Gong.',
		{ outcome: 'unknown', concerns: 'connection', httpStatus: status, requestId, callIds },
	);
}

/** A listing whose pages do not hold all that they say there is; `what` says in which way. */
export function listingNotWhole(status: number, what: string): Failure {
	return {
		...unexpectedAnswer(status, what, []),
		advice:
			'Rows would be missing, so none are given. This can happen when something is added or removed while Gong lists it, so run the workflow again. If it happens every time, check whether a proxy stands between n8n and Gong.',
	};
}

/** A listing whose cursor expired each time that it was read. @param refused as Gong refused the last one */
export function cursorExpired(refused: Failure): Failure {
	const advice =
		'Gong gave up the listing before it was read, more than once. Run the workflow again later, and where it is of a period, for a shorter one.';
	return { ...refused, advice };
}

/** An answer with more bytes than the node reads. */
export function answerTooLong(most: number, callIds: string[]): Failure {
	return failureOf(
		'unexpectedAnswer',
		`The answer is longer than ${most / 1024 ** 2} MB, which is the most that this node reads`,
		"Set the option 'Calls per Request' lower, so that each answer is shorter. If the calls are few, check the Base URL in the credential, and whether a proxy stands between n8n and Gong.",
		{ outcome: 'unknown', concerns: 'connection', httpStatus: 200, callIds },
	);
}

/** A redirect, which would take the key along. */
export function redirected(status: number, callIds: string[]): Failure {
	return failureOf(
		'unexpectedAnswer',
		`The Base URL answers with a redirect (status ${status}), which is not followed so that the key goes nowhere else`,
		'Set Base URL in the credential to the address of the Gong API itself, such as https://api.gong.io.',
		{ outcome: 'refused', concerns: 'credential', httpStatus: status, callIds },
	);
}

/** Not sent, since what was sent before it in the run failed for good. */
export function notTried(because: Failure, callIds: string[]): Failure {
	const message = because.message.startsWith(NOT_SENT)
		? because.message
		: `${NOT_SENT} ${because.message}`;
	return {
		...because,
		message,
		outcome: 'notSent',
		callIds,
		isOfOthers: true,
		saysUnknownUser: undefined,
	};
}

/** One of many that Gong refused together, where the search for what it refuses ended. */
export function notTriedApart(refused: Failure): Failure {
	return {
		...refused,
		message: `${refused.message}${/[.!?]$/.test(refused.message) ? '' : '.'} It may be for other items: this was refused together with them, and not tried apart`,
		advice:
			'Correct the items that Gong refuses by themselves, and run the workflow again for the others.',
		saysUnknownUser: undefined,
	};
}

const NOT_SENT = 'Not sent, because an earlier request of this run did not succeed.';

/** What failed before anything was written. */
export function nothingWritten(because: Failure): Failure {
	return because.outcome === 'unknown' ? { ...because, outcome: 'notSent' } : because;
}

/** The run was answered: requests that are still waiting are not sent. It stands in no item. */
export function runAnswered(): Failure {
	return failureOf('unexpected', 'The run was answered without this request', '');
}

/** The execution was canceled. n8n counts it as failed unless the message holds "canceled". */
export function canceled(): Failure {
	return failureOf('canceled', 'The execution was canceled', '');
}
const REPORT_IT =
	'If it happens again, report it to the makers of this node with its lines in the n8n log.';

/** For an unexpected error. @param begun whether a write may have been sent, so that its outcome is not known */
export function unexpected(callIds: string[], begun: boolean): Failure {
	return failureOf(
		'unexpected',
		'Something unexpected happened inside this node',
		begun
			? `Whether Gong carried out the change is not known. Check access with Get Many, or run the workflow again, which is safe. ${REPORT_IT}`
			: `Run the workflow again. ${REPORT_IT}`,
		{
			outcome: begun ? 'unknown' : 'notSent',
			concerns: 'calls',
			callIds,
			...(begun ? {} : { ifUnchanged: 'Nothing was changed for this item.' }),
		},
	);
}
