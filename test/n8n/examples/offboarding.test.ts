import { makeData, SAMPLE_USER_IDS, sampleData } from '../../harness/gong';
import { describeExample, FLOW_MS } from './exampleRoom';
import {
	anyRun,
	END,
	END_OF_LEFT,
	LEAVE,
	type Offboarding,
	openOffboarding,
	TAKE,
	WHEN,
} from './offboardingForm';
import { ranTwice } from './runOnce';

const { maria, priya, left } = SAMPLE_USER_IDS;

describeExample('offboarding', (room) => {
	const access = () => room().gong.state.accessSnapshot().apiAccess;

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
	const person = 'PRIYA.raman@example.com';
	const PRIYA = 'Priya Raman · priya.raman@example.com';
	const load = (users = sampleData().users) =>
		room().gong.state.load(
			makeData({
				users,
				profiles: [
					{ id: '51', name: 'Own', callsAccess: { permissionLevel: 'own' }, users: [priya] },
				],
				calls: Object.values(calls).map((call) => ({ ...call, users: [priya, maria] })),
			}),
		);
	let form: string;
	let fillIn: (email: string, last?: string) => Promise<Offboarding>;

	beforeAll(async () => {
		({ form, fillIn } = await openOffboarding(room()));
	}, FLOW_MS);

	beforeEach(() => load());

	it(
		'lists the calls of those days, and revokes the access once somebody agrees',
		async () => {
			const before = access();
			const { browser, page } = await fillIn(person);
			expect({ ...page, text: anyRun(page.text) }).toEqual({
				title: 'Take this access away?',
				text: [
					`${PRIYA} was given access to 2 calls that took place from 2026-03-02 to 2026-03-08, as listed on (time):`,
					'',
					'• Q&A {{ $now }} <b>bold</b>, 2026-03-02',
					'• Call 12000000000000000017, 2026-03-08',
				].join('\n'),
				labels: ['What should happen?'],
			});
			expect(access()).toEqual(before);
			const end = await browser.submit({ 'What should happen?': TAKE });
			expect({ ...end, text: anyRun(end.text) }).toEqual({
				title: 'Access to the listed calls was taken away',
				text: [
					`Taken away from ${PRIYA}: 2 of 2 calls that took place from 2026-03-02 to 2026-03-08.`,
					WHEN,
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
			expect(await ranTwice(room().n8n.rest)).toEqual([]);
		},
		FLOW_MS,
	);

	it(
		'says of somebody who has left what they would see if enabled again',
		async () => {
			load(sampleData().users.map((user) => ({ ...user, active: user.id !== priya })));
			const { browser } = await fillIn(person);
			const { text } = await browser.submit({ 'What should happen?': TAKE });
			expect(text).toContain('. If enabled again in Gong, they would see it: as a participant');
			expect(text).toContain(`\n\n${END_OF_LEFT}`);
			expect(text).not.toMatch(/They can still see it|They may still see/);
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
			expect(anyRun(page.text)).toBe(
				'jonas.berg@example.com has no access given through the API to any Gong call that took place from 2026-03-02 to 2026-03-08, as listed on (time). They may see calls all the same: as a participant, by a share, or by a permission profile. Calls before and after these days were not looked at.',
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
		'gives no all-clear for an ID that no Gong user has',
		async () => {
			const { page } = await fillIn('5521980347761120489');
			expect(page).toEqual({
				title: 'No Gong user has this ID',
				text: 'Nothing was changed.\n\nCheck the digits of 5521980347761120489.',
				labels: [],
			});
		},
		FLOW_MS,
	);

	it(
		'takes whoever Gong lists for a user: those who have left, and those of whom it says no more',
		async () => {
			const noName = '5521980347761120499';
			load([
				...sampleData().users,
				{
					...sampleData().users[0],
					id: noName,
					firstName: null,
					lastName: null,
					emailAddress: null,
					active: true,
				},
			]);
			for (const [id, who] of [
				[left, 'If enabled again in Gong, they'],
				[noName, 'They'],
			]) {
				const { page } = await fillIn(id);
				expect(page.title).toBe('Nothing to take away');
				expect(page.text).toContain(`${id} has no access given through the API to any Gong call`);
				expect(page.text).toContain(`. ${who} may see calls all the same`);
			}
		},
		FLOW_MS,
	);

	it(
		'shows the access of an ID that has some, though no Gong user has it',
		async () => {
			room().gong.state.users.delete(priya);
			const { page } = await fillIn(priya);
			expect(page.text).toContain(`User ${priya} was given access to 2 calls`);
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

	it(
		'asks to check the days when they are in the wrong order',
		async () => {
			const { page } = await fillIn(person, '2026-03-01');
			expect(page).toEqual({
				title: 'Please check the days',
				text: 'Nothing was changed.\n\nThe last day is before the first day.',
				labels: [],
			});
		},
		FLOW_MS,
	);

	it(
		'takes an alias for the person, and tells a person once whom Gong lists twice',
		async () => {
			const match = { path: '/v2/calls/users-access', method: 'POST' };
			const change = (answer: unknown) => {
				const said = answer as { callAccessList: { users: { userId: string }[] }[] };
				for (const entry of said.callAccessList) entry.users.push(...entry.users);
				return said;
			};
			room().gong.fail({ kind: 'body', change, match, times: 100 });
			const { browser, page } = await fillIn('m.keller@example.com');
			expect(anyRun(page.text).split('\n').slice(0, 4)).toEqual([
				'Maria Keller · maria.keller@example.com was given access to 2 calls that took place from 2026-03-02 to 2026-03-08, as listed on (time):',
				'',
				'• Q&A {{ $now }} <b>bold</b>, 2026-03-02',
				'• Call 12000000000000000017, 2026-03-08',
			]);
			const end = await browser.submit({ 'What should happen?': TAKE });
			room().gong.clearFaults();
			expect(end.text).toMatch(
				/^Taken away from Maria Keller · maria\.keller@example\.com: 2 of 2 calls /,
			);
			expect([access()[calls.first.id], access()[calls.last.id]]).toEqual([[priya], [priya]]);
		},
		FLOW_MS,
	);

	it(
		'asks which user is meant when two have the address, and takes one at a time',
		async () => {
			const twin = '5521980347761120499';
			room().gong.state.users.set(twin, {
				...sampleData().users.filter(({ id }) => id === priya)[0],
				id: twin,
				firstName: 'Priya (old)',
			});
			room().gong.state.grant(calls.first.id, twin);
			const { page } = await fillIn(person);
			expect(page.title).toBe('Please check what you entered');
			expect(page.text).toMatch(
				/^Nothing was changed\.\n\n'E-mail address of the person' has an e-mail address that 2 Gong users have: .+ Give the ID of the one that you mean: \d+, \d+\.$/,
			);
			const both = await fillIn(`${priya}, ${twin}`);
			expect([both.page.title, both.page.text]).toEqual([
				'Please check what you entered',
				'Nothing was changed.\n\nEnter one person. Fill in the form again for the next.',
			]);
			for (const id of [priya, twin]) {
				const { browser } = await fillIn(id);
				const end = await browser.submit({ 'What should happen?': TAKE });
				expect(end.title).toBe('Access to the listed calls was taken away');
			}
			expect([access()[calls.first.id], access()[calls.last.id]]).toEqual([[maria], [maria]]);
		},
		FLOW_MS,
	);

	it(
		'asks for an address where a name was entered',
		async () => {
			const { page } = await fillIn('Priya <Raman>');
			expect([page.title, page.text]).toEqual([
				'Please check what you entered',
				'Nothing was changed.\n\nPriya <Raman> is not an e-mail address or a Gong user ID. Enter one of these.',
			]);
		},
		FLOW_MS,
	);

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
