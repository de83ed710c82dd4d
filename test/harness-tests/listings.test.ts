import {
	makeData,
	manyCalls,
	SAMPLE_CALL_IDS,
	SAMPLE_USER_IDS,
	type CallInput,
} from '../harness/gong';
import {
	ALL_CALLS,
	CALLS,
	change,
	FIND_CALLS,
	FIND_USERS,
	gong,
	PLAYS,
	read,
	send,
	start,
	UNKNOWN_ID,
	USERS,
	type GongBody,
	type Sent,
} from './localGong';

const [, DEMO] = SAMPLE_CALL_IDS;
const { left, sparse } = SAMPLE_USER_IDS;

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

	test.each<[string, Sent]>([
		['users', { method: 'GET', path: USERS }],
		['calls', { method: 'GET', path: ALL_CALLS }],
		['logs', { method: 'GET', path: PLAYS }],
	])('the last page of %s may have a cursor, which leads to 404', async (_what, sent) => {
		await start({ assumptions: { lastPage: 'hasCursor' } });

		const { json } = await send(sent);
		const next = await send({ ...sent, path: query(sent.path ?? '', json.records?.cursor) });

		expect(json.records?.totalRecords).toBe(json.records?.currentPageSize);
		expect(next.status).toBe(404);
		expect(next.json.errors).toEqual([expect.stringMatching(/^No \w+ found corresponding/)]);
	});
});

describe('A call that comes late or goes', () => {
	const PAST = '2020-01-01T00:00:00Z';
	const FUTURE = '2100-01-01T00:00:00Z';

	/** The endpoints that know the call `1`, beside another one that all know. */
	async function known(): Promise<string[]> {
		const ids = async (sent: Sent) => {
			const { json } = await send(sent);
			return json.calls?.map(({ id, metaData }) => metaData?.id ?? id) ?? [];
		};
		const callIds = ['1', '2'];
		const list = await ids({ method: 'GET', path: ALL_CALLS });
		const details = await ids({ path: FIND_CALLS, body: { filter: { callIds } } });
		const access = await read(...callIds);
		expect([list, details].every((found) => found.includes('2'))).toBe(true);
		return [
			...(list.includes('1') ? ['list'] : []),
			...(details.includes('1') ? ['details'] : []),
			...(access.status === 200 ? ['access'] : []),
		];
	}

	test.each<[unknown, string[]]>([
		[undefined, ['list', 'details', 'access']],
		[PAST, ['list', 'details', 'access']],
		[FUTURE, []],
		[{ list: FUTURE }, ['details', 'access']],
		[{ details: FUTURE }, ['list', 'access']],
		[{ access: FUTURE, list: PAST }, ['list', 'details']],
	])('known from %j on is known to %j', async (knownFrom, endpoints) => {
		const late = { id: '1', knownFrom } as CallInput;
		await start({ data: makeData({ calls: [late, { id: '2' }] }) });

		expect(await known()).toEqual(endpoints);
	});

	test('is hidden from one endpoint, then from all, until a reset', async () => {
		await start({ data: makeData({ calls: [{ id: '1' }, { id: '2' }] }) });

		gong.state.hideCall('1', 'details');
		expect(await known()).toEqual(['list', 'access']);
		gong.state.hideCall('1');
		expect(await known()).toEqual([]);
		gong.reset();
		expect(await known()).toHaveLength(3);
	});

	test.each(['PUT', 'DELETE'] as const)('is not known to a %s either', async (method) => {
		await start({ data: makeData({ calls: [{ id: '1', users: ['5'] }] }) });
		const before = gong.state.accessSnapshot();
		gong.state.hideCall('1', 'access');

		expect((await change(method, '1', '5')).json.errors).toEqual(['Some calls not found']);
		expect(gong.state.accessSnapshot()).toEqual(before);
	});
});
