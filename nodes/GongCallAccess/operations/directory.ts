import type { Result } from '../failure';
import { addressKey } from '../gong/address';
import type { WorkspaceFolders } from '../gong/library';
import { readFolders } from '../gong/library';
import { listAll } from '../gong/paging';
import type { Plays } from '../gong/plays';
import { readPlays } from '../gong/plays';
import type { WorkspaceProfiles } from '../gong/profiles';
import { readProfiles } from '../gong/profiles';
import type { GongUser } from '../gong/users';
import { listUsersRequest, readUsersPage } from '../gong/users';
import { Managers } from '../gong/ways';
import { eachOnce } from '../gong/wholeList';
import type { RunAbort } from '../transport/abort';
import type { GongClient } from '../transport/client';

/** The users of a company, by ID, and who reports to whom. */
export interface CompanyUsers {
	users: Map<string, GongUser>;
	managers: Managers;
	/** The addresses of all of them, by their `addressKey`. */
	addresses: ReadonlySet<string>;
}

/**
 * What is read of a company besides its calls. Each part is read once a run, and only when it is needed: what could
 * not be read fails only for those who need it.
 */
export class Directory {
	private readonly parts = new Map<string, Promise<Result<unknown>>>();

	constructor(private readonly abort: RunAbort) {}

	async users(client: GongClient): Promise<Result<CompanyUsers>> {
		return await this.once('users', async () => await listUsers(client));
	}

	/** @param since ISO 8601 */
	async plays(client: GongClient, since: string): Promise<Result<Plays>> {
		return await this.once(`plays ${since}`, async () => {
			return await readPlays(client, since, new Date().toISOString());
		});
	}

	async profiles(client: GongClient, workspaceId: string): Promise<Result<WorkspaceProfiles>> {
		return await this.once(`profiles ${workspaceId}`, async () => {
			return await readProfiles(client, workspaceId, this.abort);
		});
	}

	async folders(client: GongClient, workspaceId: string): Promise<Result<WorkspaceFolders>> {
		return await this.once(`folders ${workspaceId}`, async () => {
			return await readFolders(client, workspaceId, this.abort);
		});
	}

	private async once<T>(key: string, read: () => Promise<Result<T>>): Promise<Result<T>> {
		const known = this.parts.get(key) as Promise<Result<T>> | undefined;
		const part = known ?? read();
		this.parts.set(key, part);
		const result = await part;
		if (!result.ok) this.abort.failed(result.failure);
		return result;
	}
}

async function listUsers(client: GongClient): Promise<Result<CompanyUsers>> {
	const listing = await listAll(client, listUsersRequest, readUsersPage);
	if (!listing.ok) return listing;
	const listed = eachOnce(listing.value.entries, 'users');
	if (!listed.ok) return listed;
	const users = new Map(listed.value.map((user) => [user.id, user]));
	const managerOf = new Map([...users].map(([id, { managerId }]) => [id, managerId]));
	const addresses = new Set([...users.values()].flatMap((user) => user.addresses.map(addressKey)));
	return { ok: true, value: { users, managers: new Managers(managerOf), addresses } };
}
