import { FailureError } from '../failure';
import { unexpectedAnswer } from '../messages/gongMessages';
import * as shape from '../messages/shapeMessages';
import { isRecord, parseJson } from '../transport/json';

type JsonObject = Record<string, unknown>;

/**
 * For a response of status 200 that is not as Gong documents it.
 * @param what one of `messages/shapeMessages`
 */
export function unexpectedResponse(what: string): FailureError {
	return new FailureError(unexpectedAnswer(200, what, []));
}

/** The object that a response holds. @throws {FailureError} for anything else */
export function readObject(text: string): JsonObject {
	const body = parseJson(text);
	if (body === undefined) {
		throw unexpectedResponse(text.trim() === '' ? shape.EMPTY : shape.NOT_JSON);
	}
	if (!isRecord(body)) throw unexpectedResponse(shape.isOfType('it is', body, 'an object'));
	return body;
}

export function recordsOf(body: JsonObject): JsonObject {
	const records = body.records ?? {};
	if (!isRecord(records)) {
		throw unexpectedResponse(shape.isOfType('its records are', records, 'an object'));
	}
	return records;
}

/**
 * Where the next page begins; undefined on the last. Gong documents a text in `records`. A cursor in another
 * place or of another type still says that there is more, so the listing must not end there.
 */
export function cursorOf(body: JsonObject, records: JsonObject): string | undefined {
	const cursors = [records, body].flatMap((record) => {
		const cursor = Object.hasOwn(record, 'cursor') ? (record.cursor ?? '') : '';
		if (typeof cursor === 'string') return cursor.trim() === '' ? [] : [cursor];
		if (Number.isSafeInteger(cursor)) return [String(cursor)];
		throw unexpectedResponse(shape.isOfType('its cursor is', cursor, 'text'));
	});
	if (new Set(cursors).size > 1) throw unexpectedResponse(shape.TWO_CURSORS);
	return cursors[0];
}

/** How many of something there are; undefined where that is not told. */
export function countAt(record: JsonObject, key: string): number | undefined {
	const value = Object.hasOwn(record, key) ? record[key] : undefined;
	const count = typeof value === 'string' && /^[0-9]+$/.test(value) ? Number(value) : value;
	return Number.isSafeInteger(count) && Number(count) >= 0 ? Number(count) : undefined;
}

/** A text that is not empty; null for everything else. */
export function textAt(record: JsonObject, key: string): string | null {
	const value = Object.hasOwn(record, key) ? record[key] : null;
	return typeof value === 'string' && value.trim() !== '' ? value : null;
}

/** @throws {FailureError} for an answer of status 200 that says all the same what went wrong */
export function refuseErrors(body: JsonObject): void {
	const { errors } = body;
	const isNone = (error: unknown): boolean => error === null || error === undefined || error === '';
	if (Array.isArray(errors) ? errors.every(isNone) : isNone(errors)) return;
	throw unexpectedResponse(shape.saysErrors(errors));
}

/** The objects of a list; a missing list and empty entries are nothing, anything else is refused. */
export function listAt(record: JsonObject, key: string): Array<JsonObject> {
	const list = Object.hasOwn(record, key) ? (record[key] ?? []) : [];
	if (!Array.isArray(list))
		throw unexpectedResponse(shape.isOfType(`its ${key} is`, list, 'a list'));
	const entries = list.filter((entry) => entry !== null);
	if (!entries.every(isRecord)) {
		throw unexpectedResponse(shape.badEntry(key));
	}
	return entries;
}

export function idAt(record: JsonObject, key: string): string {
	const id = Object.hasOwn(record, key) ? record[key] : undefined;
	if (typeof id === 'string' && id !== '') return id;
	// A number may have lost digits on the way; only one that cannot have is an ID.
	if (Number.isSafeInteger(id)) return String(id);
	throw unexpectedResponse(shape.badId(key, id));
}

/** An ID that need not be there; null where it is not. @throws {FailureError} for one that may have lost digits */
export function optionalIdAt(record: JsonObject, key: string): string | null {
	const id = Object.hasOwn(record, key) ? (record[key] ?? '') : '';
	return id === '' ? null : idAt(record, key);
}

/** The IDs of a list; a missing list is none. @throws {FailureError} for anything else */
export function idsAt(record: JsonObject, key: string): string[] {
	const ids = Object.hasOwn(record, key) ? (record[key] ?? []) : [];
	if (!Array.isArray(ids)) throw unexpectedResponse(shape.isOfType(`its ${key} is`, ids, 'a list'));
	return ids.map((id: unknown) => idAt({ [key]: id }, key));
}
