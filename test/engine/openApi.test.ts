/**
 * Gong's own OpenAPI description judges every kind of request that the node sends, and every kind of answer of
 * the local Gong. (It judges those of all other tests in this folder as well.)
 */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { runNode } from '../harness/engine/engine';
import { load } from '../harness/engine/panelLists';
import {
	basicHeader,
	DEFAULT_WORKSPACE_ID,
	DEMO_ACCOUNT,
	QUICK,
	SAMPLE_CALL_IDS,
	SAMPLE_FOLDER_ID,
	SAMPLE_PROFILE_IDS,
	SAMPLE_USER_IDS,
	startLocalGong,
	type LocalGong,
	type LocalGongOptions,
	type LoggedRequest,
} from '../harness/gong';
import {
	openApiJudge,
	SKIPPED_WITHOUT_OPENAPI,
	type OpenApiJudge,
} from '../harness/judging/openApi';

const describeWithOpenApi = SKIPPED_WITHOUT_OPENAPI === '' ? describe : describe.skip;

const { maria, jonas, priya, sparse } = SAMPLE_USER_IDS;
const [RENEWAL, DEMO] = SAMPLE_CALL_IDS;
const CALLS = SAMPLE_CALL_IDS.join();
const UNKNOWN = '1112223334445556667';
const PERIOD = { periodStart: '2001-01-01T00:00:00Z', periodEnd: '2101-01-01T00:00:00Z' };
const EVERY_OPTION = {
	callsPerRequest: 2,
	requestsPerSecond: 100,
	maxWait: 5,
	includeUserDetails: true,
	includeCallDetails: true,
};

const ACCESS = '/v2/calls/users-access';

describeWithOpenApi(`Gong's OpenAPI description${SKIPPED_WITHOUT_OPENAPI}`, () => {
	let judge: OpenApiJudge;
	const open: LocalGong[] = [];

	beforeAll(() => {
		judge = openApiJudge();
	});

	afterEach(async () => {
		judge.clear();
		await Promise.all(open.splice(0).map(async (gong) => await gong.close()));
	});

	async function start(options: LocalGongOptions = {}): Promise<LocalGong> {
		const gong = await startLocalGong({ latency: QUICK, pageSize: 2, judge, ...options });
		open.push(gong);
		return gong;
	}

	const sent = (): string[] => [...judge.seen].filter((what) => !/ [0-9]{3}$/.test(what)).sort();

	describe('finds a request with', () => {
		const NOTHING = /^$/;
		const entry = (changed: Partial<LoggedRequest>): LoggedRequest => ({
			at: 0,
			method: 'POST',
			path: ACCESS,
			query: {},
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ filter: { callIds: [RENEWAL] } }),
			status: null,
			requestId: null,
			inFlight: 1,
			company: '',
			endedAt: null,
			...changed,
		});
		const body = (json: unknown): Partial<LoggedRequest> => ({ body: JSON.stringify(json) });
		const list = { method: 'GET', path: '/v2/calls', body: '', headers: {} };
		const query = { fromDateTime: '2024-01-01T00:00:00Z', toDateTime: '2024-01-02T00:00:00Z' };

		test.each<[string, Partial<LoggedRequest>, RegExp]>([
			['nothing wrong', {}, NOTHING],
			['nothing wrong in its query', { ...list, query }, NOTHING],
			['another path', { path: '/v2/calls/access' }, /no such request/],
			['another method', { method: 'PATCH' }, /no such request/],
			['a field more', body({ filter: { callIds: [RENEWAL] }, limit: 1 }), /'limit'/],
			['a field more inside', body({ filter: { callIds: [RENEWAL], ids: [] } }), /'ids'/],
			['a field less', body({ filter: {} }), /callIds/],
			['an ID that is a number', body({ filter: { callIds: [1] } }), /must be string/],
			['an ID twice', body({ filter: { callIds: ['1', '1'] } }), /duplicate/],
			['a body that is no JSON', { body: '{' }, /not JSON/],
			['a body that is called text', { headers: { 'content-type': 'text/plain' } }, /called JSON/],
			['a body where none belongs', { ...list, query, body: '{}' }, /no body/],
			['an unknown parameter', { ...list, query: { ...query, limit: '1' } }, /'limit'/],
			['a parameter missing', { ...list, query: { toDateTime: 'x' } }, /'fromDateTime' is missing/],
			[
				'a parameter of another type',
				{ ...list, path: '/v2/users', query: { includeAvatars: '1' } },
				/boolean/,
			],
			[
				'users in the shape that reading gives them',
				{ method: 'PUT', ...body({ callAccessList: [{ callId: '1', users: [{ userId: '2' }] }] }) },
				/userIds/,
			],
		])('%s', (_what, changed, found) => {
			judge.request(entry(changed));

			expect(judge.violations.join('\n')).toMatch(found);
		});

		test.each<[string, number, unknown, RegExp]>([
			['right', 200, { requestId: 'a', callAccessList: [{ callId: '1', users: [] }] }, NOTHING],
			['refused', 400, { requestId: 'a', errors: ['No'] }, NOTHING],
			['refused with a status that is not named', 403, { requestId: 'a', errors: ['No'] }, NOTHING],
			['with a field more', 200, { requestId: 'a', calls: [] }, /'calls'/],
			['without its ID', 200, { callAccessList: [] }, /'requestId' is missing/],
			['with null', 200, { requestId: 'a', callAccessList: null }, /array/],
			['refused without words', 400, { requestId: 'a' }, /'errors' is missing/],
			['refused in one text', 400, { requestId: 'a', errors: 'No' }, /array/],
			['too early to ask again, not saying when', 429, { requestId: 'a', errors: [] }, /Retry/],
			['with a status that is not named', 202, { requestId: 'a' }, /no such answer/],
		])('an answer %s', (_what, status, json, found) => {
			const headers = { 'content-type': 'application/json;charset=UTF-8' };
			judge.answer(entry({}), { status, headers, body: JSON.stringify(json), requestId: null });

			expect(judge.violations.join('\n')).toMatch(found);
		});
	});

	const ids = { callsFrom: 'ids', callIds: CALLS };
	const field = { callsFrom: 'field', callIdField: 'call' };
	const picked = { callsFrom: 'list', callList: [RENEWAL, DEMO] };
	const period = { callsFrom: 'period', ...PERIOD };
	const workspace = { ...period, workspaceId: DEFAULT_WORKSPACE_ID };
	const READS: Record<string, INodeParameters> = { ids, field, list: picked, period, workspace };
	const WRITES: Record<string, INodeParameters> = { ids, field, list: picked };
	const USERS: Record<string, INodeParameters> = {
		ids: { usersFrom: 'ids', userIds: `${jonas}, ${maria}` },
		addresses: { usersFrom: 'ids', userIds: 'M.KELLER@example.com samuel@sso.example.com' },
		field: { usersFrom: 'field', userIdField: 'user' },
		list: { usersFrom: 'list', userList: [priya, sparse] },
	};
	const OPTIONS: Record<string, IDataObject> = {
		none: {},
		every: EVERY_OPTION,
		'dry run': { ...EVERY_OPTION, dryRun: true },
		'read back': { ...EVERY_OPTION, readBack: true },
	};
	const items = SAMPLE_CALL_IDS.map((call) => ({ id: call, call, user: jonas }));

	/** Runs the node, and gives what was found in the run. */
	async function judged(
		parameters: INodeParameters,
		onError?: 'continueRegularOutput',
	): Promise<{ error: unknown; gives: boolean; sends: boolean; violations: readonly string[] }> {
		const gong = await start();
		const options = { parameters, items, settings: { onError }, alone: true };
		const { error, items: rows } = await runNode(gong, options);
		const { violations } = judge;
		return { error, gives: rows.length > 0, sends: sent().length > 0, violations };
	}
	const AGREED = { error: undefined, gives: true, sends: true, violations: [] };

	const readCases = Object.keys(READS).flatMap((calls) =>
		['calls', 'users', 'people'].flatMap((splitInto) => [
			[calls, splitInto, 'none', {}] as const,
			[calls, splitInto, 'every', { ...EVERY_OPTION, unknownCalls: 'report' }] as const,
		]),
	);
	test.each(readCases)(
		'agrees with what Get Many sends, calls from %s, by %s, options: %s',
		async (calls, splitInto, _name, options) => {
			const all = splitInto === 'users' ? { ...options, includeCallsWithoutUsers: true } : options;
			const parameters = { operation: 'list', splitInto, ...READS[calls], options: all };
			expect(await judged(parameters)).toEqual(AGREED);
		},
	);

	const explainCases = Object.keys(READS).flatMap((calls) =>
		(['calls', 'users'] as const).map((splitInto) => [calls, splitInto] as const),
	);
	test.each(explainCases)(
		'agrees with what Explain sends, calls from %s, by %s, by every way',
		async (calls, splitInto) => {
			const ways = ['apiGrant', 'participant', 'permissionProfile', 'libraryFolder'];
			const options = { ...EVERY_OPTION, unknownCalls: 'report' };
			const parameters = { operation: 'explain', splitInto, ways, ...READS[calls], options };
			expect(await judged(parameters)).toEqual(AGREED);
		},
	);

	const writeCases = ['grant', 'revoke', 'replace'].flatMap((operation) =>
		(
			[
				['ids', 'ids', 'none'],
				['field', 'field', 'every'],
				['list', 'list', 'dry run'],
				['ids', 'addresses', 'every'],
				['field', 'addresses', 'dry run'],
				['field', 'ids', 'read back'],
				['list', 'addresses', 'read back'],
			] as const
		).map((row) => [operation, ...row] as const),
	);
	test.each(writeCases)(
		'agrees with what %s sends, calls from %s, users from %s, options: %s',
		async (operation, calls, users, named) => {
			const options = OPTIONS[named] as INodeParameters;
			const parameters = { operation, ...WRITES[calls], ...USERS[users], options };
			expect(await judged(parameters)).toEqual(AGREED);
		},
	);

	test('agrees with a replace that takes all access away', async () => {
		const options = { allowNoUsers: true };
		const parameters = { operation: 'replace', ...ids, usersFrom: 'ids', userIds: '', options };
		expect(await judged(parameters)).toEqual(AGREED);
	});

	test.each(['list', 'explain', 'grant', 'revoke', 'replace'])(
		'agrees with the search for an unknown call, and for an unknown user: %s',
		async (operation) => {
			for (const [callIds, userIds] of [
				[`${CALLS},${UNKNOWN}`, jonas],
				[CALLS, `${jonas},${UNKNOWN}`],
			]) {
				const parameters = { operation, callIds, userIds };
				expect(await judged(parameters, 'continueRegularOutput')).toEqual(AGREED);
			}
		},
	);

	test('agrees with the lists in the panel', async () => {
		const gong = await start();
		for (const list of ['getUsers', 'getCalls'] as const) await load(gong, list);

		expect(sent()).toEqual(['GET /v2/calls', 'GET /v2/users']);
		expect(judge.violations).toEqual([]);
	});

	describe('agrees with the answers of the local Gong', () => {
		const send = async (gong: LocalGong, method: string, path: string, json?: unknown) =>
			await fetch(gong.url + path, {
				method,
				headers: {
					authorization: basicHeader(gong.account),
					...(json ? { 'content-type': 'application/json' } : {}),
				},
				body: json ? JSON.stringify(json) : undefined,
			});

		const filter = { callIds: SAMPLE_CALL_IDS };
		const dates = `fromDateTime=${PERIOD.periodStart}&toDateTime=${PERIOD.periodEnd}`;
		const change = (callId: string) => ({ callAccessList: [{ callId, userIds: [jonas] }] });
		const parties = { exposedFields: { parties: true } };
		test.each<[number, string, string, unknown?]>([
			[200, 'POST', ACCESS, { filter }],
			[400, 'POST', ACCESS, { filter: { callIds: [UNKNOWN] } }],
			[200, 'PUT', ACCESS, change(RENEWAL)],
			[400, 'PUT', ACCESS, change(UNKNOWN)],
			[200, 'DELETE', ACCESS, change(RENEWAL)],
			[400, 'DELETE', ACCESS, change(UNKNOWN)],
			[200, 'GET', `/v2/calls?${dates}`],
			[200, 'GET', `/v2/calls?${dates}&workspaceId=${DEFAULT_WORKSPACE_ID}`],
			[400, 'GET', '/v2/calls'],
			[400, 'GET', `/v2/calls?${dates}&cursor=abc`],
			[404, 'GET', `/v2/calls?${dates}&workspaceId=1`],
			[200, 'POST', '/v2/calls/extensive', { filter }],
			[200, 'POST', '/v2/calls/extensive', { filter, contentSelector: parties }],
			[400, 'POST', '/v2/calls/extensive', { filter: { callIds: [] } }],
			[404, 'POST', '/v2/calls/extensive', { filter: { callIds: [UNKNOWN] } }],
			[200, 'GET', '/v2/users'],
			[200, 'GET', '/v2/users?includeAvatars=true'],
			[400, 'GET', '/v2/users?cursor=abc'],
			[200, 'POST', '/v2/users/extensive', { filter: {} }],
			[200, 'POST', '/v2/users/extensive', { filter: { userIds: [sparse] } }],
			[400, 'POST', '/v2/users/extensive', {}],
			[404, 'POST', '/v2/users/extensive', { filter: { userIds: [UNKNOWN] } }],
			[200, 'GET', '/v2/workspaces'],
			[200, 'GET', `/v2/all-permission-profiles?workspaceId=${DEFAULT_WORKSPACE_ID}`],
			[400, 'GET', '/v2/all-permission-profiles'],
			[200, 'GET', `/v2/permission-profile/users?profileId=${SAMPLE_PROFILE_IDS.engineers}`],
			[400, 'GET', '/v2/permission-profile/users?profileId=1'],
			[200, 'GET', `/v2/library/folders?workspaceId=${DEFAULT_WORKSPACE_ID}`],
			[404, 'GET', '/v2/library/folders?workspaceId=1'],
			[200, 'GET', `/v2/library/folder-content?folderId=${SAMPLE_FOLDER_ID}`],
			[404, 'GET', '/v2/library/folder-content?folderId=1'],
		])('%j to %s %s', async (status, method, path, ...[json]) => {
			const gong = await start();
			const answer = await send(gong, method, path, json);

			expect(answer.status).toBe(status);
			expect([...judge.seen]).toContain(`${method} ${path.split('?')[0]} ${status}`);
			expect(judge.violations.filter((found) => found.includes(` ${status}: `))).toEqual([]);
		});

		test('to a wrong key, a missing scope, an expired cursor, and too many requests', async () => {
			const without = { accessKey: 'a', accessKeySecret: 'b', scopes: [] };
			const limit = { perSecond: 3, perDay: 1_000 };
			const gong = await start({ accounts: [DEMO_ACCOUNT, without], limit });
			const get = async (path: string, authorization: string) =>
				await fetch(gong.url + path, { headers: { authorization } });
			const authorization = basicHeader(DEMO_ACCOUNT);
			const first = await get('/v2/users', authorization);
			const { cursor } = ((await first.json()) as { records: { cursor: string } }).records;
			gong.expireCursors();
			const statuses = [first.status];
			for (const [path, key] of [
				['/v2/users', basicHeader({ ...without, accessKey: 'unknown' })],
				['/v2/users', basicHeader(without)],
				[`/v2/users?cursor=${cursor}`, authorization],
				['/v2/workspaces', authorization],
			]) {
				statuses.push((await get(path, key)).status);
			}

			expect(statuses).toEqual([200, 401, 403, 400, 429]);
			expect(judge.violations).toEqual([]);
		});
	});
});
