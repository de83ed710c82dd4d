import fc from 'fast-check';
import { built } from './built';

const { readIds, UnusableId } =
	built<typeof import('../../nodes/GongCallAccess/input/ids')>('input/ids');
const { shown } = built<typeof import('../../nodes/GongCallAccess/text')>('text');

const LONG = '7782342274025937895';
const OTHER = '7263518490127735046';

/** What is said about a value that holds no usable ID. */
function refusalOf(value: unknown): InstanceType<typeof UnusableId> {
	let ids: string[];
	try {
		ids = readIds(value, 'call');
	} catch (thrown) {
		if (thrown instanceof UnusableId) return thrown;
		throw thrown;
	}
	throw new Error(`taken as ${JSON.stringify(ids)}`);
}

describe('call IDs in every form that a person has them', () => {
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
		['an array whose texts hold many', [`${LONG} ${OTHER}`, '3,4'], [LONG, OTHER, '3', '4']],
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

describe('what is no call ID', () => {
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
		['nothing', undefined, /undefined/],
		['a gap in an array', [undefined], /undefined/],
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
		['a link whose host only ends alike', 'https://evilapp.gong.io/call?id=1', /not Gong's/],
		['a link whose host only starts alike', 'https://app.gong.io.evil/call?id=1', /not Gong's/],
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

	test('names a value of any length in one line', () => {
		expect(refusalOf('x'.repeat(100_000)).message.length).toBeLessThan(250);
		expect(shown({ deep: 'y'.repeat(100_000) }).length).toBeLessThanOrEqual(120);
	});

	test('one bad part among good ones refuses them all', () => {
		expect(refusalOf(`${LONG}, ${OTHER}, 12e3`).message).toContain('12e3');
	});
});

describe('lists of any length', () => {
	const many = Array.from({ length: 100_000 }, (_, place) => `77823422740${10_000_000 + place}`);

	test.each<[string, unknown]>([
		['text', many.join(',')],
		['an array', many],
		['JSON strings as text', JSON.stringify(many)],
		['JSON numbers as text', `[${many.join(',')}]`],
	])('100,000 IDs come back out of %s', (_form, value) => {
		expect(readIds(value, 'call')).toEqual(many);
	});

	test('a JSON string of millions of characters is refused in words', () => {
		expect(refusalOf(`["${'x'.repeat(20_000_000)}"]`).message).toMatch(/xxx/);
	});
});

describe('whatever is given', () => {
	const DIGITS = [...'0123456789'];
	const id = fc.string({ unit: fc.constantFrom(...DIGITS), minLength: 1, maxLength: 20 });
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

	test('IDs joined by any separators come back digit for digit, in order, each once', () => {
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

	/** What is wrong with what came of a value: neither IDs that stand in it as they are, nor our own words. */
	const wrongWith = (value: unknown): unknown[] => {
		let found: string[];
		try {
			found = readIds(value, 'call');
		} catch (thrown) {
			return thrown instanceof UnusableId ? [] : [thrown];
		}
		const text = typeof value === 'string' ? value : JSON.stringify(value);
		if (found.length === 0) return ['nothing found, and nothing said'];
		return found.filter((each) => !/^[0-9]{1,20}$/.test(each) || !text.includes(each));
	};

	test('any JSON value gives IDs that stand in it, or our own words', () => {
		fc.assert(
			fc.property(fc.jsonValue(), (value) => {
				expect(wrongWith(value)).toEqual([]);
			}),
			{ numRuns: 1000 },
		);
	});

	test('any text gives IDs that stand in it, or our own words', () => {
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
