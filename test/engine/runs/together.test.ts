/** The items of a run are answered together: few requests, one at a time, within Gong's rate limit. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { INodeParameters } from 'n8n-workflow';
import { runNode } from '../../harness/engine/engine';
import {
	askedIn,
	detailsOf,
	gongsOfThisFile,
	jsonOf,
	linksOf,
	toldBy,
	watchLog,
} from '../../harness/engine/support';
import { callIdAt, GONG_LIMIT, makeData, manyCalls, type LocalGong } from '../../harness/gong';
import { FROM_ITEM } from '../inputs';

const startGong = gongsOfThisFile();

// n8n evaluates most failing expressions to undefined; a reference to a missing node throws.
const THROWS_AT = (call: string): string =>
	`={{ $json.call === '${call}' ? $('No such node').item.json.id : $json.call }}`;
const rowsOfCalls = (count: number) =>
	Array.from({ length: count }, (_, place) => ({ id: `row ${place}`, call: callIdAt(place) }));
const refusals = ({ log }: LocalGong): number => log.filter(({ status }) => status === 429).length;
const numbered = (count: number): string[] =>
	Array.from({ length: count }, (_, place) => String(place + 1));
/** As many calls in a tenth of the items, since reading an item is what takes the time. */
const tenToAnItem = (count: number) =>
	Array.from({ length: count / 10 }, (_, item) => ({
		call: Array.from({ length: 10 }, (_each, place) => callIdAt(10 * item + place)).join(),
	}));
/** Long enough for a late request to arrive. */
const settle = async (): Promise<void> => await sleep(300);
const smallData = makeData({ calls: numbered(20).map((id) => ({ id, users: [`9${id}`] })) });

describe('many items', () => {
	test('300 of them take 3 requests, in order', async () => {
		const gong = await startGong({ data: manyCalls(300) });
		const items = rowsOfCalls(300);
		const result = await runNode(gong, { parameters: { callIds: FROM_ITEM }, items });
		expect(gong.log.map((entry) => askedIn(entry).length)).toEqual([100, 100, 100]);
		expect(jsonOf(result.items).map(({ callId }) => callId)).toEqual(items.map(({ call }) => call));
		expect(result.earlier).toEqual(items.map(({ id }) => id));
	});

	test('300 of them take 3 requests by a field of the items too', async () => {
		const gong = await startGong({ data: manyCalls(300) });
		const items = rowsOfCalls(300);
		const parameters = { callsFrom: 'field', callIdField: 'call', splitInto: 'users' };
		const result = await runNode(gong, { parameters, items });
		expect(gong.log).toHaveLength(3);
		expect(result.earlier).toEqual(items.map(({ id }) => id));
	});

	test.each([
		[1, 7],
		[3, 3],
		[7, 1],
		[1000, 1],
	])('with Calls per Request %j, 7 calls take %j requests', async (callsPerRequest, requests) => {
		const gong = await startGong({ data: smallData });
		const { items } = await runNode(gong, {
			parameters: { callIds: FROM_ITEM, options: { callsPerRequest } },
			items: numbered(7).map((call) => ({ call })),
		});
		expect(gong.log).toHaveLength(requests);
		expect(jsonOf(items).map(({ callId }) => callId)).toEqual(numbered(7));
		expect(gong.log.flatMap(askedIn)).toEqual(numbered(7));
	});

	test('share requests, whatever the number of calls in each item', async () => {
		const gong = await startGong({ data: smallData });
		const { items } = await runNode(gong, {
			parameters: { callIds: FROM_ITEM, options: { callsPerRequest: 4 } },
			items: [{ call: '[1,2,3]' }, { call: '[3,4,5]' }, { call: '[6,1,7,8]' }],
		});
		expect(gong.log.map(askedIn)).toEqual([
			['1', '2', '3', '4'],
			['5', '6', '7', '8'],
		]);
		expect(jsonOf(items).map(({ callId }) => callId)).toEqual([...'1233456178']);
		expect(linksOf(items)).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 2]);
		const [first, second] = gong.log.map(({ requestId }) => requestId);
		expect(jsonOf(items).map(({ requestId }) => requestId === first)).toEqual(
			[...'1233456178'].map((id) => Number(id) <= 4),
		);
		expect(first).not.toBe(second);
	});

	test('of a small run are one request at the default pace, too', async () => {
		const gong = await startGong({ data: smallData, limit: GONG_LIMIT });
		await runNode(gong, { parameters: { callIds: '[1,2,3]' }, atGongsPace: true });
		expect(gong.log).toHaveLength(1);
	});
});

describe('items with bad ones among them', () => {
	const items = numbered(5).map((call) => ({ id: `row ${call}`, call }));
	const callIds = THROWS_AT('3');

	test('set to stop, send nothing when the expression of the third of five throws', async () => {
		const gong = await startGong({ data: smallData });
		const result = await runNode(gong, { parameters: { callIds }, items });
		expect(toldBy(result)).toContain("Referenced node doesn't exist");
		await settle();
		expect(gong.log).toEqual([]);
	});

	test.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'set to %s, four are answered and one is not',
		async (onError) => {
			const gong = await startGong({ data: smallData });
			const result = await runNode(gong, { parameters: { callIds }, items, settings: { onError } });
			const answered = result.items.filter(({ json }) => 'callId' in json);
			expect(jsonOf(answered).map(({ callId }) => callId)).toEqual(['1', '2', '4', '5']);
			expect(linksOf(answered)).toEqual([0, 1, 3, 4]);
			expect(result.items.length + result.errorItems.length).toBe(5);
			expect(gong.log.flatMap(askedIn)).toEqual(['1', '2', '4', '5']);
		},
	);

	test('set to stop, send nothing when the last of many has a bad ID', async () => {
		const gong = await startGong({ data: smallData });
		const { error } = await runNode(gong, {
			parameters: { callIds: FROM_ITEM, options: { callsPerRequest: 1 } },
			items: [...numbered(5), 'bad'].map((call) => ({ call })),
		});
		expect(error?.message).toContain('"bad"');
		await settle();
		expect(gong.log).toEqual([]);
	});

	test('set to stop, send nothing when the options of the last item are bad', async () => {
		const gong = await startGong({ data: smallData });
		const { error } = await runNode(gong, {
			parameters: { callIds: FROM_ITEM, options: { callsPerRequest: '={{ $json.size }}' } },
			items: [
				{ call: '1', size: 1 },
				{ call: '2', size: 'x' },
			],
		});
		expect(error?.message).toContain("'Calls per Request'");
		expect(gong.log).toEqual([]);
	});
});

describe('items with different options', () => {
	test('do not share a request, and keep their order', async () => {
		const gong = await startGong({ data: smallData });
		const { items } = await runNode(gong, {
			parameters: {
				callIds: FROM_ITEM,
				options: { unknownCalls: '={{ $json.how }}', callsPerRequest: 10 },
			},
			items: [
				{ call: '1', how: 'fail' },
				{ call: '2', how: 'report' },
				{ call: '[1,3]', how: 'fail' },
				{ call: '[4,99]', how: 'report' },
			],
		});
		expect(jsonOf(items).map(({ callId, found }) => [callId, found])).toEqual([
			['1', undefined],
			['2', true],
			['1', undefined],
			['3', undefined],
			['4', true],
			['99', false],
		]);
		expect(linksOf(items)).toEqual([0, 1, 2, 2, 3, 3]);
		expect(askedIn(gong.log[0])).toEqual(['1', '3']);
	});
});

describe('n8n’s own batching', () => {
	const batching = { batching: { batch: { batchSize: 2, batchInterval: 150 } } };
	const items = numbered(5).map((call) => ({ id: `row ${call}`, call }));

	test('does not split the run: all items are one request', async () => {
		const gong = await startGong({ data: smallData });
		const result = await runNode(gong, {
			parameters: { callIds: FROM_ITEM, requestOptions: batching },
			items,
		});
		expect(gong.log.map(askedIn)).toEqual([['1', '2', '3', '4', '5']]);
		expect(result.earlier).toEqual(items.map(({ id }) => id));
	});

	test('set to stop, fails after one refused request, with what Gong said', async () => {
		const gong = await startGong({ data: smallData });
		gong.fail({ kind: 'status', status: 400, errors: ['Not today'], times: Infinity });
		const result = await runNode(gong, {
			parameters: { callIds: FROM_ITEM, requestOptions: batching },
			items,
		});
		expect(toldBy(result)).toContain('Not today');
		await settle();
		expect(gong.log.map(askedIn)).toEqual([['1', '2', '3', '4', '5']]);
	});

	test('a batch that fails before the last has come does not end the n8n process', async () => {
		const script = path.join(__dirname, '../../harness/engine/failingBatch.ts');
		const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script]);
		expect(stdout).toContain('Not today');
	});

	test('a missing file of the node ends the run in words, and not the n8n process', async () => {
		const script = path.join(__dirname, '../../harness/engine/failingBatch.ts');
		const args = ['--import', 'tsx', script, 'fileGone'];
		const { stdout } = await promisify(execFile)(process.execPath, args);
		expect(stdout).toContain('could not be loaded');
	});

	test('reads no item more often than without batches', async () => {
		const count = 120;
		const readsWith = async (batch: INodeParameters): Promise<number> => {
			const gong = await startGong({ data: manyCalls(count) });
			let reads = 0;
			const items = rowsOfCalls(count).map(
				(json) =>
					new Proxy(json, {
						get: (target, key) => {
							if (key === 'call') reads++;
							return Reflect.get(target, key) as unknown;
						},
					}),
			);
			await runNode(gong, {
				parameters: {
					callsFrom: 'field',
					callIdField: 'call',
					requestOptions: { batching: { batch } },
				},
				items,
				alone: true,
			});
			return reads;
		};
		const atOnce = await readsWith({});
		const inBatches = await readsWith({ batchSize: 20, batchInterval: 1 });
		expect(atOnce).toBeGreaterThanOrEqual(count);
		expect(inBatches).toBeLessThanOrEqual(atOnce);
	});

	test('set to stop, sends nothing after a bad ID in the first batch', async () => {
		const gong = await startGong({ data: smallData });
		const result = await runNode(gong, {
			parameters: { callIds: FROM_ITEM, requestOptions: batching },
			items: [{ call: 'x' }, ...items],
		});
		expect(toldBy(result)).toContain("'Call IDs'");
		await settle();
		expect(gong.log).toEqual([]);
	});

	test('on continue, fails only the calls of the request that Gong refused', async () => {
		const gong = await startGong({ data: smallData });
		gong.fail({ kind: 'status', status: 409, errors: ['Not today'], after: 1 });
		const result = await runNode(gong, {
			parameters: {
				callIds: FROM_ITEM,
				options: { callsPerRequest: 2 },
				requestOptions: batching,
			},
			items,
			settings: { onError: 'continueRegularOutput' },
		});
		expect(result.items.map(({ json }) => json.callId)).toEqual([
			'1',
			'2',
			undefined,
			undefined,
			'5',
		]);
		expect(result.earlier).toEqual(items.map(({ id }) => id));
	});

	test('on continue, an item whose expression throws in the last batch does not hang the run', async () => {
		const gong = await startGong({ data: smallData });
		const result = await runNode(gong, {
			parameters: {
				callIds: THROWS_AT('4'),
				requestOptions: batching,
			},
			items: numbered(4).map((call) => ({ call })),
			settings: { onError: 'continueRegularOutput' },
		});
		expect(result.items.map(({ json }) => json.callId)).toEqual(['1', '2', '3', undefined]);
	});

	test('of ten items each, 100 items are one request', async () => {
		const gong = await startGong({ data: manyCalls(100) });
		const result = await runNode(gong, {
			parameters: {
				callIds: FROM_ITEM,
				requestOptions: { batching: { batch: { batchSize: 10, batchInterval: 20 } } },
			},
			items: rowsOfCalls(100),
		});
		expect(gong.log).toHaveLength(1);
		expect(result.items).toHaveLength(100);
	});

	test('gives one item per person over all batches, linked to every item', async () => {
		const gong = await startGong({
			data: makeData({
				calls: [{ id: '1', users: ['11'] }, { id: '2' }, { id: '3', users: ['11'] }],
			}),
		});
		const { items: people } = await runNode(gong, {
			parameters: {
				callIds: FROM_ITEM,
				splitInto: 'people',
				requestOptions: { batching: { batch: { batchSize: 1, batchInterval: 20 } } },
			},
			items: ['1', '2', '3'].map((call) => ({ call })),
		});
		expect(people.map(({ json, pairedItem }) => [json.userId, json.callIds, pairedItem])).toEqual([
			['11', ['1', '3'], [{ item: 0 }, { item: 2 }]],
		]);
	});

	test('of one item each, without a wait between, does not split the run', async () => {
		const gong = await startGong({ data: smallData });
		const requestOptions = { batching: { batch: { batchSize: 1, batchInterval: 0 } } };
		await runNode(gong, { parameters: { callIds: FROM_ITEM, requestOptions }, items });
		expect(gong.log).toHaveLength(1);
	});
});

describe('n8n’s other settings', () => {
	test('the timeout of the Request Options ends a try', async () => {
		const gong = await startGong({ data: smallData });
		gong.fail({ kind: 'stall' });
		const { items } = await runNode(gong, {
			parameters: { callIds: '1', requestOptions: { timeout: 1_000 } },
		});
		expect(items).toHaveLength(1);
		expect(gong.log).toHaveLength(2);
	});

	test('the proxy of the Request Options gets the request', async () => {
		const gong = await startGong({ data: smallData });
		const proxy = await startGong({ data: smallData });
		await runNode(gong, {
			parameters: { callIds: '1', requestOptions: { proxy: proxy.url } },
			settings: { onError: 'continueRegularOutput' },
		});
		expect(gong.log).toEqual([]);
		expect(proxy.log.length).toBeGreaterThan(0);
	});

	test('Retry On Fail runs the whole node again, and each item comes out once', async () => {
		const gong = await startGong({ data: smallData });
		gong.fail({ kind: 'status', status: 400, errors: ['Not today'] });
		const items = numbered(5).map((call) => ({ id: `row ${call}`, call }));
		const result = await runNode(gong, {
			parameters: { callIds: FROM_ITEM },
			items,
			settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
		});
		expect(toldBy(result)).toBe('');
		expect(jsonOf(result.items).map(({ callId }) => callId)).toEqual(numbered(5));
		expect(result.earlier).toEqual(items.map(({ id }) => id));
		expect(gong.log).toHaveLength(2);
	});

	test('Retry On Fail on continue gives every item once', async () => {
		const gong = await startGong({ data: smallData });
		gong.fail({ kind: 'status', status: 400, errors: ['Not today'] });
		const result = await runNode(gong, {
			parameters: { callIds: FROM_ITEM, options: { callsPerRequest: 2 } },
			items: numbered(4).map((call) => ({ call })),
			settings: {
				retryOnFail: true,
				maxTries: 3,
				waitBetweenTries: 1,
				onError: 'continueRegularOutput',
			},
		});
		expect(jsonOf(result.items).map(({ callId }) => callId)).toEqual(numbered(4));
	});

	test('Retry On Fail with a bad ID ends with the message about the ID', async () => {
		const gong = await startGong({ data: smallData });
		const result = await runNode(gong, {
			parameters: { callIds: FROM_ITEM },
			items: [{ call: '1' }, { call: 'x' }],
			settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
		});
		expect(toldBy(result)).toContain("'Call IDs'");
		await settle();
		expect(gong.log).toEqual([]);
	});

	test('Always Output Data does not change the result', async () => {
		const gong = await startGong({ data: makeData({ calls: [{ id: '1' }] }) });
		const { items } = await runNode(gong, {
			parameters: { callIds: '1', splitInto: 'users' },
			settings: { alwaysOutputData: true },
		});
		expect(jsonOf(items)).toEqual([{}]);
	});
});

describe('the rate limiter, against Gong’s limit of 3 a second', () => {
	test('is shared by two concurrent executions', async () => {
		const gong = await startGong({ data: smallData, limit: GONG_LIMIT });
		const parameters = { callIds: JSON.stringify(numbered(6)), options: { callsPerRequest: 1 } };
		const both = await Promise.all(
			[1, 2].map(async () => await runNode(gong, { parameters, atGongsPace: true })),
		);
		expect(both.map(({ items }) => items.length)).toEqual([6, 6]);
		expect(gong.log.length - refusals(gong)).toBe(12);
	});

	// The benchmark measures how long it takes, compared with the limit itself.
	test('sends 12 requests for 1,200 calls, refused ones again', async () => {
		const gong = await startGong({ data: manyCalls(1_200), limit: GONG_LIMIT });
		const { items } = await runNode(gong, {
			parameters: { callIds: FROM_ITEM },
			items: tenToAnItem(1_200),
			alone: true,
			atGongsPace: true,
		});
		expect(items).toHaveLength(1_200);
		expect(gong.log.length - refusals(gong)).toBe(12);
	});

	test('waits, and does not fail, when other clients use up the limit', async () => {
		const gong = await startGong({ data: smallData, limit: { perSecond: 1, perDay: 10_000 } });
		const { items, error } = await runNode(gong, {
			parameters: { callIds: JSON.stringify(numbered(4)), options: { callsPerRequest: 1 } },
			atGongsPace: true,
		});
		expect(error).toBeUndefined();
		expect(items).toHaveLength(4);
	});

	test('stops at once at the daily limit and says when Gong answers again', async () => {
		const gong = await startGong({ data: smallData, limit: { perSecond: 100, perDay: 2 } });
		const value = await runNode(gong, {
			parameters: {
				callIds: JSON.stringify(numbered(4)),
				options: { callsPerRequest: 1, maxWait: 0 },
			},
			settings: { onError: 'continueRegularOutput' },
		});
		expect(value.items.slice(0, 2).map(({ json }) => json.callId)).toEqual(['1', '2']);
		const failed = value.items.slice(2);
		expect(failed.flatMap((item) => detailsOf(item).callIds)).toEqual(['3', '4']);
		expect(failed[0].json.error).toMatch(
			/It will work again at about \d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC/,
		);
		// One more may have left before the refusal came back.
		expect(gong.log.length).toBeLessThanOrEqual(4);
	});

	test('a long wait of one execution does not delay one with a short Max Wait', async () => {
		const gong = await startGong({ data: smallData });
		gong.fail({ kind: 'status', status: 429, headers: { 'retry-after': '3600' }, times: 2 });
		const stop = new AbortController();
		const patient = runNode(gong, {
			parameters: { callIds: '1', options: { maxWait: 7_200 } },
			cancelAfter: once(stop.signal, 'abort'),
		});
		await sleep(500);
		const hasty = await runNode(gong, { parameters: { callIds: '2', options: { maxWait: 1 } } });
		expect(toldBy(hasty)).toMatch(/taking no more requests for /);
		stop.abort();
		expect((await patient).run.status).toBe('canceled');
	});
});

describe('a cancelled execution', () => {
	test.each<[string, Parameters<LocalGong['fail']>[0]]>([
		[
			'while Gong has asked to wait',
			{ kind: 'status', status: 429, headers: { 'retry-after': '3600' } },
		],
		['between two tries', { kind: 'reset', times: Infinity }],
		['while Gong is silent', { kind: 'stall' }],
	])('ends soon and sends nothing more: %s', async (_when, fault) => {
		const gong = await startGong({ data: smallData });
		gong.fail(fault);
		const options = { callsPerRequest: 1, maxWait: 7_200 };
		const { run } = await runNode(gong, {
			parameters: { callIds: JSON.stringify(numbered(5)), options },
			cancelAfter: 700,
		});
		expect(run.status).toBe('canceled');
		const sent = gong.log.length;
		await sleep(1_500);
		expect(gong.log).toHaveLength(sent);
	});

	test('ends soon while it waits for its turn behind another execution', async () => {
		const gong = await startGong({ data: smallData });
		gong.fail({ kind: 'status', status: 429, headers: { 'retry-after': '3600' } });
		const options = { maxWait: 7_200 };
		const stop = new AbortController();
		const patient = runNode(gong, {
			parameters: { callIds: '1', options },
			cancelAfter: once(stop.signal, 'abort'),
		});
		await sleep(300);
		const { run } = await runNode(gong, {
			parameters: { callIds: '2', options },
			cancelAfter: 500,
		});
		expect(run.status).toBe('canceled');
		stop.abort();
		expect((await patient).run.status).toBe('canceled');
		expect(gong.log.flatMap(askedIn)).toEqual(['1']);
	});

	test('is cancelled on continue too', async () => {
		const gong = await startGong({ data: smallData });
		gong.fail({ kind: 'status', status: 429, headers: { 'retry-after': '3600' } });
		const { run } = await runNode(gong, {
			parameters: { callIds: '1', options: { maxWait: 7_200 } },
			settings: { onError: 'continueRegularOutput' },
			cancelAfter: 500,
		});
		expect(run.status).toBe('canceled');
	});
});

describe('a long run', () => {
	test('logs its progress and the reason for waiting', async () => {
		const lines = watchLog();
		const gong = await startGong({ data: smallData });
		gong.fail({ kind: 'status', status: 429, headers: { 'retry-after': '8' }, after: 1 });
		await runNode(gong, { parameters: { callIds: '[1,2,3]', options: { callsPerRequest: 1 } } });
		jest.restoreAllMocks();
		expect(lines).toContainEqual(
			expect.stringMatching(/^info: .*[12] of 3 calls done.*Gong asked to slow down/s),
		);
	});
});

test('sends 100 requests for 10,000 calls', async () => {
	const gong = await startGong({ data: manyCalls(10_000), latency: 0 });
	const { items } = await runNode(gong, {
		parameters: { callIds: FROM_ITEM },
		items: tenToAnItem(10_000),
		alone: true,
	});
	expect(items).toHaveLength(10_000);
	expect(gong.log).toHaveLength(100);
});

test.each(['callIds', 'field'])(
	"with n8n's own batching, a bad item of a later group keeps the first from being sent (%s)",
	async (callsFrom) => {
		const gong = await startGong({ data: manyCalls(4) });
		const ids = [callIdAt(0), callIdAt(1), callIdAt(2), 'abc'];
		const { error, run } = await runNode(gong, {
			parameters: {
				...(callsFrom === 'field'
					? { callsFrom, callIdField: 'id' }
					: { callIds: '={{ $json.id.trim() }}' }),
				requestOptions: { batching: { batch: { batchSize: 2, batchInterval: 20 } } },
			},
			items: ids.map((id) => ({ id })),
		});
		expect(error?.message).toMatch(/abc/);
		expect(run.data.resultData.error).toMatchObject({ context: { itemIndex: 3 } });
		expect(gong.log).toEqual([]);
	},
);
