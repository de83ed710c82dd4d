/** Last played: what Gong's log of plays says of the users and calls in rows, for Get Many and for Explain. */
import type { IDataObject } from 'n8n-workflow';
import { runNode, type RunOptions, type RunResult } from '../../harness/engine/engine';
import {
	detailsOf,
	gongsOfThisFile,
	jsonOf,
	ON_ERROR,
	toldBy,
	watchLog,
} from '../../harness/engine/support';
import {
	ALL_SCOPES,
	makeData,
	SCOPES,
	type LocalGong,
	type LoggedRequest,
} from '../../harness/gong';

const startGong = gongsOfThisFile();

const [ANN, BOB, CAT] = ['11', '12', '13'];
const [FIRST, SECOND] = ['7001', '7002'];
const DAY_MS = 24 * 60 * 60 * 1000;
const daysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();
const RECENT = daysAgo(3);
const EARLIER = daysAgo(20);
const LONG_AGO = daysAgo(200);
const COMPANY = {
	users: [ANN, BOB, CAT],
	calls: [
		{ id: FIRST, primaryUserId: CAT, users: [ANN, BOB] },
		{ id: SECOND, primaryUserId: CAT, users: [ANN] },
	],
};
const DATA = makeData({
	...COMPANY,
	plays: [
		{ callId: FIRST, userId: ANN, at: RECENT, pieces: 5 },
		{ callId: FIRST, userId: ANN, at: EARLIER },
		{ callId: SECOND, userId: ANN, at: EARLIER },
		{ callId: FIRST, userId: CAT, at: EARLIER },
		{ callId: FIRST, userId: BOB, at: RECENT, impersonatorUserId: CAT },
		{ callId: FIRST, userId: BOB, at: LONG_AGO },
		{ callId: '7009', userId: BOB, at: RECENT },
		{ callId: FIRST, at: RECENT },
	],
});
const isLog = ({ path }: LoggedRequest): boolean => path === '/v2/logs';

const run = async (
	gong: LocalGong,
	parameters: IDataObject,
	options: IDataObject = {},
	rest: Omit<RunOptions, 'parameters'> = {},
): Promise<RunResult> =>
	await runNode(gong, {
		...rest,
		parameters: {
			callIds: `${FIRST},${SECOND}`,
			...parameters,
			options: { includeLastPlayed: true, ...options },
		} as never,
	});
/** Which user last played which call, by the rows. */
const told = (rows: IDataObject[]): unknown[] =>
	rows.map(({ callId, userId, lastPlayed }) => [callId, userId, lastPlayed]);

describe('Get Many', () => {
	test('by users says when each user last played the call', async () => {
		const gong = await startGong({ data: DATA });
		const rows = jsonOf((await run(gong, { splitInto: 'users' })).items);
		expect(told(rows)).toEqual([
			[FIRST, ANN, RECENT],
			[FIRST, BOB, null],
			[SECOND, ANN, EARLIER],
		]);
		expect(Object.keys(rows[0])).toEqual([
			...['callId', 'userId', 'lastPlayed', 'playedSince', 'requestId'],
		]);
	});

	test('by calls says it of each of its users', async () => {
		const gong = await startGong({ data: DATA });
		const [row] = jsonOf((await run(gong, {}, { includeUserDetails: true })).items);
		expect(Object.keys(row)).toEqual(['callId', 'users', 'playedSince', 'requestId']);
		expect(row.users).toMatchObject([
			{ userId: ANN, userActive: true, lastPlayed: RECENT },
			{ userId: BOB, userActive: true, lastPlayed: null },
		]);
	});

	test('by people says when they last played any of their calls here', async () => {
		const gong = await startGong({ data: DATA });
		const rows = jsonOf((await run(gong, { splitInto: 'people' })).items);
		expect(rows).toMatchObject([
			{ userId: ANN, lastPlayed: RECENT },
			{ userId: BOB, lastPlayed: null },
		]);
		expect(Object.keys(rows[0])).toEqual([
			...['userId', 'callIds', 'callCount', 'lastPlayed', 'playedSince', 'requestIds'],
		]);
	});
});

describe('Explain', () => {
	test.each([true, false])('by users says it of everybody, simplified: %j', async (simplify) => {
		const gong = await startGong({ data: DATA });
		const parameters = { operation: 'explain', splitInto: 'users', simplify };
		const rows = jsonOf((await run(gong, parameters, { unknownCalls: 'report' })).items);
		expect(told(rows)).toEqual([
			[FIRST, ANN, RECENT],
			[FIRST, BOB, null],
			[FIRST, CAT, EARLIER],
			[SECOND, ANN, EARLIER],
			[SECOND, CAT, null],
		]);
		expect(Object.keys(rows[0]).slice(-4)).toEqual([
			...['lastPlayed', 'playedSince', 'found', 'requestId'],
		]);
	});

	test('by calls lists the users with it', async () => {
		const gong = await startGong({ data: DATA });
		const [row] = jsonOf((await run(gong, { operation: 'explain' })).items);
		expect(row.users).toEqual([
			{ userId: ANN, lastPlayed: RECENT },
			{ userId: BOB, lastPlayed: null },
			{ userId: CAT, lastPlayed: EARLIER },
		]);
		expect(row.playedSince).toEqual(expect.any(String));
	});

	test('by people says it once for each', async () => {
		const gong = await startGong({ data: DATA });
		const parameters = { operation: 'explain', splitInto: 'people' };
		const rows = jsonOf((await run(gong, parameters)).items);
		expect(rows.map(({ userId, lastPlayed }) => [userId, lastPlayed])).toEqual([
			[ANN, RECENT],
			[BOB, null],
			[CAT, EARLIER],
		]);
	});
});

describe('the log', () => {
	test('is read from the day 90 days ago, or from the moment that the option names', async () => {
		const gong = await startGong({ data: DATA });
		const [row] = jsonOf((await run(gong, {})).items);
		const [asked] = gong.log.filter(isLog);
		expect(row.playedSince).toBe(new URLSearchParams(asked.query).get('fromDateTime'));
		const days = (Date.now() - Date.parse(String(row.playedSince))) / DAY_MS;
		expect(days).toBeGreaterThan(89.9);
		expect(days).toBeLessThan(91.1);
		const playedSince = daysAgo(300);
		const rows = jsonOf((await run(gong, { splitInto: 'users' }, { playedSince })).items);
		expect(rows[1]).toMatchObject({ userId: BOB, lastPlayed: LONG_AGO });
		expect(Date.parse(String(rows[1].playedSince))).toBe(Date.parse(playedSince));
	});

	test.each([1, 2, 7])('is read whole, %d entries a page, once a run', async (pageSize) => {
		const gong = await startGong({ data: DATA, pageSize });
		const parameters = { callIds: '={{ $json.call }}', splitInto: 'users' };
		const items = [{ call: FIRST }, { call: SECOND }, { call: FIRST }];
		const rows = jsonOf((await run(gong, parameters, {}, { items })).items);
		expect(rows.map(({ lastPlayed }) => lastPlayed)).toEqual([
			...[RECENT, null, EARLIER, RECENT, null],
		]);
		const cursors = gong.log.filter(isLog).map(({ query }) => JSON.stringify(query));
		expect(new Set(cursors).size).toBe(cursors.length);
	});

	test('may be empty', async () => {
		const gong = await startGong({ data: makeData(COMPANY) });
		const result = await run(gong, { splitInto: 'users' });
		expect(toldBy(result)).toBe('');
		expect(jsonOf(result.items).map(({ lastPlayed }) => lastPlayed)).toEqual([null, null, null]);
	});

	test('counts an ID only as text; what is left out is counted in the log of n8n', async () => {
		const lines = watchLog();
		const odd = [{ call_id: 7001 }, { call_id: null }, { call_id: '' }, { call_id: {} }];
		const plays = odd.map((logRecord) => ({
			...{ callId: FIRST, userId: ANN, at: RECENT, pieces: 1, logRecord },
		}));
		const gong = await startGong({ data: makeData({ ...COMPANY, plays }), judge: undefined });
		const result = await run(gong, { splitInto: 'users' });
		jest.restoreAllMocks();
		expect(toldBy(result)).toBe('');
		expect(jsonOf(result.items).map(({ lastPlayed }) => lastPlayed)).toEqual([null, null, null]);
		expect(lines.join('\n')).toMatch(/4 entries of Gong's log of plays left out/);
	});

	test('of more than 1,000 pages is refused, with how many there are and what to do', async () => {
		const plays = Array.from({ length: 1_001 }, () => ({
			...{ callId: FIRST, userId: ANN, at: RECENT, pieces: 1 },
		}));
		const gong = await startGong({ data: makeData({ ...COMPANY, plays }), pageSize: 1 });
		const result = await run(gong, {});
		expect(toldBy(result)).toMatch(/1,001 pages.*at most 1,000/);
		expect(toldBy(result)).toMatch(/later moment under the option 'Played Since'/);
		expect(gong.log.filter(isLog)).toHaveLength(1);
	});
});

describe('a scope that is missing', () => {
	const KEY = { accessKey: 'key', accessKeySecret: 'secret' };
	const scopes = ALL_SCOPES.filter((scope) => scope !== SCOPES.readLogs);

	test.each(['list', 'explain'])('ends %s set to stop, in words', async (operation) => {
		const gong = await startGong({ data: DATA, accounts: [{ ...KEY, scopes }] });
		const told = toldBy(await run(gong, { operation }, {}, { credential: KEY }));
		expect(told).toContain('api:logs:read');
		expect(told).toContain("leave out the option 'Include Last Played'");
		const without = { includeLastPlayed: false };
		expect((await run(gong, { operation }, without, { credential: KEY })).items).toHaveLength(2);
	});

	test.each(
		['list', 'explain'].flatMap((operation) =>
			ON_ERROR.slice(1).map((onError) => [operation, onError] as const),
		),
	)('costs %s its rows, set to %s, in words', async (operation, onError) => {
		const gong = await startGong({ data: DATA, accounts: [{ ...KEY, scopes }] });
		const rest = { credential: KEY, settings: { onError } };
		const { items, errorItems } = await run(gong, { operation }, {}, rest);
		const failed = [...items, ...errorItems];
		expect(failed.map(detailsOf)).toMatchObject([
			{ callIds: [FIRST, SECOND], reason: 'unauthorized', outcome: 'refused' },
		]);
		expect(failed[0].json.error).toContain("leave out the option 'Include Last Played'");
	});
});
