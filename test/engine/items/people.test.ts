/** People by name: e-mail addresses in the input, names and titles in the output, and one item per person. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { runNode, type RunOptions } from '../../harness/engine/engine';
import {
	detailsOf,
	gongsOfThisFile,
	jsonOf,
	linksOf,
	ON_ERROR,
	toldBy,
} from '../../harness/engine/support';
import {
	ALL_SCOPES,
	callIdAt,
	changesIn,
	makeData,
	manyCalls,
	SAMPLE_CALL_IDS,
	SAMPLE_USER_IDS,
	SCOPES,
	userIdAt,
	writesIn,
	type LocalGong,
	type LoggedRequest,
} from '../../harness/gong';
import { RAW_WORDS } from '../../harness/judging/rawWords';
import { FROM_ITEM, PAIRS } from '../inputs';

const startGong = gongsOfThisFile();

const [RENEWAL, DEMO, PRICING, REVIEW] = SAMPLE_CALL_IDS;
const { maria, jonas, priya, samuel, yuki, left, sparse } = SAMPLE_USER_IDS;

const filterOf = ({ body }: LoggedRequest): { userIds?: string[]; callIds?: string[] } =>
	(JSON.parse(body) as { filter: { userIds?: string[]; callIds?: string[] } }).filter;
const pathsOf = ({ log }: LocalGong): string[] =>
	log.map(({ method, path }) => `${method} ${path}`);
const listingsOf = ({ log }: LocalGong): LoggedRequest[] =>
	log.filter(({ path }) => path === '/v2/users');
const without = (scope: string) => ({
	accessKey: 'key',
	accessKeySecret: 'secret',
	scopes: ALL_SCOPES.filter((known) => known !== scope),
});
const KEY = { accessKey: 'key', accessKeySecret: 'secret' };

describe('an e-mail address in place of a user ID', () => {
	test.concurrent.each([
		['as Gong has it', 'Samuel.Adeyemi@example.com', samuel],
		['in small letters', 'samuel.adeyemi@example.com', samuel],
		['in capitals', 'MARIA.KELLER@EXAMPLE.COM', maria],
		['with white space around', ' \tmaria.keller@example.com\n', maria],
		['of a user without a name in Gong', 'notetaker@example.com', sparse],
		['of a user who has left', 'tom.archer@example.com', left],
		['on the last page', 'notetaker@EXAMPLE.com', sparse],
	])('is looked up %s', async (_how, userIds, id) => {
		const gong = await startGong({ pageSize: 2 });
		const { items } = await runNode(gong, {
			parameters: { operation: 'grant', callIds: DEMO, userIds },
		});
		expect(listingsOf(gong)).toHaveLength(4);
		expect(gong.log.map(changesOrNot)).toEqual([null, null, null, null, [id]]);
		expect(items[0].json).toMatchObject({ callId: DEMO, userIds: [id], accepted: true });
	});

	const changesOrNot = (entry: LoggedRequest): string[] | null =>
		entry.method === 'PUT' ? changesIn(entry)[0].userIds : null;

	test('may stand among IDs, and a user named twice is written once', async () => {
		const gong = await startGong();
		const { items } = await runNode(gong, {
			parameters: {
				operation: 'grant',
				callIds: DEMO,
				userIds: `${maria}; maria.keller@example.com, jonas.berg@example.com MARIA.keller@example.com`,
			},
		});
		expect(writesIn(gong.log).map(changesIn)).toEqual([
			[{ callId: DEMO, userIds: [maria, jonas] }],
		]);
		expect(items[0].json.userIds).toEqual([maria, jonas]);
	});

	test('is not looked up when only IDs are given', async () => {
		const gong = await startGong();
		await runNode(gong, { parameters: { operation: 'grant', callIds: DEMO, userIds: maria } });
		expect(pathsOf(gong)).toEqual(['PUT /v2/calls/users-access']);
	});

	const items = [
		{ id: 'a', call: RENEWAL, user: 'jonas.berg@example.com' },
		{ id: 'b', call: DEMO, user: maria },
		{ id: 'c', call: PRICING, user: 'Maria.Keller@example.com' },
	];

	test.concurrent.each(['grant', 'revoke', 'replace'])(
		'is looked up once per run: %s',
		async (operation) => {
			const gong = await startGong({ pageSize: 3 });
			const result = await runNode(gong, { parameters: { operation, ...PAIRS }, items });
			expect(toldBy(result)).toBe('');
			expect(listingsOf(gong)).toHaveLength(3);
			expect(result.earlier).toEqual(['a', 'b', 'c']);
		},
	);

	test.concurrent(
		'is looked up once per run, also when options differ from item to item',
		async () => {
			const gong = await startGong({ pageSize: 3 });
			const result = await runNode(gong, {
				parameters: { operation: 'grant', ...PAIRS, options: { dryRun: '={{ $json.dry }}' } },
				items: items.map((item, place) => ({ ...item, dry: place % 2 > 0, user: items[0].user })),
			});
			expect(jsonOf(result.items).map(({ dryRun }) => dryRun)).toEqual([false, true, false]);
			expect(listingsOf(gong)).toHaveLength(3);
		},
	);

	test('comes from a field of the items, alone or in a list', async () => {
		const gong = await startGong();
		await runNode(gong, {
			parameters: {
				operation: 'grant',
				callIds: FROM_ITEM,
				usersFrom: 'field',
				userIdField: 'owner.email',
			},
			items: [
				{ call: RENEWAL, owner: { email: 'Jonas.Berg@example.com' } },
				{ call: DEMO, owner: { email: ['maria.keller@example.com', yuki] } },
			],
		});
		expect(writesIn(gong.log).flatMap(changesIn)).toEqual([
			{ callId: RENEWAL, userIds: [jonas] },
			{ callId: DEMO, userIds: [maria, yuki] },
		]);
	});

	test.concurrent('replaces by people', async () => {
		const gong = await startGong();
		await runNode(gong, {
			parameters: {
				operation: 'replace',
				callIds: PRICING,
				userIds: 'PRIYA.raman@example.com, jonas.berg@example.com',
			},
		});
		expect(writesIn(gong.log).map(changesIn)).toEqual([
			[{ callId: PRICING, userIds: [jonas] }],
			[{ callId: PRICING, userIds: [samuel, left] }],
		]);
	});

	describe.each(['grant', 'revoke', 'replace'])('that no user has, on %s', (operation) => {
		const bad = [...items, { id: 'd', call: REVIEW, user: 'nobody@example.com' }];

		test.concurrent('is named, and nothing of the run is written when set to stop', async () => {
			const gong = await startGong({ pageSize: 3 });
			const result = await runNode(gong, { parameters: { operation, ...PAIRS }, items: bad });
			expect(toldBy(result)).toContain("'Users'");
			expect(toldBy(result)).toContain('nobody@example.com');
			expect(writesIn(gong.log)).toEqual([]);
		});

		test.concurrent(
			'keeps the others from being written, also when their options differ',
			async () => {
				const gong = await startGong();
				const result = await runNode(gong, {
					parameters: { operation, ...PAIRS, options: { maxWait: '={{ $json.wait }}' } },
					items: bad.map((item, place) => ({ ...item, wait: place })),
				});
				expect(toldBy(result)).toContain('nobody@example.com');
				expect(writesIn(gong.log)).toEqual([]);
			},
		);

		test.concurrent.each(ON_ERROR.slice(1))(
			'set to %s, fails only its own item',
			async (onError) => {
				const gong = await startGong();
				const result = await runNode(gong, {
					parameters: { operation, ...PAIRS },
					items: bad,
					settings: { onError },
				});
				const failed = [...result.items, ...result.errorItems].filter(
					({ json }) => 'error' in json,
				);
				expect(linksOf(failed)).toEqual([3]);
				expect(failed[0].json.error).toContain('nobody@example.com');
				expect(detailsOf(failed[0])).toMatchObject({ reason: 'badInput', outcome: 'notSent' });
				expect(
					writesIn(gong.log)
						.flatMap(changesIn)
						.map(({ callId }) => callId),
				).not.toContain(REVIEW);
			},
		);
	});

	test('that no user has is named together with the others', async () => {
		const gong = await startGong();
		const result = await runNode(gong, {
			parameters: {
				operation: 'grant',
				callIds: DEMO,
				userIds: 'a@example.com maria.keller@example.com B@example.com',
			},
		});
		expect(toldBy(result)).toContain('a@example.com, b@example.com');
		expect(toldBy(result)).not.toContain('maria');
	});

	test('that no user has is reported with the name of its field', async () => {
		const gong = await startGong();
		const result = await runNode(gong, {
			parameters: {
				operation: 'grant',
				callIds: DEMO,
				usersFrom: 'field',
				userIdField: 'email',
			},
			items: [{ email: 'nobody@example.com' }],
		});
		expect(toldBy(result)).toContain("'User ID Field");
		expect(toldBy(result)).toContain('nobody@example.com');
	});

	test('that two users have is refused with both IDs, and nothing is written', async () => {
		const emailAddress = 'team@example.com';
		const gong = await startGong({
			data: makeData({
				calls: [{ id: '1' }],
				users: [
					{ id: '11', emailAddress },
					{ id: '12', emailAddress: null },
					{ id: '13', emailAddress: 'Team@Example.com' },
				],
			}),
			pageSize: 1,
		});
		const result = await runNode(gong, {
			parameters: { operation: 'grant', callIds: '1', userIds: emailAddress },
		});
		expect(toldBy(result)).toContain('team@example.com');
		expect(toldBy(result)).toContain('11, 13');
		expect(writesIn(gong.log)).toEqual([]);
	});

	test.each([
		'@example.com',
		'maria@',
		'a@b@example.com',
		'Maria <maria.keller@example.com',
		'11 <maria.keller@example.com>',
		'jonas.berg@example.com <maria.keller@example.com>',
		'mailto:maria.keller@example.com?cc=jonas.berg@example.com',
		'maria.keller\u200b@example.com',
	])('that is no address is refused before anything is sent: %j', async (userIds) => {
		const gong = await startGong();
		const result = await runNode(gong, {
			parameters: { operation: 'grant', callIds: DEMO, userIds },
		});
		expect(toldBy(result)).toContain("'Users'");
		expect(gong.log).toEqual([]);
	});

	test.concurrent.each([
		['in angle brackets', '<Maria.Keller@example.com>', [maria]],
		['after a name', 'Maria Keller <maria.keller@example.com>', [maria]],
		[
			'after a quoted name, with others',
			'"Keller, Maria" <maria.keller@example.com>, Jonas <jonas.berg@example.com>',
			[maria, jonas],
		],
		['as mailto', 'mailto:maria.keller@example.com', [maria]],
		['as mailto with a subject', 'mailto:maria.keller@example.com?subject=Your%20call', [maria]],
	])('22: is understood %s', async (_how, userIds, ids) => {
		const gong = await startGong();
		const { items } = await runNode(gong, {
			parameters: { operation: 'grant', callIds: DEMO, userIds },
		});
		expect(items[0].json).toMatchObject({ callId: DEMO, userIds: ids, accepted: true });
		expect(writesIn(gong.log).map(changesIn)).toEqual([[{ callId: DEMO, userIds: ids }]]);
	});

	test.concurrent.each([
		['in Gong', 'zoe\u0308@example.com', 'zo\u00eb@example.com'],
		['in the input', 'Zo\u00eb@example.com', 'ZOE\u0308@example.com'],
	])('22: is found when its letters are decomposed %s', async (_where, emailAddress, userIds) => {
		const users = [{ id: '11', emailAddress }];
		const gong = await startGong({ data: makeData({ calls: [{ id: '1' }], users }) });
		const { items } = await runNode(gong, {
			parameters: { operation: 'grant', callIds: '1', userIds },
		});
		expect(items[0].json).toMatchObject({ callId: '1', userIds: ['11'], accepted: true });
	});

	test('names the missing scope, and says that IDs need no look-up', async () => {
		const gong = await startGong({ accounts: [without(SCOPES.readUsers)] });
		const result = await runNode(gong, {
			parameters: { operation: 'grant', callIds: DEMO, userIds: 'maria.keller@example.com' },
			credential: KEY,
		});
		expect(toldBy(result)).toContain('lacks the scope api:users:read');
		expect(toldBy(result)).toContain('Without it, give user IDs in place of e-mail addresses.');
		expect(toldBy(result)).not.toContain('Include User Details');
		expect(writesIn(gong.log)).toEqual([]);
	});

	test('on continue, a missing scope fails only the items with an address', async () => {
		const gong = await startGong({ accounts: [without(SCOPES.readUsers)] });
		const result = await runNode(gong, {
			parameters: { operation: 'grant', ...PAIRS, options: { maxWait: '={{ $json.id.length }}' } },
			items: [...items, { id: 'another length', call: REVIEW, user: jonas }],
			credential: KEY,
			settings: { onError: 'continueRegularOutput' },
		});
		expect(jsonOf(result.items).map(({ callId }) => callId)).toEqual([
			undefined,
			DEMO,
			undefined,
			REVIEW,
		]);
		expect(listingsOf(gong)).toHaveLength(1);
	});

	test('12: is not reported as unknown when the listing ends early', async () => {
		const gong = await startGong({ pageSize: 2 });
		const change = (answer: unknown) => {
			const page = answer as { records: object };
			return { ...page, records: { ...page.records, cursor: undefined } };
		};
		gong.fail({ kind: 'body', change, match: { path: '/v2/users' }, times: Infinity });
		const result = await runNode(gong, {
			parameters: { operation: 'grant', callIds: DEMO, userIds: 'notetaker@example.com' },
		});
		expect(toldBy(result)).toMatch(/lists 2 of 7 entries/);
		expect(toldBy(result)).not.toContain('no Gong user has');
		expect(writesIn(gong.log)).toEqual([]);
	});

	test('is not reported as unknown when the listing breaks off', async () => {
		const gong = await startGong({ pageSize: 2 });
		gong.fail({
			kind: 'status',
			status: 400,
			errors: ['Invalid cursor'],
			match: { path: '/v2/users' },
			after: 1,
		});
		const result = await runNode(gong, {
			parameters: { operation: 'grant', callIds: DEMO, userIds: 'notetaker@example.com' },
		});
		expect(toldBy(result)).toContain('Invalid cursor');
		expect(toldBy(result)).not.toContain('no Gong user has');
		expect(writesIn(gong.log)).toEqual([]);
	});
});

describe('names beside the IDs', () => {
	const run = async (gong: LocalGong, options: INodeParameters, rest: RunOptions = {}) =>
		await runNode(gong, {
			items: SAMPLE_CALL_IDS.map((call, place) => ({ id: `row ${place}`, call })),
			...rest,
			parameters: { callIds: FROM_ITEM, ...rest.parameters, options },
		});
	const both = { includeUserDetails: true, includeCallDetails: true };

	test('by calls have the fields in the order of the contract', async () => {
		const gong = await startGong();
		const { items } = await run(gong, both);
		const call = gong.state.calls.get(RENEWAL);
		expect(JSON.stringify(items[0].json)).toBe(
			JSON.stringify({
				callId: RENEWAL,
				callTitle: 'Acme Corp: renewal and seat expansion',
				callUrl: `https://app.gong.io/call?id=${RENEWAL}`,
				callStarted: call?.started,
				users: [
					{
						userId: maria,
						userName: 'Maria Keller',
						userEmail: 'maria.keller@example.com',
						userActive: true,
					},
				],
				requestId: gong.log[0].requestId,
			}),
		);
	});

	test('by users have the fields in the order of the contract, with found before requestId', async () => {
		const gong = await startGong();
		const { items } = await run(
			gong,
			{ ...both, unknownCalls: 'report', includeCallsWithoutUsers: true },
			{ parameters: { splitInto: 'users' }, items: [{ call: REVIEW }, { call: '99' }] },
		);
		expect(items.map(({ json }) => Object.keys(json))).toEqual(
			Array<string[]>(4).fill([
				'callId',
				'callTitle',
				'callUrl',
				'callStarted',
				'userId',
				'userName',
				'userEmail',
				'userActive',
				'found',
				'requestId',
			]),
		);
		expect(items.at(-1)?.json).toMatchObject({
			callId: '99',
			callTitle: null,
			callUrl: null,
			callStarted: null,
			userId: null,
			userName: null,
			userEmail: null,
			userActive: null,
			found: false,
		});
		expect(jsonOf(items).map(({ userName }) => userName)).toEqual([
			'Maria Keller',
			'Yuki Mori',
			null,
			null,
		]);
		expect(items[2].json.userEmail).toBe('notetaker@example.com');
	});

	test.each<[string, INodeParameters, string[]]>([
		['only of users', { includeUserDetails: true }, ['callId', 'users', 'requestId']],
		[
			'only of calls',
			{ includeCallDetails: true },
			['callId', 'callTitle', 'callUrl', 'callStarted', 'users', 'requestId'],
		],
	])('are fetched %s when only those are asked for', async (_what, options, keys) => {
		const gong = await startGong();
		const { items } = await run(gong, options);
		expect(Object.keys(items[0].json)).toEqual(keys);
		expect(pathsOf(gong)).toEqual([
			'POST /v2/calls/users-access',
			`POST /v2/${options.includeUserDetails ? 'users' : 'calls'}/extensive`,
		]);
	});

	test.concurrent(
		'are fetched once for each user and each call, in batches for the whole run',
		async () => {
			const gong = await startGong({ data: manyCalls(150, 2), pageSize: 40 });
			const calls = Array.from({ length: 150 }, (_, place) => ({ call: callIdAt(place) }));
			const { items } = await run(gong, both, { items: [...calls, ...calls], alone: true });
			expect(items).toHaveLength(300);
			const batches = gong.log.filter(({ body }) => !body.includes('cursor'));
			const paths = batches.map(({ path }) => path.split('/').slice(2).join('/'));
			expect(paths.sort()).toEqual([
				'calls/extensive',
				'calls/extensive',
				'calls/users-access',
				'calls/users-access',
				'users/extensive',
			]);
			const filters = gong.log.map(filterOf);
			expect(filters.find(({ userIds }) => userIds)?.userIds).toHaveLength(50);
			const requested = gong.log
				.filter(({ path, body }) => path === '/v2/calls/extensive' && !body.includes('cursor'))
				.flatMap((entry) => filterOf(entry).callIds ?? []);
			expect(requested).toEqual(calls.map(({ call }) => call));
			for (const { json } of items) {
				expect(json.callTitle).toMatch(/^Sales call /);
				for (const user of json.users as IDataObject[]) expect(user.userEmail).toMatch(/@/);
			}
		},
	);

	test.concurrent('of 250 users take 3 requests', async () => {
		const gong = await startGong({ data: manyCalls(1, 250) });
		await run(gong, { includeUserDetails: true }, { items: [{ call: callIdAt(0) }] });
		const requested = gong.log.slice(1).map((entry) => filterOf(entry).userIds ?? []);
		expect(requested.map((ids) => ids.length)).toEqual([100, 100, 50]);
		expect(new Set(requested.flat()).size).toBe(250);
	});

	test('take no request when no one is listed', async () => {
		const gong = await startGong({ data: makeData({ calls: [{ id: '1' }] }) });
		await run(gong, { includeUserDetails: true }, { items: [{ call: '1' }] });
		expect(gong.log).toHaveLength(1);
	});

	test.each([
		['some', [maria]],
		['all', [maria, yuki, sparse]],
	])('of users that Gong no longer knows are null: %s of them', async (_how, gone) => {
		const gong = await startGong();
		for (const id of gone) gong.state.users.delete(id);
		const { items } = await run(gong, { includeUserDetails: true }, { items: [{ call: REVIEW }] });
		expect(items[0].json.users).toEqual(
			[
				{
					userId: maria,
					userName: 'Maria Keller',
					userEmail: 'maria.keller@example.com',
					userActive: true,
				},
				{
					userId: yuki,
					userName: 'Yuki Mori',
					userEmail: 'yuki.mori@example.com',
					userActive: true,
				},
				{ userId: sparse, userName: null, userEmail: 'notetaker@example.com', userActive: true },
			].map((user) =>
				gone.includes(user.userId)
					? { ...user, userName: null, userEmail: null, userActive: null }
					: user,
			),
		);
	});

	test('of a user with only a first or a last name are that name', async () => {
		const users = [
			{ id: '11', firstName: 'Ada', lastName: null },
			{ id: '12', firstName: null, lastName: 'Weber' },
		];
		const data = makeData({ users, calls: [{ id: '1', users: ['11', '12'] }] });
		const gong = await startGong({ data });
		const { items } = await run(gong, { includeUserDetails: true }, { items: [{ call: '1' }] });
		expect((items[0].json.users as IDataObject[]).map(({ userName }) => userName)).toEqual([
			'Ada',
			'Weber',
		]);
	});

	test('of a call without a title are null', async () => {
		const gong = await startGong({ data: makeData({ calls: [{ id: '1', title: null }] }) });
		const { items } = await run(gong, { includeCallDetails: true }, { items: [{ call: '1' }] });
		expect(items[0].json).toMatchObject({ callTitle: null, callUrl: expect.any(String) });
	});

	describe.each([
		['includeUserDetails', 'Include User Details', SCOPES.readUsers],
		['includeCallDetails', 'Include Call Details', SCOPES.findCalls],
	])('%s without its scope', (option, label, scope) => {
		test('names the scope, and the option to switch off', async () => {
			const gong = await startGong({ accounts: [without(scope)] });
			const result = await run(gong, { [option]: true }, { credential: KEY });
			expect(toldBy(result)).toContain(`lacks the scope ${scope}`);
			expect(toldBy(result)).toContain(`Without it, switch off the option '${label}'.`);
			expect(toldBy(result)).not.toMatch(RAW_WORDS);
		});

		test.each(ON_ERROR.slice(1))('set to %s, reports it once for each item', async (onError) => {
			const gong = await startGong({ accounts: [without(scope)] });
			const result = await run(
				gong,
				{ [option]: true },
				{ credential: KEY, settings: { onError } },
			);
			const all = [...result.items, ...result.errorItems];
			expect(linksOf(all)).toEqual([0, 1, 2, 3]);
			expect(all.map((item) => detailsOf(item).callIds)).toEqual(
				SAMPLE_CALL_IDS.map((call) => [call]),
			);
			for (const { json } of all) expect(json.error).toContain(label);
		});

		test('on continue, keeps the items whose option is off', async () => {
			const gong = await startGong({ accounts: [without(scope)] });
			const result = await run(
				gong,
				{ [option]: '={{ $json.names }}' },
				{
					items: [
						{ call: RENEWAL, names: true },
						{ call: DEMO, names: false },
					],
					credential: KEY,
					settings: { onError: 'continueRegularOutput' },
				},
			);
			expect(jsonOf(result.items).map(({ callId }) => callId)).toEqual([undefined, DEMO]);
		});
	});

	test('that cannot be read are reported in clear words', async () => {
		const gong = await startGong();
		gong.fail({
			kind: 'body',
			json: { requestId: 'x', users: [{ id: 7782342274025937895 }, null, 'x'] },
			match: { path: '/v2/users/extensive' },
			times: Infinity,
		});
		const result = await run(gong, { includeUserDetails: true });
		expect(toldBy(result)).not.toMatch(RAW_WORDS);
		expect(toldBy(result)).toMatch(/not one that Gong documents/);
	});

	test.each([
		['users', 'includeUserDetails', '/v2/users/extensive'],
		['calls', 'includeCallDetails', '/v2/calls/extensive'],
	])('12: fail in words when some of the %s are missing', async (what, option, path) => {
		const gong = await startGong();
		const change = (answer: unknown) => {
			const whole = answer as Record<string, unknown[]>;
			return { ...whole, [what]: whole[what].slice(1) };
		};
		gong.fail({ kind: 'body', change, match: { path }, times: Infinity });
		const result = await run(gong, { [option]: true });
		expect(toldBy(result)).toMatch(/lists \d of \d entries/);
		expect(result.items).toEqual([]);
	});

	test('whose pages repeat without end are reported in clear words', async () => {
		const gong = await startGong();
		const records = { totalRecords: 9, currentPageSize: 1, currentPageNumber: 0, cursor: 'again' };
		gong.fail({
			kind: 'body',
			json: { requestId: 'x', records, users: [{ id: maria }] },
			match: { path: '/v2/users/extensive' },
			times: Infinity,
		});
		const result = await run(gong, { includeUserDetails: true });
		expect(toldBy(result)).toMatch(/circle/);
		expect(gong.log.length).toBeLessThan(6);
	});
});

describe('one item per person', () => {
	const parameters = { callIds: FROM_ITEM, splitInto: 'people' };
	const items = SAMPLE_CALL_IDS.map((call, place) => ({ id: `row ${place}`, call }));
	const link = (...places: number[]) =>
		places.length === 1 ? { item: places[0] } : places.map((item) => ({ item }));

	test('holds all calls of the run, and is linked to every item that led to it', async () => {
		const gong = await startGong();
		const result = await runNode(gong, { parameters, items });
		const requestIds = [gong.log[0].requestId];
		const person = (userId: string, ...callIds: string[]) => ({
			userId,
			callIds,
			callCount: callIds.length,
			requestIds,
		});
		expect(jsonOf(result.items)).toEqual([
			person(maria, RENEWAL, REVIEW),
			person(jonas, DEMO),
			person(priya, DEMO, PRICING),
			person(samuel, PRICING),
			person(left, PRICING),
			person(yuki, REVIEW),
			person(sparse, REVIEW),
		]);
		expect(result.items.map(({ pairedItem }) => pairedItem)).toEqual([
			link(0, 3),
			link(1),
			link(1, 2),
			link(2),
			link(2),
			link(3),
			link(3),
		]);
		expect(Object.keys(result.items[0].json)).toEqual([
			'userId',
			'callIds',
			'callCount',
			'requestIds',
		]);
	});

	test('names each answer and each call once, over many requests and items', async () => {
		const gong = await startGong({ data: manyCalls(60) });
		const calls = Array.from({ length: 60 }, (_, place) => callIdAt(place));
		const result = await runNode(gong, {
			parameters: { ...parameters, options: { callsPerRequest: 25 } },
			items: [...calls, calls[0], `${calls[0]} ${calls[50]}`].map((call) => ({ call })),
			alone: true,
		});
		expect(gong.log).toHaveLength(3);
		expect(result.items).toHaveLength(50);
		const [first] = result.items;
		const ids = gong.log.map(({ requestId }) => requestId);
		expect(first.json).toEqual({
			userId: userIdAt(0),
			callIds: [calls[0], calls[50]],
			callCount: 2,
			requestIds: [ids[0], ids[2]],
		});
		expect(first.pairedItem).toEqual(link(0, 50, 60, 61));
	});

	test('has names and the titles of calls when they are asked for', async () => {
		const gong = await startGong();
		const options = { includeUserDetails: true, includeCallDetails: true };
		const result = await runNode(gong, { parameters: { ...parameters, options }, items });
		expect(Object.keys(result.items[0].json)).toEqual([
			'userId',
			'userName',
			'userEmail',
			'userActive',
			'callIds',
			'calls',
			'callCount',
			'requestIds',
		]);
		expect(result.items[0].json).toMatchObject({ userName: 'Maria Keller' });
		const [{ json }] = result.items;
		const calls = json.calls as IDataObject[];
		expect(calls.map(({ callId }) => callId)).toEqual(json.callIds);
		for (const call of calls) {
			expect(Object.keys(call)).toEqual(['callId', 'callTitle', 'callUrl', 'callStarted']);
			expect(call.callTitle).toBe(gong.state.calls.get(String(call.callId))?.title);
		}
		expect(gong.log).toHaveLength(3);
	});

	test('gives no items when no one was given access', async () => {
		const gong = await startGong({ data: makeData({ calls: [{ id: '1' }] }) });
		const result = await runNode(gong, { parameters, items: [{ call: '1' }] });
		expect(result.items).toEqual([]);
		expect(result.run.status).toBe('success');
	});

	test('comes together with an error item for a call that Gong does not know', async () => {
		const gong = await startGong();
		const result = await runNode(gong, {
			parameters,
			items: [{ call: `[${RENEWAL}, 99]` }, { call: REVIEW }],
			settings: { onError: 'continueRegularOutput' },
		});
		const rows = result.items.filter(({ json }) => !('error' in json));
		const failed = result.items.filter(({ json }) => 'error' in json);
		expect(jsonOf(rows).map(({ userId }) => userId)).toEqual([maria, yuki, sparse]);
		expect(rows[0].pairedItem).toEqual(link(0, 1));
		expect(failed.map((item) => detailsOf(item).callIds)).toEqual([['99']]);
	});

	test('reports a call that Gong does not know as not found, when set to report', async () => {
		const gong = await startGong();
		const result = await runNode(gong, {
			parameters: { ...parameters, options: { unknownCalls: 'report' } },
			items: [{ call: RENEWAL }, { call: '99' }],
		});
		expect(
			jsonOf(result.items).map(({ userId, callIds, found }) => [userId, callIds, found]),
		).toEqual([
			[maria, [RENEWAL], true],
			[null, ['99'], false],
		]);
	});

	test('is linked so that a later node finds the item before', async () => {
		const gong = await startGong();
		const result = await runNode(gong, { parameters, items: items.slice(0, 2) });
		expect(result.earlier).toEqual(['row 0', 'row 1', 'row 1']);
	});
});
