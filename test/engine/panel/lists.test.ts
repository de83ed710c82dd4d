/** The lists in the node's panel. */
import type { INodePropertyOptions } from 'n8n-workflow';
import { loadNode, oAuth2Credential } from '../../harness/engine/engine';
import { type ListMethod, load } from '../../harness/engine/panelLists';
import { gongsOfThisFile, secretsOf } from '../../harness/engine/support';
import {
	ALL_SCOPES,
	callIdAt,
	makeData,
	manyCalls,
	SAMPLE_USER_IDS,
	SCOPES,
	type CallInput,
	type LocalGong,
} from '../../harness/gong';
import { RAW_WORDS } from '../../harness/judging/rawWords';

const startGong = gongsOfThisFile();

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();

const names = (options: INodePropertyOptions[]): string[] => options.map(({ name }) => name);
const values = (options: INodePropertyOptions[]) => options.map(({ value }) => value);
const picked = (options: INodePropertyOptions[]) => options.filter(({ value }) => value !== '');
const calls = (...all: CallInput[]) => makeData({ calls: all });

describe('the panel', () => {
	test.each([
		['callList', 'getCalls'],
		['userList', 'getUsers'],
		['workspaceId', 'getWorkspaces'],
	])('loads %s by %s, which the node has', async (name, method) => {
		const { description, methods } = await loadNode();
		const property = description.properties.find((known) => known.name === name);
		expect(property?.typeOptions?.loadOptionsMethod).toBe(method);
		expect(methods?.loadOptions).toHaveProperty(method);
	});
});

describe('the list of users', () => {
	test('names all of them, over all pages, sorted by name', async () => {
		const gong = await startGong({ pageSize: 3 });
		const options = await load(gong, 'getUsers');
		expect(names(options)).toEqual([
			'Jonas Berg (jonas.berg@example.com)',
			'Maria Keller (maria.keller@example.com)',
			'notetaker@example.com',
			'Priya Raman (priya.raman@example.com)',
			'Samuel Adeyemi (Samuel.Adeyemi@example.com)',
			'Tom Archer (tom.archer@example.com) (left)',
			'Yuki Mori (yuki.mori@example.com)',
		]);
		expect(options[1].value).toBe(SAMPLE_USER_IDS.maria);
		expect(values(options).sort()).toEqual(Object.values(SAMPLE_USER_IDS).sort());
		expect(gong.log.map(({ method, path }) => `${method} ${path}`)).toEqual(
			Array<string>(3).fill('GET /v2/users'),
		);
	});

	test('shows a user without a name or address by the ID', async () => {
		const nothing = { emailAddress: null, firstName: null, lastName: null };
		const gong = await startGong({ data: makeData({ users: [{ id: '77', ...nothing }] }) });
		expect(await load(gong, 'getUsers')).toEqual([
			expect.objectContaining({ name: '77', value: '77' }),
		]);
	});

	test('is empty for a company without users', async () => {
		const gong = await startGong({ data: makeData({}) });
		expect(await load(gong, 'getUsers')).toEqual([]);
		expect(gong.log[0].status).toBe(404);
	});
});

describe('the list of calls', () => {
	test('names those of the last 14 days by title, the newest first', async () => {
		const gong = await startGong({
			data: calls(
				{ id: '1', title: 'Old', started: ago(15 * DAY) },
				{ id: '2', title: 'Second', started: ago(DAY) },
				{ id: '3', title: 'Newest', started: ago(MINUTE) },
				{ id: '4', title: null, started: ago(13 * DAY) },
				{ id: '5', title: 'To come', started: ago(-DAY) },
			),
		});
		const options = await load(gong, 'getCalls');
		expect(values(options)).toEqual(['3', '2', '4']);
		// Days begin elsewhere by the workflow's clocks; `wordsForPeople.test.ts` looks at the times.
		const day = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
		expect(names(options)[1]).toMatch(new RegExp(`^Second \\(${day} \\d\\d:\\d\\d\\)$`));
		expect(names(options)[2]).toMatch(/^Untitled call/);
		expect(gong.log).toHaveLength(1);
	});

	test('is empty when there were none', async () => {
		const gong = await startGong({ data: makeData({}) });
		expect(await load(gong, 'getCalls')).toEqual([]);
	});

	test.concurrent('holds all calls of 10 pages without a line about more', async () => {
		const gong = await startGong({ data: manyCalls(50), pageSize: 5 });
		const options = await load(gong, 'getCalls');
		expect(values(options)).toEqual(Array.from({ length: 50 }, (_, place) => callIdAt(place)));
		expect(gong.log).toHaveLength(10);
	});

	test.concurrent.each([
		['spread over the 14 days', 14 * DAY],
		['all of today', DAY / 2],
		['all of the last hour', 60 * MINUTE],
	])(
		'is cut after 10 requests to the newest calls, and its first line says so: %s',
		async (_how, span) => {
			const count = 200;
			const gong = await startGong({
				data: makeData({
					calls: Array.from({ length: count }, (_, place) => ({
						id: callIdAt(place),
						started: ago(MINUTE + (place * (span - 2 * MINUTE)) / count),
					})),
				}),
				pageSize: 10,
			});
			const options = await load(gong, 'getCalls');
			expect(gong.log.length).toBeLessThanOrEqual(10);
			const listed = values(picked(options));
			expect(options[0]).toMatchObject({
				name: `Only the newest ${listed.length} calls are listed; for others give their IDs`,
				value: '',
			});
			expect(listed.length).toBeGreaterThanOrEqual(30);
			expect(listed).toEqual(listed.map((_, place) => callIdAt(place)));
		},
	);

	test.concurrent('has the newest of a day with 1,200 calls', async () => {
		const gong = await startGong({
			data: makeData({
				calls: Array.from({ length: 1_200 }, (_, place) => ({
					id: callIdAt(place),
					started: ago(MINUTE + (place * DAY) / 1_200),
				})),
			}),
		});
		const listed = values(picked(await load(gong, 'getCalls')));
		expect(listed.length).toBeGreaterThanOrEqual(300);
		expect(listed).toEqual(listed.map((_, place) => callIdAt(place)));
		expect(gong.log.length).toBeLessThanOrEqual(10);
	});

	test.concurrent('does not name a call twice when it was cut', async () => {
		const gong = await startGong({ data: manyCalls(300), pageSize: 20 });
		const listed = values(picked(await load(gong, 'getCalls')));
		expect(new Set(listed).size).toBe(listed.length);
	});
});

describe('the list of workspaces', () => {
	test('names all of them, after one entry for all together', async () => {
		const workspaces = [
			{ id: '72', name: 'Sales' },
			{ id: '71', name: 'Customer Success' },
		];
		const gong = await startGong({ data: makeData({ workspaces }) });
		const options = await load(gong, 'getWorkspaces');
		expect(options.map(({ name, value }) => [name, value])).toEqual([
			['All Workspaces', ''],
			['Customer Success', '71'],
			['Sales', '72'],
		]);
		expect(gong.log.map(({ path }) => path)).toEqual(['/v2/workspaces']);
	});

	test('shows a workspace without a name by the ID', async () => {
		const gong = await startGong({ data: makeData({ workspaces: [{ id: '71' }] }) });
		const unnamed = { workspaces: [{ id: '71', name: null }], requestId: 'r' };
		gong.fail({ kind: 'body', change: () => unnamed });
		expect(names(await load(gong, 'getWorkspaces'))).toEqual(['All Workspaces', '71']);
	});
});

test('a key that may not list the workspaces is told so beside all of them', async () => {
	const key = { accessKey: 'key', accessKeySecret: 'a-secret-of-its-own' };
	const scopes = ALL_SCOPES.filter((known) => known !== SCOPES.readWorkspaces);
	const gong = await startGong({ accounts: [{ ...key, scopes }] });
	const [all, ...others] = await load(gong, 'getWorkspaces', key);
	expect(all).toMatchObject({ name: 'All Workspaces', value: '' });
	expect(all.description).toContain('needs the scope api:workspaces:read');
	expect(all.description).toContain('give an ID by an expression');
	expect(others).toEqual([]);
});

describe('a list that cannot be loaded', () => {
	const key = { accessKey: 'key', accessKeySecret: 'a-secret-of-its-own' };
	const failed = async (gong: LocalGong, method: ListMethod, credential = {}) => {
		const thrown: unknown = await load(gong, method, credential).catch((error: unknown) => error);
		const { message, description } = thrown as { message?: string; description?: string };
		return `${message}\n${description}`;
	};

	test.each([
		['getUsers', SCOPES.readUsers, "Without it, set 'Users From' to"],
		['getCalls', SCOPES.listCalls, "Without it, set 'Calls From' to"],
	] as const)('for lack of a scope says how to do without: %s, %s', async (method, scope, how) => {
		const scopes = ALL_SCOPES.filter((known) => known !== scope);
		const gong = await startGong({ accounts: [{ ...key, scopes }] });
		const message = await failed(gong, method, key);
		expect(message).toContain(`lacks the scope ${scope}`);
		expect(message).toContain(how);
		expect(message).not.toContain('Include');
		expect(message).not.toMatch(RAW_WORDS);
		expect(gong.log).toHaveLength(1);
	});

	test.each(['getUsers', 'getCalls', 'getWorkspaces'] as const)(
		'shows Gong’s own words and no secret: %s',
		async (method) => {
			const gong = await startGong();
			gong.fail({ kind: 'status', status: 400, errors: ['Not today'] });
			const message = await failed(gong, method);
			expect(message).toContain('Not today');
			for (const secret of secretsOf(gong.account)) expect(message).not.toContain(secret);
		},
	);

	test.each(['getUsers', 'getCalls', 'getWorkspaces'] as const)(
		'sends no key to plain http elsewhere: %s',
		async (method) => {
			const gong = await startGong();
			const message = await failed(gong, method, { baseUrl: 'http://gong.example' });
			expect(message).toContain('https://');
			expect(gong.log).toEqual([]);
		},
	);

	test.concurrent.each(['getUsers', 'getCalls'] as const)(
		'is retried after a passing fault: %s',
		async (method) => {
			const gong = await startGong();
			gong.fail({ kind: 'reset' });
			gong.fail({ kind: 'status', status: 429, headers: { 'retry-after': '1' } });
			expect((await load(gong, method)).length).toBeGreaterThan(3);
			expect(gong.log).toHaveLength(3);
		},
	);

	test.concurrent.each<[string, 'getUsers' | 'getCalls', object, RegExp]>([
		['users', 'getUsers', { cursor: {} }, /its cursor is an object/],
		['users', 'getUsers', { cursor: undefined }, /lists 3 of 7 entries/],
		['calls', 'getCalls', { cursor: 5.5 }, /its cursor is a number/],
		['calls', 'getCalls', { cursor: undefined }, /lists 3 of 7 entries/],
	])('12: says so when pages of %s break off: %s, %j', async (_what, method, records, words) => {
		const data = method === 'getCalls' ? manyCalls(7) : undefined;
		const gong = await startGong({ pageSize: 3, ...(data ? { data } : {}) });
		const change = (answer: unknown) => {
			const page = answer as { records: object };
			return { ...page, records: { ...page.records, ...records } };
		};
		gong.fail({ kind: 'body', change, times: Infinity });
		const message = await failed(gong, method);
		expect(message).toMatch(words);
		expect(message).not.toMatch(RAW_WORDS);
	});

	test('does not wait for the daily limit to reset', async () => {
		const gong = await startGong();
		gong.fail({ kind: 'status', status: 429, headers: { 'retry-after': '7200' }, times: Infinity });
		expect(await failed(gong, 'getUsers')).toMatch(/no more requests for 2 hours/);
		expect(gong.log).toHaveLength(1);
	});
});

describe('opened with an OAuth2 token that has expired', () => {
	test.each(['getUsers', 'getCalls'] as const)('%s gets a new token', async (method) => {
		const gong = await startGong();
		const credential = oAuth2Credential(gong);
		gong.expireTokens();
		const options = await load(gong, method, credential, { authentication: 'oAuth2' });
		expect(options.length).toBeGreaterThan(3);
		expect(gong.log.map(({ path, status }) => [path.split('/')[1], status])).toEqual([
			['v2', 401],
			['oauth2', 200],
			['v2', 200],
		]);
	});

	test('says to connect the credential again when no new token is given', async () => {
		const gong = await startGong();
		const credential = oAuth2Credential(gong);
		gong.expireTokens({ refreshTokens: true });
		const opened = load(gong, 'getUsers', credential, { authentication: 'oAuth2' });
		await expect(opened).rejects.toMatchObject({
			description: expect.stringContaining('connect it again') as string,
		});
	});
});
