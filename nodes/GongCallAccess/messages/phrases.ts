import type { Failure, FailureReason, GongRefusal } from '../failure';
import { plain } from './visible';

/** What a failure says besides its sentence and its advice. */
type Rest = Partial<Omit<Failure, 'reason' | 'message' | 'advice'>>;

/** A failure of a request that was not sent and of one item, unless `rest` says otherwise. */
export function failureOf(
	reason: FailureReason,
	message: string,
	advice: string,
	rest: Rest = {},
): Failure {
	return {
		reason,
		outcome: 'notSent',
		concerns: 'item',
		message,
		advice,
		callIds: [],
		requestId: null,
		httpStatus: null,
		gongErrors: [],
		...rest,
	};
}

/** The advice as n8n shows it below the message: what to do, the request ID, and the affected calls where that helps. */
export function description(failure: Failure): string {
	const { advice, ifUnchanged = '', requestId, callIds } = failure;
	const namesCalls = callIds.length > 0 && doesNotTellItsCalls(failure);
	const parts = [
		advice,
		ifUnchanged,
		requestId === null ? '' : `Gong request ID: ${requestId}.`,
		namesCalls ? `Affected ${callIds.length === 1 ? 'call' : 'calls'}: ${listed(callIds)}.` : '',
	];
	return parts.filter((part) => part !== '').join(' ');
}

/** The message of unknown calls names them already. */
function doesNotTellItsCalls({ concerns, outcome, reason }: Failure): boolean {
	return outcome === 'unknown' || (concerns === 'calls' && reason !== 'unknownCalls');
}

/** Message and description in one text, for the `error` of an item. */
export function inOneText(failure: Failure): string {
	return `${failure.message}. ${description(failure)}`.replace(/([.?!])\. /, '$1 ').trim();
}

export function listed(ids: string[], most = MAX_LISTED_IDS): string {
	const named = ids.slice(0, most).join(', ');
	return ids.length > most ? `${named} and ${ids.length - most} more` : named;
}

// Enough to recognize them by; an item's `details` have them all.
const MAX_LISTED_IDS = 3;

/** More are listed where each of them has to be corrected. */
export const MAX_TO_CORRECT = 10;

export function duration(ms: number): string {
	const seconds = Math.ceil(ms / 1000);
	if (seconds < 120) return seconds === 1 ? '1 second' : `${seconds} seconds`;
	const minutes = Math.round(seconds / 60);
	if (minutes < 120) return `${minutes} minutes`;
	const hours = Math.round(minutes / 60);
	return hours < 48 ? `${hours} hours` : `${Math.min(Math.round(hours / 24), 365)} days or more`;
}

// n8n shows a message as a heading.
const MAX_WORDS_LENGTH = 1_000;

export function gongSays(fallback: string, refusal: GongRefusal): string {
	return refusal.errors.length > 0 ? `${fallback}. It says: ${wordsOf(refusal)}` : fallback;
}

export function wordsOf({ errors }: GongRefusal): string {
	return plain(errors.join('; '), MAX_WORDS_LENGTH);
}

/** Gong's words as a sentence before the advice, where they are too long for a title or say nothing new there. */
export function gongsWords(refusal: GongRefusal): string {
	const words = wordsOf(refusal);
	if (words === '') return '';
	return `Gong says: ${words}${/[.!?]$/.test(words) ? '' : '.'} `;
}

// With what stands before it, a title is a line.
const MAX_TITLE_WORDS = 100;

/** Whether Gong's words may stand in a title. */
export function isShort(refusal: GongRefusal): boolean {
	return wordsOf(refusal).length <= MAX_TITLE_WORDS;
}

export function answered(httpStatus: number, refusal: GongRefusal): Rest {
	const { requestId, errors } = refusal;
	return { outcome: 'refused', httpStatus, requestId, gongErrors: errors };
}
