import { shown, type SlackMessage } from '../../harness/services/slack';
import { readExample, withParameters } from '../../harness/n8n/examples';
import {
	callIdAt,
	type Fault,
	makeData,
	SAMPLE_CALL_IDS,
	SAMPLE_USER_IDS,
	sampleData,
} from '../../harness/gong';
import { DAY, describeExample, FLOW_MS } from './exampleRoom';

const { maria, jonas, priya, samuel, yuki, left, sparse } = SAMPLE_USER_IDS;
const [renewal, demo, , review] = SAMPLE_CALL_IDS;
const ACCESS = '/v2/calls/users-access';

interface AccessAnswer {
	readonly callAccessList: readonly {
		readonly callId: string;
		readonly users?: readonly unknown[];
	}[];
}

describeExample('access-changes', (room) => {
	const CHANGED = 'Access given through the API has changed';
	const NEW = 'Access was given through the API to a call that is new here';
	const ELSEWHERE =
		'They may still see the call as a participant, by a share, or by a permission profile.';
	const ACME = 'Acme Corp: renewal and seat expansion';
	const JONAS = '• Jonas Berg (jonas.berg@example.com)';
	const SAMUEL = '• Samuel Adeyemi (Samuel.Adeyemi@example.com)';
	const message = (...lines: string[]): string => lines.join('\n');
	const daysAgo = (days: number) => new Date(Date.now() - days * DAY).toISOString();
	const [HIDDEN, LATE, EARLY] = [
		'12000000000000000017',
		'7782342274025937896',
		'7782342274025937894',
	];
	// More than the 50 rows that n8n's node reads unless it is told to read all.
	const others = Array.from({ length: 60 }, (_, place) => ({
		id: callIdAt(place),
		users: [samuel, yuki],
	}));
	const data = makeData({
		users: sampleData().users,
		calls: [
			{ id: renewal, title: ACME, started: daysAgo(2), users: [maria, left] },
			{ id: demo, title: 'Q&A <final>\n| Northwind', started: daysAgo(3), users: [jonas, priya] },
			{ id: review, title: null, started: daysAgo(1), users: [] },
			{ id: HIDDEN, started: daysAgo(4), users: [samuel] },
			...others,
		],
	});

	interface Round {
		readonly status: string;
		readonly error: string | undefined;
		/** The messages as they stand in the channel. */
		readonly told: readonly string[];
		/** What was remembered when it began: user IDs by call ID. */
		readonly before: Readonly<Record<string, unknown>>;
	}
	const rounds: Record<string, Round> = {};
	let raw: readonly SlackMessage[];

	beforeAll(async () => {
		const { gong, slack, n8n, store } = room();
		gong.state.load(data);
		const example = readExample('access-changes');
		const id = await store(example);
		const begin = slack.messages.length;
		const round = async (name: string, workflowId = id): Promise<void> => {
			const sent = slack.messages.length;
			const run = await n8n.rest.run(workflowId, 'Every hour');
			rounds[name] = {
				status: run.status,
				error: run.error?.message,
				told: slack.messages.slice(sent).map(shown),
				before: Object.fromEntries(
					run
						.given('Seen before')
						.map(({ json }) => [
							json.callId,
							Object.keys(JSON.parse(String(json.people ?? '{}')) as object),
						]),
				),
			};
		};
		const answered = (change: (list: AccessAnswer['callAccessList']) => unknown): void =>
			gong.fail({
				kind: 'body',
				match: { path: ACCESS },
				times: 1_000,
				change: (answer) => ({
					...(answer as object),
					callAccessList: change((answer as AccessAnswer).callAccessList),
				}),
			});
		await round('first');
		await round('nothing new');

		gong.state.grant(renewal, jonas);
		gong.state.grant(renewal, sparse);
		gong.state.revoke(demo, priya);
		Object.assign(gong.state.users.get(jonas) ?? {}, { lastName: 'Berg\n• Nobody' });
		answered((list) =>
			list.map((one) => ({ ...one, users: [...(one.users ?? []), ...(one.users ?? [])] })),
		);
		await round('two calls changed');
		gong.clearFaults();
		Object.assign(gong.state.users.get(jonas) ?? {}, { lastName: 'Berg' });
		await round('the end seen twice');
		Object.assign(gong.state.calls.get(callIdAt(0)) ?? {}, { title: 'Another title' });
		await round('told before');

		const withoutRenewal = (list: AccessAnswer['callAccessList']) =>
			list.filter(({ callId }) => callId !== renewal);
		for (const time of ['once', 'once more']) {
			answered(withoutRenewal);
			await round(`left out ${time}`);
			gong.clearFaults();
			await round(`back after ${time}`);
		}

		// Gong lists this call and does not know it when it is asked who has access.
		gong.state.revoke(HIDDEN, samuel);
		const match = { path: ACCESS, bodyIncludes: HIDDEN };
		gong.fail({
			kind: 'status',
			status: 400,
			errors: ['Some calls not found'],
			match,
			times: 1_000,
		});
		await round('unknown');
		await round('unknown again');
		gong.clearFaults();
		gong.state.calls.delete(HIDDEN);
		await round('not listed');

		// The second took place before the table was made, as when Gong lists a call late.
		const come = [
			{ id: LATE, title: 'Globex: pricing', started: daysAgo(0), users: [samuel] },
			{ id: EARLY, title: 'Umbrella: review', started: daysAgo(6.95), users: [samuel] },
		];
		for (const call of makeData({ calls: come }).calls) {
			gong.state.calls.set(call.id, call);
			gong.state.grant(call.id, samuel);
		}
		gong.state.grant(review, yuki);
		gong.state.grant(renewal, yuki);
		slack.refused.add('Acme');
		await round('one refused');
		slack.refused.clear();
		await round('told late');

		gong.state.revoke(demo, jonas);
		const down: Fault = { kind: 'status', status: 503, errors: ['Not today'], times: 1_000 };
		gong.fail({ ...down, match: { path: ACCESS } });
		await round('half an answer');
		gong.clearFaults();
		gong.fail(down);
		await round('Gong is down');
		gong.clearFaults();
		await round('the end seen once');
		slack.channels.clear();
		await round('all refused');
		slack.channels.add('gong-access');
		await round('told at last');
		gong.state.grant(EARLY, yuki);
		slack.lost.add('Umbrella');
		await round('answer lost');
		slack.lost.clear();
		await round('told once more');
		await round('end');
		const calls = new Map(gong.state.calls);
		gong.state.calls.clear();
		await round('no calls');
		for (const [callId, call] of calls) gong.state.calls.set(callId, call);
		await round('all calls back');
		raw = slack.messages.slice(begin);

		const { columns } = example.nodes.find(({ name }) => name === 'Only remember')?.parameters as {
			columns: { value: Record<string, string> };
		};
		const seenAt = '={{ $now.minus({ days: 9 }).toUTC().toISO() }}';
		const aged = withParameters(example, 'Only remember', {
			columns: { ...columns, value: { ...columns.value, seenAt } },
		});
		const agedId = await store(aged);
		await round('long ago', agedId);
		await round('after it', agedId);
	}, 4 * FLOW_MS);

	const silent = { status: 'success', error: undefined, told: [] };
	const nothing = { undefined: [] };

	it('remembers on its first run, and writes no message', () => {
		expect(rounds.first).toEqual({ ...silent, before: nothing });
		expect(rounds['nothing new']).toEqual({
			...silent,
			before: Object.fromEntries(data.calls.map(({ id }) => [id, [...data.apiAccess[id]].sort()])),
		});
	});

	it('writes who was given access at once, each name once and in one line', () => {
		expect(rounds['two calls changed']).toMatchObject({
			status: 'success',
			told: [
				message(
					CHANGED,
					ACME,
					'Given to:',
					'• Jonas Berg • Nobody (jonas.berg@example.com)',
					'• notetaker@example.com',
				),
			],
		});
	});

	it('writes who no longer has it once two runs saw that', () => {
		expect(rounds['the end seen twice']).toMatchObject({
			status: 'success',
			told: [
				message(
					CHANGED,
					'Q&A <final> | Northwind',
					'No longer given to:',
					'• Priya Raman (priya.raman@example.com)',
					ELSEWHERE,
				),
			],
		});
		expect(rounds['told before']).toMatchObject(silent);
	});

	it('tells no end and no grant where one answer of Gong left a call out, however often', () => {
		for (const time of ['once', 'once more']) {
			expect(rounds[`left out ${time}`]).toMatchObject(silent);
			expect(rounds[`back after ${time}`]).toMatchObject(silent);
		}
	});

	it('takes no call for revoked that Gong does not know or no longer lists', () => {
		for (const name of ['unknown', 'unknown again', 'not listed', 'no calls', 'all calls back']) {
			expect(rounds[name]).toMatchObject(silent);
		}
		expect(rounds['not listed'].before).toMatchObject({ [HIDDEN]: [samuel] });
	});

	it('tells all but the message that Slack refuses, and tells that by the next run', () => {
		const { status, error, told } = rounds['one refused'];
		expect(status).toBe('error');
		expect(error).toMatch(
			/^Slack did not confirm 1 message: the next run sends it again\. The answer was: .*internal_error/,
		);
		expect([...told].sort()).toEqual([
			message(CHANGED, `Call ${review}`, 'Given to:', '• Yuki Mori (yuki.mori@example.com)'),
			message(NEW, 'Globex: pricing', 'Given to:', SAMUEL),
		]);
		expect(rounds['told late']).toMatchObject({
			status: 'success',
			told: [message(CHANGED, ACME, 'Given to:', '• Yuki Mori (yuki.mori@example.com)')],
		});
	});

	it('only remembers a call from before its first run that comes late', () => {
		expect(rounds['told late'].before).toMatchObject({ [EARLY]: [samuel] });
	});

	it('tells nothing and forgets nothing while Gong gives no answer, or Slack takes no message', () => {
		for (const name of ['half an answer', 'Gong is down']) {
			expect(rounds[name]).toMatchObject({
				status: 'error',
				error: expect.stringContaining('Not today') as unknown,
				told: [],
			});
		}
		expect(rounds['the end seen once']).toMatchObject(silent);
		const { before } = rounds['all refused'];
		expect(before).toMatchObject({ [demo]: [jonas], [LATE]: [samuel], [EARLY]: [samuel] });
		expect(rounds['all refused']).toMatchObject({
			status: 'error',
			error: expect.stringContaining('channel_not_found') as unknown,
			told: [],
		});
		expect(rounds['told at last']).toEqual({
			status: 'success',
			error: undefined,
			told: [message(CHANGED, 'Q&A <final> | Northwind', 'No longer given to:', JONAS, ELSEWHERE)],
			before,
		});
		expect(rounds.end.before).toEqual({ ...before, [demo]: [], [EARLY]: [samuel, yuki] });
	});

	it('sends a message once more whose answer was lost, and never says that Slack rejected it', () => {
		const yukis = message(
			CHANGED,
			'Umbrella: review',
			'Given to:',
			'• Yuki Mori (yuki.mori@example.com)',
		);
		expect(rounds['answer lost'].told).toEqual([yukis]);
		expect(rounds['answer lost'].error).toMatch(
			/^Slack did not confirm 1 message: the next run sends it again\./,
		);
		expect(rounds['told once more']).toMatchObject({ status: 'success', told: [yukis] });
		expect(rounds.end).toMatchObject(silent);
	});

	it('forgets what it saw long ago, so that its memory does not grow for ever', () => {
		expect(rounds['long ago']).toEqual({ ...silent, before: nothing });
		expect(rounds['after it']).toEqual({ ...silent, before: nothing });
	});

	it('links each title to its call', () => {
		expect(raw.map(({ text }) => String(text)).join('\n')).toContain(
			`<https://app.gong.io/call?id=${demo}|Q&amp;A &lt;final&gt; | Northwind>`,
		);
	});
});
