import type { Result } from '../failure';
import type { GongClient } from '../transport/client';
import type { GongRequest } from '../transport/request';
import { addressKey } from './address';
import type { LookUpOptions } from './lookUp';
import { IDS_PER_REQUEST, LookUps } from './lookUp';
import type { Page } from './paging';
import { listAll, readPage } from './paging';
import { idAt, optionalIdAt, textAt } from './response';

/** A person in Gong; many fields of a user are null in practice. */
export interface GongUser {
	id: string;
	name: string | null;
	/** Gong's `emailAddress`. */
	email: string | null;
	/** All addresses that name this person: that one, aliases, and the trusted one (Gong's OpenAPI description). */
	addresses: string[];
	/** False for somebody who has left; Gong has no deletion. Null where Gong does not say. */
	active: boolean | null;
	/** To whom they report; null for nobody, or where Gong does not say. */
	managerId: string | null;
}

/** All users of the company, page by page. */
export function listUsersRequest(cursor: string | undefined): GongRequest {
	return {
		method: 'GET',
		path: '/v2/users',
		query: cursor === undefined ? {} : { cursor },
		scope: 'api:users:read',
	};
}

/** These users (1 or more IDs), page by page. */
export function findUsersRequest(userIds: string[], cursor: string | undefined): GongRequest {
	return {
		method: 'POST',
		path: '/v2/users/extensive',
		body: { filter: { userIds }, ...(cursor === undefined ? {} : { cursor }) },
		scope: 'api:users:read',
	};
}

/** Reads a page of users. @throws {FailureError} for a response of another shape */
export function readUsersPage(text: string): Page<GongUser> {
	return readPage(text, 'users', (user) => ({
		id: idAt(user, 'id'),
		name:
			[textAt(user, 'firstName'), textAt(user, 'lastName')]
				.filter((part) => part !== null)
				.join(' ') || null,
		email: textAt(user, 'emailAddress'),
		addresses: addressesIn(user),
		active: typeof user.active === 'boolean' ? user.active : null,
		managerId: optionalIdAt(user, 'managerId'),
	}));
}

function addressesIn(user: Record<string, unknown>): string[] {
	const aliases = Array.isArray(user.emailAliases) ? user.emailAliases : [];
	const all = [textAt(user, 'emailAddress'), textAt(user, 'trustedEmailAddress'), ...aliases];
	return all.filter((one): one is string => typeof one === 'string' && one.trim() !== '');
}

/** Looks up names and e-mail addresses of users. */
export function userLookUps(client: GongClient, options: LookUpOptions): LookUps<GongUser> {
	const endpoint = {
		idsPerRequest: IDS_PER_REQUEST,
		request: findUsersRequest,
		read: readUsersPage,
	};
	return new LookUps(client, endpoint, options);
}

/** The IDs of the users that each e-mail address names, by its {@link addressKey}. Lists all users. */
export async function userIdsByAddress(client: GongClient): Promise<Result<Map<string, string[]>>> {
	const listing = await listAll(client, listUsersRequest, readUsersPage);
	if (!listing.ok) return listing;
	// A user that is on two pages is one user.
	const sets = new Map<string, Set<string>>();
	for (const { id, addresses } of listing.value.entries) {
		for (const address of addresses.map(addressKey)) {
			const ids = sets.get(address) ?? new Set();
			sets.set(address, ids.add(id));
		}
	}
	return { ok: true, value: new Map([...sets].map(([address, ids]) => [address, [...ids]])) };
}
