/**
 * People as users name them in a text: IDs, e-mail addresses, `Ana B <ana@x.io>`, `mailto:ana@x.io`, and links to
 * addresses as Slack and Markdown write them.
 */

import { addressKey } from '../gong/address';
import { MARKDOWN_LINK } from './markdown';

/** One piece of a text of people. */
export type PersonPart =
	/** A word of its own: an ID, an address, or nothing of use. */
	| { kind: 'word'; text: string; phrase?: () => string }
	/** `mailto:…`, a link to it, or an address in angle brackets with the name before it. */
	| { kind: 'address'; text: string; address: string }
	/** What can be read in two ways, so that it must not be guessed whom it means. */
	| { kind: 'unclear'; text: string }
	/** A mailto link that names more people than the one before its question mark. */
	| { kind: 'morePeople'; text: string };

const ADDRESS = /^[^\s@,;<>"]+@[^\s@,;<>"]+$/;
const MAILTO = /^mailto:/i;
// Longer than any mailto link that somebody writes by hand.
const MAX_MAILTO = 4_000;
// A byte order mark counts as white space elsewhere; inside a text it is a character like any other.
// Bounded as the words of IDs are.
const TOKEN = new RegExp(
	String.raw`${MARKDOWN_LINK}|"[^"]{0,10000}"|<[^<>]{0,10000}>|[,;\n\r\v\f\u2028\u2029<>"]|\ufeff|[^\s,;<>"]{1,10000}`,
	'gi',
);
const FRAGMENTS = /[\s,;<>"[\]{}()\\:?=&]{1,10000}/;

/** Whether a text looks like an e-mail address. Loose on purpose: whose it is is looked up in Gong. */
export function isAddressText(text: string): boolean {
	return ADDRESS.test(text) && !MAILTO.test(text);
}

/** Whether a text has more in it than IDs and plain addresses. */
export function hasNamesOrLinks(text: string): boolean {
	return /[<>"]|mailto:/i.test(text);
}

/** The pieces of a text, in its order. Takes linear time. */
export function* partsOfPeople(text: string): Generator<PersonPart> {
	// Since the last separator: a name, if an address in brackets follows.
	let words: { text: string; at: number }[] = [];
	// Where a mailto link with a query began on this line: the query may go on behind a space or a comma.
	let queryFrom: number | undefined;
	for (const { 0: token, index, groups } of text.matchAll(TOKEN)) {
		const end = index + token.length;
		if (/^[,;\n\r\v\f\u2028\u2029]$/.test(token)) {
			yield* words.map(partOf);
			words = [];
			if (token !== ',' && token !== ';') queryFrom = undefined;
			continue;
		}
		const isMailto = MAILTO.test(token);
		if (queryFrom !== undefined && !isMailto) {
			yield { kind: 'unclear', text: text.slice(queryFrom, end) };
		}
		queryFrom = isMailto && token.includes('?') ? index : undefined;
		if (groups?.target !== undefined) {
			yield* words.map(partOf);
			words = [];
			yield titled(token, groups.title.replace(/\\([^])/g, '$1'), groups.target);
		} else if (token.length > 1 && token.startsWith('<')) {
			const part = bracketed(token);
			const from = words[0]?.at ?? index;
			const isName =
				part.kind !== 'address' || words.every((word) => isNameFor(word.text, part.address));
			yield isName ? part : { kind: 'unclear', text: text.slice(from, end) };
			words = [];
		} else if (token === '<' || token === '>' || token === '"') {
			yield* words.map(partOf);
			words = [];
			yield { kind: 'word', text: token };
		} else {
			words.push({ text: token, at: index });
		}
	}
	yield* words.map(partOf);
}

/** Every ID and address that stands by itself in a text in which something is wrong. */
export function fragmentsOfPeople(text: string): string[] {
	return text.split(FRAGMENTS);
}

function partOf({ text }: { text: string }): PersonPart {
	return MAILTO.test(text) ? mailto(text) : { kind: 'word', text };
}

function bracketed(token: string): PersonPart {
	const inside = token.slice(1, -1).trim();
	if (MAILTO.test(inside)) {
		// Slack's form. A mailto link has its own bars escaped.
		const [link, ...title] = inside.split('|');
		return titled(token, title.join('|'), link);
	}
	return ADDRESS.test(inside)
		? { kind: 'address', text: token, address: inside }
		: { kind: 'word', text: token };
}

/**
 * A mailto link with a title beside it, which must not name somebody else.
 * @param token both, as they were given
 */
function titled(token: string, title: string, link: string): PersonPart {
	if (!MAILTO.test(link)) return { kind: 'word', text: token };
	const part = mailto(link);
	const words = title.split(/\s+/).map((word) => word.replace(MAILTO, ''));
	const isName = part.kind !== 'address' || words.every((word) => isNameFor(word, part.address));
	return { ...(isName ? part : { kind: 'unclear' }), text: token };
}

/** The address of a mailto link, as RFC 6068 writes it. */
function mailto(text: string): PersonPart {
	if (text.length > MAX_MAILTO) return { kind: 'word', text };
	const [before, ...after] = text.slice('mailto:'.length).split('?');
	const names = [...new URLSearchParams(after.join('?')).keys()];
	if (names.some((name) => ['to', 'cc', 'bcc'].includes(name.toLowerCase()))) {
		return { kind: 'morePeople', text };
	}
	const address = decoded(before);
	return ADDRESS.test(address) ? { kind: 'address', text, address } : { kind: 'word', text };
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return '';
	}
}

/** Whether a word before an address in brackets can only be a part of a name. */
function isNameFor(word: string, address: string): boolean {
	const text = word.startsWith('"') ? word.slice(1, -1).trim() : word;
	if (text.includes('@')) return addressKey(text) === addressKey(address);
	return !/^[0-9]+$/.test(text);
}
