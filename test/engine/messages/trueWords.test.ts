/** Reported outcomes are true: nothing is called unknown, not sent or accepted that was not. */
import { runNode, type RunOptions } from '../../harness/engine/engine';
import {
	accessOf,
	askedIn,
	detailsOf,
	gongsOfThisFile,
	jsonOf,
	linksOf,
	ON_ERROR,
	toldBy,
} from '../../harness/engine/support';
import { callIdAt, makeData, manyCalls, type Fault } from '../../harness/gong';

const startGong = gongsOfThisFile();

const DATA = makeData({
	users: ['11', '12', '13'],
	calls: ['1', '2', '3', '4', '5', '6', '7', '8'].map((id) => ({ id, users: ['11'] })),
});
const CONTINUE = { settings: { onError: 'continueRegularOutput' } } satisfies RunOptions;
const IDS = { callIds: '={{ $json.calls }}', userIds: '={{ $json.users }}' };
const NOT_FOUND: Fault = { kind: 'status', status: 400, errors: ['Some calls not found'] };
const NOT_TODAY: Fault = { kind: 'status', status: 400, errors: ['Not today'] };

describe('a read whose answer is lost for good', () => {
	test.each<[string, RunOptions['parameters']]>([
		['Get Many', {}],
		['a dry run of Grant', { operation: 'grant', userIds: '12', options: { dryRun: true } }],
		['a dry run of Replace', { operation: 'replace', userIds: '12', options: { dryRun: true } }],
	])('does not report the outcome as unknown: %s', async (_name, parameters) => {
		const gong = await startGong({ data: DATA });
		gong.fail({ kind: 'reset', times: Infinity });
		const { items } = await runNode(gong, {
			parameters: { callIds: '1', ...parameters },
			...CONTINUE,
		});
		expect(detailsOf(items[0])).toMatchObject({ reason: 'noAnswer', outcome: 'notSent' });
	});
});

describe('a replace with Read Back', () => {
	const options = { readBack: true };

	test('does not mention a change when nothing differed and reading back fails', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({ ...NOT_TODAY, after: 1 });
		const { items } = await runNode(gong, {
			parameters: { operation: 'replace', callIds: '1', userIds: '11', options },
			...CONTINUE,
		});
		expect(gong.log.map(({ method }) => method)).toEqual(['POST', 'POST']);
		expect(items[0].json.error).toContain('Nothing had to be changed');
		expect(items[0].json.error).not.toMatch(/accepted the change/);
		expect(detailsOf(items[0]).outcome).not.toBe('unknown');
	});

	test('distinguishes calls that were changed from those that were right before', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({ ...NOT_TODAY, match: { method: 'POST' }, after: 1, times: Infinity });
		const { items } = await runNode(gong, {
			parameters: { ...IDS, operation: 'replace', options },
			items: [
				{ calls: '1', users: '11' },
				{ calls: '2', users: '[11,12]' },
			],
			...CONTINUE,
		});
		expect(items.map(({ json }) => /accepted the change/.test(String(json.error)))).toEqual([
			false,
			true,
		]);
	});
});

describe('a passing refusal for unknown calls', () => {
	const callIds = '[1,2,3,4,5,6,7,8]';

	test.each(ON_ERROR)('names no call that Gong knows: Get Many, set to %s', async (onError) => {
		const gong = await startGong({ data: DATA });
		gong.fail(NOT_FOUND);
		const { items, error } = await runNode(gong, {
			parameters: { callIds },
			settings: { onError },
		});
		expect(error).toBeUndefined();
		expect(jsonOf(items).map(({ callId }) => callId)).toEqual(JSON.parse(callIds).map(String));
	});

	test.each(ON_ERROR)('names no call that Gong knows: Grant, set to %s', async (onError) => {
		const gong = await startGong({ data: DATA });
		gong.fail({ ...NOT_FOUND, match: { method: 'PUT' } });
		const { items, error } = await runNode(gong, {
			parameters: { operation: 'grant', callIds, userIds: '12' },
			settings: { onError },
		});
		expect(error).toBeUndefined();
		expect(items).toHaveLength(8);
		expect(accessOf(gong)['5']).toEqual(['11', '12']);
	});

	test.each(['5', callIds])(
		'set to stop, reports a refused grant of %s in Gong’s words when all its calls can be read',
		async (calls) => {
			const gong = await startGong({ data: DATA });
			gong.fail({ ...NOT_FOUND, match: { method: 'PUT' }, times: Infinity });
			const before = accessOf(gong);
			const result = await runNode(gong, {
				parameters: { operation: 'grant', callIds: calls, userIds: '12' },
			});
			expect(toldBy(result)).not.toContain('Gong does not know');
			expect(toldBy(result)).toContain('Some calls not found');
			expect(accessOf(gong)).toEqual(before);
		},
	);

	test('is not enough to call a call unknown, since it was refused alone', async () => {
		const gong = await startGong({ data: manyCalls(100) });
		const requested = Array.from({ length: 100 }, (_, place) =>
			place === 63 ? '99' : callIdAt(place),
		);
		const { items } = await runNode(gong, {
			parameters: { callIds: JSON.stringify(requested), options: { unknownCalls: 'report' } },
		});
		expect(jsonOf(items).filter(({ found }) => found === false)).toHaveLength(1);
		const alone = gong.log.filter((entry) => askedIn(entry).length === 1);
		expect(alone.filter(({ status }) => status === 400).flatMap(askedIn)).toEqual(['99']);
		expect(gong.log.length).toBeLessThanOrEqual(16);
	});
});

describe('a write with one lost try and one refused try', () => {
	test.each(ON_ERROR)('is unknown, set to %s', async (onError) => {
		const gong = await startGong({ data: DATA });
		gong.fail({ kind: 'status', status: 500, applied: true, match: { method: 'PUT' } });
		gong.fail({ ...NOT_FOUND, match: { method: 'PUT' } });
		gong.fail({ ...NOT_FOUND, times: Infinity });
		const result = await runNode(gong, {
			parameters: { operation: 'grant', callIds: '[1,2]', userIds: '13' },
			settings: { onError },
		});
		expect(accessOf(gong)['1']).toEqual(['11', '13']);
		const outcomes = [...result.items, ...result.errorItems].map((item) => detailsOf(item).outcome);
		const isSaid =
			onError === 'stopWorkflow'
				? /Not known whether carried out for calls 1, 2/.test(toldBy(result))
				: outcomes.every((outcome) => outcome === 'unknown');
		expect(isSaid).toBe(true);
	});
});

describe('an answer with status 200 that reports a failure', () => {
	const json = { requestId: 'r-1', errors: ['User 5 is not allowed'] };

	test.each(['list', 'grant', 'revoke'])('is not accepted: %s', async (operation) => {
		const gong = await startGong({ data: DATA });
		gong.fail({ kind: 'body', json, times: Infinity });
		const { items } = await runNode(gong, {
			parameters: { operation, callIds: '1', ...(operation === 'list' ? {} : { userIds: '12' }) },
			...CONTINUE,
		});
		expect(items[0].json.error).toContain('User 5 is not allowed');
		expect(detailsOf(items[0]).outcome).toBe(operation === 'list' ? 'notSent' : 'unknown');
	});
});

describe('a second try by Retry On Fail', () => {
	test('does not say that nothing was accepted when the first wrote', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({ kind: 'status', status: 418, times: Infinity, after: 1, match: { method: 'PUT' } });
		const result = await runNode(gong, {
			parameters: {
				operation: 'grant',
				callIds: '[1,2,3]',
				userIds: '13',
				options: { callsPerRequest: 1 },
			},
			settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 },
		});
		expect(gong.log.length).toBeGreaterThan(2);
		expect(accessOf(gong)['1']).toEqual(['11', '13']);
		expect(toldBy(result)).not.toContain('Nothing was accepted');
	});
});

describe('an unforeseen item', () => {
	test('without JSON is read as an empty one', async () => {
		const gong = await startGong({ data: DATA });
		const { items } = await runNode(gong, {
			parameters: { callsFrom: 'field', callIdField: 'calls' },
			inputItems: [{ json: { calls: '1' } }, {} as never, { json: { calls: '2' } }],
			alone: true,
			...CONTINUE,
		});
		expect(linksOf(items)).toEqual([0, 1, 2]);
		expect(jsonOf(items).map(({ callId }) => callId)).toEqual(['1', undefined, '2']);
		expect(detailsOf(items[1])).toMatchObject({ reason: 'badInput', outcome: 'notSent' });
	});

	test('that throws when read fails alone', async () => {
		const gong = await startGong({ data: DATA });
		const trap = new Proxy(
			{},
			{
				getOwnPropertyDescriptor: () => {
					throw new TypeError('secret');
				},
			},
		);
		const { items } = await runNode(gong, {
			parameters: { callsFrom: 'field', callIdField: 'calls' },
			inputItems: [{ json: { calls: '1' } }, { json: trap }, { json: { calls: '2' } }],
			alone: true,
			...CONTINUE,
		});
		expect(jsonOf(items).map(({ callId }) => callId)).toEqual(['1', undefined, '2']);
		expect(detailsOf(items[1])).toMatchObject({ reason: 'unexpected', outcome: 'notSent' });
		expect(items[1].json.error).not.toMatch(/Base URL|secret/);
	});
});

describe('several refusals in a row', () => {
	test('do not end the run, since they are answers', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({ ...NOT_TODAY, times: 3 });
		const { items } = await runNode(gong, {
			parameters: { callIds: '[1,2,3,4,5]', options: { callsPerRequest: 1 } },
			...CONTINUE,
		});
		expect(jsonOf(items).map(({ callId }) => callId)).toEqual(expect.arrayContaining(['4', '5']));
		expect(gong.log).toHaveLength(5);
	});
});

describe('a refused look-up', () => {
	const words: Fault = { kind: 'status', status: 401, errors: ['No entry here'] };

	test('of e-mail addresses fails only the items that need them', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({ ...words, times: Infinity, match: { path: '/v2/users' } });
		const { items } = await runNode(gong, {
			parameters: { ...IDS, operation: 'grant' },
			items: [
				{ calls: '1', users: 'ana@example.com' },
				{ calls: '2', users: '12' },
			],
			...CONTINUE,
		});
		expect(detailsOf(items[0])).toMatchObject({ reason: 'unauthorized' });
		expect(items[1].json).toMatchObject({ callId: '2', accepted: true });
		expect(accessOf(gong)['2']).toEqual(['11', '12']);
	});

	test('of names keeps the rows of calls that have no users', async () => {
		const gong = await startGong({
			data: makeData({ calls: [{ id: '1', users: ['11'] }, { id: '2' }] }),
		});
		gong.fail({ ...words, times: Infinity, match: { path: '/v2/users/extensive' } });
		const { items } = await runNode(gong, {
			parameters: { callIds: '[1,2]', options: { includeUserDetails: true } },
			...CONTINUE,
		});
		expect(jsonOf(items).map(({ callId }) => callId)).toEqual(['2', undefined]);
		expect(detailsOf(items[1])).toMatchObject({ callIds: ['1'], reason: 'unauthorized' });
	});

	test('of some names keeps the rows of calls whose names are there', async () => {
		const users = Array.from({ length: 150 }, (_, place) => String(1000 + place));
		const calls = users.map((user, place) => ({ id: String(place + 1), users: [user] }));
		const gong = await startGong({ data: makeData({ users, calls }) });
		gong.fail({ ...NOT_TODAY, match: { path: '/v2/users/extensive' }, after: 1 });
		const { items } = await runNode(gong, {
			parameters: { callIds: calls.map(({ id }) => id), options: { includeUserDetails: true } },
			...CONTINUE,
		});
		expect(items.filter(({ json }) => 'callId' in json)).toHaveLength(100);
		expect((detailsOf(items.at(-1)).callIds as string[]).length).toBe(50);
	});

	test('of titles fails only the calls that it concerns', async () => {
		const calls = Array.from({ length: 150 }, (_, place) => ({ id: String(place + 1) }));
		const gong = await startGong({ data: makeData({ calls }) });
		gong.fail({ ...NOT_TODAY, match: { path: '/v2/calls/extensive' } });
		const { items } = await runNode(gong, {
			parameters: { callIds: calls.map(({ id }) => id), options: { includeCallDetails: true } },
			...CONTINUE,
		});
		expect(items.filter(({ json }) => 'callId' in json)).toHaveLength(50);
	});
});

describe('rows', () => {
	test.each(['grant', 'revoke', 'replace'])(
		'of %s share no list with another row',
		async (operation) => {
			const gong = await startGong({ data: DATA });
			const { items } = await runNode(gong, {
				parameters: { operation, callIds: '[1,2]', userIds: '[12,13]' },
				items: [{}, {}],
			});
			const lists = items.flatMap(({ json }) => Object.values(json).filter(Array.isArray));
			expect(lists.length).toBeGreaterThan(3);
			expect(new Set(lists).size).toBe(lists.length);
		},
	);

	test('that are too many for one item are refused before anything is sent', async () => {
		const gong = await startGong({ data: DATA });
		const callIds = Array.from({ length: 120_000 }, (_, place) => String(place + 1));
		const result = await runNode(gong, {
			parameters: { callsFrom: 'field', callIdField: 'calls' },
			items: [{ calls: callIds }],
			alone: true,
		});
		expect(toldBy(result)).toContain('120000 rows');
		expect(gong.log).toEqual([]);
	});
});
