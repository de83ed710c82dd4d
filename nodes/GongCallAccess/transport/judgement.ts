import type { Failure, GongRefusal } from '../failure';
import { FailureError, passes } from '../failure';
import { byPage, standsBetween } from '../messages/connectionMessages';
import * as messages from '../messages/gongMessages';
import { badStatus, CANNOT_BE_READ, webPage } from '../messages/shapeMessages';
import { unauthorized } from '../messages/signInMessages';
import type { HttpResponse } from './bodyReader';
import { MAX_BYTES } from './bodyReader';
import type { Between } from './refusal';
import {
	betweenIn,
	isCutOff,
	missingScope,
	pageTitle,
	readRefusal,
	saysNothingFound,
	saysUnknownUser,
} from './refusal';
import type { GongRequest } from './request';
import { isWrite } from './request';

/** What came of a request in the end; `refusal` is what Gong said, where it refused. */
export type RequestResult<T> =
	| { ok: true; value: T }
	| {
			ok: false;
			failure: Failure;
			refusal?: { status: number; said: GongRefusal };
			/** Where it was not sent, or not sent again, since something else had failed by then. */
			notTried?: true;
	  };

/** What a response means, and whether another try may bring a better one. */
export interface Judgement<T> {
	again: boolean;
	result: RequestResult<T>;
}

/**
 * Reads a response of any status but 429, which says nothing about the request itself.
 * @param callIds the calls that a message names
 * @param read reads the body of status 200; throws a {@link FailureError} for one of another shape
 * @param byOAuth2 whether it was signed in with a token
 */
export function judge<T>(
	request: GongRequest,
	response: HttpResponse,
	callIds: string[],
	read: (text: string) => T,
	byOAuth2: boolean,
): Judgement<T> {
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
	const between = betweenOf(response);
	if (between) {
		const failure = standsBetween(status, between, callIds);
		return { again: passes(status), result: { ok: false, failure } };
	}
	const said = readRefusal(text);
	const failure =
		status === 401 || status === 403
			? unauthorized(status, said, request.scope, missingScope(said), callIds, byOAuth2)
			: status === 404 && !saysNothingFound(status, said)
				? messages.notFound(said, callIds)
				: messages.refused(
						status,
						said,
						callIds,
						isWrite(request) && saysUnknownUser(status, said),
					);
	const title = pageTitle(text);
	const told = title === undefined ? failure : byPage(failure, title);
	// A refusal that was cut off may say which calls it is about when it comes whole.
	const isEmpty = said.requestId === null && said.errors.length === 0;
	const again = passes(status) || (isEmpty && isCutOff(text));
	return { again, result: { ok: false, failure: told, refusal: { status, said } } };
}

/**
 * Whether Gong may have carried out a write although the response does not say so. A page in place of Gong's answer may
 * come from a filter of requests or of answers; a proxy that asks to sign in (407) passes nothing on.
 */
export function mayHaveBeenDone(response: HttpResponse): boolean {
	const { status } = response;
	if (status < 300 || passes(status)) return true;
	return status >= 400 && status !== 407 && betweenOf(response) !== undefined;
}

/** What stands between n8n and Gong, where it answered; undefined where the status says what to do, whoever answers. */
function betweenOf({ status, text }: HttpResponse): Between | undefined {
	if (status === 404 || status === 413 || status >= 500) return undefined;
	return betweenIn(status, text);
}

function judgeBody<T>(text: string, callIds: string[], read: (text: string) => T): Judgement<T> {
	try {
		return { again: false, result: { ok: true, value: read(text) } };
	} catch (thrown) {
		const title = pageTitle(text);
		const failure = title
			? messages.unexpectedAnswer(200, webPage(title), [])
			: thrown instanceof FailureError
				? thrown.failure
				: messages.unexpectedAnswer(200, CANNOT_BE_READ, []);
		const { requestId } = readRefusal(text);
		return { again: true, result: { ok: false, failure: { ...failure, callIds, requestId } } };
	}
}
