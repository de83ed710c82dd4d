import { shown, type SlackMessage } from '../../harness/services/slack';
import { readExample, withFields, withNode } from '../../harness/n8n/examples';
import { SAMPLE_CALL_IDS, SAMPLE_USER_IDS } from '../../harness/gong';
import { AN_ID, describeExample, FLOW_MS } from './exampleRoom';

const { jonas, yuki, left } = SAMPLE_USER_IDS;
const [renewal, demo, pricing, review] = SAMPLE_CALL_IDS;

describeExample('alert-to-slack', (room) => {
	const HEAD = '*Access for somebody who is not on the list*';
	const message = (...lines: string[]): SlackMessage => ({
		channel: '#gong-access',
		text: [HEAD, ...lines].join('\n'),
		unfurl_links: false,
	});
	const sent: Record<string, readonly SlackMessage[]> = {};
	const statuses: Record<string, string> = {};

	beforeAll(async () => {
		room().gong.reset();
		Object.assign(room().gong.state.calls.get(demo) ?? {}, { title: 'Q&A <final> | Northwind' });
		const example = withFields(readExample('alert-to-slack'), 'Who may have access', {
			allowed:
				'Maria.Keller@example.com, @partner.example\npriya.raman@example.com; yuki.mori@example.com',
		});
		const id = await room().store(withNode(example, 'Tell Slack', { waitBetweenTries: 10 }));
		const run = async (name: string, begin: () => Promise<string>) => {
			const before = room().slack.messages.length;
			const executionId = await begin();
			statuses[name] = (await room().n8n.rest.finished(executionId)).status;
			sent[name] = room().slack.messages.slice(before);
			return executionId;
		};
		const start = (trigger: string) => async () => await room().n8n.rest.begin(id, trigger);
		await run('first', start('Four times a day'));
		await run('again', start('Try it now'));
		room().gong.state.grant(renewal, jonas);
		room().gong.state.grant(renewal, yuki);
		await run('later', start('Four times a day'));
		room().gong.state.grant(renewal, left);
		room().slack.channels.clear();
		const failed = await run('refused', start('Four times a day'));
		room().slack.channels.add('gong-access');
		await run('retried', async () => await room().n8n.rest.retry(failed));
	}, FLOW_MS);

	it('writes one message for each call that somebody who is not on the list has access to', () => {
		expect(sent.first).toEqual([
			message(
				`<https://app.gong.io/call?id=${review}|Initech: quarterly business review>`,
				'• notetaker@example.com',
			),
			message(
				`<https://app.gong.io/call?id=${pricing}|Globex: pricing and procurement>`,
				'• Samuel Adeyemi (Samuel.Adeyemi@example.com)',
				'• Tom Archer (tom.archer@example.com)',
			),
			message(
				`<https://app.gong.io/call?id=${demo}|Q&amp;A &lt;final&gt; | Northwind>`,
				'• Jonas Berg (jonas.berg@example.com)',
			),
		]);
	});

	it('shows titles and names in the channel, and no ID', () => {
		expect(sent.first.map(shown)[2]).toBe(
			[
				'Access for somebody who is not on the list',
				'Q&A <final> | Northwind',
				'• Jonas Berg (jonas.berg@example.com)',
			].join('\n'),
		);
		expect(Object.values(sent).flat().map(shown).join('\n')).not.toMatch(AN_ID);
	});

	it('does not report the same person and call twice', () => {
		expect([statuses.again, sent.again]).toEqual(['success', []]);
	});

	it('reports somebody who was given access since, and nobody else', () => {
		expect(sent.later).toEqual([
			message(
				`<https://app.gong.io/call?id=${renewal}|Acme Corp: renewal and seat expansion>`,
				'• Jonas Berg (jonas.berg@example.com)',
			),
		]);
	});

	it('fails when Slack refuses, and reports them when that run is retried', () => {
		expect([statuses.refused, sent.refused]).toEqual(['error', []]);
		expect([statuses.retried, sent.retried]).toEqual([
			'success',
			[
				message(
					`<https://app.gong.io/call?id=${renewal}|Acme Corp: renewal and seat expansion>`,
					'• Tom Archer (tom.archer@example.com)',
				),
			],
		]);
	});
});
