import type { Result } from '../failure';
import type { RunAbort } from '../transport/abort';
import type { GongClient } from '../transport/client';
import { isRecord } from '../transport/json';
import type { GongRequest } from '../transport/request';
import { overlapping } from './overlapping';
import { idAt, idsAt, textAt } from './response';
import type { Profile } from './ways';
import { readWholeList } from './wholeList';

/** The permission profiles of a workspace and who has them. */
export interface WorkspaceProfiles {
	profiles: Profile[];
	/** False where Gong's answer leaves the list of them out. */
	areGiven: boolean;
	/** Of the answers that say so. */
	requestIds: Array<string | null>;
}

/** The permission profiles of a workspace. The scope was recorded from live traffic. */
export function listProfilesRequest(workspaceId: string): GongRequest {
	return {
		method: 'GET',
		path: '/v2/all-permission-profiles',
		query: { workspaceId },
		scope: 'api:permission-profile:read',
	};
}

/** The users who have a permission profile. */
export function listProfileUsersRequest(profileId: string): GongRequest {
	return {
		method: 'GET',
		path: '/v2/permission-profile/users',
		query: { profileId },
		scope: 'api:users:read',
	};
}

/** Reads the profiles of a workspace, and the users of each. */
export async function readProfiles(
	client: GongClient,
	workspaceId: string,
	abort: RunAbort,
): Promise<Result<WorkspaceProfiles>> {
	const listed = await readWholeList(
		client,
		listProfilesRequest(workspaceId),
		'profiles',
		profileIn,
	);
	if (!listed.ok) return listed;
	const { entries, isGiven, requestId } = listed.value;
	const users = await overlapping(
		entries,
		async ({ id }, ofOne) =>
			await readWholeList(
				client,
				listProfileUsersRequest(id),
				'users',
				(user) => idAt(user, 'id'),
				ofOne,
			),
		abort,
	);
	if (!users.ok) return users;
	const profiles = entries.map((profile, place) => ({
		...profile,
		userIds: new Set(users.value[place].entries),
		usersAreGiven: users.value[place].isGiven,
	}));
	return {
		ok: true,
		value: {
			profiles,
			areGiven: isGiven,
			requestIds: [requestId, ...users.value.map((list) => list.requestId)],
		},
	};
}

function profileIn(entry: Record<string, unknown>): Omit<Profile, 'userIds' | 'usersAreGiven'> {
	const calls = isRecord(entry.callsAccess) ? entry.callsAccess : {};
	const library = isRecord(entry.libraryFolderAccess) ? entry.libraryFolderAccess : {};
	return {
		id: idAt(entry, 'id'),
		name: textAt(entry, 'name'),
		level: textAt(calls, 'permissionLevel'),
		viewsCalls: typeof entry.callsAndSearch === 'boolean' ? entry.callsAndSearch : null,
		teamLeadIds: idsAt(calls, 'teamLeadIds'),
		folderLevel: textAt(library, 'permissionLevel'),
		folderIds: idsAt(library, 'libraryFolderIds'),
	};
}
