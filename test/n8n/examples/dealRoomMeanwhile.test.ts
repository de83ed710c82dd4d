import { SAMPLE_CALL_IDS, SAMPLE_USER_IDS } from '../../harness/gong';
import { CHANGE, type FilledIn, KEEP, openDealRoom, OTHERS, UNDO } from './dealRoomForm';
import { describeExample, FLOW_MS } from './exampleRoom';
import { ranTwice } from './runOnce';

const { maria, jonas, priya, samuel, yuki, left } = SAMPLE_USER_IDS;
const [, demo, , review] = SAMPLE_CALL_IDS;

const BACK = { title: 'It is undone', text: 'Your changes were taken back.', labels: [] };

describeExample('deal-room', (room) => {
	const access = (callId: string) => room().gong.state.accessSnapshot().apiAccess[callId];
	let fillIn: (callIds: string, team: string) => Promise<FilledIn>;

	beforeAll(async () => {
		fillIn = await openDealRoom(room());
	}, FLOW_MS);

	beforeEach(() => room().gong.reset());

	describe('when others change access between the plan and the agreement', () => {
		it(
			'leaves somebody alone whom the plan never showed, and names them',
			async () => {
				const { page, decide } = await fillIn(demo, 'maria.keller@example.com');
				expect(page.text).not.toContain('Tom Archer');
				room().gong.state.grant(demo, left);
				const done = await decide(CHANGE);
				expect(done.title).toBe('Not all of it came out as asked');
				expect(done.text.split('\n')).toEqual([
					'Done: 1 of 1 call. Access was given once and ended 2 times.',
					'',
					'• Northwind Traders: product demo',
					'given access by others since the plan was shown, and left so: Tom Archer',
					'',
					OTHERS,
				]);
				expect(access(demo)).toEqual([maria, left].sort());
				expect(await decide(UNDO)).toEqual(BACK);
				expect(access(demo)).toEqual([jonas, priya, left].sort());
				expect(await ranTwice(room().n8n.rest)).toEqual([]);
			},
			FLOW_MS,
		);

		it(
			'does not give access again to somebody from whom others took it, and names them',
			async () => {
				const { page, decide } = await fillIn(
					demo,
					'jonas.berg@example.com, yuki.mori@example.com',
				);
				expect(page.text).toContain('still given access: Jonas Berg (jonas.berg@example.com)');
				room().gong.state.revoke(demo, jonas);
				const done = await decide(CHANGE);
				expect(done.text.split('\n')).toEqual([
					'Done: 1 of 1 call. Access was given once and ended once.',
					'',
					'• Northwind Traders: product demo',
					'access ended by others since the plan was shown, and left so: Jonas Berg',
					'',
					OTHERS,
				]);
				expect(access(demo)).toEqual([yuki]);
			},
			FLOW_MS,
		);

		it(
			'takes nobody away who is given access while it writes',
			async () => {
				const { decide } = await fillIn(demo, 'maria.keller@example.com');
				const match = { method: 'PUT' };
				const act = () => room().gong.state.grant(demo, left);
				room().gong.fail({ kind: 'meanwhile', act, match });
				await decide(CHANGE);
				expect(access(demo)).toEqual([maria, left].sort());
			},
			FLOW_MS,
		);
	});

	describe('with two forms open for one call', () => {
		it(
			'lets each take back its own changes only, and says no more',
			async () => {
				const first = await fillIn(demo, 'maria.keller@example.com');
				const second = await fillIn(demo, 'yuki.mori@example.com');
				await first.decide(CHANGE);
				// The second plan said that Jonas and Priya would no longer be given access: they are not any more.
				const done = await second.decide(CHANGE);
				expect(done.text.split('\n')).toEqual([
					'Done: 1 of 1 call. Access was given once and ended 0 times.',
					'',
					'• Northwind Traders: product demo',
					'given access by others since the plan was shown, and left so: Maria Keller',
					'',
					OTHERS,
				]);
				expect(access(demo)).toEqual([maria, yuki].sort());
				expect(await second.decide(UNDO)).toEqual(BACK);
				// Jonas and Priya do not have it again, and nobody said so.
				expect(access(demo)).toEqual([maria]);
				expect(await first.decide(UNDO)).toEqual(BACK);
				expect(access(demo)).toEqual([jonas, priya].sort());
			},
			FLOW_MS,
		);

		it(
			'takes nothing from a team that the other form has given access',
			async () => {
				const first = await fillIn(demo, 'maria.keller@example.com');
				await first.decide(CHANGE);
				const second = await fillIn(demo, 'maria.keller@example.com, yuki.mori@example.com');
				await second.decide(CHANGE);
				expect((await second.decide(KEEP)).title).toBe('It stays so');
				expect(await first.decide(UNDO)).toEqual(BACK);
				expect(access(demo)).toEqual([jonas, priya, yuki].sort());
			},
			FLOW_MS,
		);
	});

	describe('when the undo fails', () => {
		it(
			'names the calls, the people and how it is now, says what to do, and ends',
			async () => {
				const { decide } = await fillIn(`${demo} ${review}`, 'yuki.mori@example.com');
				await decide(CHANGE);
				expect([access(demo), access(review)]).toEqual([[yuki], [yuki]]);
				const match = { method: 'PUT', bodyIncludes: demo };
				room().gong.fail({ kind: 'status', status: 400, errors: ['Not today'], match, times: 100 });
				const end = await decide(UNDO);
				room().gong.clearFaults();
				expect(end.title).toBe('Not all of your changes were taken back');
				const what =
					'What to do: fill in the form again with these calls and the people who should be given access. It shows how things are before it changes anything.';
				expect(end.text.split('\n')).toEqual([
					'Your changes were taken back in 1 of 2 calls.',
					'',
					'• Northwind Traders: product demo',
					'not given access again: Jonas Berg, Priya Raman',
					'all who are given access now: nobody',
					'',
					'Gong says: Not today',
					'',
					what,
				]);
				expect(access(demo)).toEqual([]);
				expect(access(review)).toEqual([maria, yuki, SAMPLE_USER_IDS.sparse].sort());
				expect(await ranTwice(room().n8n.rest)).toEqual([]);
			},
			FLOW_MS,
		);

		it(
			'goes by what Gong lists afterwards when only its answers were lost',
			async () => {
				const { decide } = await fillIn(demo, 'maria.keller@example.com');
				await decide(CHANGE);
				room().gong.fail({ kind: 'reset', applied: true, match: { method: 'DELETE' }, times: 100 });
				expect(await decide(UNDO)).toEqual(BACK);
				room().gong.clearFaults();
				expect(access(demo)).toEqual([jonas, priya].sort());
			},
			FLOW_MS,
		);

		it(
			'says so when nobody can tell how it is now',
			async () => {
				const { decide } = await fillIn(demo, 'maria.keller@example.com');
				await decide(CHANGE);
				const match = { method: 'POST', path: '/v2/calls/users-access' };
				room().gong.fail({ kind: 'status', status: 503, match, times: 100 });
				const end = await decide(UNDO);
				room().gong.clearFaults();
				expect(end.title).toBe('Not all of your changes were taken back');
				expect(end.text).toMatch(
					/^• Northwind Traders: product demo\nhow it is now could not be looked up\n/,
				);
				expect(end.text).toMatch(/\n\nWhat to do: fill in the form again /);
			},
			FLOW_MS,
		);

		it(
			'says so of a call that was deleted meanwhile',
			async () => {
				const { decide } = await fillIn(`${demo} ${review}`, 'yuki.mori@example.com');
				await decide(CHANGE);
				room().gong.state.hideCall(demo);
				const end = await decide(UNDO);
				expect(end.title).toBe('Not all of your changes were taken back');
				expect(end.text).toMatch(
					/^Your changes were taken back in 1 of 2 calls\.\n\n• Northwind Traders: product demo\nGong does not know this call any more\n/,
				);
				expect(access(review)).toEqual([maria, yuki, SAMPLE_USER_IDS.sparse].sort());
			},
			FLOW_MS,
		);
	});

	it(
		'ends no access where it is not known whether the team has it, and can take that back, too',
		async () => {
			const { decide } = await fillIn(demo, `${samuel}`);
			room().gong.fail({ kind: 'reset', applied: true, match: { method: 'PUT' }, times: 100 });
			const done = await decide(CHANGE);
			room().gong.clearFaults();
			expect(done.text.split('\n')).toEqual([
				'Done: 0 of 1 call. Access was given 0 times and ended 0 times.',
				'',
				'• Northwind Traders: product demo',
				'not known whether given access: Samuel Adeyemi',
				'access not ended: Jonas Berg, Priya Raman',
				'',
				'Gong gave no usable answer. n8n has the reason under Executions.',
				'',
				'Undo takes back, too, what is not known.',
				'',
				'To try the rest again, keep it and fill in the form again.',
				'',
				OTHERS,
			]);
			expect(access(demo)).toEqual([jonas, priya, samuel].sort());
			expect(await decide(UNDO)).toEqual(BACK);
			expect(access(demo)).toEqual([jonas, priya].sort());
		},
		FLOW_MS,
	);
});
