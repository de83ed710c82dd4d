import type { GongRefusal } from '../failure';
import { plain } from '../messages/visible';
import { isRecord, parseJson } from './json';

// A refusal of Gong's has one short line; what stands between n8n and Gong may send any number of them.
const MAX_ERRORS = 20;
const MAX_ERROR_LENGTH = 500;
const MAX_REQUEST_ID_LENGTH = 100;

/** Reads `requestId` and `errors` of a refusal; a response without them gives null and an empty list. */
export function readRefusal(text: string): GongRefusal {
	const body = parseJson(text);
	if (!isRecord(body)) return { requestId: null, errors: [] };
	const all = Array.isArray(body.errors) ? body.errors : [];
	const texts = all.filter((error): error is string => typeof error === 'string');
	const errors = texts.slice(0, MAX_ERRORS).map((error) => plain(error, MAX_ERROR_LENGTH));
	if (texts.length > MAX_ERRORS) errors.push(`and ${texts.length - MAX_ERRORS} more`);
	return { requestId: requestIdIn(body), errors };
}

/** The `requestId` of a response; null where it has none. */
export function requestIdIn({ requestId }: Record<string, unknown>): string | null {
	return typeof requestId === 'string' ? plain(requestId, MAX_REQUEST_ID_LENGTH) || null : null;
}

/**
 * Whether a 400 means that Gong does not know one or more of the calls.
 * Gong does not say which (recorded from live traffic; not in its documentation).
 */
export function saysUnknownCalls(status: number, refusal: GongRefusal): boolean {
	// What names users as well may be about them.
	const isAboutCalls = (error: string): boolean =>
		/calls? not found/i.test(error) && !/user/i.test(error);
	return status === 400 && refusal.errors.some(isAboutCalls);
}

/** Whether a refusal means that nothing was found: a 404 in words (recorded from live traffic). */
export function saysNothingFound(status: number, refusal: GongRefusal): boolean {
	return (
		status === 404 && refusal.errors.some((error) => /no (calls|users|logs) found/i.test(error))
	);
}

/** Whether a refusal means that the cursor is too old (recorded from live traffic); it stays so. */
export function saysCursorExpired(status: number, refusal: GongRefusal): boolean {
	return status === 400 && refusal.errors.some((error) => /cursor has expired/i.test(error));
}

/** The scope that a 401 or 403 says is missing, or undefined (the wording was recorded from live traffic). */
export function missingScope(refusal: GongRefusal): string | undefined {
	for (const error of refusal.errors) {
		const scope = /permission to use '([a-z:-]+)'/i.exec(error);
		if (scope) return scope[1];
	}
	return undefined;
}

/** Whether a body begins as JSON and is not whole. */
export function isCutOff(text: string): boolean {
	return text.trimStart().startsWith('{') && parseJson(text) === undefined;
}
