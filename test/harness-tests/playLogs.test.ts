import {
	makeData,
	SAMPLE_CALL_IDS,
	SAMPLE_USER_IDS,
	userIdAt,
	type GongLogEntry,
	type PlayInput,
} from '../harness/gong';
import { gong, LOGS, PLAYS, send, start } from './localGong';

const [RENEWAL, , PRICING] = SAMPLE_CALL_IDS;
const { maria, priya, samuel } = SAMPLE_USER_IDS;

async function get(path: string): Promise<GongLogEntry[]> {
	const { status, json } = await send({ method: 'GET', path });
	expect(status).toBe(200);
	return json.logEntries as GongLogEntry[];
}

async function startWith(plays: PlayInput[], pageSize?: number): Promise<void> {
	await start({ data: makeData({ users: ['5'], calls: [{ id: '1' }], plays }), pageSize });
}

const timesOf = (entries: GongLogEntry[]) => entries.map(({ eventTime }) => eventTime);
const recordsOf = (entries: GongLogEntry[]) => entries.map(({ logRecord }) => logRecord);

describe('The log of plays', () => {
	test('tells a play in pieces, the last at its time', async () => {
		await startWith([{ callId: '1', userId: '5', at: '2026-05-04T12:00:00Z', pieces: 3 }]);

		const entries = await get(PLAYS);

		expect(timesOf(entries)).toEqual([
			'2026-05-04T11:58:00.000Z',
			'2026-05-04T11:59:00.000Z',
			'2026-05-04T12:00:00.000Z',
		]);
		expect(entries[0]).toMatchObject({
			userId: '5',
			userFullName: expect.stringMatching(/^\w+ \w+$/),
			userEmailAddress: expect.stringMatching(/@/),
		});
		// The same field is a number here and a text there.
		expect(recordsOf(entries)).toMatchObject([
			{ call_id: '1', sequence_num: 0 },
			{ call_id: '1', sequence_num: '1' },
			{ call_id: '1', sequence_num: 2 },
		]);
		expect(entries.flatMap((entry) => Object.keys(entry))).not.toContain('impersonatorUserId');
	});

	test('of the samples knows who played in whose name', async () => {
		await start();

		const entries = await get(PLAYS);

		const played = (callId: string) => {
			const of = entries.filter(({ logRecord }) => logRecord.call_id === callId);
			return new Set(of.map((one) => [one.userId, one.impersonatorUserId].join(' by ')));
		};
		expect(played(RENEWAL)).toEqual(new Set([`${maria} by `]));
		expect(played(PRICING)).toContain(`${priya} by ${samuel}`);
	});

	test('holds the first moment of a period and not its last', async () => {
		const at = (hour: number) => `2026-05-04T${hour}:00:00Z`;
		const plays = [13, 10, 12, 11].map((hour) => ({
			callId: '1',
			userId: '5',
			at: at(hour),
			pieces: 1,
		}));
		await startWith(plays);
		const end = encodeURIComponent('2026-05-04T15:00:00+02:00');

		const entries = await get(
			`${LOGS}?logType=UserCallPlay&fromDateTime=${at(11)}&toDateTime=${end}`,
		);

		expect(timesOf(entries)).toEqual(['2026-05-04T11:00:00.000Z', '2026-05-04T12:00:00.000Z']);
	});

	test('is one for each type', async () => {
		const at = '2026-05-04T12:00:00Z';
		await startWith([
			{ callId: '1', userId: '5', at, pieces: 1 },
			{ callId: '2', at, pieces: 1 },
			{ callId: '3', at, pieces: 1, logType: 'ExternallySharedCallAccess' },
		]);
		const callsIn = async (logType: string) => {
			const entries = await get(PLAYS.replace('UserCallPlay', logType));
			return entries.map(({ userId, logRecord }) => [userId, logRecord.call_id]);
		};

		expect(await callsIn('UserCallPlay')).toEqual([['5', '1']]);
		expect(await callsIn('ExternallySharedCallPlay')).toEqual([[undefined, '2']]);
		expect(await callsIn('ExternallySharedCallAccess')).toEqual([[undefined, '3']]);
	});

	test('comes in pages of 100, each entry once, the oldest first', async () => {
		const plays = Array.from({ length: 125 }, (_, place) => ({
			callId: '1',
			userId: userIdAt(place),
			at: new Date(Date.UTC(2026, 4, 4) + place * 300_000).toISOString(),
		}));
		await startWith(plays);

		const entries: GongLogEntry[] = [];
		const sizes: unknown[] = [];
		let cursor: string | undefined = '';
		while (cursor !== undefined) {
			const path: string = cursor === '' ? PLAYS : `${PLAYS}&cursor=${cursor}`;
			const { json } = await send({ method: 'GET', path });
			entries.push(...(json.logEntries as GongLogEntry[]));
			sizes.push([json.records?.currentPageSize, json.records?.totalRecords]);
			cursor = json.records?.cursor;
		}

		expect(sizes).toEqual([
			[100, 250],
			[100, 250],
			[50, 250],
		]);
		const times = timesOf(entries);
		expect(times).toEqual([...times].sort());
		expect(new Set(entries.map(({ userId }) => userId)).size).toBe(125);
	});

	test('may hold what nobody described, and be changed until a reset', async () => {
		const at = '2026-05-04T12:00:00Z';
		const logRecord = { call_id: 7, extra: null };
		await startWith([{ callId: '1', userId: '5', at, pieces: 1, logRecord }]);

		expect(recordsOf(await get(PLAYS))).toMatchObject([{ call_id: 7, extra: null }]);

		gong.state.logs.length = 0;
		expect((await send({ method: 'GET', path: PLAYS })).status).toBe(404);
		gong.reset();
		expect(await get(PLAYS)).toHaveLength(1);
	});

	const since = 'fromDateTime=2024-01-01T00:00:00Z';
	test.each<[string, string, number, RegExp]>([
		['without its type', `${LOGS}?${since}`, 400, /logType/],
		['of an unknown type', `${LOGS}?logType=Play&${since}`, 400, /logType/],
		['since no moment', `${LOGS}?logType=UserCallPlay`, 400, /fromDateTime/],
		['since a day', `${LOGS}?logType=UserCallPlay&fromDateTime=2024-01-01`, 400, /fromDateTime/],
		['that ends before it begins', `${PLAYS}&toDateTime=2000-01-01T00:00:00Z`, 400, /before/],
		['of one call', `${PLAYS}&callId=${RENEWAL}`, 400, /'callId'/],
		['with a made-up cursor', `${PLAYS}&cursor=a`, 400, /cursor/],
		['without entries', `${LOGS}?logType=AccessLog&${since}`, 404, /^No logs found/],
		[
			'of a period without plays',
			`${PLAYS}&toDateTime=2001-02-01T00:00:00Z`,
			404,
			/^No logs found/,
		],
	])('is refused %s', async (_what, path, status, words) => {
		await start();

		const answer = await send({ method: 'GET', path });

		expect(answer.status).toBe(status);
		expect(answer.json.errors?.join('\n')).toMatch(words);
	});
});
