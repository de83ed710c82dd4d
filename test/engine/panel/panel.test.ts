/** What the panel says besides its parameters, evaluated by n8n's own expressions as the editor does. */
import type { INodeParameters } from 'n8n-workflow';
import { hintsFor, noticesFor, subtitleFor } from '../../harness/engine/panelHints';

const ONE = [{ id: '1' }];
const FOUR = [{ id: '1' }, { id: '2' }, { id: '3' }, { id: '4' }];
const LEAVE_OFF = /Leave 'Execute Once' off/;
const TURN_ON = /each returns all of these calls unless 'Execute Once' is on/;
const TIMES = ['beforeExecution', 'afterExecution'] as const;

describe.each(TIMES)('the hint on Execute Once, %s', (when) => {
	test.each<[string, INodeParameters]>([
		['a field', { callsFrom: 'field', callIdField: 'id' }],
		['an expression', { callIds: '={{ $json.id }}' }],
		['an expression on an earlier node', { callIds: "={{ $('Before').item.json.id }}" }],
		['a list by an expression', { callsFrom: 'list', callList: '={{ [$json.id] }}' }],
		['a period by an expression', { callsFrom: 'period', periodStart: '={{ $json.from }}' }],
	])('says to leave it off where the calls come from the items: %s', async (_what, parameters) => {
		const [hint, ...others] = await hintsFor(parameters, FOUR, when);
		expect(hint).toMatch(LEAVE_OFF);
		expect(others).toEqual([]);
	});

	test.each<[string, INodeParameters]>([
		['typed', { callIds: '[1,2]' }],
		['picked', { callsFrom: 'list', callList: ['1', '2'] }],
		['of the default period', { callsFrom: 'period' }],
		['by a fixed expression', { callIds: "={{ ['1', '2'] }}" }],
	])('says to turn it on where each item returns the same calls: %s', async (_what, parameters) => {
		const [hint, ...others] = await hintsFor(parameters, FOUR, when);
		expect(hint).toMatch(TURN_ON);
		expect(others).toEqual([]);
	});

	test.each([ONE, []])('says nothing of it with one item or none', async (...items) => {
		const hints = await hintsFor({ callIds: '[1,2]' }, items, when);
		expect(hints).toEqual([]);
	});

	test.each<INodeParameters>([
		{ operation: 'grant', callIds: '1', userIds: '2' },
		{ callIds: '1', splitInto: 'people' },
	])('does not say to turn it on for a change, or by people: %j', async (parameters) => {
		const hints = await hintsFor(parameters, FOUR, when);
		expect(hints.filter((hint) => hint.includes('Execute Once'))).toEqual([]);
	});
});

describe.each(TIMES)('a change of several items, %s', (when) => {
	test.each<[string, INodeParameters]>([
		['calls', { operation: 'revoke', callIds: '={{ $json.id }}', userIds: '1' }],
		['users', { operation: 'grant', callIds: '1', usersFrom: 'field', userIdField: 'id' }],
	])('says to leave Execute Once off: %s', async (_what, parameters) => {
		expect(await hintsFor(parameters, FOUR, when)).toEqual([expect.stringMatching(LEAVE_OFF)]);
	});
});

describe('the hint above an output', () => {
	test.each<[string, INodeParameters, RegExp]>([
		['a period', { callsFrom: 'period' }, /Gong listed no call for this period and Workspace ID/],
		[
			'a period by users',
			{ callsFrom: 'period', splitInto: 'users' },
			/have no item.*Gong listed no call for this period and Workspace ID/,
		],
		['users', { callIds: '1', splitInto: 'users' }, /^Calls that nobody was given access to/],
		['people', { callIds: '1', splitInto: 'people' }, /^Calls that nobody was given access to/],
		[
			'a read back',
			{ operation: 'grant', options: { readBack: true } },
			/isn't as requested; items that failed were not checked/,
		],
		[
			'a grant or revoke that is not checked',
			{ operation: 'revoke' },
			/^accepted means that Gong took the request, even where nothing had to change/,
		],
		['a dry run', { operation: 'revoke', options: { dryRun: true } }, /nothing was changed/],
		[
			'a dry run with a read back',
			{ operation: 'replace', options: { dryRun: true, readBack: true } },
			/^Items whose dryRun is true are a preview: nothing was changed in Gong for them\./,
		],
	])('is one, for %s', async (_what, parameters, expected) => {
		const hints = await hintsFor(parameters, ONE, 'afterExecution');
		expect(hints).toEqual([expect.stringMatching(expected)]);
	});

	test('is still one where two things are to be said', async () => {
		const audit = { callsFrom: 'field', callIdField: 'id', splitInto: 'users' };
		const [both, ...others] = await hintsFor(audit, FOUR, 'afterExecution');
		expect(both).toMatch(LEAVE_OFF);
		expect(both).toMatch(/have no item/);
		expect(others).toEqual([]);
	});

	test('explains why a call of a replace has several rows', async () => {
		const parameters = { operation: 'replace', callsFrom: 'field', callIdField: 'id' };
		expect(await hintsFor(parameters, FOUR, 'afterExecution')).toEqual([
			expect.stringMatching(/name the same call.*Each has an item/),
		]);
		expect(await hintsFor(parameters, ONE, 'afterExecution')).toEqual([]);
	});

	test.each<[string, INodeParameters]>([
		['calls', { callIds: '1' }],
		[
			'users, with calls without users',
			{ splitInto: 'users', options: { includeCallsWithoutUsers: true } },
		],
		['a replace', { operation: 'replace' }],
	])('is none where there is nothing to say: %s', async (_what, parameters) => {
		expect(await hintsFor(parameters, ONE, 'afterExecution')).toEqual([]);
	});
});

test.each<[INodeParameters, string]>([
	[{}, 'get many: call access'],
	[{ operation: 'replace' }, 'replace: call access'],
	[{ operation: 'replace', options: { dryRun: true } }, 'replace: call access (dry run)'],
	[{ operation: 'revoke', options: { dryRun: false } }, 'revoke: call access'],
])('the subtitle says whether a dry run is on: %j', async (parameters, subtitle) => {
	expect(await subtitleFor(parameters)).toBe(subtitle);
});

test.each<INodeParameters>([
	{ splitInto: 'calls' },
	{ splitInto: 'users' },
	{ splitInto: 'people' },
	{ operation: 'replace' },
	{ operation: 'revoke' },
])('the panel shows one notice: %j', async (parameters) => {
	expect(await noticesFor(parameters)).toHaveLength(1);
});
