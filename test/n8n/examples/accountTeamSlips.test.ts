import {
	callIdAt,
	makeData,
	SAMPLE_CALL_IDS,
	SAMPLE_USER_IDS,
	sampleData,
} from '../../harness/gong';
import { ACME, AccountTeamRoom, GLOBEX, everyone } from './accountTeamRoom';
import { describeExample, FLOW_MS } from './exampleRoom';

const { maria, jonas, priya, samuel, yuki } = SAMPLE_USER_IDS;
const [first, second, demo, hidden] = SAMPLE_CALL_IDS;
const late = callIdAt(2);
const MARIA = 'maria.keller@example.com';
const JONAS = 'jonas.berg@example.com';
const INITECH = { objectType: 'Account', objectId: '0011630000qQqQqQAA', name: 'Initech' };

type Rows = readonly (readonly [account: string | null, user: string | null])[];

describeExample('account-team, with slips in the table', (room) => {
	let team: AccountTeamRoom;
	const RIGHT: Rows = [
		['Acme', MARIA],
		['Acme', JONAS],
		['Globex', priya],
		['Initech', yuki],
	];
	/** What the run says with these rows. */
	const hourWith = async (...rows: Rows) => {
		await team.writeTeam(...rows);
		const { status, error } = await team.hour();
		return status === 'success' ? status : error?.message.split('\n');
	};
	const access = () => [first, second, demo, hidden].map(team.accessTo);
	/** The right table, by which everybody has access. */
	const begin = async () => {
		expect(await hourWith(...RIGHT)).toBe('success');
		const both = everyone(maria, jonas);
		expect(access()).toEqual([both, both, [priya], [yuki]]);
		return access();
	};

	beforeAll(async () => {
		const calls = [first, second, demo, hidden, late].map((id) => ({ id, users: [] as string[] }));
		room().gong.state.load(makeData({ users: sampleData().users, calls }));
		team = await AccountTeamRoom.open(room());
		await team.writeTeam(...RIGHT);
		for (const id of [first, second]) await team.tells({ id, title: id, linked: [ACME] });
		await team.tells({ id: demo, title: 'Globex: demo', linked: [GLOBEX] });
		await team.tells({ id: hidden, title: 'Initech: in private', linked: [INITECH] });
		const call = room().gong.state.calls.get(hidden);
		if (call) call.isPrivate = true;
	}, FLOW_MS);

	it(
		'takes nothing from the people of an account that is misspelled in all of its rows',
		async () => {
			const before = await begin();
			const rows: Rows = [['Acmee', MARIA], ['Acmee', JONAS], ...RIGHT.slice(2)];
			expect(await hourWith(...rows)).toEqual([
				`2 rows “Acmee”: no call of such an account is known. Correct them, or remove them until the account has a call. Until then 2 people keep access: ${MARIA} (2 calls); ${JONAS} (2 calls).`,
			]);
			expect(access()).toEqual(before);
		},
		FLOW_MS,
	);

	it(
		'takes nothing from the people of an account with a row without a user, and goes on with the others',
		async () => {
			await begin();
			const rows: Rows = [
				['Acme', MARIA],
				['Acme', null],
				['Initech', yuki],
				['Globex', samuel],
			];
			expect(await hourWith(...rows)).toEqual([
				`Row “Acme”: the user is missing. Fill it in, or remove the row. Until then ${JONAS} keeps access to 2 calls.`,
			]);
			const both = everyone(maria, jonas);
			expect(access()).toEqual([both, both, [samuel], [yuki]]);
		},
		FLOW_MS,
	);

	it(
		'takes nothing from a person with a row without an account, and says so where nobody would lose access',
		async () => {
			const before = await begin();
			const rows: Rows = [['Acme', MARIA], [' ', 'Jonas.Berg@example.com'], ...RIGHT.slice(2)];
			expect(await hourWith(...rows)).toEqual([
				`Row “Jonas.Berg@example.com”: the account is missing. Fill it in, or remove the row. Until then ${JONAS} keeps access to 2 calls.`,
			]);
			expect(await hourWith(...RIGHT, ['', MARIA], ['Globex', ''], [null, null])).toEqual([
				`Row “${MARIA}”: the account is missing. Fill it in, or remove the row.`,
				'Row “Globex”: the user is missing. Fill it in, or remove the row.',
			]);
			expect(access()).toEqual(before);
		},
		FLOW_MS,
	);

	it(
		'takes nothing from the people of an account with an unknown address, and gives access to the others',
		async () => {
			await begin();
			const rows: Rows = [
				['Acme', MARIA],
				['Acme', 'jonas.burg@example.com'],
				['Acme', samuel],
				...RIGHT.slice(2),
			];
			expect(await hourWith(...rows)).toEqual([
				`Row “Acme”, “jonas.burg@example.com”: no Gong user has the address jonas.burg@example.com. Correct it, or remove the row. Until then ${JONAS} keeps access to 2 calls.`,
			]);
			const three = everyone(maria, jonas, samuel);
			expect(access()).toEqual([three, three, [priya], [yuki]]);
		},
		FLOW_MS,
	);

	it(
		'quotes a cell as it is',
		async () => {
			await begin();
			expect(await hourWith(...RIGHT, ['Acme', 'Priya Raman'])).toEqual([
				'Row “Acme”, “Priya Raman”: this is no Gong user ID or e-mail address. Correct it, or remove the row.',
			]);
		},
		FLOW_MS,
	);

	it(
		'takes nothing from the people of an account with an ID that no Gong user has',
		async () => {
			const before = await begin();
			const said = await hourWith(['Acme', MARIA], ['Acme', callIdAt(1)], ...RIGHT.slice(2));
			expect(said).toContainEqual(
				`Row “Acme”, “${callIdAt(1)}”: it is not known whether Gong has a user with this ID. Write the e-mail address in its place, or remove the row. Until then ${JONAS} keeps access to 2 calls.`,
			);
			expect(access()).toEqual(before);
		},
		FLOW_MS,
	);

	it(
		'asks who is meant where all calls of an account are private',
		async () => {
			const before = await begin();
			const others = RIGHT.slice(0, 3);
			expect(await hourWith(...others, ['Initech', 'yuki.mori@example.com'])).toBe('success');
			expect(await hourWith(...others, ['Initech', 'yuki.more@example.com'])).toEqual([
				`Row “Initech”, “yuki.more@example.com”: no Gong user has the address yuki.more@example.com. Correct it, or remove the row. Until then ${yuki} keeps access to 1 call.`,
			]);
			expect(access()).toEqual(before);
		},
		FLOW_MS,
	);

	it(
		'takes nothing from anybody while neither account nor user of a row are known',
		async () => {
			const before = await begin();
			const rows: Rows = [...RIGHT.slice(0, 2), ['Globx', 'priya.ramon@example.com'], RIGHT[3]];
			expect(await hourWith(...rows)).toEqual([
				`Row “Globx”, “priya.ramon@example.com”: no Gong user has the address priya.ramon@example.com, and no call of such an account is known. Correct it, or remove the row. Until then ${priya} keeps access to 1 call.`,
			]);
			expect(access()).toEqual(before);
		},
		FLOW_MS,
	);

	it(
		'says nothing of a new account without calls, and holds nobody else for it',
		async () => {
			await begin();
			expect(await hourWith(...RIGHT, ['Newco', MARIA])).toBe('success');
			const rows: Rows = [...RIGHT.slice(1), ['Newco', 'samuel.adeyemi@example.com']];
			expect(await hourWith(...rows)).toBe('success');
			expect(access()).toEqual([[jonas], [jonas], [priya], [yuki]]);
		},
		FLOW_MS,
	);

	it(
		'tells of an address that Gong has no longer, where a call is to be given to it',
		async () => {
			const before = await begin();
			const user = room().gong.state.users.get(jonas);
			Object.assign(user ?? {}, { emailAddress: 'jonas.moved@example.com' });
			const { run } = await team.tells({ id: late, title: 'Acme: late', linked: [ACME] });
			expect(run.error?.message).toBe(
				`Row “Acme”, “${JONAS}”: no Gong user has the address ${JONAS}. Correct it, or remove the row.`,
			);
			expect(team.accessTo(late)).toEqual([maria]);
			expect(access()).toEqual(before);
			Object.assign(user ?? {}, { emailAddress: JONAS });
			await begin();
			expect(team.accessTo(late)).toEqual(everyone(maria, jonas));
		},
		FLOW_MS,
	);
});
