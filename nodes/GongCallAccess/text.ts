/** A value as it may stand in a message: JSON, and not longer than a line. */
export function shown(value: unknown): string {
	const simple = typeof value !== 'object' || value === null;
	const text = jsonOf(value) ?? (simple ? String(value) : Object.prototype.toString.call(value));
	return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

// Escape sequences of terminals, other control characters, and what turns the direction of writing.
const UNPRINTABLE = /\p{Cc}\[[0-9;?]*[A-Za-z]|[\p{Cc}\u202A-\u202E\u2066-\u2069]+/gu;

/** Somebody else's words as they may stand in a message: on one line, and no longer than `most` characters. */
export function plain(words: string, most: number): string {
	// First of all short, since nobody knows how long it is.
	const line = words
		.slice(0, 2 * most)
		.replace(UNPRINTABLE, ' ')
		.replace(/ {2,}/g, ' ')
		.trim();
	return line.length > most || words.length > 2 * most ? `${line.slice(0, most - 3)}...` : line;
}

function jsonOf(value: unknown): string | undefined {
	try {
		return JSON.stringify(value);
	} catch {
		return undefined;
	}
}
