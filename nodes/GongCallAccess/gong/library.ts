import type { Result } from '../failure';
import type { RunAbort } from '../transport/abort';
import type { GongClient } from '../transport/client';
import type { GongRequest } from '../transport/request';
import { overlapping } from './overlapping';
import { idAt, optionalIdAt, textAt } from './response';
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
	const path = '/v2/library/folders';
	return { method: 'GET', path, query: { workspaceId }, scope: SCOPE };
}

/** The calls in a folder. */
export function folderContentRequest(folderId: string): GongRequest {
	const path = '/v2/library/folder-content';
	return { method: 'GET', path, query: { folderId }, scope: SCOPE };
}

/** Reads which public folders hold which calls: a request for each folder. */
export async function readFolders(
	client: GongClient,
	workspaceId: string,
	abort: RunAbort,
): Promise<Result<WorkspaceFolders>> {
	const listed = await readWholeList(
		client,
		listFoldersRequest(workspaceId),
		'folders',
		(entry) => ({
			id: idAt(entry, 'id'),
			name: textAt(entry, 'name'),
			parentId: optionalIdAt(entry, 'parentFolderId'),
		}),
		{ ifNothingFound: 'empty' },
	);
	if (!listed.ok) return listed;
	const { isGiven } = listed.value;
	const entries = nested(listed.value.entries);
	const contents = await overlapping(
		entries,
		async ({ id }, ofOne) =>
			await readWholeList(client, folderContentRequest(id), 'calls', (call) => idAt(call, 'id'), {
				...ofOne,
				ifNothingFound: 'empty',
			}),
		abort,
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

/** Folders with those that each is in. The chains may have gaps, and circles: each ends where a folder comes again. */
function nested(
	folders: Array<{ id: string; name: string | null; parentId: string | null }>,
): Folder[] {
	const parentOf = new Map(folders.map(({ id, parentId }) => [id, parentId]));
	return folders.map(({ id, name, parentId }) => {
		const above = new Set<string>();
		for (
			let next = parentId;
			next !== null && next !== id && !above.has(next);
			next = parentOf.get(next) ?? null
		) {
			above.add(next);
		}
		return { id, name, above: [...above] };
	});
}
