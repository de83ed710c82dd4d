import { FormBrowser, type FormPage } from '../../harness/n8n/formBrowser';
import { readExample, withSettings } from '../../harness/n8n/examples';
import { callIdAt, type Fault, makeData, SAMPLE_USER_IDS, sampleData } from '../../harness/gong';
import { DAY, describeExample, FLOW_MS, HOUR, MINUTE } from './exampleRoom';

const { maria, priya } = SAMPLE_USER_IDS;

describeExample('offboarding', (room) => {
	const access = () => room().gong.state.accessSnapshot().apiAccess;

	// Always 9 hours ahead of UTC.
	const timezone = 'Asia/Tokyo';
	const calls = {
		before: { id: '18446744073709551557', started: '2026-03-01T23:59:00+09:00' },
		first: {
			id: '7782342274025937895',
			started: '2026-03-02T00:00:00+09:00',
			title: 'Q&A {{ $now }} <b>bold</b>',
			primaryUserId: maria,
		},
		last: {
			id: '12000000000000000017',
			started: '2026-03-08T23:59:00+09:00',
			title: null,
			primaryUserId: priya,
		},
		after: { id: '9007199254740993', started: '2026-03-09T00:00:00+09:00' },
	};
	const TAKE = 'Take the access away';
	const LEAVE = 'Leave everything as it is';
	const person = 'PRIYA.raman@example.com';
	const PRIYA = 'Priya Raman · priya.raman@example.com';
	const END =
		"They may still see these calls in ways that Gong's API does not tell, such as a share. Calls before and after these days were not looked at.";
	const withoutRequests = (text: string) => text.replace(/\(request \w+\)/g, '(request …)');
	const load = () =>
		room().gong.state.load(
			makeData({
				users: sampleData().users,
				profiles: [
					{ id: '51', name: 'Own', callsAccess: { permissionLevel: 'own' }, users: [priya] },
				],
				calls: Object.values(calls).map((call) => ({ ...call, users: [priya, maria] })),
			}),
		);
	let form: string;

	beforeAll(async () => {
		form = await room().publishForm(withSettings(readExample('offboarding'), { timezone }));
	}, FLOW_MS);

	beforeEach(load);

	async function fillIn(
		email: string,
		last = '2026-03-08',
	): Promise<{ browser: FormBrowser; page: FormPage }> {
		const browser = new FormBrowser(room().n8n.rest.session);
		expect(await browser.open(form)).toEqual({
			title: 'Take call access away',
			text: 'Finds the Gong calls that somebody was given access to. You see the list before anything changes.',
			labels: ['E-mail address of the person', 'First day of the calls', 'Last day of the calls'],
		});
		const today = Date.now() + 9 * HOUR;
		const dates = ['First day of the calls', 'Last day of the calls'].map((label) =>
			browser.prefilled(label),
		);
		const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);
		// Between the two the day may end.
		expect([dayOf(today), dayOf(today - MINUTE)]).toContain(dates[1]);
		expect(Date.parse(dates[1] ?? '') - Date.parse(dates[0] ?? '')).toBeGreaterThanOrEqual(
			365 * DAY,
		);
		const page = await browser.submit({
			'E-mail address of the person': email,
			'First day of the calls': '2026-03-02',
			'Last day of the calls': last,
		});
		return { browser, page };
	}

	/** The last page, where Gong answers the revoke so. */
	async function takeAwayWith(fault: Fault): Promise<FormPage> {
		const { browser } = await fillIn(person);
		room().gong.fail({ ...fault, match: { method: 'DELETE' }, times: 100 });
		const end = await browser.submit({ 'What should happen?': TAKE });
		room().gong.clearFaults();
		return end;
	}

	it(
		'lists the calls of those days, and revokes the access once somebody agrees',
		async () => {
			const before = access();
			const { browser, page } = await fillIn(person);
			expect(page).toEqual({
				title: 'Take this access away?',
				text: [
					'Priya Raman · priya.raman@example.com was given access to 2 calls from 2026-03-02 to 2026-03-08:',
					'',
					'• Q&A {{ $now }} <b>bold</b>, 2026-03-02',
					'• Call 12000000000000000017, 2026-03-08',
				].join('\n'),
				labels: ['What should happen?'],
			});
			expect(access()).toEqual(before);
			const end = await browser.submit({ 'What should happen?': TAKE });
			expect({ ...end, text: withoutRequests(end.text) }).toEqual({
				title: 'Access to these calls was taken away',
				text: [
					`Taken away from ${PRIYA}: 2 of 2 calls from 2026-03-02 to 2026-03-08.`,
					'',
					'• Q&A {{ $now }} <b>bold</b>, 2026-03-02: taken away (request …)',
					'• Call 12000000000000000017, 2026-03-08: taken away (request …). They can still see it: as a participant',
					'',
					END,
				].join('\n'),
				labels: [],
			});
			expect(access()).toEqual({
				...before,
				[calls.first.id]: [maria],
				[calls.last.id]: [maria],
			});
		},
		FLOW_MS,
	);

	it(
		'changes nothing when somebody decides against it',
		async () => {
			const before = access();
			const { browser } = await fillIn(person);
			const { title, text } = await browser.submit({ 'What should happen?': LEAVE });
			expect([title, text]).toEqual(['Nothing was changed', 'All access is as it was.']);
			expect(access()).toEqual(before);
		},
		FLOW_MS,
	);

	it(
		'says so when there is nothing to revoke',
		async () => {
			const { page } = await fillIn('jonas.berg@example.com');
			expect(page.title).toBe('Nothing to take away');
			expect(page.text).toBe(
				'jonas.berg@example.com was not given access to any Gong call from 2026-03-02 to 2026-03-08 through the API. They may see calls all the same: as a participant, by a share, or by a permission profile. Calls before and after these days were not looked at.',
			);
		},
		FLOW_MS,
	);

	it(
		'gives no all-clear for an address that no Gong user has',
		async () => {
			const { page } = await fillIn('nobody@example.com');
			expect(page.title).toBe('No Gong user has this address');
			expect(page.text).toBe('Nothing was changed.\n\nCheck the spelling of nobody@example.com.');
		},
		FLOW_MS,
	);

	it(
		'gives no all-clear for days without a call',
		async () => {
			room().gong.state.load(makeData({ users: sampleData().users }));
			const { page } = await fillIn(person);
			expect(page).toEqual({
				title: 'No calls in that time',
				text: 'Gong has no calls from 2026-03-02 to 2026-03-08, so there was nothing to look up.',
				labels: [],
			});
		},
		FLOW_MS,
	);

	it.each<[what: string, last: string, fault: Fault | undefined, says: string]>([
		['days in the wrong order', '2026-03-01', undefined, 'The last day is before the first day.'],
		[
			'days that Gong refuses',
			'2026-03-08',
			{ kind: 'status', status: 400, errors: ['Not these days'], match: { path: '/v2/calls' } },
			'Gong says: Not these days',
		],
	])(
		'says what to check when the calls cannot be listed: %s',
		async (_what, last, fault, says) => {
			if (fault) room().gong.fail({ ...fault, times: 100 });
			const { page } = await fillIn(person, last);
			room().gong.clearFaults();
			expect(page).toEqual({
				title: 'Please check this',
				text: `Nothing was changed.\n\n${says}`,
				labels: [],
			});
		},
		FLOW_MS,
	);

	it(
		"shows Gong's message when it refuses the revoke",
		async () => {
			const end = await takeAwayWith({ kind: 'status', status: 400, errors: ['Not today'] });
			expect(end.title).toBe('Not all of it came out as asked');
			expect(withoutRequests(end.text).split('\n')).toEqual([
				`Taken away from ${PRIYA}: 0 of 2 calls from 2026-03-02 to 2026-03-08.`,
				'Gong says: Not today',
				'',
				'• Q&A {{ $now }} <b>bold</b>, 2026-03-02: not taken away (request …). They can still see it: by access given through the API',
				'• Call 12000000000000000017, 2026-03-08: not taken away (request …). They can still see it: by access given through the API, as a participant',
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
			expect(end.title).toBe('Not all of it came out as asked');
			expect(withoutRequests(end.text).split('\n')).toEqual([
				`Taken away from ${PRIYA} for certain: 0 of 2 calls from 2026-03-02 to 2026-03-08.`,
				'For the rest it is not known whether the access was taken away. Fill in the form again to see.',
				'Gong gave no usable answer. n8n has the reason under Executions.',
				'',
				'• Q&A {{ $now }} <b>bold</b>, 2026-03-02: not known',
				'• Call 12000000000000000017, 2026-03-08: not known. They can still see it: as a participant',
				'',
				END,
			]);
			expect(access()[calls.first.id]).toEqual([maria]);
		},
		FLOW_MS,
	);

	describe('when Gong loses an answer for good, or a call is deleted meanwhile', () => {
		const MANY = 250;
		/** How many calls the person was given access to, among all of these days. */
		const given = Array.from({ length: MANY }, (_, place) => callIdAt(place)).filter(
			(_, place) => place % 50 === 0,
		);
		const [gone] = given;
		const bullets = (text: string) => text.split('\n').filter((line) => line.startsWith('•'));

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
			match: { path: '/v2/calls/users-access', bodyIncludes: callId },
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
					/\n\nNot looked at: \d+ calls?\. Access to them stays as it is\./,
				);
				expect(page.text).toMatch(says);
				const shown = bullets(page.text);
				expect(shown).not.toHaveLength(0);
				expect(page.text).toContain(
					`was given access to ${shown.length === 1 ? '1 call' : `${shown.length} calls`} from`,
				);
				room().gong.clearFaults();
				const end = await browser.submit({ 'What should happen?': TAKE });
				expect(end.title).toBe('Access was taken away, and some calls were not looked at');
				expect(end.text).toContain(`: ${shown.length} of ${shown.length} call`);
				expect(bullets(withoutRequests(end.text))).toEqual(
					shown.map((line) => `${line}: taken away (request …)`),
				);
				expect(end.text).toMatch(/\nNot looked at: \d+ calls?\. Access to them stays as it was\./);
				const left = given.filter((callId) => access()[callId].includes(priya));
				expect(left).toHaveLength(given.length - shown.length);
				expect(left).toContain(gone);
			},
			FLOW_MS,
		);

		it(
			'gives no all-clear when no answer comes at all',
			async () => {
				const match = { path: '/v2/calls/users-access' };
				room().gong.fail({ kind: 'status', status: 503, match, times: 1_000 });
				const { page } = await fillIn(person);
				room().gong.clearFaults();
				expect(page.title).toBe('Please check this');
				expect(page.text).toMatch(/^Nothing was changed\./);
			},
			FLOW_MS,
		);
	});

	it(
		'requires a sign-in to n8n, for the form and for the decision',
		async () => {
			const { browser } = await fillIn(person);
			const leadsTo = async (url: string) => {
				const { status, headers } = await fetch(url, { redirect: 'manual' });
				return [status, new URL(headers.get('location') ?? '', url).pathname];
			};
			expect(await leadsTo(form)).toEqual([302, '/oauth/authorize']);
			expect(await leadsTo(browser.url)).toEqual([302, '/signin']);
			const body = new FormData();
			body.append('field-0', JSON.stringify([TAKE]));
			const posted = await fetch(browser.url, { method: 'POST', body });
			expect(posted.status).toBe(401);
			expect(access()[calls.first.id]).toContain(priya);
		},
		FLOW_MS,
	);
});
