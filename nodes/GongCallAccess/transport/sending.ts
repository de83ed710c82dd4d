import type { Failure, Result } from '../failure';
import { noAnswer } from '../messages/connectionMessages';
import * as messages from '../messages/gongMessages';
import * as log from '../messages/logMessages';
import type { HttpResponse } from './bodyReader';
import type { SendOnce, Unanswered } from './http';
import type { RequestResult } from './judgement';
import { judge, mayHaveBeenDone } from './judgement';
import { pause, steadyNow, stopIfCanceled } from './pause';
import type { Permit, RateLimiter } from './rateLimiter';
import { missingScope, readRefusal } from './refusal';
import type { GongRequest } from './request';
import { isWrite } from './request';
import { retryAfterMs } from './retryAfter';
import type { Verdict } from './slots';
import type { TokenRefresher } from './tokenRefresh';
import { turnOfItsOwn } from './turns';

/** How long and how fast a client may send. */
export interface Pace {
	/** Milliseconds that one request may wait in all because Gong asked to slow down. */
	maxWaitMs: number;
	/** The most requests per second; left out where the default limit counts. */
	requestsPerSecond?: number;
}

/** By what, and how, a request is sent. */
export interface Sender extends Pace {
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

/** One request to send until there is a usable response. */
export interface Sending<T> {
	request: GongRequest;
	/** The calls that a message names when it fails. */
	callIds: string[];
	/** Reads the body of status 200; throws a `FailureError` for one of another shape. */
	read: (text: string) => T;
	/** Called when it leaves for the first time. */
	onSent: () => void;
	/** Asked before each try for a result in place of sending. */
	instead: () => RequestResult<T> | undefined;
}

// 1 try and 3 more, half a second, one and two seconds apart.
const MAX_TRIES = 4;
const FIRST_BACKOFF_MS = 500;
const SECOND_MS = 1000;
/** A longer response takes some milliseconds to read. */
const LONG_RESPONSE = 200_000;

/** What came of one try: a response, or why there is none. */
type Tried = { response: HttpResponse; isProbe: boolean } | { lost: Unanswered };

/** What to do after a try. */
type Next<T> =
	| { what: 'end'; result: RequestResult<T> }
	/** Gong asked to wait; the limiter sees to it. */
	| { what: 'wait'; ms: number }
	/** The token may have expired. */
	| { what: 'refresh' }
	/** With the new token, at once. */
	| { what: 'restart' }
	/** Another try may bring a better response. */
	| { what: 'repeat'; ms: number };

/** The tries of one request, one after the other. */
export class Tries<T> {
	/** Counts neither what Gong answered with 429, which `maxWaitMs` limits, nor the one before a new token. */
	private attempt = 1;

	private refusals = 0;

	private waitLeftMs: number;

	private token: 'old' | 'refreshed' | 'refused' = 'old';

	/** Whether a write may have been carried out although no response says so. */
	perhapsDone = false;

	constructor(
		private readonly sender: Sender,
		private readonly sending: Sending<T>,
	) {
		this.waitLeftMs = sender.maxWaitMs;
	}

	/**
	 * Sends the request until there is a usable response, Gong refuses it, or no try is left.
	 * @throws {FailureError} of reason `canceled` when the execution is canceled
	 */
	async result(): Promise<RequestResult<T>> {
		const { onWait, onTick, signal } = this.sender;
		for (;;) {
			const turn = await this.waitForTurn();
			if (!turn.ok) return turn.failure;
			const sentAt = steadyNow();
			const tried = await this.trySending(turn.value);
			let next = this.next(tried);
			if (next.what === 'refresh') next = await this.refreshToken(tried, sentAt);
			if (next.what === 'end') return next.result;
			if (next.what === 'wait') onWait(log.waitingForGong(next.ms));
			if (next.what === 'repeat') {
				onWait(log.waitingToRepeat(next.ms));
				await pause(next.ms, signal, onTick);
			}
		}
	}

	/** Waits for the rate limit, and for a token that is being refreshed. */
	private async waitForTurn(): Promise<Result<Permit, RequestResult<T>>> {
		const { tokenRefresher, rateLimiter, signal, onTick, onWait, requestsPerSecond } = this.sender;
		for (;;) {
			await tokenRefresher?.underWay();
			const acquired = await rateLimiter.acquire(
				this.waitLeftMs,
				signal,
				onTick,
				this.refusals > 0,
				requestsPerSecond,
			);
			onWait('');
			if (!acquired.ok) {
				const failure = messages.heldTooLong(acquired.failure.waitMs, this.sending.callIds);
				return { ok: false, failure: { ok: false, failure } };
			}
			this.waitLeftMs -= acquired.value.waitedMs;
			const instead = this.sending.instead();
			if (!instead && !tokenRefresher?.underWay()) return acquired;
			rateLimiter.release(acquired.value, 'unsent');
			if (instead) return { ok: false, failure: instead };
		}
	}

	private async trySending(permit: Permit): Promise<Tried> {
		const { sendOnce, rateLimiter, signal, redact } = this.sender;
		const underWay = sendOnce(this.sending.request, () => rateLimiter.leave(permit));
		if (this.attempt === 1) this.sending.onSent();
		const sent = await underWay;
		rateLimiter.release(permit, verdictOf(sent));
		if (!sent.ok) {
			stopIfCanceled(signal);
			return { lost: sent.failure };
		}
		if (sent.value.text.length > LONG_RESPONSE) await turnOfItsOwn();
		// Keys and tokens are taken out of the whole response, before anything is read from it.
		const response = { ...sent.value, text: redact(sent.value.text) };
		return { response, isProbe: permit.isProbe };
	}

	/** What to do after a try: the first of these that applies. */
	private next(tried: Tried): Next<T> {
		const { request, callIds } = this.sending;
		if ('lost' in tried) {
			const { thrown, error } = tried.lost;
			if (!error) return ended(messages.notAllowed(thrown, callIds));
			this.perhapsDone ||= isWrite(request) && error.sent;
			return this.repeatOrEnd(error.again, {
				ok: false,
				failure: noAnswer(error, callIds),
			});
		}
		const { response, isProbe } = tried;
		if (response.status === 429) return this.waitOrEnd(response, isProbe);
		this.perhapsDone ||= isWrite(request) && mayHaveBeenDone(response);
		if (this.mayNeedToken(response)) return { what: 'refresh' };
		return this.judged(response);
	}

	/** Waits as long as Gong asks to, if the request may. */
	private waitOrEnd(response: HttpResponse, isProbe: boolean): Next<T> {
		this.refusals++;
		const ms = waitAfter429(response, this.refusals);
		const mayWait = ms <= this.waitLeftMs;
		if (mayWait || isProbe) this.sender.rateLimiter.pauseFor(ms, isProbe);
		if (mayWait) return { what: 'wait', ms };
		const said = readRefusal(response.text);
		const failure = messages.rateLimited(ms, said, this.sending.callIds);
		return { what: 'end', result: { ok: false, failure, refusal: { status: 429, said } } };
	}

	private mayNeedToken({ status, text }: HttpResponse): boolean {
		if (status !== 401 || !this.sender.tokenRefresher || this.token !== 'old') return false;
		return missingScope(readRefusal(text)) === undefined;
	}

	/** Gets a new token, with which the request begins anew. */
	private async refreshToken(tried: Tried, sentAt: number): Promise<Next<T>> {
		const { tokenRefresher, signal } = this.sender;
		const { request, callIds } = this.sending;
		if (!tokenRefresher || !('response' in tried)) return { what: 'restart' };
		const refresh = await tokenRefresher.refresh(request, sentAt);
		stopIfCanceled(signal);
		this.perhapsDone ||= isWrite(request) && refresh.perhapsDone;
		if (refresh.kind === 'passing') {
			return this.repeatOrEnd(true, { ok: false, failure: messages.noNewToken(refresh, callIds) });
		}
		this.token = refresh.kind;
		return refresh.kind === 'refreshed' ? { what: 'restart' } : this.judged(tried.response);
	}

	private judged(response: HttpResponse): Next<T> {
		const { request, callIds, read } = this.sending;
		const byOAuth2 = this.sender.tokenRefresher !== undefined;
		const { again, result } = judge(request, response, callIds, read, byOAuth2);
		return this.repeatOrEnd(again, result);
	}

	private repeatOrEnd(again: boolean, result: RequestResult<T>): Next<T> {
		if (!again || this.attempt === MAX_TRIES) return { what: 'end', result };
		return { what: 'repeat', ms: backoffMs(this.attempt++) };
	}
}

/** What a try tells the rate limiter. */
function verdictOf(sent: Result<HttpResponse, Unanswered>): Verdict {
	if (sent.ok) return sent.value.status === 429 ? 'refused' : 'accepted';
	return sent.failure.error ? 'unknown' : 'unsent';
}

function ended(failure: Failure): { what: 'end'; result: { ok: false; failure: Failure } } {
	return { what: 'end', result: { ok: false, failure } };
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
