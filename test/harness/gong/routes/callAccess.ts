import type { FastifyInstance } from 'fastify';
import { SCOPES } from '../accounts';
import { refuse, succeed } from '../respond';
import { schemas } from '../schemas';
import type { GongState } from '../state';

/** How a call without API-given users is answered; which of them Gong does is not known. */
export type AccessStyle =
	/** With `users: []`. */
	| 'empty'
	/** Without `users`. */
	| 'noUsers'
	/** Not at all. */
	| 'noEntry';

/** What the call access routes need to know. */
export interface CallAccessSetup {
	state: GongState;
	accessStyle: AccessStyle;
	maxCallsPerRequest: number;
}

interface AccessEntry {
	callId: string;
	users?: { userId: string }[];
}

interface AccessChange {
	callAccessList: { callId: string; userIds: string[] }[];
}

const PATH = '/v2/calls/users-access';

/** What Gong says of a call that it does not know; which one it keeps to itself. */
const UNKNOWN_CALL = 'Some calls not found';
const UNKNOWN_USER = 'Some users not found';

function listAccess({ state, accessStyle }: CallAccessSetup, callIds: string[]): AccessEntry[] {
	const list: AccessEntry[] = [];
	// Gong promises no order, so it is not the one that was asked in.
	for (const callId of [...callIds].sort()) {
		const users = [...(state.apiAccess.get(callId) ?? [])].map((userId) => ({ userId }));
		if (users.length > 0 || accessStyle === 'empty') list.push({ callId, users });
		else if (accessStyle === 'noUsers') list.push({ callId });
	}
	return list;
}

/** Why Gong would refuse these calls and users, or null. */
function reasonToRefuse(
	{ state, maxCallsPerRequest }: CallAccessSetup,
	callIds: string[],
	userIds: string[],
): string | null {
	if (callIds.length > maxCallsPerRequest) {
		return `Too many calls in one request: ${callIds.length}, at most ${maxCallsPerRequest}`;
	}
	if (callIds.some((id) => !state.calls.has(id))) return UNKNOWN_CALL;
	if (userIds.some((id) => !state.users.has(id))) return UNKNOWN_USER;
	return null;
}

/** The endpoint that this project exists for: who was given access to which calls. */
export function callAccessRoutes(app: FastifyInstance, setup: CallAccessSetup): void {
	const { state } = setup;

	app.route<{ Body: { filter: { callIds: string[] } } }>({
		method: 'POST',
		url: PATH,
		config: { scope: SCOPES.readAccess },
		schema: { body: schemas.getCallAccess, querystring: schemas.noQuery },
		handler: async (request, reply) => {
			const { callIds } = request.body.filter;
			const reason = reasonToRefuse(setup, callIds, []);
			if (reason !== null) return await refuse(request, reply, 400, [reason]);
			return await succeed(request, reply, { callAccessList: listAccess(setup, callIds) });
		},
	});

	const changes = { PUT: 'grant', DELETE: 'revoke' } as const;
	for (const method of ['PUT', 'DELETE'] as const) {
		app.route<{ Body: AccessChange }>({
			method,
			url: PATH,
			config: { scope: SCOPES.writeAccess },
			schema: { body: schemas.changeCallAccess, querystring: schemas.noQuery },
			handler: async (request, reply) => {
				const list = request.body.callAccessList;
				const callIds = list.map(({ callId }) => callId);
				const userIds = list.flatMap((entry) => entry.userIds);
				const reason = reasonToRefuse(setup, callIds, userIds);
				// All or nothing: one unknown call, and none is written.
				if (reason !== null) return await refuse(request, reply, 400, [reason]);
				for (const entry of list) {
					for (const userId of entry.userIds) state[changes[method]](entry.callId, userId);
				}
				return await succeed(request, reply);
			},
		});
	}
}
