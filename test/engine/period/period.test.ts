/** Calls by period: every call that started within it, over all pages, then who has access to them. */
import { setGlobalState, type INodeParameters } from 'n8n-workflow';
import { runNode, type RunOptions } from '../../harness/engine/engine';
import {
	askedIn,
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
	DEFAULT_WORKSPACE_ID,
	makeData,
	SAMPLE_CALL_IDS,
	SCOPES,
	userIdAt,
	type CallInput,
	type LocalGong,
	type Fault,
	type LoggedRequest,
} from '../../harness/gong';
import { RAW_WORDS } from '../../harness/judging/rawWords';

const startGong = gongsOfThisFile();

const HOUR = 3_600_000;
const NOON = Date.parse('2026-05-04T12:00:00Z');
const isoAt = (ms: number): string => new Date(ms).toISOString();
const FIVE = ['2026-05-04T09:00:00Z', '2026-05-04T17:00:00Z'];

/** Calls one hour apart, starting at 2026-05-04T12:00:00Z, each with a user of its own. */
const hourly = (count: number, rest: Partial<CallInput> = {}) =>
	makeData({
		calls: Array.from({ length: count }, (_, place) => ({
			id: callIdAt(place),
			started: isoAt(NOON + place * HOUR),
			users: [userIdAt(place)],
			...rest,
		})),
	});

const run = async (
	gong: LocalGong,
	[periodStart, periodEnd]: string[],
	{ parameters, ...options }: RunOptions = {},
) =>
	await runNode(gong, {
		parameters: { callsFrom: 'period', period: 'custom', periodStart, periodEnd, ...parameters },
		...options,
	});
const listingsOf = ({ log }: LocalGong): LoggedRequest[] =>
	log.filter(({ path }) => path === '/v2/calls');
const readsOf = ({ log }: LocalGong): LoggedRequest[] =>
	log.filter(({ path }) => path === '/v2/calls/users-access');

describe('the calls of a period', () => {
	test('include one that starts exactly at the start, and not one at the end', async () => {
		const gong = await startGong({ data: hourly(5) });
		const { items } = await run(gong, [isoAt(NOON + HOUR), isoAt(NOON + 3 * HOUR)]);
		expect(jsonOf(items)).toEqual(
			[1, 2].map((place) => ({
				callId: callIdAt(place),
				users: [{ userId: userIdAt(place) }],
				requestId: gong.log[1].requestId,
			})),
		);
		expect(linksOf(items)).toEqual([0, 0]);
		expect(gong.log[0]).toMatchObject({
			method: 'GET',
			path: '/v2/calls',
			query: {
				fromDateTime: '2026-05-04T13:00:00.000Z',
				toDateTime: '2026-05-04T15:00:00.000Z',
			},
			body: '',
		});
		expect(Object.keys(gong.log[0].query)).toEqual(['fromDateTime', 'toDateTime']);
	});

	test.each([
		[1, 2, 1],
		[99, 2, 1],
		[100, 2, 1],
		[101, 2, 2],
	])(
		'cost the fewest requests for %i calls, with pages of 2 and 100 a request',
		async (n, size) => {
			const pageSize = Math.max(size, Math.ceil(n / 3));
			const gong = await startGong({ data: hourly(n), pageSize });
			const { items } = await run(gong, [isoAt(NOON), isoAt(NOON + n * HOUR)]);
			expect(items).toHaveLength(n);
			expect(listingsOf(gong)).toHaveLength(Math.ceil(n / pageSize));
			expect(readsOf(gong)).toHaveLength(Math.ceil(n / 100));
		},
	);

	test('over 10 pages cost 10 requests, few more for the cuts, and one for each 100 of them', async () => {
		const gong = await startGong({ data: hourly(235), pageSize: 24 });
		const { items } = await run(gong, [isoAt(NOON), isoAt(NOON + 1000 * HOUR)]);
		expect(listingsOf(gong).length).toBeGreaterThanOrEqual(10);
		expect(listingsOf(gong).length).toBeLessThanOrEqual(13);
		expect(readsOf(gong).map((entry) => askedIn(entry).length)).toEqual([100, 100, 35]);
		expect(new Set(jsonOf(items).map(({ callId }) => callId)).size).toBe(235);
	});

	test('are listed once for all items with the same period', async () => {
		const gong = await startGong({ data: hourly(3), pageSize: 2 });
		const { items } = await run(gong, [isoAt(NOON), isoAt(NOON + 9 * HOUR)], {
			items: [{ id: 'a' }, { id: 'b' }],
		});
		expect(listingsOf(gong)).toHaveLength(2);
		expect(readsOf(gong)).toHaveLength(1);
		expect(linksOf(items)).toEqual([0, 0, 0, 1, 1, 1]);
	});

	test('are each requested once when periods overlap', async () => {
		const gong = await startGong({ data: hourly(4) });
		const { items } = await run(gong, ['={{ $json.from }}', '={{ $json.to }}'], {
			items: [
				{ from: isoAt(NOON), to: isoAt(NOON + 3 * HOUR) },
				{ from: isoAt(NOON + 2 * HOUR), to: isoAt(NOON + 4 * HOUR) },
			],
		});
		expect(readsOf(gong).map(askedIn)).toEqual([[0, 1, 2, 3].map(callIdAt)]);
		expect(jsonOf(items).map(({ callId }) => callId)).toEqual([0, 1, 2, 2, 3].map(callIdAt));
		expect(linksOf(items)).toEqual([0, 0, 0, 1, 1]);
	});

	test('give no rows and no access request when there are none', async () => {
		const gong = await startGong({ data: hourly(3) });
		const result = await run(gong, ['2020-01-01T00:00:00Z', '2020-02-01T00:00:00Z']);
		expect(gong.log.map(({ status }) => status)).toEqual([404]);
		expect(result.items).toEqual([]);
		expect(result.run.status).toBe('success');
	});

	test('of an empty period do not affect the rows of another item', async () => {
		const gong = await startGong({ data: hourly(1) });
		const { items } = await run(gong, ['={{ $json.from }}', '2026-06-01T00:00:00Z'], {
			items: [{ from: '2026-05-20T00:00:00Z' }, { from: '2026-05-01T00:00:00Z' }],
		});
		expect(linksOf(items)).toEqual([1]);
	});

	test.each<[string, INodeParameters, unknown[]]>([
		['users', { splitInto: 'users' }, [0, 1, 2].map(userIdAt)],
		['people', { splitInto: 'people' }, [0, 1, 2].map(userIdAt)],
	])('are split by %s too', async (_what, parameters, users) => {
		const gong = await startGong({ data: hourly(3) });
		const { items } = await run(gong, [isoAt(NOON), isoAt(NOON + 9 * HOUR)], { parameters });
		expect(jsonOf(items).map(({ userId }) => userId)).toEqual(users);
	});
});

describe('a workspace', () => {
	const other = '1234567890123456789';
	const data = makeData({
		calls: [
			{ id: '1', started: isoAt(NOON) },
			{ id: '2', started: isoAt(NOON), workspaceId: other },
		],
	});

	test.each([
		['', ['1', '2']],
		['   ', ['1', '2']],
		[other, ['2']],
		[` ${DEFAULT_WORKSPACE_ID} `, ['1']],
		['={{ $json.workspace }}', ['2']],
		['={{ 99 }}', []],
		['={{ [$json.workspace] }}', ['2']],
		["={{ '' }}", ['1', '2']],
		['99', []],
	])('%j gives the calls %j', async (workspaceId, calls) => {
		const gong = await startGong({ data });
		const { items } = await run(gong, FIVE, {
			parameters: { workspaceId },
			items: [{ workspace: other }],
		});
		expect(jsonOf(items).map(({ callId }) => callId)).toEqual(calls);
	});

	test.each([
		['main', /"main"/],
		['12x', /"12x"/],
		['-1', /"-1"/],
		['[1,2]', /more than one workspace ID: "\[1,2\]"/],
		['123456789012345678901', /more than 20 digits/],
		['={{ 5.5 }}', /5\.5/],
		['={{ $json.missing }}', /finds nothing in this item/],
		['={{ null }}', /is null/],
		['={{ [] }}', /is empty/],
		['={{ true }}', /true/],
		['={{ {} }}', /\{\}/],
		['12\u200b34', /"12\\u200b34"/],
		['https://app.gong.io/call?id=1', /not a workspace ID/],
	])('11: refuses %j before anything is sent', async (workspaceId, words) => {
		const gong = await startGong({ data });
		const result = await run(gong, FIVE, { parameters: { workspaceId } });
		expect(toldBy(result)).toContain("'Workspace Name or ID'");
		expect(toldBy(result)).toMatch(words);
		expect(toldBy(result)).toContain('workspace');
		expect(gong.log).toEqual([]);
	});

	test.each(['={{ 1234567890123456789 }}', '={{ $json.workspace }}'])(
		'11: refuses a number that has lost digits, instead of finding no calls: %s',
		async (workspaceId) => {
			const gong = await startGong({ data });
			const items = [{ workspace: Number(other) }];
			const result = await run(gong, FIVE, { parameters: { workspaceId }, items });
			expect(toldBy(result)).toMatch(
				/'Workspace Name or ID' has a number that is too large to be exact.*lost digits: 12345678901234568/,
			);
			expect(toldBy(result)).toContain('as text');
			expect(gong.log).toEqual([]);
		},
	);
});

describe('period start and end', () => {
	const data = hourly(1);

	test.each([
		['a picked time', '2026-05-04T00:00:00', '2026-05-04T04:00:00.000Z'],
		['a date', '2026-05-04', '2026-05-04T04:00:00.000Z'],
		['a time in winter', '2026-01-04T00:00:00', '2026-01-04T05:00:00.000Z'],
		['a time with an offset', '2026-05-04T00:00:00+02:00', '2026-05-03T22:00:00.000Z'],
		['a time in UTC', '2026-05-04T00:00:00Z', '2026-05-04T00:00:00.000Z'],
		['an expression of n8n’s own', "={{ DateTime.fromISO('2026-05-04T00:00:00Z') }}", null],
		['its text', "={{ DateTime.fromISO('2026-05-04T00:00:00Z').toISO() }}", null],
		['JavaScript’s date', "={{ new Date('2026-05-04T00:00:00Z') }}", null],
	])(
		'are in the time zone of the workflow, unless they have an offset: %s',
		async (_what, start, moment) => {
			setGlobalState({ defaultTimezone: 'America/New_York' });
			const gong = await startGong({ data });
			const result = await run(gong, [start, '2026-05-06T00:00:00Z']);
			expect(toldBy(result)).toBe('');
			expect(gong.log[0].query.fromDateTime).toBe(moment ?? '2026-05-04T00:00:00.000Z');
		},
	);

	test('follow another time zone', async () => {
		setGlobalState({ defaultTimezone: 'Asia/Kolkata' });
		const gong = await startGong({ data });
		await run(gong, ['2026-05-04T00:00:00', '2026-05-05T00:00:00']);
		setGlobalState({ defaultTimezone: 'America/New_York' });
		expect(gong.log[0].query).toEqual({
			fromDateTime: '2026-05-03T18:30:00.000Z',
			toDateTime: '2026-05-04T18:30:00.000Z',
		});
	});

	test.each([
		[
			'a start and an end that come twice',
			'America/New_York',
			['2026-11-01T01:30:00', '2026-11-01T01:30:00'],
			['2026-11-01T05:30:00.000Z', '2026-11-01T06:30:00.000Z'],
		],
		[
			'a start and an end that are skipped',
			'Europe/Berlin',
			['2026-03-29T02:15:00', '2026-03-29T02:30:00'],
			['2026-03-29T01:15:00.000Z', '2026-03-29T01:30:00.000Z'],
		],
		[
			'a day without a midnight',
			'America/Santiago',
			['2026-09-06', '2026-09-07'],
			['2026-09-06T04:00:00.000Z', '2026-09-07T03:00:00.000Z'],
		],
		[
			'the day before a day without a midnight',
			'America/Havana',
			['2026-03-07T00:00:00', '2026-03-08T00:00:00'],
			['2026-03-07T05:00:00.000Z', '2026-03-08T05:00:00.000Z'],
		],
		[
			'a day without a midnight, on islands',
			'Atlantic/Azores',
			['2026-03-29', '2026-03-30'],
			['2026-03-29T01:00:00.000Z', '2026-03-30T00:00:00.000Z'],
		],
	])('20: leave nothing out when clocks change: %s', async (_what, timezone, period, moments) => {
		setGlobalState({ defaultTimezone: timezone });
		const gong = await startGong({ data });
		const result = await run(gong, period);
		setGlobalState({ defaultTimezone: 'America/New_York' });
		expect(toldBy(result)).toBe('');
		const { fromDateTime, toDateTime } = gong.log[0].query;
		expect([fromDateTime, toDateTime]).toEqual(moments);
	});

	test('may be values that expressions give', async () => {
		const gong = await startGong({ data });
		const result = await run(gong, ['={{ $today.minus({ days: 7 }) }}', '={{ $today }}']);
		expect(toldBy(result)).toBe('');
		const { fromDateTime, toDateTime } = gong.log[0].query;
		const days = (Date.parse(toDateTime) - Date.parse(fromDateTime)) / 24 / HOUR;
		expect(Math.round(days)).toBe(7);
	});

	test.each<[string, string, string, string]>([
		['Period Start', 'no moment', 'soon', FIVE[1]],
		['Period Start', 'a number', '={{ 5 }}', FIVE[1]],
		['Period Start', 'empty', "={{ '' }}", FIVE[1]],
		['Period Start', 'no such field', '={{ $json.missing }}', FIVE[1]],
		['Period End', 'no moment', FIVE[0], '2026-02-30'],
		['Period Start', '20: an offset of no clock', '2026-05-04T09:00:00+99:99', FIVE[1]],
		['Period End', '20: minutes of no clock', FIVE[0], '2026-05-06T09:00:00+01:60'],
		['Period End', 'not after the start', FIVE[0], FIVE[0]],
		['Period End', 'before the start', FIVE[1], FIVE[0]],
	])('are refused before anything is sent: %s, %s', async (label, _what, start, end) => {
		const gong = await startGong({ data });
		const result = await run(gong, [start, end]);
		expect(toldBy(result)).toContain(`'${label}'`);
		expect(gong.log).toEqual([]);
	});

	test('set to stop, keep everything from being sent when those of one item are bad', async () => {
		const gong = await startGong({ data });
		const result = await run(gong, ['={{ $json.from }}', FIVE[1]], {
			items: [{ from: FIVE[0] }, { from: 'soon' }],
		});
		expect(toldBy(result)).toContain("'Period Start'");
		expect(gong.log).toEqual([]);
	});
});

describe('a listing that fails', () => {
	const fault: Extract<Fault, { kind: 'status' }> = {
		kind: 'status',
		status: 400,
		errors: ['Not today'],
	};

	const match = { path: '/v2/calls' };

	test('is reported in Gong’s words when set to stop, and no further request is sent', async () => {
		const gong = await startGong({ data: hourly(4), pageSize: 2 });
		gong.fail({ ...fault, match, after: 1 });
		const result = await run(gong, FIVE);
		expect(toldBy(result)).toContain('Not today');
		expect(readsOf(gong)).toEqual([]);
	});

	test.each(ON_ERROR.slice(1))(
		'set to %s, is reported once for each item, after one try',
		async (onError) => {
			const gong = await startGong({ data: hourly(4) });
			gong.fail({ ...fault, match, times: Infinity });
			const result = await run(gong, FIVE, {
				items: [{ id: 'a' }, { id: 'b' }],
				settings: { onError },
			});
			const all = [...result.items, ...result.errorItems];
			expect(linksOf(all)).toEqual([0, 1]);
			expect(all.map((item) => detailsOf(item).gongErrors)).toEqual([['Not today'], ['Not today']]);
			expect(listingsOf(gong)).toHaveLength(1);
		},
	);

	test.concurrent.each<[string, Fault]>([
		['429', { ...fault, status: 429, headers: { 'retry-after': '1' } }],
		['500', { ...fault, status: 500 }],
		['a reset connection', { kind: 'reset' }],
		['half the JSON', { kind: 'truncatedJson' }],
		['a login page', { kind: 'notJson' }],
	])('once, for %s, is repeated page by page', async (_what, once) => {
		const gong = await startGong({ data: hourly(5), pageSize: 2 });
		gong.fail({ ...once, match, after: 1 });
		const { items } = await run(gong, [isoAt(NOON), isoAt(NOON + 9 * HOUR)]);
		expect(jsonOf(items).map(({ callId }) => callId)).toEqual([0, 1, 2, 3, 4].map(callIdAt));
		expect(listingsOf(gong)).toHaveLength(4);
	});

	test.each(ON_ERROR)('for a wrong key is not retried: set to %s', async (onError) => {
		const gong = await startGong({ data: hourly(4) });
		gong.fail({ kind: 'status', status: 401, errors: ['Access denied'], times: Infinity });
		const items = [0, 1, 2, 3, 4].map((place) => ({ from: isoAt(NOON - place * HOUR) }));
		await run(gong, ['={{ $json.from }}', FIVE[1]], { items, settings: { onError } });
		expect(gong.log).toHaveLength(1);
	});

	test('for lack of a scope names the scope, and another way to give the calls', async () => {
		const scopes = ALL_SCOPES.filter((scope) => scope !== SCOPES.listCalls);
		const key = { accessKey: 'key', accessKeySecret: 'secret' };
		const gong = await startGong({ accounts: [{ ...key, scopes }] });
		const result = await run(gong, FIVE, { credential: key });
		expect(toldBy(result)).toContain('lacks the scope api:calls:read:basic');
		expect(toldBy(result)).toContain("'Calls From'");
	});

	test('does not fail the run for a call that is gone when its access is read', async () => {
		const gong = await startGong();
		gong.fail({
			kind: 'body',
			json: {
				requestId: 'x',
				records: {},
				calls: [...SAMPLE_CALL_IDS, '99'].map((id) => ({ id })),
			},
			match,
		});
		const { items } = await run(gong, FIVE, {
			parameters: { options: { unknownCalls: 'report' } },
		});
		expect(jsonOf(items).map(({ found }) => found)).toEqual([true, true, true, true, false]);
	});
});

describe('a listing that does not say how it continues', () => {
	interface Answer {
		records: Record<string, unknown>;
		calls: unknown[];
	}
	const match = { path: '/v2/calls' };
	const ALL = [isoAt(NOON), isoAt(NOON + 99 * HOUR)];
	/** Three pages of five calls, changed before they are sent. */
	const changed = async (
		change: (answer: Answer, gong: LocalGong) => unknown,
		rest: Partial<Fault> = { times: Infinity },
	): Promise<LocalGong> => {
		const gong = await startGong({ data: hourly(5), pageSize: 2 });
		gong.fail({
			kind: 'body',
			change: (answer) => change(answer as Answer, gong),
			match,
			...rest,
		} as Fault);
		return gong;
	};
	const withRecords = (answer: Answer, records: object) => ({
		...answer,
		records: { ...answer.records, ...records },
	});

	test.concurrent.each<[string, (answer: Answer) => unknown]>([
		[
			'a cursor at the top level',
			({ records: { cursor, ...records }, ...rest }) => ({ ...rest, records, cursor }),
		],
		['the same cursor in both places', (answer) => ({ ...answer, cursor: answer.records.cursor })],
		[
			'null for a cursor on the last page',
			(answer) => withRecords(answer, { cursor: answer.records.cursor ?? null }),
		],
		[
			'an empty cursor on the last page',
			(answer) => withRecords(answer, { cursor: answer.records.cursor ?? '' }),
		],
		['no number of entries', (answer) => withRecords(answer, { totalRecords: undefined })],
		['a number of entries as text', (answer) => withRecords(answer, { totalRecords: '5' })],
		['an object for the number of entries', (answer) => withRecords(answer, { totalRecords: {} })],
		[
			'an entry that is null, and no number of entries',
			(answer) => ({
				...withRecords(answer, { totalRecords: null }),
				calls: [null, ...answer.calls],
			}),
		],
	])('12: gives all rows with %s', async (_what, change) => {
		const { items } = await run(await changed(change), ALL);
		expect(jsonOf(items).map(({ callId }) => callId)).toEqual([0, 1, 2, 3, 4].map(callIdAt));
	});

	test('12: gives all rows with a cursor that is a number', async () => {
		const gong = await changed((answer) => withRecords(answer, { cursor: 7 }), { times: 1 });
		const calls = [2, 3, 4].map((place) => ({ id: callIdAt(place) }));
		gong.fail({
			kind: 'body',
			json: { requestId: 'r', records: { totalRecords: 5 }, calls },
			match,
		});
		const { items } = await run(gong, ALL);
		expect(jsonOf(items)).toHaveLength(5);
		expect(listingsOf(gong).map(({ query }) => query.cursor)).toEqual([undefined, '7']);
	});

	test('12: is complete when Gong says nothing about records', async () => {
		const gong = await startGong({ data: hourly(5) });
		gong.fail({
			kind: 'body',
			change: (answer) => ({ requestId: 'r', calls: (answer as Answer).calls }),
			match,
		});
		const { items } = await run(gong, ALL);
		expect(items).toHaveLength(5);
		expect(listingsOf(gong)).toHaveLength(1);
	});

	test.concurrent.each<[string, (answer: Answer) => unknown, RegExp]>([
		[
			'a cursor that is an object',
			(answer) => withRecords(answer, { cursor: { at: 2 } }),
			/its cursor is an object/,
		],
		['a cursor that is a list', (answer) => withRecords(answer, { cursor: ['x'] }), /is a list/],
		['a cursor that is true', (answer) => withRecords(answer, { cursor: true }), /true or false/],
		[
			'a cursor that is a number and has lost digits',
			(answer) => withRecords(answer, { cursor: 2 ** 60 }),
			/lost digits/,
		],
		[
			'a cursor at the top level that is an object',
			(answer) => ({ ...withRecords(answer, { cursor: undefined }), cursor: {} }),
			/its cursor is an object/,
		],
		[
			'two cursors that differ',
			(answer) => ({ ...withRecords(answer, { cursor: 'a' }), cursor: 'b' }),
			/two cursors/,
		],
		['records that are a text', (answer) => ({ ...answer, records: 'x' }), /records are text/],
		[
			'a first page without a cursor',
			(answer) => withRecords(answer, { cursor: undefined }),
			/lists 2 of 5 entries/,
		],
		[
			'an entry less on each page',
			(answer) => ({ ...answer, calls: answer.calls.slice(0, 1) }),
			/lists 3 of 5 entries/,
		],
		[
			'an entry that is null',
			(answer) => ({ ...answer, calls: [null, ...answer.calls.slice(1)] }),
			/lists 2 of 5 entries/,
		],
		[
			'a page of another page’s entries',
			(answer) => ({ ...answer, calls: answer.calls.map(() => ({ id: '1' })) }),
			/lists 2 of 5 entries/,
		],
	])('12: fails in words and gives no row with %s', async (_what, change, words) => {
		const gong = await changed(change);
		const result = await run(gong, ALL);
		expect(toldBy(result)).toMatch(words);
		expect(toldBy(result)).not.toMatch(RAW_WORDS);
		expect(result.items).toEqual([]);
		expect(readsOf(gong)).toEqual([]);
	});

	test.concurrent.each(ON_ERROR.slice(1))(
		'12: set to %s, is reported once for each item, with the reason',
		async (onError) => {
			const gong = await changed((answer) => withRecords(answer, { cursor: undefined }));
			const result = await run(gong, ALL, { items: [{}, {}], settings: { onError } });
			const all = [...result.items, ...result.errorItems];
			expect(linksOf(all)).toEqual([0, 1]);
			for (const item of all) {
				expect(item.json.error).toMatch(/lists 2 of 5 entries.* run the workflow again/);
				expect(detailsOf(item)).toMatchObject({ reason: 'unexpectedAnswer', callIds: [] });
			}
		},
	);

	test.each([
		[
			'a page that is to come is never found',
			[1, 2, 3],
			/there is no page 2, which the page before/,
		],
		['a page, and then the first one, is not found', [1, 1, 1], /entries when first asked for/],
	])('12: fails in words when %s', async (_what, afters, words) => {
		const gong = await startGong({ data: hourly(5), pageSize: 2 });
		const errors = ['No calls found corresponding to the provided filters'];
		for (const after of afters) gong.fail({ kind: 'status', status: 404, errors, match, after });
		const result = await run(gong, ALL);
		expect(toldBy(result)).toMatch(words);
		expect(result.items).toEqual([]);
		expect(readsOf(gong)).toEqual([]);
	});

	test('12: gives all rows when a page is not found once', async () => {
		const gong = await startGong({ data: hourly(5), pageSize: 2 });
		const errors = ['No calls found corresponding to the provided filters'];
		gong.fail({ kind: 'status', status: 404, errors, match, after: 2 });
		const { items } = await run(gong, ALL);
		expect(jsonOf(items)).toHaveLength(5);
	});

	const moved = (gong: LocalGong, from: number, to: number, started: number): void => {
		const call = gong.state.calls.get(callIdAt(from));
		if (!call) throw new Error('No such call');
		const at = { started: isoAt(started), scheduled: isoAt(started) };
		gong.state.calls.set(callIdAt(to), { ...call, id: callIdAt(to), ...at });
	};
	const idsOf = (...places: number[]): string[] => places.map(callIdAt);

	test.concurrent.each<[string, (gong: LocalGong) => void, string[], number]>([
		['one of page 1 is removed', (g) => g.state.calls.delete(callIdAt(0)), idsOf(1, 2, 3, 4), 4],
		['one is added before all', (g) => moved(g, 0, 9, NOON), idsOf(0, 9, 1, 2, 3, 4), 6],
		['one is added after all', (g) => moved(g, 0, 9, NOON + 9 * HOUR), idsOf(0, 1, 2, 3, 4, 9), 3],
		[
			'all but one page are removed',
			(g) => idsOf(0, 1, 2).forEach((id) => g.state.calls.delete(id)),
			idsOf(3, 4),
			3,
		],
	])(
		'12: gives all rows when, while pages are read, %s',
		async (_what, happens, calls, requests) => {
			const gong = await changed(
				(answer, company) => {
					happens(company);
					return answer;
				},
				{ times: 1 },
			);
			const result = await run(gong, ALL, { parameters: { options: { unknownCalls: 'report' } } });
			expect(toldBy(result)).toBe('');
			expect(jsonOf(result.items).map(({ callId }) => callId)).toEqual(calls);
			expect(listingsOf(gong)).toHaveLength(requests);
		},
	);

	test('12: starts over when its cursor has expired, since that cursor cannot work again', async () => {
		const gong = await startGong({ data: hourly(5), pageSize: 2 });
		const errors = ['cursor has expired'];
		gong.fail({ kind: 'status', status: 400, errors, match, after: 2 });
		const { items } = await run(gong, ALL);
		expect(jsonOf(items)).toHaveLength(5);
		expect(listingsOf(gong).map(({ query }) => query.cursor !== undefined)).toEqual([
			false,
			true,
			true,
			false,
			true,
			true,
		]);
	});

	test('12: says what to do when its cursor expires each time', async () => {
		const gong = await startGong({ data: hourly(5), pageSize: 2 });
		const errors = ['cursor has expired'];
		for (const after of [1, 3, 5])
			gong.fail({ kind: 'status', status: 400, errors, match, after, times: 1 });
		const result = await run(gong, ALL);
		expect(toldBy(result)).toContain('for a shorter one');
		expect(toldBy(result)).not.toMatch(/Check the IDs/);
		expect(result.items).toEqual([]);
	});

	test.concurrent('12: fails in words when it changes each time it is read', async () => {
		let place = 5;
		const gong = await changed((answer, company) => {
			place++;
			moved(company, 4, place, NOON - place);
			return answer;
		});
		const result = await run(gong, [isoAt(NOON - HOUR), ALL[1]]);
		expect(toldBy(result)).toMatch(/lists \d+ of \d+ entries.*\n?.*run the workflow again/);
		expect(result.items).toEqual([]);
	});
});
