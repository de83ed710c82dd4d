import type { GongRefusal, GongRequest } from '../gong/api';
import {
	isWrite,
	missingScope,
	readRefusal,
	saysNothingFound,
	UnexpectedAnswer,
	isCutOff,
} from '../gong/api';
import type { Failure } from '../failures';
import { stopsItsKind } from '../failures';
import * as messages from '../messages';
import type { NetworkTrouble, Renew, SendOnce } from './network';
import { networkTrouble, UNFORESEEN } from './network';
import type { Pacer } from './pacer';
import { pause, stopIfCanceled } from './pause';
import type { HttpAnswer } from './readAnswer';
import { MOST_BYTES } from './readAnswer';
import { retryAfterMs } from './retryAfter';

/** What one run of the node needs to talk to Gong. */
export interface Sender {
	sendOnce: SendOnce;
	/** Gets a new OAuth2 token; left out where there is none to be had. */
	renew?: Renew | undefined;
	pacer: Pacer;
	/** Milliseconds that one request may wait in all because Gong asked to slow down. */
	maxWaitMs: number;
	signal: AbortSignal | undefined;
	/** Told why a request waits, in words; empty when it goes on. */
	onWait: (why: string) => void;
	/** Called every 0.1 s or so while it waits. */
	tick: () => void;
	/** Takes keys and tokens out of a text, should Gong repeat them. */
	redact: (text: string) => string;
	/** By method and path, what ended all further requests like it. */
	closed: Map<string, Failure>;
}

/** What came of a request in the end. */
export type Sent<T> =
	| { kind: 'answer'; value: T }
	| { kind: 'refusal'; status: number; refusal: GongRefusal; failure: Failure }
	| { kind: 'lost'; failure: Failure };

// A few times: 1 try and 3 more, half a second, one and two seconds apart.
const TRIES = 4;
const FIRST_BACKOFF_MS = 500;
const SECOND_MS = 1000;

/**
 * Sends a request until there is a usable answer, Gong says no, or patience ends.
 *
 * Every request that the node sends may be repeated safely (documented), so a lost answer is
 * asked for again. A write whose answer was lost for good has the outcome `unknown`.
 *
 * @param callIds the calls that a message names when it fails
 * @param read reads the body of status 200; throws {@link UnexpectedAnswer} for one of another shape
 * @throws Canceled when the execution is cancelled
 */
export async function send<T>(
	sender: Sender,
	request: GongRequest,
	callIds: string[],
	read: (text: string) => T,
): Promise<Sent<T>> {
	const kind = `${request.method} ${request.path}`;
	const closed = sender.closed.get(kind);
	if (closed) return { kind: 'lost', failure: messages.notTried(closed, callIds) };
	let patience = sender.maxWaitMs;
	let refusals = 0;
	let perhapsDone = false;
	let renewal: 'none' | 'renewed' | 'refused' = 'none';
	const end = (sent: Sent<T>): Sent<T> => {
		if (sent.kind === 'answer') return sent;
		const failure = redacted(sent.failure, sender.redact);
		if (stopsItsKind(failure)) sender.closed.set(kind, failure);
		if (perhapsDone) return { ...sent, failure: { ...failure, outcome: 'unknown' } };
		// A read changes nothing, and neither does a write that surely never came to Gong.
		return { ...sent, failure: messages.nothingWritten(failure) };
	};
	for (let attempt = 1; ; attempt++) {
		let answer: HttpAnswer | undefined;
		let trouble: NetworkTrouble | undefined;
		const { signal, tick } = sender;
		const turn = await sender.pacer.take(patience, signal, tick, refusals > 0);
		sender.onWait('');
		if (turn.kind === 'held') {
			return end({ kind: 'lost', failure: messages.heldTooLong(turn.forMs, callIds) });
		}
		patience -= turn.waitedMs;
		try {
			answer = redactedAnswer(await sender.sendOnce(request), sender.redact);
		} catch (thrown) {
			stopIfCanceled(sender.signal);
			trouble = networkTrouble(thrown);
			if (!trouble) {
				return end({ kind: 'lost', failure: messages.notAllowed(thrown, callIds) });
			}
		} finally {
			sender.pacer.release(turn.slot, answer?.status === 429);
		}

		if (answer?.status === 429) {
			// Refusals for pace are bounded by patience, not by the number of tries.
			attempt--;
			refusals++;
			const asked = retryAfterMs(answer.headers) ?? 0;
			// Nothing said, a time already past, or moments for ever: back off as for a lost answer, only longer.
			const wait = asked < SECOND_MS ? Math.max(asked, 2 * backoff(refusals)) : asked;
			if (wait > patience) {
				const refusal = readRefusal(answer.text);
				const failure = messages.rateLimited(wait, refusal, callIds);
				return end({ kind: 'refusal', status: 429, refusal, failure });
			}
			sender.pacer.hold(wait);
			sender.onWait(messages.waitingForGong(wait));
			continue;
		}

		// A write without a usable answer may have been carried out all the same.
		perhapsDone ||= isWrite(request) && mayHaveBeenDone(answer, trouble);
		let outcome: Judgement<T>;
		if (answer?.status === 401 && sender.renew && renewal === 'none' && !lacksScope(answer)) {
			const came = await sender.renew(request);
			stopIfCanceled(sender.signal);
			perhapsDone ||= isWrite(request) && came.perhapsDone;
			if (came.kind !== 'passing') renewal = came.kind;
			if (came.kind === 'renewed') {
				// With the new token it begins anew, in a turn of its own.
				attempt--;
				continue;
			}
			outcome =
				came.kind === 'passing'
					? { again: true, sent: { kind: 'lost', failure: messages.noNewToken(came, callIds) } }
					: judge(request, answer, trouble, callIds, read, true);
		} else {
			outcome = judge(request, answer, trouble, callIds, read, sender.renew !== undefined);
		}
		if (!outcome.again || attempt === TRIES) return end(outcome.sent);
		const wait = backoff(attempt);
		sender.onWait(messages.waitingToRepeat(wait));
		await pause(wait, sender.signal, sender.tick);
	}
}

function lacksScope({ text }: HttpAnswer): boolean {
	return missingScope(readRefusal(text)) !== undefined;
}

/** Keys and tokens are taken out of the whole answer, before anything is read from it. */
function redactedAnswer(answer: HttpAnswer, redact: (text: string) => string): HttpAnswer {
	return { ...answer, text: redact(answer.text) };
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

/** Doubles with every attempt, and varies by a quarter so that many workers do not come back together. */
function backoff(attempt: number): number {
	return FIRST_BACKOFF_MS * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
}

/** Whether Gong may have carried out what was asked, although no answer says so. */
function mayHaveBeenDone(
	answer: HttpAnswer | undefined,
	trouble: NetworkTrouble | undefined,
): boolean {
	if (answer) return answer.status < 300 || answer.status >= 500;
	return trouble?.sent ?? true;
}

interface Judgement<T> {
	/** Whether another try may bring a better answer. */
	again: boolean;
	sent: Sent<T>;
}

/** What an answer means, and whether another try may bring a better one. */
function judge<T>(
	request: GongRequest,
	answer: HttpAnswer | undefined,
	trouble: NetworkTrouble | undefined,
	callIds: string[],
	read: (text: string) => T,
	byOAuth2: boolean,
): Judgement<T> {
	if (!answer) {
		const failure = messages.noAnswer(trouble ?? UNFORESEEN, callIds);
		return { again: trouble?.again ?? true, sent: { kind: 'lost', failure } };
	}
	const { status } = answer;
	if (status === 200 && answer.tooLong) {
		const failure = messages.answerTooLong(MOST_BYTES, callIds);
		return { again: false, sent: { kind: 'lost', failure } };
	}
	if (status === 200) {
		let what: string;
		try {
			return { again: false, sent: { kind: 'answer', value: read(answer.text) } };
		} catch (thrown) {
			what = thrown instanceof UnexpectedAnswer ? thrown.message : 'it cannot be read';
		}
		const { requestId } = readRefusal(answer.text);
		const failure = messages.unexpectedAnswer(status, what, callIds, requestId);
		return { again: true, sent: { kind: 'lost', failure } };
	}
	if (status < 400) {
		const failure =
			status >= 300
				? messages.redirected(status, callIds)
				: messages.unexpectedAnswer(status, `its status is ${status}, not 200`, callIds);
		return { again: false, sent: { kind: 'lost', failure } };
	}
	const refusal = readRefusal(answer.text);
	const failure =
		status === 401 || status === 403
			? messages.unauthorized(status, refusal, request.scope, callIds, byOAuth2)
			: status === 404 && !saysNothingFound(status, refusal)
				? messages.notFound(refusal, callIds)
				: messages.refused(status, refusal, callIds);
	// A refusal that was cut off on its way may say which calls it is about when it comes whole.
	const isEmpty = refusal.requestId === null && refusal.errors.length === 0;
	const again = status >= 500 || (isEmpty && isCutOff(answer.text));
	return { again, sent: { kind: 'refusal', status, refusal, failure } };
}
