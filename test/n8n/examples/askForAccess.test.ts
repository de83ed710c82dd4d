import pWaitFor from 'p-wait-for';

import { FormBrowser } from '../../harness/n8n/formBrowser';
import {
	readExample,
	withFields,
	withNode,
	withParameters,
	withSettings,
} from '../../harness/n8n/examples';
import { type Fault, SAMPLE_CALL_IDS, SAMPLE_USER_IDS } from '../../harness/gong';
import { shown, type SlackMessage } from '../../harness/services/slack';
import { describeExample, FLOW_MS, FORM_SIGN_IN } from './exampleRoom';
import { howItEnded } from './runOnce';
import { TemporaryTable } from './temporaryTable';
import { WRONG_KEY } from './wrongKey';

const { maria, jonas, yuki, left } = SAMPLE_USER_IDS;
const [renewal, demo] = SAMPLE_CALL_IDS;

interface Button {
	readonly text: { readonly text: string };
	readonly url: string;
}
interface Block {
	readonly type: string;
	readonly text?: { readonly text: string };
	readonly elements?: readonly Button[];
}

describeExample('ask-for-access', (room) => {
	const table = new TemporaryTable(room);
	const access = (callId: string) => [...(room().gong.state.apiAccess.get(callId) ?? [])].sort();
	const LINK = `https://app.gong.io/call?id=${renewal}`;
	const ACME = 'Acme Corp: renewal and seat expansion';
	// It holds a link and a line break, as Slack and n8n write them.
	const WHY = 'Handover & <https://example.com|support>\\nReason: none';
	const YUKI = 'yuki.mori@example.com';
	const anyTime = (text: string) =>
		text.replace(/\d{4}-\d\d-\d\d at \d\d:\d\d \(Asia\/Tokyo\)/g, '(time)');
	let form: string;
	let withOther: string;
	let impatient: string;
	let temporary: string;
	let seen = 0;

	beforeAll(async () => {
		const { slack, store, publishForm, n8n } = room();
		// It makes the table.
		temporary = await store(readExample('temporary-access'));
		await n8n.rest.run(temporary, 'Every hour');
		const quick = { waitBetweenTries: 10 };
		const retried = ['Ask', 'Tell them', 'Tell them no'];
		const example = retried.reduce(
			(so, name) => withNode(so, name, quick),
			withSettings(readExample('ask-for-access'), { timezone: 'Asia/Tokyo' }),
		);
		form = await publishForm(example);
		withOther = await publishForm(
			withFields(example, 'Your settings', { otherApprover: 'y.mori@example.com' }),
		);
		const limitWaitTime = { values: { resumeAmount: 0.02, resumeUnit: 'minutes' } };
		const { options } = example.nodes.find(({ name }) => name === 'Ask')?.parameters ?? {};
		impatient = await publishForm(
			withParameters(example, 'Ask', { options: { ...(options as object), limitWaitTime } }),
		);
		slack.users.set('maria.keller@example.com', 'U0MARIA');
		slack.users.set('jonas.berg@example.com', 'U0JONAS');
		slack.users.set(YUKI, 'U0YUKI');
		slack.users.set('y.mori@example.com', 'U0YUKI');
	}, FLOW_MS);

	beforeEach(() => {
		room().gong.reset();
		seen = room().slack.messages.length;
	});

	afterEach(async () => await table.putAway(), FLOW_MS);

	async function ask(email: string, call = LINK, at = form) {
		const browser = new FormBrowser('', FORM_SIGN_IN);
		await browser.open(at);
		return await browser.submit({
			'Link to the call': call,
			'Your e-mail address in Gong': email,
			'For how long': '7 days',
			'Why you need it': WHY,
		});
	}

	/** The next message that Slack gets. */
	async function nextMessage(milliseconds = 40_000): Promise<SlackMessage> {
		const timeout = { milliseconds, message: 'Slack got no message' };
		await pWaitFor(() => room().slack.messages.length > seen, { interval: 100, timeout });
		return room().slack.messages[seen++];
	}

	/** The question as the owner sees it, and where its buttons lead. */
	async function question() {
		const { channel, blocks } = await nextMessage();
		const all = blocks as readonly Block[];
		const text = all.map((block) => block.text?.text.trim() ?? '').join('\n');
		const buttons = all.flatMap(({ elements }) => elements ?? []);
		const urlOf = (label: string) => buttons.find((one) => one.text.text === label)?.url ?? '';
		return { channel, text: text.trim(), yes: urlOf('Give access'), no: urlOf('No') };
	}

	/** What the one who asked is told, and where. */
	async function answer(milliseconds?: number) {
		const message = await nextMessage(milliseconds);
		return [message.channel, ...anyTime(shown(message)).split('\n')];
	}

	const click = async (url: string) =>
		await fetch(url, {
			headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' },
		});
	/** Whether n8n takes no answer by this link any more. */
	const isSpent = async (url: string) => {
		const page = await click(url);
		return !page.ok || (await page.text()).includes('No action required');
	};
	const asked = async (at = form, email = YUKI) => {
		const page = await ask(email, LINK, at);
		return { page, ...(await question()) };
	};
	const open = async () =>
		(await table.rows()).filter((row) => row.state === 'open' && row.callId === renewal);

	it(
		'asks the owner, gives access once they agree, and Temporary access ends it',
		async () => {
			const { page, channel, text, yes, no } = await asked();
			expect([page.title, page.text]).toEqual([
				'The question goes to Maria Keller',
				'The answer comes to you in Slack. If you hear nothing within 2 days, there is no access.',
			]);
			expect(channel).toBe('U0MARIA');
			expect(text.split('\n')).toEqual([
				`Yuki Mori (${YUKI}) asks to see a Gong call for 7 days.`,
				`<${LINK}|${ACME}>`,
				'Reason: Handover &amp; &lt;https://example.com|support&gt;/nReason: none',
				'Without an answer within 2 days, there is no access.',
			]);
			expect(access(renewal)).toEqual([maria]);
			expect(await open()).toEqual([]);

			expect(await isSpent(yes)).toBe(false);
			expect(await answer()).toEqual([
				'U0YUKI',
				'You were given access',
				ACME,
				'Maria Keller agreed. Access ends on (time).',
			]);
			expect(access(renewal)).toEqual([maria, yuki].sort());
			expect(await open()).toMatchObject([
				{
					userId: yuki,
					email: YUKI,
					reason: WHY,
					askedBy: `${YUKI}, and Maria Keller agreed`,
				},
			]);

			// Used once, both links are spent.
			for (const used of [yes, no]) expect(await isSpent(used)).toBe(true);
			await table.endIn(renewal, yuki, -1_000);
			const run = await room().n8n.rest.run(temporary, 'Every hour');
			expect(run.status).toBe('success');
			expect(await answer()).toEqual([
				'U0YUKI',
				'Access to a Gong call has ended',
				ACME,
				`Who: Yuki Mori (${YUKI})`,
				`Asked for by ${YUKI}, and Maria Keller agreed: ${WHY}`,
				'No other way was found by which they can see it. It is not known with whom the call was shared.',
			]);
			expect(access(renewal)).toEqual([maria]);
			expect(await isSpent(yes)).toBe(true);
			expect(access(renewal)).toEqual([maria]);
		},
		FLOW_MS,
	);

	it(
		'gives nothing where the owner decides against it, or nobody answers in time',
		async () => {
			const { no, yes } = await asked();
			await click(no);
			expect(await answer()).toEqual([
				'U0YUKI',
				'You were not given access',
				LINK,
				'Maria Keller decided against it.',
			]);
			expect(await isSpent(yes)).toBe(true);

			const late = await asked(impatient);
			// n8n looks once a minute for what has waited long enough.
			expect(await answer(90_000)).toEqual([
				'U0YUKI',
				'Nobody answered in time',
				LINK,
				'There is no access without an answer. You can ask again.',
			]);
			expect(await isSpent(late.yes)).toBe(true);
			expect(access(renewal)).toEqual([maria]);
			expect(await open()).toEqual([]);
		},
		FLOW_MS,
	);

	it(
		'says by which way somebody can see the call already, and asks nobody',
		async () => {
			const boss = await ask('samuel@sso.example.com');
			expect([boss.title, boss.text.split('\n').slice(0, 3)]).toEqual([
				'You can see this call already',
				[
					'Nobody was asked.',
					'',
					'Gong lets Samuel Adeyemi see it: by the permission profile Sales Leadership.',
				],
			]);
			const guest = await ask('maria.keller@example.com', demo);
			expect(guest.text).toContain('Gong lets Maria Keller see it: as a participant');
			expect(room().slack.messages).toHaveLength(seen);
			// What is only likely does not count: Gong said no.
			expect((await asked(form, 'jonas.berg@example.com')).text).toMatch(/^Jonas Berg /);
		},
		FLOW_MS,
	);

	it(
		'says of a private call that access was given before, and asks nobody',
		async () => {
			const { calls } = room().gong.state;
			Object.assign(calls.get(renewal) ?? {}, { isPrivate: true });
			room().gong.state.grant(renewal, yuki);
			const page = await ask(YUKI);
			expect([page.title, page.text]).toEqual([
				'You were given access before',
				'Nobody was asked.\n\nYou were given access to this call before. Gong leaves open whether that opens a private call. Ask its owner to share it.',
			]);
			expect(room().slack.messages).toHaveLength(seen);
			// To somebody else the call's owner may still give it.
			const other = await asked(form, 'jonas.berg@example.com');
			expect(other.text).toContain(', a private call');
		},
		FLOW_MS,
	);

	it(
		'lets nobody decide for themselves',
		async () => {
			Object.assign(room().gong.state.calls.get(renewal) ?? {}, { primaryUserId: left });
			room().gong.state.parties.set(renewal, []);
			// The other one who may decide is the same person, by another address.
			for (const at of [form, withOther]) {
				const page = await ask(YUKI, LINK, at);
				expect(page.title).toBe('Nobody can be asked');
			}
			expect(room().slack.messages).toHaveLength(seen);
			const { page, channel } = await asked(withOther, 'jonas.berg@example.com');
			expect([page.title, channel]).toEqual(['The question goes to y.mori@example.com', 'U0YUKI']);
		},
		FLOW_MS,
	);

	it.each<[what: string, email: string, call: string, says: string]>([
		[
			'no such address',
			'no@example.com',
			LINK,
			"'Your e-mail address in Gong' has an e-mail address that no Gong user has: no@example.com. Check the spelling.",
		],
		[
			'no such addresses',
			'no@example.com, none@example.com',
			LINK,
			"'Your e-mail address in Gong' has 2 e-mail addresses that no Gong user has. Check the spelling of no@example.com, none@example.com.",
		],
		[
			'no address',
			'nobody',
			LINK,
			'\'Your e-mail address in Gong\' has a value that is not an e-mail address: "nobody". Give one e-mail address.',
		],
		[
			'no link to a call',
			YUKI,
			'https://app.gong.io/home',
			'\'Link to the call\' has a Gong link without a call ID: "https://app.gong.io/home". Give one link such as https://app.gong.io/call?id=7782342274025937895.',
		],
		[
			'a link to elsewhere',
			YUKI,
			'https://example.com/call?id=1',
			"'Link to the call' has a link that is not Gong's: \"https://example.com/call?id=1\". Give one link such as https://app.gong.io/call?id=7782342274025937895.",
		],
		[
			'a link with words',
			YUKI,
			`Acme ${LINK}`,
			'\'Link to the call\' has a value that is not a call ID: "Acme". Give one link such as https://app.gong.io/call?id=7782342274025937895.',
		],
		['two calls', YUKI, `${renewal}, ${demo}`, 'Ask for one call at a time.'],
		[
			'somebody who has left',
			'tom.archer@example.com',
			LINK,
			'This address is of somebody who has left Gong.',
		],
	])(
		'says what to check, and asks nobody: %s',
		async (_what, email, call, says) => {
			const page = await ask(email, call);
			expect([page.title, page.text]).toEqual([
				'Please check this',
				`Nobody was asked.\n\n${says}`,
			]);
			expect(await howItEnded(room().n8n.rest)).toEqual(['success', undefined]);
			expect(room().slack.messages).toHaveLength(seen);
		},
		FLOW_MS,
	);

	it.each([['/v2/calls/users-access'], ['/v2/all-permission-profiles']])(
		'asks nobody while Gong gives no answer from %s',
		async (path) => {
			const fault: Fault = { kind: 'status', status: 503, errors: ['Not today'], times: 1_000 };
			room().gong.fail({ ...fault, match: { path } });
			const page = await ask(YUKI);
			room().gong.clearFaults();
			expect([page.title, page.text]).toEqual([
				'It could not be looked up',
				'Nobody was asked.\n\nGong says: Not today',
			]);
			expect(await howItEnded(room().n8n.rest)).toEqual([
				'error',
				expect.stringMatching(/^Nobody was asked\.\n.*Not today/),
			]);
			expect(room().slack.messages).toHaveLength(seen);
		},
		FLOW_MS,
	);

	it.each([['/v2/calls/users-access'], ['/v2/all-permission-profiles']])(
		'says what to do where Gong does not take the key, asked for %s',
		async (path) => {
			room().gong.fail({ ...WRONG_KEY, match: { path } });
			const page = await ask(YUKI);
			room().gong.clearFaults();
			expect(page.title).toBe('It could not be looked up');
			expect(page.text).toMatch(/^Nobody was asked\.\n\nGong did not accept the sign-in/);
			expect(page.text).toContain('It says: Bad <key>. Check Access Key');
			expect(page.text).not.toContain('Nothing was changed for this item');
			expect(room().slack.messages).toHaveLength(seen);
		},
		FLOW_MS,
	);

	it(
		'tells what to do where Gong does not take the key any more once the owner agrees',
		async () => {
			const { yes } = await asked();
			room().gong.fail({ ...WRONG_KEY, match: { method: 'PUT' } });
			await click(yes);
			const [, title, , , says, again] = await answer();
			room().gong.clearFaults();
			expect([title, again]).toEqual(['Gong did not give you access', 'You can ask again.']);
			expect(says).toMatch(/^Gong did not accept the sign-in.* Check Access Key/);
		},
		FLOW_MS,
	);

	it(
		'tells what came of it where Gong refuses, or access had been given already',
		async () => {
			const refused = await asked();
			const match = { method: 'PUT' };
			room().gong.fail({ kind: 'status', status: 400, errors: ['Not her'], match, times: 1_000 });
			await click(refused.yes);
			expect(await answer()).toEqual([
				'U0YUKI',
				'Gong did not give you access',
				ACME,
				'Maria Keller agreed.',
				'Gong says: Not her',
				'You can ask again.',
			]);
			room().gong.clearFaults();
			expect(await howItEnded(room().n8n.rest)).toEqual([
				'error',
				expect.stringMatching(/^Access was not given\. .*Not her/s),
			]);
			expect(await open()).toEqual([]);
			expect((await table.columns('state')).at(-1)).toEqual(['not given']);

			const elsewhere = await asked();
			room().gong.state.grant(renewal, yuki);
			await click(elsewhere.yes);
			expect(await answer()).toEqual([
				'U0YUKI',
				'You had been given access already',
				ACME,
				'Maria Keller agreed. Nothing was changed.',
			]);
			expect(await open()).toEqual([]);
			expect(access(renewal)).toContain(yuki);
			expect(access(renewal)).not.toContain(jonas);
		},
		FLOW_MS,
	);

	describe('for somebody whom Slack does not know', () => {
		const WHO = `Who: Yuki <Mori> (${YUKI})`;

		beforeEach(() => {
			const { slack, gong } = room();
			slack.users.delete(YUKI);
			Object.assign(gong.state.users.get(yuki) ?? {}, { lastName: '<Mori>' });
		});

		afterEach(() => room().slack.users.set(YUKI, 'U0YUKI'));

		it(
			'says in the channel who was given access, and no title',
			async () => {
				const { page, yes } = await asked();
				expect(page.text).toMatch(/^The answer comes to the Slack channel #gong-access\./);
				await click(yes);
				expect(await answer()).toEqual([
					'#gong-access',
					'Access to a Gong call was given',
					LINK,
					WHO,
					'Maria Keller agreed. Access ends on (time).',
				]);
			},
			FLOW_MS,
		);

		it(
			'says in the channel who was not given access, or had been already, and no title',
			async () => {
				await click((await asked()).no);
				expect(await answer()).toEqual([
					'#gong-access',
					'Access to a Gong call was not given',
					LINK,
					WHO,
					'Maria Keller decided against it.',
				]);

				const refused = await asked();
				const match = { method: 'PUT' };
				room().gong.fail({ kind: 'status', status: 400, errors: ['Not her'], match, times: 1_000 });
				await click(refused.yes);
				expect(await answer()).toEqual([
					'#gong-access',
					'Gong did not give access to a call',
					LINK,
					WHO,
					'Maria Keller agreed.',
					'Gong says: Not her',
					'They can ask again.',
				]);
				room().gong.clearFaults();

				const elsewhere = await asked();
				room().gong.state.grant(renewal, yuki);
				await click(elsewhere.yes);
				expect(await answer()).toEqual([
					'#gong-access',
					'Access to a Gong call had been given already',
					LINK,
					WHO,
					'Maria Keller agreed. Nothing was changed.',
				]);
			},
			FLOW_MS,
		);

		it(
			'says in the channel who got no answer in time, or may have been given access',
			async () => {
				await asked(impatient);
				expect(await answer(90_000)).toEqual([
					'#gong-access',
					'Nobody answered in time',
					LINK,
					WHO,
					'There is no access without an answer. They can ask again.',
				]);

				const lost = await asked();
				room().gong.fail({ kind: 'reset', match: { method: 'PUT' }, times: 1_000 });
				await click(lost.yes);
				const [channel, ...lines] = await answer();
				room().gong.clearFaults();
				expect([channel, ...lines.slice(0, 3), lines.at(-1)]).toEqual([
					'#gong-access',
					'It is not known whether access to a Gong call was given',
					LINK,
					WHO,
					expect.stringMatching(/^See whether the call opens\. Access ends on \(time\)\.$/),
				]);
				// n8n has words of its own for a message with the code of a lost connection.
				expect(await howItEnded(room().n8n.rest)).toEqual([
					'error',
					expect.stringMatching(
						/^It is not known whether access was given\. No whole answer came from Gong/,
					),
				]);
			},
			FLOW_MS,
		);
	});

	it(
		'lets in nobody without the password',
		async () => {
			expect((await fetch(form)).status).toBe(401);
			expect((await fetch(form, { method: 'POST', body: new FormData() })).status).toBe(401);
		},
		FLOW_MS,
	);
});
