import * as idMessages from '../messages/idMessages';
import type { AnyIdKind, ValueFault } from '../messages/idMessages';
import { unseenIn } from '../messages/visible';
import { addressKey, MAX_ADDRESS } from '../gong/address';
import { isId } from './idReading';
import type { IdReading } from './idReading';
import type { CallPart, LinkFault } from './links';
import { decoded, hasLinks, MAX_LINK, partsOfCalls, readLink } from './links';
import { startsWithLink } from './markdown';
import type { PersonPart } from './people';
import { hasNamesOrLinks, isAddressText, partsOfPeople } from './people';

// Every piece of a number in groups is shorter than this, and no ID that Gong is known to make is.
const SHORT = /^[0-9]{1,5}$/;
// As sheets show long numbers, with commas, points, apostrophes or spaces, and in India with groups of two.
// Only for the words: what makes it safe is that no short ID is read beside others.
const GROUPED =
	/(?<![^\s,;])[0-9]{1,4}(?:[\s,.'`´’‘ʼ′·٬_][0-9]{2,4}){3,9}(?:[.,][0-9]{1,2})?(?![^\s,;])/;
// White space, commas and semicolons separate IDs. A byte order mark does not, although it counts as white
// space elsewhere: it would make two IDs of one.
// Without bounds a text of millions of characters overflows the stack of a regular expression, once a process has
// compiled so many of them that V8 optimizes no more (`--no-regexp-optimization` shows it).
const WORD = /(?:\ufeff|[^\s,;]){1,10000}/g;
// What a sheet makes of a long number: 7.78234E+18.
const SCIENTIFIC = /^[0-9]+(\.[0-9]+)?e\+?[0-9]+$/i;
// An escaped character, a quote, or a number. Each is found without going back, however long the text is.
const JSON_TOKEN = /\\[^]|"|-?[0-9][0-9.eE+-]{0,10000}/g;
const OTHER_DIGIT = /(?![0-9])\p{Nd}/u;

// More of what was typed is shown nowhere.
const MAX_PHRASE = 200;
const PHRASE_END = /[^\S ]|[,;]/;

type Part = CallPart | PersonPart;

/**
 * Reads the IDs out of a text.
 * @returns for a JSON array its elements, which are still to be read
 * @throws what {@link IdReading.refuse} throws
 */
export function readText(reading: IdReading, text: string, inList: boolean): [] | [unknown[]] {
	reading.count(text.length);
	if (text === '' && inList) {
		reading.refuse(() => idMessages.wrongType(reading.kind, text, true));
		return [];
	}
	if (text.startsWith('[') && !startsWithLink(text)) {
		const list = parseList(text);
		// Its entries are counted on their turn.
		if (list) reading.count(-text.length);
		else reading.refuse(() => idMessages.brokenList(reading.kind, text), text);
		return list ? [list] : [];
	}
	readParts(reading, text);
	return [];
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

/** Reads what stands in one text. An ID of fewer than six digits must stand alone: it may be a piece of a number. */
function readParts(reading: IdReading, text: string): void {
	let count = 0;
	let short: string | undefined;
	for (const part of partsOf(reading, text)) {
		count++;
		if (part.kind === 'word' && SHORT.test(part.text)) short ??= part.text;
		readPart(reading, part);
	}
	if (short === undefined || count === 1) return;
	const piece = short;
	reading.refuse(() => idMessages.shortId(reading.kind, piece));
}

function partsOf(reading: IdReading, text: string): Iterable<Part> {
	const { kind } = reading;
	if (kind === 'user' && hasNamesOrLinks(text)) return partsOfPeople(text);
	if (kind === 'call' && hasLinks(text)) return partsOfCalls(decoded(text));
	const grouped = GROUPED.exec(text)?.[0];
	if (grouped !== undefined) reading.refuse(() => idMessages.groupedNumber(grouped), text);
	return wordsIn(text);
}

function* wordsIn(text: string): Generator<Part> {
	for (const { 0: word, index } of text.matchAll(WORD)) {
		yield { kind: 'word', text: word, phrase: () => phraseAt(text, index) };
	}
}

function readPart(reading: IdReading, part: Part): void {
	const { kind, text } = part;
	if (kind === 'word') readWord(reading, text, part.phrase);
	else if (kind === 'address') readAddress(reading, part.address, text);
	else if (kind === 'link') readCallLink(reading, part.link, text);
	else if (kind === 'unclear') reading.refuse(() => idMessages.unclear(reading.kind, text), text);
	else reading.refuse(() => idMessages.morePeople(text), text);
}

function readWord(reading: IdReading, text: string, phrase = () => text): void {
	const { kind } = reading;
	if (isId(text)) reading.add(text);
	else if (kind === 'user' && isAddressText(text)) readAddress(reading, text, text);
	else reading.refuse(() => notUsable(kind, text, phrase()), text);
}

/** @param text as it was given */
function readAddress(reading: IdReading, address: string, text: string): void {
	if (address.length > MAX_ADDRESS) {
		reading.refuse(() => idMessages.tooLongAddress(text, MAX_ADDRESS));
	} else if (unseenIn(address) !== undefined) {
		reading.refuse(() => notUsable('user', text));
	} else {
		reading.add(addressKey(address));
	}
}

/** @param text as it was given, a title included */
function readCallLink(reading: IdReading, link: string, text: string): void {
	if (unseenIn(link) !== undefined) {
		reading.refuse(() => notUsable('call', link), link);
		return;
	}
	const read = readLink(link);
	if ('callId' in read) reading.add(read.callId);
	else reading.refuse(() => linkFault(read.fault, text), link);
}

function linkFault(fault: LinkFault, text: string): ValueFault {
	if (fault === 'unclear') return idMessages.unclear('call', text);
	if (fault === 'withoutCall') return idMessages.linkWithoutCall(text);
	if (fault === 'tooLong') return idMessages.tooLongLink(text, MAX_LINK);
	return idMessages.foreignLink(text);
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
function notUsable(kind: AnyIdKind, text: string, phrase = text): ValueFault {
	const unseen = unseenIn(text);
	if (unseen !== undefined) return idMessages.unseenCharacter(kind, text, unseen);
	if (OTHER_DIGIT.test(text)) return idMessages.otherDigits(kind, text);
	if (/^[0-9]+$/.test(text)) return idMessages.tooManyDigits(kind, text);
	return idMessages.notAnId(kind, phrase, SCIENTIFIC.test(text));
}
