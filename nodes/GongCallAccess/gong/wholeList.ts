import type { Result } from '../failure';
import { FailureError } from '../failure';
import { unexpectedAnswer } from '../messages/gongMessages';
import * as shape from '../messages/shapeMessages';
import type { GongClient, SendOptions } from '../transport/client';
import { requestIdIn } from '../transport/refusal';
import type { GongRequest } from '../transport/request';
import {
	cursorOf,
	listAt,
	readObject,
	recordsOf,
	refuseErrors,
	unexpectedResponse,
} from './response';

type Entry = string | { id: string };

/** A list that Gong gives whole, without pages. */
export interface WholeList<T> {
	/** Each once. */
	entries: T[];
	/** False where the answer leaves the list out, or an entry of it: it may be empty, or not told. */
	isGiven: boolean;
	requestId: string | null;
}

// "No folders found for the specified period" (Gong's OpenAPI description names the status; words as for calls).
const NOTHING_FOUND = /\bno \w+ found/i;

interface WholeListOptions extends SendOptions {
	/** Whether nothing found, a 404, is an empty list, as documented for the library, or not told. */
	ifNothingFound?: 'empty' | 'notTold';
}

/** Reads a list that has no pages. */
export async function readWholeList<T extends Entry>(
	client: GongClient,
	request: GongRequest,
	key: string,
	read: (entry: Record<string, unknown>) => T,
	{ ifNothingFound, ...options }: WholeListOptions = {},
): Promise<Result<WholeList<T>>> {
	const sent = await client.send(request, [], (text) => readList(text, key, read), options);
	if (sent.ok || sent.refusal?.status !== 404) return sent;
	const { errors, requestId } = sent.refusal.said;
	if (!errors.some((error) => NOTHING_FOUND.test(error))) return sent;
	return { ok: true, value: { entries: [], isGiven: ifNothingFound === 'empty', requestId } };
}

/** @throws {FailureError} for a response of another shape, one of several pages, and one that contradicts itself */
function readList<T extends Entry>(
	text: string,
	key: string,
	read: (entry: Record<string, unknown>) => T,
): WholeList<T> {
	const body = readObject(text);
	const requestId = requestIdIn(body);
	refuseErrors(body);
	// Gong marks no field as required, so a list may be left out, where it is empty for example (assumption).
	if (requestId === null && body[key] === undefined) throw unexpectedResponse(shape.noList(key));
	if (cursorOf(body, recordsOf(body)) !== undefined) {
		throw unexpectedResponse(shape.ONLY_FIRST_PAGE);
	}
	const list = body[key] ?? null;
	const entries = eachOnce(listAt(body, key).map(read), key);
	if (!entries.ok) throw new FailureError(entries.failure);
	return {
		entries: entries.value,
		isGiven: Array.isArray(list) && !list.includes(null),
		requestId,
	};
}

/** The entries, each once. Fails where an ID stands for two entries that differ, of which one is wrong. */
export function eachOnce<T extends Entry>(entries: T[], key: string): Result<T[]> {
	const byId = new Map<string, T>();
	for (const entry of entries) {
		const id = typeof entry === 'string' ? entry : entry.id;
		const known = byId.get(id);
		if (known !== undefined && JSON.stringify(known) !== JSON.stringify(entry)) {
			return { ok: false, failure: unexpectedAnswer(200, shape.differsFromItself(key, id), []) };
		}
		byId.set(id, entry);
	}
	return { ok: true, value: [...byId.values()] };
}
