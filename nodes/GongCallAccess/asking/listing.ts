import type { Failure } from '../failures';
import * as messages from '../messages';
import type { Sender } from '../sending/send';
import { send } from '../sending/send';
import type { GongRequest, Page } from '../gong/api';
import { saysNothingFound } from '../gong/api';

/** All entries of a listing, or why there are none; `cut` where more pages were left. */
export type Listing<T> = { entries: T[]; cut: boolean } | { failure: Failure };

/**
 * Follows a listing of Gong's over its pages. Nothing found, a 404 in Gong, is an empty listing.
 * @param mostPages how many pages to read at most
 */
export async function listAll<T>(
	sender: Sender,
	request: (cursor: string | undefined) => GongRequest,
	read: (text: string) => Page<T>,
	mostPages = Infinity,
): Promise<Listing<T>> {
	const entries: T[] = [];
	const seen = new Set<string>();
	let cursor: string | undefined;
	for (let page = 1; ; page++) {
		const sent = await send(sender, request(cursor), [], read);
		if (sent.kind === 'refusal' && saysNothingFound(sent.status, sent.refusal)) {
			return { entries, cut: false };
		}
		if (sent.kind !== 'answer') return { failure: sent.failure };
		for (const entry of sent.value.entries) entries.push(entry);
		({ cursor } = sent.value);
		if (cursor === undefined) return { entries, cut: false };
		if (page === mostPages) return { entries, cut: true };
		if (seen.has(cursor)) {
			return { failure: messages.unexpectedAnswer(200, 'its pages go round in a circle', []) };
		}
		seen.add(cursor);
	}
}
