import type { Failure, Result } from '../failure';
import { cursorExpired, listingNotWhole, unexpectedAnswer } from '../messages/gongMessages';
import * as shape from '../messages/shapeMessages';
import type { GongClient, RequestResult, SendOptions } from '../transport/client';
import { isRecord, parseJson } from '../transport/json';
import { requestIdIn, saysCursorExpired, saysNothingFound } from '../transport/refusal';
import type { GongRequest } from '../transport/request';
import { countAt, cursorOf, listAt, recordsOf, unexpectedResponse } from './response';

// As many as the requests that Gong allows a company in a day by default.
const MAX_PAGES = 10_000;
const MAX_PAGES_WITH_NOTHING_NEW = 25;
// A call that is added or removed while pages are read moves entries from one page to another.
const MAX_LISTINGS = 3;

/** One page of a listing; `cursor` is there while more is to come. */
export interface Page<T> {
	entries: T[];
	cursor: string | undefined;
	/** How many entries there are on all pages, where Gong tells. */
	total: number | undefined;
	/** How many pages there are in all, where Gong tells. */
	pages: number | undefined;
}

/** The entries of a listing; `cut` where there are more pages than were to be read. */
export interface Listing<T> {
	entries: T[];
	cut: boolean;
	/** How many entries there are in all, by the page that says the most. */
	total: number;
}

/** One try to list; `again` where the listing changed while it was read, so that another try may get it whole. */
type Attempt<T> =
	{ ok: true; value: Listing<T> } | { ok: false; failure: Failure; again?: boolean };

/** How to list. */
export interface ListingOptions<T> extends SendOptions {
	/** How many pages to read at most. */
	maxPages?: number;
	/** The first page, where it was read already; it does not count. */
	first?: Page<T>;
	/** Called with each page, as soon as it is there. */
	onPage?: (page: Page<T>) => void;
	/** Whether the listing may end with this page, although there are more. */
	isEnough?: (page: Page<T>) => Promise<boolean>;
	/** Whether to ask for nothing more; looked at before each further request. */
	isOver?: () => boolean;
}

/** What sends requests to Gong. */
export type RequestSender = Pick<GongClient, 'send'>;

/**
 * Reads all pages of a listing: all of its entries, or a failure. Nothing found, a 404 in Gong, is an empty
 * listing.
 *
 * A listing that changes while it is read, so that entries are missing, is read again from the start, since
 * Gong does not say which are missing. So is one whose cursor has expired.
 */
export async function listAll<T extends { id: string }>(
	client: RequestSender,
	request: (cursor: string | undefined) => GongRequest,
	read: (text: string) => Page<T>,
	{ maxPages = Infinity, first, onPage, isEnough, isOver, ...options }: ListingOptions<T> = {},
): Promise<Result<Listing<T>>> {
	let left = maxPages;
	const ask = async (cursor: string | undefined): Promise<RequestResult<Page<T>>> => {
		left--;
		return await client.send(request(cursor), [], read, options);
	};
	const mayAsk = (): boolean => left > 0 && !isOver?.();
	const mayGoOn = async (page: Page<T>): Promise<boolean> => {
		onPage?.(page);
		return mayAsk() && !(await isEnough?.(page)) && mayAsk();
	};
	for (let listing = 1; ; listing++) {
		const isFirst = listing === 1;
		const attempt = await listOnce(ask, mayGoOn, isFirst ? first : undefined, isFirst);
		if (attempt.ok || !attempt.again) return attempt;
		if (listing === MAX_LISTINGS || !mayAsk()) return attempt;
	}
}

async function listOnce<T extends { id: string }>(
	ask: (cursor: string | undefined) => Promise<RequestResult<Page<T>>>,
	mayGoOn: (page: Page<T>) => Promise<boolean>,
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
			const refusal = sent.ok ? undefined : sent.refusal;
			// After all entries a 404 is the end (three public connectors read it so).
			if (refusal?.status === 404 && total > 0 && counted >= total) {
				return { ok: true, value: { entries, cut: false, total } };
			}
			if (refusal && saysNothingFound(refusal.status, refusal.said)) {
				if (number === 1 && mayBeEmpty) return { ok: true, value: { entries, cut: false, total } };
				const failure = listingNotWhole(404, shape.missingPage(number));
				return { ok: false, failure, again: true };
			}
			if (!sent.ok) {
				const again = refusal && saysCursorExpired(refusal.status, refusal.said);
				return { ok: false, failure: again ? cursorExpired(sent.failure) : sent.failure, again };
			}
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
		const goesOn = await mayGoOn(page);
		if (cursor === undefined && counted < total) {
			const failure = listingNotWhole(200, shape.tooFewEntries(counted, total));
			// A single page cannot have changed while it was read.
			return { ok: false, failure, again: number > 1 };
		}
		if (cursor === undefined) return { ok: true, value: { entries, cut: false, total } };
		if (!goesOn) return { ok: true, value: { entries, cut: true, total } };
		const odd = cursors.has(cursor)
			? shape.CIRCLE_OF_PAGES
			: nothingNew === MAX_PAGES_WITH_NOTHING_NEW
				? shape.nothingNewOnPages(nothingNew)
				: number === MAX_PAGES
					? shape.tooManyPages(MAX_PAGES)
					: undefined;
		if (odd !== undefined) return { ok: false, failure: unexpectedAnswer(200, odd, []) };
		cursors.add(cursor);
	}
}

/**
 * Reads one page of a listing.
 * @param key of the list in the body
 * @param read reads an entry; it also gets the request ID of the page
 * @throws {FailureError} for a response of another shape
 */
export function readPage<T>(
	text: string,
	key: string,
	read: (entry: Record<string, unknown>, requestId: string | null) => T,
): Page<T> {
	const body = parseJson(text);
	if (!isRecord(body) || !Array.isArray(body[key])) {
		throw unexpectedResponse(shape.noList(key));
	}
	const records = recordsOf(body);
	const requestId = requestIdIn(body);
	const total = countAt(records, 'totalRecords');
	const pages = Math.ceil((total ?? NaN) / Number(records.currentPageSize));
	return {
		entries: listAt(body, key).map((entry) => read(entry, requestId)),
		cursor: cursorOf(body, records),
		total,
		pages: Number.isFinite(pages) ? pages : undefined,
	};
}
