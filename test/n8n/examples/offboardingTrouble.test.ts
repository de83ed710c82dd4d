import { callIdAt, type Fault, makeData, SAMPLE_USER_IDS, sampleData } from '../../harness/gong';
import type { FormPage } from '../../harness/n8n/formBrowser';
import { describeExample, FLOW_MS } from './exampleRoom';
import {
	anyRun,
	bullets,
	END,
	type Offboarding,
	openOffboarding,
	TAKE,
	WHEN,
} from './offboardingForm';
import { eachNodeRunsOnce } from './runOnce';

const { maria, priya } = SAMPLE_USER_IDS;

const ACCESS = '/v2/calls/users-access';

describeExample('offboarding', (room) => {
	const access = () => room().gong.state.accessSnapshot().apiAccess;
	const person = 'priya.raman@example.com';
	const PRIYA = 'Priya Raman · priya.raman@example.com';
	let fillIn: (email: string, last?: string) => Promise<Offboarding>;

	beforeAll(async () => {
		({ fillIn } = await openOffboarding(room()));
	}, FLOW_MS);

	beforeEach(() => room().gong.reset());

	eachNodeRunsOnce(room);

	describe('with two calls', () => {
		const first = '7782342274025937895';
		const last = '12000000000000000017';

		beforeEach(() => {
			room().gong.state.load(
				makeData({
					users: sampleData().users,
					profiles: [
						{ id: '51', name: 'Own', callsAccess: { permissionLevel: 'own' }, users: [priya] },
					],
					calls: [
						{ id: first, title: 'Kickoff', started: '2026-03-02T03:00:00Z', primaryUserId: maria },
						{ id: last, title: 'Review', started: '2026-03-08T03:00:00Z', primaryUserId: priya },
					].map((call) => ({ ...call, users: [priya, maria] })),
				}),
			);
		});

		const AGAIN = 'Fill in the form again later: it finds what is left.';

		/** The last page, where Gong answers the revoke so. */
		async function takeAwayWith(fault: Fault): Promise<FormPage> {
			const { browser } = await fillIn(person);
			room().gong.fail({ ...fault, match: { method: 'DELETE' }, times: 100 });
			return await browser.submit({ 'What should happen?': TAKE });
		}

		it(
			"shows Gong's message when it refuses the revoke",
			async () => {
				const end = await takeAwayWith({ kind: 'status', status: 400, errors: ['Not today'] });
				expect(end.title).toBe('Not all of it came out as asked');
				expect(anyRun(end.text).split('\n')).toEqual([
					`Taken away from ${PRIYA}: 0 of 2 calls that took place from 2026-03-02 to 2026-03-08.`,
					WHEN,
					AGAIN,
					'Gong says: Not today',
					'',
					'• Kickoff, 2026-03-02: not taken away (request …). They can still see it: by access given through the API',
					'• Review, 2026-03-08: not taken away (request …). They can still see it: by access given through the API, as a participant',
					'',
					END,
				]);
			},
			FLOW_MS,
		);
		it(
			'does not say that nothing was taken away when the answer is lost',
			async () => {
				const end = await takeAwayWith({ kind: 'reset', applied: true });
				expect(end.title).toBe('It is not known what came of it');
				expect(anyRun(end.text).split('\n')).toEqual([
					`Taken away from ${PRIYA} for certain: 0 of 2 calls that took place from 2026-03-02 to 2026-03-08.`,
					WHEN,
					'For 2 calls it is not known whether the access was taken away.',
					AGAIN,
					'No whole answer came from Gong. It was asked several times. Fill in the form again in some minutes. If it stays so, ask the administrator of n8n whether n8n can reach the Base URL of the credential. (ECONNRESET)',
					'',
					'• Kickoff, 2026-03-02: not known',
					'• Review, 2026-03-08: not known. They can still see it: as a participant',
					'',
					END,
				]);
				expect(access()[first]).toEqual([maria]);
			},
			FLOW_MS,
		);

		it.each<[what: string, applied: boolean, title: string, says: string[]]>([
			[
				'it was carried out',
				true,
				'It is not known what came of it',
				[
					'For 2 calls it is not known whether the access was taken away.',
					'• Kickoff, 2026-03-02: not known (request …)',
					'• Review, 2026-03-08: not known (request …). They can still see it: as a participant',
				],
			],
			[
				'it was not carried out',
				false,
				'Not all of it came out as asked',
				[
					'not taken away (request …). They can still see it: by access given through the API',
					'not taken away (request …). They can still see it: by access given through the API, as a participant',
				],
			],
		])(
			'goes by what the person can see then when Gong is not available for the revoke: %s',
			async (_what, applied, title, says) => {
				const { browser } = await fillIn(person);
				const match = { method: 'DELETE' };
				const errors = ['An error has occurred'];
				room().gong.fail({ kind: 'status', status: 503, errors, match, applied, times: 100 });
				const end = await browser.submit({ 'What should happen?': TAKE });
				expect(end.title).toBe(title);
				const lines = anyRun(end.text).split('\n');
				expect(lines).toContain(AGAIN);
				expect(lines).toContain(
					'Gong is not available at the moment (status 503). It says: An error has occurred. It was asked several times. Gong request ID: ….',
				);
				for (const line of says) expect(anyRun(end.text)).toContain(line);
			},
			FLOW_MS,
		);

		it(
			'says in the words of the node what Gong did not take, and of how many calls',
			async () => {
				const { browser } = await fillIn(person);
				const match = { path: '/v2/calls/extensive' };
				const errors = ['Bad <key>'];
				room().gong.fail({ kind: 'status', status: 401, errors, match, times: 1_000, after: 1 });
				const end = await browser.submit({ 'What should happen?': TAKE });
				expect(end.title).toBe('Access to the listed calls was taken away');
				expect(anyRun(end.text)).toContain(
					'\nWhat they can still see could not be looked up for any of these calls: Gong did not accept the sign-in. It says: Bad <key>. Check Access Key',
				);
			},
			FLOW_MS,
		);

		it(
			'says so call by call when a call is deleted before somebody agrees, and takes away the rest',
			async () => {
				const { browser } = await fillIn(person);
				room().gong.state.hideCall(last);
				const end = await browser.submit({ 'What should happen?': TAKE });
				expect(end.title).toBe('Not all of it came out as asked');
				const lines = anyRun(end.text).split('\n');
				expect(lines[0]).toBe(
					`Taken away from ${PRIYA}: 1 of 2 calls that took place from 2026-03-02 to 2026-03-08.`,
				);
				expect(lines).toContain('• Kickoff, 2026-03-02: taken away (request …)');
				expect(lines).toContainEqual(
					expect.stringMatching(/^• Review, 2026-03-08: not taken away/),
				);
				expect(access()[first]).toEqual([maria]);
			},
			FLOW_MS,
		);

		it(
			'does not blame the days when Gong refuses to list the calls',
			async () => {
				const match = { path: '/v2/calls' };
				room().gong.fail({ kind: 'status', status: 400, errors: ['Not now'], match, times: 100 });
				expect((await fillIn(person)).page).toEqual({
					title: 'The calls could not be looked up',
					text: 'Nothing was changed.\n\nGong says: Not now',
					labels: [],
				});
			},
			FLOW_MS,
		);

		it(
			'gives no all-clear when the calls were listed and then every answer is lost',
			async () => {
				const match = { path: ACCESS };
				room().gong.fail({ kind: 'status', status: 503, match, after: 1, times: 1_000 });
				const { page } = await fillIn(person);
				expect(page.title).toBe('The calls could not be looked at');
				expect(page.text).toMatch(
					/^Not looked at: 2 calls\. Nothing was changed\. Fill in the form again later\.\n/,
				);
				expect(page.text).not.toContain('has no access');
			},
			FLOW_MS,
		);
	});

	it(
		'does not say that nobody has an ID when the names could not be looked up',
		async () => {
			const match = { path: '/v2/users/extensive' };
			room().gong.state.load(
				makeData({
					users: sampleData().users,
					calls: [{ id: callIdAt(0), started: '2026-03-02T03:00:00Z', users: [maria] }],
				}),
			);
			room().gong.fail({ kind: 'status', status: 503, match, times: 1_000 });
			const { page } = await fillIn(priya);
			expect(page.title).toBe('The calls could not be looked at');
			expect(page.text).toMatch(
				/^Not looked at: 1 call\. Nothing was changed\. Fill in the form again later\.\n/,
			);
		},
		FLOW_MS,
	);

	describe('with 250 calls', () => {
		const MANY = 250;
		/** How many calls the person was given access to, among all of these days. */
		const given = Array.from({ length: MANY }, (_, place) => callIdAt(place)).filter(
			(_, place) => place % 50 === 0,
		);
		const [gone] = given;

		beforeEach(() => {
			room().gong.state.load(
				makeData({
					users: sampleData().users,
					calls: Array.from({ length: MANY }, (_, place) => {
						const id = callIdAt(place);
						const started = `2026-03-0${2 + (place % 6)}T03:00:00Z`;
						return {
							id,
							started,
							primaryUserId: maria,
							users: given.includes(id) ? [priya, maria] : [maria],
						};
					}),
				}),
			);
		});

		/** A fault that meets every request about this call's access, and no other. */
		const about = (callId: string, fault: Fault): Fault => ({
			...fault,
			match: { path: ACCESS, bodyIncludes: callId },
			times: 1_000,
		});

		it.each<[what: string, fault: Fault, says: RegExp]>([
			['503 for some of them', { kind: 'status', status: 503, errors: ['Not today'] }, /Not today/],
			[
				'a call that Gong does not know any more',
				{ kind: 'status', status: 400, errors: ['Some calls not found'] },
				/Some calls not found/,
			],
		])(
			'says what is missing before anybody agrees, once, and takes away the rest: %s',
			async (_what, fault, says) => {
				room().gong.fail(about(gone, fault));
				const { browser, page } = await fillIn(person);
				expect(page.title).toBe('Take this access away?');
				expect(page.text).toMatch(
					/\n\nNot looked at: (1 call\. Access to it|\d+ calls\. Access to them) stays as it is\./,
				);
				expect(page.text).toMatch(says);
				const shown = bullets(page.text);
				expect(shown).not.toHaveLength(0);
				expect(page.text).toContain(
					`was given access to ${shown.length === 1 ? '1 call' : `${shown.length} calls`} that took place from`,
				);
				room().gong.clearFaults();
				const end = await browser.submit({ 'What should happen?': TAKE });
				expect(end.title).toBe('Access was taken away, and some calls were not looked at');
				expect(end.text).toContain(`: ${shown.length} of ${shown.length} call`);
				expect(bullets(anyRun(end.text))).toEqual(
					shown.map((line) => `${line}: taken away (request …)`),
				);
				expect(end.text).toMatch(
					/\nNot looked at: (1 call\. Access to it|\d+ calls\. Access to them) stays as it was\./,
				);
				const left = given.filter((callId) => access()[callId].includes(priya));
				expect(left).toHaveLength(given.length - shown.length);
				expect(left).toContain(gone);
			},
			FLOW_MS,
		);

		it(
			'says so before anybody agrees when a call is deleted between two requests',
			async () => {
				const act = () => room().gong.state.hideCall(gone);
				room().gong.fail({ kind: 'meanwhile', act, match: { path: ACCESS }, after: 2 });
				const { browser, page } = await fillIn(person);
				expect(page.title).toBe('Take this access away?');
				expect(bullets(page.text)).toHaveLength(given.length - 1);
				expect(page.text).toMatch(
					/\n\nNot looked at: 1 call\. Access to it stays as it is\. Fill in the form again later\.\nGong does not know call \d+/,
				);
				const end = await browser.submit({ 'What should happen?': TAKE });
				expect(end.title).toBe('Access was taken away, and some calls were not looked at');
				expect(bullets(end.text)).toHaveLength(given.length - 1);
				expect(given.filter((callId) => access()[callId].includes(priya))).toEqual([gone]);
			},
			FLOW_MS,
		);

		it(
			'gives no all-clear when no answer comes at all',
			async () => {
				const match = { path: ACCESS };
				room().gong.fail({ kind: 'status', status: 503, match, times: 1_000 });
				const { page } = await fillIn(person);
				room().gong.clearFaults();
				expect(page.title).toBe('The calls could not be looked up');
				expect(page.text).toMatch(/^Nothing was changed\./);
			},
			FLOW_MS,
		);
	});
});
