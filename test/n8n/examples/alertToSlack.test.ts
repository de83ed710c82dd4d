import { shown, type SlackMessage } from '../../harness/services/slack';
import { readExample, withFields, withParameters } from '../../harness/n8n/examples';
import {
	type Fault,
	SAMPLE_CALL_IDS,
	SAMPLE_OLDER_CALL_IDS,
	SAMPLE_USER_IDS,
} from '../../harness/gong';
import { AN_ID, describeExample, FLOW_MS } from './exampleRoom';

const { jonas, yuki, left } = SAMPLE_USER_IDS;
const [renewal, demo, pricing, review] = SAMPLE_CALL_IDS;

interface AccessAnswer {
	readonly callAccessList: readonly { readonly users?: readonly unknown[] }[];
}

/** The answer with each person named twice. */
function twice(answer: AccessAnswer): AccessAnswer {
	const callAccessList = answer.callAccessList.map((one) => ({
		...one,
		users: [...(one.users ?? []), ...(one.users ?? [])],
	}));
	return { ...answer, callAccessList };
}

describeExample('alert-to-slack', (room) => {
	const HEAD = '*Access for somebody who is not on the list*';
	const linked = (callId: string, title: string) =>
		`<https://app.gong.io/call?id=${callId}|${title}>`;
	const ACME = linked(renewal, 'Acme Corp: renewal and seat expansion');
	const JONAS = '• Jonas Berg (jonas.berg@example.com)';
	const NOBODY = '• Jonas Berg • Nobody (jonas.berg@example.com)';
	const TOM = '• Tom Archer (tom.archer@example.com)';
	const message = (...lines: string[]): SlackMessage => ({
		channel: '#gong-access',
		text: [HEAD, ...lines].join('\n'),
		unfurl_links: false,
	});
	const sent: Record<string, readonly SlackMessage[]> = {};
	const ends: Record<string, string> = {};
	let requests: number;

	beforeAll(async () => {
		const { gong, slack, n8n, store } = room();
		gong.reset();
		Object.assign(gong.state.calls.get(demo) ?? {}, { title: 'Q&A <final>\n| Northwind' });
		const example = readExample('alert-to-slack');
		const round = async (name: string, id: string) => {
			const before = slack.messages.length;
			const run = await n8n.rest.run(id, 'Four times a day');
			ends[name] = run.error?.message ?? run.status;
			sent[name] = slack.messages.slice(before);
		};
		const untouched = await store(example);
		const before = gong.log.length;
		await round('as published', untouched);
		requests = gong.log.length - before;

		const filled = withFields(example, 'Who may have access', {
			allowed:
				'Maria.Keller@example.com, @partner.example\npriya.raman@example.com; yuki.mori@example.com',
		});
		const id = await store(filled);
		slack.channels.clear();
		await round('summary refused', id);
		slack.channels.add('gong-access');
		await round('first', id);
		await round('again', id);

		gong.state.grant(renewal, jonas);
		gong.state.grant(renewal, yuki);
		await round('later', id);

		gong.state.grant(renewal, left);
		gong.state.grant(demo, left);
		slack.refused.add('Acme');
		await round('one refused', id);
		slack.refused.clear();
		await round('told late', id);

		gong.state.grant(review, left);
		const match = { path: '/v2/calls/users-access', bodyIncludes: pricing };
		gong.fail({
			kind: 'status',
			status: 400,
			errors: ['Some calls not found'],
			match,
			times: 1_000,
		});
		await round('one unknown', id);
		gong.clearFaults();
		const down: Fault = { kind: 'status', status: 503, errors: ['Not today'], times: 1_000 };
		gong.fail({ ...down, match: { path: '/v2/calls/users-access' } });
		await round('half an answer', id);
		gong.clearFaults();
		gong.fail(down);
		await round('Gong is down', id);
		gong.clearFaults();

		gong.state.grant(pricing, jonas);
		Object.assign(gong.state.users.get(jonas) ?? {}, { lastName: 'Berg\n• Nobody' });
		gong.fail({
			kind: 'body',
			match: { path: '/v2/calls/users-access' },
			times: 1_000,
			change: (answer) => twice(answer as AccessAnswer),
		});
		await round('twice in an answer', id);
		gong.clearFaults();
		gong.state.grant(review, jonas);
		slack.lost.add('Initech');
		await round('answer lost', id);
		slack.lost.clear();
		await round('once more', id);
		await round('end', id);
		const calls = new Map(gong.state.calls);
		gong.state.calls.clear();
		await round('no calls', id);
		for (const [callId, call] of calls) gong.state.calls.set(callId, call);
		await round('all calls back', id);

		const { columns } = example.nodes.find(({ name }) => name === 'Note all as told')
			?.parameters as {
			columns: { value: Record<string, string> };
		};
		const toldAt = '={{ $now.minus({ days: 29 }).toUTC().toISO() }}';
		const aged = withParameters(filled, 'Note all as told', {
			columns: { ...columns, value: { ...columns.value, toldAt } },
		});
		const agedId = await store(aged);
		await round('long ago', agedId);
		await round('after it', agedId);
	}, 2 * FLOW_MS);

	it('stops while an example of ours stands in the list, before it asks Gong or tells anybody', () => {
		expect(ends['as published']).toMatch(/^Open "Who may have access"/);
		expect([sent['as published'], requests]).toEqual([[], 0]);
	});

	it('begins with one summary of everybody, and again where Slack refused it', () => {
		expect(sent['summary refused']).toEqual([]);
		expect(ends['summary refused']).toContain('channel_not_found');
		expect(ends.first).toBe('success');
		expect(sent.first).toHaveLength(1);
		const [head, count, ...calls] = String(sent.first[0].text).split('\n');
		expect(head).toBe('*Access for people who are not on the list*');
		expect(count).toBe(
			'Of the last 14 days: 4 calls. From now on there is a message for each call where somebody is added.',
		);
		expect(
			calls
				.join('\n')
				.split('\n<')
				.map((call) => call.replace(/^<?/, '<'))
				.sort(),
		).toEqual(
			[
				`${linked(review, 'Initech: quarterly business review')}\n• notetaker@example.com`,
				`${linked(pricing, 'Globex: pricing and procurement')}\n• Samuel Adeyemi (Samuel.Adeyemi@example.com)\n${TOM}`,
				`${linked(demo, 'Q&amp;A &lt;final&gt; | Northwind')}\n${JONAS}`,
				`${linked(SAMPLE_OLDER_CALL_IDS[0], 'Umbrella Corp: security review')}\n• Samuel Adeyemi (Samuel.Adeyemi@example.com)`,
			].sort(),
		);
	});

	it('shows titles and names in the channel, and no ID', () => {
		expect(Object.values(sent).flat().map(shown).join('\n')).not.toMatch(AN_ID);
	});

	it('does not report the same person and call twice', () => {
		expect([ends.again, sent.again]).toEqual(['success', []]);
		expect([ends.end, sent.end]).toEqual(['success', []]);
	});

	it('reports somebody who was given access since, and nobody else', () => {
		expect(sent.later).toEqual([message(ACME, JONAS)]);
	});

	it('tells all but the message that Slack refuses, and tells that by the next run', () => {
		expect(ends['one refused']).toMatch(
			/^Slack did not confirm 1 message: the next run sends it again\. The answer was: .*internal_error/,
		);
		expect(sent['one refused']).toEqual([
			message(linked(demo, 'Q&amp;A &lt;final&gt; | Northwind'), TOM),
		]);
		expect(ends['told late']).toBe('success');
		expect(sent['told late']).toEqual([message(ACME, TOM)]);
	});

	it('tells the others when Gong does not know one of the calls any more', () => {
		expect([ends['one unknown'], sent['one unknown']]).toEqual([
			'success',
			[message(linked(review, 'Initech: quarterly business review'), TOM)],
		]);
	});

	it('forgets what it told long ago, so that its memory does not grow for ever', () => {
		expect(sent['long ago']).toHaveLength(1);
		expect(sent['after it']).toEqual(sent['long ago']);
	});

	it('tells nothing and forgets nothing while Gong gives no answer, or lists no calls', () => {
		for (const name of ['half an answer', 'Gong is down']) {
			expect(ends[name]).toContain('Not today');
			expect(sent[name]).toEqual([]);
		}
		for (const name of ['no calls', 'all calls back']) {
			expect([ends[name], sent[name]]).toEqual(['success', []]);
		}
	});

	it('names somebody once, in one line, whom an answer of Gong names twice and in two', () => {
		expect(sent['twice in an answer']).toEqual([
			message(linked(pricing, 'Globex: pricing and procurement'), NOBODY),
		]);
	});

	it('sends a message once more whose answer was lost, and never says that Slack rejected it', () => {
		const once = [message(linked(review, 'Initech: quarterly business review'), NOBODY)];
		expect(sent['answer lost']).toEqual(once);
		expect(ends['answer lost']).toMatch(/^Slack did not confirm 1 message: /);
		expect([ends['once more'], sent['once more']]).toEqual(['success', once]);
	});
});
