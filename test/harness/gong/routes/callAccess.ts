import type { FastifyInstance } from 'fastify';
import { SCOPES } from '../accounts';
import type { Assumptions } from '../assumptions';
import { refuse, succeed } from '../respond';
import { schemas } from '../schemas';
import type { GongState } from '../state';

/** What the call access routes need to know. */
export interface CallAccessSetup {
	state: GongState;
	assumptions: Assumptions;
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

function listAccess({ state, assumptions }: CallAccessSetup, callIds: string[]): AccessEntry[] {
	const style = assumptions.callWithoutUsers;
	const list: AccessEntry[] = [];
	// Gong promises no order, so it is not the one that was asked in.
	for (const callId of [...callIds].sort()) {
		const users = [...(state.apiAccess.get(callId) ?? [])].map((userId) => ({ userId }));
		if (users.length > 0 || style === 'empty') list.push({ callId, users });
		else if (style === 'noUsers') list.push({ callId });
	}
	return list;
}

/** Why Gong would refuse these calls and users, or null. */
function reasonToRefuse(
	{ state, assumptions }: CallAccessSetup,
	method: 'POST' | 'PUT' | 'DELETE',
	callIds: string[],
	userIds: string[],
): string | null {
	const { maxCallsPerRequest, unknownCallInDelete, unknownUser } = assumptions;
	if (callIds.length > maxCallsPerRequest) {
		return `Too many calls in one request: ${callIds.length}, at most ${maxCallsPerRequest}`;
	}
	const takesUnknownCalls = method === 'DELETE' && unknownCallInDelete === 'accepted';
	if (!takesUnknownCalls && callIds.some((id) => !state.knows(id, 'access'))) return UNKNOWN_CALL;
	if (unknownUser === 'accepted' || userIds.every((id) => state.users.has(id))) return null;
	return unknownUser.refusedWith;
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
			const reason = reasonToRefuse(setup, 'POST', callIds, []);
			if (reason !== null) return await refuse(request, reply, 400, [reason]);
			return await succeed(request, reply, { callAccessList: listAccess(setup, callIds) });
		},
	});

	const change = {
		PUT: (callId: string, userId: string) => {
			// Accepted or not, nobody can be given access whom Gong does not know.
			if (!state.users.has(userId)) return;
			state.grant(callId, userId, setup.assumptions.grantWithoutEffect === 'listed');
		},
		DELETE: (callId: string, userId: string) => state.revoke(callId, userId),
	};
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
				const reason = reasonToRefuse(setup, method, callIds, userIds);
				// All or nothing: one unknown call, and none is written.
				if (reason !== null) return await refuse(request, reply, 400, [reason]);
				for (const entry of list) {
					for (const userId of entry.userIds) change[method](entry.callId, userId);
				}
				return await succeed(request, reply);
			},
		});
	}
}
