import type { Failure } from '../failures';
import * as messages from '../messages';
import type { Sender, Sent } from '../sending/send';
import { send } from '../sending/send';
import type { GongRequest, Page } from '../gong/api';
import { saysCursorExpired, saysNothingFound } from '../gong/api';

// More than the requests that Gong allows a company in a day.
const MOST_PAGES = 10_000;
const MOST_PAGES_WITH_NOTHING_NEW = 25;
// What is added or removed while pages are read moves entries from one page to the next, past the reader.
const MOST_LISTINGS = 3;

/** All entries of a listing, or why there are none; `cut` where more pages than asked for were left. */
export type Listing<T> = { entries: T[]; cut: boolean } | { failure: Failure };

/** What a listing came to: `unlike` says in which way its pages do not make a whole. */
type Attempt<T> = Listing<T> | { unlike: Failure };

/** How to list. */
export interface ListingOptions<T> {
	/** How many pages to read at most. */
	mostPages?: number;
	/** The first page, where it was read already; it does not count. */
	first?: Page<T>;
}

/**
 * Follows a listing of Gong's over its pages to its end: all entries, or words. Nothing found, a 404 in Gong, is
 * an empty listing.
 *
 * A listing that changes while it is read, so that entries are missing, begins anew, since nothing else shows
 * which; so does one whose cursor has expired.
 */
export async function listAll<T extends { id: string }>(
	sender: Sender,
	request: (cursor: string | undefined) => GongRequest,
	read: (text: string) => Page<T>,
	{ mostPages = Infinity, first }: ListingOptions<T> = {},
): Promise<Listing<T>> {
	let left = mostPages;
	const ask = async (cursor: string | undefined): Promise<Sent<Page<T>>> => {
		left--;
		return await send(sender, request(cursor), [], read);
	};
	for (let listing = 1; ; listing++) {
		const isFirst = listing === 1;
		const attempt = await listOnce(ask, () => left > 0, isFirst ? first : undefined, isFirst);
		if (!('unlike' in attempt)) return attempt;
		if (listing === MOST_LISTINGS || left <= 0) return { failure: attempt.unlike };
	}
}

async function listOnce<T extends { id: string }>(
	ask: (cursor: string | undefined) => Promise<Sent<Page<T>>>,
	mayGoOn: () => boolean,
	first: Page<T> | undefined,
	mayBeEmpty: boolean,
): Promise<Attempt<T>> {
	const entries: T[] = [];
	const known = new Set<string>();
	const cursors = new Set<string>();
	let counted = 0;
	let total = 0;
	let nothingNew = 0;
	let cursor: string | undefined;
	for (let number = 1; ; number++) {
		let page = number === 1 ? first : undefined;
		if (!page) {
			const sent = await ask(cursor);
			if (sent.kind === 'refusal' && saysNothingFound(sent.status, sent.refusal)) {
				if (number === 1 && mayBeEmpty) return { entries, cut: false };
				const what =
					number === 1
						? 'it has entries when first asked for, and then none'
						: `there is no page ${number}, which the page before it says there is`;
				return { unlike: messages.listingNotWhole(404, what) };
			}
			if (sent.kind === 'refusal' && saysCursorExpired(sent.status, sent.refusal)) {
				return { unlike: sent.failure };
			}
			if (sent.kind !== 'answer') return { failure: sent.failure };
			page = sent.value;
		}
		// An entry that a page before had has moved on in place of another; twice on one page it is two to Gong.
		const added = page.entries.filter(({ id }) => !known.has(id));
		counted += added.length;
		nothingNew = added.length > 0 ? 0 : nothingNew + 1;
		// The largest that any page says: it may have grown or shrunk since.
		total = Math.max(total, page.total ?? 0);
		for (const entry of page.entries) {
			entries.push(entry);
			known.add(entry.id);
		}
		({ cursor } = page);
		if (cursor === undefined && counted < total) {
			const what = `it lists ${counted} of ${total} entries, and says that there are no more pages`;
			const failure = messages.listingNotWhole(200, what);
			// A single page cannot have changed while it was read.
			return number === 1 ? { failure } : { unlike: failure };
		}
		if (cursor === undefined) return { entries, cut: false };
		if (!mayGoOn()) return { entries, cut: true };
		const odd = cursors.has(cursor)
			? 'its pages go round in a circle'
			: nothingNew === MOST_PAGES_WITH_NOTHING_NEW
				? `its pages go on without end, the last ${nothingNew} with nothing new`
				: number === MOST_PAGES
					? `it has more than ${MOST_PAGES} pages`
					: undefined;
		if (odd !== undefined) return { failure: messages.unexpectedAnswer(200, odd, []) };
		cursors.add(cursor);
	}
}
