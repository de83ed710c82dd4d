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
	| 'tooManyRows';

/** What became of the request: never sent, answered with a no, or sent without a usable answer. */
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
	/** The scope that Gong says the sign-in lacks. */
	missingScope?: string;
}

/** Whether what stopped one request would stop every other one like it, so that none need be sent. */
export function isForAllLikeIt({ reason, httpStatus }: Failure): boolean {
	const redirect = httpStatus !== null && httpStatus >= 300 && httpStatus < 400;
	return ['unauthorized', 'rateLimit', 'credential'].includes(reason) || redirect;
}

/** Whether it would stop every other request of the run too. A missing scope stops only those that need it. */
export function isForAll(failure: Failure): boolean {
	return isForAllLikeIt(failure) && failure.missingScope === undefined;
}
