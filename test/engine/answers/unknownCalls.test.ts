/** Gong refuses a whole request for one call that it does not know, without naming the call. */
import type { INodeParameters } from 'n8n-workflow';
import { runNode, type RunResult } from '../../harness/engine/engine';
import {
	askedIn,
	detailsOf,
	gongsOfThisFile,
	jsonOf,
	linksOf,
	ON_ERROR,
	toldBy,
} from '../../harness/engine/support';
import { callIdAt, manyCalls, userIdAt, type LocalGong } from '../../harness/gong';
import { FROM_ITEM } from '../inputs';

const startGong = gongsOfThisFile();
const KNOWN = Array.from({ length: 100 }, (_, place) => callIdAt(place));
const DATA = manyCalls(100);

/** 100 calls with unknown ones at these places. */
const withUnknownAt = (...places: number[]): string[] =>
	KNOWN.map((id, place) => (places.includes(place) ? `900${place}` : id));

describe('one unknown call among 100', () => {
	const PLACES = [0, 1, 24, 25, 49, 50, 51, 74, 75, 98, 99];
	const found = new Map<number, { gong: LocalGong; result: RunResult }>();

	// Fifteen requests take five seconds at Gong's limit, so the places are tried in parallel.
	beforeAll(async () => {
		await Promise.all(
			PLACES.map(async (place) => {
				const gong = await startGong({ data: DATA });
				const result = await runNode(gong, {
					parameters: { callIds: FROM_ITEM },
					items: withUnknownAt(place).map((call) => ({ id: call, call })),
					settings: { onError: 'continueRegularOutput' },
				});
				found.set(place, { gong, result });
			}),
		);
	});

	test.each(PLACES)('is found at place %j in at most 16 requests, and 99 are answered', (place) => {
		const calls = withUnknownAt(place);
		const { gong, result } = found.get(place) ?? {};
		const log = gong?.log ?? [];
		expect(log.length).toBeGreaterThan(1);
		expect(log.length).toBeLessThanOrEqual(16);
		expect(gong?.maxInFlight()).toBe(1);
		expect(result?.items.map(({ json }) => json.callId ?? 'none')).toEqual(
			calls.map((call, at) => (at === place ? 'none' : call)),
		);
		expect(detailsOf(result?.items[place]).callIds).toEqual([calls[place]]);
		expect(result?.earlier).toEqual(calls);
		const answered = log.filter(({ status }) => status === 200).flatMap(askedIn);
		expect([...answered].sort()).toEqual(calls.filter((_, at) => at !== place).sort());
	});
});

test('several unknown calls are all found, and the others answered', async () => {
	const gong = await startGong({ data: DATA });
	const calls = withUnknownAt(3, 4, 60);
	const { items } = await runNode(gong, {
		parameters: { callIds: JSON.stringify(calls), options: { unknownCalls: 'report' } },
	});
	expect(jsonOf(items).map(({ callId, found }) => [callId, found])).toEqual(
		calls.map((call, at) => [call, ![3, 4, 60].includes(at)]),
	);
});

test('a request of only unknown calls reports all of them', async () => {
	const gong = await startGong({ data: DATA });
	const { items } = await runNode(gong, {
		parameters: { callIds: '[1,2,3]', options: { unknownCalls: 'report' } },
	});
	expect(jsonOf(items).map(({ callId, found }) => [callId, found])).toEqual([
		['1', false],
		['2', false],
		['3', false],
	]);
});

describe('the rows of a report', () => {
	test('by calls', async () => {
		const gong = await startGong({ data: DATA });
		const { items } = await runNode(gong, {
			parameters: { callIds: `[${KNOWN[0]}, 77]`, options: { unknownCalls: 'report' } },
		});
		const [refused, , last] = gong.log;
		const answered = gong.log.find(({ status }) => status === 200);
		expect(refused.status).toBe(400);
		expect(JSON.stringify(jsonOf(items))).toBe(
			JSON.stringify([
				{
					callId: KNOWN[0],
					users: [{ userId: userIdAt(0) }],
					found: true,
					requestId: answered?.requestId,
				},
				{ callId: '77', users: [], found: false, requestId: (last ?? refused).requestId },
			]),
		);
		expect(linksOf(items)).toEqual([0, 0]);
	});

	test('by users', async () => {
		const gong = await startGong({ data: DATA });
		const { items } = await runNode(gong, {
			parameters: {
				callIds: `[77, ${KNOWN[0]}]`,
				splitInto: 'users',
				options: { unknownCalls: 'report' },
			},
		});
		const refused = gong.log.find((entry) => entry.status === 400 && askedIn(entry).length === 1);
		const answered = gong.log.find(({ status }) => status === 200);
		expect(JSON.stringify(jsonOf(items))).toBe(
			JSON.stringify([
				{ callId: '77', userId: null, found: false, requestId: refused?.requestId },
				{ callId: KNOWN[0], userId: userIdAt(0), found: true, requestId: answered?.requestId },
			]),
		);
	});

	describe.each(['calls', 'users', 'people'])('by %s', (splitInto) => {
		test.each([{}, { includeUserDetails: true, includeCallDetails: true }])(
			'have the same keys for a call that comes first and is unknown, so that columns stay: %j',
			async (options) => {
				const gong = await startGong({ data: DATA });
				const { items } = await runNode(gong, {
					parameters: {
						callIds: `[77, ${KNOWN[0]}]`,
						splitInto,
						options: { ...options, unknownCalls: 'report' },
					},
				});
				const [unknown, known] = items.map(({ json }) => Object.keys(json));
				expect(known.length).toBeGreaterThan(3);
				expect(unknown).toEqual(known);
			},
		);
	});

	test('a report finds any number of unknown calls, set to stop too', async () => {
		const gong = await startGong({ data: DATA });
		const asked = KNOWN.flatMap((call, at) => (at % 4 === 0 ? [call, String(1_000 + at)] : [call]));
		const unknown = asked.filter((call) => !KNOWN.includes(call));
		expect(unknown.length).toBeGreaterThan(12);
		const { items, error } = await runNode(gong, {
			parameters: { callIds: JSON.stringify(asked), options: { unknownCalls: 'report' } },
			settings: { onError: 'stopWorkflow' },
		});
		expect(error).toBeUndefined();
		const told = items.filter(({ json }) => json.found === false);
		expect(told.map(({ json }) => json.callId)).toEqual(unknown);
	});

	test('a report never fails the run, whatever On Error is set to', async () => {
		const gong = await startGong({ data: DATA });
		const results = await Promise.all(
			ON_ERROR.map(
				async (onError) =>
					await runNode(gong, {
						parameters: { callIds: '77', options: { unknownCalls: 'report' } },
						settings: { onError },
					}),
			),
		);
		expect(results.map(({ items, errorItems }) => [items.length, errorItems.length])).toEqual(
			Array(3).fill([1, 0]),
		);
	});
});

describe('by default', () => {
	test('the run stops and names the call, in Gong’s words', async () => {
		const gong = await startGong({ data: DATA });
		const result = await runNode(gong, {
			parameters: { callIds: JSON.stringify(withUnknownAt(42)) },
		});
		expect(result.run.status).toBe('error');
		expect(result.error?.message).toMatch(/does not know call 90042\..*Some calls not found/);
		expect(result.error?.description).toContain("set the option 'Unknown Calls' to 'Report'");
		expect(gong.log.map(({ requestId }) => requestId)).toContain(
			/request ID: (\w+)/.exec(toldBy(result))?.[1],
		);
	});

	test('several are all named, also when they come from several items', async () => {
		const gong = await startGong({ data: DATA });
		const result = await runNode(gong, {
			parameters: { callIds: FROM_ITEM },
			items: withUnknownAt(3, 60, 99).map((call) => ({ call })),
		});
		expect(result.error?.message).toMatch(/3 of the calls: 9003, 90060, 90099/);
	});

	test('of a great many some are named, and the message says that there may be more', async () => {
		const gong = await startGong({ data: DATA });
		const calls = Array.from({ length: 40 }, (_, place) => `800${place}`);
		const result = await runNode(gong, { parameters: { callIds: JSON.stringify(calls) } });
		expect(result.error?.message).toContain('8000, 8001');
		expect(result.error?.message).toMatch(/may be more/);
		expect(gong.log.length).toBeLessThan(40);
	});

	test('on continue an item of several calls gives the rows of the others and one error item', async () => {
		const gong = await startGong({ data: DATA });
		const { items } = await runNode(gong, {
			parameters: { callIds: FROM_ITEM },
			items: [{ call: `[${KNOWN[0]}, 77, ${KNOWN[1]}, 78]` }, { call: KNOWN[2] }, { call: '79' }],
			settings: { onError: 'continueRegularOutput' },
		});
		expect(items.map(({ json }) => json.callId ?? 'none')).toEqual([
			KNOWN[0],
			KNOWN[1],
			'none',
			KNOWN[2],
			'none',
		]);
		expect(linksOf(items)).toEqual([0, 0, 0, 1, 2]);
		expect(detailsOf(items[2])).toEqual({
			callIds: ['77', '78'],
			requestId: expect.any(String),
			httpStatus: 400,
			gongErrors: ['Some calls not found'],
			reason: 'unknownCalls',
			outcome: 'refused',
		});
		expect(items[2].json.error).toMatch(/2 of the calls: 77, 78/);
		expect(detailsOf(items[4]).callIds).toEqual(['79']);
		expect(items[4].json.error).toMatch(/does not know call 79/);
	});

	test('the error output gets the input’s fields too, by calls and by users', async () => {
		const gong = await startGong({ data: DATA });
		for (const splitInto of ['calls', 'users']) {
			const { items, errorItems } = await runNode(gong, {
				parameters: { callIds: FROM_ITEM, splitInto },
				items: [
					{ id: 'a', call: KNOWN[0] },
					{ id: 'b', call: `[77, ${KNOWN[1]}]` },
				],
				settings: { onError: 'continueErrorOutput' },
			});
			expect(jsonOf(items).map(({ callId }) => callId)).toEqual([KNOWN[0], KNOWN[1]]);
			expect(errorItems).toHaveLength(1);
			expect(errorItems[0].json).toMatchObject({ id: 'b', call: `[77, ${KNOWN[1]}]` });
			expect(detailsOf(errorItems[0])).toMatchObject({ callIds: ['77'], reason: 'unknownCalls' });
		}
	});

	test.each<[string, INodeParameters]>([
		['list', { unknownCalls: 'report' }],
		['grant', { dryRun: true }],
		['replace', {}],
		['replace', { dryRun: true }],
	])('a call that Gong refuses in other words fails alone on continue: %s %j', async (...of) => {
		const [operation, options] = of;
		const gong = await startGong({ data: DATA });
		const bad = '99999999999999999998';
		const match = { method: 'POST', bodyIncludes: bad };
		gong.fail({ kind: 'status', status: 400, errors: ['Invalid ID'], match, times: Infinity });
		const calls = KNOWN.map((id, place) => (place === 37 ? bad : id));
		const { items } = await runNode(gong, {
			parameters: { operation, callIds: FROM_ITEM, userIds: userIdAt(0), options },
			items: calls.map((call) => ({ call })),
			settings: { onError: 'continueRegularOutput' },
		});
		const failed = items.filter(({ json }) => 'error' in json);
		expect(failed.map(detailsOf)).toMatchObject([{ callIds: [bad], gongErrors: ['Invalid ID'] }]);
		expect(linksOf(failed)).toEqual([37]);
		expect(items).toHaveLength(100);
		expect(gong.log.filter(({ status }) => status === 400).length).toBeLessThanOrEqual(16);
	});

	test('set to stop, any other 400 is passed on after one request, without a search', async () => {
		const gong = await startGong({ data: DATA, assumptions: { maxCallsPerRequest: 50 } });
		const result = await runNode(gong, { parameters: { callIds: JSON.stringify(KNOWN) } });
		expect(gong.log).toHaveLength(1);
		expect(result.error?.message).toContain('Too many calls in one request: 100, at most 50');
	});

	test('a fault during the search fails only the calls that it concerns', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({
			kind: 'status',
			status: 409,
			errors: ['Odd'],
			match: { bodyIncludes: KNOWN[0] },
			after: 1,
		});
		const calls = withUnknownAt(99);
		const { items } = await runNode(gong, {
			parameters: { callIds: JSON.stringify(calls) },
			settings: { onError: 'continueRegularOutput' },
		});
		const rows = items.filter(({ json }) => 'callId' in json);
		const failed = items.filter(({ json }) => 'error' in json).map(detailsOf);
		expect(rows).toHaveLength(49);
		expect(failed.map(({ reason }) => reason)).toEqual(['refused', 'unknownCalls']);
		expect(failed[0].callIds).toEqual(calls.slice(0, 50));
		expect(failed[1].callIds).toEqual(['90099']);
	});
});
