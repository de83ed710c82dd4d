import { shown } from '../text';

/** What an ID names; it decides which links are understood and how a message calls it. */
export type IdKind = 'call' | 'user';

/**
 * Thrown for a value that holds no usable ID.
 * `message` says what is the matter with the value, without the name of the parameter: the reader of the
 * parameter knows that, and puts it in front.
 */
export class UnusableId extends Error {
	/** What a person can do about it. */
	readonly advice: string;

	constructor(message: string, advice: string) {
		super(message);
		this.name = 'UnusableId';
		this.advice = advice;
	}
}

// Gong's IDs are decimal strings of up to 20 digits; most are beyond 2^53 (seen in live traffic).
const ID = /^[0-9]{1,20}$/;
const SEPARATORS = /[\s,;]+/;
const LINK = /^https?:\/\//i;
// What a sheet makes of a long number: 7.78234E+18.
const SCIENTIFIC = /^[0-9]+(\.[0-9]+)?e\+?[0-9]+$/i;
// A whole JSON string, or a number: numbers are put in quotes before parsing, which would round them.
const JSON_STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?[0-9][0-9.eE+-]*/g;

// Loose on purpose: whether it is someone's is looked up in Gong.
const ADDRESS = /^[^\s@]+@[^\s@]+$/;

const ADVICE = {
	user: 'Give user IDs such as 234599484848423 or e-mail addresses, with commas, spaces or new lines between them.',
	call: 'Give call IDs such as 7782342274025937895 or links such as https://app.gong.io/call?id=7782342274025937895, with commas, spaces or new lines between them.',
	asText:
		'Pass the ID as text: in the node before this one keep it a string, and in a sheet format the column as plain text.',
};

/**
 * Reads the IDs out of a value in any form that a person or an expression gives.
 *
 * Takes text (IDs with commas, semicolons or white space between; for calls also Gong call links, for users
 * also e-mail addresses), a JSON array as text, a safe integer, or an array of these.
 *
 * @returns the IDs as decimal strings, digit for digit, in the order given, each once; never empty. An
 * e-mail address stands in lower case where an ID would.
 * @throws {UnusableId} for anything else, naming the value
 */
export function readIds(value: unknown, kind: IdKind): string[] {
	const ids = new Set<string>();
	addAll(ids, value, kind);
	if (ids.size === 0) {
		throw new UnusableId('is empty', ADVICE[kind]);
	}
	return [...ids];
}

function addAll(ids: Set<string>, value: unknown, kind: IdKind): void {
	if (!Array.isArray(value)) {
		addOne(ids, value, kind);
		return;
	}
	for (const element of value) {
		if (Array.isArray(element) || (typeof element === 'string' && element.trim() === '')) {
			throw new UnusableId(
				`has a list with an entry that is not a ${kind} ID: ${shown(element)}`,
				ADVICE[kind],
			);
		}
		addOne(ids, element, kind);
	}
}

function addOne(ids: Set<string>, value: unknown, kind: IdKind): void {
	if (typeof value !== 'string') {
		ids.add(numberText(value, kind));
		return;
	}
	const text = value.trim();
	if (text.startsWith('[')) {
		addAll(ids, parseList(text, kind), kind);
		return;
	}
	for (const part of text.split(SEPARATORS)) {
		if (part !== '') ids.add(readId(part, kind));
	}
}

/** A safe integer as text; everything else that is not a string is refused. */
function numberText(value: unknown, kind: IdKind): string {
	if (typeof value !== 'number') {
		throw new UnusableId(`has a value that is not a ${kind} ID: ${shown(value)}`, ADVICE[kind]);
	}
	if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
		throw new UnusableId(
			`has a number that is too large to be exact, so it has already lost digits: ${value.toLocaleString('en-US', { useGrouping: false })}`,
			ADVICE.asText,
		);
	}
	if (!Number.isInteger(value) || value < 0) {
		throw new UnusableId(`has a number that is not a ${kind} ID: ${String(value)}`, ADVICE[kind]);
	}
	return String(value);
}

function parseList(text: string, kind: IdKind): unknown[] {
	const quoted = text.replace(JSON_STRING_OR_NUMBER, (token) =>
		token.startsWith('"') ? token : JSON.stringify(token),
	);
	try {
		const list: unknown = JSON.parse(quoted);
		if (Array.isArray(list)) return list;
	} catch {
		// Told below, with the value.
	}
	throw new UnusableId(
		`starts like a list, and is not a valid one: ${shown(text)}`,
		`Write a list as ["7782342274025937895", "7782342274025937896"]. ${ADVICE[kind]}`,
	);
}

function readId(text: string, kind: IdKind): string {
	if (ID.test(text)) return text;
	if (kind === 'user' && ADDRESS.test(text)) return text.toLowerCase();
	if (kind === 'call' && LINK.test(text)) return idOfLink(text, kind);
	if (/^[0-9]+$/.test(text)) {
		throw new UnusableId(
			`has a number of more than 20 digits, which no ${kind} ID has: ${shown(text)}`,
			ADVICE[kind],
		);
	}
	throw new UnusableId(
		`has a value that is not a ${kind} ID: ${shown(text)}`,
		SCIENTIFIC.test(text) ? ADVICE.asText : ADVICE[kind],
	);
}

/** The `id` of a link to a call, as Gong writes it: on app.gong.io, or on the company's own host below it. */
function idOfLink(text: string, kind: IdKind): string {
	const link = URL.canParse(text) ? new URL(text) : undefined;
	const host = link?.hostname ?? '';
	if (!link || (host !== 'app.gong.io' && !host.endsWith('.app.gong.io'))) {
		throw new UnusableId(`has a link that is not Gong's: ${shown(text)}`, ADVICE[kind]);
	}
	const ids = link.searchParams.getAll('id');
	if (link.pathname.replace(/\/+$/, '') !== '/call' || ids.length !== 1 || !ID.test(ids[0])) {
		throw new UnusableId(`has a Gong link without a ${kind} ID: ${shown(text)}`, ADVICE[kind]);
	}
	return ids[0];
}

/** Whether what {@link readIds} gave for a user is an e-mail address, to be looked up. */
export function isAddress(id: string): boolean {
	return id.includes('@');
}
