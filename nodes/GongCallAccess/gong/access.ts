import * as shape from '../messages/shapeMessages';
import { isRecord, parseJson } from '../transport/json';
import { requestIdIn } from '../transport/refusal';
import type { GongRequest } from '../transport/request';
import type { CallsEndpoint } from './callRequests';
import { withoutZeros } from './zeros';
import {
	cursorOf,
	idAt,
	listAt,
	readObject,
	recordsOf,
	refuseErrors,
	unexpectedResponse,
} from './response';

// Source: Gong's documentation of `/v2/calls/users-access` (help.gong.io), unless a line says otherwise.
const ACCESS_PATH = '/v2/calls/users-access';

/** Who was given access to each call through the API; nobody is an empty list. */
export type AccessByCall = Map<string, string[]>;

/**
 * Individual access to give or to take: for each call its users, in parts that can be sent by themselves if Gong
 * refuses the whole, such as the users of each input item. Parts of one name have the same users in every call.
 */
export type AccessChange = Map<string, Map<string, string[]>>;

/** Reads the users of each call. */
export const READ_ACCESS: CallsEndpoint<string[]> = {
	request: readAccessRequest,
	read(text, callIds) {
		const { requestId, access } = readAccessResponse(text, callIds);
		return { requestId, values: access };
	},
};

/** Gives (PUT) or takes (DELETE) access. Each request carries some of the calls of `change`. */
export function changeAccess(method: 'PUT' | 'DELETE', change: AccessChange): CallsEndpoint<true> {
	return {
		request(callIds, parts) {
			const usersOf = (callId: string): string[] => {
				const all = change.get(callId) ?? new Map<string, string[]>();
				const names = parts?.get(callId) ?? [...all.keys()];
				return [...new Set(names.flatMap((name) => all.get(name) ?? []))];
			};
			return changeAccessRequest(method, new Map(callIds.map((id) => [id, usersOf(id)])));
		},
		partsOf: (callId) => [...(change.get(callId)?.keys() ?? [])],
		read(text, callIds) {
			return {
				requestId: readChangeResponse(text),
				values: new Map(callIds.map((callId) => [callId, true] as const)),
			};
		},
	};
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

/**
 * The request that gives (PUT) or takes (DELETE, with the same body) individual access.
 * Both may be repeated safely: a PUT has no effect for who has access already, a DELETE takes only what
 * the API gave.
 */
export function changeAccessRequest(
	method: 'PUT' | 'DELETE',
	usersOf: Map<string, string[]>,
): GongRequest {
	const callAccessList = [...usersOf].map(([callId, userIds]) => ({ callId, userIds }));
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
 * @throws {FailureError} when it is not of the documented shape
 */
export function readChangeResponse(text: string): string | null {
	const body = parseJson(text);
	if (!isRecord(body) || requestIdIn(body) === null) {
		throw unexpectedResponse(shape.UNCONFIRMED_CHANGE);
	}
	refuseErrors(body);
	return requestIdIn(body);
}

/**
 * Reads the answer of status 200 to {@link readAccessRequest}.
 *
 * Gong marks no field of it as required: a call without such users may come with an empty list, with no
 * list, or not at all (our assumption; all three are read as nobody). A call that was asked for with zeros before
 * its ID may come without them: what Gong lists for a number counts for each of its spellings that is not listed.
 *
 * @param text the body as it came
 * @param asked the call IDs that were asked for; each is in the result
 * @throws {FailureError} when the text is not JSON or not of the documented shape
 */
export function readAccessResponse(
	text: string,
	asked: readonly string[],
): { requestId: string | null; access: AccessByCall } {
	const body = readObject(text);
	if (body.requestId === undefined && body.callAccessList === undefined) {
		throw unexpectedResponse(shape.NEITHER_ID_NOR_LIST);
	}
	refuseErrors(body);
	if (cursorOf(body, recordsOf(body)) !== undefined) {
		throw unexpectedResponse(shape.ONLY_FIRST_PAGE);
	}
	const listed = new Map<string, Set<string>>();
	for (const entry of listAt(body, 'callAccessList')) {
		const callId = idAt(entry, 'callId');
		const users = listed.get(callId) ?? new Set<string>();
		for (const user of listAt(entry, 'users')) users.add(idAt(user, 'userId'));
		listed.set(callId, users);
	}
	const numbers = new Map<string, Set<string>>();
	for (const [callId, users] of listed) {
		const known = numbers.get(withoutZeros(callId));
		numbers.set(withoutZeros(callId), known ? new Set([...known, ...users]) : users);
	}
	const usersOf = (callId: string): Iterable<string> =>
		listed.get(callId) ?? numbers.get(withoutZeros(callId)) ?? [];
	const access: AccessByCall = new Map(asked.map((callId) => [callId, [...usersOf(callId)]]));

	const known = new Set(asked.map(withoutZeros));
	const missing = asked.find((callId) => !numbers.has(withoutZeros(callId)));
	const stranger = [...listed.keys()].find((callId) => !known.has(withoutZeros(callId)));
	// A call that is left out has no such users, unless another call stands in its place.
	if (missing !== undefined && stranger !== undefined) {
		throw unexpectedResponse(shape.foreignCall(stranger));
	}
	return { requestId: requestIdIn(body), access };
}
