/** Items whose options or credentials differ are sent in groups: each tells what all of them did, and protects the others. */
import type { IDataObject, INode } from 'n8n-workflow';
import { runNode, type RunResult } from '../../harness/engine/engine';
import { accessOf, gongsOfThisFile, toldBy } from '../../harness/engine/support';
import { ALL_SCOPES, type Fault, type LocalGong, makeData, writesIn } from '../../harness/gong';

const startGong = gongsOfThisFile();

const CONTINUE = { onError: 'continueRegularOutput' } as const;
const RETRY = { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 } as const;
const UNKNOWN = '8';
const KEYS = ['a', 'b', 'c'].map((key) => ({
	accessKey: `KEY-${key}`,
	accessKeySecret: `secret-${key}`,
	scopes: ALL_SCOPES,
}));

/** A run whose items say whether they are read back, are a dry run, and which key of the company they have. */
async function write(
	operation: string,
	items: IDataObject[],
	settings: Partial<INode> = {},
	faults: Fault[] = [],
	options: IDataObject = {},
): Promise<{ gong: LocalGong; result: RunResult }> {
	const calls = ['1', '2', '3'].map((id) => ({ id, users: operation === 'replace' ? ['12'] : [] }));
	const gong = await startGong({
		data: makeData({
			users: ['11', '12'].map((id) => ({ id, emailAddress: `p${id}@example.com` })),
			calls,
		}),
		accounts: KEYS,
	});
	for (const fault of faults) gong.fail(fault);
	const result = await runNode(gong, {
		parameters: {
			operation,
			callIds: '={{ $json.calls }}',
			userIds: '={{ $json.users }}',
			options: {
				readBack: '={{ $json.readBack === null ? "x" : Boolean($json.readBack) }}',
				dryRun: '={{ Boolean($json.dryRun) }}',
				...options,
			},
		},
		items,
		settings,
		credential: {
			// A key that is null throws.
			accessKey:
				'={{ "KEY-" + ($json.key === null ? $("No such node").item.json.id : ($json.key ?? "a")) }}',
			accessKeySecret: '={{ "secret-" + ($json.key ?? "a") }}',
		},
	});
	return { gong, result };
}

describe('replace with a call that Gong does not know', () => {
	const [good, slip] = [
		{ calls: '1', users: '11' },
		{ calls: UNKNOWN, users: '12' },
	];
	const CASES: [string, IDataObject[]][] = [
		['in the same group', [good, slip]],
		['in a later group', [good, { ...slip, readBack: true }]],
		['in an earlier group', [{ ...slip, readBack: true }, good]],
		['with another key', [good, { ...slip, key: 'b' }]],
		[
			'with another key, by e-mail address',
			[good, { ...slip, users: 'p12@example.com', key: 'b' }],
		],
		['with two other keys', [good, { ...slip, key: 'b' }, { ...slip, key: 'c' }]],
		['whose credential fails', [good, { ...slip, key: null }]],
		['with another key, of which all items fail', [good, { ...slip, readBack: null, key: 'b' }]],
	];

	test.each(CASES)('takes access from nobody whom it names, %s', async (_where, items) => {
		const { gong, result } = await write('replace', items, CONTINUE);
		expect(accessOf(gong)['1']).toEqual(['12']);
		expect(writesIn(gong.log)).toEqual([]);
		const told = String(result.items[items.indexOf(good)].json.error);
		expect(told).toMatch(/take access from user 12, named by another item .+may mean this call/);
	});

	test.each(CASES.slice(0, 5))('writes nothing, set to stop, %s', async (_where, items) => {
		const { gong, result } = await write('replace', items);
		expect(writesIn(gong.log)).toEqual([]);
		expect(toldBy(result)).toMatch(
			/(know call 8|may mean this call).*Nothing was (accepted|changed)/s,
		);
	});
});

describe('set to stop, the failure tells', () => {
	const refusal = (status: number, match: Fault['match']): Fault => ({
		kind: 'status',
		status,
		errors: ['no'],
		times: Infinity,
		match,
	});
	const one = { calls: '1', users: '11' };
	const two = { calls: '2', users: '11' };

	test('what another item asks for a call that was changed for one', async () => {
		const { result } = await write(
			'grant',
			[one, { ...two, key: 'b' }, { calls: '1', users: '12', key: 'c' }],
			{},
			[refusal(400, { method: 'PUT', bodyIncludes: '"2"' })],
		);
		expect(toldBy(result)).toContain(
			'Accepted before this for other items of call 1. Not carried out for calls 2, 1.',
		);
	});

	test('which groups were not begun, where one cannot be read back', async () => {
		const { result } = await write('grant', [{ ...one, readBack: true }, two], {}, [
			refusal(403, { method: 'POST' }),
		]);
		expect(toldBy(result)).toContain(
			'Accepted before this for call 1. Not carried out for call 2.',
		);
	});

	test('what an earlier try did for the same item', async () => {
		const { result } = await write(
			'grant',
			[{ calls: '["1","2"]', users: '11' }],
			RETRY,
			[refusal(400, { method: 'PUT', bodyIncludes: '"2"' })],
			{ callsPerRequest: 1 },
		);
		expect(toldBy(result)).toContain(
			'Accepted before this for call 1. Not carried out for call 2.',
		);
		expect(toldBy(result)).not.toContain('other items');
	});

	test('what a group asks that was not begun for a call that an earlier try changed for another', async () => {
		const { result } = await write(
			'grant',
			[
				{ calls: '["1","2"]', users: '11' },
				{ calls: '1', users: '12', readBack: true },
			],
			RETRY,
			[refusal(400, { method: 'PUT', bodyIncludes: '"2"' })],
			{ callsPerRequest: 1 },
		);
		expect(toldBy(result)).toContain(
			'Accepted before this for other items of call 1. Not carried out for calls 2, 1.',
		);
	});

	test('what an earlier try began for other items, where a later one fails before it', async () => {
		const { result } = await write('replace', [{ ...one, dryRun: true }, two], RETRY, [
			{ ...refusal(401, { method: 'DELETE' }), times: 1 },
			{ ...refusal(401, { method: 'POST' }), after: 2 },
		]);
		expect(toldBy(result)).toMatch(/Not known whether carried out for call 2\./);
	});

	test('that nothing was changed for any item, where one cannot be used', async () => {
		const { gong, result } = await write('replace', [one, { calls: '2', users: 'nobody@x.io' }]);
		expect(writesIn(gong.log)).toEqual([]);
		expect(toldBy(result)).toContain('Nothing was changed.');
		expect(toldBy(result)).not.toContain('for this item');
	});
});
