import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
	ALL_SCOPES,
	basicHeader,
	callIdAt,
	DEMO_ACCOUNT,
	DEMO_CLIENT,
	GONG_LATENCY,
	makeData,
	manyCalls,
	QUICK,
	SAMPLE_CALL_IDS,
	SAMPLE_FOLDER_ID,
	SAMPLE_PROFILE_IDS,
	SAMPLE_USER_IDS,
	SAMPLE_WORKSPACE_IDS,
	sampleData,
	SCOPES,
	startLocalGong,
	TokenStore,
	type Fault,
	type GongAccount,
	type LocalGong,
	type LocalGongOptions,
} from '../harness/gong';
import { openApiJudge, SKIPPED_WITHOUT_OPENAPI } from '../harness/judging/openApi';

const ACCESS = '/v2/calls/users-access';
const USERS = '/v2/users';
const FIND_USERS = '/v2/users/extensive';
const CALLS = '/v2/calls';
const FIND_CALLS = '/v2/calls/extensive';
/** All calls there are, by a period that holds them. */
const ALL_CALLS = `${CALLS}?fromDateTime=2001-01-01T00:00:00Z&toDateTime=2101-01-01T00:00:00Z`;
const WORKSPACES = '/v2/workspaces';
const PROFILES = '/v2/all-permission-profiles';
const PROFILE_USERS = '/v2/permission-profile/users';
const FOLDERS = '/v2/library/folders';
const FOLDER = '/v2/library/folder-content';
const TOKEN = '/oauth2/generate-customer-token';

const [RENEWAL, DEMO, PRICING, REVIEW] = SAMPLE_CALL_IDS;
const { maria, jonas, priya, samuel, yuki, left, sparse } = SAMPLE_USER_IDS;
const { sales, success } = SAMPLE_WORKSPACE_IDS;
const { leadership, managers, engineers, partners, product, guests, successTeam } =
	SAMPLE_PROFILE_IDS;
/** An ID that no user and no call has. */
const UNKNOWN_ID = '1112223334445556667';

const REQUEST_ID = /^[0-9a-z]{19}$/;

interface Sent {
	method?: string;
	path?: string;
	/** An object is sent as JSON, a string as it is. */
	body?: unknown;
	headers?: Record<string, string | undefined>;
}

interface Records {
	totalRecords: number;
	currentPageSize: number;
	currentPageNumber: number;
	cursor?: string;
}

interface GongBody {
	requestId?: string;
	errors?: string[];
	records?: Records;
	callAccessList?: { callId: string; users?: { userId: string }[] }[];
	users?: { id: string; emailAddress: string | null; active: boolean }[];
	calls?: { id: string; title: string; started: string; metaData?: { id: string } }[];
	[token: string]: unknown;
}

interface Received {
	status: number;
	headers: Headers;
	text: string;
	json: GongBody;
}

// Its refusals and answers are judged; what these tests send is often wrong on purpose.
const judge = SKIPPED_WITHOUT_OPENAPI === '' ? openApiJudge() : undefined;
const QUICKLY: LocalGongOptions = {
	latency: QUICK,
	judge: judge && { request: () => undefined, answer: judge.answer },
};

let gong: LocalGong;
/** Started without options and shared by all tests that need none. */
let plain: LocalGong | undefined;

async function start(options?: LocalGongOptions): Promise<void> {
	if (options !== undefined) {
		gong = await startLocalGong({ ...QUICKLY, ...options });
		return;
	}
	plain ??= await startLocalGong(QUICKLY);
	plain.reset();
	gong = plain;
}

async function send(sent: Sent, signal?: AbortSignal): Promise<Received> {
	const { method = 'POST', path = ACCESS, body } = sent;
	const headers = new Headers();
	const given = {
		authorization: basicHeader(DEMO_ACCOUNT),
		...(body === undefined ? {} : { 'content-type': 'application/json' }),
		...sent.headers,
	};
	for (const [name, value] of Object.entries(given)) {
		if (value !== undefined) headers.set(name, value);
	}
	const payload = typeof body === 'string' ? body : JSON.stringify(body);
	const url = gong.url + path;
	const init = { method, headers, body: payload, redirect: 'manual', signal } as const;
	const response = await fetch(url, init);
	const text = await response.text();
	let json: GongBody = {};
	try {
		json = JSON.parse(text) as GongBody;
	} catch {
		// Some answers are deliberately not JSON.
	}
	return { status: response.status, headers: response.headers, text, json };
}

async function read(...callIds: string[]): Promise<Received> {
	return await send({ body: { filter: { callIds } } });
}

async function change(method: 'PUT' | 'DELETE', callId: string, ...userIds: string[]) {
	return await send({ method, body: { callAccessList: [{ callId, userIds }] } });
}

function withKey(account: GongAccount): Record<string, string> {
	return { authorization: basicHeader(account) };
}

afterEach(async () => {
	if (gong !== plain) await gong.close();
	const found = [...(judge?.violations ?? [])];
	judge?.clear();
	if (found.length > 0) throw new Error(`Gong would not answer so: ${found.join('\n')}`);
});

afterAll(async () => {
	await plain?.close();
});

describe('The local Gong refuses, like Gong', () => {
	beforeEach(() => start());

	const callIds = [RENEWAL];
	const entry = { callId: RENEWAL, userIds: [maria] };
	const list = (...entries: object[]) => ({ callAccessList: entries });

	test.each<[string, Sent, number, RegExp]>([
		['a call ID that is a number', { body: `{"filter":{"callIds":[${RENEWAL}]}}` }, 400, /string/],
		['call IDs that are one string', { body: { filter: { callIds: RENEWAL } } }, 400, /array/],
		['no call IDs', { body: { filter: { callIds: [] } } }, 400, /callIds .*fewer/],
		['a call ID twice', { body: { filter: { callIds: [DEMO, DEMO] } } }, 400, /duplicate/],
		['an empty call ID', { body: { filter: { callIds: [''] } } }, 400, /pattern/],
		['a call ID of 21 digits', { body: { filter: { callIds: ['1'.repeat(21)] } } }, 400, /pattern/],
		['a call ID with a space', { body: { filter: { callIds: [` ${DEMO}`] } } }, 400, /pattern/],
		['a call ID with a new line', { body: { filter: { callIds: [`${DEMO}\n`] } } }, 400, /pattern/],
		['a call ID of other digits', { body: { filter: { callIds: ['٧٧٨٢'] } } }, 400, /pattern/],
		[
			'a link for a call ID',
			{ body: { filter: { callIds: ['https://x/?id=1'] } } },
			400,
			/pattern/,
		],
		['a call ID that is null', { body: { filter: { callIds: [null] } } }, 400, /string/],
		['no filter', { body: {} }, 400, /filter/],
		['a filter without call IDs', { body: { filter: {} } }, 400, /callIds/],
		['a field more in the filter', { body: { filter: { callIds, a: 1 } } }, 400, /'a'/],
		['a field more in the body', { body: { filter: { callIds }, b: 1 } }, 400, /'b'/],
		['the filter as a list', { body: [{ filter: { callIds } }] }, 400, /object/],
		['a body that is no JSON', { body: '{"filter":' }, 400, /JSON/],
		['a body that is null', { body: 'null' }, 400, /object/],
		['an empty body', { body: '' }, 400, /JSON/],
		['no body', {}, 400, /body/],
		[
			'a parameter in the query',
			{ path: `${ACCESS}?a=1`, body: { filter: { callIds } } },
			400,
			/'a'/,
		],
		[
			'JSON that is called text',
			{ body: { filter: { callIds } }, headers: { 'content-type': 'text/plain' } },
			415,
			/text\/plain/,
		],
		[
			'JSON that is called a form',
			{
				body: { filter: { callIds } },
				headers: { 'content-type': 'application/x-www-form-urlencoded' },
			},
			415,
			/form/,
		],
		[
			'an unknown call, without naming it',
			{ body: { filter: { callIds: [RENEWAL, UNKNOWN_ID] } } },
			400,
			/^Some calls not found$/,
		],
		[
			'to grant on an unknown call',
			{ method: 'PUT', body: list(entry, { ...entry, callId: UNKNOWN_ID }) },
			400,
			/^Some calls not found$/,
		],
		[
			'to revoke on an unknown call',
			{ method: 'DELETE', body: list({ ...entry, callId: UNKNOWN_ID }) },
			400,
			/^Some calls not found$/,
		],
		[
			'to grant to an unknown user',
			{ method: 'PUT', body: list({ ...entry, userIds: [UNKNOWN_ID] }) },
			400,
			/^Some users not found$/,
		],
		[
			'to revoke from an unknown user',
			{ method: 'DELETE', body: list({ ...entry, userIds: [UNKNOWN_ID] }) },
			400,
			/^Some users not found$/,
		],
		[
			'to grant to nobody',
			{ method: 'PUT', body: list({ ...entry, userIds: [] }) },
			400,
			/userIds/,
		],
		['to grant on nothing', { method: 'PUT', body: list() }, 400, /callAccessList/],
		['to revoke without a body', { method: 'DELETE' }, 400, /body/],
		[
			'to revoke with the IDs in the query',
			{ method: 'DELETE', path: `${ACCESS}?callId=${RENEWAL}&userIds=${maria}` },
			400,
			/body/,
		],
		[
			'users in the shape that reading gives them',
			{ method: 'PUT', body: list({ callId: RENEWAL, users: [{ userId: maria }] }) },
			400,
			/'users'/,
		],
		[
			'a user ID that is a number',
			{ method: 'PUT', body: list({ callId: RENEWAL, userIds: [234599484848423] }) },
			400,
			/string/,
		],
		[
			'a user ID twice',
			{ method: 'PUT', body: list({ ...entry, userIds: [maria, maria] }) },
			400,
			/duplicate/,
		],
		['a path that it does not have', { method: 'GET', path: '/v2/nothing' }, 404, /Not found/],
		[
			'a path with a slash too many',
			{ body: { filter: { callIds } }, path: `/${ACCESS}` },
			404,
			/N/,
		],
		['a method that it does not have', { method: 'PATCH', body: list(entry) }, 404, /Not found/],
		['to read access with GET', { method: 'GET' }, 404, /Not found/],
		['a made-up cursor', { method: 'GET', path: `${USERS}?cursor=abc` }, 400, /cursor/],
		['an empty cursor', { method: 'GET', path: `${USERS}?cursor=` }, 400, /cursor/],
		[
			'a cursor beside the body',
			{ path: `${FIND_USERS}?cursor=a`, body: { filter: {} } },
			400,
			/'/,
		],
		['users found without a filter', { path: FIND_USERS, body: {} }, 400, /filter/],
		[
			'users found by an address',
			{ path: FIND_USERS, body: { filter: { userIds: ['maria.keller@example.com'] } } },
			400,
			/pattern/,
		],
		[
			'a time without a zone',
			{
				method: 'GET',
				path: `${CALLS}?fromDateTime=2024-01-01T00:00:00&toDateTime=2024-02-01T00:00:00Z`,
			},
			400,
			/fromDateTime/,
		],
		[
			'a day for a time',
			{ method: 'GET', path: `${CALLS}?fromDateTime=2024-01-01T00:00:00Z&toDateTime=2024-02-01` },
			400,
			/toDateTime/,
		],
		[
			'a time that does not exist',
			{
				method: 'GET',
				path: `${CALLS}?fromDateTime=2024-01-01T00:00:00Z&toDateTime=2024-13-01T00:00:00Z`,
			},
			400,
			/date-time/,
		],
		[
			'a period that ends before it begins',
			{
				method: 'GET',
				path: `${CALLS}?fromDateTime=2024-02-01T00:00:00Z&toDateTime=2024-01-01T00:00:00Z`,
			},
			400,
			/before/,
		],
		[
			'a period without its end',
			{ method: 'GET', path: `${CALLS}?fromDateTime=2024-01-01T00:00:00Z` },
			400,
			/toDateTime/,
		],
		[
			'a misspelt filter',
			{ method: 'GET', path: `${CALLS}?fromDate=2024-01-01T00:00:00Z` },
			400,
			/'fromDate'/,
		],
		[
			'users that nobody is',
			{ path: FIND_USERS, body: { filter: { userIds: [UNKNOWN_ID] } } },
			404,
			/^No users found corresponding to the provided filters$/,
		],
		[
			'calls that nobody had',
			{ path: FIND_CALLS, body: { filter: { callIds: [UNKNOWN_ID] } } },
			404,
			/^No calls found corresponding to the provided filters$/,
		],
		[
			'a period without calls',
			{
				method: 'GET',
				path: `${CALLS}?fromDateTime=2001-01-01T00:00:00Z&toDateTime=2001-02-01T00:00:00Z`,
			},
			404,
			/^No calls found corresponding to the provided filters$/,
		],
		['profiles of no workspace', { method: 'GET', path: PROFILES }, 400, /workspaceId/],
		[
			'profiles of an unknown workspace',
			{ method: 'GET', path: `${PROFILES}?workspaceId=1` },
			400,
			/^Workspace not found$/,
		],
		['users of no profile', { method: 'GET', path: PROFILE_USERS }, 400, /profileId/],
		[
			'users of an unknown profile',
			{ method: 'GET', path: `${PROFILE_USERS}?profileId=1` },
			400,
			/^Permission profile not found$/,
		],
		[
			'a workspace without folders',
			{ method: 'GET', path: `${FOLDERS}?workspaceId=${success}` },
			404,
			/^No folders found/,
		],
		['no folder', { method: 'GET', path: FOLDER }, 400, /folderId/],
		[
			'an unknown folder',
			{ method: 'GET', path: `${FOLDER}?folderId=1` },
			404,
			/^No folders found/,
		],
		[
			'a misspelt field of calls',
			{
				path: FIND_CALLS,
				body: { filter: {}, contentSelector: { exposedFields: { party: true } } },
			},
			400,
			/'party'/,
		],
		[
			'a workspace without calls',
			{ method: 'GET', path: `${ALL_CALLS}&workspaceId=1` },
			404,
			/^No calls found corresponding to the provided filters$/,
		],
	])('%s', async (_what, sent, status, words) => {
		const before = gong.state.accessSnapshot();

		const answer = await send(sent);

		expect(answer.status).toBe(status);
		expect(Object.keys(answer.json)).toEqual(['requestId', 'errors']);
		expect(answer.json.requestId).toMatch(REQUEST_ID);
		expect(answer.json.errors?.join('\n')).toMatch(words);
		expect(answer.headers.get('content-type')).toBe('application/json;charset=UTF-8');
		expect(gong.state.accessSnapshot()).toEqual(before);
		const [path] = (sent.path ?? ACCESS).split('?');
		expect(gong.log).toEqual([expect.objectContaining({ path, status })]);
	});

	test('more calls than it was set to take', async () => {
		await start({ assumptions: { maxCallsPerRequest: 3 } });

		expect((await read(RENEWAL, DEMO, PRICING)).status).toBe(200);
		const { status, json } = await read(RENEWAL, DEMO, PRICING, REVIEW);

		expect([status, json.errors]).toEqual([400, ['Too many calls in one request: 4, at most 3']]);
	});
});

describe('Signing in to the local Gong', () => {
	const wrong = { accessKey: DEMO_ACCOUNT.accessKey, accessKeySecret: 'wrong' };
	const { accessKey: name, accessKeySecret: password } = DEMO_ACCOUNT;

	test.each<[string, string | undefined]>([
		['no key', undefined],
		['a wrong secret', basicHeader(wrong)],
		['an unknown key', basicHeader({ ...wrong, accessKey: 'nobody' })],
		['a key that is not encoded', `Basic ${name}:${password}`],
		['a token that nobody gave out', 'Bearer abc'],
		['the key as a token', `Bearer ${Buffer.from(`${name}:${password}`).toString('base64')}`],
	])('is refused with %s', async (_what, authorization) => {
		await start();
		const body = { filter: { callIds: [RENEWAL] } };

		const { status, json } = await send({ body, headers: { authorization } });

		expect(status).toBe(401);
		expect(json).toEqual({
			requestId: expect.stringMatching(REQUEST_ID),
			errors: ['Access denied: the key or token is not valid'],
		});
		expect(gong.log[0]).toMatchObject({ status: 401, company: '' });
	});

	const filter = { callIds: [RENEWAL] };
	const callAccessList = [{ callId: RENEWAL, userIds: [maria] }];
	test.each<[string, Sent]>([
		[SCOPES.readAccess, { body: { filter } }],
		[SCOPES.writeAccess, { method: 'PUT', body: { callAccessList } }],
		[SCOPES.writeAccess, { method: 'DELETE', body: { callAccessList } }],
		[SCOPES.readUsers, { method: 'GET', path: USERS }],
		[SCOPES.readUsers, { path: FIND_USERS, body: { filter: {} } }],
		[SCOPES.listCalls, { method: 'GET', path: ALL_CALLS }],
		[SCOPES.findCalls, { path: FIND_CALLS, body: { filter } }],
		[SCOPES.readWorkspaces, { method: 'GET', path: WORKSPACES }],
		[SCOPES.readProfiles, { method: 'GET', path: `${PROFILES}?workspaceId=${sales}` }],
		[SCOPES.readUsers, { method: 'GET', path: `${PROFILE_USERS}?profileId=${leadership}` }],
		[SCOPES.readLibrary, { method: 'GET', path: FOLDERS }],
		[SCOPES.readLibrary, { method: 'GET', path: `${FOLDER}?folderId=${SAMPLE_FOLDER_ID}` }],
	])('needs the scope %s for %p', async (scope, sent) => {
		const others = ALL_SCOPES.filter((other) => other !== scope);
		const without = { accessKey: 'without', accessKeySecret: 'it', scopes: others };
		const only = { accessKey: 'only', accessKeySecret: 'it', scopes: [scope] };
		await start({ accounts: [without, only] });

		const refused = await send({ ...sent, headers: withKey(without) });
		const allowed = await send({ ...sent, headers: withKey(only) });

		// 403 where Gong's description names it in place of 401.
		const isNamed = sent.method === 'GET' && [USERS, WORKSPACES].includes(sent.path ?? '');
		expect(refused.status).toBe(isNamed ? 403 : 401);
		expect(refused.json.errors).toEqual([
			`You don't have permission to use '${scope}' in your app.`,
		]);
		expect(allowed.status).toBe(200);
	});
});

describe('Reading who was given access', () => {
	test('gives the documented shape, digit for digit', async () => {
		await start();

		const { status, text, json } = await read('7782342274025937895');

		expect(status).toBe(200);
		expect(text).toBe(
			`{"requestId":"${json.requestId}","callAccessList":[` +
				'{"callId":"7782342274025937895","users":[{"userId":"234599484848423"}]}]}',
		);
	});

	test('gives the sample calls 1, 2, 3 and 3 users, and nobody with a share', async () => {
		await start();

		const { json } = await read(RENEWAL, DEMO, PRICING, REVIEW);

		const users = Object.fromEntries(
			json.callAccessList?.map((entry) => [entry.callId, entry.users?.map((u) => u.userId)]) ?? [],
		);
		expect(users).toEqual({
			[RENEWAL]: [maria],
			[DEMO]: [jonas, priya],
			[PRICING]: [priya, samuel, left],
			[REVIEW]: [maria, yuki, sparse],
		});
	});

	test('does not keep the order of the request', async () => {
		await start();

		const one = await read(RENEWAL, DEMO, PRICING);
		const other = await read(PRICING, RENEWAL, DEMO);

		expect(other.json.callAccessList).toEqual(one.json.callAccessList);
	});

	test.each([
		['empty', [{ callId: '11', users: [] }]],
		['noUsers', [{ callId: '11' }]],
		['noEntry', []],
	] as const)(
		'answers a call without users in the style %s',
		async (callWithoutUsers, expected) => {
			await start({
				assumptions: { callWithoutUsers },
				data: makeData({ calls: [{ id: '11' }, { id: '12', users: ['5'] }] }),
			});

			const { json } = await read('11', '12');

			const other = { callId: '12', users: [{ userId: '5' }] };
			expect(json.callAccessList).toEqual([...expected, other]);
		},
	);

	test('gives each answer an ID of its own', async () => {
		await start();

		const ids = [await read(RENEWAL), await read(RENEWAL)].map(({ json }) => json.requestId);

		expect(new Set(ids).size).toBe(2);
		expect(gong.log.map(({ requestId }) => requestId)).toEqual(ids);
	});
});

describe('Changing who has access', () => {
	beforeEach(() => start());

	test('a grant is listed afterwards, a revoke is not', async () => {
		const granted = await change('PUT', RENEWAL, jonas, yuki);
		expect(granted.json).toEqual({ requestId: expect.stringMatching(REQUEST_ID) });
		expect([...(gong.state.apiAccess.get(RENEWAL) ?? [])]).toEqual([maria, jonas, yuki]);

		const revoked = await change('DELETE', RENEWAL, maria, jonas);
		expect(revoked.json).toEqual({ requestId: expect.stringMatching(REQUEST_ID) });
		const { json } = await read(RENEWAL);
		expect(json.callAccessList).toEqual([{ callId: RENEWAL, users: [{ userId: yuki }] }]);
	});

	test.each(['PUT', 'DELETE'] as const)('%s may be repeated', async (method) => {
		expect((await change(method, DEMO, maria)).status).toBe(200);
		const once = gong.state.accessSnapshot();
		expect((await change(method, DEMO, maria)).status).toBe(200);
		expect(gong.state.accessSnapshot()).toEqual(once);
	});

	test('a grant to a person with a share is answered with 200 and changes nothing', async () => {
		const before = gong.state.accessSnapshot();

		const { status } = await change('PUT', RENEWAL, samuel);

		expect(status).toBe(200);
		expect(gong.state.accessSnapshot()).toEqual(before);
		expect((await read(RENEWAL)).text).not.toContain(samuel);
	});

	test('a person with a share keeps it when access is revoked', async () => {
		const before = gong.state.accessSnapshot();

		const { status } = await change('DELETE', PRICING, yuki, maria);

		expect(status).toBe(200);
		expect(gong.state.accessSnapshot()).toEqual(before);
		expect(before.otherAccess[PRICING]).toEqual([maria, yuki].sort());
	});

	test('one request changes many calls, or none when it is refused', async () => {
		const before = gong.state.accessSnapshot();
		const entries = [RENEWAL, DEMO, UNKNOWN_ID].map((callId) => ({ callId, userIds: [yuki] }));

		await send({ method: 'PUT', body: { callAccessList: entries } });
		expect(gong.state.accessSnapshot()).toEqual(before);

		await send({ method: 'PUT', body: { callAccessList: entries.slice(0, 2) } });
		const after = gong.state.accessSnapshot();
		expect(after.apiAccess[RENEWAL]).toContain(yuki);
		expect(after.apiAccess[DEMO]).toContain(yuki);
	});
});

describe('Listing users and calls', () => {
	async function pages(sent: (cursor?: string) => Sent): Promise<GongBody[]> {
		const all: GongBody[] = [];
		let cursor: string | undefined;
		do {
			const { status, json } = await send(sent(cursor));
			expect(status).toBe(200);
			all.push(json);
			cursor = json.records?.cursor;
		} while (cursor !== undefined && all.length < 20);
		return all;
	}

	const query = (path: string, cursor?: string) => {
		const separator = path.includes('?') ? '&' : '?';
		return cursor === undefined ? path : `${path}${separator}cursor=${encodeURIComponent(cursor)}`;
	};

	test.each<[string, 'users' | 'calls', (cursor?: string) => Sent]>([
		['GET users', 'users', (cursor) => ({ method: 'GET', path: query(USERS, cursor) })],
		['users/extensive', 'users', (cursor) => ({ path: FIND_USERS, body: { filter: {}, cursor } })],
		['GET calls', 'calls', (cursor) => ({ method: 'GET', path: query(ALL_CALLS, cursor) })],
		['calls/extensive', 'calls', (cursor) => ({ path: FIND_CALLS, body: { filter: {}, cursor } })],
	])('%s gives all of them once, with a cursor only while more follow', async (_w, key, sent) => {
		await start({ data: manyCalls(50, 1), pageSize: 20 });

		const all = await pages(sent);

		expect(all.map(({ records }) => records)).toEqual([
			{ totalRecords: 50, currentPageSize: 20, currentPageNumber: 0, cursor: expect.any(String) },
			{ totalRecords: 50, currentPageSize: 20, currentPageNumber: 1, cursor: expect.any(String) },
			{ totalRecords: 50, currentPageSize: 10, currentPageNumber: 2 },
		]);
		const ids = all.flatMap((page) => page[key]?.map((one) => one.id ?? JSON.stringify(one)));
		expect(new Set(ids).size).toBe(50);
	});

	test('a list that just fills its pages has no cursor on the last one', async () => {
		await start({ data: manyCalls(40, 1), pageSize: 20 });

		const all = await pages((cursor) => ({ method: 'GET', path: query(ALL_CALLS, cursor) }));

		expect(all).toHaveLength(2);
	});

	test('a cursor expires, and then helps no more', async () => {
		await start({ pageSize: 1 });
		const { json } = await send({ method: 'GET', path: USERS });
		gong.expireCursors();

		for (let i = 0; i < 2; i++) {
			const { status, json: refused } = await send({
				method: 'GET',
				path: query(USERS, json.records?.cursor),
			});
			expect([status, refused.errors]).toEqual([400, ['cursor has expired']]);
		}
		const again = await send({ method: 'GET', path: USERS });
		const next = await send({ method: 'GET', path: query(USERS, again.json.records?.cursor) });
		expect(next.status).toBe(200);
	});

	test('pages hold 100 entries, the oldest calls first', async () => {
		await start({ data: manyCalls(150) });

		const all = await pages((cursor) => ({ method: 'GET', path: query(ALL_CALLS, cursor) }));

		expect(all.map(({ calls }) => calls?.length)).toEqual([100, 50]);
		const started = all.flatMap(({ calls }) => calls?.map((call) => call.started) ?? []);
		expect(started).toEqual([...started].sort());
	});

	test('Gong’s own staff is listed only where it is asked for', async () => {
		await start({ data: makeData({ users: ['5', { id: '6', avatar: true }] }) });
		const idsOf = async (sent: Sent) => {
			const { json } = await send(sent);
			return json.users?.map(({ id }) => id);
		};
		const find = (filter: object): Sent => ({ path: FIND_USERS, body: { filter } });

		expect(await idsOf({ method: 'GET', path: USERS })).toEqual(['5']);
		expect(await idsOf({ method: 'GET', path: `${USERS}?includeAvatars=false` })).toEqual(['5']);
		expect(await idsOf({ method: 'GET', path: `${USERS}?includeAvatars=true` })).toEqual([
			'5',
			'6',
		]);
		expect(await idsOf(find({ userIds: ['5', '6'] }))).toEqual(['5']);
		expect(await idsOf(find({ includeAvatars: true }))).toEqual(['5', '6']);
	});

	test('a recorded web conference belongs to its scheduled time, any other call to its start', async () => {
		const [planned, started] = ['2024-05-06T23:55:00Z', '2024-05-07T00:05:00Z'];
		const late = { scheduled: planned, started };
		const calls = [
			{ id: '1', ...late },
			{ id: '2', ...late, direction: 'Outbound' },
			{ id: '3', ...late, clientUniqueId: 'from another system' },
			{ id: '4', ...late, scheduled: null },
		];
		await start({ data: makeData({ calls }) });
		const of = async (from: string, to: string) => {
			const period = `fromDateTime=2024-05-${from}T00:00:00Z&toDateTime=2024-05-${to}T00:00:00Z`;
			const { json } = await send({ method: 'GET', path: `${CALLS}?${period}` });
			return json.calls?.map(({ id }) => id);
		};

		expect(await of('06', '07')).toEqual(['1']);
		expect(await of('07', '08')).toEqual(['2', '3', '4']);
	});

	test('a cursor is refused in a request for something else', async () => {
		await start({ pageSize: 1 });
		const { json } = await send({ method: 'GET', path: USERS });

		const { status } = await send({ method: 'GET', path: query(ALL_CALLS, json.records?.cursor) });

		expect(status).toBe(400);
	});

	test('calls of a period start at its first moment or later, and before its last', async () => {
		const at = (hour: number) => `2024-05-06T${hour}:00:00Z`;
		const calls = [10, 11, 12, 13].map((hour) => ({ id: String(hour), started: at(hour) }));
		await start({ data: makeData({ calls: calls.reverse() }) });
		const period = `fromDateTime=${at(11)}&toDateTime=${encodeURIComponent('2024-05-06T15:00:00+02:00')}`;

		const { json } = await send({ method: 'GET', path: `${CALLS}?${period}` });

		expect(json.calls?.map(({ id }) => id)).toEqual(['11', '12']);
	});

	test('calls and users are found by their IDs, unknown ones are left out', async () => {
		await start();

		const calls = await send({
			path: FIND_CALLS,
			body: { filter: { callIds: [DEMO, UNKNOWN_ID] } },
		});
		const users = await send({
			path: FIND_USERS,
			body: { filter: { userIds: [left, UNKNOWN_ID] } },
		});

		expect(calls.json.calls).toEqual([
			{
				metaData: expect.objectContaining({
					id: DEMO,
					title: 'Northwind Traders: product demo',
					url: `https://app.gong.io/call?id=${DEMO}`,
				}),
			},
		]);
		expect(users.json.users).toEqual([
			expect.objectContaining({ id: left, emailAddress: 'tom.archer@example.com', active: false }),
		]);
	});

	test('a user with few details has null for the others', async () => {
		await start();

		const { json } = await send({ path: FIND_USERS, body: { filter: { userIds: [sparse] } } });

		expect(json.users?.[0]).toMatchObject({ id: sparse, firstName: null, lastName: null });
	});
});

describe('Who may see a call besides', () => {
	beforeEach(() => start());

	async function get(path: string): Promise<GongBody> {
		const { status, json } = await send({ method: 'GET', path });
		expect(status).toBe(200);
		return json;
	}

	test('workspaces are listed with their names', async () => {
		expect(await get(WORKSPACES)).toEqual({
			requestId: expect.stringMatching(REQUEST_ID),
			workspaces: [
				expect.objectContaining({ id: sales, name: 'Sales' }),
				expect.objectContaining({ id: success, name: 'Customer Success' }),
			],
		});
	});

	test('the permission profiles of a workspace are listed by name, one of each level', async () => {
		const { profiles } = await get(`${PROFILES}?workspaceId=${sales}`);

		expect(profiles).toMatchObject([
			{ id: partners, callsAccess: { permissionLevel: 'managers-team', teamLeadIds: [maria] } },
			{ id: guests, callsAccess: { permissionLevel: 'none' } },
			{ id: managers, callsAccess: { permissionLevel: 'report-to-them' } },
			{ id: product, callsAccess: { permissionLevel: 'own' } },
			{ id: engineers, callsAccess: { permissionLevel: 'managers-team' } },
			{ id: leadership, callsAccess: { permissionLevel: 'all' } },
		]);
		const other = await get(`${PROFILES}?workspaceId=${success}`);
		expect(other.profiles).toMatchObject([{ id: successTeam, name: 'Customer Success' }]);
	});

	test('the users of a permission profile are listed, those who have left too', async () => {
		const { users } = await get(`${PROFILE_USERS}?profileId=${engineers}`);

		expect(users).toEqual([
			{ id: jonas, fullName: 'Jonas Berg', emailAddress: 'jonas.berg@example.com' },
			{ id: left, fullName: 'Tom Archer', emailAddress: 'tom.archer@example.com' },
		]);
	});

	test('public library folders are listed, and the calls in one', async () => {
		const { folders } = await get(`${FOLDERS}?workspaceId=${sales}`);
		const content = await get(`${FOLDER}?folderId=${SAMPLE_FOLDER_ID}`);

		expect(folders).toEqual([
			{
				id: SAMPLE_FOLDER_ID,
				name: 'Good Product Demos',
				parentFolderId: null,
				createdBy: priya,
				updated: expect.any(String),
			},
		]);
		expect(content).toMatchObject({
			id: SAMPLE_FOLDER_ID,
			calls: [{ id: DEMO, title: 'Northwind Traders: product demo' }],
		});
	});

	test.each([
		['leftOut', ['metaData']],
		['empty', ['metaData', 'parties']],
	] as const)(
		'participants come on request only, of an imported call: %s',
		async (importedParties, keys) => {
			const [CALL, IMPORTED] = ['11', '12'];
			const parties = ['5', { emailAddress: 'guest@acme.example', name: 'Guest' }];
			await start({
				assumptions: { importedParties },
				data: makeData({
					users: ['5'],
					calls: [
						{ id: CALL, parties },
						{ id: IMPORTED, clientUniqueId: 'abc', direction: 'Outbound', parties },
					],
				}),
			});
			const find = async (contentSelector?: object) => {
				const filter = { callIds: [CALL, IMPORTED] };
				const { json } = await send({ path: FIND_CALLS, body: { filter, contentSelector } });
				return Object.fromEntries(json.calls?.map((call) => [call.metaData?.id, call]) ?? []);
			};

			for (const contentSelector of [undefined, {}, { exposedFields: { parties: false } }]) {
				expect(Object.keys((await find(contentSelector))[CALL])).toEqual(['metaData']);
			}
			const asked = await find({ exposedFields: { parties: true } });
			expect(Object.keys(asked[IMPORTED])).toEqual(keys);
			expect(asked[IMPORTED]).not.toMatchObject({ parties: [expect.anything()] });
			expect(asked[CALL]).toMatchObject({
				parties: [
					{ userId: '5', affiliation: 'Internal', methods: ['Invitee', 'Attendee'] },
					{ emailAddress: 'guest@acme.example', name: 'Guest', affiliation: 'External' },
				],
			});
		},
	);

	test('a company of the samples has three layers of managers, private calls and people who left', () => {
		const { calls, users } = sampleData();
		const managerOf = Object.fromEntries(users.map(({ id, managerId }) => [id, managerId]));

		expect([managerOf[jonas], managerOf[maria], managerOf[samuel]]).toEqual([maria, samuel, null]);
		expect(calls.filter(({ isPrivate }) => isPrivate).map(({ id }) => id)).toEqual([PRICING]);
		expect(users.filter(({ active }) => !active).map(({ id }) => id)).toEqual([left]);
		expect(new Set(calls.map(({ workspaceId }) => workspaceId))).toEqual(new Set([sales, success]));
	});
});

describe('The log', () => {
	beforeEach(() => start());

	test('holds what was sent, byte for byte', async () => {
		const body = `{ "filter": {"callIds":["${RENEWAL}" ]}}\n`;
		const from = Date.now();

		await send({ path: `${ACCESS}?a=b%20c`, body, headers: { 'x-mine': 'é' } });
		await send({ path: ACCESS, body: 'ünlesbar', headers: { 'content-type': 'text/plain' } });

		expect(gong.log[0]).toMatchObject({
			method: 'POST',
			path: ACCESS,
			query: { a: 'b c' },
			body,
			status: 400,
			requestId: expect.stringMatching(REQUEST_ID),
			inFlight: 1,
			company: 'demo',
		});
		expect(gong.log[0].headers).toMatchObject({ authorization: basicHeader(DEMO_ACCOUNT) });
		expect(gong.log[0].at).toBeGreaterThanOrEqual(from);
		expect(gong.log[0].at).toBeLessThanOrEqual(Date.now());
		expect(gong.log[1].body).toBe('ünlesbar');
	});

	test('counts the concurrent requests', async () => {
		// Long enough that they overlap on a busy machine too.
		gong.fail({ kind: 'stall', ms: 500, times: 3 });
		await Promise.all([read(RENEWAL), read(DEMO), read(PRICING)]);
		expect(gong.maxInFlight()).toBe(3);
		expect(gong.log.map(({ inFlight }) => inFlight)).toEqual([1, 2, 3]);

		gong.reset();
		await read(RENEWAL);
		await read(DEMO);
		expect(gong.maxInFlight()).toBe(1);
	});

	test('carries out nothing after a reset that was sent before it', async () => {
		const before = gong.state.accessSnapshot();
		const body = JSON.stringify({ callAccessList: [{ callId: RENEWAL, userIds: [maria] }] });
		const head = [
			`DELETE ${ACCESS} HTTP/1.1`,
			'host: 127.0.0.1',
			`authorization: ${basicHeader(DEMO_ACCOUNT)}`,
			'content-type: application/json',
			`content-length: ${body.length}`,
			'connection: close',
		].join('\r\n');
		/** Resolves once the request is in the socket; the server may not have read it yet. */
		const sendRaw = async (): Promise<{ closed: Promise<unknown> }> => {
			const socket = connect(Number(new URL(gong.url).port), '127.0.0.1');
			const closed = new Promise((close) =>
				socket.on('error', () => undefined).once('close', close),
			);
			socket.resume();
			await once(socket, 'connect');
			await new Promise((written) => socket.write(`${head}\r\n\r\n${body}`, written));
			return { closed };
		};
		// The reset happens at every stage: in the socket, while it is read, while it is answered.
		for (let turns = 0; turns < 12; turns++) {
			const sent = await Promise.all(Array.from({ length: 10 }, sendRaw));
			for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
			gong.reset();
			expect((await read(RENEWAL)).status).toBe(200);
			for (const { closed } of sent) await closed;
			expect(gong.log.map(({ method }) => method)).toEqual(['POST']);
			expect(gong.state.accessSnapshot()).toEqual(before);
			expect(gong.maxInFlight()).toBe(1);
		}
	});

	test('is emptied by a reset, and everything else is as at the start', async () => {
		const before = gong.state.accessSnapshot();
		const { log, state } = gong;
		await change('DELETE', RENEWAL, maria);
		state.users.clear();
		gong.fail({ kind: 'status', status: 500 });

		gong.reset();

		expect(log).toEqual([]);
		expect(state.accessSnapshot()).toEqual(before);
		expect((await read(RENEWAL)).status).toBe(200);
		expect(log).toHaveLength(1);
		expect(state.users.size).toBe(7);
	});
});

describe('The limit', () => {
	const other: GongAccount = { accessKey: 'b', accessKeySecret: 'b', scopes: ALL_SCOPES };

	test('lets as many requests through in a second as it says, and refuses the rest', async () => {
		await start({ limit: { perSecond: 3, perDay: 100 } });

		const answers = await Promise.all(Array.from({ length: 8 }, () => read(RENEWAL)));

		const refused = answers.filter(({ status }) => status === 429);
		expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
		expect(refused).toHaveLength(5);
		for (const { headers, json } of refused) {
			expect(headers.get('retry-after')).toBe('1');
			expect(json).toEqual({
				requestId: expect.stringMatching(REQUEST_ID),
				errors: [expect.any(String)],
			});
		}
	});

	test('slides, and does not count what it refused', async () => {
		await start({ limit: { perSecond: 2, perDay: 100 } });
		await read(RENEWAL);
		await sleep(600);
		await read(RENEWAL);
		for (let i = 0; i < 3; i += 1) expect((await read(RENEWAL)).status).toBe(429);

		// The first one is a second old now, the second is not.
		await sleep(450);

		expect((await read(RENEWAL)).status).toBe(200);
		expect((await read(RENEWAL)).status).toBe(429);
	});

	test('is one for the whole company, whatever the endpoint and the key', async () => {
		const stranger = { ...other, accessKey: 'c', company: 'another' };
		await start({ limit: { perSecond: 2, perDay: 9 }, accounts: [DEMO_ACCOUNT, other, stranger] });

		expect((await send({ method: 'GET', path: USERS })).status).toBe(200);
		const second = await send({ method: 'GET', path: ALL_CALLS, headers: withKey(other) });
		expect(second.status).toBe(200);
		expect((await read(RENEWAL)).status).toBe(429);
		const third = await send({ method: 'GET', path: USERS, headers: withKey(stranger) });
		expect(third.status).toBe(200);
		expect(gong.log.map(({ company }) => company)).toEqual(['demo', 'demo', 'demo', 'another']);
	});

	test('used up for the day says how long the day still lasts', async () => {
		await start({ limit: { perSecond: 100, perDay: 2 } });
		await read(RENEWAL);
		await read(RENEWAL);

		const { status, headers } = await read(RENEWAL);

		const now = new Date();
		const midnight = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1);
		const wait = Number(headers.get('retry-after'));
		expect(status).toBe(429);
		expect(Math.abs(wait - (midnight - now.getTime()) / 1_000)).toBeLessThan(5);
	});

	test('counts a request when it arrives, however late it is answered', async () => {
		await start({ limit: { perSecond: 2, perDay: 100 }, latency: 1_200 });

		const first = [read(RENEWAL), read(RENEWAL)];
		await sleep(600);
		const refused = read(RENEWAL);
		// The first two arrived more than a second ago, and are not answered yet.
		await sleep(450);
		const accepted = read(RENEWAL);

		const answers = await Promise.all([...first, refused, accepted]);
		expect(answers.map(({ status }) => status)).toEqual([200, 200, 429, 200]);
	});

	test('tells in each answer how many requests are left of the day, and nothing else', async () => {
		await start({ limit: { perSecond: 2, perDay: 100 } });

		const answers = [await read(RENEWAL), await read(UNKNOWN_ID), await read(RENEWAL)];

		expect(answers.map(({ status }) => status)).toEqual([200, 400, 429]);
		expect(answers.map(({ headers }) => headers.get('x-ratelimit-remaining'))).toEqual([
			'99',
			'98',
			'98',
		]);
		const about = [...answers[0].headers.keys()].filter((name) => name.includes('rate'));
		expect(about).toEqual(['x-ratelimit-remaining']);
	});

	test('can be changed and switched off, and counts anew', async () => {
		await start({ limit: { perSecond: 1, perDay: 100 } });
		await read(RENEWAL);
		expect((await read(RENEWAL)).status).toBe(429);

		gong.reset();
		expect((await read(RENEWAL)).status).toBe(200);
		gong.setLimit({ perSecond: 2, perDay: 100 });
		expect((await read(RENEWAL)).status).toBe(200);
		expect((await read(RENEWAL)).status).toBe(200);
		expect((await read(RENEWAL)).status).toBe(429);
		gong.setLimit(false);
		expect((await read(RENEWAL)).status).toBe(200);
	});
});

describe('The time that an answer takes', () => {
	test('is Gong’s unless another is set: some tenths of a second, varied', async () => {
		await start({ latency: GONG_LATENCY });

		await Promise.all(Array.from({ length: 20 }, () => read(RENEWAL)));

		const took = gong.log.map(({ at, endedAt }) => (endedAt ?? at) - at);
		// A timer may end a millisecond early.
		expect(Math.min(...took)).toBeGreaterThanOrEqual(299);
		expect(new Set(took.map((ms) => Math.round(ms / 100))).size).toBeGreaterThan(3);
	});

	it('is another one from the next request on, once it was set', async () => {
		// Without the change the test would time out.
		await start({ latency: 600_000 });
		gong.setLatency(QUICK);
		expect((await read(RENEWAL)).status).toBe(200);
	});
});

describe('A fault', () => {
	beforeEach(() => start());

	async function broken(promise: Promise<unknown>): Promise<string> {
		const error = await promise.then(
			() => new Error('It was answered'),
			(reason: unknown) => reason as Error,
		);
		return `${error.message}: ${String(error.cause)}`;
	}

	test('answers with a status, errors and headers', async () => {
		const when = new Date('2030-01-02T03:04:05Z');
		gong.fail({ kind: 'status', status: 503, errors: ['Down'], headers: { 'Retry-After': 7 } });
		gong.fail({ kind: 'status', status: 429, headers: { 'Retry-After': when } });
		gong.fail({ kind: 'status', status: 429 });

		const answers = [await read(RENEWAL), await read(RENEWAL), await read(RENEWAL)];

		expect(answers.map(({ status }) => status)).toEqual([503, 429, 429]);
		expect(answers[0].json).toEqual({
			requestId: expect.stringMatching(REQUEST_ID),
			errors: ['Down'],
		});
		expect(answers.map(({ headers }) => headers.get('retry-after'))).toEqual([
			'7',
			'Wed, 02 Jan 2030 03:04:05 GMT',
			null,
		]);
		expect(gong.log.map(({ status }) => status)).toEqual([503, 429, 429]);
		expect(gong.log[0].requestId).toBe(answers[0].json.requestId);
	});

	test('resets the connection', async () => {
		gong.fail({ kind: 'reset' });

		expect(await broken(read(RENEWAL))).toContain('ECONNRESET');

		expect(gong.log[0]).toMatchObject({ status: null, requestId: null });
		expect(gong.log[0].body).toContain(RENEWAL);
	});

	test('cuts an answer short of its promised length', async () => {
		gong.fail({ kind: 'cut' });
		const response = await fetch(gong.url + ACCESS, {
			method: 'POST',
			headers: { authorization: basicHeader(DEMO_ACCOUNT), 'content-type': 'application/json' },
			body: JSON.stringify({ filter: { callIds: [RENEWAL] } }),
		});

		expect(response.status).toBe(200);
		expect(Number(response.headers.get('content-length'))).toBeGreaterThan(100);
		expect(await broken(response.text())).toContain('closed');
	});

	test('cuts the JSON and not the answer', async () => {
		gong.fail({ kind: 'truncatedJson' });

		const { status, headers, text } = await read(RENEWAL);

		expect(status).toBe(200);
		expect(headers.get('content-type')).toBe('application/json;charset=UTF-8');
		expect(headers.get('content-length')).toBe(String(text.length));
		expect(text).toMatch(/^\{"requestId":"[0-9a-z]{19}","callAcc/);
		expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
	});

	test('shows a login page', async () => {
		gong.fail({ kind: 'notJson' });

		const { status, headers, text } = await read(RENEWAL);

		expect(status).toBe(200);
		expect(headers.get('content-type')).toMatch('text/html');
		expect(text).toMatch(/^<!DOCTYPE html>/);
	});

	test('answers with any JSON, any text, or the true answer changed', async () => {
		const double = (answer: unknown) => {
			const { callAccessList = [] } = answer as GongBody;
			return { callAccessList: [...callAccessList, null, ...callAccessList] };
		};
		gong.fail({ kind: 'body', json: null });
		gong.fail({ kind: 'body', raw: 'OK', headers: { 'content-type': 'text/plain' } });
		gong.fail({ kind: 'body', change: double });

		expect((await read(RENEWAL)).text).toBe('null');
		const plain = await read(RENEWAL);
		expect([plain.status, plain.text]).toEqual([200, 'OK']);
		expect(plain.headers.get('content-type')).toMatch('text/plain');
		const entry = { callId: RENEWAL, users: [{ userId: maria }] };
		expect((await read(RENEWAL)).json).toEqual({ callAccessList: [entry, null, entry] });
	});

	test('delays a request', async () => {
		gong.fail({ kind: 'stall', ms: 150 });
		const from = performance.now();

		const { status, json } = await read(RENEWAL);

		expect(performance.now() - from).toBeGreaterThan(145);
		expect(status).toBe(200);
		expect(json.callAccessList).toHaveLength(1);
	});

	test('lets a request wait forever, and no others', async () => {
		gong.fail({ kind: 'stall' });

		const stalled = broken(
			send({ body: { filter: { callIds: [DEMO] } } }, AbortSignal.timeout(200)),
		);
		await sleep(50);
		expect((await read(RENEWAL)).status).toBe(200);
		expect(gong.maxInFlight()).toBe(2);

		expect(await stalled).toMatch(/timeout/);
		await sleep(20);
		expect(gong.log[0]).toMatchObject({ status: null, requestId: null });
		expect(gong.log[0].endedAt).not.toBeNull();
		await read(RENEWAL);
		expect(gong.log[2].inFlight).toBe(1);
	});

	test('that stalls does not carry out a write that the client has given up', async () => {
		const before = gong.state.accessSnapshot();
		const body = { callAccessList: [{ callId: DEMO, userIds: [maria] }] };
		gong.fail({ kind: 'stall', ms: 300 });

		await broken(send({ method: 'PUT', body }, AbortSignal.timeout(60)));
		await sleep(300);

		expect(gong.state.accessSnapshot()).toEqual(before);
	});

	test('that stalls forever does not hold up a close or a reset', async () => {
		await start({});
		gong.fail({ kind: 'stall', times: 2 });
		const first = broken(read(RENEWAL));
		await sleep(30);
		gong.reset();
		expect(await first).toMatch(/fetch failed/);

		gong.fail({ kind: 'stall' });
		const second = broken(read(RENEWAL));
		await sleep(30);
		await gong.close();
		expect(await second).toMatch(/fetch failed/);
	});

	test.each([302, 307] as const)('redirects with a %i', async (status) => {
		gong.fail({ kind: 'redirect', status, url: 'http://127.0.0.1:9/elsewhere' });

		const answer = await read(RENEWAL);

		expect(answer.status).toBe(status);
		expect(answer.headers.get('location')).toBe('http://127.0.0.1:9/elsewhere');
	});

	test('sends the true answer in small pieces', async () => {
		gong.fail({ kind: 'slow', ms: 40, pieces: 4 });
		const from = performance.now();

		const { json } = await read(RENEWAL);

		expect(performance.now() - from).toBeGreaterThan(110);
		expect(json.callAccessList).toEqual([{ callId: RENEWAL, users: [{ userId: maria }] }]);
	});

	test('meets only the requests that it matches', async () => {
		const match = { method: 'PUT', path: ACCESS, bodyIncludes: DEMO };
		gong.fail({ kind: 'status', status: 500, match });

		expect((await read(DEMO)).status).toBe(200);
		expect((await change('DELETE', DEMO, maria)).status).toBe(200);
		expect((await change('PUT', RENEWAL, maria)).status).toBe(200);
		expect((await send({ method: 'GET', path: USERS })).status).toBe(200);
		expect((await change('PUT', DEMO, maria)).status).toBe(500);
		expect((await change('PUT', DEMO, maria)).status).toBe(200);
	});

	test('can match every path of a kind', async () => {
		gong.fail({ kind: 'status', status: 500, match: { path: /^\/v2\/users/g }, times: Infinity });

		expect((await send({ path: FIND_USERS, body: { filter: {} } })).status).toBe(500);
		expect((await send({ method: 'GET', path: USERS })).status).toBe(500);
		expect((await read(RENEWAL)).status).toBe(200);
	});

	test('comes as often and as late as it was set to, the first match first', async () => {
		gong.fail({ kind: 'status', status: 501, after: 1, times: 2 });
		gong.fail({ kind: 'status', status: 502, times: Infinity });

		const statuses: number[] = [];
		for (let i = 0; i < 5; i += 1) statuses.push((await read(RENEWAL)).status);
		expect(statuses).toEqual([502, 501, 501, 502, 502]);

		gong.clearFaults();
		expect((await read(RENEWAL)).status).toBe(200);
	});

	const lost: Fault[] = [
		{ kind: 'status', status: 500 },
		{ kind: 'reset' },
		{ kind: 'cut' },
		{ kind: 'truncatedJson' },
		{ kind: 'notJson' },
		{ kind: 'body', json: [] },
		{ kind: 'stall' },
		{ kind: 'redirect', url: 'http://127.0.0.1:9' },
	];

	test.each(lost)('$kind leaves a write undone, or done when set to be applied', async (fault) => {
		// A local Gong that is not reset: a reset would close a connection that the client has opened for later.
		await start({});
		const body = { callAccessList: [{ callId: RENEWAL, userIds: [maria] }] };
		const write = async () =>
			await send({ method: 'DELETE', body }, AbortSignal.timeout(300)).catch(() => undefined);

		gong.fail(fault);
		await write();
		expect(gong.state.accessSnapshot().apiAccess[RENEWAL]).toEqual([maria]);

		gong.fail({ ...fault, applied: true });
		await write();
		expect(gong.state.accessSnapshot().apiAccess[RENEWAL]).toEqual([]);
		expect(gong.log).toHaveLength(2);
	});
});

describe('The OAuth play', () => {
	const redirectUri = 'http://localhost:5678/rest/oauth2-credential/callback';
	const asked = `${SCOPES.readAccess} ${SCOPES.readUsers}`;
	const client = { ...DEMO_CLIENT, scopes: [SCOPES.readAccess, SCOPES.listCalls] };
	const { clientId, clientSecret } = client;
	const asClient = {
		authorization: basicHeader({ accessKey: clientId, accessKeySecret: clientSecret }),
	};

	async function authorize(changes: Record<string, string> = {}): Promise<Received> {
		const query = new URLSearchParams({
			client_id: clientId,
			redirect_uri: redirectUri,
			response_type: 'code',
			scope: asked,
			state: 's t=1&',
			...changes,
		});
		const path = `/oauth2/authorize?${query.toString()}`;
		return await send({ method: 'GET', path, headers: { authorization: undefined } });
	}

	async function getCode(changes?: Record<string, string>): Promise<string> {
		const { headers } = await authorize(changes);
		return new URL(headers.get('location') ?? '').searchParams.get('code') ?? '';
	}

	async function getToken(
		parameters: Record<string, string>,
		changes: Sent = {},
	): Promise<Received> {
		return await send({
			path: TOKEN,
			body: new URLSearchParams(parameters).toString(),
			headers: { ...asClient, 'content-type': 'application/x-www-form-urlencoded' },
			...changes,
		});
	}

	async function exchange(code: string, changes?: Record<string, string>): Promise<Received> {
		const parameters = { grant_type: 'authorization_code', code, redirect_uri: redirectUri };
		return await getToken({ ...parameters, ...changes });
	}

	async function refresh(token: unknown): Promise<Received> {
		return await getToken({ grant_type: 'refresh_token', refresh_token: String(token) });
	}

	async function readWith(token: unknown): Promise<Received> {
		const headers = { authorization: `Bearer ${String(token)}` };
		return await send({ body: { filter: { callIds: [RENEWAL] } }, headers });
	}

	beforeEach(() => start({ oauthClients: [client] }));

	test('leads from authorising to an answer', async () => {
		const { status, headers } = await authorize();
		const back = new URL(headers.get('location') ?? '');
		expect(status).toBe(302);
		expect(back.origin + back.pathname).toBe(redirectUri);
		expect(back.searchParams.get('state')).toBe('s t=1&');

		const token = await exchange(back.searchParams.get('code') ?? '');
		expect(token.status).toBe(200);
		expect(token.json).toEqual({
			access_token: expect.stringMatching(/^[\w-]{32}$/),
			refresh_token: expect.stringMatching(/^[\w-]{32}$/),
			expires_in: 86_400,
			// The requested scopes that the client may have.
			scope: SCOPES.readAccess,
			token_type: 'bearer',
			api_base_url_for_customer: gong.url,
		});

		const answer = await readWith(token.json.access_token);
		expect(answer.status).toBe(200);
		expect(gong.log.at(-1)).toMatchObject({ company: 'demo', status: 200 });
	});

	test('takes the parameters in the query too', async () => {
		const query = new URLSearchParams({
			grant_type: 'authorization_code',
			client_id: clientId,
			redirect_uri: redirectUri,
			code: await getCode(),
		});

		const { status } = await send({ path: `${TOKEN}?${query.toString()}`, headers: asClient });

		expect(status).toBe(200);
	});

	test('gives a token the requested scopes only', async () => {
		const { json } = await exchange(await getCode());
		const headers = { authorization: `Bearer ${String(json.access_token)}` };

		const { status, json: refusal } = await send({ method: 'GET', path: CALLS, headers });

		expect(status).toBe(401);
		expect(refusal.errors?.[0]).toContain(SCOPES.listCalls);
	});

	test.each<[string, Record<string, string>, number, RegExp]>([
		['an unknown client', { client_id: 'x' }, 400, /invalid_client/],
		['an invalid address', { redirect_uri: 'x' }, 400, /invalid_request/],
		['an unsafe address', { redirect_uri: 'http://example.com/cb' }, 400, /invalid_request/],
		['another kind of answer', { response_type: 'token' }, 302, /unsupported_response_type/],
		['no scope', { scope: '' }, 302, /invalid_scope/],
		['scopes with commas', { scope: asked.replace(' ', ',') }, 302, /invalid_scope/],
		['scopes that the client has not', { scope: SCOPES.writeAccess }, 302, /invalid_scope/],
	])('does not authorise %s', async (_what, changes, status, words) => {
		const answer = await authorize(changes);

		expect(answer.status).toBe(status);
		expect(answer.text + (answer.headers.get('location') ?? '')).toMatch(words);
		expect(answer.headers.get('location') ?? '').not.toContain('code=');
	});

	test('redirects nobody to an address that the client did not register', async () => {
		await gong.close();
		await start({ oauthClients: [{ ...client, redirectUris: ['https://example.com/cb'] }] });

		expect((await authorize()).status).toBe(400);
		expect((await authorize({ redirect_uri: 'https://example.com/cb' })).status).toBe(302);
	});

	test('accepts a code once, from its client and for its address', async () => {
		const code = await getCode();
		expect((await exchange(code)).status).toBe(200);
		expect((await exchange(code)).json).toMatchObject({ error: 'invalid_grant' });

		const elsewhere = await exchange(await getCode(), { redirect_uri: 'https://example.com' });
		expect([elsewhere.status, elsewhere.json.error]).toEqual([400, 'invalid_grant']);
	});

	test.each<[string, Sent, number, string]>([
		[
			'a client that does not sign in',
			{ headers: { authorization: undefined } },
			401,
			'invalid_client',
		],
		[
			'a client with a wrong secret',
			{ headers: { authorization: basicHeader({ accessKey: clientId, accessKeySecret: 'x' }) } },
			401,
			'invalid_client',
		],
		[
			'an API key',
			{ headers: { authorization: basicHeader(DEMO_ACCOUNT) } },
			401,
			'invalid_client',
		],
	])('gives no token to %s', async (_what, { headers }, status, error) => {
		const type = { 'content-type': 'application/x-www-form-urlencoded' };
		const parameters = { grant_type: 'authorization_code', code: await getCode() };

		const answer = await getToken(parameters, { headers: { ...type, ...headers } });

		expect([answer.status, answer.json.error]).toEqual([status, error]);
	});

	test('gives no token for another kind of grant, or for parameters that disagree', async () => {
		const other = await getToken({ grant_type: 'client_credentials' });
		expect([other.status, other.json.error]).toEqual([400, 'unsupported_grant_type']);

		const clash = await exchange(await getCode(), { client_id: 'another' });
		expect([clash.status, clash.json.error]).toEqual([400, 'invalid_request']);

		const parameters = { grant_type: 'refresh_token', refresh_token: 'a' };
		const twice = await getToken(parameters, { path: `${TOKEN}?refresh_token=b` });
		expect([twice.status, twice.json.error]).toEqual([400, 'invalid_request']);
	});

	test('refuses JSON in a token request', async () => {
		const body = {
			grant_type: 'authorization_code',
			code: await getCode(),
			redirect_uri: redirectUri,
		};

		expect((await send({ path: TOKEN, body, headers: asClient })).status).toBe(415);
	});

	test('expires tokens, and accepts each refresh token only once', async () => {
		const first = (await exchange(await getCode())).json;
		gong.expireTokens();
		expect((await readWith(first.access_token)).status).toBe(401);

		const second = (await refresh(first.refresh_token)).json;
		expect(second).toMatchObject({ scope: SCOPES.readAccess, api_base_url_for_customer: gong.url });
		expect(second.refresh_token).not.toBe(first.refresh_token);
		expect((await readWith(second.access_token)).status).toBe(200);
		expect((await refresh(first.refresh_token)).json).toMatchObject({ error: 'invalid_grant' });

		gong.expireTokens({ refreshTokens: true });
		expect((await refresh(second.refresh_token)).json).toMatchObject({ error: 'invalid_grant' });
	});

	test('gives tokens that last as long as they say', async () => {
		await gong.close();
		await start({ tokens: new TokenStore(600) });
		const token = gong.issueToken();
		expect(token.expires_in).toBe(600);
		expect((await readWith(token.access_token)).status).toBe(200);

		const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 600_000);
		const late = await readWith(token.access_token).finally(() => clock.mockRestore());

		expect(late.status).toBe(401);
	});

	test('can lose the answer to a refresh, with the old token used up or not', async () => {
		const { json } = await exchange(await getCode());
		gong.fail({ kind: 'status', status: 500, match: { path: TOKEN } });
		expect((await refresh(json.refresh_token)).status).toBe(500);
		gong.fail({ kind: 'status', status: 500, match: { path: TOKEN }, applied: true });
		expect((await refresh(json.refresh_token)).status).toBe(500);

		expect((await refresh(json.refresh_token)).json).toMatchObject({ error: 'invalid_grant' });
	});

	test('gives tokens without the sign-in, which another local Gong accepts too', async () => {
		const token = gong.issueToken();
		const customers = await startLocalGong({ ...QUICKLY, tokens: gong.tokens });
		const headers = {
			authorization: `Bearer ${token.access_token}`,
			'content-type': 'application/json',
		};
		const body = JSON.stringify({ filter: { callIds: [RENEWAL] } });

		const { status } = await fetch(customers.url + ACCESS, { method: 'POST', headers, body });
		await customers.close();

		expect(status).toBe(200);
		expect(token.scope).toBe(client.scopes.join(' '));
	});

	test.each([
		['https://us-12345.api.gong.io', 'https://us-12345.api.gong.io'],
		[null, undefined],
	])('names %s as the customer’s host', async (apiBaseUrlForCustomer, named) => {
		await gong.close();
		await start({ oauthClients: [client], apiBaseUrlForCustomer });

		const { json } = await exchange(await getCode());

		expect(json.api_base_url_for_customer).toBe(named);
	});
});

describe('The data', () => {
	beforeEach(() => start());

	test('of a load test has calls and users that are all different and as long as Gong’s', () => {
		const { calls, users, apiAccess } = manyCalls(10_000, 4);

		expect(new Set(calls.map(({ id }) => id)).size).toBe(10_000);
		expect(calls.every(({ id }) => /^[1-9][0-9]{18}$/.test(id))).toBe(true);
		expect(users.every(({ id }) => /^[1-9][0-9]{17}$/.test(id))).toBe(true);
		expect(Object.values(apiAccess).every((given) => new Set(given).size === 4)).toBe(true);
		expect(calls[7].id).toBe(callIdAt(7));
	});

	test('of the samples starts within the last two weeks and names only existing users', () => {
		const { calls, users, apiAccess, otherAccess } = sampleData();
		const known = new Set(users.map(({ id }) => id));
		const age = (started: string) => (Date.now() - Date.parse(started)) / 86_400_000;

		expect(calls.map(({ started }) => age(started) > 0 && age(started) < 14)).toEqual(
			calls.map(() => true),
		);
		const named = [apiAccess, otherAccess].flatMap((access) => Object.values(access).flat());
		expect(named.filter((id) => !known.has(id))).toEqual([]);
		expect(Object.values(apiAccess).map((given) => given.length)).toEqual([1, 2, 3, 3]);
	});
});

describe('The local Gong on its own', () => {
	test('starts, prints how to reach it, logs each request in a line and ends on Ctrl-C', async () => {
		await start();
		const cli = join(__dirname, '..', 'harness', 'gong', 'cli.ts');
		const child = spawn(process.execPath, ['--import', 'tsx', cli], { stdio: 'pipe' });
		let output = '';
		child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
		child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
		const said = async (words: RegExp) => {
			while (!words.test(output) && child.exitCode === null) await sleep(20);
		};
		const ended = once(child, 'exit');
		try {
			await said(/Ctrl-C/);
			const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0] ?? '';
			expect(output).toContain(`curl -s -u '${DEMO_ACCOUNT.accessKey}:`);
			await fetch(`${url}${USERS}`, { headers: withKey(DEMO_ACCOUNT) });
			await said(/GET \/v2\/users/);
			expect(output).toMatch(/\d\d:\d\d:\d\d GET \/v2\/users 200 \d+ ms\n/);
		} finally {
			child.kill('SIGINT');
		}
		expect(await ended).toEqual([0, null]);
	});
});
