import {
	callIdAt,
	changesIn,
	makeData,
	SAMPLE_CALL_IDS,
	SAMPLE_USER_IDS,
	sampleData,
	writesIn,
} from '../../harness/gong';
import { ACME, AccountTeamRoom, GLOBEX, RENEWAL, everyone } from './accountTeamRoom';
import { describeExample, FLOW_MS } from './exampleRoom';

const { maria, jonas, priya, samuel, yuki } = SAMPLE_USER_IDS;
const [renewal, demo, hidden, other] = SAMPLE_CALL_IDS;
const EARLIER = Array.from({ length: 6 }, (_, place) => callIdAt(place));

describeExample('account-team', (room) => {
	let team: AccountTeamRoom;
	/** What came to Gong while this was done. */
	const meanwhile = async (act: () => Promise<unknown>) => {
		const begin = room().gong.log.length;
		await act();
		return room().gong.log.slice(begin);
	};

	beforeAll(async () => {
		room().gong.state.load(
			makeData({
				users: sampleData().users,
				calls: [
					{ id: renewal, title: 'Acme: renewal', users: [yuki] },
					{ id: demo, title: 'Globex: demo', users: [] },
					{ id: hidden, title: 'Acme: in private', isPrivate: true, users: [] },
					{ id: other, title: 'Somebody else', users: [yuki] },
					...EARLIER.map((id, place) => ({ id, title: `Acme: weekly ${place}`, users: [] })),
				],
			}),
		);
		team = await AccountTeamRoom.open(room());
		await team.writeTeam(
			[ACME.objectId, 'maria.keller@example.com'],
			[' acme - RENEWAL (28) ', 'Jonas.Berg@Example.com'],
			// As a report of Salesforce shows this account.
			[ACME.objectId.slice(0, 15), priya],
			['Acm', 'samuel.adeyemi@example.com'],
			[null, 'samuel.adeyemi@example.com'],
			['', 'samuel.adeyemi@example.com'],
			[ACME.objectId.slice(0, 15).toLowerCase(), 'samuel.adeyemi@example.com'],
		);
	}, FLOW_MS);

	it(
		'gives a call that Gong tells of to the people of its account and of its deal, and to nobody else',
		async () => {
			const linked = [ACME, RENEWAL, { ...GLOBEX, objectType: 'Contact', name: 'Acm' }];
			const { answer, run } = await team.tells({ id: renewal, isPrivate: false, linked });
			expect(answer).toEqual({ status: 200, text: 'Accepted' });
			expect([run.status, run.error?.message]).toEqual(['success', undefined]);
			expect(team.accessTo(renewal)).toEqual(everyone(yuki, maria, jonas, priya));
			expect(team.accessTo(other)).toEqual([yuki]);
		},
		FLOW_MS,
	);

	it(
		'gives nothing twice when the rule fires twice for a call',
		async () => {
			const before = await team.rowsOf('given');
			expect(before).toHaveLength(3);
			const requests = await meanwhile(async () => {
				const linked = [ACME, RENEWAL];
				const { answer } = await team.tells({ id: renewal, title: 'Acme: renewal', linked });
				expect(answer.status).toBe(200);
			});
			expect(requests).toEqual([]);
			expect(await team.rowsOf('given')).toEqual(before);
		},
		FLOW_MS,
	);

	it(
		'leaves a private call alone, whether Gong said so at once or has to be asked',
		async () => {
			await team.tells({ id: hidden, isPrivate: true, linked: [ACME] });
			await team.tells({ id: hidden, title: 'Acme: in private', linked: [ACME] });
			await team.hour();
			expect(team.accessTo(hidden)).toEqual([]);
		},
		FLOW_MS,
	);

	it(
		'gives nobody access for a test from the rule, nor for a call of an account that is not in the table',
		async () => {
			const requests = await meanwhile(async () => {
				const test = await team.tells({ id: other, isPrivate: false, linked: [ACME] }, true);
				const unknown = await team.tells({ id: demo, isPrivate: false, linked: [GLOBEX] });
				const without = await team.tells({ id: other, isPrivate: false });
				for (const { answer, run } of [test, unknown, without]) {
					expect([answer.status, run.status]).toEqual([200, 'success']);
				}
			});
			expect(requests).toEqual([]);
			expect([team.accessTo(other), team.accessTo(demo)]).toEqual([[yuki], []]);
		},
		FLOW_MS,
	);

	it(
		'gives whoever joins a team the earlier calls of the account, in few requests',
		async () => {
			for (const id of EARLIER) await team.tells({ id, isPrivate: false, linked: [ACME] });
			expect(EARLIER.map(team.accessTo)).toEqual(EARLIER.map(() => everyone(maria, priya)));
			await team.writeTeam(
				[ACME.objectId, 'maria.keller@example.com'],
				[ACME.objectId.slice(0, 15), priya],
				[' acme - RENEWAL (28) ', 'Jonas.Berg@Example.com'],
				[ACME.objectId, 'yuki.mori@example.com'],
				['globex', 'samuel@sso.example.com'],
			);
			const requests = await meanwhile(async () => await team.hour());
			expect(EARLIER.map(team.accessTo)).toEqual(EARLIER.map(() => everyone(maria, priya, yuki)));
			expect(team.accessTo(demo)).toEqual([samuel]);
			expect(team.accessTo(hidden)).toEqual([]);
			const [write, ...others] = writesIn(requests);
			expect(others).toEqual([]);
			expect(changesIn(write)).toEqual(
				expect.arrayContaining([
					{ callId: demo, userIds: [samuel] },
					...EARLIER.map((callId) => ({ callId, userIds: [yuki] })),
				]),
			);
			expect(changesIn(write)).toHaveLength(EARLIER.length + 1);
			expect(requests.length).toBeLessThanOrEqual(5);
		},
		2 * FLOW_MS,
	);

	it(
		'takes nothing from somebody whose row is only written in another way',
		async () => {
			const before = room().gong.state.accessSnapshot();
			await team.writeTeam(
				['Acme', 'm.keller@example.com'],
				[ACME.objectId, priya],
				[RENEWAL.objectId, 'jonas.berg@example.com'],
				[ACME.objectId, yuki],
				[GLOBEX.objectId, 'Samuel.Adeyemi@example.com'],
			);
			const requests = await meanwhile(async () => {
				const { status, error } = await team.hour();
				expect([status, error?.message]).toEqual(['success', undefined]);
			});
			expect(room().gong.state.accessSnapshot()).toEqual(before);
			expect(requests.filter(({ method }) => method === 'DELETE')).toEqual([]);
		},
		FLOW_MS,
	);

	it(
		'takes from whoever leaves what it gave, and leaves what they had before',
		async () => {
			await team.writeTeam(
				['Acme', 'm.keller@example.com'],
				[RENEWAL.objectId, 'jonas.berg@example.com'],
				[GLOBEX.objectId, 'Samuel.Adeyemi@example.com'],
			);
			room().gong.state.grant(demo, jonas);
			const requests = await meanwhile(async () => await team.hour());
			expect(EARLIER.map(team.accessTo)).toEqual(EARLIER.map(() => [maria]));
			// Yuki was given this one by somebody else, before.
			expect(team.accessTo(renewal)).toEqual(everyone(yuki, maria, jonas));
			expect([team.accessTo(other), team.accessTo(demo)]).toEqual([
				[yuki],
				everyone(samuel, jonas),
			]);
			expect(writesIn(requests).map(({ method }) => method)).toEqual(['DELETE']);
			expect(await meanwhile(async () => await team.hour())).not.toContainEqual(
				expect.objectContaining({ method: 'DELETE' }),
			);
		},
		FLOW_MS,
	);
});
