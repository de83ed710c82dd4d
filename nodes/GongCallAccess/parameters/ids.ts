import * as idMessages from '../messages/idMessages';
import type { AnyIdKind } from '../messages/idMessages';
import { IdReading, unusable } from './idReading';
import { readText } from './idText';

/** What the IDs of a parameter name. */
export type IdKind = Exclude<AnyIdKind, 'workspace'>;

/**
 * Reads the IDs out of a value in any form that a person or an expression gives.
 *
 * Takes text (IDs with commas, semicolons or white space between; for calls also links to calls, for users also
 * e-mail addresses, with a name or as `mailto:` too; links as Slack and Markdown write them as well), a JSON
 * array as text, a safe integer, or an array of these. Takes linear time.
 *
 * @returns the IDs as decimal strings, digit for digit, in the order given, each once; never empty. An
 * e-mail address stands as {@link addressKey} writes it where an ID would.
 * @param label of the parameter, for the message
 * @throws {FailureError} for anything else, naming the parameter and the value
 */
export function readIds(value: unknown, kind: AnyIdKind, label: string): string[] {
	const reading = new IdReading(kind, label);
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
	const reading = new IdReading(kind, undefined);
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

/** Whether what {@link readIds} gave for a user is an e-mail address, to be looked up. */
export function isAddress(id: string): boolean {
	return id.includes('@');
}

/** Walks a value. Lists may be nested as deep as they like: only {@link readableIds} goes into them. */
function readAll(reading: IdReading, root: unknown): void {
	const lists: Iterator<unknown>[] = [[root].values()];
	while (lists.length > 0) {
		const next = lists[lists.length - 1].next();
		const inList = lists.length > 1;
		if (next.done === true) lists.pop();
		else lists.push(...valuesIn(reading, next.value, inList).map((list) => list.values()));
	}
}

/** Reads a value; what is in it still to be read comes back as a list. */
function valuesIn(reading: IdReading, value: unknown, inList: boolean): [] | [unknown[]] {
	if (typeof value === 'string') return readText(reading, value.trim(), inList);
	if (typeof value === 'number') {
		readNumber(reading, value);
		return [];
	}
	if (Array.isArray(value) && !inList) return [reading.elementsOf(value)];
	reading.refuse(() => idMessages.wrongType(reading.kind, value, Array.isArray(value)));
	return reading.isNew(value) ? [reading.elementsOf(value)] : [];
}

/** A safe integer as text; every other number is refused. */
function readNumber(reading: IdReading, value: number): void {
	if (Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0)) {
		reading.add(String(value));
		return;
	}
	reading.refuse(() => idMessages.unusableNumber(reading.kind, value));
}
