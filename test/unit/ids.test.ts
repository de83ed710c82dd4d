import fc from 'fast-check';
import { readableIds } from '../../nodes/GongCallAccess/parameters/ids';
import { FailureError } from '../../nodes/GongCallAccess/failure';
import { shown } from '../../nodes/GongCallAccess/messages/visible';
import { addressKey } from '../../nodes/GongCallAccess/gong/address';
import { outcomeOf, readIds, refusalOf } from './readingIds';

const LONG = '7782342274025937895';
const OTHER = '7263518490127735046';

describe('call IDs in every form that people have them in', () => {
	test.each<[string, unknown, string[]]>([
		['one ID as text', LONG, [LONG]],
		['an ID of one digit', '7', ['7']],
		['an ID of 20 digits', '18446744073709551615', ['18446744073709551615']],
		['an ID with zeros in front, which stay', '0007', ['0007']],
		['white space around it', `  \t${LONG}\r\n`, [LONG]],
		['commas between', `${LONG},${OTHER}`, [LONG, OTHER]],
		['commas and spaces between', `${LONG}, ${OTHER}`, [LONG, OTHER]],
		['semicolons between', `${LONG};${OTHER}`, [LONG, OTHER]],
		['spaces between', `${LONG} ${OTHER}`, [LONG, OTHER]],
		['tabs between', `${LONG}\t${OTHER}`, [LONG, OTHER]],
		['new lines between', `${LONG}\n${OTHER}`, [LONG, OTHER]],
		['new lines of Windows between', `${LONG}\r\n${OTHER}\r\n`, [LONG, OTHER]],
		['non-breaking spaces between', `${LONG}\u00a0${OTHER}`, [LONG, OTHER]],
		['separators at both ends and twice over', `,${LONG},,;\n${OTHER};`, [LONG, OTHER]],
		['a JSON array of strings as text', `["${LONG}","${OTHER}"]`, [LONG, OTHER]],
		['a JSON array of bare numbers as text', `[${LONG}, ${OTHER}]`, [LONG, OTHER]],
		['a JSON array of both as text', ` [ "${LONG}" ,\n ${OTHER} ] `, [LONG, OTHER]],
		['a JSON array of links as text', `["https://app.gong.io/call?id=${LONG}"]`, [LONG]],
		['a safe integer', 234599484848423, ['234599484848423']],
		['the largest safe integer', Number.MAX_SAFE_INTEGER, ['9007199254740991']],
		['an array of strings', [LONG, OTHER], [LONG, OTHER]],
		['an array of safe integers', [12, 34], ['12', '34']],
		['an array of strings and numbers', [LONG, 12], [LONG, '12']],
		[
			'an array whose texts hold many',
			[`${LONG} ${OTHER}`, '300003,400004'],
			[LONG, OTHER, '300003', '400004'],
		],
		['a link', `https://app.gong.io/call?id=${LONG}`, [LONG]],
		['a link on the own host', `https://us-12345.app.gong.io/call?id=${LONG}`, [LONG]],
		[
			'a link with more in it',
			`https://app.gong.io/call?account-id=1&id=${LONG}&xtid=2#at=3`,
			[LONG],
		],
		['a link with capitals in its host', `HTTPS://App.Gong.io/call?id=${LONG}`, [LONG]],
		['a link and an ID', `https://app.gong.io/call?id=${LONG}, ${OTHER}`, [LONG, OTHER]],
		['the same ID twice, once', `${LONG} ${OTHER} ${LONG}`, [LONG, OTHER]],
		['an ID and the link to it, once', [LONG, `https://app.gong.io/call?id=${LONG}`], [LONG]],
	])('takes %s', (_form, value, ids) => {
		expect(readIds(value, 'call')).toEqual(ids);
	});
});

describe('what is not a call ID', () => {
	test.each<[string, unknown, RegExp]>([
		['empty text', '', /is empty/],
		['white space alone', ' \n\t', /is empty/],
		['separators alone', ' , ;', /is empty/],
		['an empty array', [], /is empty/],
		['an empty JSON array as text', '[]', /is empty/],
		['an unsafe integer', Number(LONG), /too large .*lost digits.*77823422740259380/],
		['an unsafe integer in an array', ['1', Number(LONG)], /lost digits.*77823422740259380/],
		['a fraction', 12.5, /12\.5/],
		['a fraction as text', '12.5', /12\.5/],
		['a negative number', -12, /-12/],
		['a negative number as text', '-12', /-12/],
		['a negative number in a list as text', '[-12]', /-12/],
		['no number', NaN, /NaN/],
		['an endless number', Infinity, /Infinity/],
		['a big integer', 12n, /12/],
		['an object', { id: LONG }, new RegExp(`\\{"id":"${LONG}"\\}`)],
		['an object in an array', [{ id: '1' }], /\{"id":"1"\}/],
		['an object in a list as text', '[{"id":1}]', /\{"id":"1"\}/],
		['null', null, /null/],
		['null in an array', ['1', null], /null/],
		['null in a list as text', '["1", null]', /null/],
		['nothing', undefined, /nothing/],
		['a gap in an array', [undefined], /nothing/],
		['true', true, /true/],
		['false', false, /false/],
		['a boolean in a list as text', '[true]', /true/],
		['letters', 'abc', /"abc"/],
		['letters after an ID', `${LONG} abc`, /"abc"/],
		['an ID with a letter in it', '77823422740259378g5', /"77823422740259378g5"/],
		['an ID with a plus', '+12', /"\+12"/],
		['an ID in quotes', `"${LONG}"`, new RegExp(LONG)],
		['a number as a sheet writes it', '7.78234E+18', /"7\.78234E\+18"/],
		['such a number in a list as text', '[7.78234E+18]', /"7\.78234E\+18"/],
		['21 digits', '123456789012345678901', /more than 20 digits.*"123456789012345678901"/],
		['digits of another script', '١٢٣', /"١٢٣"/],
		['full-width digits', '１２３', /"１２３"/],
		['digits with commas for thousands in a list', '["1.234"]', /"1\.234"/],
		['an empty text in an array', ['1', ''], /""/],
		['an array in an array', [['1']], /\["1"\]/],
		['an array in a list as text', '[["1"]]', /\["1"\]/],
		['a list that does not end', '["1", "2"', /"2\\""/],
		['a list with a comma too many', '["1",]', /not a valid one/],
		['two lists', '["1"] ["2"]', /not a valid one/],
		[
			'a link that is not Gong’s',
			`https://example.com/call?id=${LONG}`,
			/not Gong's.*example\.com/,
		],
		['a link whose host only has the same end', 'https://evilapp.gong.io/call?id=1', /not Gong's/],
		[
			'a link whose host only has the same start',
			'https://app.gong.io.evil/call?id=1',
			/not Gong's/,
		],
		['a link with the host as its user', 'https://app.gong.io@evil.io/call?id=1', /not Gong's/],
		['a link to the API', 'https://api.gong.io/call?id=1', /not Gong's/],
		['a Gong link without an ID', 'https://app.gong.io/call', /without a call ID.*gong\.io\/call/],
		['a Gong link with an empty ID', 'https://app.gong.io/call?id=', /without a call ID/],
		['a Gong link with letters for an ID', 'https://app.gong.io/call?id=x', /without a call ID/],
		['a Gong link with two IDs', 'https://app.gong.io/call?id=1&id=2', /without a call ID/],
		['a Gong link to something else', 'https://app.gong.io/account?id=1', /without a call ID/],
		['half a link', 'https://', /"https:\/\/"/],
	])('refuses %s and names it', (_form, value, words) => {
		const refusal = refusalOf(value);
		expect(refusal.message).toMatch(words);
		expect(refusal.advice).not.toBe('');
	});

	test('says to pass a number that lost digits as text', () => {
		expect(refusalOf(Number(LONG)).advice).toContain('as text');
		expect(refusalOf('7.78234E+18').advice).toContain('as text');
	});

	test('shortens a value of any length to one line', () => {
		expect(refusalOf('x'.repeat(100_000)).message.length).toBeLessThan(250);
		expect(shown({ deep: 'y'.repeat(100_000) }).length).toBeLessThanOrEqual(120);
	});

	test('one bad part among good ones refuses the whole value', () => {
		expect(refusalOf(`${LONG}, ${OTHER}, 12e3`).message).toContain('12e3');
	});
});

describe('an invisible character', () => {
	const UNSEEN: [string, string, string][] = [
		['a zero-width space', '\u200b', '\\u200b'],
		['a zero-width joiner', '\u200d', '\\u200d'],
		['a word joiner', '\u2060', '\\u2060'],
		['a byte order mark', '\ufeff', '\\ufeff'],
		['a soft hyphen', '\u00ad', '\\u00ad'],
		['a left-to-right mark', '\u200e', '\\u200e'],
		['a right-to-left override', '\u202e', '\\u202e'],
		['an isolate', '\u2068', '\\u2068'],
		['a Mongolian vowel separator', '\u180e', '\\u180e'],
		['a Hangul filler', '\u3164', '\\u3164'],
		['a braille blank', '\u2800', '\\u2800'],
		['a variation selector', '\ufe0f', '\\ufe0f'],
		['a tag', '\u{e0031}', '\\u{e0031}'],
		['a next line', '\u0085', '\\u0085'],
		['a delete', '\u007f', '\\u007f'],
		['a null', '\u0000', '\\u0000'],
		['a character of private use', '\ue000', '\\ue000'],
	];

	describe.each(UNSEEN)('21: %s', (_name, character, seen) => {
		test.each(['call', 'user'] as const)(
			'in a %s ID is shown as an escape at its place',
			(kind) => {
				const value = `778${character}234`;
				for (const given of [value, [value], `1, ${value}`, JSON.stringify([value])]) {
					const { message, advice } = refusalOf(given, kind);
					expect(message).toContain(`"778${seen}234"`);
					expect(message).toMatch(/cannot be seen/);
					expect(advice).toContain(seen);
				}
			},
		);

		test('in an e-mail address is shown as an escape', () => {
			expect(refusalOf(`ana${character}@x.io`, 'user').message).toContain(`"ana${seen}@x.io"`);
		});

		test('in a link is shown as an escape', () => {
			const link = `https://app.gong.io/call?id=778${character}234`;
			expect(refusalOf(link).message).toContain(`id=778${seen}234`);
		});

		test('in any shown text is shown as an escape', () => {
			expect(shown({ [`a${character}b`]: [character] })).toBe(`{"a${seen}b":["${seen}"]}`);
		});
	});

	test('21: a space other than U+0020 is shown as an escape', () => {
		expect(shown('a\u00a0b\u2009c d')).toBe('"a\\u00a0b\\u2009c d"');
	});

	test('21: a byte order mark at the start of a text, as files have it, is ignored', () => {
		expect(readIds(`\ufeff${LONG}\n${OTHER}`, 'call')).toEqual([LONG, OTHER]);
	});

	test('21: digits other than 0 to 9 are named in the message', () => {
		for (const value of ['１２３', '77８234', '١٢٣', '𝟏𝟐𝟑']) {
			expect(refusalOf(value).message).toMatch(/digits other than 0 to 9/);
			expect(refusalOf(value).message).toContain(value);
		}
	});

	test('21: a shortened value is not cut in the middle of a character', () => {
		for (let length = 100; length < 125; length++) {
			expect(shown('x'.repeat(length) + '😀'.repeat(20))).toMatch(/^[^\ud800-\udfff]*(😀)*\.\.\.$/);
		}
	});
});

describe('e-mail addresses in every form that people have them in', () => {
	test.each<[string, unknown, string[]]>([
		['alone', 'ana@x.io', ['ana@x.io']],
		['in capitals', 'ANA@X.IO', ['ana@x.io']],
		['in angle brackets', '<ana@x.io>', ['ana@x.io']],
		['in angle brackets with spaces', '< ana@x.io >', ['ana@x.io']],
		['after a name', 'Ana B <ana@x.io>', ['ana@x.io']],
		['after a name, without a space', 'Ana<ana@x.io>', ['ana@x.io']],
		['after a quoted name', '"B, Ana" <ana@x.io>', ['ana@x.io']],
		['after itself', 'ana@x.io <Ana@x.io>', ['ana@x.io']],
		['after themselves in quotes', '"ana@x.io" <ana@x.io>', ['ana@x.io']],
		['several with names', 'Ana B <ana@x.io>, Bo <bo@x.io>', ['ana@x.io', 'bo@x.io']],
		['several with semicolons', 'Ana <ana@x.io>; Bo C <bo@x.io>;', ['ana@x.io', 'bo@x.io']],
		['several on lines', 'Ana <ana@x.io>\nBo <bo@x.io>\n', ['ana@x.io', 'bo@x.io']],
		['several in brackets', '<ana@x.io> <bo@x.io>', ['ana@x.io', 'bo@x.io']],
		['with IDs on other lines', '123456\nAna <ana@x.io>\n456789', ['123456', 'ana@x.io', '456789']],
		['with IDs and commas', '123456, <ana@x.io>, 456789', ['123456', 'ana@x.io', '456789']],
		['with an ID after it', '<ana@x.io> 456789', ['ana@x.io', '456789']],
		['as mailto', 'mailto:ana@x.io', ['ana@x.io']],
		['as mailto in capitals', 'MAILTO:Ana@X.io', ['ana@x.io']],
		['as mailto with a subject', 'mailto:ana@x.io?subject=Hi%20there', ['ana@x.io']],
		['as mailto with escapes', 'mailto:ana%2Bb%40x.io', ['ana+b@x.io']],
		['as mailto in brackets', 'Ana <mailto:ana@x.io?subject=Hi>', ['ana@x.io']],
		['several as mailto', 'mailto:ana@x.io mailto:bo@x.io', ['ana@x.io', 'bo@x.io']],
		[
			'several as mailto with subjects',
			'mailto:ana@x.io?subject=a, mailto:bo@x.io?subject=b\n123456',
			['ana@x.io', 'bo@x.io', '123456'],
		],
		['one mailto of two', 'mailto:ana@x.io,bo@x.io', ['ana@x.io', 'bo@x.io']],
		['in an array', ['Ana <ana@x.io>', 'mailto:bo@x.io', 3], ['ana@x.io', 'bo@x.io', '3']],
		['in a list as text', '["Ana <ana@x.io>", "bo@x.io"]', ['ana@x.io', 'bo@x.io']],
		['with an accent in two ways, once', 'zo\u00eb@x.io zoe\u0308@X.io', ['zo\u00eb@x.io']],
		['with an apostrophe', "o'brien@x.io", ["o'brien@x.io"]],
	])('22: reads them %s', (_form, value, ids) => {
		expect(readIds(value, 'user')).toEqual(ids);
		expect(readableIds(value, 'user')).toEqual({ ids, complete: true });
	});

	test.each<[string, string, RegExp]>([
		['an ID before brackets', '123 <ana@x.io>', /in two ways: "123 <ana@x\.io>"/],
		['an ID before a name', '123 Ana <ana@x.io>', /in two ways: "123 Ana <ana@x\.io>"/],
		['an ID in a name', 'Ana 2 <ana@x.io>', /in two ways/],
		['another address before brackets', 'bo@x.io <ana@x.io>', /in two ways/],
		['another address in quotes', '"bo@x.io" <ana@x.io>', /in two ways/],
		['a name that an ID precedes', '123 "B, Ana" <ana@x.io>', /in two ways/],
		['a name with a comma and no quotes', 'B, Ana <ana@x.io>', /"B"/],
		['a name alone', 'Ana <ana@x.io>, Bo', /"Bo"/],
		['a name after it', '<ana@x.io> Ana', /"Ana"/],
		['an ID in brackets', 'Ana <123>', /"<123>"/],
		['two addresses in brackets', '<ana@x.io bo@x.io>', /"<ana@x\.io bo@x\.io>"/],
		['empty brackets', 'Ana <>', /"<>"/],
		['a bracket that does not close', 'Ana <ana@x.io', /"Ana"/],
		['a bracket that does not open', 'ana@x.io>', /">"/],
		['brackets twice', '<<ana@x.io>>', /"<"/],
		['an address in quotes', '"ana@x.io"', /"\\"ana@x\.io\\""/],
		['a mailto of nobody', 'mailto:', /"mailto:"/],
		['a mailto of an ID', 'mailto:123', /"mailto:123"/],
		['a mailto of somebody in the query', 'mailto:?to=ana@x.io', /mailto:\?to=ana/],
		['a mailto with a copy', 'mailto:ana@x.io?cc=bo@x.io', /more people/],
		['a mailto with a blind copy', 'mailto:ana@x.io?subject=a&BCC=bo@x.io', /more people/],
		['a mailto with an address in its subject', 'mailto:ana@x.io?subject=a bo@x.io', /in two ways/],
		['a mailto with a comma in its subject', 'mailto:ana@x.io?subject=a,bo@x.io', /in two ways/],
		['a mailto with a broken escape', 'mailto:ana%E0%A4%A@x.io', /mailto:ana%E0/],
		['a mailto with a hidden separator', 'mailto:ana@x.io%2Cbo@x.io', /mailto:ana@x/],
		['a mailto with a hidden space', 'mailto:ana%20bo@x.io', /mailto:ana%20/],
		['an address that is too long', `${'a'.repeat(400)}@x.io`, /longer than 320/],
	])('22: refuses %s in words', (_form, value, words) => {
		const refusal = refusalOf(value, 'user');
		expect(refusal.message).toMatch(words);
		expect(refusal.advice).not.toBe('');
		expect(readableIds(value, 'user').complete).toBe(false);
	});

	test('22: two spellings of the same letters are one address', () => {
		const letters = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });
		fc.assert(
			fc.property(letters, (text) => {
				const forms = [text, text.normalize('NFC'), text.normalize('NFD'), ` ${text}\n`];
				expect(new Set(forms.map(addressKey)).size).toBe(1);
				expect(addressKey(addressKey(text))).toBe(addressKey(text));
			}),
		);
	});
});

describe('the readable part of a value that is partly bad', () => {
	test.each<[string, unknown, string[]]>([
		['a letter after an ID', '1 x', ['1']],
		['a null among good ones', [1, null, '22', { a: 1 }], ['1', '22']],
		['a bad link among good ones', '1 https://bad/link 3', ['1', '3']],
		['a number that is too long', `1 123456789012345678901 ${LONG}`, ['1', LONG]],
		['a list that breaks off', `["${LONG}", ${OTHER}, "3`, [LONG, OTHER, '3']],
		['a list with a comma too many', `[${LONG},]`, [LONG]],
		['a list in a list', [[LONG], [[OTHER]]], [LONG, OTHER]],
		['a list in a list as text', `[["${LONG}"],[[${OTHER}]]]`, [LONG, OTHER]],
		['an object', { id: LONG, n: 12, deep: [{ id: OTHER }] }, [LONG, '12', OTHER]],
		['an object as text', `{"id":"${LONG}","n":${OTHER}}`, [LONG, OTHER]],
		['the keys of an object', { [LONG]: true }, [LONG]],
		['a link to a call and a word', `https://app.gong.io/call?id=${LONG} x`, [LONG]],
		['a link in an object', { url: `https://app.gong.io/call?id=${LONG}` }, [LONG]],
		['a link on another host', `https://gong.example/call?id=${LONG}`, [LONG]],
		['an ID in quotes', `"${LONG}"`, [LONG]],
		['an ID with a zero-width space', `${LONG.slice(0, 3)}\u200b${LONG.slice(3)}`, [LONG]],
		['full-width digits', '１２３ x', ['123']],
		['a number that lost digits', [Number(LONG), 5], ['5']],
		['nothing', undefined, []],
		['an empty text', '', []],
		['an empty list', [], []],
		['true', true, []],
		['a fraction', 12.5, []],
		['no number', NaN, []],
	])('gives all its IDs and says that it is incomplete: %s', (_what, value, ids) => {
		const read = readableIds(value, 'call');
		expect(read.complete).toBe(false);
		expect(read.ids).toEqual(expect.arrayContaining(ids));
		expect(read.ids.filter((id) => id.length > 15)).toEqual(ids.filter((id) => id.length > 15));
		expect(() => readIds(value, 'call')).toThrow(FailureError);
	});

	test('of users gives its IDs and addresses', () => {
		const read = (value: unknown) => readableIds(value, 'user').ids;
		expect(read('1 x ana@x.io Bo')).toEqual(['1', 'ana@x.io']);
		expect(read('["Ana <ana@x.io>", "bo@x.io')).toEqual(['ana@x.io', 'bo@x.io']);
		expect(read([{ id: '1', email: 'Ana@x.io' }, null])).toEqual(['1', 'ana@x.io']);
		expect(read('ana1@x@io')).toEqual([]);
	});

	test('does not loop on circular values and survives getters that throw', () => {
		const circle: Record<string, unknown> = { id: LONG };
		circle.again = circle;
		circle.list = [circle, OTHER];
		expect(readableIds(circle, 'call')).toEqual({ ids: [LONG, OTHER], complete: false });
		const trap = {
			get bad(): string {
				throw new TypeError('trap');
			},
		};
		expect(readableIds([LONG, trap, OTHER], 'call').ids).toContain(LONG);
		const { proxy, revoke } = Proxy.revocable([], {});
		revoke();
		expect(readableIds(['1', proxy], 'call')).toEqual({ ids: ['1'], complete: false });
	});

	const nearly = (unit: string) =>
		fc.string({ unit: fc.constantFrom(...unit, '12', 'a@b', 'mailto:', '\u200b'), maxLength: 40 });
	const anything = fc.oneof(
		fc.jsonValue(),
		fc.string({ unit: 'binary' }),
		nearly('0123456789[]",; .-+eE\\{}:\n<>@'),
		nearly('12[]", <>@\n'),
		nearly('1["],'),
		fc.array(fc.oneof(nearly('12[]", '), fc.maxSafeNat(), fc.constant(null))),
		fc.anything({ withBigInt: true, withDate: true, withMap: true, withSparseArray: true }),
	);

	test.each(['call', 'user'] as const)(
		'of a %s is what is read from it, and is complete just when it can be read',
		(kind) => {
			fc.assert(
				fc.property(anything, (value) => {
					const read = readableIds(value, kind);
					const outcome = outcomeOf(value, kind);
					expect(read.complete).toBe(Array.isArray(outcome));
					expect(Array.isArray(outcome) ? read.ids : outcome).toEqual(outcome);
					expect(new Set(read.ids).size).toBe(read.ids.length);
					for (const id of read.ids) expect(id).toMatch(kind === 'call' ? /^[0-9]{1,20}$/ : /./);
				}),
				{ numRuns: 3000 },
			);
		},
	);

	test('never loses a good ID because of its neighbours', () => {
		const good = fc.bigInt({ min: 10n ** 17n, max: 10n ** 19n }).map(String);
		const bad = fc.constantFrom<unknown>('x', null, {}, '1e5', NaN, true, '["', -1, 'https://x');
		fc.assert(
			fc.property(fc.array(good, { minLength: 1 }), bad, fc.nat(), (ids, wrong, at) => {
				const list: unknown[] = [...ids];
				list.splice(at % (ids.length + 1), 0, wrong);
				const wanted = expect.arrayContaining(ids) as string[];
				expect(readableIds(list, 'call').ids).toEqual(wanted);
				expect(readableIds(list.join(' '), 'call').ids).toEqual(wanted);
				expect(readableIds(JSON.stringify(list).slice(0, -1), 'call').ids).toEqual(wanted);
				expect(readableIds(list, 'call').complete).toBe(false);
			}),
		);
	});
});

describe('for any input', () => {
	const DIGITS = [...'0123456789'];
	const id = fc.string({ unit: fc.constantFrom(...DIGITS), minLength: 6, maxLength: 20 });
	const ids = fc.array(id, { minLength: 1, maxLength: 30 });
	const separator = fc.string({
		unit: fc.constantFrom(',', ';', ' ', '\t', '\n', '\r\n', '\u00a0'),
		minLength: 1,
		maxLength: 4,
	});
	const host = fc.constantFrom('app.gong.io', 'us-12345.app.gong.io', 'eu-1.app.gong.io');
	const link = fc
		.tuple(host, id, fc.constantFrom('', '&x=1', '#t=5'))
		.map(([name, callId, rest]) => ({ callId, text: `https://${name}/call?id=${callId}${rest}` }));
	const once = (list: string[]): string[] => [...new Set(list)];

	test('IDs joined by any separators are read back digit for digit, in order, each once', () => {
		const text = ids.chain((list) =>
			fc
				.array(separator, { minLength: list.length, maxLength: list.length })
				.map((gaps) => ({ list, joined: list.map((each, at) => each + gaps[at]).join('') })),
		);
		fc.assert(
			fc.property(text, ({ list, joined }) => {
				expect(readIds(joined, 'call')).toEqual(once(list));
			}),
		);
	});

	test('an array, and a JSON array of strings or bare numbers as text, mean the same', () => {
		const spaces = fc.constantFrom('', ' ', '\n\t');
		fc.assert(
			fc.property(ids, spaces, (list, gap) => {
				expect(readIds(list, 'call')).toEqual(once(list));
				expect(readIds(JSON.stringify(list, null, gap), 'call')).toEqual(once(list));
				expect(readIds(`${gap}[${list.join(`${gap},${gap}`)}]${gap}`, 'call')).toEqual(once(list));
			}),
		);
	});

	test('links give the IDs in them', () => {
		fc.assert(
			fc.property(fc.array(link, { minLength: 1, maxLength: 10 }), separator, (links, gap) => {
				const texts = links.map(({ text }) => text);
				const wanted = once(links.map(({ callId }) => callId));
				expect(readIds(texts.join(gap), 'call')).toEqual(wanted);
				expect(readIds(texts, 'call')).toEqual(wanted);
				expect(readIds(JSON.stringify(texts), 'call')).toEqual(wanted);
			}),
		);
	});

	test('a safe integer gives its digits', () => {
		fc.assert(
			fc.property(fc.maxSafeNat(), (value) => {
				expect(readIds(value, 'call')).toEqual([BigInt(value).toString()]);
			}),
		);
	});

	/** What is wrong with a result: IDs that are not in the value as they are, or a message that is not ours. */
	const wrongWith = (value: unknown): unknown[] => {
		let found: string[];
		try {
			found = readIds(value, 'call');
		} catch (thrown) {
			return thrown instanceof FailureError ? [] : [thrown];
		}
		const text = typeof value === 'string' ? value : JSON.stringify(value);
		if (found.length === 0) return ['no IDs and no message'];
		return found.filter((each) => !/^[0-9]{1,20}$/.test(each) || !text.includes(each));
	};

	test('any JSON value gives IDs that are in it, or our own words', () => {
		fc.assert(
			fc.property(fc.jsonValue(), (value) => {
				expect(wrongWith(value)).toEqual([]);
			}),
			{ numRuns: 1000 },
		);
	});

	test('any text gives IDs that are in it, or our own words', () => {
		const nearly = fc.string({
			unit: fc.constantFrom(...DIGITS, ...'[]",; .-+eE\\{}:\n'),
			maxLength: 40,
		});
		fc.assert(
			fc.property(fc.oneof(fc.string({ unit: 'binary' }), nearly), (value) => {
				expect(wrongWith(value)).toEqual([]);
			}),
			{ numRuns: 2000 },
		);
	});

	test('any JavaScript value, however odd, is refused in our own words', () => {
		const odd = fc.anything({
			withBigInt: true,
			withDate: true,
			withMap: true,
			withSet: true,
			withNullPrototype: true,
			withSparseArray: true,
			withTypedArray: true,
			withObjectString: true,
		});
		const object = odd.filter(
			(value) => !['string', 'number'].includes(typeof value) && !Array.isArray(value),
		);
		fc.assert(
			fc.property(object, (value) => {
				expect(refusalOf(value).message).not.toBe('');
			}),
			{ numRuns: 1000 },
		);
	});

	test('text without a digit holds no ID', () => {
		const text = fc.string({ unit: 'grapheme' }).filter((value) => !/[0-9]/.test(value));
		fc.assert(
			fc.property(text, (value) => {
				expect(refusalOf(value).message).not.toBe('');
			}),
		);
	});
});
