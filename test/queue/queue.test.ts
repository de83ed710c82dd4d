import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { startBrowser } from '../harness/editor/browser';
import { Editor } from '../harness/editor/editor';
import {
	callIdAt,
	DEMO_CLIENT,
	GONG_LIMIT,
	type LocalGong,
	manyCalls,
	startLocalGong,
	userIdAt,
} from '../harness/gong';
import type { ExecutedItem, Execution } from '../harness/n8n/execution';
import { withParameters } from '../harness/n8n/examples';
import { type Fleet, skippedForFleet, startFleet } from '../harness/n8n/fleet';
import { OAUTH2_TYPE, signInAt, storeForLocalGong } from '../harness/n8n/gongCredential';
import { isOver, OWNER } from '../harness/n8n/rest';
import { describeUnless, SET_UP_MS, SKIPPED_WITHOUT_N8N } from '../harness/n8n/skipping';
import { DEFAULT_N8N } from '../harness/n8n/versions';
import { readWorkflow, withCredential } from '../harness/n8n/workflow';
import { NODE_TYPE } from '../harness/package/names';
import { CHROMIUM, skippedFor } from '../harness/system/programs';

const SKIPPED = SKIPPED_WITHOUT_N8N || skippedForFleet();
const describeQueue = describeUnless(SKIPPED);
const NO_BROWSER = skippedFor(CHROMIUM);
const describeInEditor = describeUnless(NO_BROWSER);
const TEST_MS = 5 * 60_000;
const NODE = 'Gong Call Access';

// How soon n8n notices that a worker is gone; its default is half a minute or more.
const SEEN_SOON = {
	// Longer than a worker is ever held up on a busy machine: otherwise its executions are taken for lost.
	QUEUE_WORKER_LOCK_DURATION: '15000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '3000',
	QUEUE_WORKER_STALLED_INTERVAL: '3000',
};

/** The calls of the local Gong from the place `from` on. */
const calls = (from: number, count: number): string[] =>
	Array.from({ length: count }, (_, place) => callIdAt(from + place));

/** The body sent to a webhook. */
interface Job {
	readonly webhook: 'read-access' | 'grant-access';
	readonly body: { readonly calls: readonly string[]; readonly userId?: string };
}

const countOf = (jobs: readonly Job[], webhook: Job['webhook']): number =>
	jobs.filter((job) => job.webhook === webhook).length;

/** The call of a row, its users sorted, and its request ID. */
const asTold = ({ callId, users, requestId }: ExecutedItem['json']) => [
	callId,
	(users as { userId: string }[]).map(({ userId }) => userId).sort(),
	requestId,
];

describeQueue(`three workers of a real n8n ${DEFAULT_N8N} in queue mode${SKIPPED}`, () => {
	let gong: LocalGong;
	let fleet: Fleet;
	const workflows: Record<string, string> = {};

	beforeAll(async () => {
		gong = await startLocalGong({ data: manyCalls(10_000, 2) });
		fleet = await startFleet({ workers: 3, env: { ...SEEN_SOON, ...signInAt(gong) } });
		for (const name of ['read-access', 'grant-access']) {
			const file = path.join(__dirname, 'workflows', `${name}.json`);
			workflows[name] = await storeForLocalGong(fleet.rest, gong, readWorkflow(file));
			await fleet.rest.publish(workflows[name]);
		}
		workflows['read-by-oauth2'] = await storeReadByOAuth2();
		await fleet.rest.publish(workflows['read-by-oauth2']);
	}, SET_UP_MS);

	/** The workflow that reads, under a webhook of its own and with an OAuth2 credential; returns its ID. */
	async function storeReadByOAuth2(): Promise<string> {
		const { clientId, clientSecret } = DEMO_CLIENT;
		const credential = {
			name: 'Gong by OAuth2',
			type: OAUTH2_TYPE,
			data: { baseUrl: gong.url, clientId, clientSecret },
		};
		const id = await fleet.rest.createCredential(credential);
		await fleet.rest.connectOAuth2(id);
		const read = readWorkflow(path.join(__dirname, 'workflows', 'read-access.json'));
		const elsewhere = withParameters(read, 'Calls come in', { path: 'read-by-oauth2' });
		const signedIn = withParameters(elsewhere, NODE, { authentication: 'oAuth2' });
		return await fleet.rest.createWorkflow(
			withCredential(signedIn, NODE_TYPE, { ...credential, id }),
		);
	}

	afterAll(async () => {
		await fleet?.dispose();
		await gong?.close();
	});

	/** Starts an execution through its webhook, as another system would. */
	async function post(webhook: string, body: object): Promise<void> {
		const answer = await fetch(`${fleet.url}/webhook/${webhook}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body),
		});
		if (!answer.ok)
			throw new Error(`The webhook answered ${answer.status}: ${await answer.text()}`);
	}

	/** All executions of a workflow, once there are this many and each has ended. */
	async function allOver(workflow: string, count: number): Promise<Map<string, Execution>> {
		const until = Date.now() + TEST_MS - 30_000;
		for (;;) {
			const stored = await fleet.rest.executions({ workflowId: workflows[workflow] });
			if (stored.length === count && stored.every(isOver)) {
				const whole = new Map<string, Execution>();
				for (const { id } of stored) whole.set(id, await fleet.rest.execution(id));
				return whole;
			}
			if (Date.now() > until) throw new Error(`Not over: ${JSON.stringify(stored)}`);
			await sleep(500);
		}
	}

	/** The calls that an execution got through its webhook. */
	function asked(execution: Execution): string[] {
		const [{ body }] = execution.rows('Calls come in') as [{ body: { calls: string[] } }];
		return body.calls;
	}

	it(
		'share the limit: twenty executions of 500 calls at once all end with all their rows',
		async () => {
			gong.reset();
			gong.setLimit(GONG_LIMIT);
			const begun = Date.now();
			await Promise.all(
				Array.from({ length: 20 }, async (_, place) => {
					await post('read-access', { calls: calls(place * 500, 500) });
				}),
			);
			const executions = await allOver('read-access', 20);
			const { apiAccess } = gong.state.accessSnapshot();
			for (const execution of executions.values()) {
				expect(execution.status).toBe('success');
				expect(execution.rows(NODE).map(asTold)).toEqual(
					asked(execution).map((callId) => [callId, apiAccess[callId], expect.any(String)]),
				);
			}
			expect([...executions.values()].flatMap(asked).sort()).toEqual(calls(0, 10_000).sort());

			const answered = gong.log.filter(({ status }) => status === 200);
			const refused = gong.log.filter(({ status }) => status === 429);
			expect(answered).toHaveLength(100);
			expect(answered.length + refused.length).toBe(gong.log.length);
			const took = (Math.max(...gong.log.map(({ at }) => at)) - begun) / 1_000;
			const least = answered.length / GONG_LIMIT.perSecond;
			const idle = Math.min(...gong.log.map(({ at }) => at)) - begun;
			const ran = fleet.workers.map(({ name, begun: ids }) => `${name} ${ids().length}`);
			console.log(
				`Queue mode: ${took.toFixed(1)} s for ${answered.length} requests, ${(took / least).toFixed(2)} times the limit's own time, the first after ${(idle / 1_000).toFixed(1)} s; ${refused.length} refusals; executions: ${ran.join(', ')}`,
			);
			// Every execution ran on a worker, none on the main process.
			const onWorkers = fleet.workers.flatMap(({ begun: ids }) => ids());
			expect([...onWorkers].sort()).toEqual([...executions.keys()].sort());
		},
		TEST_MS,
	);

	describeInEditor(`in the editor of the main process${NO_BROWSER}`, () => {
		it(
			'show what came out on a worker',
			async () => {
				gong.reset();
				const earlier = await fleet.rest.executions({ workflowId: workflows['read-access'] });
				await post('read-access', { calls: calls(0, 3) });
				const executions = await allOver('read-access', earlier.length + 1);
				for (const { id } of earlier) executions.delete(id);
				const [id] = executions.keys();
				const browser = await startBrowser();
				try {
					const editor = new Editor(browser.page, fleet.url);
					await editor.signIn(OWNER);
					await editor.openExecution(workflows['read-access'], id);
					const panel = await editor.openNode(NODE);
					await panel.asTable(panel.output);
					const { apiAccess } = gong.state.accessSnapshot();
					const shown = await panel.cells(panel.output);
					expect(shown.map(([callId]) => callId)).toEqual(calls(0, 3));
					for (const [callId, users] of shown) {
						for (const userId of apiAccess[callId]) expect(users).toContain(`userId:${userId}`);
					}
					expect(await panel.hints().allInnerTexts()).toEqual([]);
				} finally {
					await browser.close();
				}
			},
			TEST_MS,
		);
	});

	it(
		'meet an expired token at once: each refresh token is used once, and every row comes',
		async () => {
			gong.reset();
			const ranBefore = fleet.workers.map(({ begun }) => begun().length);
			const EXECUTIONS = 9;
			const used: string[][] = [];
			for (let round = 0; round < 5; round++) {
				gong.expireTokens();
				const seen = gong.log.length;
				const jobs = Array.from({ length: EXECUTIONS }, (_, place) => calls(place * 10, 10));
				await Promise.all(jobs.map(async (mine) => await post('read-by-oauth2', { calls: mine })));
				const executions = await allOver('read-by-oauth2', (round + 1) * EXECUTIONS);
				for (const execution of executions.values()) {
					expect([execution.status, execution.error?.message]).toEqual(['success', undefined]);
					expect(execution.rows(NODE).map(({ callId }) => callId)).toEqual(asked(execution));
				}
				used.push(
					gong.log
						.slice(seen)
						.filter(({ path: where }) => where.startsWith('/oauth2/'))
						.map(
							({ body, status }) => `${new URLSearchParams(body).get('refresh_token')} ${status}`,
						),
				);
			}
			const ran = fleet.workers.map(({ begun }, place) => begun().length - ranBefore[place]);
			console.log(
				`An expired token: ${used.map(({ length }) => length).join(', ')} token requests in five rounds of ${EXECUTIONS} executions; executions by worker: ${ran.join(', ')}`,
			);
			// Otherwise nobody had to take turns.
			expect(ran.every((count) => count > 0)).toBe(true);
			const all = used.flat();
			expect(all.every((line) => line.endsWith(' 200'))).toBe(true);
			expect(new Set(all).size).toBe(all.length);
			// In each round somebody needed a new token.
			expect(used.every(({ length }) => length > 0)).toBe(true);
		},
		TEST_MS,
	);

	it(
		'lose nothing silently when one is killed: each execution is complete or reported as failed, and can be sent again',
		async () => {
			gong.reset();
			gong.setLimit({ perSecond: 1_000, perDay: 1_000_000 });
			const before = gong.state.accessSnapshot().apiAccess;
			const earlier = new Set(
				(await fleet.rest.executions({ workflowId: workflows['read-access'] })).map(({ id }) => id),
			);
			const userId = userIdAt(49);
			// More than the workers run at once, so that some wait in the queue.
			const jobs = Array.from({ length: 40 }, (_, place): Job => {
				const mine = calls(place * 200, 200);
				return place % 2 === 0
					? { webhook: 'read-access', body: { calls: mine } }
					: { webhook: 'grant-access', body: { calls: mine, userId } };
			});
			await Promise.all(jobs.map(async ({ webhook, body }) => await post(webhook, body)));
			const [victim] = fleet.workers;
			while (gong.log.length < 12) await sleep(20);
			await victim.n8n.kill();

			const reads = await allOver('read-access', earlier.size + 20);
			for (const id of earlier) reads.delete(id);
			const grants = await allOver('grant-access', 20);
			const all = new Map([...reads, ...grants]);
			const whole = [...all].filter(([, { status }]) => status === 'success');
			const failed = [...all].filter(([, { status }]) => status !== 'success');
			console.log(
				`A worker killed: ${whole.length} executions complete, ${failed.length} reported as ${[...new Set(failed.map(([, { status }]) => status))].join(' and ')}`,
			);
			expect(failed.length).toBeGreaterThan(0);
			expect(failed.every(([, { error }]) => Boolean(error?.message))).toBe(true);
			// Only executions of the killed worker fail; all others end, those in the queue too.
			const begunByOthers = new Set(fleet.workers.slice(1).flatMap(({ begun }) => begun()));
			expect(failed.filter(([id]) => begunByOthers.has(id))).toEqual([]);

			const expectWhole = (execution: Execution): void => {
				// With what n8n says of it, where it failed.
				expect([execution.status, execution.error?.message]).toEqual(['success', undefined]);
				expect(execution.rows(NODE).map(({ callId }) => callId)).toEqual(asked(execution));
			};
			for (const [, execution] of whole) expectWhole(execution);
			// A failed execution claims no result.
			for (const [, execution] of failed) expect(execution.given(NODE)).toEqual([]);

			const now = gong.state.accessSnapshot().apiAccess;
			const has = (callId: string) => now[callId].includes(userId);
			for (const [id, execution] of whole) {
				if (!grants.has(id)) continue;
				expect(execution.rows(NODE)).toEqual(
					asked(execution).map((callId) => ({
						callId,
						userIds: [userId],
						accepted: true,
						dryRun: false,
						requestId: expect.any(String),
					})),
				);
				expect(asked(execution).filter((callId) => !has(callId))).toEqual([]);
			}

			// n8n keeps nothing of a failed execution, so the sender sends it again.
			const done = new Set(whole.flatMap(([, execution]) => asked(execution)));
			const again = jobs.filter(({ body }) => !done.has(body.calls[0]));
			expect(again).toHaveLength(failed.length);
			await Promise.all(again.map(async ({ webhook, body }) => await post(webhook, body)));
			const known = new Set([...earlier, ...all.keys()]);
			const repeated = [
				...(await allOver(
					'read-access',
					reads.size + earlier.size + countOf(again, 'read-access'),
				)),
				...(await allOver('grant-access', grants.size + countOf(again, 'grant-access'))),
			].filter(([id]) => !known.has(id));
			expect(repeated).toHaveLength(again.length);
			for (const [, execution] of repeated) expectWhole(execution);
			const after = gong.state.accessSnapshot().apiAccess;
			const granted = new Set(
				jobs.flatMap(({ webhook, body }) => (webhook === 'grant-access' ? body.calls : [])),
			);
			const wanted = Object.fromEntries(
				Object.entries(before).map(([callId, users]) => [
					callId,
					granted.has(callId) ? [...new Set([...users, userId])].sort() : users,
				]),
			);
			expect(after).toEqual(wanted);
		},
		TEST_MS,
	);
});
