import type { Result } from '../failure';
import type { GongClient } from '../transport/client';
import type { GongRequest } from '../transport/request';
import { idAt, textAt } from './response';
import type { WholeList } from './wholeList';
import { readWholeList } from './wholeList';

/** A workspace of a company. */
export interface GongWorkspace {
	id: string;
	name: string | null;
}

/** The workspaces of a company; Gong lists them without pages. */
export function listWorkspacesRequest(): GongRequest {
	return { method: 'GET', path: '/v2/workspaces', scope: 'api:workspaces:read' };
}

/** Reads the workspaces of a company. */
export async function readWorkspaces(
	client: GongClient,
): Promise<Result<WholeList<GongWorkspace>>> {
	return await readWholeList(client, listWorkspacesRequest(), 'workspaces', (entry) => ({
		id: idAt(entry, 'id'),
		name: textAt(entry, 'name'),
	}));
}
