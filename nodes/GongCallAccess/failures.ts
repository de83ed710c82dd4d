/** Why calls got no rows, in one word that a workflow can branch on. */
export type FailureReason =
	| 'badInput'
	| 'badBaseUrl'
	| 'credential'
	| 'unauthorized'
	| 'unknownCalls'
	| 'rateLimit'
	| 'refused'
	| 'noAnswer'
	| 'unexpectedAnswer'
	| 'tooManyRows'
	| 'unexpected';

/**
 * What became of the change that was asked for: never sent, refused by Gong, or sent without a usable
 * answer. `unknown` is for writes only: a read or a dry run changes nothing, whatever becomes of it.
 */
export type FailureOutcome = 'notSent' | 'refused' | 'unknown';

/** A failure as people and workflows read it; holds no secret. */
export interface Failure {
	reason: FailureReason;
	outcome: FailureOutcome;
	/** One sentence: what is the matter, in Gong's own words where there are any. */
	message: string;
	/** What to do next. */
	advice: string;
	/** The calls concerned, as far as they are known. */
	callIds: string[];
	requestId: string | null;
	httpStatus: number | null;
	/** Gong's `errors`. */
	gongErrors: string[];
	/** Whether the advice tells what was written before it, as it does on stop. */
	tellsWhatWasWritten?: true;
	/** The scope that Gong says the sign-in lacks. */
	missingScope?: string;
}

/** Whether what stopped one request would stop every other one like it, so that none need be sent. */
export function stopsItsKind({ reason, httpStatus }: Failure): boolean {
	const redirect = httpStatus !== null && httpStatus >= 300 && httpStatus < 400;
	return ['unauthorized', 'rateLimit', 'credential'].includes(reason) || redirect;
}

/** Whether Gong gave no usable answer at all, as when it is out of reach. */
export function isNoAnswer({ reason, httpStatus }: Failure): boolean {
	const lost = ['noAnswer', 'unexpectedAnswer', 'unexpected'].includes(reason);
	return lost || (httpStatus !== null && httpStatus >= 500);
}
