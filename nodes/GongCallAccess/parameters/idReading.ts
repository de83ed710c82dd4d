import { FailureError } from '../failure';
import * as idMessages from '../messages/idMessages';
import type { AnyIdKind, ValueFault } from '../messages/idMessages';
import { badInput } from '../messages/inputMessages';
import { withoutUnseen } from '../messages/visible';
import { addressKey, MAX_ADDRESS } from '../gong/address';
import { fragmentsOfPeople, isAddressText } from './people';

// Gong's IDs are decimal strings of up to 20 digits; most are beyond 2^53 (seen in live traffic).
const ID = /^[0-9]{1,20}$/;

// As many calls as the requests that Gong allows a company in a day by default can name.
const MAX_IDS = 1_000_000;
// Enough for so many of the longest IDs in quotes.
const MAX_TEXT = 25_000_000;
// Of a value that is refused anyway; a Set holds not much more.
const MAX_READABLE_IDS = 10_000_000;

// Composing takes quadratic time where marks follow on marks.
const MAX_COMPOSED = 64;

/** Whether a text is one ID and nothing else. */
export function isId(text: string): boolean {
	return ID.test(text);
}

/** A value that was refused, under the label of its parameter. */
export function unusable(label: string, { what, advice }: ValueFault): FailureError {
	return new FailureError(badInput(label, what, advice));
}

/** The IDs found so far. A strict reading ends at what cannot be used; another one takes what is good in it. */
export class IdReading {
	readonly ids = new Set<string>();

	complete = true;

	private readonly visited = new Set<object>();

	private charactersLeft = MAX_TEXT;

	constructor(
		readonly kind: AnyIdKind,
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

/** The IDs in a text in which something is wrong: all numbers in it that can be IDs. */
function* fragmentsOf(text: string, kind: AnyIdKind): Generator<string> {
	const clean = withoutUnseen(text.length > MAX_COMPOSED ? text : text.normalize('NFKC'));
	if (kind !== 'user') {
		for (const [digits] of clean.matchAll(/[0-9]{1,10000}/g)) if (isId(digits)) yield digits;
		return;
	}
	for (const fragment of fragmentsOfPeople(clean)) {
		if (isId(fragment)) yield fragment;
		else if (isAddressText(fragment) && fragment.length <= MAX_ADDRESS) yield addressKey(fragment);
	}
}
