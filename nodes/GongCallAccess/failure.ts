/** Why calls got no rows, in one word that a workflow can branch on. */
export type FailureReason =
	| 'badInput'
	/** The item is good, and another one of the run keeps it from being carried out. */
	| 'otherItem'
	| 'badBaseUrl'
	| 'credential'
	| 'unauthorized'
	| 'unknownCalls'
	| 'rateLimit'
	| 'refused'
	| 'noAnswer'
	/** Gong answered that it cannot answer now (a status of 500 or more). */
	| 'unavailable'
	| 'unexpectedAnswer'
	| 'tooManyRows'
	| 'unexpected'
	/** The execution was canceled. It ends the run, so no item ever has it. */
	| 'canceled';

/**
 * What became of the change that was asked for: never sent, refused by Gong, or sent without a usable
 * answer. `unknown` is for writes only: a read or a dry run changes nothing, whatever becomes of it.
 */
export type FailureOutcome = 'notSent' | 'refused' | 'unknown';

/** A failure as people and workflows read it. It holds no secret. */
export interface Failure {
	reason: FailureReason;
	outcome: FailureOutcome;
	/** One sentence: what happened, in Gong's own words where there are any. */
	message: string;
	/** What to do next. */
	advice: string;
	/** The calls concerned, as far as they are known. */
	callIds: string[];
	requestId: string | null;
	httpStatus: number | null;
	/** Gong's `errors`. */
	gongErrors: string[];
	/** Whether the advice already says what was written before the failure, as it does on stop. */
	tellsWhatWasWritten?: true;
	/** The scope that Gong says the credential lacks. */
	missingScope?: string;
	/** Whether there may be more unknown calls than it names. */
	mayBeMore?: true;
	/** Whether it is about other calls, because of which these were not sent. */
	isOfOthers?: true;
}

/** A value, or why there is none. */
export type Result<T, F = Failure> = { ok: true; value: T } | { ok: false; failure: F };

/** The one error that this package throws: a failure on its way up to where it is handled. */
export class FailureError extends Error {
	constructor(readonly failure: Failure) {
		super(failure.message);
		this.name = 'FailureError';
	}
}

/** What Gong says in a response of another status than 200. */
export interface GongRefusal {
	requestId: string | null;
	errors: string[];
}

/** What is known of a request that got no whole response. Never its text: it may hold the key. */
export interface LostRequest {
	/** Such as ECONNRESET; empty where there is none. */
	code: string;
	/** What stands in the way, as far as it can be told. */
	kind: 'passing' | 'certificate' | 'insecure' | 'unreachable';
	/** False only where the request surely never left; a write may otherwise have been carried out. */
	sent: boolean;
}

/** Whether every other request like the failed one would fail in the same way, so that none need be sent. */
export function stopsRequestsLikeIt({ reason, httpStatus }: Failure): boolean {
	const redirect = httpStatus !== null && httpStatus >= 300 && httpStatus < 400;
	return ['unauthorized', 'rateLimit', 'credential'].includes(reason) || redirect;
}

/** Whether a failure has nothing to do with what an item says: every item with the same credential may meet it. */
export function isOfEveryItem(failure: Failure): boolean {
	const { reason, httpStatus } = failure;
	if (reason === 'unexpected') return false;
	const isOfCredential = reason === 'badBaseUrl' || httpStatus === 404;
	return isOfCredential || stopsRequestsLikeIt(failure) || isLost(failure);
}

/** Whether it helps people to know which calls a failure concerns: not where each request would have failed. */
export function concernsItsCalls(failure: Failure): boolean {
	const { reason, outcome, httpStatus } = failure;
	if (outcome === 'unknown' || reason === 'unexpected') return true;
	const tellsItself = reason === 'unknownCalls' || reason === 'tooManyRows';
	// Bad input names the value or the calls itself.
	const isForAny =
		['badInput', 'badBaseUrl', 'credential', 'canceled'].includes(reason) || httpStatus === 404;
	return !tellsItself && !isForAny && !stopsRequestsLikeIt(failure) && !isLost(failure);
}

/** Whether Gong gave no usable response at all, as when it is out of reach. */
export function isLost({ reason, httpStatus }: Failure): boolean {
	const lost = ['noAnswer', 'unavailable', 'unexpectedAnswer', 'unexpected'].includes(reason);
	return lost || (httpStatus !== null && httpStatus >= 500);
}
