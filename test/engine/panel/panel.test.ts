/** What the panel says besides its parameters, evaluated by n8n's own expressions as the editor does. */
import { type INodeParameters, type INodeProperties, NodeHelpers } from 'n8n-workflow';
import { loadNode } from '../../harness/engine/engine';
import { hintsFor, noticesFor, subtitleFor } from '../../harness/engine/panelHints';

const ONE = [{ id: '1' }];
const FOUR = [{ id: '1' }, { id: '2' }, { id: '3' }, { id: '4' }];
const OPERATIONS = ['list', 'explain', 'grant', 'revoke', 'replace'];
const ONE_COPY =
	"Each input item returns all these calls. For one copy, turn on 'Execute Once' in Settings.";

const words = (texts: string[]): number =>
	texts.flatMap((text) => text.split(/\s+/).filter((word) => word !== '')).length;

describe('the hint before a run', () => {
	test.each<[string, INodeParameters]>([
		['typed', { callIds: '1 2' }],
		['typed as a link', { callIds: 'https://app.gong.io/call?id=1' }],
		['picked', { callsFrom: 'list', callList: ['1', '2'] }],
		['of a period', { callsFrom: 'period' }],
		[
			'of a period of one’s own',
			{ callsFrom: 'period', period: 'custom', periodStart: '2026-01-01' },
		],
		['explained by users', { operation: 'explain', splitInto: 'users', callIds: '1' }],
	])(
		'says how to get one copy where each input item returns the same calls: %s',
		async (_what, parameters) => {
			expect(await hintsFor(parameters, FOUR, 'beforeExecution')).toEqual([ONE_COPY]);
			expect(words([ONE_COPY])).toBeLessThanOrEqual(16);
		},
	);

	test.each<[string, INodeParameters]>([
		['a field', { callsFrom: 'field', callIdField: 'id' }],
		['an expression', { callIds: '={{ $json.id }}' }],
		['a list by an expression', { callsFrom: 'list', callList: '={{ [$json.id] }}' }],
		[
			'a period by an expression',
			{ callsFrom: 'period', period: 'custom', periodStart: '={{ $json.from }}' },
		],
		['people, who come once', { callIds: '1', splitInto: 'people' }],
		['a change', { operation: 'grant', callIds: '1', userIds: '2' }],
	])(
		'does not stand where the calls come from the items, or no copy does: %s',
		async (_what, parameters) => {
			expect(await hintsFor(parameters, FOUR, 'beforeExecution')).toEqual([]);
		},
	);

	test.each([[ONE], [[]]])('does not stand with one input item or none: %j', async (items) => {
		expect(await hintsFor({ callIds: '1 2' }, items, 'beforeExecution')).toEqual([]);
	});
});

test('there is no hint above what came out of a run', async () => {
	const { description } = await loadNode();
	expect(description.hints?.map(({ whenToDisplay }) => whenToDisplay)).toEqual(['beforeExecution']);
});

describe('the notice', () => {
	test.each(OPERATIONS)('of %s is one at most, in 25 words at most', async (operation) => {
		const notices = await noticesFor({ operation });
		expect(notices.length).toBeLessThanOrEqual(1);
		expect(words(notices)).toBeLessThanOrEqual(25);
	});

	test.each([
		['list', /only access given through Gong's API/],
		['explain', /Not a complete list/],
		['revoke', /may still see the call in other ways/],
		['replace', /from everyone you don't list/],
	])('of %s says what people would get wrong', async (operation, expected) => {
		expect(await noticesFor({ operation })).toEqual([expect.stringMatching(expected)]);
	});
});

test.each<[INodeParameters, string]>([
	[{}, 'get many: call access'],
	[{ operation: 'replace' }, 'replace: call access'],
	[{ operation: 'replace', options: { dryRun: true } }, 'replace: call access (dry run)'],
	[{ operation: 'revoke', options: { dryRun: false } }, 'revoke: call access'],
	[{ operation: 'explain', options: { dryRun: true } }, 'explain: call access'],
])('the subtitle says whether a dry run is on: %j', async (parameters, subtitle) => {
	expect(await subtitleFor(parameters)).toBe(subtitle);
});

describe('what was entered', () => {
	/** The parameters that n8n's editor keeps when somebody chooses another operation. */
	const after = async (parameters: INodeParameters, ...operations: string[]) => {
		const { description } = await loadNode();
		const { properties } = description;
		const kept = (changed: INodeParameters): INodeParameters =>
			NodeHelpers.getNodeParameters(
				properties,
				changed,
				true,
				false,
				null,
				description,
			) as INodeParameters;
		const onScreen = (of: INodeParameters): string[] =>
			properties
				.filter(({ type }) => type !== 'hidden')
				.filter((property) => NodeHelpers.displayParameter(of, property, null, description))
				.map(({ name }) => name);
		let now = kept(parameters);
		for (const operation of operations) {
			const before = onScreen(now);
			now = kept({ ...now, operation });
			// What is not on the screen any more is set back.
			const gone = before.filter((name) => !onScreen(now).includes(name));
			now = kept(Object.fromEntries(Object.entries(now).filter(([name]) => !gone.includes(name))));
		}
		return now;
	};

	test.each(['explain', 'list'])('under Users is there again after %s', async (between) => {
		const typed = { operation: 'grant', callIds: '1', userIds: 'ana@example.com' };
		expect(await after(typed, between, 'replace')).toMatchObject({ userIds: 'ana@example.com' });
	});

	test('as Dry Run is there again after operations that change nothing', async () => {
		const preview = { operation: 'replace', callIds: '1', options: { dryRun: true } };
		expect(await after(preview, 'list', 'explain', 'replace')).toMatchObject({
			options: { dryRun: true },
		});
	});

	test('under Users as an expression is not evaluated unseen', async () => {
		const typed = { operation: 'grant', callIds: '1', userIds: '={{ $json.email }}' };
		expect((await after(typed, 'explain')).userIds ?? '').toBe('');
	});
});

describe("as an agent's tool", () => {
	const shownTo = async (isTool: boolean, parameters: INodeParameters) => {
		const { description } = await loadNode();
		const type = { ...description, name: isTool ? `${description.name}Tool` : description.name };
		const shows = (one: Pick<INodeProperties, 'displayOptions'>) =>
			NodeHelpers.displayParameter(parameters, one as INodeProperties, null, type);
		const properties = description.properties.filter(shows);
		const choices = properties
			.filter(({ name }) => ['callsFrom', 'usersFrom'].includes(name))
			.flatMap(({ name, options = [] }) =>
				(options as INodeProperties[])
					.filter(shows)
					.map((option) => `${name}: ${(option as unknown as { value: string }).value}`),
			);
		return [...properties.map(({ name }) => name), ...choices];
	};
	const byField = {
		resource: 'callAccess',
		operation: 'grant',
		callsFrom: 'field',
		usersFrom: 'field',
	};

	test.each(['callIdField', 'userIdField', 'callsFrom: field', 'usersFrom: field'])(
		'it does not offer what needs input items: %s',
		async (name) => {
			expect(await shownTo(true, byField)).not.toContain(name);
			expect(await shownTo(false, byField)).toContain(name);
		},
	);

	test('it offers the rest', async () => {
		const shown = await shownTo(true, { ...byField, callsFrom: 'ids', usersFrom: 'ids' });
		expect(shown).toEqual(expect.arrayContaining(['callIds', 'userIds', 'callsFrom: list']));
	});
});

test.each([
	['list', true],
	['explain', true],
	['grant', false],
	['revoke', false],
	['replace', false],
])('a period is offered to operations that only read: %s', async (operation, expected) => {
	const { description } = await loadNode();
	const from = description.properties.filter(({ name }) => name === 'callsFrom');
	const period = from
		.flatMap(({ options = [] }) => options as INodeProperties[])
		.find(({ name }) => name === 'Period');
	expect(NodeHelpers.displayParameter({ operation }, period as INodeProperties, null, null)).toBe(
		expected,
	);
});
