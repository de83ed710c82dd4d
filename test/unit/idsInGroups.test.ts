import fc from 'fast-check';
import { readableIds } from '../../nodes/GongCallAccess/parameters/ids';
import { outcomeOf } from './idsRead';

const USER = '234599484848423';
const CALL = '7782342274025937895';

/** A number as a sheet shows it: groups of three digits, in India of two before the last. */
const inGroups = (id: string, separator: string, size = 3): string => {
	const last = id.slice(-Math.max(size, 3));
	const groups = [last];
	for (let end = id.length - last.length; end > 0; end -= size) {
		groups.unshift(id.slice(Math.max(0, end - size), end));
	}
	return groups.join(separator);
};

const SEPARATORS: [string, string][] = [
	['commas, as in the United States', ','],
	['points, as in Germany', '.'],
	['spaces, typed', ' '],
	['no-break spaces, as in older French', '\u00a0'],
	['narrow no-break spaces, as in French', '\u202f'],
	['thin spaces', '\u2009'],
	['figure spaces', '\u2007'],
	['punctuation spaces', '\u2008'],
	['six-per-em spaces', '\u2006'],
	['ideographic spaces', '\u3000'],
	['straight apostrophes, as in older Swiss', "'"],
	['curly apostrophes, as in Swiss', '’'],
	['opening apostrophes', '‘'],
	['modifier apostrophes', 'ʼ'],
	['primes', '′'],
	['accents', '´'],
	['Arabic thousands separators', '٬'],
	['full-width commas', '，'],
	['middle dots, as in Catalan', '·'],
	['underscores', '_'],
	['new lines, as a narrow cell breaks', '\n'],
	['tabs', '\t'],
	['semicolons', ';'],
	['commas and spaces', ', '],
	['no-break spaces that cannot break', '\u2060'],
];

describe.each(SEPARATORS)('a number in groups with %s', (_name, separator) => {
	const shapes = [
		inGroups(USER, separator),
		inGroups(USER, separator, 2),
		inGroups(USER, separator, 4),
	];

	test.each(['call', 'user'] as const)('is refused and never read as several %s IDs', (kind) => {
		for (const shape of [...shapes, inGroups(CALL, separator)]) {
			const values = [
				shape,
				[shape],
				JSON.stringify([shape]),
				` ${shape} `,
				`${shape}, ${shape}`,
				`${shape},${shape}`,
				`${shape}\n${CALL}`,
				`${CALL}, ${shape}`,
				`${CALL},${shape},${CALL}`,
				`${shape}.00`,
				`${shape};`,
			];
			for (const value of values) {
				expect(outcomeOf(value, kind)).toMatch(/^'IDs' has /);
				expect(readableIds(value, kind).complete).toBe(false);
			}
		}
	});
});

test.each<[string, string]>([
	['two at once', '23,45,99,48,48,48,423,23,45,99,48,48,48,424'],
	['beside an address', 'ana@x.io, 234,599,484,848,423'],
	['beside a person', 'Ana <ana@x.io>, 23,45,99,48,48,48,423'],
	['behind a mailto link', 'mailto:ana@x.io,234,599,484,848,423'],
	['in quotes, as CSV writes it', '"234,599,484,848,423"'],
	['with a currency', '₹23,45,99,48,48,48,423'],
	['with a minus', '-234,599,484,848,423'],
	['in parentheses', '(234,599,484,848,423)'],
	['with zeros in front', '000,234,599,484,848,423'],
	['as a broken list', '[234,599,484,848,423'],
	['with a plus', '+234 599 484 848 423'],
])('users in groups are refused %s', (_name, value) => {
	expect(outcomeOf(value, 'user')).toMatch(/^'IDs' (has|starts) /);
	expect(readableIds(value, 'user').complete).toBe(false);
});

test.each([
	['234,599,484,848,423', '234,599,484,848,423'],
	['23,45,99,48,48,48,423', '23,45,99,48,48,48,423'],
	['234.599.484.848.423', '234.599.484.848.423'],
	['234 599 484 848 423', '234 599 484 848 423'],
	['234’599’484’848’423', '234’599’484’848’423'],
	['234\u202f599\u202f484\u202f848\u202f423', '234\\u202f599'],
	[`${CALL}, 2345,9948,4848,423`, '2345,9948,4848,423'],
])(
	'the words for %j name the number, and say to format the column as plain text',
	(value, named) => {
		const words = outcomeOf(value, 'user');
		expect(words).toContain('one number in groups of digits, as a sheet shows it');
		expect(words).toContain(named);
		expect(words).toContain('format the column as plain text');
	},
);

describe('an ID of fewer than six digits', () => {
	test.each<[string, unknown, string[]]>([
		['alone', '423', ['423']],
		['alone with white space', ' 423\n', ['423']],
		['alone with a comma behind it', '423,', ['423']],
		['as a number', 423, ['423']],
		['in a list', ['423', 12], ['423', '12']],
		['in a list as text', '["423", 12]', ['423', '12']],
		['in a list beside whole IDs', [CALL, '423'], [CALL, '423']],
	])('is read %s', (_where, value, ids) => {
		expect(outcomeOf(value, 'user')).toEqual(ids);
	});

	test.each<[string, string, string]>([
		['behind an ID', `${CALL}, 423`, '423'],
		['before an ID', `99 ${CALL}`, '99'],
		['beside an address', 'ana@x.io, 423', '423'],
		['beside itself', '7 7', '7'],
		['beside others like it', '1,2', '1'],
	])('is refused %s, with words that name it and say how to give it', (_where, value, named) => {
		const words = outcomeOf(value, 'user');
		expect(words).toContain(`has a short number beside other values: "${named}"`);
		expect(words).toContain('in a list such as');
		expect(words).toContain('format the column as plain text');
	});

	test('is refused beside a link', () => {
		const link = `https://app.gong.io/call?id=${CALL}`;
		expect(outcomeOf(`${link} 423`, 'call')).toContain('"423"');
		expect(outcomeOf(`423\n<${link}|423>`, 'call')).toContain('"423"');
	});

	test('is one of six digits no more', () => {
		expect(outcomeOf(`123456 ${CALL}`, 'call')).toEqual(['123456', CALL]);
	});
});

test('no number in groups is read as anything but itself, whatever its groups and whatever stands beside it', () => {
	const digits = fc.stringMatching(/^[1-9][0-9]{14,19}$/);
	const separator = fc.constantFrom(...SEPARATORS.map(([, text]) => text));
	const grouped = fc
		.tuple(digits, separator, fc.constantFrom(2, 3, 4, 5))
		.map(([id, gap, size]) => inGroups(id, gap, size));
	const pieces = fc.array(fc.oneof(digits, grouped), { minLength: 1, maxLength: 5 });
	const between = fc.constantFrom(',', ', ', ' ', '\n', ';', '\t');
	fc.assert(
		fc.property(
			pieces,
			grouped,
			between,
			fc.constantFrom('call', 'user'),
			(some, one, gap, kind) => {
				expect(typeof outcomeOf([...some, one].join(gap), kind)).toBe('string');
				expect(typeof outcomeOf([one, ...some].join(gap), kind)).toBe('string');
			},
		),
		{ numRuns: 1000 },
	);
});
