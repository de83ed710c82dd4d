import {
	callIdAt,
	type Fault,
	makeData,
	SAMPLE_CALL_IDS,
	SAMPLE_USER_IDS,
	sampleData,
	writesIn,
} from '../../harness/gong';
import { ACME, AccountTeamRoom, everyone } from './accountTeamRoom';
import { AN_ID, describeExample, FLOW_MS } from './exampleRoom';

const { maria, jonas, priya, samuel } = SAMPLE_USER_IDS;
const [renewal, demo, gone, late] = SAMPLE_CALL_IDS;

const UNKNOWN = 'Gong does not know the call. The next hours try again.';
const EMPTY =
	'Team gave no row with account and user, so nobody was given or lost access. If the table Gong account team is empty, fill it in under Data tables.';

const DELETED =
	'The table “Account team, given” was deleted, and is empty now. Whoever was given access before keeps it. Run Get Many for the calls in “Account team, calls” to see who that is, and Revoke for whoever should not have it.';
const CALLS_DELETED =
	'The table “Account team, calls” was deleted, and is empty now. Whoever joins a team does not get the calls that Gong told of before. Run Grant for these.';

describeExample('account-team, with something failing', (room) => {
	let team: AccountTeamRoom;
	const linked = [ACME];
	const DOWN: Fault = { kind: 'status', status: 503, errors: ['Not today'], times: 1_000 };
	const writes = { match: { method: 'PUT' } };

	beforeAll(async () => {
		const titles = { [renewal]: 'Acme: renewal', [demo]: 'Acme: demo', [gone]: 'Acme: gone' };
		const calls = [renewal, demo, gone, callIdAt(1), callIdAt(2)].map((id, place) => ({
			id,
			title: titles[id] ?? `Acme: ${place}`,
			users: [],
		}));
		room().gong.state.load(makeData({ users: sampleData().users, calls }));
		team = await AccountTeamRoom.open(room(), { mostPeopleWhoMayLoseAccess: '2' });
		await team.writeTeam([ACME.objectId, maria], [ACME.objectId, jonas]);
	}, FLOW_MS);

	afterEach(() => room().gong.clearFaults());

	it(
		'accepts a call while Gong is down, says what happened, and gives access an hour later',
		async () => {
			room().gong.fail(DOWN);
			const told = { id: renewal, title: 'Acme: renewal', isPrivate: false, linked };
			const { answer, run } = await team.tells(told);
			expect([answer.status, run.status]).toEqual([200, 'error']);
			expect(run.error?.message).toContain('Not today');
			expect(team.accessTo(renewal)).toEqual([]);
			room().gong.clearFaults();
			expect((await team.hour()).status).toBe('success');
			expect(team.accessTo(renewal)).toEqual(everyone(maria, jonas));
		},
		2 * FLOW_MS,
	);

	it(
		'tries again what Gong did not take, or whose answer was lost, and takes it away later all the same',
		async () => {
			room().gong.fail({ ...DOWN, ...writes, applied: true });
			const { run } = await team.tells({ id: demo, title: 'Acme: demo', isPrivate: false, linked });
			expect(run.status).toBe('error');
			expect(run.error?.message).toMatch(/^Access was not given: .+\(Acme: demo\)$/);
			expect(run.error?.message).not.toMatch(AN_ID);
			room().gong.clearFaults();
			expect((await team.hour()).status).toBe('success');
			expect(team.accessTo(demo)).toEqual(everyone(maria, jonas));

			await team.writeTeam([ACME.objectId, maria]);
			room().gong.fail({ ...DOWN, match: { method: 'DELETE' } });
			const failed = await team.hour();
			expect(failed.error?.message).toMatch(/^Access was not taken away: .+Acme: demo/);
			expect(team.accessTo(demo)).toEqual(everyone(maria, jonas));
			room().gong.clearFaults();
			expect((await team.hour()).status).toBe('success');
			expect([team.accessTo(demo), team.accessTo(renewal)]).toEqual([[maria], [maria]]);
		},
		2 * FLOW_MS,
	);

	it(
		'gives anew what was taken without an answer from somebody who is back by the next hour',
		async () => {
			await team.writeTeam([ACME.objectId, maria], [ACME.objectId, jonas]);
			await team.hour();
			await team.writeTeam([ACME.objectId, maria]);
			room().gong.fail({ ...DOWN, match: { method: 'DELETE' }, applied: true });
			expect((await team.hour()).status).toBe('error');
			expect(team.accessTo(demo)).toEqual([maria]);
			room().gong.clearFaults();
			await team.writeTeam([ACME.objectId, maria], [ACME.objectId, jonas]);
			expect((await team.hour()).status).toBe('success');
			expect(team.accessTo(demo)).toEqual(everyone(maria, jonas));
		},
		2 * FLOW_MS,
	);

	it(
		'takes nothing from anybody while Gong cannot be asked who a new address is',
		async () => {
			const before = room().gong.state.accessSnapshot();
			await team.writeTeam([ACME.objectId, 'maria.keller@example.com'], [ACME.objectId, jonas]);
			room().gong.fail({ ...DOWN, match: { method: 'POST', path: '/v2/calls/users-access' } });
			const { error } = await team.hour();
			expect(error?.message).toMatch(/^Access was not given: .+Acme: demo/);
			room().gong.clearFaults();
			expect((await team.hour()).status).toBe('success');
			expect(room().gong.state.accessSnapshot()).toEqual(before);
		},
		2 * FLOW_MS,
	);

	it(
		'names an address that Gong does not know, and gives access to the others',
		async () => {
			await team.writeTeam(
				[ACME.objectId, maria],
				[ACME.objectId, 'nobody@example.com'],
				[ACME.objectId, samuel],
			);
			const { status, error } = await team.hour();
			expect([status, team.accessTo(demo)]).toEqual(['error', everyone(maria, jonas, samuel)]);
			expect(error?.message).toMatch(
				/^Row “[^”]+”, “nobody@example\.com”: no Gong user has the address/,
			);
			expect(error?.message).not.toContain('Nothing was changed');
		},
		FLOW_MS,
	);

	it(
		'waits for a call that Gong tells of before it finds it, and names it',
		async () => {
			await team.writeTeam([ACME.objectId, maria], [ACME.objectId, samuel]);
			const told = { id: late, title: 'Acme: late', linked };
			const { answer, run } = await team.tells(told);
			expect([answer.status, run.status, run.error?.message]).toEqual([200, 'success', undefined]);
			const [waiting] = run.rows('What did not work');
			expect(waiting).toEqual({
				message: '',
				waits: `Access was not given: ${UNKNOWN} (Acme: late)`,
			});
			expect((await team.tells({ ...told, isPrivate: false })).run.error?.message).toBeUndefined();
			const [call] = makeData({ calls: [{ id: late, users: [] }] }).calls;
			room().gong.state.calls.set(late, call);
			room().gong.state.apiAccess.set(late, new Set());
			expect((await team.hour()).status).toBe('success');
			expect(team.accessTo(late)).toEqual(everyone(maria, samuel));
		},
		FLOW_MS,
	);

	it(
		'waits for a call that Gong does not know and from which somebody is to be taken',
		async () => {
			await team.tells({ id: gone, title: 'Acme: gone', isPrivate: false, linked });
			room().gong.state.hideCall(gone);
			await team.writeTeam([ACME.objectId, maria]);
			const first = await team.hour();
			expect([first.status, first.rows('What did not work')]).toEqual([
				'success',
				[{ message: '', waits: `Access was not taken away: ${UNKNOWN} (Acme: gone)` }],
			]);
			expect([demo, renewal, late].map(team.accessTo)).toEqual([[maria], [maria], [maria]]);
			room().gong.state.knownFrom.delete(gone);
			await team.hour();
			expect(team.accessTo(gone)).toEqual([maria]);
			expect((await team.hour()).status).toBe('success');
		},
		2 * FLOW_MS,
	);

	it(
		'takes nothing from anybody when the table is empty or was deleted, or when very many would lose access',
		async () => {
			const whole = [maria, jonas, priya].map((user) => [ACME.objectId, user] as const);
			await team.writeTeam(...whole);
			await team.hour();
			const before = room().gong.state.accessSnapshot();
			const begin = room().gong.log.length;
			await team.writeTeam();
			const empty = await team.hour();
			await team.deleteTable('team');
			const anew = await team.hour();
			const told = await team.tells({ id: renewal, isPrivate: false, linked });
			await team.writeTeam(['Globex', samuel]);
			const many = await team.hour();
			expect(told.answer.status).toBe(200);
			expect([empty, anew, told.run, many].map(({ error }) => error?.message)).toEqual([
				...[EMPTY, EMPTY, EMPTY],
				`3 people would lose access, more than the 2 of Your settings, so nothing was taken away from anybody: maria.keller@example.com; ${jonas}; ${priya}. If they are to lose it, raise that number for an hour.`,
			]);
			expect(writesIn(room().gong.log.slice(begin))).toEqual([]);
			expect(room().gong.state.accessSnapshot()).toEqual(before);
		},
		FLOW_MS,
	);

	it(
		'says once that the table of what was given was deleted, as soon as a run gets that far',
		async () => {
			await team.writeTeam([ACME.objectId, maria], [ACME.objectId, jonas]);
			await team.hour();
			const before = team.accessTo(demo);
			await team.deleteTable('given');
			await team.writeTeam([ACME.objectId, maria], [ACME.objectId, jonas], [ACME.objectId, priya]);
			room().gong.fail(DOWN);
			expect((await team.hour()).status).toBe('error');
			room().gong.clearFaults();
			const { status, error } = await team.hour();
			expect([status, error?.message]).toEqual(['error', DELETED]);
			expect((await team.hour()).status).toBe('success');
			expect(team.accessTo(demo)).toEqual(everyone(...before, priya));
			await team.deleteTable('given');
			const { answer, run } = await team.tells({ id: renewal, isPrivate: false, linked });
			expect([answer.status, run.error?.message]).toEqual([200, DELETED]);
		},
		2 * FLOW_MS,
	);

	it(
		'says once that the table of calls was deleted',
		async () => {
			const before = room().gong.state.accessSnapshot();
			await team.deleteTable('calls');
			const { status, error } = await team.hour();
			expect([status, error?.message]).toEqual(['error', CALLS_DELETED]);
			expect((await team.hour()).status).toBe('success');
			await team.deleteTable('calls');
			expect((await team.hour()).error?.message).toBe(CALLS_DELETED);
			expect(room().gong.state.accessSnapshot()).toEqual(before);
		},
		2 * FLOW_MS,
	);
});
