import { type Fault, SAMPLE_CALL_IDS, SAMPLE_USER_IDS } from '../../harness/gong';
import { CHANGE, type FilledIn, KEEP, LEAVE, openDealRoom, OTHERS, UNDO } from './dealRoomForm';
import { describeExample, FLOW_MS } from './exampleRoom';
import { eachNodeRunsOnce } from './runOnce';

const { maria, jonas, priya, samuel, yuki, left } = SAMPLE_USER_IDS;
const [renewal, demo, pricing, review] = SAMPLE_CALL_IDS;

describeExample('deal-room', (room) => {
	const access = () => room().gong.state.accessSnapshot().apiAccess;

	const TEAM = ['maria.keller@example.com', 'Yuki.Mori@example.com', samuel].join('\n');
	let fillIn: (callIds: string, team?: string) => Promise<FilledIn>;

	beforeAll(async () => {
		const fill = await openDealRoom(room());
		fillIn = async (callIds, team = TEAM) => await fill(callIds, team);
	}, FLOW_MS);

	beforeEach(() => room().gong.reset());

	eachNodeRunsOnce(room);

	it(
		'shows the changes, gives exactly the team access, and restores the state before',
		async () => {
			const before = room().gong.state.accessSnapshot();
			const links = [renewal, pricing, review].map((id) => `https://app.gong.io/call?id=${id}`);
			const { page, decide } = await fillIn(links.join('\r\n'));
			expect(page.title).toBe('Make these changes?');
			expect(page.text.split('\n')).toEqual([
				'• Acme Corp: renewal and seat expansion',
				'given access: Yuki Mori (yuki.mori@example.com), Samuel Adeyemi (Samuel.Adeyemi@example.com)',
				'no longer given access: nobody',
				'still given access: Maria Keller (maria.keller@example.com)',
				'',
				'• Globex: pricing and procurement',
				'given access: Maria Keller (maria.keller@example.com), Yuki Mori (yuki.mori@example.com)',
				'no longer given access: Priya Raman (priya.raman@example.com), Tom Archer (tom.archer@example.com, has left)',
				'still given access: Samuel Adeyemi (Samuel.Adeyemi@example.com)',
				'',
				'• Initech: quarterly business review',
				'given access: Samuel Adeyemi (Samuel.Adeyemi@example.com)',
				'no longer given access: notetaker@example.com',
				'still given access: Maria Keller (maria.keller@example.com), Yuki Mori (yuki.mori@example.com)',
				'',
				'They may still see the calls in other ways.',
			]);
			expect(room().gong.state.accessSnapshot()).toEqual(before);

			const done = await decide(CHANGE);
			expect(done.title).toBe('Done. Keep it?');
			expect(done.text.split('\n')).toEqual([
				'Done: 3 of 3 calls. Access was given 2 times and ended 3 times.',
				'',
				'• Acme Corp: renewal and seat expansion',
				'Gong does not list, so they may see it by a share or a profile: Samuel Adeyemi',
				'',
				'• Globex: pricing and procurement',
				'Gong does not list, so they may see it by a share or a profile: Maria Keller, Yuki Mori',
				'',
				OTHERS,
			]);
			// When somebody of the team has access by a share, Gong lists nobody else for the call.
			expect(access()).toEqual({
				...before.apiAccess,
				[renewal]: [maria, yuki],
				[pricing]: [samuel],
				[review]: [maria, samuel, yuki].sort(),
			});

			expect(await decide(UNDO)).toEqual({
				title: 'It is undone',
				text: 'Your changes were taken back.',
				labels: [],
			});
			expect(room().gong.state.accessSnapshot()).toEqual(before);
		},
		FLOW_MS,
	);

	it(
		'keeps later changes by others when it undoes its own',
		async () => {
			const before = access();
			// Nobody loses access here, so there is nothing to give back.
			const { decide } = await fillIn(renewal, `${TEAM}, jonas.berg@example.com`);
			await decide(CHANGE);
			room().gong.state.grant(renewal, left);
			expect((await decide(UNDO)).title).toBe('It is undone');
			expect(access()).toEqual({ ...before, [renewal]: [maria, left].sort() });
		},
		FLOW_MS,
	);

	it(
		'says so when others have made the same change before it is agreed to',
		async () => {
			const { decide } = await fillIn(demo);
			for (const userId of access()[demo]) room().gong.state.revoke(demo, userId);
			for (const userId of [maria, samuel, yuki]) room().gong.state.grant(demo, userId);
			expect(await decide(CHANGE)).toEqual({
				title: 'Nothing left to do',
				text: 'Nothing was changed.\n\nOthers changed the access to these calls after the plan was shown, and nothing of the plan is left to do.\n\nFill in the form again to see how it is now.',
				labels: [],
			});
			expect(access()[demo]).toEqual([maria, samuel, yuki].sort());
		},
		FLOW_MS,
	);

	it(
		'ends with a page when there is nothing to undo',
		async () => {
			const before = access();
			const { decide } = await fillIn(demo);
			const refuse: Fault = { kind: 'status', status: 400, errors: ['Not today'], times: 100 };
			room().gong.fail({ ...refuse, match: { method: 'PUT' } });
			room().gong.fail({ ...refuse, match: { method: 'DELETE' } });
			const done = await decide(CHANGE);
			room().gong.clearFaults();
			expect(done.text.split('\n')).toEqual([
				'Done: 0 of 1 call. Access was given 0 times and ended 0 times.',
				'',
				'• Northwind Traders: product demo',
				'not given access: Maria Keller, Yuki Mori, Samuel Adeyemi',
				'access not ended: Jonas Berg, Priya Raman',
				'',
				'Gong says: Not today',
				'',
				'To try the rest again, keep it and fill in the form again.',
				'',
				OTHERS,
			]);
			expect(await decide(UNDO)).toEqual({
				title: 'Nothing to undo',
				text: "This form gave nobody access and ended nobody's, so there is nothing to take back.",
				labels: [],
			});
			expect(access()).toEqual(before);
		},
		FLOW_MS,
	);

	it(
		'counts somebody once who is named by an address, an alias and an ID',
		async () => {
			const twice = `m.keller@example.com; maria.keller@example.com, ${maria}`;
			const { page, decide } = await fillIn(`${demo} https://app.gong.io/call?id=${demo}`, twice);
			expect(page.text.split('\n')).toEqual([
				'• Northwind Traders: product demo',
				'given access: Maria Keller (maria.keller@example.com)',
				'no longer given access: Jonas Berg (jonas.berg@example.com), Priya Raman (priya.raman@example.com)',
				'still given access: nobody',
				'',
				'They may still see the calls in other ways.',
			]);
			const { text } = await decide(CHANGE);
			expect(text).toMatch(/^Done: 1 of 1 call. Access was given once and ended 2 times.\n/);
			expect((await decide(KEEP)).title).toBe('It stays so');
			expect(access()[demo]).toEqual([maria]);
		},
		FLOW_MS,
	);

	it(
		'undoes half a change too, when Gong refused the rest',
		async () => {
			const before = room().gong.state.accessSnapshot();
			const { decide } = await fillIn(`${demo} ${review}`);
			const match = { method: 'DELETE' };
			room().gong.fail({ kind: 'status', status: 400, errors: ['Not today'], match, times: 100 });
			const done = await decide(CHANGE);
			room().gong.clearFaults();
			expect(done.title).toBe('Not all of it came out as asked');
			expect(done.text.split('\n')).toEqual([
				'Done: 0 of 2 calls. Access was given 4 times and ended 0 times.',
				'',
				'• Northwind Traders: product demo',
				'access not ended: Jonas Berg, Priya Raman',
				'',
				'• Initech: quarterly business review',
				'access not ended: notetaker@example.com',
				'',
				'Gong says: Not today',
				'',
				'To try the rest again, keep it and fill in the form again.',
				'',
				OTHERS,
			]);
			expect(access()[demo]).toEqual([jonas, maria, priya, samuel, yuki].sort());
			await decide(UNDO);
			expect(room().gong.state.accessSnapshot()).toEqual(before);
		},
		FLOW_MS,
	);

	it(
		'keeps the change when somebody says so, and finds nothing to do the next time',
		async () => {
			const { decide } = await fillIn(demo, TEAM);
			await decide(CHANGE);
			expect(await decide(KEEP)).toEqual({
				title: 'It stays so',
				text: `Nothing more is changed. ${OTHERS}`,
				labels: [],
			});
			expect(access()[demo]).toEqual([maria, samuel, yuki].sort());
			const { title, text } = (await fillIn(demo, TEAM)).page;
			expect(title).toBe('Nothing to change');
			expect(text).toBe(
				"Exactly this team was given access to these calls through Gong's API already. Others may see them as a participant, by a share, or by a permission profile.",
			);
		},
		FLOW_MS,
	);

	it(
		'changes nothing when somebody decides against it',
		async () => {
			const before = access();
			const { decide } = await fillIn(demo);
			const { title, text } = await decide(LEAVE);
			expect([title, text]).toEqual(['Nothing was changed', 'All access is as it was.']);
			expect(access()).toEqual(before);
		},
		FLOW_MS,
	);

	it.each([
		[
			'a call that Gong does not know',
			`${demo}, 1111111111111111111`,
			TEAM,
			/^Gong does not know call 1111111111111111111\. It says: Some calls not found\. Check the IDs, and that the calls were not deleted\. Gong request ID: \w+\.$/,
		],
		[
			'an address that no Gong user has',
			demo,
			'nobody@example.com',
			/^'E-mail addresses of the team' has an e-mail address that no Gong user has: nobody@example\.com\. Check the spelling, or give the user ID in its place\.$/,
		],
		[
			'a team without anybody',
			demo,
			' ',
			/^'E-mail addresses of the team' is empty\. Give e-mail addresses, with commas, spaces or new lines between them\.$/,
		],
	])(
		'asks to check %s, and changes nothing',
		async (_what, callIds, team, reason) => {
			const before = access();
			const { page } = await fillIn(callIds, team);
			expect(page.title).toBe('Please check what you entered');
			expect(page.text.split('\n')).toEqual([
				'Nothing was changed.',
				'',
				expect.stringMatching(reason) as unknown,
			]);
			expect(access()).toEqual(before);
		},
		FLOW_MS,
	);
});
