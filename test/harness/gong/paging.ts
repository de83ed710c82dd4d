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
	/** What was asked for: a cursor continues that and nothing else. */
	of: string;
}

function readCursor(text: string): CursorContent | null {
	try {
		const content: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
		if (typeof content !== 'object' || content === null) return null;
		const { page, of } = content as Partial<CursorContent>;
		return typeof page === 'number' && typeof of === 'string' ? { page, of } : null;
	} catch {
		return null;
	}
}

function writeCursor(content: CursorContent): string {
	return Buffer.from(JSON.stringify(content)).toString('base64url');
}

/**
 * One page of the list. `of` says what was asked for (endpoint and filters). Null where the cursor is
 * not one that was given out for just that.
 */
export function pageOf<T>(
	list: T[],
	of: string,
	cursor: string | undefined,
	pageSize: number,
): Page<T> | null {
	const content = cursor === undefined ? { page: 0, of } : readCursor(cursor);
	if (content === null || content.of !== of) return null;
	const start = content.page * pageSize;
	const items = list.slice(start, start + pageSize);
	const more = start + pageSize < list.length;
	return {
		items,
		records: {
			totalRecords: list.length,
			currentPageSize: items.length,
			currentPageNumber: content.page,
			...(more ? { cursor: writeCursor({ page: content.page + 1, of }) } : {}),
		},
	};
}
