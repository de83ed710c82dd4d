import { callIdAt, makeData, userIdAt } from '../../harness/gong';
import { readExample, withFields } from '../../harness/n8n/examples';
import type { Workflow } from '../../harness/n8n/workflow';
import { shown } from '../../harness/services/slack';
import { describeExample, FLOW_MS } from './exampleRoom';

const LIMIT = 160 * 1024;
const PEOPLE = Array.from({ length: 100 }, (_, place) => userIdAt(place));
const NEWCOMER = userIdAt(PEOPLE.length);
const FULL = 'Data table size limit exceeded';

/** A workflow of somebody else's, with a data table of its own; its last node does something to that table. */
function ofSomebodyElse(parameters: Readonly<Record<string, unknown>>): Workflow {
	const table = 'n8n-nodes-base.dataTable';
	const node = (name: string, type: string, own: Readonly<Record<string, unknown>>, x: number) => ({
		id: name,
		name,
		type,
		typeVersion: type === table ? 1.1 : 1,
		position: [x, 0],
		parameters: own,
	});
	const then = (name: string) => ({ main: [[{ node: name, type: 'main', index: 0 }]] });
	return {
		name: 'Of somebody else',
		nodes: [
			node('Start', 'n8n-nodes-base.manualTrigger', {}, 0),
			node(
				'Table',
				table,
				{
					resource: 'table',
					operation: 'create',
					tableName: 'Of somebody else',
					columns: { column: [{ name: 'text' }] },
					options: { createIfNotExists: true },
				},
				200,
			),
			node(
				'Use it',
				table,
				{ dataTableId: { __rl: true, mode: 'id', value: '={{ $json.id }}' }, ...parameters },
				400,
			),
		],
		connections: { Start: then('Table'), Table: then('Use it') },
		settings: { executionOrder: 'v1' },
	};
}

const filled = (bytes: number) =>
	ofSomebodyElse({
		operation: 'insert',
		columns: { mappingMode: 'defineBelow', value: { text: 'x'.repeat(bytes) } },
	});
const DROPPED = ofSomebodyElse({ resource: 'table', operation: 'delete' });

describeExample(
	"access-changes beside alert-to-slack, at the limit of n8n's data tables",
	(room) => {
		const TRIGGERS = { changes: 'Every hour', alerts: 'Four times a day' } as const;
		type Which = keyof typeof TRIGGERS;
		const told: Record<string, readonly string[]> = {};
		const ends: Record<string, string> = {};
		const calls = (from: number, to: number) =>
			Array.from({ length: to - from }, (_, place) => callIdAt(from + place));
		/** The calls that some messages are about, by the last digits of their place. */
		const about = (...names: string[]) =>
			names.flatMap((name) => told[name]).flatMap((text) => text.match(/Sales call \d+/g) ?? []);

		beforeAll(async () => {
			const { gong, slack, n8n, store } = room();
			const fill = async (bytes: number) => {
				const { error } = await n8n.rest.run(await store(filled(bytes)), 'Start');
				if (error) throw new Error(`The table could not be filled: ${error.message}`);
			};
			const makeRoom = async () => {
				await n8n.rest.run(await store(DROPPED), 'Start');
			};
			const examples = {
				changes: readExample('access-changes'),
				alerts: withFields(readExample('alert-to-slack'), 'Who may have access', {
					allowed: 'our-own.example',
				}),
			};
			let ids: Record<Which, string>;
			let ownTable = '';
			const round = async (which: Which, name: string): Promise<void> => {
				const begin = slack.messages.length;
				const run = await n8n.rest.run(ids[which], TRIGGERS[which], FLOW_MS);
				ends[`${which}, ${name}`] = run.error?.message ?? run.status;
				told[`${which}, ${name}`] = slack.messages.slice(begin).map(shown);
				ownTable = String(run.rows('Memory')[0].id);
			};
			for (const which of ['changes', 'alerts'] as const) {
				ids = { changes: '', alerts: '', [which]: await store(examples[which]) };
				gong.state.load(
					makeData({
						users: [...PEOPLE, NEWCOMER],
						calls: calls(0, 12).map((id) => ({ id, users: PEOPLE })),
					}),
				);
				// Twelve rows do not fit beside it.
				await fill(LIMIT - 24 * 1024);
				await round(which, 'first, no room for all');
				await round(which, 'first, no room again');
				await makeRoom();
				await round(which, 'first, room');
				await round(which, 'nothing new');

				for (const id of calls(0, 5)) gong.state.grant(id, NEWCOMER);
				await fill(LIMIT);
				await round(which, 'full');
				await round(which, 'full again');
				await makeRoom();
				await round(which, 'room again');
				await round(which, 'told before');

				// About two of the five fit beside this.
				for (const call of makeData({ calls: calls(12, 17).map((id) => ({ id })) }).calls) {
					const title = `Sales call ${Number(call.title?.match(/\d+/)?.[0]) + 12}`;
					gong.state.calls.set(call.id, { ...call, title, started: new Date().toISOString() });
					for (const id of PEOPLE) gong.state.grant(call.id, id);
				}
				await fill((which === 'changes' ? 40 : 96) * 1024);
				await round(which, 'full on the way');
				await makeRoom();
				await round(which, 'room at last');
				await round(which, 'end');
				// As the note says, to begin anew.
				const dataTableId = { __rl: true, mode: 'id', value: ownTable };
				const drop = ofSomebodyElse({ resource: 'table', operation: 'delete', dataTableId });
				await n8n.rest.run(await store(drop), 'Start');
			}
		}, 4 * FLOW_MS);

		it.each(['changes', 'alerts'] as const)(
			'tells nothing that it could not remember, and says what is full: %s',
			(which) => {
				for (const name of [
					'first, no room for all',
					'first, no room again',
					'full',
					'full again',
				]) {
					expect([ends[`${which}, ${name}`], told[`${which}, ${name}`]]).toEqual([
						expect.stringContaining(FULL),
						[],
					]);
				}
			},
		);

		it.each(['changes', 'alerts'] as const)(
			'stops where the tables get full on the way, and goes on there, each call once: %s',
			(which) => {
				expect(ends[`${which}, full on the way`]).toContain(FULL);
				expect(told[`${which}, full on the way`]).not.toEqual([]);
				expect(ends[`${which}, room at last`]).toBe('success');
				expect(told[`${which}, room at last`]).not.toEqual([]);
				expect(about(`${which}, full on the way`, `${which}, room at last`).sort()).toEqual(
					[13, 14, 15, 16, 17].map((place) => `Sales call ${place}`),
				);
				expect([told[`${which}, end`], ends[`${which}, end`]]).toEqual([[], 'success']);
			},
		);

		it('remembers all as soon as there is room, and tells what changed meanwhile, once', () => {
			expect([ends['changes, first, room'], told['changes, first, room']]).toEqual(['success', []]);
			expect(told['changes, nothing new']).toEqual([]);
			expect(about('changes, room again').sort()).toEqual(
				[1, 2, 3, 4, 5].map((place) => `Sales call ${place}`),
			);
			expect(told['changes, room again']).toHaveLength(5);
			expect(told['changes, told before']).toEqual([]);
		});

		it('sends one summary as soon as there is room, and each message once', () => {
			expect(told['alerts, first, room']).toHaveLength(1);
			expect(about('alerts, first, room')).toHaveLength(12);
			expect(told['alerts, nothing new']).toEqual([]);
			expect(about('alerts, room again').sort()).toEqual(
				[1, 2, 3, 4, 5].map((place) => `Sales call ${place}`),
			);
			expect(told['alerts, told before']).toEqual([]);
		});
	},
	{ settings: { N8N_DATA_TABLES_MAX_SIZE_BYTES: String(LIMIT) } },
);
