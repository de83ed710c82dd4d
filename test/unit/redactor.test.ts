import fc from 'fast-check';
import { Redactor } from '../../nodes/GongCallAccess/transport/redactor';

const KEY = 'ABCDEFGH0123456789ABCDEFGH012345';
const SECRET = 'eyJhbGciOiJIUzI1NiJ9+/eyJleHAi"\\Ow==';

const redactor = new Redactor();
redactor.learn([KEY, SECRET]);

/** A text as JSON may write it: each letter as it is, or in another way. */
const written = (text: string, how: readonly number[]): string =>
	[...text]
		.map((letter, place) => {
			const number = `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
			const ways = [
				JSON.stringify(letter).slice(1, -1),
				number,
				number.toUpperCase().replace('U', 'u'),
			];
			return how[place % how.length] === 3 && letter === '/'
				? '\\/'
				: (ways[how[place % how.length]] ?? ways[1]);
		})
		.join('');

test('takes out a secret in whatever way JSON writes it, and JSON stays JSON', () => {
	const how = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 40 });
	const around = fc.string({ unit: 'grapheme', maxLength: 20 });
	fc.assert(
		fc.property(
			fc.constantFrom(KEY, SECRET),
			how,
			around,
			around,
			how,
			(secret, ways, before, after, others) => {
				const json = `{"a":"${written(before.replace(/[^ -~]/g, ''), others)}${written(secret, ways)}","b":${JSON.stringify(after)}}`;
				const read = JSON.parse(redactor.redact(json)) as { a: string; b: string };
				expect(read.a).not.toContain(secret);
				expect(read.a).toContain('***');
				expect(read.b).toBe(after);
			},
		),
		{ seed: 5 },
	);
});

test('leaves an answer without a secret as it is, to the last byte', () => {
	for (const text of [
		'{"a":"\\u0041\\/\\u00e9\\ud83d\\ude00\\\\u0041\\"","b":1e3}',
		'no JSON \\',
		'\\u00',
		`{"a":"${KEY.slice(1)}"}`,
	]) {
		expect(redactor.redact(text)).toBe(text);
	}
});

test('what only looks like an escape is none', () => {
	// The value is a backslash, then "u0041" as such.
	const json = `{"a":"\\\\u0041${KEY.slice(1)}","b":"${KEY}"}`;
	expect(JSON.parse(redactor.redact(json))).toEqual({ a: `\\u0041${KEY.slice(1)}`, b: '***' });
});
