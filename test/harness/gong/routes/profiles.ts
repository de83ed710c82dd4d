import type { FastifyInstance } from 'fastify';
import { SCOPES } from '../accounts';
import { refuse, succeed } from '../respond';
import { schemas } from '../schemas';
import type { GongState } from '../state';

/** Workspaces, and the permission profiles in them; none of these listings has pages. */
export function profilesRoutes(app: FastifyInstance, state: GongState): void {
	app.route({
		method: 'GET',
		url: '/v2/workspaces',
		config: { scope: SCOPES.readWorkspaces, missingScope: 403 },
		schema: { querystring: schemas.noQuery },
		handler: async (request, reply) =>
			await succeed(request, reply, { workspaces: [...state.workspaces.values()] }),
	});

	app.route<{ Querystring: { workspaceId: string } }>({
		method: 'GET',
		url: '/v2/all-permission-profiles',
		config: { scope: SCOPES.readProfiles },
		schema: { querystring: schemas.listProfiles },
		handler: async (request, reply) => {
			const { workspaceId } = request.query;
			// What Gong says of a workspace that it does not know was seen by nobody.
			if (!state.workspaces.has(workspaceId)) {
				return await refuse(request, reply, 400, ['Workspace not found']);
			}
			const profiles = [...state.profiles.values()]
				.filter((one) => one.workspaceId === workspaceId)
				.map(({ profile }) => profile)
				.sort((a, b) => a.name.localeCompare(b.name, 'en'));
			return await succeed(request, reply, { profiles });
		},
	});

	app.route<{ Querystring: { profileId: string } }>({
		method: 'GET',
		url: '/v2/permission-profile/users',
		config: { scope: SCOPES.readUsers },
		schema: { querystring: schemas.listProfileUsers },
		handler: async (request, reply) => {
			const found = state.profiles.get(request.query.profileId);
			if (!found) return await refuse(request, reply, 400, ['Permission profile not found']);
			const users = found.userIds.flatMap((id) => {
				const user = state.users.get(id);
				if (!user) return [];
				const fullName = [user.firstName, user.lastName].filter(Boolean).join(' ');
				return [{ id, fullName, emailAddress: user.emailAddress }];
			});
			return await succeed(request, reply, { users });
		},
	});
}
