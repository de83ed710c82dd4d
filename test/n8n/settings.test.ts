import { setTimeout as sleep } from 'node:timers/promises';

import {
	type LocalGong,
	SAMPLE_CALL_IDS,
	SAMPLE_USER_IDS,
	sampleData,
	QUICK,
	startLocalGong,
} from '../harness/gong';
import { CHAIN, chain, type ChainOptions } from '../harness/n8n/chain';
import type { Execution } from '../harness/n8n/execution';
import { WITHOUT_EDITOR } from '../harness/n8n/environment';
import { storeForLocalGong } from '../harness/n8n/gongCredential';
import { type RunningN8n, startN8n } from '../harness/n8n/running';
import { describeWithN8n, SET_UP_MS } from '../harness/n8n/skipping';
import { DEFAULT_N8N } from '../harness/n8n/versions';

const UNKNOWN = '1111111111111111111';

/**
 * Settings that people use on every node of n8n, and ways to stop it; each n8n release handles them
 * differently.
 */
describeWithN8n(`the settings of the node in a real n8n ${DEFAULT_N8N}`, () => {
	const [renewal, demo] = SAMPLE_CALL_IDS;
	const { maria, jonas, priya } = SAMPLE_USER_IDS;
	const FIELDS = { callsFrom: 'field', callIdField: 'callId' };
	const USERS = { userIds: `${maria}, ${priya}`, ...FIELDS };
	const ITEMS = [
		{ callId: renewal, place: 'first' },
		{ callId: UNKNOWN, place: 'second' },
		{ callId: demo, place: 'third' },
		{ callId: '77823x', place: 'fourth' },
	];
	const OPERATIONS = ['list', 'grant', 'revoke', 'replace'];

	let gong: LocalGong;
	let n8n: RunningN8n;

	const store = async (options: ChainOptions) =>
		await storeForLocalGong(n8n.rest, gong, chain(options));
	const run = async (options: ChainOptions): Promise<Execution> =>
		await n8n.rest.run(await store(options), CHAIN.trigger);

	beforeAll(async () => {
		gong = await startLocalGong({ latency: QUICK, data: sampleData() });
		n8n = await startN8n(WITHOUT_EDITOR);
	}, SET_UP_MS);

	beforeEach(() => gong.reset());

	afterAll(async () => {
		await n8n?.dispose();
		await gong?.close();
	});

	const good = [
		{ callId: renewal, cameFrom: 'first' },
		{ callId: demo, cameFrom: 'third' },
	];
	const unknown = {
		error: expect.stringContaining(UNKNOWN) as unknown,
		details: expect.objectContaining({
			callIds: [UNKNOWN],
			httpStatus: 400,
			gongErrors: ['Some calls not found'],
			reason: 'unknownCalls',
			outcome: 'refused',
		}) as unknown,
		cameFrom: 'second',
	};
	const unreadable = {
		error: expect.stringContaining('77823x') as unknown,
		details: expect.objectContaining({ reason: 'badInput', outcome: 'notSent' }) as unknown,
		cameFrom: 'fourth',
	};

	describe.each(OPERATIONS)('%s', (operation) => {
		const parameters = { operation, ...(operation === 'list' ? FIELDS : USERS) };

		it('sends failures to the error output, with the fields of their items', async () => {
			const settings = { onError: 'continueErrorOutput' };
			const execution = await run({ parameters, settings, items: ITEMS });
			expect(execution.error).toBeUndefined();
			expect(execution.rows(CHAIN.after)).toMatchObject(good);
			expect(execution.rows(CHAIN.afterError)).toMatchObject([
				{ ...unknown, ...ITEMS[1] },
				{ ...unreadable, ...ITEMS[3] },
			]);
			expect(execution.items(CHAIN.after)).toHaveLength(2);
		});

		it('keeps failures among the other items on "continue"', async () => {
			const settings = { onError: 'continueRegularOutput' };
			const execution = await run({ parameters, settings, items: ITEMS });
			expect(execution.error).toBeUndefined();
			const rows = execution.rows(CHAIN.after);
			expect(rows).toMatchObject([good[0], unknown, good[1], unreadable]);
			expect(execution.rows(CHAIN.ours)[1]).toEqual({
				error: unknown.error,
				details: unknown.details,
			});
		});

		it('stops with a message and writes nothing when it is set to stop', async () => {
			const before = gong.state.accessSnapshot();
			const execution = await run({ parameters, items: ITEMS });
			expect(execution.status).toBe('error');
			expect(execution.error?.message).toContain('77823x');
			expect(gong.log).toEqual([]);
			expect(gong.state.accessSnapshot()).toEqual(before);
		});
	});

	it('lets the node after it read the item that each row came from', async () => {
		const parameters = { ...FIELDS, splitInto: 'users' };
		const execution = await run({ parameters, items: [ITEMS[2], ITEMS[0]] });
		expect(execution.rows(CHAIN.after)).toMatchObject([
			{ callId: demo, userId: jonas, cameFrom: 'third' },
			{ callId: demo, userId: priya, cameFrom: 'third' },
			{ callId: renewal, userId: maria, cameFrom: 'first' },
		]);
		expect(gong.log).toHaveLength(1);
	});

	it('sends one request for many items with Execute Once', async () => {
		const parameters = { callIds: renewal };
		const settings = { executeOnce: true };
		const execution = await run({ parameters, settings, items: ITEMS });
		expect(execution.rows(CHAIN.after)).toMatchObject([{ callId: renewal, cameFrom: 'first' }]);
		expect(gong.log).toHaveLength(1);
	});

	it('runs again with Retry On Fail', async () => {
		gong.fail({ kind: 'status', status: 400, errors: ['Not now'] });
		const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 100 };
		const execution = await run({ parameters: FIELDS, settings, items: [ITEMS[0], ITEMS[2]] });
		expect(execution.error).toBeUndefined();
		expect(execution.rows(CHAIN.after)).toMatchObject(good);
		expect(gong.log).toHaveLength(2);
	});

	it('is cancelled while it waits for Gong\'s limit, has the status "canceled", and sends nothing more', async () => {
		const headers = { 'retry-after': '3' };
		gong.fail({ kind: 'status', status: 429, headers, times: Infinity });
		const workflowId = await store({
			parameters: { ...USERS, operation: 'grant' },
			items: [ITEMS[0]],
		});
		const executionId = await n8n.rest.begin(workflowId, CHAIN.trigger);
		while (gong.log.every(({ endedAt }) => endedAt === null)) await sleep(50);
		await n8n.rest.stop(executionId);
		const execution = await n8n.rest.finished(executionId);
		expect(execution.status).toBe('canceled');
		await sleep(3_500);
		expect(gong.log).toHaveLength(1);
	});

	it('is cancelled while it waits for an answer', async () => {
		gong.fail({ kind: 'drip', times: Infinity });
		const workflowId = await store({ parameters: FIELDS, items: [ITEMS[0]] });
		const executionId = await n8n.rest.begin(workflowId, CHAIN.trigger);
		while (gong.log.length === 0) await sleep(50);
		await n8n.rest.stop(executionId);
		expect((await n8n.rest.finished(executionId)).status).toBe('canceled');
	});
});
