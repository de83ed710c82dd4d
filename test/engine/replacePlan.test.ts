/** Replace takes access from nobody whom an item of the run names, or may name: however bad, however late. */
import type { IDataObject, INode } from 'n8n-workflow';
import { runNode, type RunOptions, type RunResult } from '../harness/engine/engine';
import { accessOf, detailsOf, gongsOfThisFile, linksOf, toldBy } from '../harness/engine/support';
import { makeData, type LocalGong } from '../harness/gong';

const startGong = gongsOfThisFile();

const DATA = makeData({
	users: ['11', '12', '13', '14'],
	calls: ['1', '2', '3'].map((id) => ({ id, users: ['11', '12'] })),
});
const CONTINUE = { onError: 'continueRegularOutput' } satisfies Partial<INode>;
const BATCHES_OF_ONE = { batching: { batch: { batchSize: 1, batchInterval: 1 } } };
// n8n takes most of what goes wrong in an expression for undefined; a node that is not there it throws for.
const throwsAt = (field: string): string =>
	`={{ $json.throws === '${field}' ? $('No such node').item.json.id : $json.${field} }}`;
const PAIRS = {
	operation: 'replace',
	callIds: '={{ $json.calls }}',
	userIds: '={{ $json.users }}',
};
const THROWING = { ...PAIRS, callIds: throwsAt('calls'), userIds: throwsAt('users') };

const writesTo = ({ log }: LocalGong): string[] =>
	log.map(({ method }) => method).filter((method) => /PUT|DELETE/.test(method));

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

describe('an item of which not every call ID can be read', () => {
	test.each<[string, unknown]>([
		['with a word beside it', '1 x'],
		['with a number too long beside it', '1 999999999999999999999'],
		['with a null beside it', [1, null]],
		['with a bad link beside it', '1, https://app.gong.io/call?x=1'],
		['with an unsafe integer beside it', [7782342274025937895, '1']],
		['in a list that is cut off', '["1", "x'],
	])('keeps the calls that can be read as they are: %s', async (_what, calls) => {
		const { gong, result } = await replace([
			{ calls: '1', users: '11' },
			{ calls: calls as string, users: '12' },
		]);
		expect(accessOf(gong)['1']).toEqual(['11', '12']);
		expect(linksOf(result.items)).toEqual([0, 1]);
		expect(detailsOf(result.items[0])).toMatchObject({ callIds: ['1'], outcome: 'notSent' });
		expect(result.items[0].json.error).toMatch(/another item|^Another item/i);
	});

	test('lets none of its users lose access to another call, which it may mean', async () => {
		const { gong, result } = await replace([
			{ calls: '2', users: '11' },
			{ calls: '3', users: '11 12 13' },
			{ calls: '7.78E+18', users: '12' },
		]);
		expect(accessOf(gong)).toMatchObject({ 2: ['11', '12'], 3: ['11', '12', '13'] });
		expect(detailsOf(result.items[0]).callIds).toEqual(['2']);
		expect(result.items[0].json.error).toContain('12');
		expect(result.items[1].json).toMatchObject({ callId: '3', grantedUserIds: ['13'] });
	});

	test('costs other calls nothing where its users do not lose them', async () => {
		const { gong } = await replace([
			{ calls: '2', users: '11' },
			{ calls: 'x', users: '14' },
		]);
		expect(accessOf(gong)['2']).toEqual(['11']);
	});

	test('whose users cannot be read either lets nothing be replaced in this run', async () => {
		const { gong, result } = await replace([
			{ calls: '2', users: '11' },
			{ calls: 'x', users: 'nobody' },
		]);
		expect(writesTo(gong)).toEqual([]);
		expect(result.items).toHaveLength(2);
	});

	test('that is an empty row of a sheet costs no other anything', async () => {
		const { gong, result } = await replace([
			{ calls: '2', users: '11' },
			{ calls: '', users: '' },
		]);
		expect(accessOf(gong)['2']).toEqual(['11']);
		expect(linksOf(result.items)).toEqual([0, 1]);
	});
});

describe('an item in which nothing is found', () => {
	test('but that has something else lets nothing be replaced in this run', async () => {
		const { gong } = await replace([
			{ calls: '1', users: '11' },
			{ Calls: '1', Users: '12' },
		]);
		expect(writesTo(gong)).toEqual([]);
	});

	test('and that has nothing else costs no other anything', async () => {
		const { gong } = await replace([{ calls: '1', users: '11' }, { other: '' }, {}]);
		expect(accessOf(gong)['1']).toEqual(['11']);
	});
});

describe('zeros before an ID', () => {
	test('name the same user, who keeps access', async () => {
		const { gong } = await replace([{ calls: '1', users: '011' }]);
		expect(accessOf(gong)['1']).toEqual(['11']);
	});

	test('are the same to Read Back', async () => {
		const { result } = await replace([{ calls: '1', users: '011 12' }], {
			parameters: { options: { readBack: true } },
		});
		expect(result.items[0].json).toMatchObject({ notListed: [], stillListed: [] });
	});

	test('and without them name calls that are left alone', async () => {
		const { gong, result } = await replace([
			{ calls: '1', users: '11' },
			{ calls: '01', users: '12' },
		]);
		expect(writesTo(gong)).toEqual([]);
		expect(String(result.items[0].json.error)).toContain('01');
	});
});

describe('an item whose expression throws', () => {
	test('for its users keeps the calls that it names as they are', async () => {
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

	test('for its users keeps them with Allow No Users too', async () => {
		const { gong } = await replace(
			[
				{ calls: '1', users: '' },
				{ calls: '1', users: '12', throws: 'users' },
			],
			{ parameters: { ...THROWING, options: { allowNoUsers: true } } },
		);
		expect(accessOf(gong)['1']).toEqual(['11', '12']);
	});

	test('for its calls lets nothing be replaced in this run, and says why', async () => {
		const { gong, result } = await replace(
			[
				{ calls: '1', users: '11' },
				{ calls: '1', users: '12', throws: 'calls' },
				{ calls: '2', users: '13' },
			],
			{ parameters: THROWING },
		);
		expect(writesTo(gong)).toEqual([]);
		const told = result.items.filter((item) => detailsOf(item).outcome !== undefined);
		expect(told.map((item) => detailsOf(item).callIds)).toEqual([['1'], ['2']]);
		expect(String(told[0].json.error)).toContain('could not be read');
	});

	test('counts in batches of one too', async () => {
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

describe('a parameter whose expression gives something odd', () => {
	test.each<[string, RunOptions['parameters']]>([
		['Users From', { usersFrom: '={{ "Field" }}', userIdField: 'users', userIds: '' }],
		['Calls From', { callsFrom: '={{ "Field" }}', callIdField: 'calls', callList: ['1'] }],
		['Dry Run', { options: { dryRun: '={{ $json.nothing }}' } }],
		['Read Back', { options: { readBack: '={{ $json.nothing }}' } }],
		['Max Wait', { options: { maxWait: '={{ $json.nothing }}' } }],
	])('is refused, and nothing is sent: %s', async (label, parameters) => {
		const { gong, result } = await replace([{ calls: '1', users: '11' }], { parameters });
		expect(gong.log).toEqual([]);
		expect(result.items[0].json.error).toContain(`'${label}'`);
	});
});

describe('n8n’s own batching', () => {
	test.each(['50', '={{ 50 }}', '={{ "50" }}'])(
		'leaves out no item where its interval is %s',
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
		'puts the users of all batches together, set to %s',
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

	test('does not tell what an earlier batch may have carried as not sent', async () => {
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

	test('leaves a call alone that an item named whose address could not be looked up', async () => {
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

	test('does not write in a later batch what an item was told to be refused', async () => {
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
		expect(items.map((item) => detailsOf(item).outcome)).toEqual(['refused', 'notSent']);
		expect(accessOf(gong)['1']).toEqual(['11', '12']);
	});

	test('counts with a bad item of a later batch', async () => {
		const { gong } = await replace(
			[
				{ calls: '1', users: '11' },
				{ calls: '1 x', users: '12' },
			],
			{ parameters: { requestOptions: BATCHES_OF_ONE } },
		);
		expect(accessOf(gong)['1']).toEqual(['11', '12']);
	});

	test('set to stop, writes nothing when a later batch has an address that nobody has', async () => {
		const { gong, result } = await replace(
			[
				{ calls: '1', users: '13' },
				{ calls: '2', users: 'nobody@example.com' },
			],
			{ parameters: { requestOptions: BATCHES_OF_ONE }, settings: { onError: 'stopWorkflow' } },
		);
		expect(writesTo(gong)).toEqual([]);
		expect(toldBy(result)).toContain('nobody@example.com');
	});

	test('set to stop, writes nothing when items of two batches name a call with other options', async () => {
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
		expect(writesTo(gong)).toEqual([]);
		expect(toldBy(result)).toContain('options differ');
	});

	test.each(['stopWorkflow', 'continueRegularOutput'] as const)(
		'with Execute Once on, set to %s, leaves a call alone that another item names with other users',
		async (onError) => {
			const { gong, result } = await replace(items, {
				parameters: { requestOptions: BATCHES_OF_ONE },
				settings: { onError, executeOnce: true },
			});
			expect(writesTo(gong)).toEqual([]);
			expect(toldBy(result) + String(result.items[0]?.json.error)).toContain('Execute Once');
		},
	);

	test('with Execute Once on is no reason to refuse where all items are the same', async () => {
		const { gong } = await replace([{}, {}], {
			parameters: { callIds: '1', userIds: '11' },
			settings: { ...CONTINUE, executeOnce: true },
		});
		expect(accessOf(gong)['1']).toEqual(['11']);
	});
});
