/** Grant and Revoke: the requests, the items, and what is written when something fails. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { runNode, type RunOptions } from '../../harness/engine/engine';
import {
	askedIn,
	callsAfter,
	detailsOf,
	gongsOfThisFile,
	jsonOf,
	linksOf,
	toldBy,
} from '../../harness/engine/support';
import {
	callIdAt,
	changesIn,
	makeData,
	manyCalls,
	userIdAt,
	writesIn,
	type Fault,
	type LocalGong,
} from '../../harness/gong';
import { RAW_WORDS } from '../../harness/judging/rawWords';
import { PAIRS, pairs } from '../inputs';

const startGong = gongsOfThisFile();

const CALL = '7782342274025937895';
const USER = '234599484848423';
const WRITES = [
	['grant', 'PUT'],
	['revoke', 'DELETE'],
] as const;

/** 11 has call 1; 11 and 12 have call 2, and 13 has it by a share; no one has 3; 14 has 4, and also by a share. */
const DATA = makeData({
	users: ['11', '12', '13', '14', '15'],
	calls: [
		{ id: '1', users: ['11'] },
		{ id: '2', users: ['11', '12'], sharedWith: ['13'] },
		{ id: '3' },
		{ id: '4', users: ['14'], sharedWith: ['14'] },
		{ id: '5', users: ['15'] },
	],
});

const listedIn = (gong: LocalGong, callId: string): string[] =>
	gong.state.accessSnapshot().apiAccess[callId];

describe.each(WRITES)('%s', (operation, method) => {
	const run = async (gong: LocalGong, { parameters, ...options }: RunOptions) =>
		await runNode(gong, { parameters: { operation, ...parameters }, ...options });

	test(`sends ${method} with the JSON body that Gong documents, byte for byte`, async () => {
		const data = makeData({ users: [USER], calls: [{ id: CALL }] });
		const gong = await startGong({ data });
		const { items } = await run(gong, { parameters: { callIds: CALL, userIds: USER } });
		expect(gong.log).toHaveLength(1);
		expect(gong.log[0]).toMatchObject({
			method,
			path: '/v2/calls/users-access',
			query: {},
			body: `{"callAccessList":[{"callId":"${CALL}","userIds":["${USER}"]}]}`,
			status: 200,
		});
		expect(gong.log[0].headers['content-type']).toMatch(/^application\/json/);
		expect(JSON.stringify(jsonOf(items))).toBe(
			`[{"callId":"${CALL}","userIds":["${USER}"],"accepted":true,"dryRun":false,"requestId":"${gong.log[0].requestId}"}]`,
		);
	});

	test('of 250 items with one call and one user each takes 3 requests, one at a time', async () => {
		const gong = await startGong({ data: manyCalls(250) });
		const items = pairs(
			...Array.from({ length: 250 }, (_, place): [string, string] => [
				callIdAt(place),
				userIdAt((place + (operation === 'grant' ? 1 : 0)) % 50),
			]),
		);
		const result = await run(gong, { parameters: PAIRS, items });
		expect(gong.log.map((entry) => changesIn(entry).length)).toEqual([100, 100, 50]);
		expect(gong.log.map((entry) => entry.method)).toEqual([method, method, method]);
		expect(gong.maxInFlight()).toBe(1);
		expect(jsonOf(result.items)).toEqual(
			items.map(({ call, user }, place) => ({
				callId: call,
				userIds: [user],
				accepted: true,
				dryRun: false,
				requestId: gong.log[Math.floor(place / 100)].requestId,
			})),
		);
		expect(result.earlier).toEqual(items.map(({ id }) => id));
		for (const { call, user } of items) {
			const listed = listedIn(gong, call as string).includes(user as string);
			expect(listed).toBe(operation === 'grant');
		}
	});

	test('of five users for one call from five items is one entry and five linked answers', async () => {
		const gong = await startGong({ data: DATA });
		const items = pairs(['2', '11'], ['2', '12'], ['2', '13'], ['2', '14'], ['2', '15']);
		const result = await run(gong, { parameters: PAIRS, items });
		expect(gong.log.map(changesIn)).toEqual([
			[{ callId: '2', userIds: ['11', '12', '13', '14', '15'] }],
		]);
		expect(jsonOf(result.items).map(({ userIds }) => userIds)).toEqual(
			items.map(({ user }) => [user]),
		);
		expect(linksOf(result.items)).toEqual([0, 1, 2, 3, 4]);
		expect(result.earlier).toEqual(items.map(({ id }) => id));
	});

	test('of the same pair in several items sends it once', async () => {
		const gong = await startGong({ data: DATA });
		const items = pairs(['3', '[11,12]'], ['3', '[12,11]'], ['[3,3]', '[11,11]']);
		const result = await run(gong, { parameters: PAIRS, items });
		expect(gong.log.map(changesIn)).toEqual([[{ callId: '3', userIds: ['11', '12'] }]]);
		expect(jsonOf(result.items).map(({ userIds }) => userIds)).toEqual([
			['11', '12'],
			['12', '11'],
			['11'],
		]);
	});

	test('of an item with several calls gives one answer for each', async () => {
		const gong = await startGong({ data: DATA });
		const result = await run(gong, {
			parameters: PAIRS,
			items: pairs(['[1,2]', '12'], ['[2,3]', '11']),
		});
		expect(jsonOf(result.items).map(({ callId }) => callId)).toEqual(['1', '2', '2', '3']);
		expect(linksOf(result.items)).toEqual([0, 0, 1, 1]);
		expect(gong.log.map(changesIn)).toEqual([
			[
				{ callId: '1', userIds: ['12'] },
				{ callId: '2', userIds: ['12', '11'] },
				{ callId: '3', userIds: ['11'] },
			],
		]);
	});

	test('takes calls and users from fields of the items', async () => {
		const gong = await startGong({ data: DATA });
		const result = await run(gong, {
			parameters: {
				callsFrom: 'field',
				callIdField: 'metaData.id',
				usersFrom: 'field',
				userIdField: 'who[0].userId',
			},
			items: [{ metaData: { id: '1' }, who: [{ userId: '12' }] }],
		});
		expect(toldBy(result)).toBe('');
		expect(changesIn(gong.log[0])).toEqual([{ callId: '1', userIds: ['12'] }]);
	});

	test('takes calls and users from the lists in the panel', async () => {
		const gong = await startGong({ data: DATA });
		await run(gong, {
			parameters: {
				callsFrom: 'list',
				callList: ['1', '3'],
				usersFrom: 'list',
				userList: ['12', '13'],
			},
		});
		expect(changesIn(gong.log[0])).toEqual([
			{ callId: '1', userIds: ['12', '13'] },
			{ callId: '3', userIds: ['12', '13'] },
		]);
	});

	test.each<[string, IDataObject]>([
		['empty', { user: '' }],
		['white space', { user: ' \n' }],
		['an empty list', { user: [] }],
		['an empty list as text', { user: '[]' }],
		['null', { user: null }],
		['a number that has lost digits', { user: 7782342274025937895 }],
		['letters', { user: 'maria' }],
		['a link to a call', { user: 'https://app.gong.io/call?id=1' }],
		['an object', { user: { id: '11' } }],
	])('refuses users that are %s, and sends nothing of any item', async (_what, bad) => {
		const gong = await startGong({ data: DATA });
		const items = [
			{ call: '1', user: '12' },
			{ call: '2', ...bad },
		];
		const result = await run(gong, { parameters: PAIRS, items });
		expect(toldBy(result)).toContain("'Users'");
		expect(toldBy(result)).not.toMatch(RAW_WORDS);
		expect(gong.log).toEqual([]);
	});

	test('refuses empty users although Allow No Users is on, which is for Replace only', async () => {
		const gong = await startGong({ data: DATA });
		const result = await run(gong, {
			parameters: { ...PAIRS, options: { allowNoUsers: true } },
			items: [{ call: '2', user: '' }],
		});
		expect(toldBy(result)).toContain("'Users' is empty");
		expect(gong.log).toEqual([]);
	});

	test.each(['period', '={{ $json.from }}'])(
		'does not use a period, with %j left over from reading',
		async (callsFrom) => {
			const gong = await startGong({ data: DATA });
			const before = gong.state.accessSnapshot();
			const result = await run(gong, {
				parameters: {
					callsFrom,
					period: 'custom',
					periodStart: '2020-01-01T00:00:00Z',
					periodEnd: '2099-01-01T00:00:00Z',
					callIds: '={{ $json.none }}',
					callIdField: 'none',
					callList: ['1'],
					userIds: '[11,12]',
				},
				items: [{ from: 'period' }],
			}).catch((refused: Error) => refused);
			// Refused by the node, or by n8n before the run.
			expect(result instanceof Error ? result.message : toldBy(result)).not.toBe('');
			expect(gong.state.accessSnapshot()).toEqual(before);
			expect(gong.log).toEqual([]);
		},
	);

	test('as a dry run reads, shows what would change and writes nothing', async () => {
		const gong = await startGong({ data: DATA });
		const before = gong.state.accessSnapshot();
		const result = await run(gong, {
			parameters: { ...PAIRS, options: { dryRun: true } },
			items: pairs(['1', '[11,12]'], ['2', '[12,13]'], ['3', '11']),
		});
		const { requestId } = gong.log[0];
		const grants = operation === 'grant';
		const would = [grants ? ['12'] : ['11'], grants ? ['13'] : ['12'], grants ? ['11'] : []];
		const key = grants ? 'wouldGrantUserIds' : 'wouldRevokeUserIds';
		expect(jsonOf(result.items)).toEqual([
			{ callId: '1', userIds: ['11', '12'], dryRun: true, [key]: would[0], requestId },
			{ callId: '2', userIds: ['12', '13'], dryRun: true, [key]: would[1], requestId },
			{ callId: '3', userIds: ['11'], dryRun: true, [key]: would[2], requestId },
		]);
		expect(gong.log.map(({ method: sent }) => sent)).toEqual(['POST']);
		expect(askedIn(gong.log[0])).toEqual(['1', '2', '3']);
		expect(gong.state.accessSnapshot()).toEqual(before);
		expect(linksOf(result.items)).toEqual([0, 1, 2]);
	});

	test('needs no scope to write for a dry run', async () => {
		const { accessKey, accessKeySecret } = { accessKey: 'reader', accessKeySecret: 'secret' };
		const gong = await startGong({
			data: DATA,
			accounts: [{ accessKey, accessKeySecret, scopes: ['api:call-user-access:read'] }],
		});
		const result = await run(gong, {
			parameters: { callIds: '1', userIds: '11', options: { dryRun: true } },
			credential: { accessKey, accessKeySecret },
		});
		expect(toldBy(result)).toBe('');
		expect(result.items).toHaveLength(1);
		const real = await run(gong, {
			parameters: { callIds: '1', userIds: '11' },
			credential: { accessKey, accessKeySecret },
		});
		expect(toldBy(real)).toContain('lacks the scope api:call-user-access:write');
		expect(toldBy(real)).toContain('Nothing was accepted');
	});

	test('with Read Back reads once after writing, with the fewest requests', async () => {
		const gong = await startGong({ data: DATA });
		const result = await run(gong, {
			parameters: { ...PAIRS, options: { readBack: true } },
			items: pairs(['1', '11'], ['2', '11'], ['1', '12']),
		});
		expect(gong.log.map(({ method: sent }) => sent)).toEqual([method, 'POST']);
		expect(askedIn(gong.log[1])).toEqual(['1', '2']);
		const key = operation === 'grant' ? 'notListed' : 'stillListed';
		expect(jsonOf(result.items).map((json) => json[key])).toEqual([[], [], []]);
		expect(jsonOf(result.items).map(({ confirmed }) => confirmed)).toEqual([true, true, true]);
		expect(jsonOf(result.items).map(({ requestId }) => requestId)).toEqual(
			Array<unknown>(3).fill(gong.log[1].requestId),
		);
		expect(Object.keys(result.items[0].json)).toEqual([
			'callId',
			'userIds',
			'accepted',
			'dryRun',
			'confirmed',
			key,
			'requestId',
		]);
	});

	test.each(['empty', 'noUsers', 'noEntry'] as const)(
		'reads back a call without users, answered by Gong as %s',
		async (callWithoutUsers) => {
			const gong = await startGong({ data: DATA, assumptions: { callWithoutUsers } });
			gong.fail({ kind: 'body', json: { requestId: 'pretended' }, match: { method } });
			const { items } = await run(gong, {
				parameters: { callIds: '3', userIds: '11', options: { readBack: true } },
			});
			const [{ json }] = items;
			const expected = operation === 'grant' ? { notListed: ['11'] } : { stillListed: [] };
			expect(json).toMatchObject({ accepted: true, ...expected });
		},
	);

	test('that was accepted and cannot be read back says so, in one error item for each item', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({
			kind: 'status',
			status: 400,
			errors: ['Not today'],
			match: { method: 'POST' },
			times: Infinity,
		});
		const { items } = await run(gong, {
			parameters: { ...PAIRS, options: { readBack: true } },
			items: pairs(['[1,2,3]', '12'], ['5', '12']),
			settings: { onError: 'continueRegularOutput' },
		});
		for (const { json } of items) expect(json.error).toMatch(/accepted.*could not be read back/);
		expect(items.map((item) => detailsOf(item).callIds)).toEqual([['1', '2', '3'], ['5']]);
		expect(linksOf(items)).toEqual([0, 1]);
	});

	test('set to stop, names every call that was accepted and could not be read back', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({ kind: 'status', status: 400, errors: ['Not today'], match: { method: 'POST' } });
		const result = await run(gong, {
			parameters: { ...PAIRS, options: { readBack: true } },
			items: pairs(['1', '12'], ['3', '12'], ['5', '12']),
		});
		expect(toldBy(result)).toMatch(/accepted.*could not be read back/);
		expect(toldBy(result)).toContain('1, 3, 5');
	});

	test("set to stop with n8n's own batching, says what an earlier request wrote", async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({ kind: 'status', status: 400, errors: ['Not today'], match: { method }, after: 1 });
		const result = await run(gong, {
			parameters: {
				...PAIRS,
				options: { callsPerRequest: 1 },
				requestOptions: { batching: { batch: { batchSize: 1, batchInterval: 100 } } },
			},
			items: pairs(['1', '[11,12]'], ['2', '[12,14]']),
		});
		expect(writesIn(gong.log).map(({ status }) => status)).toEqual([200, 400]);
		expect(toldBy(result)).toContain('Not today');
		expect(toldBy(result)).not.toContain('Nothing was accepted');
	});

	test("does not accept the list's line about missing entries as a call", async () => {
		const gong = await startGong({ data: DATA });
		const result = await run(gong, {
			parameters: { callsFrom: 'list', callList: ['', '1'], userIds: '11' },
		});
		expect(toldBy(result)).toContain("'Call Names or IDs'");
		expect(gong.log).toEqual([]);
	});

	test('refuses an item without calls or users that n8n adds to the run', async () => {
		const gong = await startGong({ data: DATA });
		const result = await run(gong, { parameters: PAIRS, items: [{}] });
		expect(toldBy(result)).not.toBe('');
		expect(gong.log).toEqual([]);
	});

	test('with Execute Once writes for the first item only', async () => {
		const gong = await startGong({ data: DATA });
		await run(gong, {
			parameters: PAIRS,
			items: pairs(['1', '11'], ['2', '11']),
			settings: { executeOnce: true },
		});
		expect(gong.log.map(changesIn)).toEqual([[{ callId: '1', userIds: ['11'] }]]);
	});

	describe('with options that differ from item to item', () => {
		test('writes only for the items whose dry run is off, in separate requests', async () => {
			const gong = await startGong({ data: DATA });
			const result = await run(gong, {
				parameters: { ...PAIRS, options: { dryRun: '={{ $json.dry }}' } },
				items: [
					{ call: '1', user: '11', dry: true },
					{ call: '2', user: '12', dry: false },
					{ call: '1', user: '12', dry: false },
					{ call: '2', user: '13', dry: true },
				],
			});
			expect(jsonOf(result.items).map(({ callId, dryRun }) => [callId, dryRun])).toEqual([
				['1', true],
				['2', false],
				['1', false],
				['2', true],
			]);
			expect(linksOf(result.items)).toEqual([0, 1, 2, 3]);
			expect(writesIn(gong.log).map(changesIn)).toEqual([
				[
					{ callId: '2', userIds: ['12'] },
					{ callId: '1', userIds: ['12'] },
				],
			]);
		});

		test('set to stop, says what an earlier request of the run wrote', async () => {
			const gong = await startGong({ data: DATA });
			gong.fail({
				kind: 'status',
				status: 400,
				errors: ['Not today'],
				match: { method },
				after: 1,
			});
			const result = await run(gong, {
				parameters: { ...PAIRS, options: { readBack: '={{ $json.back }}' } },
				items: [
					{ call: '1', user: '[11,12]', back: false },
					{ call: '2', user: '[12,14]', back: true },
				],
			});
			expect(writesIn(gong.log).map(({ status }) => status)).toEqual([200, 400]);
			expect(toldBy(result)).toContain('Not today');
			expect(toldBy(result)).not.toContain('Nothing was accepted');
			expect(toldBy(result)).toContain('Accepted before this for call 1.');
			expect(toldBy(result)).toContain('Not carried out for call 2.');
		});
	});

	describe('naming a call that Gong does not know', () => {
		const items = pairs(['1', '12'], ['99', '12'], ['2', '14'], ['3', '11']);

		test.concurrent('set to stop, writes nothing of that request and names the call', async () => {
			const gong = await startGong({ data: DATA });
			const before = gong.state.accessSnapshot();
			const result = await run(gong, { parameters: PAIRS, items });
			expect(gong.state.accessSnapshot()).toEqual(before);
			expect(writesIn(gong.log)).toHaveLength(1);
			expect(toldBy(result)).toContain('Gong does not know call 99');
			expect(toldBy(result)).toContain('Nothing was accepted');
			expect(toldBy(result)).not.toMatch(/Accepted before|Not known/);
			expect(callsAfter(toldBy(result), 'Not carried out').sort()).toEqual(['1', '2', '3', '99']);
		});

		test.concurrent(
			'set to stop, does not say that there may be more when all were searched',
			async () => {
				const gong = await startGong({ data: DATA });
				const result = await run(gong, { parameters: PAIRS, items });
				expect(toldBy(result)).not.toContain('There may be more');
			},
		);

		test('set to stop, keeps what an earlier request wrote, and names it', async () => {
			const gong = await startGong({ data: DATA });
			const parameters = { ...PAIRS, options: { callsPerRequest: 2 } };
			const result = await run(gong, {
				parameters,
				items: pairs(['1', '[11,12]'], ['2', '11'], ['3', '11'], ['98', '11'], ['5', '[11,15]']),
			});
			expect(toldBy(result)).toContain('call 98');
			expect(toldBy(result)).toContain('Accepted before this for calls 1, 2.');
			expect(toldBy(result)).toContain('Not carried out for calls 3, 5, 98.');
			expect(listedIn(gong, '1')).toEqual(operation === 'grant' ? ['11', '12'] : []);
			expect(listedIn(gong, '3')).toEqual([]);
			expect(listedIn(gong, '5')).toEqual(['15']);
		});

		test.concurrent('set to stop, names several of them', async () => {
			const gong = await startGong({ data: DATA });
			const result = await run(gong, {
				parameters: PAIRS,
				items: pairs(['[97,1]', '11'], ['[98,2,3]', '12'], ['99', '11']),
			});
			expect(toldBy(result)).toContain('3 of the calls: 97, 98, 99');
		});

		test.concurrent.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
			'set to %s, writes all the others and reports it once',
			async (onError) => {
				const gong = await startGong({ data: DATA });
				const result = await run(gong, { parameters: PAIRS, items, settings: { onError } });
				const all = [...result.items, ...result.errorItems];
				const rows = all.filter(({ json }) => !('error' in json));
				const failed = all.filter(({ json }) => 'error' in json);
				expect(jsonOf(rows).map(({ callId }) => callId)).toEqual(['1', '2', '3']);
				expect(jsonOf(rows).map(({ accepted }) => accepted)).toEqual([true, true, true]);
				expect(failed.map((item) => detailsOf(item))).toEqual([
					expect.objectContaining({
						callIds: ['99'],
						httpStatus: 400,
						gongErrors: ['Some calls not found'],
						reason: 'unknownCalls',
						outcome: 'refused',
					}),
				]);
				expect(linksOf(failed)).toEqual([1]);
				expect(listedIn(gong, '1')).toEqual(operation === 'grant' ? ['11', '12'] : ['11']);
				expect(listedIn(gong, '3')).toEqual(operation === 'grant' ? ['11'] : []);
			},
		);

		test.concurrent(
			'on continue, an item with other calls too gets their rows and one error item',
			async () => {
				const gong = await startGong({ data: DATA });
				const { items: all } = await run(gong, {
					parameters: { callIds: '[1,98,2,99]', userIds: '12' },
					settings: { onError: 'continueRegularOutput' },
				});
				expect(jsonOf(all).map(({ callId }) => callId)).toEqual(['1', '2', undefined]);
				expect(detailsOf(all[2]).callIds).toEqual(['98', '99']);
			},
		);
	});

	test('set to stop, a later request that fails lists exactly what was written', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({ kind: 'status', status: 400, errors: ['Not today'], match: { method }, after: 2 });
		const result = await run(gong, {
			parameters: { callIds: '[1,2,3,4,5]', userIds: '11', options: { callsPerRequest: 1 } },
		});
		expect(toldBy(result)).toContain('Not today');
		expect(toldBy(result)).toContain('Accepted before this for calls 1, 2.');
		expect(toldBy(result)).toContain('Not carried out for calls 3, 4, 5.');
		expect(toldBy(result)).not.toContain('Not known');
		expect(gong.log).toHaveLength(3);
	});

	test.concurrent('set to stop, distinguishes a lost answer from what was not sent', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({ kind: 'reset', applied: true, match: { method }, after: 1, times: Infinity });
		const result = await run(gong, {
			parameters: { callIds: '[1,2,3]', userIds: '11', options: { callsPerRequest: 1 } },
		});
		expect(toldBy(result)).toContain('Accepted before this for call 1.');
		expect(toldBy(result)).toContain('Not known whether carried out for call 2.');
		expect(toldBy(result)).toContain('Not carried out for call 3.');
	});

	test('set to stop, a refusal of a call that Gong knows leaves a lost answer before it unknown', async () => {
		const gong = await startGong({ data: DATA });
		const match = { method: 'PUT' };
		gong.fail({ kind: 'truncatedJson', applied: true, match });
		const errors = ['Some calls not found'];
		gong.fail({ kind: 'status', status: 400, errors, match, times: Infinity });
		const result = await runNode(gong, {
			parameters: { operation: 'grant', ...PAIRS },
			items: pairs(['3', '12']),
		});
		expect(toldBy(result)).toContain('Not known whether carried out for call 3.');
		expect(toldBy(result)).not.toContain('Not carried out');
		expect(listedIn(gong, '3')).toEqual(['12']);
	});

	test('set to stop, a bad ID in the last item keeps everything from being written', async () => {
		const gong = await startGong({ data: DATA });
		const result = await run(gong, {
			parameters: { ...PAIRS, options: { callsPerRequest: 1 } },
			items: pairs(['1', '11'], ['2', '11'], ['x', '11']),
		});
		expect(toldBy(result)).toContain("'Call IDs'");
		expect(gong.log).toEqual([]);
	});

	test('on continue, a bad item does not keep the others from being answered', async () => {
		const gong = await startGong({ data: DATA });
		const { items } = await run(gong, {
			parameters: PAIRS,
			items: pairs(['1', '12'], ['2', 'x'], ['3', '12']),
			settings: { onError: 'continueRegularOutput' },
		});
		expect(jsonOf(items).map(({ callId }) => callId)).toEqual(['1', undefined, '3']);
		expect(detailsOf(items[1])).toMatchObject({ reason: 'badInput', outcome: 'notSent' });
		expect(linksOf(items)).toEqual([0, 1, 2]);
	});

	test.concurrent.each([
		['no request ID', {}],
		['null', null],
		['a list', []],
		['text', 'ok'],
	])('does not count a 200 of %s as accepted', async (_what, json) => {
		const gong = await startGong({ data: DATA });
		gong.fail({ kind: 'body', json, match: { method }, times: Infinity });
		const { items } = await run(gong, {
			parameters: { callIds: '1', userIds: '12' },
			settings: { onError: 'continueRegularOutput' },
		});
		expect(detailsOf(items[0])).toMatchObject({ reason: 'unexpectedAnswer', outcome: 'unknown' });
		expect(items[0].json.error).not.toMatch(RAW_WORDS);
	});
});

/** 100 items, each with a call and a user of its own, one of whom Gong refuses. */
const MANY = makeData({
	users: Array.from({ length: 100 }, (_, place) => String(1_000 + place)),
	calls: Array.from({ length: 100 }, (_, place) => ({ id: String(100 + place), users: [] })),
});
const manyPairs = (userOf: (place: number) => string) =>
	Array.from({ length: 100 }, (_, place) => ({
		call: String(100 + place),
		user: userOf(place),
	}));

describe('a user that Gong refuses, in whatever words', () => {
	test.each([0, 1, 37, 99])('costs only its item of 100, at place %i', async (bad) => {
		const gong = await startGong({ data: MANY });
		const result = await runNode(gong, {
			parameters: { operation: 'grant', ...PAIRS },
			items: manyPairs((place) => (place === bad ? '404' : String(1_000 + place))),
			settings: { onError: 'continueRegularOutput' },
		});
		const failed = result.items.filter(({ json }) => 'error' in json);
		expect(linksOf(failed)).toEqual([bad]);
		expect(detailsOf(failed[0])).toMatchObject({ outcome: 'refused', httpStatus: 400 });
		expect(result.items).toHaveLength(100);
		expect(writesIn(gong.log).length).toBeLessThanOrEqual(20);
		for (const { json } of result.items) {
			if ('error' in json) continue;
			expect(gong.state.apiAccess.get(String(json.callId))?.size).toBe(1);
		}
	});

	test.each(['User is not entitled', 'Bad request'])(
		'costs at most 20 requests where all 100 are refused: %s',
		async (error) => {
			const gong = await startGong({ data: MANY });
			gong.fail({ kind: 'status', status: 400, errors: [error], times: Infinity });
			const { items } = await runNode(gong, {
				parameters: { operation: 'grant', ...PAIRS },
				items: manyPairs((place) => String(1_000 + place)),
				settings: { onError: 'continueRegularOutput' },
			});
			expect(items.filter(({ json }) => String(json.error).includes(error))).toHaveLength(100);
			expect(gong.log.length).toBeLessThanOrEqual(20);
		},
	);

	test.each(['grant', 'revoke'])(
		'costs only its items where several items name the same call: %s',
		async (operation) => {
			const gong = await startGong({ data: DATA });
			const { items } = await runNode(gong, {
				parameters: { operation, ...PAIRS },
				items: pairs(['1', '12'], ['1', '404'], ['1', '11'], ['[1,2]', '13'], ['2', '[12,404]']),
				settings: { onError: 'continueRegularOutput' },
			});
			const failed = items.filter(({ json }) => 'error' in json);
			expect(linksOf(failed)).toEqual([1, 4]);
			const listed = gong.state.apiAccess.get('1');
			for (const userId of ['11', '12', '13'])
				expect(listed?.has(userId)).toBe(operation === 'grant');
		},
	);
});

describe('what Gong refuses among many', () => {
	const grant = async (gong: LocalGong, items: IDataObject[], more: Partial<RunOptions> = {}) =>
		await runNode(gong, {
			parameters: { operation: 'grant', ...PAIRS },
			items,
			settings: { onError: 'continueRegularOutput' },
			...more,
		});
	const failedIn = ({ items }: { items: INodeExecutionData[] }) =>
		linksOf(items.filter(({ json }) => 'error' in json));

	test('costs no neighbor where nine rows in a row name a bad user', async () => {
		const gong = await startGong({ data: MANY });
		const bad = (place: number) => place >= 42 && place < 51;
		const result = await grant(
			gong,
			manyPairs((place) => (bad(place) ? '404' : '1000')),
		);
		expect(failedIn(result)).toEqual([...Array(100).keys()].filter(bad));
		expect(gong.state.apiAccess.get('199')?.has('1000')).toBe(true);
	});

	test('costs no neighbor where every second of 100 rows names a user of its own whom Gong does not know', async () => {
		const gong = await startGong({ data: MANY });
		const result = await grant(
			gong,
			manyPairs((place) => String((place % 2 === 0 ? 1_000 : 5_000) + place)),
		);
		expect(failedIn(result)).toEqual([...Array(100).keys()].filter((place) => place % 2 === 1));
		expect(gong.state.apiAccess.get('198')?.has('1098')).toBe(true);
		expect(writesIn(gong.log).length).toBeLessThanOrEqual(120);
	});

	test.each([
		[1, [0, 1], ['13']],
		[2, [1], ['12', '13']],
	])(
		'is told of its own users only, where Gong once does not know their call, after %i requests',
		async (after, failed, given) => {
			const gong = await startGong({ data: DATA });
			gong.fail({ kind: 'status', status: 400, errors: ['Some calls not found'], after });
			const result = await grant(gong, pairs(['3', '12'], ['3', '404'], ['3', '13']));
			expect(failedIn(result)).toEqual(failed);
			expect(listedIn(gong, '3')).toEqual(given);
		},
	);

	test('costs few requests where one item names all calls with a bad user', async () => {
		const gong = await startGong({ data: MANY });
		const items = manyPairs(() => '1000').slice(0, 99);
		const all = { call: JSON.stringify(items.map(({ call }) => call)), user: '404' };
		const result = await grant(gong, [...items, all]);
		expect(failedIn(result)).toEqual([99]);
		expect(writesIn(gong.log).length).toBeLessThanOrEqual(22);
	});

	test.each(['Some users or calls not found', 'Calls not found for user 404'])(
		'is not taken for an unknown call: %s',
		async (error) => {
			const gong = await startGong({ data: DATA });
			const match = { method: 'PUT', bodyIncludes: '"404"' };
			gong.fail({ kind: 'status', status: 400, errors: [error], times: Infinity, match });
			const result = await grant(gong, pairs(['1', '12'], ['1', '404']));
			expect(failedIn(result)).toEqual([1]);
			expect(gong.state.apiAccess.get('1')?.has('12')).toBe(true);
		},
	);

	test('is not known where an answer was lost on the way', async () => {
		const gong = await startGong({ data: DATA });
		const refused: Fault = { kind: 'status', status: 400, errors: ['Not today'] };
		gong.fail({ ...refused, match: { method: 'PUT' } });
		gong.fail({ kind: 'reset', applied: true, match: { method: 'PUT' } });
		gong.fail({ ...refused, match: { method: 'PUT' }, times: Infinity });
		const items = pairs(['1', '12'], ['1', '13'], ['1', '14'], ['1', '15']);
		const result = await grant(gong, items);
		const outcomes = result.items.map((item) => detailsOf(item).outcome);
		expect(outcomes.slice(0, 2)).toEqual(['unknown', 'unknown']);
	});
});

describe('names for the rows of a change', () => {
	test('that cannot be looked up write nothing and give one error item for an item', async () => {
		const gong = await startGong({ data: DATA });
		const before = gong.state.accessSnapshot();
		gong.fail({
			kind: 'status',
			status: 403,
			errors: ['No'],
			match: { path: '/v2/users/extensive' },
			times: Infinity,
		});
		const { items } = await runNode(gong, {
			parameters: { operation: 'grant', ...PAIRS, options: { includeUserDetails: true } },
			items: pairs(['[1,2,3]', '12'], ['5', '12']),
			settings: { onError: 'continueRegularOutput' },
		});
		expect(items.map((item) => detailsOf(item).callIds)).toEqual([['1', '2', '3'], ['5']]);
		for (const item of items) {
			expect(detailsOf(item).outcome).toBe('notSent');
			expect(item.json.error).toMatch(/could not be looked up, so the change was not sent/);
		}
		expect(gong.state.accessSnapshot()).toEqual(before);
	});
});

describe('a user that Gong does not know', () => {
	test.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'set to %s, fails its item in Gong’s own words, and the others are done',
		async (onError) => {
			const gong = await startGong({ data: DATA });
			const result = await runNode(gong, {
				parameters: { operation: 'grant', ...PAIRS },
				items: pairs(['1', '12'], ['2', '404'], ['3', '12']),
				settings: { onError },
			});
			const all = [...result.items, ...result.errorItems];
			const failed = all.filter(({ json }) => 'error' in json);
			expect(linksOf(failed)).toEqual([1]);
			expect(failed[0].json.error).toContain('Some users not found');
			expect(detailsOf(failed[0]).outcome).toBe('refused');
			expect(gong.state.apiAccess.get('1')?.has('12')).toBe(true);
			expect(gong.state.apiAccess.get('3')?.has('12')).toBe(true);
		},
	);

	test('set to stop, is reported in Gong’s own words, and nothing of that request is written', async () => {
		const gong = await startGong({ data: DATA });
		const before = gong.state.accessSnapshot();
		const result = await runNode(gong, {
			parameters: { operation: 'grant', ...PAIRS },
			items: pairs(['1', '12'], ['2', '404']),
		});
		expect(toldBy(result)).toContain('Some users not found');
		expect(toldBy(result)).toContain('Nothing was accepted');
		expect(gong.state.accessSnapshot()).toEqual(before);
	});
});

describe('people who have access by a share or a profile', () => {
	test('are accepted by a grant, which changes nothing, and Read Back says that they are not listed', async () => {
		const gong = await startGong({ data: DATA });
		const before = gong.state.accessSnapshot();
		const { items } = await runNode(gong, {
			parameters: {
				operation: 'grant',
				callIds: '2',
				userIds: '[12,13]',
				options: { readBack: true },
			},
		});
		const { requestId } = gong.log[1];
		expect(jsonOf(items)).toEqual([
			{
				callId: '2',
				userIds: ['12', '13'],
				accepted: true,
				dryRun: false,
				confirmed: false,
				notListed: ['13'],
				requestId,
			},
		]);
		expect(gong.state.accessSnapshot()).toEqual(before);
	});

	test('keep their share after a revoke, which removes only API-given access', async () => {
		const gong = await startGong({ data: DATA });
		const { items } = await runNode(gong, {
			parameters: {
				operation: 'revoke',
				callIds: '[2,4]',
				userIds: '[13,14]',
				options: { readBack: true },
			},
		});
		expect(jsonOf(items).map(({ stillListed }) => stillListed)).toEqual([[], []]);
		const { apiAccess, otherAccess } = gong.state.accessSnapshot();
		expect(otherAccess).toMatchObject({ 2: ['13'], 4: ['14'] });
		expect(apiAccess).toMatchObject({ 2: ['11', '12'], 4: [] });
	});

	test('who are still listed after a revoke are named', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({ kind: 'body', json: { requestId: 'pretended' }, match: { method: 'DELETE' } });
		const { items } = await runNode(gong, {
			parameters: {
				operation: 'revoke',
				...PAIRS,
				options: { readBack: true },
			},
			items: pairs(['1', '[11,12]'], ['2', '12']),
		});
		expect(jsonOf(items).map(({ stillListed }) => stillListed)).toEqual([['11'], ['12']]);
	});
});

test('refuses an item with more calls than n8n can take rows, and sends nothing', async () => {
	const amount = 110_001;
	const callIds = Array.from({ length: amount }, (_, place) => String(place + 1));
	const gong = await startGong({ data: makeData({ users: ['7'], calls: [{ id: '1' }] }) });
	// So many calls would keep the local Gong busy for long, so it answers without looking at them.
	gong.fail({ kind: 'body', json: { requestId: 'yes' }, times: Infinity });
	const result = await runNode(gong, {
		parameters: {
			operation: 'grant',
			callIds: '={{ $json.calls }}',
			userIds: '7',
			options: { callsPerRequest: amount },
		},
		items: [{ calls: callIds }],
		settings: { onError: 'continueRegularOutput' },
	});
	expect(result.items[0].json.error).toContain('Split the calls over several input items');
	expect(detailsOf(result.items[0]).outcome).toBe('notSent');
	expect(gong.log).toEqual([]);
});
