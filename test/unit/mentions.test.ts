/** Who is mentioned in public comments, as Gong writes it, and what cannot be read. */
import fc from 'fast-check';
import { mentionsIn, mergeMentions } from '../../nodes/GongCallAccess/gong/mentions';

const read = (comment: unknown) => mentionsIn([{ comment }]);

test.each<[what: string, comment: string, userIds: string[]]>([
	['nobody', 'Good call!', []],
	['nobody, in an empty comment', '', []],
	['somebody', 'Look, @[Ann Lee](11)', ['11']],
	['several people, each once', '@[Ann](11) @[Bob](12)@[Ann](11)', ['11', '12']],
	['a name with brackets', '@[Ann [Sales] (EMEA)](11) see this', ['11']],
	['a name with a bracket that opens', '@[Ann [Sales](11) see this', ['11']],
	['a name with a bracket that closes', '@[Ann :]](11) see this', ['11']],
	['a name with an ID in brackets', '@[Bob [x](5)](123)', ['123']],
	['a name with parentheses', '@[Ann (11) Lee](12)', ['12']],
	['no name', '@[](11)', ['11']],
	['an ID of 20 digits', '@[Ann](12345678901234567890)', ['12345678901234567890']],
	['blanks around the ID', '@[Ann]( 11 )', ['11']],
	['a link behind the mention', '@[Ann](11), see [page 3](12)', ['11']],
	['a link before it', 'see [page 3](12), @[Ann](11)', ['11']],
	['an address, which is no mention', 'Write to ann@example.com (11) or [this](12)', []],
	['over lines', '@[Ann](11)\n@[Bob\nLee](12)', ['11', '12']],
])('%s: %j', (_what, comment, userIds) => {
	expect(read(comment)).toEqual({ userIds, areGiven: true, unread: 0 });
});

test.each([
	['without an ID', '@[Ann] was here'],
	['with something else than an ID', '@[Ann](ann@example.com)'],
	['with too many digits', '@[Ann](123456789012345678901)'],
	['that is cut off', 'Look, @[Ann Le'],
	['before a link', '@[Ann] see [page 3](12)'],
	['whose name goes on and on', `@[${'n'.repeat(1_000)}](11)`],
])('a mention %s is said to be not read, and names nobody', (_what, comment) => {
	expect(read(comment)).toEqual({ userIds: [], areGiven: true, unread: 1 });
	expect(read(`${comment} @[Bob](12)`)).toEqual({ userIds: ['12'], areGiven: true, unread: 1 });
});

test.each([[null], [undefined], [7], [{}], ['text']])('a list that is %j is not given', (list) => {
	expect(mentionsIn(list)).toEqual({ userIds: [], areGiven: false, unread: 0 });
});

test('comments that cannot be read are counted', () => {
	const list = [null, 'text', 7, {}, { comment: null }, { comment: 7 }, { comment: '@[Ann](11)' }];
	expect(mentionsIn(list)).toEqual({ userIds: ['11'], areGiven: true, unread: 6 });
});

test('of two readings of one call everybody is kept, and what was not told stays so', () => {
	const one = { userIds: ['11', '12'], areGiven: true, unread: 1 };
	const other = { userIds: ['12', '13'], areGiven: false, unread: 0 };
	expect(mergeMentions(one, other)).toEqual({
		userIds: ['11', '12', '13'],
		areGiven: false,
		unread: 1,
	});
});

describe('whatever the comment', () => {
	const name = fc.string({ maxLength: 40 }).filter((text) => !/[[\]@(]/.test(text));
	const id = fc.bigInt({ min: 1n, max: 10n ** 20n - 1n }).map(String);
	const words = fc.string({ maxLength: 40 }).filter((text) => !text.includes('@['));

	test('exactly those are named who were mentioned', () => {
		const parts = fc.array(fc.tuple(words, name, id), { maxLength: 8 });
		const property = fc.property(parts, (all) => {
			const text = all.map(([before, who, userId]) => `${before} @[${who}](${userId}) `).join('');
			expect(read(text)).toEqual({
				userIds: [...new Set(all.map(([, , userId]) => userId))],
				areGiven: true,
				unread: 0,
			});
		});
		fc.assert(property);
	});

	test('nobody is named whose ID does not stand in it', () => {
		const pieces = fc.array(
			fc.constantFrom('@[', '](', ')', '[', ']', '(', '12', 'Ann', ' ', '\n'),
		);
		const property = fc.property(pieces, (all) => {
			const text = all.join('');
			for (const userId of read(text).userIds) expect(text).toContain(userId);
		});
		fc.assert(property);
	});

	test('a comment of a megabyte takes no longer for its brackets', () => {
		expect(read('@['.repeat(500_000)).userIds).toEqual([]);
		expect(read(`@[${']('.repeat(500_000)}`).unread).toBe(1);
	});
});
