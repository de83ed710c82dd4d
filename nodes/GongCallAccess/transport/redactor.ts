// Gong's keys and tokens have 32 characters and more. What is shorter than this is a slip or a test, and may
// well be a word, or a part of an ID, that belongs where it stands.
const SHORTEST = 8;
// For the same reason: an ID has up to 20 digits, and no key of Gong's is made of digits alone.
const LIKE_AN_ID = /^[0-9]{1,20}$/;

/** Takes the secrets that it has learned out of texts. */
export class Redactor {
	/** The longest first, since one may be a part of another. */
	private secrets: string[] = [];

	/** Those of them that hold no other: where none of these stands, none of all does. */
	private shortest: string[] = [];

	/** Anything that is no text, or too short to be a secret, is left out. */
	learn(values: unknown[]): void {
		const known = new Set(this.secrets);
		for (const value of values) {
			if (typeof value !== 'string' || value.length < SHORTEST || LIKE_AN_ID.test(value)) continue;
			known.add(value);
			// As it stands in JSON and in an address.
			known.add(JSON.stringify(value).slice(1, -1));
			known.add(encoded(value));
			// Base64 as it is often written, without what fills it up.
			known.add(value.replace(/=+$/, ''));
		}
		if (known.size === this.secrets.length) return;
		this.secrets = [...known].sort((a, b) => b.length - a.length);
		this.shortest = this.secrets.filter(
			(secret) => !this.secrets.some((other) => other !== secret && secret.includes(other)),
		);
	}

	/** A text without the secrets; JSON stays JSON. Takes time in proportion to the text's length. */
	redact(text: string): string {
		const rest = this.withoutSecrets(text);
		const plain = MAY_HIDE.test(rest) ? unescaped(rest) : rest;
		return this.holdsSecret(plain) ? this.withoutSecrets(plain) : rest;
	}

	private withoutSecrets(text: string): string {
		if (!this.holdsSecret(text)) return text;
		return this.secrets.reduce((left, secret) => left.replaceAll(secret, '***'), text);
	}

	private holdsSecret(text: string): boolean {
		return this.shortest.some((secret) => text.includes(secret));
	}
}

/** JSON may write any letter as a number, and a slash behind a backslash. */
const MAY_HIDE = /\\(u00|\/)/;

const [BACKSLASH, SLASH, QUOTE, SMALL_U, ZERO] = Buffer.from('\\/"u0');

/**
 * The same JSON, with no letter or slash written in another way than need be. By bytes: with a regular expression, 48
 * MB of escapes stop n8n for seconds.
 */
function unescaped(json: string): string {
	const bytes = Buffer.from(json);
	let length = 0;
	for (let place = 0; place < bytes.length; place++) {
		const byte = bytes[place];
		if (byte !== BACKSLASH) {
			bytes[length++] = byte;
			continue;
		}
		const next = bytes[++place];
		const letter = next === SMALL_U ? letterAt(bytes, place + 1) : undefined;
		if (letter !== undefined) place += 4;
		// What JSON must escape stays escaped, in the shortest way.
		const isPlain =
			letter === undefined ? next === SLASH : letter !== QUOTE && letter !== BACKSLASH;
		if (!isPlain) bytes[length++] = BACKSLASH;
		// A backslash at the end of a text that is no JSON has nothing behind it.
		if (next !== undefined) bytes[length++] = letter ?? next;
	}
	return bytes.toString('utf8', 0, length);
}

/** The ASCII letter whose number stands there in four digits, from a space on; undefined for anything else. */
function letterAt(bytes: Uint8Array, place: number): number | undefined {
	if (bytes[place] !== ZERO || bytes[place + 1] !== ZERO) return undefined;
	const letter = digitOf(bytes[place + 2]) * 16 + digitOf(bytes[place + 3]);
	return letter >= 0x20 && letter < 0x80 ? letter : undefined;
}

/** The value of a hexadecimal digit; NaN for anything else. */
function digitOf(byte = 0): number {
	if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
	const small = byte | 0x20;
	return small >= 0x61 && small <= 0x66 ? small - 0x57 : NaN;
}

/** As in a query; a text that is no well-formed Unicode cannot stand there. */
function encoded(value: string): string {
	try {
		return encodeURIComponent(value);
	} catch {
		return value;
	}
}
