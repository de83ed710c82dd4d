import type { GongComment } from './commentData';
import {
	CALL_ENDPOINTS,
	type CallEndpoint,
	type GongCall,
	type GongData,
	type GongParty,
	type GongUser,
} from './data';
import type { LoggedEvent } from './playData';
import type { FolderOfWorkspace, GongWorkspace, ProfileOfWorkspace } from './rules';

/** Who has access to which call, as plain sorted data that two moments can be compared by. */
export interface AccessSnapshot {
	/** Call ID to the sorted IDs of users given access through this API; every call is named. */
	apiAccess: Record<string, string[]>;
	/** Call ID to the sorted IDs of users with access by a share or a profile; every call is named. */
	otherAccess: Record<string, string[]>;
}

/** What the local Gong knows at this moment. Tests may look into it and change it. */
export class GongState {
	readonly calls = new Map<string, GongCall>();
	readonly users = new Map<string, GongUser>();
	/** IDs of the users who are Gong's own staff in this company. */
	readonly avatars = new Set<string>();
	/** Call ID to the users that were given access through this API. */
	readonly apiAccess = new Map<string, Set<string>>();
	/** Call ID to the users with access by a share or a profile: never listed, never taken away. */
	readonly otherAccess = new Map<string, Set<string>>();
	/** Call ID to those who were invited or attended. */
	readonly parties = new Map<string, GongParty[]>();
	/** Call ID to its public comments. */
	readonly comments = new Map<string, GongComment[]>();
	/** Gong's own logs, of all types. */
	readonly logs: LoggedEvent[] = [];
	/** Call ID to the moments, in ms since 1970, from which endpoints know it; those left out always do. */
	readonly knownFrom = new Map<string, Partial<Record<CallEndpoint, number>>>();
	readonly workspaces = new Map<string, GongWorkspace>();
	/** By the ID of the profile. */
	readonly profiles = new Map<string, ProfileOfWorkspace>();
	/** Public library folders by their ID. */
	readonly folders = new Map<string, FolderOfWorkspace>();

	constructor(data: GongData) {
		this.load(data);
	}

	/** Replaces everything by this data, which itself stays untouched. */
	load(data: GongData): void {
		const { calls, users, apiAccess, otherAccess, parties, workspaces, profiles, folders } = this;
		for (const map of [calls, users, apiAccess, otherAccess]) map.clear();
		this.avatars.clear();
		for (const id of data.avatars) this.avatars.add(id);
		for (const map of [parties, workspaces, profiles, folders]) map.clear();
		for (const map of [this.comments, this.knownFrom]) map.clear();
		for (const call of data.calls) calls.set(call.id, { ...call });
		for (const user of data.users) users.set(user.id, { ...user });
		for (const [id, given] of Object.entries(data.apiAccess)) apiAccess.set(id, new Set(given));
		for (const [id, shared] of Object.entries(data.otherAccess)) {
			otherAccess.set(id, new Set(shared));
		}
		for (const [id, list] of Object.entries(data.parties)) {
			parties.set(
				id,
				list.map((party) => ({ ...party })),
			);
		}
		for (const [id, list] of Object.entries(data.comments)) {
			this.comments.set(id, structuredClone(list));
		}
		for (const [id, moments] of Object.entries(data.knownFrom)) {
			this.knownFrom.set(id, { ...moments });
		}
		this.logs.length = 0;
		for (const event of data.logs) this.logs.push(event);
		for (const workspace of data.workspaces) workspaces.set(workspace.id, { ...workspace });
		for (const one of data.profiles) profiles.set(one.profile.id, structuredClone(one));
		for (const one of data.folders) folders.set(one.folder.id, structuredClone(one));
	}

	/**
	 * Gives access, as PUT does: without effect where the user has access by any way.
	 * @param listed whether it is noted all the same
	 */
	grant(callId: string, userId: string, listed = false): void {
		if (!listed && this.otherAccess.get(callId)?.has(userId)) return;
		const given = this.apiAccess.get(callId) ?? new Set<string>();
		this.apiAccess.set(callId, given.add(userId));
	}

	/** Takes access away, as DELETE does: only what was given through this API. */
	revoke(callId: string, userId: string): void {
		this.apiAccess.get(callId)?.delete(userId);
	}

	/** Whether this endpoint knows the call at this moment. */
	knows(callId: string, endpoint: CallEndpoint): boolean {
		const from = this.knownFrom.get(callId)?.[endpoint] ?? -Infinity;
		return this.calls.has(callId) && Date.now() >= from;
	}

	/** Lets these endpoints know the call no more, as if it had been deleted; all of them unless some are named. */
	hideCall(callId: string, ...endpoints: CallEndpoint[]): void {
		const hidden = endpoints.length > 0 ? endpoints : CALL_ENDPOINTS;
		const never = Object.fromEntries(hidden.map((endpoint) => [endpoint, Infinity]));
		this.knownFrom.set(callId, { ...this.knownFrom.get(callId), ...never });
	}

	/** Who has access now, to be compared with another moment. */
	accessSnapshot(): AccessSnapshot {
		const callIds = [...this.calls.keys()].sort();
		const plain = (access: Map<string, Set<string>>) =>
			Object.fromEntries(callIds.map((id) => [id, [...(access.get(id) ?? [])].sort()]));
		return { apiAccess: plain(this.apiAccess), otherAccess: plain(this.otherAccess) };
	}
}
