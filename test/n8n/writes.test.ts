import path from 'node:path';

import {
	type AccessSnapshot,
	type LocalGong,
	SAMPLE_CALL_IDS,
	SAMPLE_USER_IDS,
	sampleData,
	QUICK,
	startLocalGong,
} from '../harness/gong';
import type { Execution } from '../harness/n8n/execution';
import { WITHOUT_EDITOR } from '../harness/n8n/environment';
import { storeForLocalGong } from '../harness/n8n/gongCredential';
import { type RunningN8n, startN8n } from '../harness/n8n/running';
import { describeWithN8n, SET_UP_MS } from '../harness/n8n/skipping';
import { DEFAULT_N8N } from '../harness/n8n/versions';
import { readWorkflow } from '../harness/n8n/workflow';

const TRIGGER = 'When clicking Execute workflow';

/** A request, and who had access to the two calls right after it. */
interface Moment {
	readonly request: string;
	readonly requestId: string | null;
	readonly access: readonly (readonly string[])[];
}

describeWithN8n(`one workflow that grants and revokes access, in a real n8n ${DEFAULT_N8N}`, () => {
	const [renewal, demo] = SAMPLE_CALL_IDS;
	const { maria, jonas, priya, samuel, yuki } = SAMPLE_USER_IDS;
	const sorted = (...lists: string[][]) => lists.map((list) => [...list].sort());
	const START = sorted([maria], [jonas, priya]);
	// Samuel has the first call by a share, so nothing changes for him there.
	const GRANTED = sorted([maria, yuki], [jonas, priya, yuki]);
	const WIDENED = sorted([maria, yuki, jonas], [jonas, priya, yuki, samuel]);
	const REPLACED = sorted([maria, jonas], [jonas, priya, samuel]);

	const READ = 'POST /v2/calls/users-access';
	const GRANT = 'PUT /v2/calls/users-access';
	const REVOKE = 'DELETE /v2/calls/users-access';
	const LOOK_UP = 'GET /v2/users';

	const moments: Moment[] = [];
	let gong: LocalGong;
	let n8n: RunningN8n | undefined;
	let execution: Execution;
	let before: AccessSnapshot;
	let after: AccessSnapshot;

	beforeAll(async () => {
		gong = await startLocalGong({
			latency: QUICK,
			data: sampleData(),
			onRequestEnd: ({ method, path: where, requestId }) => {
				const { apiAccess } = gong.state.accessSnapshot();
				const access = [apiAccess[renewal], apiAccess[demo]];
				moments.push({ request: `${method} ${where}`, requestId, access });
			},
		});
		n8n = await startN8n(WITHOUT_EDITOR);
		const file = path.join(__dirname, 'workflows', 'grant-replace-revoke.json');
		const id = await storeForLocalGong(n8n.rest, gong, readWorkflow(file));
		before = gong.state.accessSnapshot();
		execution = await n8n.rest.run(id, TRIGGER);
		after = gong.state.accessSnapshot();
	}, SET_UP_MS);

	afterAll(async () => {
		await n8n?.dispose();
		await gong?.close();
	});

	it('succeeds', () => {
		expect(execution.error).toBeUndefined();
		expect(execution.status).toBe('success');
	});

	it('gives the local Gong the expected state after each step', () => {
		expect(moments.map(({ request, access }) => [request, access])).toEqual([
			// Grant, with Read Back.
			[LOOK_UP, START],
			[GRANT, GRANTED],
			[READ, GRANTED],
			// Read.
			[READ, GRANTED],
			// Replace, as a dry run and in earnest: grants first, then revokes, then reads back.
			[LOOK_UP, GRANTED],
			[READ, GRANTED],
			[LOOK_UP, GRANTED],
			[READ, GRANTED],
			[GRANT, WIDENED],
			[REVOKE, REPLACED],
			[READ, REPLACED],
			// Revoke, as a dry run and in earnest, then the last Read with names beside the IDs.
			[LOOK_UP, REPLACED],
			[READ, REPLACED],
			[LOOK_UP, REPLACED],
			[REVOKE, START],
			[READ, START],
			[READ, START],
			['POST /v2/users/extensive', START],
			['POST /v2/calls/extensive', START],
		]);
	});

	it('ends in the state in which it began', () => {
		expect(after).toEqual(before);
	});

	it('grants, and names who is not listed afterwards', () => {
		expect(execution.rows('Grant')).toEqual([
			granted(renewal, [yuki, samuel], [samuel]),
			granted(demo, [yuki], []),
		]);
	});

	it('reads what was granted', () => {
		expect(accessRead('Read')).toEqual(GRANTED);
	});

	it('shows on a dry run what the replace then does', () => {
		const differences = [
			{
				callId: renewal,
				grantedUserIds: [jonas],
				revokedUserIds: [yuki],
				unchangedUserIds: [maria],
			},
			{
				callId: demo,
				grantedUserIds: [samuel],
				revokedUserIds: [yuki],
				unchangedUserIds: [jonas, priya],
			},
		];
		const ids = { requestId: expect.any(String), requestIds: expect.any(Array) };
		expect(execution.rows('Replace, dry run')).toEqual(
			differences.map(({ grantedUserIds, revokedUserIds, ...rest }) => ({
				...rest,
				wouldGrantUserIds: grantedUserIds,
				wouldRevokeUserIds: revokedUserIds,
				dryRun: true,
				...ids,
			})),
		);
		expect(execution.rows('Replace')).toEqual(
			differences.map((difference) => ({
				...difference,
				dryRun: false,
				confirmed: true,
				notListed: [],
				stillListed: [],
				...ids,
			})),
		);
	});

	it('names the requests of a replace, in their order', () => {
		const steps = execution
			.rows('Replace')
			.map(({ requestIds }) =>
				(requestIds as string[]).map(
					(id) => moments.find(({ requestId }) => requestId === id)?.request,
				),
			);
		expect(steps).toEqual([
			[READ, GRANT, REVOKE, READ],
			[READ, GRANT, REVOKE, READ],
		]);
	});

	it('revokes what the dry run showed', () => {
		const requestId = expect.any(String) as unknown;
		const asked = [
			{ callId: renewal, userIds: [jonas] },
			{ callId: demo, userIds: [samuel] },
		];
		expect(execution.rows('Revoke, dry run')).toEqual(
			asked.map((row) => ({
				...row,
				dryRun: true,
				wouldRevokeUserIds: row.userIds,
				requestId,
			})),
		);
		expect(execution.rows('Revoke')).toEqual(
			asked.map((row) => ({
				...row,
				accepted: true,
				dryRun: false,
				confirmed: true,
				stillListed: [],
				requestId,
			})),
		);
		expect(accessRead('Read with details')).toEqual(START);
	});

	function granted(callId: string, userIds: string[], notListed: string[]) {
		const requestId = expect.any(String) as unknown;
		const confirmed = notListed.length === 0;
		return { callId, userIds, accepted: true, dryRun: false, confirmed, notListed, requestId };
	}

	function accessRead(node: string): string[][] {
		return execution
			.rows(node)
			.map(({ users }) => (users as { userId: string }[]).map(({ userId }) => userId).sort());
	}
});
