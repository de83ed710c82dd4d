/** What the public comments on a call say of who is mentioned in them. */
export interface Mentions {
	/** The IDs of users, each once. */
	userIds: string[];
	/** False where Gong leaves the list of comments out. */
	areGiven: boolean;
	/** How many comments cannot be read, or hold something that may be a mention and cannot be read. */
	unread: number;
}

const BEGIN = '@[';
// Gong's IDs have up to 20 digits (its OpenAPI description).
const USER_ID = /^\(\s*([0-9]{1,20})\s*\)/;
const MAX_ID_LENGTH = 40;
// Longer than any name; what follows is text of the comment.
const MAX_NAME_LENGTH = 300;

/** Reads the mentions in a list of comments as Gong gives it; never throws, whatever it is. */
export function mentionsIn(comments: unknown): Mentions {
	if (!Array.isArray(comments)) return { userIds: [], areGiven: false, unread: 0 };
	const userIds = new Set<string>();
	let unread = 0;
	for (const entry of comments as unknown[]) {
		const text = (entry as { comment?: unknown } | null)?.comment;
		const read = typeof text === 'string' ? mentionsInText(text) : undefined;
		for (const id of read?.userIds ?? []) userIds.add(id);
		if (!read?.isWhole) unread++;
	}
	return { userIds: [...userIds], areGiven: true, unread };
}

/** What is known of both of two readings. */
export function mergeMentions(one: Mentions, other: Mentions): Mentions {
	return {
		userIds: [...new Set([...one.userIds, ...other.userIds])],
		areGiven: one.areGiven && other.areGiven,
		unread: Math.max(one.unread, other.unread),
	};
}

/**
 * The users whom a comment names as `@[user name](user ID)` (Gong's OpenAPI description). `isWhole` is false where
 * something begins like a mention and does not end like one.
 */
function mentionsInText(text: string): { userIds: string[]; isWhole: boolean } {
	const userIds: string[] = [];
	let isWhole = true;
	for (let at = text.indexOf(BEGIN); at >= 0;) {
		const next = text.indexOf(BEGIN, at + BEGIN.length);
		const end = Math.min(next < 0 ? text.length : next, at + MAX_NAME_LENGTH + MAX_ID_LENGTH);
		const id = idOfMention(text.slice(at + BEGIN.length, end));
		if (id === undefined) isWhole = false;
		else userIds.push(id);
		at = next;
	}
	return { userIds, isWhole };
}

/**
 * The ID behind a name, which may hold brackets: behind the bracket that closes the name, or else behind the first
 * bracket that an ID follows. A link behind a name that is closed already is none.
 */
function idOfMention(text: string): string | undefined {
	let depth = 1;
	let first: string | undefined;
	let isClosed = false;
	for (let at = 0; at < text.length; at++) {
		if (text[at] === '[') {
			if (isClosed) return first;
			depth++;
		} else if (text[at] === ']') {
			depth--;
			const id = USER_ID.exec(text.slice(at + 1, at + 1 + MAX_ID_LENGTH))?.[1];
			if (id !== undefined && depth <= 0) return id;
			first ??= id;
			isClosed ||= depth <= 0;
		}
	}
	return first;
}
