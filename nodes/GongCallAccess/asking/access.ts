import type { AccessChange } from '../gong/api';
import {
	changeAccessRequest,
	readAccessAnswer,
	readAccessRequest,
	readChangeAnswer,
} from '../gong/api';
import type { CallsRequest } from './byCall';

/** Reads the users of each call. */
export const READ_ACCESS: CallsRequest<string[]> = {
	request: readAccessRequest,
	read(text, callIds) {
		const { requestId, access } = readAccessAnswer(text, callIds);
		return { requestId, values: access };
	},
};

/** Gives (PUT) or takes (DELETE) the access of `change`, of which each request carries a part. */
export function changeAccess(method: 'PUT' | 'DELETE', change: AccessChange): CallsRequest<true> {
	return {
		request(callIds) {
			const part = new Map(callIds.map((callId) => [callId, change.get(callId) ?? []]));
			return changeAccessRequest(method, part);
		},
		read(text, callIds) {
			return {
				requestId: readChangeAnswer(text),
				values: new Map(callIds.map((callId) => [callId, true] as const)),
			};
		},
	};
}
