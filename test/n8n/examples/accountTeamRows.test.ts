import {
	callIdAt,
	makeData,
	SAMPLE_CALL_IDS,
	SAMPLE_USER_IDS,
	sampleData,
} from '../../harness/gong';
import { ACME, AccountTeamRoom, GLOBEX, everyone } from './accountTeamRoom';
import { describeExample, FLOW_MS } from './exampleRoom';

const { maria, jonas, priya, yuki } = SAMPLE_USER_IDS;
const [first, second, moved, refused] = SAMPLE_CALL_IDS;
const CONSTRUCTOR = { objectType: 'Account', objectId: 'none1', name: 'Constructor' };

describeExample('account-team, with odd rows and calls', (room) => {
	let team: AccountTeamRoom;
	const isWell = async () => {
		const { status, error } = await team.hour();
		expect([status, error?.message]).toEqual(['success', undefined]);
	};
	const tells = async (id: string, ...linked: (typeof ACME)[]) =>
		await team.tells({ id, isPrivate: false, linked });

	beforeAll(async () => {
		const ids = [first, second, moved, refused, callIdAt(1), callIdAt(2), callIdAt(3)];
		const calls = ids.map((id) => ({ id, title: `Call of ${id}`, users: [] as string[] }));
		room().gong.state.load(makeData({ users: sampleData().users, calls }));
		team = await AccountTeamRoom.open(room());
	}, FLOW_MS);

	it(
		'takes nothing that others gave where two people stand in one cell',
		async () => {
			room().gong.state.grant(first, maria);
			await team.writeTeam([
				ACME.objectId,
				'maria.keller@example.com, Jonas <jonas.berg@example.com>',
			]);
			await tells(first, ACME);
			expect(team.accessTo(first)).toEqual(everyone(maria, jonas));
			await team.writeTeam([GLOBEX.objectId, priya]);
			await isWell();
			expect(team.accessTo(first)).toEqual([maria]);
		},
		FLOW_MS,
	);

	it(
		'takes access from whom an address no longer means',
		async () => {
			const { users } = room().gong.state;
			await team.writeTeam([ACME.objectId, 'yuki.mori@example.com']);
			await tells(second, ACME);
			expect(team.accessTo(second)).toEqual([yuki]);
			const [old, next] = [yuki, priya].map((id) => users.get(id) ?? { emailAddress: '' });
			Object.assign(old, { emailAddress: 'yuki.moved@example.com', emailAliases: [] });
			Object.assign(next, { emailAddress: 'yuki.mori@example.com' });
			await tells(callIdAt(1), ACME);
			await isWell();
			await isWell();
			expect([team.accessTo(second), team.accessTo(callIdAt(1))]).toEqual([[priya], [priya]]);
			await team.writeTeam([GLOBEX.objectId, maria]);
			await isWell();
			expect([team.accessTo(second), team.accessTo(callIdAt(1))]).toEqual([[], []]);
		},
		FLOW_MS,
	);

	it(
		'gives a call that moved to another account to nobody who joins the one before',
		async () => {
			await team.writeTeam([ACME.objectId, maria], [GLOBEX.objectId, jonas]);
			await tells(moved, ACME);
			await tells(moved, GLOBEX);
			await team.writeTeam([ACME.objectId, maria], [ACME.objectId, yuki], [GLOBEX.objectId, jonas]);
			await isWell();
			expect(team.accessTo(moved)).toEqual(everyone(maria, jonas));
		},
		FLOW_MS,
	);

	it(
		'leaves what others gave after Gong had refused it',
		async () => {
			await team.writeTeam([ACME.objectId, maria]);
			const match = { method: 'PUT' };
			room().gong.fail({ kind: 'status', status: 400, errors: ['Not now'], match, times: 1_000 });
			expect((await tells(refused, ACME)).run.error?.message).toContain('Not now');
			room().gong.clearFaults();
			room().gong.state.grant(refused, maria);
			await isWell();
			await team.writeTeam([GLOBEX.objectId, jonas]);
			await isWell();
			expect(team.accessTo(refused)).toEqual([maria]);
		},
		FLOW_MS,
	);

	it(
		'knows an account by any way to write its ID or name, and takes no word for one of its own',
		async () => {
			const short = { ...ACME, objectId: '0019930000vmLBa', name: 'Trail  of O’Brien ' };
			await team.writeTeam(
				['0019930000vmLBa', maria],
				["trail of o'brien", jonas],
				['Constructor', yuki],
			);
			await tells(callIdAt(2), short);
			await tells(callIdAt(3), CONSTRUCTOR);
			await tells('abc', short);
			await isWell();
			await isWell();
			expect(team.accessTo(callIdAt(2))).toEqual(everyone(maria, jonas));
			expect(team.accessTo(callIdAt(3))).toEqual([yuki]);
		},
		FLOW_MS,
	);
});
