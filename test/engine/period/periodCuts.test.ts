/** A long period is cut by what it holds, and no call is lost between two stretches. */
import { runNode } from '../../harness/engine/engine';
import { gongsOfThisFile, jsonOf, toldBy } from '../../harness/engine/support';
import {
	callIdAt,
	makeData,
	userIdAt,
	type LocalGong,
	type LocalGongOptions,
	type LoggedRequest,
} from '../../harness/gong';

const startGong = gongsOfThisFile();

const MINUTE = 60_000;
const PERIOD = ['2026-05-01T00:00:00.000Z', '2026-06-01T00:00:00.000Z'];
const START = Date.parse(PERIOD[0]);
const CALLS = 100;
const PAGES = 20;
const isoAt = (ms: number): string => new Date(ms).toISOString();
const IDS = Array.from({ length: CALLS }, (_, place) => callIdAt(place));
const match = { path: '/v2/calls' };

/** Twenty pages of calls, all in the first two days of the month. */
const beginOfMonth = async (options: LocalGongOptions = {}): Promise<LocalGong> =>
	await startGong({
		data: makeData({
			calls: IDS.map((id, place) => ({
				id,
				started: isoAt(START + place * 28 * MINUTE),
				users: [userIdAt(0)],
			})),
		}),
		pageSize: CALLS / PAGES,
		...options,
	});

const list = async (gong: LocalGong) =>
	await runNode(gong, {
		parameters: {
			callsFrom: 'period',
			period: 'custom',
			periodStart: PERIOD[0],
			periodEnd: PERIOD[1],
			options: { unknownCalls: 'report' },
		},
		alone: true,
	});
const listingsOf = ({ log }: LocalGong): LoggedRequest[] =>
	log.filter(({ path }) => path === match.path);
const hasCursor = ({ query }: Pick<LoggedRequest, 'query'>): boolean => query.cursor !== undefined;

describe('a month with all its calls in the first two days', () => {
	test('is listed in stretches of about as many calls, with few more requests than pages', async () => {
		const gong = await beginOfMonth({ latency: 250 });
		const { items } = await list(gong);
		expect(jsonOf(items).map(({ callId }) => callId)).toEqual(IDS);
		const listings = listingsOf(gong);
		expect(listings.length).toBeLessThanOrEqual(1.1 * PAGES);
		expect(Math.max(...listings.map(({ inFlight }) => inFlight))).toBeGreaterThanOrEqual(2);
		const pagesOf = new Map<string, number>();
		for (const { query } of listings) {
			const from = query.fromDateTime;
			pagesOf.set(from, (pagesOf.get(from) ?? 0) + 1);
		}
		expect(pagesOf.size).toBeGreaterThanOrEqual(2);
		expect(Math.max(...pagesOf.values())).toBeLessThanOrEqual(PAGES / 2);
	});

	test('comes whole where a stretch loses a call and another gets one meanwhile', async () => {
		let lost: string | undefined;
		const gong = await beginOfMonth({
			latency: 5,
			onRequestEnd: (request) => {
				const { path, query } = request;
				const isBetween = query.fromDateTime !== PERIOD[0] && query.toDateTime !== PERIOD[1];
				if (path !== match.path || !isBetween || hasCursor(request) || lost !== undefined) return;
				const after = IDS.findIndex(
					(_, at) => START + at * 28 * MINUTE >= Date.parse(query.fromDateTime),
				);
				lost = IDS[after];
				const call = gong.state.calls.get(lost);
				if (!call) throw new Error('No such call');
				gong.state.calls.delete(lost);
				const at = isoAt(START + 29 * 24 * 60 * MINUTE);
				gong.state.calls.set('1', { ...call, id: '1', started: at, scheduled: at });
			},
		});
		const result = await list(gong);
		expect(toldBy(result)).toBe('');
		expect(lost).toBeDefined();
		const listed = new Set(jsonOf(result.items).map(({ callId }) => callId));
		expect([...IDS.filter((id) => id !== lost), '1'].filter((id) => !listed.has(id))).toEqual([]);
	});

	test('is asked for no more once a stretch is refused', async () => {
		const gong = await beginOfMonth({ latency: 250 });
		gong.fail({ kind: 'status', status: 400, errors: ['Not today'], match, after: 4 });
		const result = await list(gong);
		expect(toldBy(result)).toContain('Not today');
		// Those that had left by then are answered.
		expect(listingsOf(gong).length).toBeLessThanOrEqual(4 + 6);
	});
});

describe('a 404 after a cursor', () => {
	const errors = ['No calls found corresponding to the provided filters'];
	const five = async (): Promise<LocalGong> => {
		const calls = IDS.slice(0, 5).map((id, at) => ({ id, started: isoAt(START + at * MINUTE) }));
		const gong = await startGong({ data: makeData({ calls }) });
		return gong;
	};
	/** The first page, with a cursor that leads nowhere. */
	const leadOn = (gong: LocalGong, records: object): void => {
		gong.fail({
			kind: 'body',
			change: (answer) => {
				const page = answer as { records: object };
				return { ...page, records: { ...page.records, cursor: 'next', ...records } };
			},
			match,
			times: 1,
		});
		gong.fail({ kind: 'status', status: 404, errors, match });
	};

	test('is the end where all calls are there already', async () => {
		const gong = await five();
		leadOn(gong, {});
		const result = await list(gong);
		expect(toldBy(result)).toBe('');
		expect(jsonOf(result.items).map(({ callId }) => callId)).toEqual(IDS.slice(0, 5));
		expect(listingsOf(gong).map(hasCursor)).toEqual([false, true]);
	});

	test.each<[string, object]>([
		['some are missing', { totalRecords: 6 }],
		['Gong does not tell how many there are', { totalRecords: null }],
	])('makes the listing begin anew where %s', async (_what, records) => {
		const gong = await five();
		leadOn(gong, records);
		const result = await list(gong);
		expect(toldBy(result)).toBe('');
		expect(result.items).toHaveLength(5);
		expect(listingsOf(gong).map(hasCursor)).toEqual([false, true, false]);
	});
});
