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
	/** Gong answered that it cannot answer now (a status of 500 or more, or 408). */
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

/** Whether what a status says passes by itself: Gong is not available, or a gateway waited too long. */
export function passes(status: number): boolean {
	return status >= 500 || status === 408;
}

/** Whom a failure concerns. It is said where the failure is made, and never guessed from its other fields. */
export type Concern =
	/** The calls that it names: the others may be answered. */
	| 'calls'
	/** What one input item asks for, which tells itself in the message. */
	| 'item'
	/** Every request like it: of the same scope where one is named, otherwise of the same path and query. */
	| 'requestsLikeIt'
	/** Every request to the same path with this credential. */
	| 'credential'
	/** The connection to Gong: no usable answer came, and any other request may meet the same. */
	| 'connection';

/** A failure as people and workflows read it. It holds no secret. */
export interface Failure {
	reason: FailureReason;
	outcome: FailureOutcome;
	concerns: Concern;
	/** One sentence: what happened, in Gong's own words where there are any. */
	message: string;
	/** What to do next. */
	advice: string;
	/** What the advice ends with as long as nothing was written for these calls, in an earlier try either. */
	ifUnchanged?: string;
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
	/** The scope of a request that Gong did not allow, whether or not Gong names it. */
	deniedScope?: string;
	/** Whether Gong says of a write that it does not know one of its users, without saying which. */
	saysUnknownUser?: boolean;
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
export function stopsRequestsLikeIt({ concerns }: Failure): boolean {
	return concerns === 'requestsLikeIt' || concerns === 'credential';
}

/** Whether a failure has nothing to do with what an item says. */
export function isOfEveryItem({ concerns }: Failure): boolean {
	return concerns !== 'calls' && concerns !== 'item';
}
