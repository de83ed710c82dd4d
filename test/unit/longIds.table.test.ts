/** What is very long is read in linear time. */
import { spawnSync } from 'node:child_process';

import { shown } from '../../nodes/GongCallAccess/messages/visible';
import { FieldPath, plainField } from '../../nodes/GongCallAccess/parameters/fieldPath';
import { readableIds } from '../../nodes/GongCallAccess/parameters/ids';
import { PROJECT } from '../harness/package/project';
import { outcomeOf, readIds, refusalOf } from './readingIds';

describe('lists of any length', () => {
	const many = Array.from({ length: 100_000 }, (_, place) => `77823422740${10_000_000 + place}`);

	test.each<[string, unknown]>([
		['text', many.join(',')],
		['an array', many],
		['JSON strings as text', JSON.stringify(many)],
		['JSON numbers as text', `[${many.join(',')}]`],
	])('100,000 IDs are all read from %s', (_form, value) => {
		expect(readIds(value, 'call')).toEqual(many);
	});

	test('a JSON string of millions of characters is refused in words', () => {
		expect(refusalOf(`["${'x'.repeat(20_000_000)}"]`).message).toMatch(/xxx/);
	});

	test('millions of characters are refused in words where V8 no longer optimizes, too', () => {
		const texts = [
			'x',
			'1',
			'1 ',
			'["x',
			'"x',
			'<x',
			'12.',
			'12,',
			'https://x',
			'<https://x|y',
			'https://x [y',
		];
		const script = `
			const { readIds, readableIds } = require('./nodes/GongCallAccess/parameters/ids.ts');
			for (const text of ${JSON.stringify(texts)}) {
				const long = text + text.at(-1).repeat(6_000_000);
				for (const kind of ['call', 'user']) {
					try {
						readableIds(long, kind);
						readIds(long, kind, 'L');
					} catch (error) {
						if (error.name !== 'FailureError') console.log(text, kind, error.message);
					}
				}
			}`;
		const flags = ['--no-regexp-optimization', '--require', 'tsx/cjs', '-e', script];
		const { stdout, stderr, status } = spawnSync(process.execPath, flags, { cwd: PROJECT });
		expect({ status, said: `${stdout}${stderr}` }).toEqual({ status: 0, said: '' });
	});
});

describe('hostile values', () => {
	const nested = (size: number): unknown => {
		let value: unknown = '1';
		for (let level = 0; level < size; level++) value = [value];
		return value;
	};
	const HOSTILE: [string, (size: number) => unknown][] = [
		['a list that is one unfinished string of escapes', (n) => `["${'\\"'.repeat(n)}`],
		['a list of a string of escapes', (n) => `["${'\\"'.repeat(n)}"]`],
		['a list of a string of backslashes', (n) => `["${'\\'.repeat(n)}`],
		['a list of unfinished strings', (n) => `[${'"\\'.repeat(n)}`],
		['a list of quotes', (n) => `[${'"'.repeat(n)}`],
		['a list of one number', (n) => `[${'1'.repeat(n)}x`],
		['a list of minus signs', (n) => `[${'-'.repeat(n)}`],
		['a list of exponents', (n) => `[${'1e'.repeat(n)}]`],
		['lists in lists as text', (n) => `${'['.repeat(n)}1${']'.repeat(n)}`],
		['lists that do not end', (n) => '['.repeat(n)],
		['objects in a list as text', (n) => `[${'{"a":'.repeat(n)}1${'}'.repeat(n)}]`],
		['lists in lists', nested],
		['an object of many fields', (n) => Object.fromEntries([...Array(n).keys()].entries())],
		['an array of lists', (n) => Array.from({ length: n }, () => ['1'])],
		['an array of letters', (n) => Array.from({ length: n }, () => 'x')],
		['one long number', (n) => '1'.repeat(n)],
		['a long number as a sheet writes it', (n) => `${'1'.repeat(n)}.${'1'.repeat(n)}e`],
		['words', (n) => 'x '.repeat(n)],
		['numbers that are too long', (n) => '123456789012345678901 '.repeat(n)],
		['separators before a letter', (n) => `${' ,;'.repeat(n)}x`],
		['white space before a letter', (n) => `1${'\n'.repeat(n)}x`],
		['a link with slashes', (n) => `https://app.gong.io/call${'/'.repeat(n)}x?id=1`],
		['a link with a long host', (n) => `https://${'é'.repeat(n)}.app.gong.io/call?id=1`],
		['a link with many labels', (n) => `https://${'a.'.repeat(n)}app.gong.io/call?id=1`],
		['a link with many queries', (n) => `https://app.gong.io/call?${'id=1&'.repeat(n)}`],
		['links that are not Gong’s', (n) => 'https://x.example/1 '.repeat(n)],
		['at signs', (n) => '@'.repeat(n)],
		['a long address', (n) => `${'a'.repeat(n)}@${'b'.repeat(n)}@`],
		['an address of marks', (n) => `a${'\u0315\u0300'.repeat(n)}@x.io`],
		['opened brackets', (n) => '<'.repeat(n)],
		['closed brackets', (n) => '>'.repeat(n)],
		['names before a bracket', (n) => `${'a '.repeat(n)}<`],
		['numbers before an address in brackets', (n) => `${'1 '.repeat(n)}<ana@x.io>`],
		['quotes', (n) => '"a'.repeat(n)],
		['a mailto with many queries', (n) => `mailto:a@x.io?${'to=b&'.repeat(n)}`],
		['a mailto with percent signs', (n) => `mailto:${'%'.repeat(n)}@x.io`],
		['a link with commas', (n) => `https://app.gong.io/call?id=1&x=${',1'.repeat(n / 4)}`],
		['links with commas', (n) => 'https://app.gong.io/call?id=1&x=,,,, '.repeat(n / 30)],
		['links joined by commas', (n) => 'https://app.gong.io/call?id=1,'.repeat(n / 30)],
		[
			'a link with separators and no digits',
			(n) => `https://app.gong.io/call?${',/;='.repeat(n / 4)}`,
		],
		['a link with commas and brackets', (n) => `https://app.gong.io/call?${',[a'.repeat(n / 4)}`],
		[
			'a link with JSON that does not end',
			(n) => `https://app.gong.io/call?h=${'[{'.repeat(n / 4)}`,
		],
		['links in one another', (n) => 'https://'.repeat(n / 8)],
		['links in brackets that do not close', (n) => '<https://a|'.repeat(n / 10)],
		['a title that does not end', (n) => `<https://app.gong.io/call?id=1|${'a '.repeat(n / 4)}`],
		['links with spaces before brackets', (n) => `https://a.b${' '.repeat(n / 4)}<https://c.d>`],
		['opened titles of Markdown', (n) => `1 https://a.b mailto:a@x.io ${'['.repeat(n / 4)}`],
		['opened titles of words', (n) => `1 https://a.b mailto:a@x.io ${'[a '.repeat(n / 4)}`],
		['titles without a link', (n) => `1 https://a.b mailto:a@x.io ${'[a]('.repeat(n / 4)}`],
		['titles with escapes', (n) => `1 https://a.b mailto:a@x.io [${'\\'.repeat(n / 4)}`],
		['titles of Slack', (n) => `<mailto:a@x.io|${'a|'.repeat(n / 4)}>`],
		['escaped ampersands', (n) => `https://a.b?${'&amp;amp;'.repeat(n / 4)}`],
		['numbers in groups', (n) => '12.'.repeat(n / 3)],
		['numbers in groups apart', (n) => '12,345 '.repeat(n / 7)],
		['zero-width characters', (n) => `1${'\u200b'.repeat(n)}2`],
		['zero-width characters apart', (n) => '1\u200b '.repeat(n)],
	];
	/** So long that a test would not end if reading took more than linear time. */
	const LONG = 300_000;

	describe.each(['call', 'user'] as const)('17: are read in linear time: %s', (kind) => {
		test.each(HOSTILE)('%s', (_what, make) => {
			const value = make(LONG);
			const outcome = outcomeOf(value, kind);
			readableIds(value, kind);
			expect(outcome.length).toBeGreaterThan(0);
			expect(JSON.stringify(outcome)).not.toMatch(/call stack|cannot be read|\[object/);
		});
	});

	test('17: a long path to a field and a long expression are read in linear time', () => {
		const parts = ['.a', '[0]', "['", '["', '[', ']', "['a']", '.', "[''", '$'];
		for (const part of parts) {
			const context = { getInputData: () => ({ json: {} }) } as never;
			const long = part.repeat(LONG);
			expect(new FieldPath(long).in({})).toBeUndefined();
			expect(plainField(context, `={{ $json${long} }}`)).toBeUndefined();
			expect(plainField(context, `={{ $json${long} !`)).toBeUndefined();
		}
	});

	test('17: a million IDs in one item are accepted, and more are refused in words', () => {
		const many = Array.from({ length: 1_000_001 }, (_, place) => String(1_000_000 + place));
		const million = many.slice(0, -1);
		expect(readIds(million.join(), 'call').join()).toBe(million.join());
		for (const value of [many, many.join()]) {
			const { message, advice } = refusalOf(value);
			expect(message).toMatch(/more than 1,000,000 IDs/);
			expect(advice).toMatch(/several input items/);
			const { ids, complete } = readableIds(value, 'call');
			expect(complete).toBe(false);
			expect(ids.join()).toBe(many.join());
		}
	});

	test('17: a text longer than a million IDs is refused in words', () => {
		expect(refusalOf(`1${' '.repeat(30_000_000)}2`).message).toMatch(/longer than 25,000,000/);
		const half = `100001${' '.repeat(13_000_000)}200002`;
		expect(readIds(half, 'call')).toEqual(['100001', '200002']);
		expect(refusalOf([half, half]).message).toMatch(/longer than 25,000,000/);
		expect(readableIds([half, half], 'call')).toEqual({
			ids: ['100001', '200002'],
			complete: false,
		});
	});

	test('17: shortening a value for a message does not depend on its length', () => {
		const visited = { count: 0 };
		const counting = (): object => ({
			get field() {
				visited.count++;
				return 'x';
			},
		});
		shown(Array.from({ length: 10_000 }, counting));
		expect(visited.count).toBeLessThan(200);
		expect(shown(nested(1_000_000))).toMatch(/^\[{117}\.\.\.$/);
	});
});
