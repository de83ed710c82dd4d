import { callIdAt, makeData, SAMPLE_USER_IDS, sampleData } from '../../harness/gong';
import { describeExample, FLOW_MS } from './exampleRoom';
import { bullets, type Offboarding, openOffboarding, TAKE } from './offboardingForm';
import { ranTwice } from './runOnce';

const { maria, priya } = SAMPLE_USER_IDS;

describeExample(
	'offboarding',
	(room) => {
		const GIVEN = 1_500;
		const person = 'priya.raman@example.com';
		const MORE = /\nand 1,400 more; all are listed under Executions(\n|$)/;
		let fillIn: (email: string, last?: string) => Promise<Offboarding>;

		beforeAll(async () => {
			({ fillIn } = await openOffboarding(room()));
			room().gong.setLimit(false);
		}, FLOW_MS);

		beforeEach(() => {
			room().gong.state.load(
				makeData({
					users: sampleData().users,
					calls: Array.from({ length: GIVEN }, (_, place) => ({
						id: callIdAt(place),
						title: `Call ${place + 1}`,
						started: `2026-03-0${2 + (place % 6)}T03:00:00Z`,
						primaryUserId: maria,
						users: [priya, maria],
					})),
				}),
			);
		});

		it(
			'takes away all of it, shows the first hundred, and says how many more there are',
			async () => {
				const { browser, page } = await fillIn(person);
				expect(page.title).toBe('Take this access away?');
				expect(page.text).toContain('was given access to 1,500 calls that took place from');
				expect(bullets(page.text)).toHaveLength(100);
				expect(page.text).toMatch(MORE);
				const end = await browser.submit({ 'What should happen?': TAKE });

				expect(end.title).toBe('Access to the listed calls was taken away');
				expect(end.text).toContain(': 1,500 of 1,500 calls that took place from');
				expect(bullets(end.text)).toHaveLength(100);
				expect(end.text).toMatch(MORE);
				expect(await ranTwice(room().n8n.rest)).toEqual([]);
				const given = Object.values(room().gong.state.accessSnapshot().apiAccess);
				expect(given.filter((users) => users.includes(priya))).toEqual([]);
			},
			FLOW_MS,
		);

		it(
			'lists first what did not come out, when Gong fails on the way and a call is deleted',
			async () => {
				const { browser } = await fillIn(person);
				const gone = callIdAt(GIVEN - 1);
				room().gong.state.hideCall(gone);
				const match = { method: 'DELETE' };
				room().gong.fail({ kind: 'status', status: 503, match, times: Infinity, after: 8 });
				const end = await browser.submit({ 'What should happen?': TAKE });
				room().gong.clearFaults();
				expect(end.title).toBe('Not all of it came out as asked');
				const [, said = ''] = /: ([\d,]+) of 1,500 calls that took place from/.exec(end.text) ?? [];
				const taken = Number(said.replace(',', ''));
				expect(taken).toBeGreaterThan(0);
				const given = Object.values(room().gong.state.accessSnapshot().apiAccess);
				const left = given.filter((users) => users.includes(priya)).length;
				expect(left).toBeGreaterThan(100);
				expect(GIVEN - taken).toBe(left);
				expect(bullets(end.text)).toHaveLength(100);
				expect(bullets(end.text).filter((line) => line.includes(': taken away'))).toEqual([]);
				expect(end.text).toContain(
					'\nWhat they can still see could not be looked up for 1 of these calls: Gong does not know call',
				);
				expect(await ranTwice(room().n8n.rest)).toEqual([]);
			},
			FLOW_MS,
		);
	},
	{ subtitle: 'with many calls' },
);
