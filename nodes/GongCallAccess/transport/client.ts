import type { Failure, GongRefusal } from '../failure';
import { FailureError, stopsRequestsLikeIt } from '../failure';
import * as messages from '../messages/gongMessages';
import * as log from '../messages/logMessages';
import { badStatus, CANNOT_BE_READ } from '../messages/shapeMessages';
import type { HttpResponse } from './bodyReader';
import { MAX_BYTES } from './bodyReader';
import type { SendOnce, Unanswered } from './http';
import type { NetworkError } from './networkError';
import { UNKNOWN_ERROR } from './networkError';
import { pause, steadyNow, stopIfCanceled } from './pause';
import type { RateLimiter } from './rateLimiter';
import { isCutOff, missingScope, readRefusal, saysNothingFound } from './refusal';
import type { GongRequest } from './request';
import { isWrite } from './request';
import { retryAfterMs } from './retryAfter';
import type { TokenRefresher } from './tokenRefresh';

/** How long and how fast a client may send. */
export interface Pace {
	/** Milliseconds that one request may wait in all because Gong asked to slow down. */
	maxWaitMs: number;
	/** The most requests per second; left out where the default limit counts. */
	requestsPerSecond?: number;
}

/** What a client is made of. */
export interface ClientOptions extends Pace {
	sendOnce: SendOnce;
	/** Gets a new OAuth2 token; left out where there is none to be had. */
	tokenRefresher?: TokenRefresher | undefined;
	rateLimiter: RateLimiter;
	signal: AbortSignal | undefined;
	/** Called with the reason, in words, when a request waits; with an empty text when it goes on. */
	onWait: (why: string) => void;
	/** Called every 0.1 s or so while a request waits. */
	onTick: () => void;
	/** Takes keys and tokens out of a text, should Gong repeat them. */
	redact: (text: string) => string;
}

/** The failure that makes a request needless, if there is one by now. */
export type Needless = () => Failure | undefined;

/** What to know, and to decide, while a request waits for its turn. */
export interface SendOptions {
	/** Called when the request leaves for the first time. */
	onSent?: () => void;
	/** Where there is one, it is not sent any more. */
	needless?: Needless;
}

/** What came of a request in the end; `refusal` is what Gong said, where it refused. */
export type RequestResult<T> =
	| { ok: true; value: T }
	| {
			ok: false;
			failure: Failure;
			refusal?: { status: number; said: GongRefusal };
			/** Where it was not sent, or not sent again, since it was needless by then. */
			needless?: true;
	  };

// Requests of one run that are on their way. Fewer would not use up the limit of a Gong that takes four seconds to
// answer.
const MAX_IN_FLIGHT = 12;
const LOOK_AGAIN_MS = 50;
// 1 try and 3 more, half a second, one and two seconds apart.
const MAX_TRIES = 4;
const FIRST_BACKOFF_MS = 500;
const SECOND_MS = 1000;

/** Sends requests to one Gong company, for a run or for a list of the panel. */
export class GongClient {
	constructor(
		private readonly options: ClientOptions,
		/** What the clients of one run have in common. */
		private readonly shared = {
			/** By method and path, the failure after which no more requests like it are sent. */
			closed: new Map<string, Failure>(),
			/** How many requests are on their way. */
			inFlight: 0,
		},
	) {}

	/** The same client at another pace. */
	with({ maxWaitMs, requestsPerSecond }: Pace): GongClient {
		return new GongClient({ ...this.options, maxWaitMs, requestsPerSecond }, this.shared);
	}

	/** Sends again what an earlier failure stopped: Gong may accept by now what it refused then. */
	reopen(): void {
		this.shared.closed.clear();
	}

	/**
	 * Sends a request until there is a usable response, Gong refuses it, or `maxWaitMs` is used up.
	 *
	 * Every request of this package may be repeated safely (documented), so one whose response was lost is
	 * sent again. A write whose response was lost for good has the outcome `unknown`.
	 *
	 * @param callIds the calls that a message names when the request fails
	 * @param read reads the body of status 200; throws a {@link FailureError} for one of another shape
	 * @throws {FailureError} of reason `canceled` when the execution is canceled
	 */
	async send<T>(
		request: GongRequest,
		callIds: string[],
		read: (text: string) => T,
		{ onSent, needless }: SendOptions = {},
	): Promise<RequestResult<T>> {
		const { sendOnce, tokenRefresher, rateLimiter, signal, onWait, onTick } = this.options;
		const { maxWaitMs, requestsPerSecond } = this.options;
		const like = `${request.method} ${request.path}`;
		const itself = `${like} ${request.about ?? ''}`;
		const { closed } = this.shared;
		const isNeedless = (): Failure | undefined =>
			closed.get(like) ?? closed.get(itself) ?? needless?.();
		const before = isNeedless();
		if (before) return { ok: false, failure: messages.notTried(before, callIds), needless: true };
		let waitLeftMs = maxWaitMs;
		let refusals = 0;
		let perhapsDone = false;
		let refreshed: 'no' | 'refreshed' | 'refused' = 'no';
		const end = (result: RequestResult<T>): RequestResult<T> => {
			if (result.ok) return result;
			const failure = redacted(result.failure, this.options.redact);
			// A 403 that names no scope may be about one workspace, for example, of several.
			const isOfItself =
				request.about !== undefined && failure.httpStatus === 403 && !failure.missingScope;
			if (stopsRequestsLikeIt(failure)) closed.set(isOfItself ? itself : like, failure);
			if (perhapsDone) return { ...result, failure: { ...failure, outcome: 'unknown' } };
			// A read changes nothing, and neither does a write that surely never reached Gong.
			return { ...result, failure: messages.nothingWritten(failure) };
		};
		for (let attempt = 1; ; attempt++) {
			while (this.shared.inFlight >= MAX_IN_FLIGHT) await pause(LOOK_AGAIN_MS, signal, onTick);
			await tokenRefresher?.underWay();
			const permit = await rateLimiter.acquire(
				waitLeftMs,
				signal,
				onTick,
				refusals > 0,
				requestsPerSecond,
			);
			onWait('');
			if (!permit.ok) {
				return end({ ok: false, failure: messages.heldTooLong(permit.failure.waitMs, callIds) });
			}
			waitLeftMs -= permit.value.waitedMs;
			const since = isNeedless();
			if (since) {
				rateLimiter.release(permit.value, false);
				return end({ ok: false, failure: messages.notTried(since, callIds), needless: true });
			}
			if (tokenRefresher?.underWay()) {
				rateLimiter.release(permit.value, false);
				attempt--;
				continue;
			}
			const sentAt = steadyNow();
			this.shared.inFlight++;
			const sending = sendOnce(request, () => rateLimiter.leave(permit.value));
			if (attempt === 1) onSent?.();
			const sent = await sending;
			this.shared.inFlight--;
			const response = sent.ok ? redactedResponse(sent.value, this.options.redact) : undefined;
			rateLimiter.release(permit.value, response?.status === 429);
			if (!sent.ok) {
				stopIfCanceled(signal);
				if (!sent.failure.error) return end(notAllowed(sent.failure, callIds));
			}
			const lost = sent.ok ? undefined : sent.failure.error;

			if (response?.status === 429) {
				// These are limited by `maxWaitMs`, not by the number of tries.
				attempt--;
				refusals++;
				const waitMs = waitAfter429(response, refusals);
				if (waitMs > waitLeftMs) {
					const said = readRefusal(response.text);
					const failure = messages.rateLimited(waitMs, said, callIds);
					return end({ ok: false, failure, refusal: { status: 429, said } });
				}
				rateLimiter.pauseFor(waitMs);
				onWait(log.waitingForGong(waitMs));
				continue;
			}

			// A write without a usable response may have been carried out all the same.
			perhapsDone ||= isWrite(request) && mayHaveBeenDone(response, lost);
			let judgement: Judgement<T>;
			if (
				response?.status === 401 &&
				tokenRefresher &&
				refreshed === 'no' &&
				!lacksScope(response)
			) {
				const refresh = await tokenRefresher.refresh(request, sentAt);
				stopIfCanceled(signal);
				perhapsDone ||= isWrite(request) && refresh.perhapsDone;
				if (refresh.kind !== 'passing') refreshed = refresh.kind;
				if (refresh.kind === 'refreshed') {
					// With the new token the request begins anew, with a permit of its own.
					attempt--;
					continue;
				}
				judgement =
					refresh.kind === 'passing'
						? { again: true, result: { ok: false, failure: messages.noNewToken(refresh, callIds) } }
						: judge(request, response, lost, callIds, read, true);
			} else {
				judgement = judge(request, response, lost, callIds, read, tokenRefresher !== undefined);
			}
			if (!judgement.again || attempt === MAX_TRIES) return end(judgement.result);
			const waitMs = backoffMs(attempt);
			onWait(log.waitingToRepeat(waitMs));
			await pause(waitMs, signal, onTick);
		}
	}
}

function notAllowed({ thrown }: Unanswered, callIds: string[]): { ok: false; failure: Failure } {
	return { ok: false, failure: messages.notAllowed(thrown, callIds) };
}

/** How long Gong asks to wait. With no usable `Retry-After` the wait doubles, and is longer than after a lost response. */
function waitAfter429({ headers }: HttpResponse, refusals: number): number {
	const asked = retryAfterMs(headers) ?? 0;
	return asked < SECOND_MS ? Math.max(asked, 2 * backoffMs(refusals)) : asked;
}

/** Doubles with every attempt, and varies by a quarter so that many workers do not come back together. */
function backoffMs(attempt: number): number {
	return FIRST_BACKOFF_MS * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
}

function lacksScope({ text }: HttpResponse): boolean {
	return missingScope(readRefusal(text)) !== undefined;
}

/** Keys and tokens are taken out of the whole response, before anything is read from it. */
function redactedResponse(response: HttpResponse, redact: (text: string) => string): HttpResponse {
	return { ...response, text: redact(response.text) };
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

/** Whether Gong may have carried out the request although no response says so. */
function mayHaveBeenDone(
	response: HttpResponse | undefined,
	lost: NetworkError | undefined,
): boolean {
	if (response) return response.status < 300 || response.status >= 500;
	return lost?.sent ?? true;
}

interface Judgement<T> {
	/** Whether another try may bring a better response. */
	again: boolean;
	result: RequestResult<T>;
}

/** What a response means, and whether another try may bring a better one. */
function judge<T>(
	request: GongRequest,
	response: HttpResponse | undefined,
	lost: NetworkError | undefined,
	callIds: string[],
	read: (text: string) => T,
	byOAuth2: boolean,
): Judgement<T> {
	if (!response) {
		const failure = messages.noAnswer(lost ?? UNKNOWN_ERROR, callIds);
		return { again: lost?.again ?? true, result: { ok: false, failure } };
	}
	const { status, text } = response;
	if (status === 200 && response.tooLong) {
		const failure = messages.answerTooLong(MAX_BYTES, callIds);
		return { again: false, result: { ok: false, failure } };
	}
	if (status === 200) return judgeBody(text, callIds, read);
	if (status < 400) {
		const failure =
			status >= 300
				? messages.redirected(status, callIds)
				: messages.unexpectedAnswer(status, badStatus(status), callIds);
		return { again: false, result: { ok: false, failure } };
	}
	const said = readRefusal(text);
	const failure =
		status === 401 || status === 403
			? messages.unauthorized(status, said, request.scope, missingScope(said), callIds, byOAuth2)
			: status === 404 && !saysNothingFound(status, said)
				? messages.notFound(said, callIds)
				: messages.refused(status, said, callIds);
	// A refusal that was cut off may say which calls it is about when it comes whole.
	const isEmpty = said.requestId === null && said.errors.length === 0;
	const again = status >= 500 || (isEmpty && isCutOff(text));
	return { again, result: { ok: false, failure, refusal: { status, said } } };
}

function judgeBody<T>(text: string, callIds: string[], read: (text: string) => T): Judgement<T> {
	try {
		return { again: false, result: { ok: true, value: read(text) } };
	} catch (thrown) {
		const failure =
			thrown instanceof FailureError
				? thrown.failure
				: messages.unexpectedAnswer(200, CANNOT_BE_READ, []);
		const { requestId } = readRefusal(text);
		return { again: true, result: { ok: false, failure: { ...failure, callIds, requestId } } };
	}
}
