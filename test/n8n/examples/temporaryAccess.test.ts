import { FormBrowser } from '../../harness/n8n/formBrowser';
import { readExample, withNode, withSettings } from '../../harness/n8n/examples';
import { type Fault, SAMPLE_CALL_IDS, SAMPLE_USER_IDS } from '../../harness/gong';
import { shown } from '../../harness/services/slack';
import { DAY, describeExample, FLOW_MS, HOUR } from './exampleRoom';
import { howItEnded } from './runOnce';
import { TemporaryTable } from './temporaryTable';

const { maria, jonas, priya, yuki } = SAMPLE_USER_IDS;
const [renewal, demo, pricing, review] = SAMPLE_CALL_IDS;

describeExample('temporary-access', (room) => {
	const table = new TemporaryTable(room);
	const access = (callId: string) => [...(room().gong.state.apiAccess.get(callId) ?? [])].sort();
	const GIVE = 'Give the access';
	const ACME = 'Acme Corp: renewal and seat expansion';
	const NORTHWIND = 'Northwind Traders: product demo';
	const JONAS = 'Jonas Berg (jonas.berg@example.com)';
	const YUKI = 'Yuki Mori (yuki.mori@example.com)';
	const PRIYA = 'Priya Raman (priya.raman@example.com)';
	const NO_OTHER =
		'No other way was found by which they can see it. It is not known with whom the call was shared.';
	const SECONDS = 1_000;
	const anyTime = (text: string) =>
		text.replace(/\d{4}-\d\d-\d\d at \d\d:\d\d \(Europe\/Berlin\)/g, '(time)');
	let form: string;
	let workflow: string;

	beforeAll(async () => {
		const berlin = withSettings(readExample('temporary-access'), { timezone: 'Europe/Berlin' });
		const example = withNode(berlin, 'Tell Slack', { waitBetweenTries: 10 });
		// Published, its own schedule would begin runs of its own.
		form = await room().publishForm(withNode(example, 'Every hour', { disabled: true }));
		workflow = await room().store(example);
		room().slack.users.set('jonas.berg@example.com', 'U0JONAS');
		room().slack.users.set('yuki.mori@example.com', 'U0YUKI');
	}, FLOW_MS);

	beforeEach(() => room().gong.reset());
	afterEach(async () => await table.putAway(), FLOW_MS);

	async function fillIn(calls: string[], people: string[], days = '7 days') {
		const browser = new FormBrowser(room().n8n.rest.session);
		await browser.open(form);
		const page = await browser.submit({
			'Links or IDs of the calls': calls.join('\r\n'),
			'E-mail addresses of the people': people.join('\r\n'),
			'For how long': days,
			Reason: 'Handover <to> support',
		});
		const decide = async (decision: string) =>
			await browser.submit({ 'What should happen?': decision });
		return { page, decide };
	}

	/** Gives it by the form, whole. */
	async function give(calls: string[], people: string[], days?: string) {
		const { decide } = await fillIn(calls, people, days);
		const end = await decide(GIVE);
		expect(end.title).toBe('Access was given');
		expect(await howItEnded(room().n8n.rest)).toEqual(['success', undefined]);
	}

	/** What an hour told: where to, and the lines. */
	async function hour() {
		const { slack, n8n, gong } = room();
		const sent = slack.messages.length;
		const asked = gong.log.length;
		const run = await n8n.rest.run(workflow, 'Every hour');
		return {
			status: run.status,
			error: run.error?.message,
			told: slack.messages
				.slice(sent)
				.map((message) => [message.channel, ...anyTime(shown(message)).split('\n')]),
			requests: gong.log.length - asked,
		};
	}
	const silent = { status: 'success', error: undefined, told: [] };
	const ended = (to: string, title: string, who: string, still = NO_OTHER) => [
		to,
		'Access to a Gong call has ended',
		title,
		`Who: ${who}`,
		'Asked for by owner@example.com: Handover <to> support',
		still,
	];

	it(
		'shows what would change, gives it, and enters only whom it gave access',
		async () => {
			const { page, decide } = await fillIn(
				[`https://app.gong.io/call?id=${renewal}`, demo],
				['jonas.berg@example.com', 'yuki.mori@example.com'],
			);
			expect(page.title).toBe('Give this access?');
			expect(anyTime(page.text).split('\n')).toEqual([
				'Given until (time):',
				`• ${ACME}: ${JONAS}`,
				`• ${ACME}: ${YUKI}`,
				`• ${NORTHWIND}: ${YUKI}`,
				'',
				'Left as they are:',
				`• ${NORTHWIND}: ${JONAS} was given access before, without an end`,
			]);
			expect(access(renewal)).toEqual([maria]);
			const end = await decide(GIVE);
			expect(end.title).toBe('Access was given');
			expect(anyTime(end.text).split('\n')).toEqual([
				`• ${ACME}: ${JONAS}: given`,
				`• ${ACME}: ${YUKI}: given`,
				`• ${NORTHWIND}: ${YUKI}: given`,
				'',
				'What was given ends on (time) by itself, or within the hour after. People are told a day before, and when it has ended.',
			]);
			expect(access(renewal)).toEqual([maria, jonas, yuki].sort());
			expect(access(demo)).toEqual([jonas, priya, yuki].sort());
			expect(await table.columns('callId', 'userId', 'state', 'reason', 'askedBy')).toEqual(
				[
					[renewal, jonas],
					[renewal, yuki],
					[demo, yuki],
				].map((pair) => [...pair, 'open', 'Handover <to> support', 'owner@example.com']),
			);
			const ends = (await table.columns('until')).map(([until]) => Date.parse(String(until)));
			expect(Math.min(...ends)).toBeGreaterThan(Date.now() + 7 * DAY - FLOW_MS);
			expect(Math.max(...ends)).toBeLessThanOrEqual(Date.now() + 7 * DAY);
			expect(await hour()).toEqual({ ...silent, requests: 0 });
		},
		FLOW_MS,
	);

	it(
		'tells the person a day before and when it has ended, each once, and takes away only that',
		async () => {
			await give([renewal, demo], ['yuki.mori@example.com', 'jonas.berg@example.com']);
			await table.endIn(renewal, yuki, 23 * HOUR);
			await table.endIn(demo, yuki, 25 * HOUR);
			expect((await hour()).told).toEqual([
				[
					'U0YUKI',
					'Access to a Gong call ends on (time)',
					ACME,
					`Who: ${YUKI}`,
					'Asked for by owner@example.com: Handover <to> support',
					NO_OTHER,
				],
			]);
			expect(await hour()).toMatchObject(silent);
			expect(access(renewal)).toContain(yuki);

			await table.endIn(renewal, yuki, -SECONDS);
			await table.endIn(renewal, jonas, -SECONDS);
			const { told } = await hour();
			expect(told).toHaveLength(2);
			expect(told).toContainEqual(ended('U0YUKI', ACME, YUKI));
			expect(told).toContainEqual(
				ended(
					'U0JONAS',
					ACME,
					JONAS,
					'They can still see it: by the permission profile Sales Engineers (likely).',
				),
			);
			expect(access(renewal)).toEqual([maria]);
			// Jonas was given this one before.
			expect(access(demo)).toEqual([jonas, priya, yuki].sort());
			expect(await hour()).toEqual({ ...silent, requests: 0 });
		},
		FLOW_MS,
	);

	it(
		'leaves out alone whom and what Gong does not know, however people are written',
		async () => {
			const { page, decide } = await fillIn(
				[renewal, '1234567890123456789'],
				[
					'"Berg, Jonas" <jonas.berg@example.com>; nobody@example.com',
					'Maria Keller <maria.keller@example.com>, m.keller@example.com',
				],
			);
			const leftOut = [
				'Left out:',
				expect.stringMatching(/^Gong does not know call 1234567890123456789\./) as string,
				expect.stringMatching(
					/^'E-mail addresses of the people' has an e-mail address that no Gong user has: nobody@example\.com\./,
				) as string,
			];
			expect([page.title, ...anyTime(page.text).split('\n')]).toEqual([
				'Give this access?',
				'Given until (time):',
				`• ${ACME}: ${JONAS}`,
				'',
				'Left as they are:',
				`• ${ACME}: Maria Keller (maria.keller@example.com) was given access before, without an end`,
				'',
				...leftOut,
			]);
			const end = await decide(GIVE);
			expect(end.text.split('\n')).toEqual([
				`• ${ACME}: ${JONAS}: given`,
				'',
				expect.stringMatching(/^What was given ends on /),
				'',
				...leftOut,
			]);
			expect(access(renewal)).toEqual([maria, jonas].sort());
		},
		FLOW_MS,
	);

	it(
		'marks private calls before anybody agrees, and says that Gong leaves open whether access opens them',
		async () => {
			const { page } = await fillIn([renewal, pricing], ['yuki.mori@example.com']);
			const title = String(room().gong.state.calls.get(pricing)?.title);
			expect([page.title, ...anyTime(page.text).split('\n')]).toEqual([
				'Give this access?',
				'Given until (time):',
				`• ${ACME}: ${YUKI}`,
				`• ${title}, a private call: ${YUKI}`,
				"Gong's help leaves open whether access that was given through the API opens a private call.",
			]);
		},
		FLOW_MS,
	);

	it(
		'says so where it could not be looked up which calls are private',
		async () => {
			const match = { path: '/v2/calls/extensive' };
			// The first is for the titles.
			room().gong.fail({ kind: 'status', status: 503, match, times: Infinity, after: 1 });
			const { page } = await fillIn([pricing], ['yuki.mori@example.com']);
			room().gong.clearFaults();
			expect(page.title).toBe('Give this access?');
			expect(page.text.split('\n').at(-1)).toBe(
				'It is not known of all of these calls whether they are private.',
			);
		},
		FLOW_MS,
	);

	it(
		'says of somebody who has left that they were given access before',
		async () => {
			room().gong.state.grant(renewal, SAMPLE_USER_IDS.left);
			const { page } = await fillIn([renewal], ['tom.archer@example.com']);
			expect(page.text).toContain(
				`\n• ${ACME}: Tom Archer (tom.archer@example.com), who has left, was given access before, without an end`,
			);
		},
		FLOW_MS,
	);

	it(
		'says which of two on one call Gong refused',
		async () => {
			const people = ['jonas.berg@example.com', 'yuki.mori@example.com'];
			const { decide } = await fillIn([renewal], people);
			room().gong.state.grant(renewal, jonas);
			const match = { method: 'PUT' };
			room().gong.fail({ kind: 'status', status: 400, errors: ['Not her'], match, times: 1_000 });
			const end = await decide(GIVE);
			expect(end.text.split('\n')).toEqual([
				`• ${ACME}: ${JONAS}: given access elsewhere in the meantime, which was left alone`,
				`• ${ACME}: ${YUKI}: not given. Gong says: Not her`,
			]);
		},
		FLOW_MS,
	);

	it(
		'keeps what somebody else gave, whenever that was',
		async () => {
			const { page } = await fillIn([renewal], ['maria.keller@example.com']);
			expect([page.title, page.text]).toEqual([
				'Nothing to give',
				`Nothing was changed.\n\nLeft as they are:\n• ${ACME}: Maria Keller (maria.keller@example.com) was given access before, without an end`,
			]);
			const { decide } = await fillIn([renewal], ['jonas.berg@example.com']);
			room().gong.state.grant(renewal, jonas);
			const before = (await table.rows()).length;
			const end = await decide(GIVE);
			expect([end.title, end.text]).toEqual([
				'Not all of it came out as asked',
				`• ${ACME}: ${JONAS}: given access elsewhere in the meantime, which was left alone`,
			]);
			expect(await table.rows()).toHaveLength(before);
		},
		FLOW_MS,
	);

	it.each([
		['1 day', '30 days', 'given'],
		['30 days', '1 day', 'given, until (time) as before'],
	])(
		'lets the longer time count where two people had a plan open: %s, then %s',
		async (first, second, says) => {
			const plans = [];
			for (const days of [first, second]) {
				plans.push(await fillIn([renewal], ['yuki.mori@example.com'], days));
			}
			await plans[0].decide(GIVE);
			const end = await plans[1].decide(GIVE);
			expect([end.title, anyTime(end.text).split('\n')[0]]).toEqual([
				'Access was given',
				`• ${ACME}: ${YUKI}: ${says}`,
			]);
			const ends = (await table.rows())
				.filter(({ state }) => state === 'open')
				.map(({ until }) => Date.parse(String(until)));
			expect(Math.max(...ends)).toBeGreaterThan(Date.now() + 29 * DAY);
		},
		FLOW_MS,
	);

	it(
		'leaves alone what others gave after what was to be made longer had ended',
		async () => {
			await give([renewal], ['yuki.mori@example.com'], '1 day');
			const { decide } = await fillIn([renewal], ['yuki.mori@example.com'], '7 days');
			await table.endIn(renewal, yuki, -SECONDS);
			await hour();
			room().gong.state.grant(renewal, yuki);
			const end = await decide(GIVE);
			expect(end.text.split('\n')[0]).toBe(
				`• ${ACME}: ${YUKI}: given access elsewhere in the meantime, which was left alone`,
			);
			expect((await table.rows()).filter(({ state }) => state === 'open')).toEqual([]);
		},
		FLOW_MS,
	);

	it(
		'says which rows have no end',
		async () => {
			await table.enter(renewal, yuki);
			expect((await hour()).error).toBe(
				`Access without an end: User ${yuki} for Call ${renewal}. Enter a date in until in the table Gong temporary access. Before that, nobody loses this access.`,
			);
		},
		FLOW_MS,
	);

	it(
		'takes nothing away, and announces no end, while a row of the call and person has no end',
		async () => {
			await give([renewal], ['yuki.mori@example.com'], '1 day');
			await table.enter(renewal, yuki);
			const [{ id }] = (await table.rows()).filter(({ until, state }) => until && state === 'open');
			const noEnd = `Access without an end: User ${yuki} for Call ${renewal}. Enter a date in until in the table Gong temporary access. Before that, nobody loses this access.`;
			for (const ms of [20 * 60 * SECONDS, -SECONDS]) {
				await table.setRow(Number(id), { until: new Date(Date.now() + ms).toISOString() });
				const { told, error } = await hour();
				expect({ told, error }).toEqual({ told: [], error: noEnd });
				expect(access(renewal)).toContain(yuki);
			}
			await table.endIn(renewal, yuki, -SECONDS);
			expect((await hour()).told).toEqual([ended('U0YUKI', ACME, YUKI)]);
			expect(access(renewal)).toEqual([maria]);
		},
		FLOW_MS,
	);

	it(
		'lets the longer of two times count',
		async () => {
			await give([renewal], ['yuki.mori@example.com'], '3 days');
			await table.endIn(renewal, yuki, 2 * SECONDS);
			await give([renewal], ['yuki.mori@example.com'], '30 days');
			const { page } = await fillIn([renewal], ['yuki.mori@example.com'], '7 days');
			expect([page.title, anyTime(page.text)]).toEqual([
				'Nothing to give',
				`Nothing was changed.\n\nLeft as they are:\n• ${ACME}: ${YUKI} has it until (time)`,
			]);
			expect(await hour()).toEqual({ ...silent, requests: 0 });
			expect(access(renewal)).toContain(yuki);
			await table.endIn(renewal, yuki, -SECONDS);
			expect((await hour()).told).toEqual([ended('U0YUKI', ACME, YUKI)]);
			expect(access(renewal)).toEqual([maria]);
			expect(await hour()).toEqual({ ...silent, requests: 0 });
		},
		FLOW_MS,
	);

	it.each<[what: string, fault: Fault, stays: boolean, says: RegExp]>([
		[
			'Gong is down',
			{ kind: 'status', status: 503, errors: ['Not today'], match: { method: 'DELETE' } },
			true,
			/^Access was not taken away for 1 of 1 calls and people\. The next run tries again\. .*Not today/,
		],
		[
			'the answer is lost',
			{ kind: 'reset', applied: true, match: { method: 'DELETE' } },
			false,
			/^Access was not taken away for 1 of 1 .* Gong gave no usable answer/,
		],
		[
			'nobody can say what they still see',
			{ kind: 'status', status: 503, match: { path: '/v2/calls/extensive' } },
			false,
			/^What people can see in other ways could not be looked up, so the next run tells them\./,
		],
	])(
		'does in the next hour what was left, and tells it once: %s',
		async (_what, fault, stays, says) => {
			await give([renewal], ['yuki.mori@example.com']);
			await table.endIn(renewal, yuki, -SECONDS);
			room().gong.fail({ ...fault, times: 1_000 });
			expect(await hour()).toMatchObject({
				status: 'error',
				error: expect.stringMatching(says) as unknown,
				told: [],
			});
			room().gong.clearFaults();
			expect(access(renewal).includes(yuki)).toBe(stays);
			expect(await hour()).toMatchObject({ ...silent, told: [ended('U0YUKI', ACME, YUKI)] });
			expect(access(renewal)).toEqual([maria]);
			expect(await hour()).toEqual({ ...silent, requests: 0 });
		},
		FLOW_MS,
	);

	it(
		'tells once what was taken away when n8n stopped before it noted that',
		async () => {
			await give([renewal], ['yuki.mori@example.com']);
			await table.endIn(renewal, yuki, -SECONDS);
			room().gong.state.revoke(renewal, yuki);
			expect(await hour()).toMatchObject({ ...silent, told: [ended('U0YUKI', ACME, YUKI)] });
			expect(await hour()).toEqual({ ...silent, requests: 0 });
		},
		FLOW_MS,
	);

	it(
		'tells the others when Slack refuses a message, and that one by the next run',
		async () => {
			const people = ['yuki.mori@example.com', 'priya.raman@example.com'];
			await give([renewal], people);
			for (const user of [yuki, priya]) await table.endIn(renewal, user, -SECONDS);
			room().slack.refused.add('Yuki');
			const first = await hour();
			expect(first.error).toMatch(
				/^Slack rejected 1 message, and the next run sends it again\. Slack says: "internal_error/,
			);
			const still =
				'They can still see it: by the permission profile Customer Success Partners (likely).';
			// Slack has nobody with Priya's address.
			expect(first.told).toEqual([ended('#gong-access', ACME, PRIYA, still)]);
			room().slack.refused.clear();
			expect(await hour()).toMatchObject({ ...silent, told: [ended('U0YUKI', ACME, YUKI)] });
			expect(await hour()).toEqual({ ...silent, requests: 0 });
		},
		FLOW_MS,
	);

	it(
		'says of somebody who has left that they could see it only if enabled again',
		async () => {
			await give([renewal], ['tom.archer@example.com']);
			const tom = SAMPLE_USER_IDS.left;
			await table.endIn(renewal, tom, -SECONDS);
			const { told } = await hour();
			expect(told.map((lines) => lines[5])).toEqual([
				'If enabled in Gong again, they can still see it: by the permission profile Sales Engineers (likely).',
			]);
		},
		FLOW_MS,
	);

	it(
		'tries for a week where Gong does not know the call, without a word, then says so once',
		async () => {
			await give([renewal, review], ['priya.raman@example.com']);
			room().gong.state.hideCall(renewal);
			for (const call of [renewal, review]) await table.endIn(call, priya, -SECONDS);
			const { status, told } = await hour();
			expect([status, told.map(([, , title]) => title)]).toEqual([
				'success',
				['Initech: quarterly business review'],
			]);
			await table.endIn(renewal, priya, -8 * DAY);
			expect((await hour()).told).toEqual([
				ended(
					'#gong-access',
					ACME,
					PRIYA,
					'Gong does not know this call any more. Should it come back, look at who was given access.',
				),
			]);
			expect(await hour()).toEqual({ ...silent, requests: 0 });
		},
		FLOW_MS,
	);

	it.each<[what: string, people: string, fault: Fault | undefined, says: string, status: string]>([
		[
			'an address that no Gong user has',
			'nobody@example.com',
			undefined,
			'nobody@example.com',
			'success',
		],
		[
			'no answer',
			'yuki.mori@example.com',
			{ kind: 'status', status: 503, errors: ['Not today'] },
			'Gong says: Not today',
			'error',
		],
		[
			'a wrong key',
			'yuki.mori@example.com',
			{ kind: 'status', status: 401, errors: ['Bad <key>'] },
			'Gong did not accept the sign-in. It says: Bad <key>. Check Access Key and Access Key Secret in the credential.',
			'error',
		],
	])(
		'changes nothing, says why, and is listed as failed where Gong could not be asked: %s',
		async (_what, people, fault, says, status) => {
			const { gong } = room();
			if (fault) gong.fail({ ...fault, times: 1_000 });
			const { page } = await fillIn([renewal], [people]);
			gong.clearFaults();
			expect(page.title).toBe('Please check this');
			expect(page.text).toMatch(/^Nothing was changed\.\n\n/);
			expect(page.text).toContain(says);
			const [ended, message = 'Nothing was changed.'] = await howItEnded(room().n8n.rest);
			expect(ended).toBe(status);
			expect(page.text).toContain(message);
		},
		FLOW_MS,
	);

	it(
		'strikes out what Gong refused to give, keeps the end of what may have been given, and lists both as failed',
		async () => {
			const refused = await fillIn([renewal], ['yuki.mori@example.com']);
			const match = { method: 'PUT' };
			room().gong.fail({ kind: 'status', status: 400, errors: ['Not her'], match, times: 1_000 });
			const no = await refused.decide(GIVE);
			room().gong.clearFaults();
			expect([no.title, no.text.split('\n')[0]]).toEqual([
				'Not all of it came out as asked',
				`• ${ACME}: ${YUKI}: not given. Gong says: Not her`,
			]);
			expect(await howItEnded(room().n8n.rest)).toEqual(['error', no.text.split('\n')[0]]);
			expect((await table.columns('state')).at(-1)).toEqual(['not given']);

			const lost = await fillIn([renewal], ['yuki.mori@example.com']);
			room().gong.fail({ kind: 'reset', applied: true, match, times: 1_000 });
			const maybe = await lost.decide(GIVE);
			room().gong.clearFaults();
			expect(maybe.text.split('\n')[0]).toBe(`• ${ACME}: ${YUKI}: not known whether it was given`);
			expect(await howItEnded(room().n8n.rest)).toEqual(['error', maybe.text.split('\n')[0]]);
			await table.endIn(renewal, yuki, -SECONDS);
			expect((await hour()).told).toEqual([ended('U0YUKI', ACME, YUKI)]);
			expect(access(renewal)).toEqual([maria]);
		},
		FLOW_MS,
	);

	it(
		'lets in nobody who is not signed in to n8n',
		async () => {
			const { status, headers } = await fetch(form, { redirect: 'manual' });
			expect([status, new URL(headers.get('location') ?? '', form).pathname]).toEqual([
				302,
				'/oauth/authorize',
			]);
		},
		FLOW_MS,
	);
});
