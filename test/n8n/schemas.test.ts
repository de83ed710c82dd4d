import path from 'node:path';

import { type LocalGong, sampleData, QUICK, startLocalGong } from '../harness/gong';
import type { ExecutedItem, Execution } from '../harness/n8n/execution';
import { storeForLocalGong } from '../harness/n8n/gongCredential';
import { type RunningN8n, startN8n } from '../harness/n8n/running';
import { describeWithN8n, SET_UP_MS } from '../harness/n8n/skipping';
import { DEFAULT_N8N } from '../harness/n8n/versions';
import { readWorkflow } from '../harness/n8n/workflow';
import { NODE_TYPE } from '../harness/package/names';

const TRIGGER = 'When clicking Execute workflow';

/** The parts of JSON Schema that n8n's own output schemas use. */
interface Schema {
	readonly type: string | readonly string[];
	readonly properties?: Readonly<Record<string, Schema>>;
	readonly items?: Schema;
}

/** The parts of a value that a schema does not describe, each by its path. */
function unsaid(value: unknown, schema: Schema | undefined, at: string): string[] {
	if (!schema) return [at];
	const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
	if (![schema.type].flat().includes(type)) return [`${at}: ${type}`];
	if (Array.isArray(value)) return value.flatMap((entry) => unsaid(entry, schema.items, `${at}[]`));
	return Object.entries(value instanceof Object ? value : {}).flatMap(([key, entry]) =>
		unsaid(entry, schema.properties?.[key], `${at}.${key}`),
	);
}

describeWithN8n(`the output schemas in a real n8n ${DEFAULT_N8N}`, () => {
	const OPERATIONS = [
		{
			operation: 'list',
			nodes: ['Read', 'Read with details'],
			keys: 'callId callTitle callUrl callStarted users playedSince found requestId',
		},
		{
			operation: 'grant',
			nodes: ['Grant'],
			keys: 'callId userIds accepted dryRun wouldGrantUserIds confirmed notListed requestId',
		},
		{
			operation: 'revoke',
			nodes: ['Revoke, dry run', 'Revoke'],
			keys: 'callId userIds accepted dryRun wouldRevokeUserIds confirmed stillListed requestId',
		},
		{
			operation: 'replace',
			nodes: ['Replace, dry run', 'Replace'],
			keys: 'callId grantedUserIds revokedUserIds wouldGrantUserIds wouldRevokeUserIds unchangedUserIds dryRun confirmed notListed stillListed requestId requestIds',
		},
		{
			operation: 'explain',
			nodes: ['Explain', 'Explain with details'],
			keys: 'callId callTitle callUrl callStarted isPrivate workspaceId ways userIds users inactiveUserIds inactiveUsers userCount notChecked playedSince found requestId requestIds',
		},
	] as const;

	let gong: LocalGong;
	let n8n: RunningN8n | undefined;
	let executions: Execution[];

	const servedFor = async (operation: string): Promise<unknown> =>
		await n8n?.rest.file(`/schemas/${NODE_TYPE}/1.0.0/callAccess/${operation}.json`);

	beforeAll(async () => {
		gong = await startLocalGong({ latency: QUICK, data: sampleData() });
		n8n = await startN8n();
		executions = [];
		for (const name of ['grant-replace-revoke', 'explain']) {
			const file = path.join(__dirname, 'workflows', `${name}.json`);
			const id = await storeForLocalGong(n8n.rest, gong, readWorkflow(file));
			executions.push(await n8n.rest.run(id, TRIGGER));
		}
	}, SET_UP_MS);

	afterAll(async () => {
		await n8n?.dispose();
		await gong?.close();
	});

	describe.each(OPERATIONS)('of $operation', ({ operation, nodes, keys }) => {
		it('is served to the editor, with these fields in this order', async () => {
			const schema = (await servedFor(operation)) as Schema | undefined;
			expect(schema?.type).toBe('object');
			expect(Object.keys(schema?.properties ?? {}).join(' ')).toBe(keys);
		});

		it('describes all fields that the operation then gives', async () => {
			const schema = (await servedFor(operation)) as Schema | undefined;
			const [changes, explained] = executions;
			const execution = operation === 'explain' ? explained : changes;
			const rows: readonly ExecutedItem['json'][] = nodes.flatMap((node) => execution.rows(node));
			expect(rows.length).toBeGreaterThan(0);
			expect(rows.flatMap((row) => unsaid(row, schema, 'item'))).toEqual([]);
		});
	});

	it('do not exist for an unknown operation', async () => {
		expect(await servedFor('delete')).toBeUndefined();
	});
});
