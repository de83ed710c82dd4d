import type { Failure } from '../failure';
import { stopsRequestsLikeIt } from '../failure';
import * as messages from '../messages/gongMessages';
import type { RequestResult } from './judgement';
import type { RunAbort } from './abort';
import type { GongRequest } from './request';
import type { Pace, Sender } from './sending';
import { Tries } from './sending';

export type { RequestResult } from './judgement';

/** What to know, and to decide, while a request waits for its turn. */
export interface SendOptions {
	/** Called when the request leaves for the first time. */
	onSent?: () => void;
	/** The failure that ended what the request is for, if there is one by now: then it is not sent any more. */
	ended?: () => Failure | undefined;
	/** Who sends it, for {@link RunAbort.because}. */
	by?: object;
}

/** What the clients of one run share. */
class RunRequests {
	/** By what requests have in common, the failure after which no more of them are sent. */
	readonly closed = new Map<string, Failure>();

	constructor(readonly abort: RunAbort | undefined) {}
}

/** Sends requests to one Gong company, for a run or for a list of the panel. */
export class GongClient {
	constructor(
		private readonly sender: Sender,
		abort?: RunAbort,
		private readonly run = new RunRequests(abort),
	) {}

	/** The same client at another pace. */
	with({ maxWaitMs, requestsPerSecond }: Pace): GongClient {
		return new GongClient({ ...this.sender, maxWaitMs, requestsPerSecond }, undefined, this.run);
	}

	/**
	 * Sends a request until there is a usable response, Gong refuses it, or `maxWaitMs` is used up.
	 *
	 * Every request of this package may be repeated safely (documented), so one whose response was lost is
	 * sent again. A write whose response was lost for good has the outcome `unknown`.
	 *
	 * As many requests are on their way as the rate limit lets leave in the time that Gong takes to answer. Each
	 * holds its own body and, for a moment, an answer of at most `MAX_BYTES`: both are small beside the run's rows,
	 * and writes are sent one at a time by those who call this.
	 *
	 * @param callIds the calls that a message names when the request fails
	 * @param read reads the body of status 200; throws a `FailureError` for one of another shape
	 * @throws {FailureError} of reason `canceled` when the execution is canceled
	 */
	async send<T>(
		request: GongRequest,
		callIds: string[],
		read: (text: string) => T,
		{ onSent = () => {}, ended = () => undefined, by }: SendOptions = {},
	): Promise<RequestResult<T>> {
		const { closed, abort } = this.run;
		const instead = (): RequestResult<T> | undefined => {
			const likeIt = keysOf(request).find((key) => closed.has(key));
			const because = closed.get(likeIt ?? '') ?? abort?.because(by) ?? ended();
			if (!because) return undefined;
			return { ok: false, failure: messages.notTried(because, callIds), notTried: true };
		};
		const before = instead();
		if (before) return before;
		const tries = new Tries(this.sender, { request, callIds, read, onSent, instead });
		const result = await tries.result();
		if (result.ok) return result;
		const failure = redacted(result.failure, this.sender.redact);
		if (stopsRequestsLikeIt(failure)) closed.set(keyClosedBy(failure, request), failure);
		// A read changes nothing, and neither does a write that surely never reached Gong.
		return {
			...result,
			failure: tries.perhapsDone
				? { ...failure, outcome: 'unknown' }
				: messages.nothingWritten(failure),
		};
	}
}

/** What a request has in common with others: its scope, its path, and its path with the query. */
function keysOf({ method, path, query, scope }: GongRequest): string[] {
	// The pages of a listing are like each other.
	const asked = JSON.stringify({ ...query, cursor: undefined });
	return [scope, `${method} ${path}`, `${method} ${path} ${asked}`];
}

/** Which requests a failure closes, by one of their {@link keysOf}. */
function keyClosedBy({ concerns, missingScope }: Failure, request: GongRequest): string {
	const [scope, ofPath, ofQuery] = keysOf(request);
	if (missingScope === scope) return scope;
	return concerns === 'credential' ? ofPath : ofQuery;
}

/** A failure without keys and tokens. */
function redacted(failure: Failure, redact: (text: string) => string): Failure {
	return {
		...failure,
		message: redact(failure.message),
		advice: redact(failure.advice),
		requestId: failure.requestId === null ? null : redact(failure.requestId),
		gongErrors: failure.gongErrors.map(redact),
	};
}
