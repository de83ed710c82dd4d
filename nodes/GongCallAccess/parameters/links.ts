/** Calls as people name them in a text: IDs, and links to calls as browsers, Slack and Markdown write them. */

import { isId } from './idReading';
import { MARKDOWN_LINK } from './markdown';

/** One piece of a text of calls. */
export type CallPart =
	/** A word of its own: an ID, or nothing of use. `phrase` gives the words around it, for a message. */
	| { kind: 'word'; text: string; phrase?: () => string }
	/** A link, and the text that it came in: a title may stand beside it. */
	| { kind: 'link'; text: string; link: string }
	/** What can be read in two ways. */
	| { kind: 'unclear'; text: string };

/** Why a link names no call. */
export type LinkFault = 'foreign' | 'withoutCall' | 'tooLong' | 'unclear';

/** Longer than any link that Gong makes; reading the host of a link takes quadratic time. */
export const MAX_LINK = 4_000;

// Gong's links to a call, also with a slash at the end (R: seen in links that people share).
const PATH = /^(\/call|\/call\/pretty-transcript|\/embedded-call)\/*$/;

// As HTML writes these characters, also where it was escaped twice.
const AMPERSAND = /&(?:amp|#38|#x26);(?:amp;){0,10}/gi;
const QUOTE = /&(?:quot|#34|#x22);/gi;

// Slack's link, Markdown's, a plain one, what else stands in angle brackets, or a word. Bounded as the words of IDs are.
const TOKEN = new RegExp(
	String.raw`<(?<inBrackets>https?:\/\/[^<>|]{1,10000})(?:\|[^<>]{0,10000})?>|${MARKDOWN_LINK}|(?<plain>https?:\/\/(?:\ufeff|[^\s<>]){0,10000})|<[^<>]{0,10000}>|(?:\ufeff|[^\s,;<]){1,10000}|<`,
	'gi',
);

// A comma or semicolon ends a link only where nothing follows, or another link.
const LINK_END = /[,;](?:$|(?=[,;]|https?:\/\/|\[[^[\]]{0,500}\]\())/i;

// Inside a line.
const SPACES = /^[^\S\t\n\r\v\f\u2028\u2029]*$/;

// Of a value in a link.
const NAME = /^[\w.%~-]+=/;
// What may stand between a value of a link and an ID behind it.
const SEPARATOR = /[^\w%~-]/;
// As long as the shortest ID that was seen.
const MIN_DIGITS = 15;
const ID_BEHIND = /[,;|]["']?[0-9]{6}|[^A-Za-z0-9%][0-9]{15}/;

/** Whether a text may have links in it. */
export function hasLinks(text: string): boolean {
	return text.includes('://');
}

/** A text with the characters that HTML has to escape inside a link. */
export function decoded(text: string): string {
	return text.replace(AMPERSAND, '&').replace(QUOTE, '"');
}

/** The pieces of a text, in its order. What is inside a link, and a title beside one, is no piece. Takes linear time. */
export function* partsOfCalls(text: string): Generator<CallPart> {
	const tokens = new RegExp(TOKEN);
	// What only spaces divide from the next token: a title, if a link in angle brackets follows.
	let before: { from: number; end: number; text: string } | undefined;
	for (let found = tokens.exec(text); found; found = tokens.exec(text)) {
		const { index: from, groups = {} } = found;
		let [token] = found;
		if (groups.plain !== undefined) {
			const end = token.search(LINK_END);
			if (end >= 0) token = token.slice(0, end);
			tokens.lastIndex = from + token.length;
		}
		const end = from + token.length;
		const link = groups.inBrackets ?? groups.target ?? (groups.plain && token);
		if (groups.inBrackets !== undefined) {
			const isBeside = before && SPACES.test(text.slice(before.end, from));
			if (isBeside && before && idOf(before.text) !== idOf(groups.inBrackets)) {
				yield { kind: 'unclear', text: text.slice(before.from, end) };
			}
		}
		if (link === undefined) yield { kind: 'word', text: token };
		else yield { kind: 'link', text: token, link };
		before = groups.inBrackets === undefined ? { from, end, text: link ?? token } : undefined;
	}
}

/**
 * The call that a link names, by its URL: on app.gong.io, or on the company's own host below it.
 * @returns digit for digit
 */
export function readLink(link: string): { callId: string } | { fault: LinkFault } {
	if (link.length > MAX_LINK) return { fault: 'tooLong' };
	const url = URL.canParse(link) ? new URL(link) : undefined;
	if (!url || !/^(.+\.)?app\.gong\.io$/.test(url.hostname)) return { fault: 'foreign' };
	const path = PATH.exec(url.pathname)?.[1];
	const ids = url.searchParams.getAll(path === '/call' ? 'id' : 'call-id');
	if (mayHoldMore(link) || /^[0-9]+[,;|]/.test(ids[0] ?? '')) return { fault: 'unclear' };
	if (path === undefined || ids.length !== 1 || !isId(ids[0])) return { fault: 'withoutCall' };
	return { callId: ids[0] };
}

/** The call that a link or an ID names, or the text itself. */
function idOf(text: string): string {
	const read = readLink(text);
	return 'callId' in read ? read.callId : text;
}

/** Whether an ID may have been joined to a link, as in `…&x=1,7782342274025937895`: then it belongs to the list. */
function mayHoldMore(link: string): boolean {
	const query = link.slice(link.indexOf('?') + 1);
	return query.split(/[&#]/).some((parameter) => {
		const name = NAME.exec(parameter)?.[0] ?? '';
		const value = parameter.slice(name.length);
		if (isJson(value)) return false;
		// What is escaped was made for a link, and does not stand between IDs.
		const plain = value.replace(/%[0-9a-f]{2}/gi, '%');
		if (ID_BEHIND.test(plain)) return true;
		const behind = name === '' ? 0 : plain.search(SEPARATOR);
		return behind >= 0 && plain.slice(behind).replace(/[^0-9]+/g, '').length >= MIN_DIGITS;
	});
}

/** Whether a value of a link is JSON, as links to snippets have it, escaped or not. */
function isJson(value: string): boolean {
	try {
		const json: unknown = JSON.parse(decodeURIComponent(value));
		return typeof json === 'object';
	} catch {
		return false;
	}
}
