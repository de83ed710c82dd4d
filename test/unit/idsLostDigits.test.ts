import fc from 'fast-check';
import { lostDigits, mayHaveLostDigits } from '../../nodes/GongCallAccess/parameters/lostDigits';

const REAL = ['7782342274025937895', '7263518490127735046', '5012345678901234567'];
const ROUNDED = REAL.map((id) => String(Number(id)));

const id = fc.bigInt({ min: 10n ** 18n, max: 10n ** 19n }).map(String);
/** IDs of 19 digits with nothing in common, always the same ones (Knuth's numbers for MMIX). */
const realIds = (count: number): string[] => {
	let last = 0n;
	return Array.from({ length: count }, () => {
		last = (last * 6364136223846793005n + 1442695040888963407n) % 2n ** 64n;
		return String(10n ** 18n + (last % (9n * 10n ** 18n)));
	});
};

describe('an ID that may have lost digits', () => {
	test.each(['7782342274025938000', '9007199254740992', '18446744073709552000', ...ROUNDED])(
		'is what JavaScript makes of a number: %s',
		(rounded) => {
			expect(mayHaveLostDigits(rounded)).toBe(true);
		},
	);

	test.each([
		...REAL,
		'9007199254740991',
		'234599484848423',
		'9007199254740993',
		'423',
		'1000',
		'07782342274025938000',
		'7.782342274025938e+18',
		'ana@x.io',
		'',
	])('is none that JavaScript would not print, or that is exact: %j', (other) => {
		expect(mayHaveLostDigits(other)).toBe(false);
	});

	test.each<[string, (id: string) => string]>([
		['toString', (text) => Number(text).toString()],
		['a template', (text) => `${Number(text)}`],
		['join', (text) => [Number(text)].join(', ')],
		['concatenation', (text) => Number(text) + ''],
		['JSON', (text) => JSON.stringify(JSON.parse(text))],
		['trim', (text) => String(Number(text)).trim()],
		['the 15 digits that a sheet keeps', (text) => text.slice(0, 15).padEnd(text.length, '0')],
	])('is what %s leaves of a real one', (_how, rounded) => {
		for (const text of realIds(200)) expect(mayHaveLostDigits(rounded(text))).toBe(true);
	});
});

describe('the IDs of a run that have lost digits', () => {
	test('are two or more different ones', () => {
		expect(lostDigits(ROUNDED)).toEqual(ROUNDED);
		expect(lostDigits(ROUNDED.slice(1))).toEqual(ROUNDED.slice(1));
		expect(lostDigits([REAL[0], ...ROUNDED, '12', 'ana@x.io'])).toEqual(ROUNDED);
	});

	test('are not a single one, however often it comes', () => {
		expect(lostDigits([ROUNDED[0], ROUNDED[0], ...REAL])).toEqual([]);
		expect(lostDigits([ROUNDED[0]], [ROUNDED[0]])).toEqual([]);
		expect(lostDigits([])).toEqual([]);
		expect(lostDigits()).toEqual([]);
	});

	test('may be a call and a user', () => {
		expect(lostDigits([ROUNDED[0]], [ROUNDED[1]])).toEqual([ROUNDED[0], ROUNDED[1]]);
	});

	test('are found among fifty real ones', () => {
		expect(lostDigits([...realIds(50), ...ROUNDED.slice(1)])).toEqual(
			expect.arrayContaining(ROUNDED.slice(1)),
		);
	});

	test('are found where users lost digits beside thousands of real calls', () => {
		expect(lostDigits(realIds(5_000), ROUNDED)).toEqual(ROUNDED);
	});

	test('are found where a tenth of many comes from a column of numbers', () => {
		const calls = realIds(2_000).map((text, at) => (at % 10 === 0 ? String(Number(text)) : text));
		expect(lostDigits(calls).length).toBeGreaterThanOrEqual(200);
	});

	test('are none of thousands of real ones, although some of these look so', () => {
		const calls = realIds(20_000);
		expect(calls.filter(mayHaveLostDigits).length).toBeGreaterThan(2);
		expect(lostDigits(calls)).toEqual([]);
	});

	test('are none of real ones that follow on one another', () => {
		const first = 7_782_342_274_000_000_000n;
		const calls = Array.from({ length: 20_000 }, (_, at) => String(first + BigInt(at)));
		expect(calls.filter(mayHaveLostDigits).length).toBeGreaterThan(2);
		expect(lostDigits(calls)).toEqual([]);
	});

	test('are none of two of 16 digits, where every second real one looks so', () => {
		expect(lostDigits(['9007199254740994', '9007199254740996'])).toEqual([]);
	});

	test('are all of any two that were rounded', () => {
		fc.assert(
			fc.property(fc.uniqueArray(id, { minLength: 2, maxLength: 50 }), (ids) => {
				const rounded = [...new Set(ids.map((text) => String(Number(text))))];
				expect(lostDigits(rounded)).toEqual(rounded.length > 1 ? rounded : []);
			}),
		);
	});

	test('are refused by mistake in fewer than one of a hundred runs', () => {
		const ids = realIds(50_000);
		for (const size of [50, 125, 200, 500, 1_000]) {
			const runs = ids.length / size;
			const refused = Array.from({ length: runs }, (_, run) =>
				lostDigits(ids.slice(run * size, (run + 1) * size)),
			).filter((lost) => lost.length > 0);
			expect(refused.length).toBeLessThanOrEqual(runs / 100);
		}
	});
});
