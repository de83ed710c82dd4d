/** Explain by people: each person once over the whole run, with the calls that they can see, and why. */
import type { IDataObject } from 'n8n-workflow';
import { runNode, type RunOptions, type RunResult } from '../../harness/engine/engine';
import { accessOf, detailsOf, gongsOfThisFile, jsonOf, toldBy } from '../../harness/engine/support';
import { makeData, type LocalGong } from '../../harness/gong';

const startGong = gongsOfThisFile();

const [SALES, SUCCESS] = ['100', '200'];
const [ANN, BOB, CAT, LEFT] = ['11', '12', '13', '14'];
const [FIRST, SECOND, PRIVATE, IMPORTED] = ['7001', '7002', '7003', '7004'];
const DATA = makeData({
	users: [ANN, BOB, { id: CAT, managerId: ANN }, { id: LEFT, active: false }],
	workspaces: [SALES, SUCCESS],
	profiles: [
		{ id: '51', name: 'Everything', workspaceId: SALES, users: [ANN] },
		{
			id: '52',
			name: 'Own calls',
			workspaceId: SALES,
			callsAccess: { permissionLevel: 'own' },
			users: [BOB, CAT],
		},
	],
	calls: [
		{ id: FIRST, primaryUserId: CAT, users: [BOB, LEFT], workspaceId: SALES },
		{
			id: SECOND,
			primaryUserId: CAT,
			users: [BOB],
			workspaceId: SALES,
			comments: [`@[Bob](${BOB})`],
		},
		{ id: PRIVATE, primaryUserId: CAT, users: [BOB], workspaceId: SALES, isPrivate: true },
		{ id: IMPORTED, primaryUserId: BOB, clientUniqueId: 'dialer-17', workspaceId: SUCCESS },
	],
});

const byPeople = async (
	gong: LocalGong,
	callIds: string,
	options: IDataObject = {},
	rest: Omit<RunOptions, 'parameters'> = {},
): Promise<RunResult> =>
	await runNode(gong, {
		...rest,
		parameters: { operation: 'explain', splitInto: 'people', callIds, options: options as never },
	});
const rowOf = (rows: IDataObject[], userId: string): IDataObject =>
	rows.find((row) => row.userId === userId) ?? {};

test('a person has their calls, the ways into them, and those that a revoke would end', async () => {
	const gong = await startGong({ data: DATA });
	const { items } = await byPeople(gong, JSON.stringify([FIRST, SECOND, PRIVATE]));
	const rows = jsonOf(items);
	const { requestIds, notChecked, ...bob } = rowOf(rows, BOB);
	expect(JSON.stringify(bob)).toBe(
		JSON.stringify({
			userId: BOB,
			userActive: true,
			callIds: [FIRST, SECOND, PRIVATE],
			callCount: 3,
			onlyViaApiCallIds: [FIRST, PRIVATE],
			ways: [
				{ way: 'apiGrant', certainty: 'stated', callIds: [FIRST, SECOND] },
				{ way: 'apiGrant', certainty: 'derived', callIds: [PRIVATE] },
				{ way: 'commentMention', certainty: 'documented', callIds: [SECOND] },
			],
		}),
	);
	expect(requestIds).toEqual(expect.arrayContaining([expect.any(String)]));
	expect((notChecked as string[]).map((words) => words.split(':')[0])).toEqual([
		...['share', 'privateComment', 'privateFolder', 'adminRole', 'libraryFolder'],
	]);
	expect(rowOf(rows, ANN).ways).toEqual([
		{
			way: 'permissionProfile',
			certainty: 'documented',
			callIds: [FIRST, SECOND],
			profileId: '51',
			profileName: 'Everything',
			permissionLevel: 'all',
		},
	]);
	expect(rowOf(rows, LEFT)).toMatchObject({ userActive: false, onlyViaApiCallIds: [FIRST] });
	expect(rows.map(({ userId }) => userId)).toHaveLength(4);
});

test('the calls only through the API go straight into Revoke', async () => {
	const gong = await startGong({ data: DATA });
	const { items } = await byPeople(gong, JSON.stringify([FIRST, SECOND, PRIVATE]));
	await runNode(gong, {
		items: jsonOf(items).filter(({ userId }) => userId === BOB),
		parameters: {
			operation: 'revoke',
			callIds: '={{ $json.onlyViaApiCallIds }}',
			userIds: '={{ $json.userId }}',
		},
	});
	expect(accessOf(gong)).toMatchObject({ [FIRST]: [LEFT], [SECOND]: [BOB], [PRIVATE]: [] });
});

test('a person over several items stands once, and is linked to each of them', async () => {
	const gong = await startGong({ data: DATA });
	const items = [
		{ id: 'a', call: SECOND },
		{ id: 'b', call: JSON.stringify([FIRST, SECOND]) },
	];
	const result = await byPeople(gong, '={{ $json.call }}', {}, { items });
	const bob = result.items.find(({ json }) => json.userId === BOB);
	expect(bob?.json.callIds).toEqual([SECOND, FIRST]);
	expect(bob?.pairedItem).toEqual([{ item: 0 }, { item: 1 }]);
	const left = result.items.find(({ json }) => json.userId === LEFT);
	expect(left?.pairedItem).toEqual({ item: 1 });
});

test('what could not be looked at in some of the calls is said to everybody, with how many', async () => {
	const gong = await startGong({ data: DATA });
	const { items } = await byPeople(gong, JSON.stringify([FIRST, SECOND, IMPORTED]));
	for (const { notChecked } of jsonOf(items)) {
		expect(notChecked).toContainEqual(
			expect.stringMatching(/^participant: .*for 1 of 3 calls: only its owner/),
		);
	}
	// An API-given access to a call that is looked at only in part may not be the only way there.
	const [only] = jsonOf((await byPeople(gong, IMPORTED)).items);
	expect(only.notChecked).toContainEqual(expect.stringMatching(/^participant: .*\(only its owner/));
});

test('details stand beside the IDs', async () => {
	const gong = await startGong({ data: DATA });
	const options = { includeUserDetails: true, includeCallDetails: true, unknownCalls: 'report' };
	const { items } = await byPeople(gong, FIRST, options);
	expect(Object.keys(rowOf(jsonOf(items), BOB))).toEqual([
		...['userId', 'userName', 'userEmail', 'userActive', 'callIds', 'calls', 'callCount'],
		...['onlyViaApiCallIds', 'ways', 'notChecked', 'found', 'requestIds'],
	]);
	expect(rowOf(jsonOf(items), BOB).calls).toEqual([
		{
			callId: FIRST,
			callTitle: expect.any(String),
			callUrl: expect.any(String),
			callStarted: expect.any(String),
		},
	]);
});

test('calls that Gong does not know stand in an item of their own where they are reported', async () => {
	const gong = await startGong({ data: DATA });
	const { items } = await byPeople(gong, JSON.stringify([FIRST, '78', '79']), {
		unknownCalls: 'report',
	});
	expect(jsonOf(items).filter(({ found }) => found === false)).toMatchObject([
		{ userId: null, userActive: null, callIds: ['78', '79'], onlyViaApiCallIds: [], ways: [] },
	]);
	expect(toldBy(await byPeople(gong, JSON.stringify([FIRST, '78'])))).toMatch(
		/does not know call 78/,
	);
	const settings = { onError: 'continueErrorOutput' as const };
	const result = await byPeople(gong, JSON.stringify([FIRST, '78']), {}, { settings });
	expect(result.items).toHaveLength(4);
	expect(result.errorItems.map(detailsOf)).toMatchObject([{ callIds: ['78'] }]);
});
