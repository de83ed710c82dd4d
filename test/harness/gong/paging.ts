import { ASSUMPTIONS, type Assumptions } from './assumptions';

/** The part of a list that one answer holds, and where the next one begins. */
export interface Page<T> {
	items: T[];
	records: {
		totalRecords: number;
		currentPageSize: number;
		currentPageNumber: number;
		/** There only while more is to come. */
		cursor?: string;
	};
}

interface CursorContent {
	page: number;
	/** When it was given out, in ms since 1970. */
	at: number;
	/** How often cursors had been made to expire before. */
	epoch: number;
	/** What was asked for: a cursor continues that and nothing else. */
	of: string;
}

function readCursor(text: string): CursorContent | null {
	try {
		const content: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
		if (typeof content !== 'object' || content === null) return null;
		const { page, at, epoch, of } = content as Partial<CursorContent>;
		if (typeof page !== 'number' || typeof of !== 'string') return null;
		return typeof at === 'number' && typeof epoch === 'number' ? { page, at, epoch, of } : null;
	} catch {
		return null;
	}
}

function writeCursor(content: CursorContent): string {
	return Buffer.from(JSON.stringify(content)).toString('base64url');
}

// How long a cursor lasts in Gong is not known.
const CURSOR_LIFETIME_MS = 10 * 60_000;

/** Cuts lists into pages. */
export class Pager {
	private epoch = 0;

	constructor(
		private readonly pageSize: number,
		private readonly lastPage: Assumptions['lastPage'] = ASSUMPTIONS.lastPage,
	) {}

	/** Lets all cursors that were given out so far expire. */
	expireCursors(): void {
		this.epoch += 1;
	}

	/**
	 * One page of the list. `of` says what was asked for (endpoint and filters). Gong's words where the
	 * cursor has expired, or is not one that was given out for just that.
	 */
	page<T>(list: T[], of: string, cursor: string | undefined): Page<T> | string {
		const { epoch, pageSize } = this;
		const first = { page: 0, at: Date.now(), epoch, of };
		const content = cursor === undefined ? first : readCursor(cursor);
		if (content === null || content.of !== of) return 'Invalid cursor';
		const isOld = content.at + CURSOR_LIFETIME_MS < Date.now();
		if (isOld || content.epoch !== epoch) return 'cursor has expired';
		const start = content.page * pageSize;
		const items = list.slice(start, start + pageSize);
		const more =
			start + pageSize < list.length || (this.lastPage === 'hasCursor' && items.length > 0);
		const next = { page: content.page + 1, at: Date.now(), epoch, of };
		return {
			items,
			records: {
				totalRecords: list.length,
				currentPageSize: items.length,
				currentPageNumber: content.page,
				...(more ? { cursor: writeCursor(next) } : {}),
			},
		};
	}
}
