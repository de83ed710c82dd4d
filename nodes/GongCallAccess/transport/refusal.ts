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

/**
 * Whether a 400 means that Gong does not know one or more of the users, and nothing else. Nobody has recorded such a
 * refusal, so only what can hardly mean anything else is read so.
 */
export function saysUnknownUser(status: number, { errors }: GongRefusal): boolean {
	const isAboutUsers = (error: string): boolean =>
		/\busers?\b.*\b(not found|not exist)|\b(unknown|no such) users?\b/i.test(error) &&
		!/\bcalls?\b/i.test(error);
	return status === 400 && errors.length > 0 && errors.every(isAboutUsers);
}

/** The scope that a 401 or 403 says is missing, or undefined (the wording was recorded from live traffic). */
export function missingScope(refusal: GongRefusal): string | undefined {
	for (const error of refusal.errors) {
		const scope = /permission to use '([a-z:-]+)'/i.exec(error);
		if (scope) return scope[1];
	}
	return undefined;
}

/** Something that stands between n8n and Gong and answered in its place. */
export interface Between {
	isPage: boolean;
	/** The title of a page, or the words of a gateway; empty where there are none. */
	said: string;
}

/**
 * What stands between n8n and Gong, where a response of status 400 to 499 comes from there: a web page, or a 403 or 407
 * that is not Gong's own JSON. Undefined for a response of Gong's, and for one that was cut off.
 */
export function betweenIn(status: number, text: string): Between | undefined {
	const title = pageTitle(text);
	if (title !== undefined) return { isPage: true, said: title };
	if ((status !== 403 && status !== 407) || isCutOff(text)) return undefined;
	const body = parseJson(text);
	if (!isRecord(body)) return { isPage: false, said: '' };
	if (Object.hasOwn(body, 'requestId') || Object.hasOwn(body, 'errors')) return undefined;
	const said = [body.message, body.error, body.detail].find((words) => typeof words === 'string');
	return { isPage: false, said: plain(said ?? '', MAX_TITLE_LENGTH) };
}

const MAX_TITLE_LENGTH = 100;
// A title stands near the beginning of a page.
const MAX_HEAD_LENGTH = 20_000;

/** The title of a web page, empty where it has none; undefined for what is no web page. */
export function pageTitle(text: string): string | undefined {
	const head = text.slice(0, MAX_HEAD_LENGTH).trimStart();
	const isPage = head.startsWith('<') && /<(!doctype html|html|head|title|body|h1)\b/i.test(head);
	if (!isPage) return undefined;
	const title = /<title\b[^<>]*>([^<]*)</i.exec(head)?.[1] ?? '';
	return plain(title.replace(/&(#\d{1,7}|#x[\da-f]{1,6}|[a-z]+);/gi, decoded), MAX_TITLE_LENGTH);
}

const ENTITIES: Record<string, string> = {
	amp: '&',
	lt: '<',
	gt: '>',
	quot: '"',
	apos: "'",
	nbsp: ' ',
};

/** The character that an entity of HTML stands for; one that is not known stays as it is. */
function decoded(entity: string, name: string): string {
	if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()] ?? entity;
	const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : Number(name.slice(1));
	return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
}

/** Whether a body begins as JSON and is not whole. */
export function isCutOff(text: string): boolean {
	return text.trimStart().startsWith('{') && parseJson(text) === undefined;
}
