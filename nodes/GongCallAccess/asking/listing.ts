import type { Failure } from '../failures';
import * as messages from '../messages';
import type { Sender } from '../sending/send';
import { send } from '../sending/send';
import type { GongRequest, Page } from '../gong/api';
import { saysNothingFound } from '../gong/api';

// More than the requests that Gong allows a company in a day.
const MOST_PAGES = 10_000;
const MOST_PAGES_WITH_NOTHING_NEW = 25;

/** All entries of a listing, or why there are none; `cut` where more pages than asked for were left. */
export type Listing<T> = { entries: T[]; cut: boolean } | { failure: Failure };

/**
 * Follows a listing of Gong's over its pages. Nothing found, a 404 in Gong, is an empty listing.
 * @param mostPages how many pages to read at most
 */
export async function listAll<T extends { id: string }>(
	sender: Sender,
	request: (cursor: string | undefined) => GongRequest,
	read: (text: string) => Page<T>,
	mostPages = Infinity,
): Promise<Listing<T>> {
	const entries: T[] = [];
	const known = new Set<string>();
	const seen = new Set<string>();
	let nothingNew = 0;
	let cursor: string | undefined;
	for (let page = 1; ; page++) {
		const sent = await send(sender, request(cursor), [], read);
		if (sent.kind === 'refusal' && saysNothingFound(sent.status, sent.refusal)) {
			return { entries, cut: false };
		}
		if (sent.kind !== 'answer') return { failure: sent.failure };
		const before = known.size;
		for (const entry of sent.value.entries) {
			entries.push(entry);
			known.add(entry.id);
		}
		nothingNew = known.size > before ? 0 : nothingNew + 1;
		({ cursor } = sent.value);
		if (cursor === undefined) return { entries, cut: false };
		if (page === mostPages) return { entries, cut: true };
		const odd = seen.has(cursor)
			? 'its pages go round in a circle'
			: nothingNew === MOST_PAGES_WITH_NOTHING_NEW
				? `its pages go on without end, the last ${nothingNew} with nothing new`
				: page === MOST_PAGES
					? `it has more than ${MOST_PAGES} pages`
					: undefined;
		if (odd !== undefined) return { failure: messages.unexpectedAnswer(200, odd, []) };
		seen.add(cursor);
	}
}
