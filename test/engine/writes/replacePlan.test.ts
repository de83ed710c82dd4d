/**
 * Replace revokes no user whom an item of the run names or may name, however bad the item is or how late it
 * comes.
 */
import type { IDataObject, INode } from 'n8n-workflow';
import { runNode, type RunOptions, type RunResult } from '../../harness/engine/engine';
import {
	accessOf,
	detailsOf,
	gongsOfThisFile,
	linksOf,
	toldBy,
} from '../../harness/engine/support';
import { makeData, type LocalGong, writesIn } from '../../harness/gong';

const startGong = gongsOfThisFile();

const DATA = makeData({
	users: ['11', '12', '13', '14'],
	calls: ['1', '2', '3'].map((id) => ({ id, users: ['11', '12'] })),
});
const CONTINUE = { onError: 'continueRegularOutput' } satisfies Partial<INode>;
const BATCHES_OF_ONE = { batching: { batch: { batchSize: 1, batchInterval: 1 } } };
// n8n evaluates most failing expressions to undefined; a reference to a missing node throws.
const throwsAt = (field: string): string =>
	`={{ $json.throws === '${field}' ? $('No such node').item.json.id : $json.${field} }}`;
const PAIRS = {
	operation: 'replace',
	callIds: '={{ $json.calls }}',
	userIds: '={{ $json.users }}',
};
const THROWING = { ...PAIRS, callIds: throwsAt('calls'), userIds: throwsAt('users') };

async function replace(
	items: IDataObject[],
	options: RunOptions = {},
): Promise<{ gong: LocalGong; result: RunResult }> {
	const gong = await startGong({ data: DATA });
	const result = await runNode(gong, {
		settings: CONTINUE,
		...options,
		parameters: { ...PAIRS, ...options.parameters },
		items,
	});
	return { gong, result };
}

describe('an item with a call ID that cannot be read', () => {
	test.each<[string, unknown]>([
		['with a word beside it', '1 x'],
		['with a number too long beside it', '[1,999999999999999999999]'],
		['with a null beside it', [1, null]],
		['with a bad link beside it', '1, https://app.gong.io/call?x=1'],
		['with an unsafe integer beside it', [7782342274025937895, '1']],
		['in a list that is cut off', '["1", "x'],
	])('leaves the calls that can be read unchanged: %s', async (_what, calls) => {
		const { gong, result } = await replace([
			{ calls: '1', users: '11' },
			{ calls: calls as string, users: '12' },
		]);
		expect(accessOf(gong)['1']).toEqual(['11', '12']);
		expect(linksOf(result.items)).toEqual([0, 1]);
		expect(detailsOf(result.items[0])).toMatchObject({ callIds: ['1'], outcome: 'notSent' });
		expect(result.items[0].json.error).toMatch(/another item|^Another item/i);
	});

	test("keeps its users' access to every call, since it may mean any of them", async () => {
		const { gong, result } = await replace([
			{ calls: '2', users: '11' },
			{ calls: '3', users: '[11,12,13]' },
			{ calls: '7.78E+18', users: '12' },
		]);
		expect(accessOf(gong)).toMatchObject({ 2: ['11', '12'], 3: ['11', '12', '13'] });
		expect(detailsOf(result.items[0]).callIds).toEqual(['2']);
		expect(result.items[0].json.error).toContain('12');
		expect(result.items[1].json).toMatchObject({ callId: '3', grantedUserIds: ['13'] });
	});

	test('does not affect other calls whose replace removes none of its users', async () => {
		const { gong } = await replace([
			{ calls: '2', users: '11' },
			{ calls: 'x', users: '14' },
		]);
		expect(accessOf(gong)['2']).toEqual(['11']);
	});

	test('stops every replace of the run when its users cannot be read either', async () => {
		const { gong, result } = await replace([
			{ calls: '2', users: '11' },
			{ calls: 'x', users: 'nobody' },
		]);
		expect(writesIn(gong.log)).toEqual([]);
		expect(result.items).toHaveLength(2);
	});

	test('stops every replace of the run when it has no users, even where that is allowed', async () => {
		const { gong } = await replace(
			[
				{ calls: '2', users: '11' },
				{ calls: 'x', users: null },
			],
			{ parameters: { options: { allowNoUsers: true } } },
		);
		expect(writesIn(gong.log)).toEqual([]);
	});

	test('does not affect others when it is an empty row of a sheet', async () => {
		const { gong, result } = await replace([
			{ calls: '2', users: '11' },
			{ calls: '', users: '' },
		]);
		expect(accessOf(gong)['2']).toEqual(['11']);
		expect(linksOf(result.items)).toEqual([0, 1]);
	});
});

describe('an item that fails, and whose call Gong does not know', () => {
	test.each<[string, IDataObject]>([
		['of its users cannot be read', { users: '[12,-5]' }],
		['of its users is an address that nobody has', { users: '["12","nobody@example.com"]' }],
		['of its users threw', { users: '12', throws: 'users' }],
	])('stops every replace of the run where one %s', async (_what, bad) => {
		const { gong, result } = await replace(
			[
				{ calls: '1', users: '11' },
				{ calls: '9', ...bad },
			],
			{ parameters: THROWING },
		);
		expect(writesIn(gong.log)).toEqual([]);
		expect(result.items).toHaveLength(2);
		expect(detailsOf(result.items[0])).toMatchObject({ reason: 'otherItem', callIds: ['1'] });
	});

	test.each<[string, IDataObject]>([
		['an option that is no option', { readBack: 'x' }],
		['an option that throws', { throws: 'readBack' }],
	])("keeps its users' access to every call, as for %s", async (_what, bad) => {
		const { gong, result } = await replace(
			[
				{ calls: '1', users: '11', readBack: false },
				{ calls: '2', users: '12', readBack: false },
				{ calls: '9', users: '12', ...bad },
			],
			{ parameters: { options: { readBack: throwsAt('readBack') } } },
		);
		expect(accessOf(gong)).toMatchObject({ 1: ['11', '12'], 2: ['12'] });
		expect(String(result.items[0].json.error)).toContain('user 12, named by another item [item 2]');
	});

	test('keeps their access beside a good item that names it too', async () => {
		const { gong } = await replace([
			{ calls: '1', users: '11' },
			{ calls: '9', users: '14' },
			{ calls: '9', users: '[12,-5]' },
		]);
		expect(writesIn(gong.log)).toEqual([]);
	});

	test('holds back nobody else where Gong knows its call', async () => {
		const { gong, result } = await replace([
			{ calls: '1', users: '11' },
			{ calls: '2', users: '[12,-5]' },
		]);
		expect(accessOf(gong)).toMatchObject({ 1: ['11'], 2: ['11', '12'] });
		expect(linksOf(result.items)).toEqual([0, 1]);
	});
});

test('an item is told which other one means its user, for a call that Gong does not know', async () => {
	const { gong, result } = await replace([
		{ calls: '[9,1]', users: '12' },
		{ calls: '9', users: '11' },
	]);
	expect(accessOf(gong)['1']).toEqual(['11', '12']);
	const [, left] = result.items;
	expect(detailsOf(left)).toMatchObject({ callIds: ['1'], reason: 'otherItem' });
	expect(left.json.error).toContain('user 11, named by another item [item 1]');
});

test('set to stop, a second try that is refused says what the first one finished', async () => {
	const gong = await startGong({
		data: makeData({
			users: ['11', '14'],
			calls: [{ id: '1' }, { id: '2', users: ['14'] }],
		}),
	});
	gong.fail({ kind: 'status', status: 400, errors: ['Not today'], after: 2, times: Infinity });
	const result = await runNode(gong, {
		parameters: { ...PAIRS, callIds: '[1,2]', userIds: '11' },
		settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 },
	});
	expect(toldBy(result)).toContain('Accepted before this for call 1.');
	expect(toldBy(result)).toContain('Not known whether carried out for call 2.');
	expect(toldBy(result)).not.toMatch(/other items|Not carried out/);
});

describe('an item without any IDs', () => {
	test('that has other content stops every replace of the run', async () => {
		const { gong } = await replace([
			{ calls: '1', users: '11' },
			{ Calls: '1', Users: '12' },
		]);
		expect(writesIn(gong.log)).toEqual([]);
	});

	test('that has no content does not affect others', async () => {
		const { gong } = await replace([{ calls: '1', users: '11' }, { other: '' }, {}]);
		expect(accessOf(gong)['1']).toEqual(['11']);
	});
});

describe('zeros before an ID', () => {
	test('name the same user, who keeps access', async () => {
		const { gong } = await replace([{ calls: '1', users: '011' }]);
		expect(accessOf(gong)['1']).toEqual(['11']);
	});

	test('are ignored by Read Back', async () => {
		const { result } = await replace([{ calls: '1', users: '["011",12]' }], {
			parameters: { options: { readBack: true } },
		});
		expect(result.items[0].json).toMatchObject({ confirmed: true, notListed: [], stillListed: [] });
	});

	test('do not make another call: one that two items name differently is left unchanged', async () => {
		const { gong, result } = await replace([
			{ calls: '1', users: '11' },
			{ calls: '01', users: '12' },
		]);
		expect(writesIn(gong.log)).toEqual([]);
		expect(String(result.items[0].json.error)).toContain('01');
	});
});

describe('an item whose expression throws', () => {
	test('for its users leaves the calls that it names unchanged', async () => {
		const { gong } = await replace(
			[
				{ calls: '1', users: '11' },
				{ calls: '1', users: '12', throws: 'users' },
				{ calls: '2', users: '11' },
			],
			{ parameters: THROWING },
		);
		expect(accessOf(gong)).toMatchObject({ 1: ['11', '12'], 2: ['11'] });
	});

	test('for its users leaves them unchanged with Allow No Users too', async () => {
		const { gong } = await replace(
			[
				{ calls: '1', users: '' },
				{ calls: '1', users: '12', throws: 'users' },
			],
			{ parameters: { ...THROWING, options: { allowNoUsers: true } } },
		);
		expect(accessOf(gong)['1']).toEqual(['11', '12']);
	});

	test('for its calls stops every replace of the run, and says why', async () => {
		const { gong, result } = await replace(
			[
				{ calls: '1', users: '11' },
				{ calls: '1', users: '12', throws: 'calls' },
				{ calls: '2', users: '13' },
			],
			{ parameters: THROWING },
		);
		expect(writesIn(gong.log)).toEqual([]);
		const failures = result.items.filter((item) => detailsOf(item).outcome !== undefined);
		expect(failures.map((item) => detailsOf(item).callIds)).toEqual([['1'], ['2']]);
		expect(String(failures[0].json.error)).toContain('not known which calls and users it means');
	});

	test('is respected in batches of one too', async () => {
		const { gong } = await replace(
			[
				{ calls: '1', users: '11' },
				{ calls: '2', users: '11' },
				{ calls: '1', users: '12', throws: 'users' },
			],
			{ parameters: { ...THROWING, requestOptions: BATCHES_OF_ONE } },
		);
		expect(accessOf(gong)).toMatchObject({ 1: ['11', '12'], 2: ['11'] });
	});
});

describe('a parameter whose expression gives an unusable value', () => {
	test.each<[string, RunOptions['parameters']]>([
		['Users From', { usersFrom: '={{ "Field" }}', userIdField: 'users', userIds: '' }],
		['Calls From', { callsFrom: '={{ "Field" }}', callIdField: 'calls', callList: ['1'] }],
		['Dry Run', { options: { dryRun: '={{ $json.nothing }}' } }],
		['Read Back', { options: { readBack: '={{ $json.nothing }}' } }],
		['Max Wait (Seconds)', { options: { maxWait: '={{ $json.nothing }}' } }],
	])('is refused, and nothing is sent: %s', async (label, parameters) => {
		const { gong, result } = await replace([{ calls: '1', users: '11' }], { parameters });
		expect(gong.log).toEqual([]);
		expect(result.items[0].json.error).toContain(`'${label}'`);
	});
});

describe('n8n’s own batching', () => {
	test.each(['50', '={{ 50 }}', '={{ "50" }}'])(
		'loses no item when its interval is %s',
		async (batchInterval) => {
			const { gong, result } = await replace(
				['1', '2', '3'].map((calls) => ({ calls, users: '13' })),
				{
					parameters: { requestOptions: { batching: { batch: { batchSize: 1, batchInterval } } } },
					settings: { onError: 'stopWorkflow' },
				},
			);
			expect(toldBy(result)).toBe('');
			expect(linksOf(result.items)).toEqual([0, 1, 2]);
			expect(accessOf(gong)).toEqual({ 1: ['13'], 2: ['13'], 3: ['13'] });
		},
	);

	const items = [
		{ calls: '1', users: '11' },
		{ calls: '2', users: '13' },
		{ calls: '1', users: '13' },
	];

	test.each(['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const)(
		'combines the users of all batches, set to %s',
		async (onError) => {
			const { gong, result } = await replace(items, {
				parameters: { requestOptions: BATCHES_OF_ONE },
				settings: { onError },
			});
			expect(toldBy(result)).toBe('');
			expect(accessOf(gong)).toMatchObject({ 1: ['11', '13'], 2: ['13'] });
			expect(linksOf(result.items)).toEqual([0, 1, 2]);
		},
	);

	test('does not report as not sent what an earlier batch may have sent', async () => {
		const gong = await startGong({ data: DATA });
		const lost = { kind: 'status', status: 500, applied: true, match: { method: 'PUT' } } as const;
		gong.fail({ ...lost, times: Infinity });
		const { items } = await runNode(gong, {
			parameters: { ...PAIRS, requestOptions: BATCHES_OF_ONE },
			items: [
				{ calls: '1', users: '13' },
				{ calls: '1', users: '14' },
			],
			settings: CONTINUE,
		});
		expect(items.map((item) => detailsOf(item).outcome)).toEqual(['unknown', 'unknown']);
	});

	test('leaves a call unchanged when an item named it whose address look-up failed', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({ kind: 'status', status: 418, errors: ['no'], match: { path: '/v2/users' } });
		const { items } = await runNode(gong, {
			parameters: { ...PAIRS, requestOptions: BATCHES_OF_ONE },
			items: [
				{ calls: '1', users: 'ana@example.com' },
				{ calls: '1', users: '13' },
			],
			settings: CONTINUE,
		});
		expect(items.map((item) => detailsOf(item).outcome)).toEqual(['notSent', 'notSent']);
		expect(accessOf(gong)['1']).toEqual(['11', '12']);
	});

	test('plans once: both items of a call hear that its one change was refused', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({ kind: 'status', status: 418, errors: ['Not today'], match: { method: 'PUT' } });
		const { items } = await runNode(gong, {
			parameters: { ...PAIRS, requestOptions: BATCHES_OF_ONE },
			items: [
				{ calls: '1', users: '14' },
				{ calls: '1', users: '12' },
			],
			settings: CONTINUE,
		});
		expect(items.map((item) => detailsOf(item).outcome)).toEqual(['refused', 'refused']);
		expect(accessOf(gong)['1']).toEqual(['11', '12']);
	});

	test('respects a bad item of a later batch', async () => {
		const { gong } = await replace(
			[
				{ calls: '1', users: '11' },
				{ calls: '1 x', users: '12' },
			],
			{ parameters: { requestOptions: BATCHES_OF_ONE } },
		);
		expect(accessOf(gong)['1']).toEqual(['11', '12']);
	});

	test('set to stop, writes nothing when a later batch has an address that no user has', async () => {
		const { gong, result } = await replace(
			[
				{ calls: '1', users: '13' },
				{ calls: '2', users: 'nobody@example.com' },
			],
			{ parameters: { requestOptions: BATCHES_OF_ONE }, settings: { onError: 'stopWorkflow' } },
		);
		expect(writesIn(gong.log)).toEqual([]);
		expect(toldBy(result)).toContain('nobody@example.com');
	});

	test('set to stop, writes nothing when items of two batches name a call with different options', async () => {
		const { gong, result } = await replace(
			[
				{ calls: '2', users: '13', back: true },
				{ calls: '1', users: '13', back: true },
				{ calls: '1', users: '14', back: false },
			],
			{
				parameters: {
					requestOptions: BATCHES_OF_ONE,
					options: { readBack: '={{ $json.back }}' },
				},
				settings: { onError: 'stopWorkflow' },
			},
		);
		expect(writesIn(gong.log)).toEqual([]);
		expect(toldBy(result)).toContain('options differ');
	});

	test.each(['stopWorkflow', 'continueRegularOutput'] as const)(
		'with Execute Once on, set to %s, leaves a call unchanged that another item names with other users',
		async (onError) => {
			const { gong, result } = await replace(items, {
				parameters: { requestOptions: BATCHES_OF_ONE },
				settings: { onError, executeOnce: true },
			});
			expect(writesIn(gong.log)).toEqual([]);
			expect(toldBy(result) + String(result.items[0]?.json.error)).toContain('Execute Once');
		},
	);

	test.each<[string, IDataObject]>([
		['with zeros before its ID', { calls: '01', users: '12' }],
		['by a value that cannot be read', { calls: 'x', users: '12' }],
		['by an empty list', { calls: [], users: '12' }],
		['by no field', { users: '12' }],
		['by an expression that throws', { calls: '1', users: '12', throws: 'calls' }],
	])('with Execute Once on, revokes nobody whom another item names %s', async (_how, other) => {
		const { gong, result } = await replace([{ calls: '1', users: '11' }, other], {
			parameters: THROWING,
			settings: { ...CONTINUE, executeOnce: true },
		});
		expect(accessOf(gong)['1']).toEqual(['11', '12']);
		const isNamed = other.calls === '01';
		expect(result.items[0].json.error).toContain(isNamed ? 'item names the' : 'item may name the');
	});

	test('with Execute Once on, is not held back by an item whose users it names too', async () => {
		const { gong } = await replace(
			[
				{ calls: '1', users: '11' },
				{ calls: 'x', users: '11' },
			],
			{ settings: { ...CONTINUE, executeOnce: true } },
		);
		expect(accessOf(gong)['1']).toEqual(['11']);
	});

	test('set to stop, shows the error of the bad item and not of one that it holds back', async () => {
		const { gong, result } = await replace(
			[
				{ calls: '1', users: '13' },
				{ calls: '1', users: 'nobody@example.com' },
			],
			{ parameters: PAIRS, settings: { onError: 'stopWorkflow' } },
		);
		expect(toldBy(result)).toContain('no Gong user has: nobody@example.com');
		expect(writesIn(gong.log)).toEqual([]);
	});

	test('with Execute Once on, carries out the replace when all items are the same', async () => {
		const { gong } = await replace([{}, {}], {
			parameters: { callIds: '1', userIds: '11' },
			settings: { ...CONTINUE, executeOnce: true },
		});
		expect(accessOf(gong)['1']).toEqual(['11']);
	});
});
