/** Workspaces, permission profiles and library folders: what decides who sees a call besides its grants. */

/** A workspace, with the fields that Gong gives of it. */
export interface GongWorkspace {
	id: string;
	name: string;
	description: string;
}

/** How much a permission profile opens; `managers-team` with `teamLeadIds` means the teams of these people. */
export interface ProfileAccess {
	permissionLevel: 'all' | 'managers-team' | 'report-to-them' | 'own' | 'none';
	teamLeadIds?: string[];
}

/** Which library folders a permission profile opens. */
export interface ProfileFolders {
	permissionLevel: 'all' | 'specific-folders' | 'none';
	libraryFolderIds?: string[];
}

/** A permission profile, with those of Gong's fields that say who sees a call. */
export interface GongProfile {
	id: string;
	name: string;
	description: string;
	callsAccess: ProfileAccess;
	libraryFolderAccess: ProfileFolders;
	callsAndSearch: boolean;
	library: boolean;
	/** Whether people may set their own calls private. */
	privateCalls: boolean;
}

/** A permission profile, with the workspace that it is of and the users who have it. */
export interface ProfileOfWorkspace {
	profile: GongProfile;
	workspaceId: string;
	userIds: string[];
}

/** A public library folder, with the fields that Gong gives of it. */
export interface GongFolder {
	id: string;
	name: string;
	parentFolderId: string | null;
	createdBy: string | null;
	updated: string;
}

/** A call in a library folder. */
export interface GongLibraryCall {
	id: string;
	title: string | null;
	note: string | null;
	addedBy: string | null;
	created: string;
	url: string;
}

/** A library folder, with the workspace that it is of and the calls in it. */
export interface FolderOfWorkspace {
	folder: GongFolder;
	workspaceId: string;
	calls: GongLibraryCall[];
}

/** The part of a company's data that says who sees a call besides its grants. */
export interface CompanyRules {
	workspaces: GongWorkspace[];
	profiles: ProfileOfWorkspace[];
	folders: FolderOfWorkspace[];
}

/** A workspace: just the ID, or more. */
export type WorkspaceInput = string | (Partial<GongWorkspace> & { id: string });

/** A permission profile as briefly as a test wants to say it; it opens every call unless it says otherwise. */
export interface ProfileInput extends Partial<GongProfile> {
	id: string;
	/** Default: the one that calls are in by default. */
	workspaceId?: string;
	/** IDs of the users who have it. */
	users?: string[];
}

/** A public library folder as briefly as a test wants to say it. */
export interface FolderInput extends Partial<GongFolder> {
	id: string;
	/** Default: the one that calls are in by default. */
	workspaceId?: string;
	/** IDs of the calls in it. */
	calls?: string[];
}

/** The workspace that everything is in unless it says otherwise. */
export const DEFAULT_WORKSPACE_ID = '623457276584334';

const FOLDER_TIME = '2024-03-04T10:00:00Z';

function makeProfile(input: ProfileInput): ProfileOfWorkspace {
	const { users: userIds = [], workspaceId = DEFAULT_WORKSPACE_ID, ...given } = input;
	return {
		profile: {
			name: `Profile ${input.id}`,
			description: '',
			callsAccess: { permissionLevel: 'all' },
			libraryFolderAccess: { permissionLevel: 'all' },
			callsAndSearch: true,
			library: true,
			privateCalls: true,
			...given,
		},
		workspaceId,
		userIds,
	};
}

function makeFolder(input: FolderInput, titles: Map<string, string | null>): FolderOfWorkspace {
	const { calls = [], workspaceId = DEFAULT_WORKSPACE_ID, ...given } = input;
	const folder = {
		name: `Folder ${input.id}`,
		parentFolderId: null,
		createdBy: null,
		updated: FOLDER_TIME,
		...given,
	};
	const inFolder = calls.map((id) => ({
		id,
		title: titles.get(id) ?? null,
		note: null,
		addedBy: folder.createdBy,
		created: folder.updated,
		url: `https://app.gong.io/call?id=${id}`,
	}));
	return { folder, workspaceId, calls: inFolder };
}

/** The rules of a company; workspaces that are only named by something in them are made up. */
export function makeCompanyRules(
	input: { workspaces?: WorkspaceInput[]; profiles?: ProfileInput[]; folders?: FolderInput[] },
	calls: { id: string; title: string | null; workspaceId: string }[],
): CompanyRules {
	const titles = new Map(calls.map(({ id, title }) => [id, title]));
	const profiles = (input.profiles ?? []).map(makeProfile);
	const folders = (input.folders ?? []).map((folder) => makeFolder(folder, titles));
	const workspaces = new Map<string, GongWorkspace>();
	const add = (given: Partial<GongWorkspace> & { id: string }): void => {
		if (workspaces.has(given.id)) return;
		const name = `Workspace ${workspaces.size + 1}`;
		workspaces.set(given.id, { name, description: '', ...given });
	};
	for (const one of input.workspaces ?? []) add(typeof one === 'string' ? { id: one } : one);
	if (workspaces.size === 0) add({ id: DEFAULT_WORKSPACE_ID });
	for (const { workspaceId } of [...calls, ...profiles, ...folders]) add({ id: workspaceId });
	return { workspaces: [...workspaces.values()], profiles, folders };
}
