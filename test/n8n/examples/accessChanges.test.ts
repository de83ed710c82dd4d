import { shown, type SlackMessage } from '../../harness/services/slack';
import { readExample, withNode } from '../../harness/n8n/examples';
import {
	callIdAt,
	makeData,
	SAMPLE_CALL_IDS,
	SAMPLE_USER_IDS,
	sampleData,
} from '../../harness/gong';
import { DAY, describeExample, FLOW_MS } from './exampleRoom';

const { maria, jonas, priya, samuel, yuki, left, sparse } = SAMPLE_USER_IDS;
const [renewal, demo, , review] = SAMPLE_CALL_IDS;

describeExample('access-changes', (room) => {
	const CHANGED = 'Access given through the API has changed';
	const NEW = 'Access was given through the API to a call that is new here';
	const ELSEWHERE =
		'They may still see the call as a participant, by a share, or by a permission profile.';
	const ACME = 'Acme Corp: renewal and seat expansion';
	const daysAgo = (days: number) => new Date(Date.now() - days * DAY).toISOString();
	const moved = (id: string, days: number, actual = days) =>
		Object.assign(room().gong.state.calls.get(id) ?? {}, {
			scheduled: daysAgo(days),
			started: daysAgo(actual),
		});
	const [AGED, HIDDEN, LONG_AGO, LATE, EARLY] = [
		'18446744073709551557',
		'12000000000000000017',
		'9007199254740993',
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
			{ id: demo, title: 'Q&A <final> | Northwind', started: daysAgo(3), users: [jonas, priya] },
			{ id: review, title: null, started: daysAgo(1), users: [] },
			{ id: AGED, started: daysAgo(6.9), users: [samuel] },
			{ id: HIDDEN, started: daysAgo(4), users: [samuel] },
			// It was planned for yesterday, and Gong lists it by that.
			{ id: LONG_AGO, scheduled: daysAgo(1), started: daysAgo(30), users: [samuel] },
			...others,
		],
	});
	// The second is older than all that is remembered by then, as after the number of days was raised.
	const come = [
		{ id: LATE, title: 'Globex: pricing', started: daysAgo(0.5), users: [samuel] },
		{ id: EARLY, started: daysAgo(6.95), users: [samuel] },
	];

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
		room().gong.state.load(data);
		const example = withNode(readExample('access-changes'), 'Tell Slack', {
			waitBetweenTries: 10,
		});
		const id = await room().store(example);
		const begin = room().slack.messages.length;
		const round = async (name: string): Promise<void> => {
			const sent = room().slack.messages.length;
			const run = await room().n8n.rest.run(id, 'Every hour');
			rounds[name] = {
				status: run.status,
				error: run.error?.message,
				told: room().slack.messages.slice(sent).map(shown),
				before: Object.fromEntries(
					run
						.given('Access before')
						.map(({ json }) => [json.callId, json.userIds && JSON.parse(String(json.userIds))]),
				),
			};
		};
		await round('first');
		await round('nothing new');

		room().gong.state.grant(renewal, jonas);
		room().gong.state.grant(renewal, sparse);
		room().gong.state.revoke(demo, priya);
		await round('two calls changed');
		Object.assign(room().gong.state.calls.get(callIdAt(0)) ?? {}, { title: 'Another title' });
		await round('told before');

		// Gong lists this call and does not know it when it is asked who has access.
		room().gong.state.revoke(HIDDEN, samuel);
		const match = { path: '/v2/calls/users-access', bodyIncludes: HIDDEN };
		room().gong.fail({
			kind: 'status',
			status: 400,
			errors: ['Some calls not found'],
			match,
			times: 1_000,
		});
		await round('unknown');
		room().gong.clearFaults();
		room().gong.state.calls.delete(HIDDEN);
		moved(AGED, 7.5);
		moved(LONG_AGO, 30);
		await round('not listed');
		await round('forgotten');

		for (const call of makeData({ calls: come }).calls) {
			room().gong.state.calls.set(call.id, call);
			room().gong.state.grant(call.id, samuel);
		}
		room().gong.state.grant(review, yuki);
		room().gong.state.revoke(renewal, maria);
		room().slack.refused.add('Acme');
		await round('one refused');
		room().slack.refused.clear();
		await round('told late');

		room().gong.state.revoke(demo, jonas);
		room().gong.fail({ kind: 'status', status: 503, errors: ['Not today'], times: 1_000 });
		await round('Gong is down');
		room().gong.clearFaults();
		room().slack.channels.clear();
		await round('all refused');
		room().slack.channels.add('gong-access');
		await round('told at last');
		await round('end');
		raw = room().slack.messages.slice(begin);
	}, 2 * FLOW_MS);

	const silent = { status: 'success', error: undefined, told: [] };

	it('remembers on its first run, and writes no message', () => {
		expect(rounds.first).toEqual({ ...silent, before: { undefined: undefined } });
		expect(rounds['nothing new']).toEqual({
			...silent,
			before: Object.fromEntries(data.calls.map(({ id }) => [id, [...data.apiAccess[id]].sort()])),
		});
	});

	it('writes one message for each call that changed, with who was given access and who no longer has it', () => {
		const { status, told } = rounds['two calls changed'];
		expect(status).toBe('success');
		expect([...told].sort()).toEqual([
			[
				CHANGED,
				ACME,
				'Given to:',
				'• Jonas Berg (jonas.berg@example.com)',
				'• notetaker@example.com',
			].join('\n'),
			[
				CHANGED,
				'Q&A <final> | Northwind',
				'No longer given to:',
				'• Priya Raman (priya.raman@example.com)',
				ELSEWHERE,
			].join('\n'),
		]);
		expect(rounds['told before']).toMatchObject(silent);
	});

	it('takes no call for revoked that Gong does not know, no longer lists, or lists as older', () => {
		expect(rounds.unknown).toMatchObject(silent);
		expect(rounds['not listed']).toMatchObject(silent);
		expect(rounds.forgotten).toMatchObject(silent);
	});

	it('keeps what it remembers of a call that may come back, and forgets one that is older', () => {
		expect(rounds['not listed'].before).toMatchObject({ [LONG_AGO]: [samuel] });
		const { before } = rounds.forgotten;
		expect(before).toMatchObject({ [AGED]: [samuel], [HIDDEN]: [samuel] });
		expect(before).not.toHaveProperty(LONG_AGO);
	});

	it('tells all but the message that Slack refuses, and tells that by the next run', () => {
		const { status, error, told } = rounds['one refused'];
		expect(status).toBe('error');
		expect(error).toMatch(
			/^Slack rejected 1 message, and the next run sends them again\. Slack says: .*internal_error/,
		);
		expect([...told].sort()).toEqual([
			[CHANGED, `Call ${review}`, 'Given to:', '• Yuki Mori (yuki.mori@example.com)'].join('\n'),
			[NEW, 'Globex: pricing', 'Given to:', '• Samuel Adeyemi (Samuel.Adeyemi@example.com)'].join(
				'\n',
			),
		]);
		expect(rounds['told late']).toMatchObject({
			status: 'success',
			told: [
				[
					CHANGED,
					ACME,
					'No longer given to:',
					'• Maria Keller (maria.keller@example.com)',
					ELSEWHERE,
				].join('\n'),
			],
		});
	});

	it('tells nothing and forgets nothing while Gong gives no answer, or Slack takes no message', () => {
		expect(rounds['Gong is down']).toMatchObject({
			status: 'error',
			error: expect.stringContaining('Not today') as unknown,
			told: [],
		});
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
			told: [
				[
					CHANGED,
					'Q&A <final> | Northwind',
					'No longer given to:',
					'• Jonas Berg (jonas.berg@example.com)',
					ELSEWHERE,
				].join('\n'),
			],
			before,
		});
		expect(rounds.end).toEqual({ ...silent, before: { ...before, [demo]: [] } });
	});

	it('links each title to its call', () => {
		const texts = raw.map(({ text }) => String(text));
		expect(texts).toHaveLength(6);
		expect(texts.join('\n')).toContain(
			`<https://app.gong.io/call?id=${demo}|Q&amp;A &lt;final&gt; | Northwind>`,
		);
	});
});
