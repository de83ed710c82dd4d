import type { Failure } from '../errors/failure';
import type { GongClient } from '../transport/client';
import type { GongRequest } from '../transport/request';
import type { Page } from './paging';
import { listAll } from './paging';

/** What was looked up, by ID. */
export interface LookUp<T> {
	/** An ID that Gong no longer knows is not in it. */
	byId: Map<string, T>;
	/** The IDs that could not be looked up, and why. */
	failures: Map<string, Failure>;
}

// Known to work for calls on the neighbouring transcript endpoint; assumed for users.
export const IDS_PER_REQUEST = 100;

/**
 * Looks up entries by their IDs, each once, with several IDs in a request.
 * @param failFast ends at the first failure
 */
export async function lookUp<T extends { id: string }>(
	client: GongClient,
	ids: Iterable<string>,
	idsPerRequest: number,
	failFast: boolean,
	request: (ids: string[], cursor: string | undefined) => GongRequest,
	read: (text: string) => Page<T>,
): Promise<LookUp<T>> {
	const found: LookUp<T> = { byId: new Map(), failures: new Map() };
	const all = [...new Set(ids)];
	for (let from = 0; from < all.length; from += idsPerRequest) {
		const some = all.slice(from, from + idsPerRequest);
		const listing = await listAll(client, (cursor) => request(some, cursor), read);
		if (listing.ok) {
			for (const entry of listing.value.entries) found.byId.set(entry.id, entry);
			continue;
		}
		for (const id of some) found.failures.set(id, listing.failure);
		if (failFast) break;
	}
	return found;
}
