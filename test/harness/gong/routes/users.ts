import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { SCOPES } from '../accounts';
import type { GongUser } from '../data';
import type { Pager } from '../paging';
import { refuse, succeed } from '../respond';
import { schemas } from '../schemas';
import type { GongState } from '../state';

/** What the user routes need to know. */
export interface UsersSetup {
	state: GongState;
	pager: Pager;
}

interface UsersFilter {
	userIds?: string[];
	includeAvatars?: boolean;
	createdFromDateTime?: string;
	createdToDateTime?: string;
}

function createdWithin(user: GongUser, filter: UsersFilter): boolean {
	const { createdFromDateTime: from, createdToDateTime: to } = filter;
	if (from === undefined && to === undefined) return true;
	if (user.created === null) return false;
	const created = Date.parse(user.created);
	return (
		(from === undefined || created >= Date.parse(from)) &&
		(to === undefined || created < Date.parse(to))
	);
}

function findUsers(state: GongState, filter: UsersFilter): GongUser[] {
	const wanted = filter.userIds && new Set(filter.userIds);
	return [...state.users.values()].filter(
		(user) =>
			(wanted?.has(user.id) ?? true) &&
			(filter.includeAvatars === true || !state.avatars.has(user.id)) &&
			createdWithin(user, filter),
	);
}

async function sendUsers(
	request: FastifyRequest,
	reply: FastifyReply,
	{ state, pager }: UsersSetup,
	filter: UsersFilter,
	cursor: string | undefined,
): Promise<FastifyReply> {
	const users = findUsers(state, filter);
	const asked = `${request.exchange.entry.path} ${JSON.stringify(filter)}`;
	const page = pager.page(users, asked, cursor);
	if (typeof page === 'string') return await refuse(request, reply, 400, [page]);
	if (page.items.length === 0) {
		const words = 'No users found corresponding to the provided filters';
		return await refuse(request, reply, 404, [words]);
	}
	return await succeed(request, reply, { records: page.records, users: page.items });
}

/** The company's users. */
export function usersRoutes(app: FastifyInstance, setup: UsersSetup): void {
	app.route<{ Querystring: { cursor?: string; includeAvatars?: 'true' | 'false' } }>({
		method: 'GET',
		url: '/v2/users',
		config: { scope: SCOPES.readUsers, missingScope: 403 },
		schema: { querystring: schemas.listUsers },
		handler: async (request, reply) => {
			const { cursor, includeAvatars } = request.query;
			const filter = { includeAvatars: includeAvatars === 'true' };
			return await sendUsers(request, reply, setup, filter, cursor);
		},
	});

	app.route<{ Body: { filter: UsersFilter; cursor?: string } }>({
		method: 'POST',
		url: '/v2/users/extensive',
		config: { scope: SCOPES.readUsers },
		schema: { body: schemas.findUsers, querystring: schemas.noQuery },
		handler: async (request, reply) => {
			const { filter, cursor } = request.body;
			return await sendUsers(request, reply, setup, filter, cursor);
		},
	});
}
