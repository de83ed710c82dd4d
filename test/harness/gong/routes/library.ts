import type { FastifyInstance } from 'fastify';
import { SCOPES } from '../accounts';
import { refuse, succeed } from '../respond';
import { schemas } from '../schemas';
import type { GongState } from '../state';

const NO_FOLDERS = 'No folders found corresponding to the provided filters';

/** Public library folders and the calls in them; neither listing has pages. */
export function libraryRoutes(app: FastifyInstance, state: GongState): void {
	app.route<{ Querystring: { workspaceId?: string } }>({
		method: 'GET',
		url: '/v2/library/folders',
		config: { scope: SCOPES.readLibrary },
		schema: { querystring: schemas.listFolders },
		handler: async (request, reply) => {
			const { workspaceId } = request.query;
			const folders = [...state.folders.values()]
				.filter((one) => workspaceId === undefined || one.workspaceId === workspaceId)
				.map(({ folder }) => folder);
			if (folders.length === 0) return await refuse(request, reply, 404, [NO_FOLDERS]);
			return await succeed(request, reply, { folders });
		},
	});

	app.route<{ Querystring: { folderId: string } }>({
		method: 'GET',
		url: '/v2/library/folder-content',
		config: { scope: SCOPES.readLibrary },
		schema: { querystring: schemas.showFolder },
		handler: async (request, reply) => {
			const found = state.folders.get(request.query.folderId);
			if (!found) return await refuse(request, reply, 404, [NO_FOLDERS]);
			const { id, name, createdBy, updated } = found.folder;
			return await succeed(request, reply, { id, name, createdBy, updated, calls: found.calls });
		},
	});
}
