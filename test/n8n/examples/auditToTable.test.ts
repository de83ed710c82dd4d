import { SCREENSHOTS, TAKE_SCREENSHOTS } from '../../harness/editor/pictures';
import { takeScreenshots } from '../../harness/editor/screenshots';
import { SAMPLE_CALL_IDS } from '../../harness/gong';
import { EXAMPLES, readExample } from '../../harness/n8n/examples';
import { SET_UP_MS } from '../../harness/n8n/skipping';
import { AN_ID, describeExample, FLOW_MS, nameTwice } from './exampleRoom';

const TRIGGER = 'When clicking Execute workflow';

describeExample(
	'audit-to-table',
	(room) => {
		const access = () => room().gong.state.accessSnapshot().apiAccess;

		it(
			'gives one row for each person and call, with titles and names beside the IDs',
			async () => {
				room().gong.reset();
				const id = await room().store(readExample('audit-to-table'));
				const run = await room().n8n.rest.run(id, TRIGGER);
				const rows = run.rows('Given access');
				const given = rows.map(({ callId, userId }) => `${callId as string} ${userId as string}`);
				expect(given.sort()).toEqual(
					SAMPLE_CALL_IDS.flatMap((callId) =>
						access()[callId].map((userId) => `${callId} ${userId}`),
					).sort(),
				);
				const read = rows.map(({ callTitle, userName, userEmail }) => [
					callTitle,
					userName,
					userEmail,
				]);
				expect(read).toContainEqual([
					'Globex: pricing and procurement',
					'Tom Archer',
					'tom.archer@example.com',
				]);
				expect(read.flat().join('\n')).not.toMatch(AN_ID);
			},
			FLOW_MS,
		);

		it(
			'tells of a call that Gong does not know in its place, and of all others',
			async () => {
				const { gong, n8n, store } = room();
				gong.reset();
				const [vanished, ...others] = SAMPLE_CALL_IDS;
				gong.state.hideCall(vanished);
				const run = await n8n.rest.run(await store(readExample('audit-to-table')), TRIGGER);
				const rows = run.rows('Given access').map((row) => [row.callId, row.userId, row.found]);
				expect(rows[0]).toEqual([vanished, null, false]);
				const expected = others.flatMap((id) => access()[id].map((userId) => [id, userId, true]));
				expect(rows.slice(1).sort()).toEqual(expected.sort());
			},
			FLOW_MS,
		);

		it(
			'gives one row for somebody whom Gong names twice',
			async () => {
				const { gong, n8n, store } = room();
				gong.reset();
				nameTwice(gong);
				const run = await n8n.rest.run(await store(readExample('audit-to-table')), TRIGGER);
				const rows = run.rows('Given access').map(({ callId, userId }) => [callId, userId].join());
				const expected = SAMPLE_CALL_IDS.flatMap((id) =>
					access()[id].map((one) => [id, one].join()),
				);
				expect([...rows].sort()).toEqual(expected.sort());
			},
			FLOW_MS,
		);

		it(
			'gives no rows and says why where Gong cannot be asked',
			async () => {
				const { gong, n8n, store } = room();
				gong.reset();
				gong.fail({ kind: 'status', status: 503, times: Infinity });
				const run = await n8n.rest.run(await store(readExample('audit-to-table')), TRIGGER);
				gong.clearFaults();
				expect(run.error?.message).toMatch(/^Gong is not available at the moment \(status 503\)/);
				expect(run.given('Given access')).toEqual([]);
			},
			FLOW_MS,
		);

		it('uses only node types and versions that this n8n has, as all others do', async () => {
			const types = (await room().n8n.rest.file('/types/nodes.json')) as {
				name: string;
				version: number | number[];
			}[];
			const known = new Set(
				types.flatMap(({ name, version }) => [version].flat().map((one) => `${name} ${one}`)),
			);
			const used = EXAMPLES.flatMap((name) =>
				readExample(name).nodes.map(({ type, typeVersion }) => `${type} ${typeVersion}`),
			);
			expect(used.filter((one) => !known.has(one))).toEqual([]);
		});

		// Takes the pictures only when asked to; fails for notes that are cut off in them.
		if (TAKE_SCREENSHOTS) {
			it(
				'shows its notes in full, as all others do',
				async () => {
					const { url, rest } = room().n8n;
					const shots = [];
					for (const name of EXAMPLES) {
						const workflowId = await rest.createWorkflow(readExample(name));
						shots.push({ name: `example-${name}`, workflowId });
					}
					expect(await takeScreenshots({ url, session: rest.session }, shots, SCREENSHOTS)).toEqual(
						[],
					);
				},
				SET_UP_MS,
			);
		}
	},
	{ hasEditor: true },
);
