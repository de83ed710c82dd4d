import { FailureError } from '../failure';
import * as idMessages from '../messages/idMessages';
import type { IdKind as AnyKind, ValueFault } from '../messages/idMessages';
import { badInput } from '../messages/inputMessages';
import { unseenIn, withoutUnseen } from '../messages/visible';
import { addressKey, MAX_ADDRESS } from '../gong/address';
import type { PersonPart } from './people';
import { fragmentsOfPeople, hasNamesOrLinks, isAddressText, partsOfPeople } from './people';

/** What the IDs of a parameter name. */
export type IdKind = Exclude<AnyKind, 'workspace'>;

// Gong's IDs are decimal strings of up to 20 digits; most are beyond 2^53 (seen in live traffic).
const ID = /^[0-9]{1,20}$/;
// As long as Gong's IDs are; a text of a few short IDs is not taken for one number.
const GROUPED =
	/(?<![^ \t\r\n;])0?[0-9]{1,3}([,.'\u00a0\u202f])[0-9]{3}(?:\1[0-9]{3}){3,5}(?![^ \t\r\n;])/;
// White space, commas and semicolons separate IDs. A byte order mark does not, although it counts as white
// space elsewhere: it would make two IDs of one.
// Without bounds a text of millions of characters overflows the stack of a regular expression, once a process has
// compiled so many of them that V8 optimizes no more (`--no-regexp-optimization` shows it).
const WORD = /(?:\ufeff|[^\s,;]){1,10000}/g;
const LINK = /^https?:\/\//i;
// What a sheet makes of a long number: 7.78234E+18.
const SCIENTIFIC = /^[0-9]+(\.[0-9]+)?e\+?[0-9]+$/i;
// An escaped character, a quote, or a number. Each is found without going back, however long the text is.
const JSON_TOKEN = /\\[^]|"|-?[0-9][0-9.eE+-]{0,10000}/g;
const OTHER_DIGIT = /(?![0-9])\p{Nd}/u;

// As many calls as the requests that Gong allows a company in a day by default can name.
const MAX_IDS = 1_000_000;
// Enough for so many of the longest IDs in quotes.
const MAX_TEXT = 25_000_000;
// Of a value that is refused anyway; a Set holds not much more.
const MAX_READABLE_IDS = 10_000_000;
// Longer than any link that Gong makes; reading the host of a link takes quadratic time.
const MAX_LINK = 4_000;

// Composing takes quadratic time where marks follow on marks.
const MAX_COMPOSED = 64;

// More of what was typed is shown nowhere.
const MAX_PHRASE = 200;
const PHRASE_END = /[^\S ]|[,;]/;

/**
 * Reads the IDs out of a value in any form that a person or an expression gives.
 *
 * Takes text (IDs with commas, semicolons or white space between; for calls also Gong call links, for users
 * also e-mail addresses, as `Ana B <ana@x.io>` and `mailto:` too), a JSON array as text, a safe integer, or an
 * array of these. Takes linear time.
 *
 * @returns the IDs as decimal strings, digit for digit, in the order given, each once; never empty. An
 * e-mail address stands as {@link addressKey} writes it where an ID would.
 * @param label of the parameter, for the message
 * @throws {FailureError} for anything else, naming the parameter and the value
 */
export function readIds(value: unknown, kind: AnyKind, label: string): string[] {
	const reading = new Reading(kind, label);
	readAll(reading, value);
	if (reading.ids.size === 0) throw unusable(label, idMessages.noIds(kind));
	return [...reading.ids];
}

/**
 * Every ID that a value surely names, also where something else in it is wrong: Replace protects the users and
 * calls of a bad item by these. Takes linear time, and never throws.
 *
 * @returns `complete` says whether {@link readIds} takes the value, and then `ids` are what it gives; otherwise
 * there may be more than `ids`, such as a number that has lost digits.
 */
export function readableIds(value: unknown, kind: IdKind): { ids: string[]; complete: boolean } {
	const reading = new Reading(kind, undefined);
	try {
		readAll(reading, value);
	} catch {
		// A proxy that throws whatever is asked of it.
		reading.complete = false;
	}
	return { ids: [...reading.ids], complete: reading.complete && reading.ids.size > 0 };
}

/**
 * Reads the ID of a workspace by the rules of {@link readIds}.
 * @returns empty for a text that is
 * @param label of the parameter, for the message
 * @throws {FailureError} for anything else that is not one ID, and for an expression that finds nothing
 */
export function readWorkspaceId(value: unknown, label: string): string {
	if (typeof value === 'string' && value.trim() === '') return '';
	if (value === undefined || value === null) throw unusable(label, idMessages.noWorkspace(value));
	const ids = readIds(value, 'workspace', label);
	if (ids.length === 1) return ids[0];
	throw unusable(label, idMessages.severalWorkspaces(value));
}

function unusable(label: string, { what, advice }: ValueFault): FailureError {
	return new FailureError(badInput(label, what, advice));
}

/** Whether what {@link readIds} gave for a user is an e-mail address, to be looked up. */
export function isAddress(id: string): boolean {
	return id.includes('@');
}

/** The IDs found so far. A strict reading ends at what cannot be used; another one takes what is good in it. */
class Reading {
	readonly ids = new Set<string>();

	complete = true;

	private readonly visited = new Set<object>();

	private charactersLeft = MAX_TEXT;

	constructor(
		readonly kind: AnyKind,
		/** Of the parameter; undefined for a reading that takes what is good. */
		private readonly strictLabel: string | undefined,
	) {}

	add(id: string): void {
		if (this.ids.size >= MAX_IDS && !this.ids.has(id)) {
			this.refuse(() => idMessages.tooManyIds(MAX_IDS));
			if (this.ids.size >= MAX_READABLE_IDS) return;
		}
		this.ids.add(id);
	}

	/** @param text what is wrong, in which something may still be an ID */
	refuse(why: () => ValueFault, text = ''): void {
		if (this.strictLabel !== undefined) throw unusable(this.strictLabel, why());
		this.complete = false;
		for (const id of fragmentsOf(text, this.kind)) this.add(id);
	}

	/** Counts the characters that are read. */
	count(characters: number): void {
		this.charactersLeft -= characters;
		if (this.charactersLeft < 0) {
			this.refuse(() => idMessages.tooLongText(MAX_TEXT));
		}
	}

	/** Whether a value is an object that is met for the first time. */
	isNew(value: unknown): value is object {
		if (typeof value !== 'object' || value === null || this.visited.has(value)) return false;
		this.visited.add(value);
		return true;
	}

	/** What is in a list, or in an object with its keys. */
	elementsOf(value: object): unknown[] {
		if (!Array.isArray(value))
			return Object.keys(value).flatMap((key) => [key, fieldOf(value, key)]);
		if (this.strictLabel !== undefined) return value;
		const elements: unknown[] = Object.values(value);
		if (elements.length >= value.length) return value;
		// A list may have any number of gaps, which are passed over.
		this.refuse(() => idMessages.wrongType(this.kind, undefined, false));
		return elements;
	}
}

/** A field of an object; nothing for one that throws when it is read. */
function fieldOf(value: object, key: string): unknown {
	try {
		return (value as Record<string, unknown>)[key];
	} catch {
		return undefined;
	}
}

/** Walks a value. Lists may be nested as deep as they like: only {@link readableIds} goes into them. */
function readAll(reading: Reading, root: unknown): void {
	const lists: Iterator<unknown>[] = [[root].values()];
	while (lists.length > 0) {
		const next = lists[lists.length - 1].next();
		const inList = lists.length > 1;
		if (next.done === true) lists.pop();
		else lists.push(...valuesIn(reading, next.value, inList).map((list) => list.values()));
	}
}

/** Reads a value; what is in it still to be read comes back as a list. */
function valuesIn(reading: Reading, value: unknown, inList: boolean): [] | [unknown[]] {
	if (typeof value === 'string') return readText(reading, value.trim(), inList);
	if (typeof value === 'number') {
		readNumber(reading, value);
		return [];
	}
	if (Array.isArray(value) && !inList) return [reading.elementsOf(value)];
	reading.refuse(() => idMessages.wrongType(reading.kind, value, Array.isArray(value)));
	return reading.isNew(value) ? [reading.elementsOf(value)] : [];
}

function readText(reading: Reading, text: string, inList: boolean): [] | [unknown[]] {
	reading.count(text.length);
	if (text === '' && inList) {
		reading.refuse(() => idMessages.wrongType(reading.kind, text, true));
		return [];
	}
	if (text.startsWith('[')) {
		const list = parseList(text);
		// Its entries are counted on their turn.
		if (list) reading.count(-text.length);
		else reading.refuse(() => idMessages.brokenList(reading.kind, text), text);
		return list ? [list] : [];
	}
	if (GROUPED.test(text)) {
		reading.refuse(() => idMessages.groupedNumber(text), text);
		return [];
	}
	if (reading.kind === 'user' && hasNamesOrLinks(text)) {
		for (const part of partsOfPeople(text)) readPart(reading, part);
		return [];
	}
	for (const { 0: word, index } of text.matchAll(WORD)) {
		readWord(reading, word, () => phraseAt(text, index));
	}
	return [];
}

/** A safe integer as text; every other number is refused. */
function readNumber(reading: Reading, value: number): void {
	if (Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0)) {
		reading.add(String(value));
		return;
	}
	reading.refuse(() => idMessages.unusableNumber(reading.kind, value));
}

/** A JSON array; its numbers come as texts, since JSON.parse would round them. */
function parseList(text: string): unknown[] | undefined {
	let inString = false;
	const quoted = text.replace(JSON_TOKEN, (token) => {
		if (token === '"') inString = !inString;
		return inString || token === '"' || token.startsWith('\\') ? token : `"${token}"`;
	});
	try {
		const list: unknown = JSON.parse(quoted);
		return Array.isArray(list) ? list : undefined;
	} catch {
		return undefined;
	}
}

/** @param phrase what it is a word of, for the message */
function readWord(reading: Reading, text: string, phrase = () => text): void {
	const { kind } = reading;
	if (ID.test(text)) reading.add(text);
	else if (kind === 'user' && isAddressText(text)) readAddress(reading, text, text);
	else if (kind === 'call' && LINK.test(text)) readLink(reading, text);
	else reading.refuse(() => notUsable(kind, text, phrase()), text);
}

function readPart(reading: Reading, part: PersonPart): void {
	const { kind, text } = part;
	if (kind === 'word') readWord(reading, text);
	else if (kind === 'address') readAddress(reading, part.address, text);
	else if (kind === 'unclear') reading.refuse(() => idMessages.unclearPeople(text), text);
	else reading.refuse(() => idMessages.morePeople(text), text);
}

/** @param text as it was given */
function readAddress(reading: Reading, address: string, text: string): void {
	if (address.length > MAX_ADDRESS) {
		reading.refuse(() => idMessages.tooLongAddress(text, MAX_ADDRESS));
	} else if (unseenIn(address) !== undefined) {
		reading.refuse(() => notUsable('user', text));
	} else {
		reading.add(addressKey(address));
	}
}

/** The `id` of a link to a call, as Gong writes it: on app.gong.io, or on the company's own host below it. */
function readLink(reading: Reading, text: string): void {
	const isShort = text.length <= MAX_LINK && unseenIn(text) === undefined;
	const link = isShort && URL.canParse(text) ? new URL(text) : undefined;
	const isGongs = /^(.+\.)?app\.gong\.io$/.test(link?.hostname ?? '');
	const ids = link?.searchParams.getAll('id') ?? [];
	if (isGongs && /^\/call\/*$/.test(link?.pathname ?? '') && ids.length === 1 && ID.test(ids[0])) {
		reading.add(ids[0]);
		return;
	}
	reading.refuse(() => {
		if (unseenIn(text) !== undefined) return notUsable('call', text);
		if (isGongs) return idMessages.linkWithoutCall(text);
		return text.length > MAX_LINK
			? idMessages.tooLongLink(text, MAX_LINK)
			: idMessages.foreignLink(text);
	}, text);
}

/**
 * The words with only spaces between them that are no IDs either, such as the name of a person.
 * @param at where one of them begins
 */
function phraseAt(text: string, at: number): string {
	const from = Math.max(0, at - MAX_PHRASE);
	const before = text.slice(from, at).split(PHRASE_END).at(-1) ?? '';
	const after = text.slice(at, at + MAX_PHRASE).split(PHRASE_END)[0];
	const isName = (word: string): boolean => !/[0-9@]|:\/\//.test(word);
	const words = after.split(/ +/);
	const end = words.findIndex((word, place) => place > 0 && !isName(word));
	const named = words.slice(0, end === -1 ? undefined : end);
	for (const word of before.split(/ +/).reverse().slice(1)) {
		if (word === '' || !isName(word)) break;
		named.unshift(word);
	}
	return named.filter((word) => word !== '').join(' ');
}

/** What is wrong with a word that is no ID. @param phrase what it is a word of */
function notUsable(kind: AnyKind, text: string, phrase = text): ValueFault {
	const unseen = unseenIn(text);
	if (unseen !== undefined) return idMessages.unseenCharacter(kind, text, unseen);
	if (OTHER_DIGIT.test(text)) return idMessages.otherDigits(kind, text);
	if (/^[0-9]+$/.test(text)) return idMessages.tooManyDigits(kind, text);
	return idMessages.notAnId(kind, phrase, SCIENTIFIC.test(text));
}

/** The IDs in a text in which something is wrong: all numbers in it that can be IDs. */
function* fragmentsOf(text: string, kind: AnyKind): Generator<string> {
	const clean = withoutUnseen(text.length > MAX_COMPOSED ? text : text.normalize('NFKC'));
	if (kind !== 'user') {
		for (const [digits] of clean.matchAll(/[0-9]{1,10000}/g)) if (ID.test(digits)) yield digits;
		return;
	}
	for (const fragment of fragmentsOfPeople(clean)) {
		if (ID.test(fragment)) yield fragment;
		else if (isAddressText(fragment) && fragment.length <= MAX_ADDRESS) yield addressKey(fragment);
	}
}
