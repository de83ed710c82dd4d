import { type Fault, makeData, SAMPLE_USER_IDS, sampleData } from '../../harness/gong';
import { describeExample, FLOW_MS } from './exampleRoom';
import { anyRun, LEAVE, type Offboarding, openOffboarding, TAKE } from './offboardingForm';
import { eachNodeRunsOnce, howItEnded } from './runOnce';
import { SIGN_IN, WRONG_KEY } from './wrongKey';

const { maria, priya } = SAMPLE_USER_IDS;

const SUCCESS = ['success', undefined];

describeExample(
	'offboarding',
	(room) => {
		const person = 'priya.raman@example.com';
		const first = '7782342274025937895';
		const last = '12000000000000000017';
		let fillIn: (email: string, last?: string) => Promise<Offboarding>;

		beforeAll(async () => {
			({ fillIn } = await openOffboarding(room()));
		}, FLOW_MS);

		beforeEach(() => {
			room().gong.reset();
			room().gong.state.load(
				makeData({
					users: sampleData().users,
					calls: [
						{ id: first, title: 'Kickoff', started: '2026-03-02T03:00:00Z' },
						{ id: last, title: 'Review', started: '2026-03-08T03:00:00Z' },
					].map((call) => ({ ...call, users: [priya, maria] })),
				}),
			);
		});

		eachNodeRunsOnce(room);

		it.each<[what: string, fault: Fault, title: string, says: RegExp]>([
			['the key is wrong', WRONG_KEY, 'The calls could not be looked up', SIGN_IN],
			[
				'every answer is lost once the calls were listed',
				{
					kind: 'status',
					status: 503,
					errors: ['Not today'],
					match: { path: '/v2/calls/users-access' },
					after: 1,
				},
				'The calls could not be looked at',
				/^Gong is not available at the moment \(status 503\)\. It says: Not today\. /,
			],
		])(
			'shows its page and is listed as failed where %s',
			async (_what, fault, title, says) => {
				room().gong.fail({ ...fault, times: 1_000 });
				const { page } = await fillIn(person);
				expect(page.title).toBe(title);
				const [status, message] = await howItEnded(room().n8n.rest);
				expect([status, message]).toEqual(['error', expect.stringMatching(says)]);
			},
			FLOW_MS,
		);

		it.each<[what: string, fault: Fault, title: string, message: RegExp]>([
			[
				'Gong refuses the revoke',
				{ kind: 'status', status: 400, errors: ['Not <today>'], match: { method: 'DELETE' } },
				'Not all of it came out as asked',
				/^Gong says: Not <today>$/,
			],
			[
				'the answer to the revoke is lost',
				{ kind: 'reset', applied: true, match: { method: 'DELETE' } },
				'It is not known what came of it',
				/^No whole answer came from Gong\. [^\n]+ of the credential\.$/,
			],
			[
				'what is still seen could not be looked up',
				{ ...WRONG_KEY, match: { path: '/v2/calls/extensive' }, after: 1 },
				'Access to the listed calls was taken away',
				SIGN_IN,
			],
		])(
			'shows its last page and is listed as failed where %s',
			async (_what, fault, title, message) => {
				const { browser } = await fillIn(person);
				room().gong.fail({ ...fault, times: 1_000 });
				const end = await browser.submit({ 'What should happen?': TAKE });
				expect(end.title).toBe(title);
				const [status, said = ''] = await howItEnded(room().n8n.rest);
				expect([status, said]).toEqual(['error', expect.stringMatching(message)]);
				expect(anyRun(end.text)).toContain(anyRun(said));
			},
			FLOW_MS,
		);

		it.each<[what: string, email: string, lastDay: string | undefined, title: string]>([
			['an unknown address', 'nobody@example.com', undefined, 'No Gong user has this address'],
			['a name', 'Priya Raman', undefined, 'Please check what you entered'],
			['days in the wrong order', person, '2026-03-01', 'Please check the days'],
			['somebody without access', 'jonas.berg@example.com', undefined, 'Nothing to take away'],
		])(
			'is no failure for %s',
			async (_what, email, lastDay, title) => {
				const { page } = await fillIn(email, lastDay);
				expect(page.title).toBe(title);
				expect(await howItEnded(room().n8n.rest)).toEqual(SUCCESS);
			},
			FLOW_MS,
		);

		it(
			'is no failure where all went well, somebody decided against it, or others deleted a call',
			async () => {
				const { n8n, gong } = room();
				const decide = async (choice: string, meanwhile = () => {}) => {
					const { browser } = await fillIn(person);
					meanwhile();
					const { title } = await browser.submit({ 'What should happen?': choice });
					return [title, ...(await howItEnded(n8n.rest))];
				};
				expect(await decide(LEAVE)).toEqual(['Nothing was changed', ...SUCCESS]);
				expect(await decide(TAKE, () => gong.state.hideCall(last))).toEqual([
					'Not all of it came out as asked',
					...SUCCESS,
				]);
				gong.state.grant(first, priya);
				expect(await decide(TAKE)).toEqual([
					'Access to the listed calls was taken away',
					...SUCCESS,
				]);
			},
			FLOW_MS,
		);
	},
	{ subtitle: 'as n8n lists its runs' },
);
