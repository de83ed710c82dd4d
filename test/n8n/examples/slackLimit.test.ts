import { callIdAt, makeData, userIdAt } from '../../harness/gong';
import { readExample, withFields } from '../../harness/n8n/examples';
import { shown } from '../../harness/services/slack';
import { describeExample, FLOW_MS } from './exampleRoom';

const CALLS = 40;
const [FIRST, SECOND, THIRD] = [0, 1, 2].map(userIdAt);

describeExample(
	"access-changes beside alert-to-slack, at Slack's limit",
	(room) => {
		const workflows = { changes: '#gong-access', alerts: '#gong-alerts' } as const;
		type Which = keyof typeof workflows;
		/** The calls that each workflow wrote of, by round, in order. */
		const told: Record<string, Record<Which, readonly string[]>> = {};
		const ends: Record<string, Record<Which, string>> = {};
		const titles = Array.from({ length: CALLS }, (_, place) => `Sales call ${place + 1}`);
		let tooSoonWhilePaced: number;

		beforeAll(async () => {
			const { gong, slack, n8n, store } = room();
			gong.state.load(
				makeData({
					users: [FIRST, SECOND, THIRD].map((id) => ({ id })),
					calls: [
						...titles.map((_, place) => ({ id: callIdAt(place), users: [] as string[] })),
						{ id: callIdAt(CALLS), title: 'Known before', users: [FIRST] },
					],
				}),
			);
			const ids: Record<Which, string> = {
				changes: await store(readExample('access-changes')),
				alerts: await store(
					withFields(readExample('alert-to-slack'), 'Who may have access', {
						allowed: 'our-own.example',
						slackChannel: workflows.alerts,
					}),
				),
			};
			const run = async (which: Which, trigger: string) => {
				const begin = slack.messages.length;
				const { error, status } = await n8n.rest.run(ids[which], trigger, FLOW_MS);
				const own = slack.messages
					.slice(begin)
					.filter(({ channel }) => channel === workflows[which]);
				return {
					end: error?.message ?? status,
					calls: own.map((one) => shown(one).split('\n')[1]),
				};
			};
			const round = async (name: string): Promise<void> => {
				const [changes, alerts] = await Promise.all([
					run('changes', 'Every hour'),
					run('alerts', 'Four times a day'),
				]);
				told[name] = { changes: changes.calls, alerts: alerts.calls };
				ends[name] = { changes: changes.end, alerts: alerts.end };
			};
			await round('first');

			for (const place of titles.keys()) gong.state.grant(callIdAt(place), SECOND);
			slack.pace.ms = 1_000;
			slack.refused.add('Sales call 17');
			await round('forty, one refused');
			tooSoonWhilePaced = slack.tooSoon;
			slack.refused.clear();
			await round('after it');
			await round('again');

			// Another workflow writes to the same channels meanwhile.
			for (const place of [0, 1, 2]) gong.state.grant(callIdAt(place), THIRD);
			slack.pace.ms = 60_000;
			await round('no turn');
			slack.pace.ms = 0;
			await round('all turns');
			await round('end');
		}, 2 * FLOW_MS);

		it.each(['changes', 'alerts'] as const)('tells every call once, one a second: %s', (which) => {
			const others = titles.filter((title) => title !== 'Sales call 17');
			expect([...told['forty, one refused'][which]].sort()).toEqual([...others].sort());
			expect(ends['forty, one refused'][which]).toMatch(/^Slack did not confirm 1 message: /);
			expect(tooSoonWhilePaced).toBe(0);
			expect([told['after it'][which], ends['after it'][which]]).toEqual([
				['Sales call 17'],
				'success',
			]);
			expect([told.again[which], ends.again[which]]).toEqual([[], 'success']);
		});

		it.each(['changes', 'alerts'] as const)(
			'tells by the next run, once, what Slack had no turn for: %s',
			(which) => {
				expect(ends['no turn'][which]).toMatch(/^Slack did not confirm [23] messages: /);
				const all = [...told['no turn'][which], ...told['all turns'][which]];
				expect(all.sort()).toEqual(titles.slice(0, 3));
				expect([told.end[which], ends.end[which]]).toEqual([[], 'success']);
			},
		);
	},
	{ waits: true },
);
