/** Explain: what one endpoint tells and another does not, and what a failure costs. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { runNode, type RunOptions, type RunResult } from '../../harness/engine/engine';
import { detailsOf, gongsOfThisFile, jsonOf, toldBy } from '../../harness/engine/support';
import {
	ALL_SCOPES,
	makeData,
	SCOPES,
	userIdAt,
	callIdAt,
	type LocalGong,
	type LocalGongOptions,
} from '../../harness/gong';

const startGong = gongsOfThisFile();

const [ANN, BOB, CAT] = ['11', '12', '13'];
const LATER = '2100-01-01T00:00:00Z';
const KEY = { accessKey: 'key', accessKeySecret: 'secret' };

const explain = async (
	gong: LocalGong,
	parameters: INodeParameters,
	rest: Omit<RunOptions, 'parameters'> = {},
): Promise<RunResult> =>
	await runNode(gong, {
		...rest,
		parameters: { operation: 'explain', simplify: false, ...parameters },
	});
const pathsOf = ({ log }: LocalGong): string[] => log.map(({ path }) => path);

describe('a call that Gong gives details of, and does not know where it lists access', () => {
	const data = makeData({
		users: [ANN, BOB],
		calls: [
			{ id: '1', primaryUserId: ANN, users: [BOB], knownFrom: { access: LATER } },
			{ id: '2', primaryUserId: ANN, users: [BOB] },
		],
	});
	const settings = { onError: 'continueRegularOutput' as const };

	test('is explained, and the access is said to be not checked', async () => {
		const gong = await startGong({ data });
		const { items } = await explain(gong, { callIds: '[1,2]' }, { settings });
		const [row, other] = jsonOf(items);
		expect(row).toMatchObject({ callId: '1', userIds: [ANN] });
		expect(row.notChecked).toContainEqual(expect.stringMatching(/^apiGrant: .*does not know it/));
		expect(other).toMatchObject({ callId: '2', userIds: [BOB, ANN] });
	});

	test('is neither true nor false for the API by users', async () => {
		const gong = await startGong({ data });
		const { items } = await explain(gong, { callIds: '1', splitInto: 'users' }, { settings });
		expect(jsonOf(items)).toMatchObject([
			{ userId: ANN, viaApi: null, viaParticipation: true, onlyViaApi: false },
		]);
	});
});

describe('a call that the details leave out', () => {
	const data = makeData({
		users: [ANN],
		calls: [
			{ id: '1', primaryUserId: ANN, knownFrom: { details: LATER } },
			{ id: '2', primaryUserId: ANN },
		],
	});

	test('is not called unknown where Gong knows it, Participant only', async () => {
		const gong = await startGong({ data });
		const result = await explain(gong, { callIds: '[1,2]', ways: ['participant'] });
		expect(toldBy(result)).toBe('');
		const [row] = jsonOf(result.items);
		expect(row).toMatchObject({ callId: '1', ways: [], userIds: [] });
		expect(row.notChecked).toContainEqual(
			expect.stringMatching(/^participant: .*Gong gives no details of this call/),
		);
	});

	test('of which nothing more can be asked gives words that say so', async () => {
		const scopes = ALL_SCOPES.filter((scope) => scope !== SCOPES.readAccess);
		const gong = await startGong({ data, accounts: [{ ...KEY, scopes }] });
		const parameters = { callIds: '[1,2]', ways: ['participant'] };
		const settings = { onError: 'continueErrorOutput' as const };
		const { items, errorItems } = await explain(gong, parameters, { credential: KEY, settings });
		expect(jsonOf(items)).toMatchObject([{ callId: '2' }]);
		expect(errorItems.map(detailsOf)).toMatchObject([{ callIds: ['1'], reason: 'unauthorized' }]);
		const [{ json }] = errorItems;
		expect(json.error).toMatch(/no details of call 1, and whether it knows it could not be asked/);
		expect(json.error).not.toMatch(/does not know|leave out/);
	});

	test('is asked for apart, so that the known ones are not searched', async () => {
		const calls = Array.from({ length: 60 }, (_, at) => ({ id: callIdAt(at) }));
		const gong = await startGong({ data: makeData({ calls }) });
		const callIds = JSON.stringify([...calls.map(({ id }) => id), '77', '78']);
		const options = { unknownCalls: 'report' };
		const { items } = await explain(gong, { callIds, ways: ['apiGrant'], options });
		expect(jsonOf(items).filter(({ found }) => found === false)).toHaveLength(2);
		// One for those that are known, and three for the two others.
		expect(pathsOf(gong).filter((path) => path.endsWith('users-access'))).toHaveLength(4);
	});
});

describe('a failure costs only the calls that it concerns', () => {
	const workspaces = Array.from({ length: 6 }, (_, at) => String(100 + at));
	const data = makeData({
		users: [ANN],
		workspaces,
		profiles: workspaces.map((workspaceId, at) => ({
			...{ id: String(50 + at), workspaceId, users: [ANN] },
		})),
		calls: workspaces.map((workspaceId, at) => ({
			...{ id: String(1 + at), workspaceId, primaryUserId: ANN },
		})),
	});
	const settings = { onError: 'continueErrorOutput' as const };

	test.each(['/v2/all-permission-profiles', '/v2/permission-profile/users'])(
		'a 403 of %s for one workspace of six',
		async (path) => {
			const gong = await startGong({ data });
			gong.fail({
				kind: 'status',
				status: 403,
				errors: ['No access'],
				match: { path },
			});
			const callIds = JSON.stringify(data.calls.map(({ id }) => id));
			const { items, errorItems } = await explain(gong, { callIds }, { settings });
			expect(jsonOf(items)).toHaveLength(5);
			expect(errorItems.map(detailsOf)).toMatchObject([
				{ callIds: [expect.any(String)], httpStatus: 403, gongErrors: ['No access'] },
			]);
		},
	);

	test('the scope of the library, of items that chose folders', async () => {
		const scopes = ALL_SCOPES.filter((scope) => scope !== SCOPES.readLibrary);
		const gong = await startGong({ data, accounts: [{ ...KEY, scopes }] });
		const items = [
			{ ways: 'participant, libraryFolder' },
			{ ways: 'participant, permissionProfile' },
		];
		const parameters = { callIds: '1', ways: '={{ $json.ways }}' };
		const result = await explain(gong, parameters, { credential: KEY, settings, items });
		expect(result.items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }]);
		expect(result.errorItems).toHaveLength(1);
		expect(result.errorItems[0].json.error).toContain(SCOPES.readLibrary);
	});
});

describe('comments', () => {
	const company = {
		users: [ANN, BOB],
		calls: [{ id: '1', primaryUserId: ANN, users: [BOB] }],
	};
	const rowOfBob = async (options: LocalGongOptions, change?: (call: IDataObject) => unknown) => {
		const gong = await startGong(options);
		if (change) {
			gong.fail({
				kind: 'body',
				match: { path: '/v2/calls/extensive' },
				times: Infinity,
				change: (answer: unknown) => {
					const { calls, ...rest } = answer as { calls: IDataObject[] };
					return { ...rest, calls: calls.map(change) };
				},
			});
		}
		const parameters = { callIds: '1', ways: ['apiGrant', 'commentMention'] };
		const byUsers = await explain(gong, { ...parameters, splitInto: 'users' });
		const byCalls = await explain(gong, parameters);
		expect(toldBy(byUsers)).toBe('');
		const notChecked = jsonOf(byCalls.items)[0].notChecked as string[];
		return {
			row: jsonOf(byUsers.items).find(({ userId }) => userId === BOB),
			gap: notChecked.find((words) => words.startsWith('commentMention')),
		};
	};

	test('that are none leave no gap', async () => {
		const { row, gap } = await rowOfBob({ data: makeData(company) });
		expect(row).toMatchObject({ viaComment: false, onlyViaApi: true });
		expect(gap).toBeUndefined();
	});

	test.each(['null', 'noList', 'leftOut'] as const)(
		'that are not told are a gap and no nobody: %s',
		async (callWithoutComments) => {
			const assumptions = { callWithoutComments };
			const { row, gap } = await rowOfBob({ data: makeData(company), assumptions });
			expect(row).toMatchObject({ viaComment: null, onlyViaApi: null });
			expect(gap).toMatch(/Gong does not say which public comments this call has/);
		},
	);

	test.each([[null], [7], [{ comment: null }], [{ comment: '@[Bob' }]])(
		'that cannot be read are a gap: %j',
		async (comment) => {
			const collaboration = { publicComments: [comment, { comment: 'Good call' }] };
			const { row, gap } = await rowOfBob(
				{ data: makeData(company), judge: undefined },
				(call) => ({ ...call, collaboration }),
			);
			expect(row).toMatchObject({ viaComment: null, onlyViaApi: null });
			expect(gap).toMatch(/1 public comment cannot be read/);
		},
	);

	test('are asked for only where they are looked at', async () => {
		const gong = await startGong({ data: makeData(company) });
		await explain(gong, { callIds: '1', ways: ['participant'] });
		await explain(gong, { callIds: '1', ways: ['commentMention'] });
		const bodies = gong.log.filter(({ path }) => path.endsWith('extensive'));
		expect(bodies.map(({ body }) => body.includes('publicComments'))).toEqual([false, true]);
	});
});

test('a call in a folder below one that a profile opens is neither open nor closed by it', async () => {
	const data = makeData({
		users: [ANN, BOB, CAT],
		calls: [
			{ id: '1', primaryUserId: ANN, users: [BOB] },
			{ id: '2', primaryUserId: ANN, users: [BOB] },
		],
		profiles: [
			{
				id: '51',
				name: 'Upper',
				callsAccess: { permissionLevel: 'own' },
				libraryFolderAccess: { permissionLevel: 'specific-folders', libraryFolderIds: ['90'] },
				users: [CAT],
			},
		],
		folders: [
			{ id: '90', calls: ['2'] },
			{ id: '91', parentFolderId: '90' },
			{ id: '92', parentFolderId: '91', calls: ['1'] },
		],
	});
	const gong = await startGong({ data });
	const parameters = { callIds: '[1,2]', ways: ['apiGrant', 'libraryFolder'] };
	const { items } = await explain(gong, { ...parameters, splitInto: 'users' });
	const rows = jsonOf(items);
	expect(
		rows.map(({ callId, userId, viaFolder, onlyViaApi }) => [
			...[callId, userId, viaFolder, onlyViaApi],
		]),
	).toEqual([
		['1', BOB, null, null],
		['2', BOB, false, true],
		['2', CAT, true, false],
	]);
	const [below] = jsonOf((await explain(gong, parameters)).items);
	expect(below.notChecked).toContainEqual(
		expect.stringMatching(/^libraryFolder: .*whether Upper, which opens a folder above/),
	);
});

test('a result that n8n could not save is refused in words before it is made', async () => {
	const people = Array.from({ length: 5_000 }, (_, at) => userIdAt(at));
	const calls = Array.from({ length: 1_000 }, (_, at) => ({
		...{ id: callIdAt(at), primaryUserId: people[0] },
	}));
	const data = makeData({ users: people, calls, profiles: [{ id: '1', users: people }] });
	const gong = await startGong({ data, limit: false });
	for (const splitInto of ['calls', 'people']) {
		const items = calls.map(({ id }) => ({ call: id }));
		const parameters = { callIds: '={{ $json.call }}', splitInto };
		const result = await explain(gong, parameters, { items, alone: true });
		expect(toldBy(result)).toMatch(/more than 200 MB/);
		expect(toldBy(result)).toMatch(/Explain fewer calls in one execution/);
	}
}, 60_000);
