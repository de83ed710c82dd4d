/**
 * Gong's own names: paths, bodies, answers. Nothing else in the package knows them.
 * Source: Gong's documentation of `/v2/calls/users-access` (help.gong.io), unless a line says otherwise.
 */

import { plain, shown } from '../text';

/** One request to Gong, before sign-in and base URL. */
export interface GongRequest {
	method: 'GET' | 'POST' | 'PUT' | 'DELETE';
	path: string;
	query?: Record<string, string>;
	body?: unknown;
	/** The scope that a key needs for it, as Gong names it. */
	scope: string;
}

const ACCESS_PATH = '/v2/calls/users-access';

/** Whether a request changes something in Gong. */
export function isWrite({ method }: GongRequest): boolean {
	return method === 'PUT' || method === 'DELETE';
}

/** Who was given access to one call through the API; no one is an empty list. */
export type AccessByCall = Map<string, string[]>;

/** What an answer with status 200 says. */
export interface AccessAnswer {
	requestId: string | null;
	access: AccessByCall;
}

/** Thrown for an answer that is not as documented; `message` says in which way, for a person. */
export class UnexpectedAnswer extends Error {
	constructor(message: string) {
		super(message);
		this.name = 'UnexpectedAnswer';
	}
}

/** The request that asks who has individual access to these calls (`callIds`: 1 or more, each once). */
export function readAccessRequest(callIds: string[]): GongRequest {
	return {
		method: 'POST',
		path: ACCESS_PATH,
		body: { filter: { callIds } },
		scope: 'api:call-user-access:read',
	};
}

/** Individual access to give or to take: the users of each call. */
export type AccessChange = Map<string, string[]>;

/**
 * The request that gives (PUT) or takes (DELETE, with the same body) individual access.
 * Both may be repeated safely: a PUT has no effect for who has access already, a DELETE takes only what
 * the API gave.
 */
export function changeAccessRequest(method: 'PUT' | 'DELETE', change: AccessChange): GongRequest {
	const callAccessList = [...change].map(([callId, userIds]) => ({ callId, userIds }));
	return {
		method,
		path: ACCESS_PATH,
		body: { callAccessList },
		scope: 'api:call-user-access:write',
	};
}

/**
 * Reads the answer of status 200 to {@link changeAccessRequest}; it says that the change was accepted, and
 * no more.
 * @throws {UnexpectedAnswer} when it is not of the documented shape
 */
export function readChangeAnswer(text: string): string | null {
	const body = parse(text);
	if (!isRecord(body) || requestIdOf(body) === null) {
		throw new UnexpectedAnswer('it does not confirm the change');
	}
	refuseErrors(body);
	return requestIdOf(body);
}

/** A person in Gong; many fields of a user are null in practice. */
export interface GongUser {
	id: string;
	name: string | null;
	email: string | null;
	/** False for somebody who has left; Gong has no deletion. */
	active: boolean;
}

/** What people know a call by. */
export interface GongCall {
	id: string;
	title: string | null;
	url: string | null;
	/** ISO 8601, as Gong gives it. */
	started: string | null;
}

/** One page of a listing; `cursor` is there while more is to come. */
export interface Page<T> {
	entries: T[];
	cursor: string | undefined;
	/** How many entries there are on all pages, where Gong tells. */
	total: number | undefined;
	/** How many pages there are in all, where Gong tells. */
	pages: number | undefined;
}

/** All users of the company, page by page. */
export function listUsersRequest(cursor: string | undefined): GongRequest {
	return {
		method: 'GET',
		path: '/v2/users',
		query: cursor === undefined ? {} : { cursor },
		scope: 'api:users:read',
	};
}

/** These users (1 or more IDs), page by page. */
export function findUsersRequest(userIds: string[], cursor: string | undefined): GongRequest {
	return {
		method: 'POST',
		path: '/v2/users/extensive',
		body: { filter: { userIds }, ...(cursor === undefined ? {} : { cursor }) },
		scope: 'api:users:read',
	};
}

/** The calls that started in a time, page by page. */
export interface Period {
	/** ISO 8601 with an offset; the first moment of the time. */
	from: string;
	/** ISO 8601 with an offset; the first moment after it. */
	to: string;
	/** Empty for all workspaces. */
	workspaceId: string;
}

/** The calls of a period, page by page. */
export function listCallsRequest(period: Period, cursor: string | undefined): GongRequest {
	return {
		method: 'GET',
		path: '/v2/calls',
		query: {
			fromDateTime: period.from,
			toDateTime: period.to,
			...(period.workspaceId === '' ? {} : { workspaceId: period.workspaceId }),
			...(cursor === undefined ? {} : { cursor }),
		},
		scope: 'api:calls:read:basic',
	};
}

/** These calls (1 or more IDs), page by page. */
export function findCallsRequest(callIds: string[], cursor: string | undefined): GongRequest {
	return {
		method: 'POST',
		path: '/v2/calls/extensive',
		body: { filter: { callIds }, ...(cursor === undefined ? {} : { cursor }) },
		scope: 'api:calls:read:extensive',
	};
}

/** Reads a page of users. @throws {UnexpectedAnswer} for an answer of another shape */
export function readUsersPage(text: string): Page<GongUser> {
	return readPage(text, 'users', (user) => ({
		id: idAt(user, 'id'),
		name:
			[textAt(user, 'firstName'), textAt(user, 'lastName')]
				.filter((part) => part !== null)
				.join(' ') || null,
		email: textAt(user, 'emailAddress'),
		active: user.active !== false,
	}));
}

/** Reads a page of calls, of either listing. @throws {UnexpectedAnswer} for an answer of another shape */
export function readCallsPage(text: string): Page<GongCall> {
	return readPage(text, 'calls', (entry) => {
		const call = isRecord(entry.metaData) ? entry.metaData : entry;
		return {
			id: idAt(call, 'id'),
			title: textAt(call, 'title'),
			url: textAt(call, 'url'),
			started: textAt(call, 'started'),
		};
	});
}

/** Whether a refusal means that nothing was found: a 404 in words (recorded from live traffic). */
export function saysNothingFound(status: number, refusal: GongRefusal): boolean {
	return status === 404 && refusal.errors.some((error) => /no (calls|users) found/i.test(error));
}

/** Whether a refusal means that the cursor is too old (recorded from live traffic); it stays so. */
export function saysCursorExpired(status: number, refusal: GongRefusal): boolean {
	return status === 400 && refusal.errors.some((error) => /cursor has expired/i.test(error));
}

function readPage<T>(
	text: string,
	key: string,
	read: (entry: Record<string, unknown>) => T,
): Page<T> {
	const body = parse(text);
	if (!isRecord(body) || !Array.isArray(body[key])) {
		throw new UnexpectedAnswer(`it has no list of ${key}`);
	}
	const records = recordsOf(body);
	const total = countAt(records, 'totalRecords');
	const pages = Math.ceil((total ?? NaN) / Number(records.currentPageSize));
	return {
		entries: listAt(body, key).map(read),
		cursor: cursorOf(body, records),
		total,
		pages: Number.isFinite(pages) ? pages : undefined,
	};
}

function recordsOf(body: Record<string, unknown>): Record<string, unknown> {
	const records = body.records ?? {};
	if (!isRecord(records)) {
		throw new UnexpectedAnswer(`its records are ${kindOf(records)}, not an object`);
	}
	return records;
}

/**
 * Where the next page begins; undefined on the last. Gong documents a text in `records`. A cursor in another
 * place or of another type still says that there is more, so the listing must not end there.
 */
function cursorOf(
	body: Record<string, unknown>,
	records: Record<string, unknown>,
): string | undefined {
	const cursors = [records, body].flatMap((record) => {
		const cursor = Object.hasOwn(record, 'cursor') ? (record.cursor ?? '') : '';
		if (typeof cursor === 'string') return cursor.trim() === '' ? [] : [cursor];
		if (Number.isSafeInteger(cursor)) return [String(cursor)];
		throw new UnexpectedAnswer(`its cursor is ${kindOf(cursor)}, not text`);
	});
	if (new Set(cursors).size > 1) throw new UnexpectedAnswer('it has two cursors that differ');
	return cursors[0];
}

/** How many of something there are; undefined where that is not told. */
function countAt(record: Record<string, unknown>, key: string): number | undefined {
	const value = Object.hasOwn(record, key) ? record[key] : undefined;
	const count = typeof value === 'string' && /^[0-9]+$/.test(value) ? Number(value) : value;
	return Number.isSafeInteger(count) && Number(count) >= 0 ? Number(count) : undefined;
}

/** A text that is not empty; null for everything else. */
function textAt(record: Record<string, unknown>, key: string): string | null {
	const value = Object.hasOwn(record, key) ? record[key] : null;
	return typeof value === 'string' && value.trim() !== '' ? value : null;
}

/**
 * Reads the answer of status 200 to {@link readAccessRequest}.
 *
 * Gong marks no field of it as required: a call without such users may come with an empty list, with no
 * list, or not at all (our assumption; all three are read as nobody).
 *
 * @param text the body as it came
 * @param asked the call IDs that were asked for; each is in the result
 * @throws {UnexpectedAnswer} when the text is not JSON or not of the documented shape
 */
export function readAccessAnswer(text: string, asked: readonly string[]): AccessAnswer {
	const body = parse(text);
	if (body === undefined) {
		throw new UnexpectedAnswer(text.trim() === '' ? 'it is empty' : 'it is not whole JSON');
	}
	if (!isRecord(body)) throw new UnexpectedAnswer(`it is ${kindOf(body)}, not an object`);
	if (body.requestId === undefined && body.callAccessList === undefined) {
		throw new UnexpectedAnswer('it has neither a requestId nor a callAccessList');
	}
	refuseErrors(body);
	if (cursorOf(body, recordsOf(body)) !== undefined) {
		throw new UnexpectedAnswer('it is only the first page of a longer list');
	}
	const listed = new Map<string, Set<string>>();
	for (const entry of listAt(body, 'callAccessList')) {
		const callId = idAt(entry, 'callId');
		const users = listed.get(callId) ?? new Set<string>();
		for (const user of listAt(entry, 'users')) users.add(idAt(user, 'userId'));
		listed.set(callId, users);
	}
	const access: AccessByCall = new Map();
	for (const callId of asked) access.set(callId, [...(listed.get(callId) ?? [])]);

	const missing = asked.find((callId) => !listed.has(callId));
	const stranger = [...listed.keys()].find((callId) => !access.has(callId));
	// A call left out has no such users, unless the answer speaks of another call in its place.
	if (missing !== undefined && stranger !== undefined) {
		throw new UnexpectedAnswer(`it names call ${shown(stranger)}, which was not asked for`);
	}
	return { requestId: requestIdOf(body), access };
}

/** What Gong says in an answer of another status than 200. */
export interface GongRefusal {
	requestId: string | null;
	errors: string[];
}

// A refusal of Gong's has one short line; what stands in the way of Gong may have any number.
const MOST_ERRORS = 20;
const LONGEST_ERROR = 500;
const LONGEST_REQUEST_ID = 100;

/**
 * Reads `requestId` and `errors` of a refusal; an answer without them gives null and an empty list.
 * @param redact takes secrets out of a text, before any of it is cut off
 */
export function readRefusal(
	text: string,
	redact: (text: string) => string = (same) => same,
): GongRefusal {
	const body = parse(text);
	return isRecord(body) ? refusalIn(body, redact) : { requestId: null, errors: [] };
}

function refusalIn(
	body: Record<string, unknown>,
	redact: (text: string) => string = (same) => same,
): GongRefusal {
	const all = Array.isArray(body.errors) ? body.errors : [];
	const told = all.filter((error): error is string => typeof error === 'string');
	const errors = told.slice(0, MOST_ERRORS).map((error) => plain(redact(error), LONGEST_ERROR));
	if (told.length > MOST_ERRORS) errors.push(`and ${told.length - MOST_ERRORS} more`);
	return { requestId: requestIdOf(body), errors };
}

/**
 * Whether a 400 means that Gong does not know one or more of the calls.
 * Gong does not say which (recorded from live traffic; not in its documentation).
 */
export function saysUnknownCalls(status: number, refusal: GongRefusal): boolean {
	return status === 400 && refusal.errors.some((error) => /calls? not found/i.test(error));
}

/** The scope that a 401 or 403 says is missing, or undefined (the wording was recorded from live traffic). */
export function missingScope(refusal: GongRefusal): string | undefined {
	for (const error of refusal.errors) {
		const scope = /permission to use '([a-z:-]+)'/i.exec(error);
		if (scope) return scope[1];
	}
	return undefined;
}

/** @throws {UnexpectedAnswer} for an answer of status 200 that says all the same what went wrong */
function refuseErrors(body: Record<string, unknown>): void {
	const { errors } = body;
	const isNone = (error: unknown): boolean => error === null || error === undefined || error === '';
	if (Array.isArray(errors) ? errors.every(isNone) : isNone(errors)) return;
	throw new UnexpectedAnswer(`it says ${shown(errors)}`);
}

/** Whether a body begins as JSON and is not whole. */
export function isCutOff(text: string): boolean {
	return text.trimStart().startsWith('{') && parse(text) === undefined;
}

/** The value of a JSON text; undefined for anything else. */
function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list; a missing list and empty entries are nothing, anything else is refused. */
function listAt(record: Record<string, unknown>, key: string): Array<Record<string, unknown>> {
	const list = Object.hasOwn(record, key) ? (record[key] ?? []) : [];
	if (!Array.isArray(list)) throw new UnexpectedAnswer(`its ${key} is ${kindOf(list)}, not a list`);
	const entries = list.filter((entry) => entry !== null);
	if (!entries.every(isRecord)) {
		throw new UnexpectedAnswer(`its ${key} has an entry that is not an object`);
	}
	return entries;
}

function idAt(record: Record<string, unknown>, key: string): string {
	const id = Object.hasOwn(record, key) ? record[key] : undefined;
	if (typeof id === 'string' && id !== '') return id;
	// A number may have lost digits on the way; only one that cannot have is an ID.
	if (Number.isSafeInteger(id)) return String(id);
	throw new UnexpectedAnswer(`it has an entry whose ${key} is ${kindOf(id)}`);
}

function requestIdOf(body: Record<string, unknown>): string | null {
	const { requestId } = body;
	return typeof requestId === 'string' ? plain(requestId, LONGEST_REQUEST_ID) || null : null;
}

function kindOf(value: unknown): string {
	if (value === undefined) return 'missing';
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'a list';
	if (typeof value === 'string') return value === '' ? 'empty' : 'text';
	if (typeof value === 'number') return 'a number that may have lost digits';
	return typeof value === 'boolean' ? 'true or false' : 'an object';
}
