const MAX_SHOWN = 120;

// What nobody sees, or sees as a plain space: format characters such as the zero-width space and the marks of
// direction, controls, other spaces, fillers, private use. JSON escapes only some of them.
const UNSEEN =
	/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;

/**
 * A value as it may stand in a message: JSON, not longer than a line, and with what cannot be seen written as
 * an escape such as \u200b. Costs no more than what is seen of it, however large or deep the value is.
 */
export function shown(value: unknown): string {
	// JavaScript's word for it says nothing to people.
	if (value === undefined) return 'nothing';
	const simple = typeof value !== 'object' || value === null;
	const text = jsonOf(value) ?? (simple ? short(String(value)) : 'an object');
	const visible = text.replace(UNSEEN, escaped);
	if (visible.length <= MAX_SHOWN) return visible;
	// Not in the middle of a character that takes two places.
	return `${visible.slice(0, MAX_SHOWN - 3).replace(/[\ud800-\udbff]$/, '')}...`;
}

/** The first character of a text that cannot be seen, as an escape; undefined where all can be. */
export function unseenIn(text: string): string | undefined {
	const at = text.search(UNSEEN);
	return at < 0 ? undefined : escaped(String.fromCodePoint(text.codePointAt(at) ?? 0));
}

/** A text without what cannot be seen. */
export function withoutUnseen(text: string): string {
	return text.replace(UNSEEN, '');
}

function escaped(character: string): string {
	const code = (character.codePointAt(0) ?? 0).toString(16);
	return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
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

/** The JSON of a value, or the beginning of it that {@link shown} shows. */
function jsonOf(value: unknown): string | undefined {
	let parts = 0;
	const inShort = (_key: string, part: unknown): unknown => {
		if (parts++ > MAX_SHOWN) return null;
		if (typeof part === 'string') return short(part);
		if (typeof part === 'bigint') return `${part}n`;
		return Array.isArray(part) ? part.slice(0, MAX_SHOWN) : part;
	};
	try {
		return JSON.stringify(value, inShort);
	} catch {
		return undefined;
	}
}

function short(text: string): string {
	return text.slice(0, MAX_SHOWN + 1);
}
