import type { Failure } from '../failures';
import type { Sender } from '../sending/send';
import type { GongCall, GongRequest, GongUser, Page } from '../gong/api';
import {
	findCallsRequest,
	findUsersRequest,
	listUsersRequest,
	readCallsPage,
	readUsersPage,
} from '../gong/api';
import { addressKey } from '../text';
import { listAll } from './listing';

/** What was looked up, by ID. */
export interface Looked<T> {
	/** An ID that Gong no longer knows is not in it. */
	byId: Map<string, T>;
	/** The IDs that could not be looked up, and why. */
	failures: Map<string, Failure>;
}

// Known to work for calls on the neighbouring transcript endpoint; assumed for users.
const IDS_PER_REQUEST = 100;

/**
 * Names and e-mail addresses of users, each asked for once.
 * @param failFast ends at the first failure
 */
export async function usersById(
	sender: Sender,
	ids: Iterable<string>,
	failFast: boolean,
): Promise<Looked<GongUser>> {
	return await lookUp(sender, ids, IDS_PER_REQUEST, failFast, findUsersRequest, readUsersPage);
}

/**
 * Titles, links and times of calls, each asked for once.
 * @param failFast ends at the first failure
 */
export async function callsById(
	sender: Sender,
	ids: Iterable<string>,
	callsPerRequest: number,
	failFast: boolean,
): Promise<Looked<GongCall>> {
	const most = Math.min(callsPerRequest, IDS_PER_REQUEST);
	return await lookUp(sender, ids, most, failFast, findCallsRequest, readCallsPage);
}

/** The IDs of the users that have each e-mail address, by its {@link addressKey}: all users are listed once. */
export async function userIdsByAddress(
	sender: Sender,
): Promise<{ byAddress: Map<string, string[]> } | { failure: Failure }> {
	const listing = await listAll(sender, listUsersRequest, readUsersPage);
	if ('failure' in listing) return listing;
	// The same user on two pages is one user still.
	const sets = new Map<string, Set<string>>();
	for (const { id, email } of listing.entries) {
		if (email === null) continue;
		const address = addressKey(email);
		const ids = sets.get(address) ?? new Set();
		sets.set(address, ids.add(id));
	}
	return { byAddress: new Map([...sets].map(([address, ids]) => [address, [...ids]])) };
}

async function lookUp<T extends { id: string }>(
	sender: Sender,
	ids: Iterable<string>,
	idsPerRequest: number,
	failFast: boolean,
	request: (ids: string[], cursor: string | undefined) => GongRequest,
	read: (text: string) => Page<T>,
): Promise<Looked<T>> {
	const looked: Looked<T> = { byId: new Map(), failures: new Map() };
	const all = [...new Set(ids)];
	for (let from = 0; from < all.length; from += idsPerRequest) {
		const some = all.slice(from, from + idsPerRequest);
		const listing = await listAll(sender, (cursor) => request(some, cursor), read);
		if ('failure' in listing) {
			for (const id of some) looked.failures.set(id, listing.failure);
			if (failFast) break;
		} else {
			for (const entry of listing.entries) looked.byId.set(entry.id, entry);
		}
	}
	return looked;
}
