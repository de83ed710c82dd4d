import type { Result } from '../failure';
import type { GongClient, Needless } from '../transport/client';
import type { GongRequest } from '../transport/request';
import { overlapping } from './overlapping';
import { idAt, textAt } from './response';
import type { Folder } from './ways';
import { readWholeList } from './wholeList';

/** A public folder that holds a call. */
export interface FolderOfCall extends Folder {
	/** Of the answer that says so. */
	requestId: string | null;
}

/** The public folders of a workspace's library. */
export interface WorkspaceFolders {
	/** By the calls that they hold. */
	byCall: Map<string, FolderOfCall[]>;
	/** False where Gong's answer leaves the list of folders out. */
	areGiven: boolean;
	/** The folders of which Gong does not say which calls they hold. */
	withoutContent: Folder[];
}

const SCOPE = 'api:library:read';

/** The public folders of a workspace; Gong names no others. */
export function listFoldersRequest(workspaceId: string): GongRequest {
	return { method: 'GET', path: '/v2/library/folders', query: { workspaceId }, scope: SCOPE };
}

/** The calls in a folder. */
export function folderContentRequest(folderId: string): GongRequest {
	return { method: 'GET', path: '/v2/library/folder-content', query: { folderId }, scope: SCOPE };
}

/**
 * Reads which public folders hold which calls: a request for each folder.
 * @param needless what makes them needless
 */
export async function readFolders(
	client: GongClient,
	workspaceId: string,
	needless: Needless,
): Promise<Result<WorkspaceFolders>> {
	const listed = await readWholeList(
		client,
		listFoldersRequest(workspaceId),
		'folders',
		(entry): Folder => ({ id: idAt(entry, 'id'), name: textAt(entry, 'name') }),
		{ needless, ifNothingFound: 'empty' },
	);
	if (!listed.ok) return listed;
	const { entries, isGiven } = listed.value;
	const contents = await overlapping(
		entries,
		async ({ id }, options) =>
			await readWholeList(client, folderContentRequest(id), 'calls', (call) => idAt(call, 'id'), {
				...options,
				ifNothingFound: 'empty',
			}),
		needless,
	);
	if (!contents.ok) return contents;
	const byCall: WorkspaceFolders['byCall'] = new Map();
	for (const [place, folder] of entries.entries()) {
		const { entries: callIds, requestId } = contents.value[place];
		for (const callId of callIds) {
			byCall.set(callId, [...(byCall.get(callId) ?? []), { ...folder, requestId }]);
		}
	}
	const withoutContent = entries.filter((_, place) => !contents.value[place].isGiven);
	return { ok: true, value: { byCall, areGiven: isGiven, withoutContent } };
}
