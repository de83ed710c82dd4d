import path from 'node:path';

import {
	basicHeader,
	DEMO_ACCOUNT,
	type LocalGong,
	SAMPLE_CALL_IDS,
	sampleData,
	QUICK,
	startLocalGong,
} from '../harness/gong';
import type { Execution } from '../harness/n8n/execution';
import { installN8n } from '../harness/n8n/install';
import { N8nInstance } from '../harness/n8n/instance';
import { gongCredential } from '../harness/n8n/gongCredential';
import { describeWithN8n, SET_UP_MS } from '../harness/n8n/skipping';
import { DEFAULT_N8N } from '../harness/n8n/versions';
import { readWorkflow, type StoredCredential, type Workflow } from '../harness/n8n/workflow';
import { PACKAGE_NAME } from '../harness/package/names';
import { packProject } from '../harness/package/pack';

const inThisFolder = (name: string): Workflow =>
	readWorkflow(path.join(__dirname, 'workflows', `${name}.json`));

/** As a user stored it for the built-in Gong node, before our package was installed. */
const storedCredential = (at: LocalGong): StoredCredential => ({
	id: 'gongLocal',
	...gongCredential(at),
});

describeWithN8n(`the packed package in a real n8n ${DEFAULT_N8N}`, () => {
	const { apiAccess, users } = sampleData();
	const asked = SAMPLE_CALL_IDS.map((callId, index) => ({
		callId,
		place: ['first', 'second', 'third', 'fourth'][index],
		userIds: apiAccess[callId],
	}));

	let gong: LocalGong;
	let n8n: N8nInstance | undefined;
	let before: Execution;
	let installed: Execution;
	let badCallId: Execution;
	let afterRemoval: Execution;
	const requests: Record<'before' | 'installed' | 'badCallId' | 'afterRemoval', LocalGong['log']> =
		{ before: [], installed: [], badCallId: [], afterRemoval: [] };

	const execute = async (
		instance: N8nInstance,
		workflowId: string,
		state: keyof typeof requests,
	): Promise<Execution> => {
		gong.reset();
		const execution = await instance.execute(workflowId);
		requests[state] = [...gong.log];
		return execution;
	};

	// Each execution takes a new n8n process, so each state runs once and all tests read its result.
	beforeAll(async () => {
		gong = await startLocalGong({ latency: QUICK, data: sampleData() });
		n8n = await N8nInstance.create(await installN8n());
		await n8n.importCredentials([storedCredential(gong)]);
		await n8n.importWorkflows(
			['built-in-gong', 'beside-built-in-gong', 'bad-call-id'].map(inThisFolder),
		);
		before = await execute(n8n, 'builtInGong', 'before');
		await n8n.installPackage(await packProject(n8n.folder), PACKAGE_NAME);
		installed = await execute(n8n, 'besideBuiltInGong', 'installed');
		badCallId = await execute(n8n, 'badCallId', 'badCallId');
		await n8n.removePackage(PACKAGE_NAME);
		afterRemoval = await execute(n8n, 'builtInGong', 'afterRemoval');
	}, SET_UP_MS);

	afterAll(async () => {
		await n8n?.dispose();
		await gong?.close();
	});

	describe('split into calls', () => {
		it('gives one item for each of 4 calls, with its users', () => {
			expect(installed.rows('Access by call')).toEqual(
				asked.map(({ callId, userIds }) => ({
					callId,
					users: userIds.map((userId) => ({ userId })),
					requestId: expect.any(String),
				})),
			);
		});

		it('lets Edit Fields read the item that each came from', () => {
			expect(installed.rows('Beside its call')).toEqual(
				asked.map(({ callId, place }) => ({ callId, askedFor: callId, place })),
			);
		});
	});

	describe('split into users', () => {
		it('gives one item for each of their 9 users', () => {
			const rows = installed.rows('Access by user');
			expect(rows).toHaveLength(9);
			expect(rows).toEqual(
				asked.flatMap(({ callId, userIds }) =>
					userIds.map((userId) => ({ callId, userId, requestId: expect.any(String) })),
				),
			);
		});

		it('lets a Code node read the item that each came from', () => {
			const rows = installed.rows('Beside its call, by code');
			expect(
				rows.map(({ callId, userId, askedFor, place }) => [callId, userId, askedFor, place]),
			).toEqual(
				asked.flatMap(({ callId, userIds, place }) =>
					userIds.map((userId) => [callId, userId, callId, place]),
				),
			);
		});
	});

	it('sends a 19-digit call ID to Gong digit for digit', () => {
		const [row] = installed.rows('One call');
		const [request] = requests.installed.filter(({ requestId }) => requestId === row.requestId);
		expect(`${request.method} ${request.path}`).toBe('POST /v2/calls/users-access');
		expect(request.body).toBe('{"filter":{"callIds":["7782342274025937895"]}}');
	});

	it('refuses a bad call ID, naming the field and the value, and sends nothing', () => {
		expect(badCallId.status).toBe('error');
		const { message, description } = badCallId.error ?? { message: '' };
		expect(`${message} ${description ?? ''}`).toContain('Call IDs');
		expect(`${message} ${description ?? ''}`).toContain('77823x');
		expect(requests.badCallId).toEqual([]);
	});

	describe("n8n's built-in Gong node on the same stored credential", () => {
		const everyone = users.map(({ id }) => id).sort();
		const peopleFrom = (execution: Execution) =>
			execution
				.rows('Built-in Gong')
				.map(({ id }) => id)
				.sort();

		it('works before the package is installed', () => {
			expect(peopleFrom(before)).toEqual(everyone);
		});

		it('works in one workflow with ours while the package is installed', () => {
			expect(peopleFrom(installed)).toEqual(everyone);
		});

		it('works after the package is removed', () => {
			expect(peopleFrom(afterRemoval)).toEqual(everyone);
		});

		it('signs in with the same key as ours, in all three states', () => {
			const signedIn = (log: LocalGong['log']) =>
				[
					...new Set(log.map(({ path: where, headers }) => `${where} ${headers.authorization}`)),
				].sort();
			const key = basicHeader(DEMO_ACCOUNT);
			const builtIn = `/v2/users/extensive ${key}`;
			expect(signedIn(requests.before)).toEqual([builtIn]);
			expect(signedIn(requests.installed)).toEqual([`/v2/calls/users-access ${key}`, builtIn]);
			expect(signedIn(requests.afterRemoval)).toEqual([builtIn]);
		});
	});
});
