// Gong's keys and tokens have 32 characters and more. What is shorter than this is a slip or a test, and may
// well be a word, or a part of an ID, that belongs where it stands.
const SHORTEST = 8;
// For the same reason: an ID has up to 20 digits, and no key of Gong's is made of digits alone.
const LIKE_AN_ID = /^[0-9]{1,20}$/;

/** Takes the secrets that it has learned out of texts. */
export class Redactor {
	/** The longest first, since one may be a part of another. */
	private secrets: string[] = [];

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
		if (known.size > this.secrets.length) {
			this.secrets = [...known].sort((a, b) => b.length - a.length);
		}
	}

	/** A text without the secrets; JSON stays JSON. */
	redact(text: string): string {
		const open = this.secrets.filter((secret) => text.includes(secret));
		const rest = open.reduce((left, secret) => left.replaceAll(secret, '***'), text);
		if (!MAY_HIDE.test(rest)) return rest;
		const plain = unescaped(rest);
		const hidden = this.secrets.filter((secret) => plain.includes(secret));
		if (hidden.length === 0) return rest;
		return hidden.reduce((left, secret) => left.replaceAll(secret, '***'), plain);
	}
}

/** JSON may write any letter as a number, and a slash behind a backslash. */
const MAY_HIDE = /\\(u00|\/)/;

/** The same JSON, with no letter or slash written in another way than need be. */
function unescaped(json: string): string {
	return json.replace(/\\(\\|\/|u00([2-7][0-9a-f]))/gi, (whole, escape: string, hex?: string) => {
		if (escape === '/') return '/';
		const letter = hex === undefined ? '' : String.fromCharCode(Number.parseInt(hex, 16));
		return /^[^"\\\x7F]$/.test(letter) ? letter : whole;
	});
}

/** As in a query; a text that is no well-formed Unicode cannot stand there. */
function encoded(value: string): string {
	try {
		return encodeURIComponent(value);
	} catch {
		return value;
	}
}
