/** Explain: a company whose every way into each call is known by hand, and what the rows say of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { runNode, type RunOptions, type RunResult } from '../../harness/engine/engine';
import {
	askedIn,
	detailsOf,
	gongsOfThisFile,
	jsonOf,
	linksOf,
	toldBy,
	watchLog,
} from '../../harness/engine/support';
import {
	ALL_SCOPES,
	callIdAt,
	companyOfTeams,
	makeData,
	SAMPLE_CALL_IDS,
	SCOPES,
	userIdAt,
	type CallInput,
	type Fault,
	type LocalGong,
} from '../../harness/gong';
import { FROM_ITEM } from '../inputs';

const startGong = gongsOfThisFile();

const SALES = '100';
const SUCCESS = '200';
const [BOSS, VICE, LEAD, ANN, BOB, LEAD2, CAT] = ['1', '2', '3', '4', '5', '6', '7'];
const [LEFT, RING1, RING2, PARTNER, GUEST, NEW, LOST] = ['8', '9', '10', '11', '12', '13', '14'];
const FOLDER = '900';

/** Ann and Bob report to the lead, the lead to the vice president, and that one to the boss. */
const USERS = [
	{ id: BOSS },
	{ id: VICE, managerId: BOSS },
	{ id: LEAD, managerId: VICE },
	{ id: ANN, managerId: LEAD },
	{ id: BOB, managerId: LEAD },
	{ id: LEAD2, managerId: VICE },
	{ id: CAT, managerId: LEAD2 },
	{ id: LEFT, managerId: LEAD, active: false },
	// Each is the manager of the other.
	{ id: RING1, managerId: RING2 },
	{ id: RING2, managerId: RING1 },
	{ id: PARTNER },
	{ id: GUEST },
	// Has no profile in the workspace of sales.
	{ id: NEW, managerId: LEAD },
	// Reports to somebody whom Gong does not list.
	{ id: LOST, managerId: '999' },
];

const closed = { libraryFolderAccess: { permissionLevel: 'none' as const } };
const PROFILES = [
	{ id: '51', name: 'A: all', users: [BOSS] },
	{
		...closed,
		id: '52',
		name: 'B: those below',
		callsAccess: { permissionLevel: 'report-to-them' as const },
		users: [VICE, LEAD, LEAD2, RING1, LOST],
	},
	{
		...closed,
		id: '53',
		name: 'C: own team',
		callsAccess: { permissionLevel: 'managers-team' as const },
		users: [ANN, BOB, CAT],
	},
	{
		...closed,
		id: '54',
		name: 'D: some teams',
		callsAccess: { permissionLevel: 'managers-team' as const, teamLeadIds: [LEAD2] },
		users: [PARTNER],
	},
	{
		id: '55',
		name: 'E: own',
		callsAccess: { permissionLevel: 'own' as const },
		libraryFolderAccess: {
			permissionLevel: 'specific-folders' as const,
			libraryFolderIds: [FOLDER],
		},
		users: [RING2, LEFT],
	},
	{
		...closed,
		id: '56',
		name: 'F: none',
		callsAccess: { permissionLevel: 'none' as const },
		users: [GUEST],
	},
].map((profile) => ({ ...profile, workspaceId: SALES }));

const EXTERNAL = { emailAddress: 'lena@acme.example', affiliation: 'External' as const };
const CALLS: Record<string, Omit<CallInput, 'id'>> = {
	open: {
		primaryUserId: ANN,
		parties: [ANN, EXTERNAL],
		users: [NEW],
		comments: ['Good call!', `@[Ann](${ANN}), @[Guest [Ops]](${GUEST}) see this`],
	},
	private: {
		primaryUserId: CAT,
		parties: [CAT, GUEST, NEW, { userId: BOB, affiliation: 'External' }],
		users: [PARTNER, LEFT],
		isPrivate: true,
		comments: [`@[Bob](${BOB}) in private`, { comment: `@[Partner](${PARTNER})` }],
	},
	ring: {
		primaryUserId: RING1,
		parties: [RING1, { userId: RING2, affiliation: 'Unknown' }],
	},
	imported: { primaryUserId: CAT, clientUniqueId: 'dialer-17' },
	success: { primaryUserId: BOB, parties: [BOB], workspaceId: SUCCESS },
	folder: { primaryUserId: LOST, parties: [LOST, EXTERNAL] },
};
const NAMES = Object.keys(CALLS);
const idOf = (name: string): string => String(7_000 + NAMES.indexOf(name));
const COMPANY = makeData({
	users: USERS,
	calls: NAMES.map((name) => ({ workspaceId: SALES, ...CALLS[name], id: idOf(name) })),
	workspaces: [SALES, SUCCESS],
	profiles: [
		...PROFILES,
		{ id: '61', name: 'Success', workspaceId: SUCCESS, users: [BOB, LEFT, NEW] },
	],
	folders: [
		{ id: FOLDER, name: 'Best demos', workspaceId: SALES, calls: [idOf('folder')] },
		{ id: '901', name: 'Empty', workspaceId: SALES },
	],
});
const ALL_WAYS = [
	...['apiGrant', 'participant', 'permissionProfile', 'commentMention', 'libraryFolder'],
];
const NEVER = ['share', 'privateComment', 'privateFolder', 'adminRole'];

const explain = async (
	gong: LocalGong,
	parameters: INodeParameters,
	options: Omit<RunOptions, 'parameters'> = {},
): Promise<RunResult> =>
	await runNode(gong, {
		...options,
		// All columns, unless a test is about the few.
		parameters: { operation: 'explain', simplify: false, ...parameters },
	});

const pathsOf = ({ log }: LocalGong): string[] =>
	log.map(({ method, path }) => `${method} ${path}`).sort();
const namesIn = (notChecked: unknown): string[] =>
	(notChecked as string[]).map((words) => words.split(':')[0]);

interface WayRow extends IDataObject {
	way: string;
	certainty: string;
	userIds: string[];
}
/** The ways of a row, each on a line. */
const waysIn = (row: IDataObject): string[] =>
	(row.ways as WayRow[]).map(
		({ way, certainty, userIds, profileName, permissionLevel, folderName }) =>
			[way, certainty, profileName, permissionLevel, folderName, userIds.join(' ')]
				.filter((part) => part !== undefined)
				.join(' | '),
	);

describe('a company whose every way is known by hand', () => {
	let rows: Map<string, IDataObject>;
	let byUsers: IDataObject[];
	let gong: LocalGong;

	beforeAll(async () => {
		gong = await startGong({ data: COMPANY });
		const parameters = { callIds: JSON.stringify(NAMES.map(idOf)), ways: ALL_WAYS };
		const result = await explain(gong, parameters);
		rows = new Map(jsonOf(result.items).map((row, place) => [NAMES[place], row]));
		byUsers = jsonOf((await explain(gong, { ...parameters, splitInto: 'users' })).items);
	});

	test.each<[name: string, ways: string[], userIds: string[], inactive: string[]]>([
		[
			'open',
			[
				`apiGrant | stated | ${NEW}`,
				`participant | documented | ${ANN}`,
				`permissionProfile | documented | A: all | all | ${BOSS}`,
				`permissionProfile | documented | B: those below | report-to-them | ${VICE} ${LEAD}`,
				`permissionProfile | derived | C: own team | managers-team | ${ANN} ${BOB}`,
				`commentMention | documented | ${ANN} ${GUEST}`,
			],
			[NEW, ANN, BOSS, VICE, LEAD, BOB, GUEST],
			[],
		],
		[
			'private',
			[
				`apiGrant | derived | ${PARTNER} ${LEFT}`,
				`participant | documented | ${CAT}`,
				`participant | derived | ${GUEST} ${NEW}`,
				`commentMention | documented | ${BOB} ${PARTNER}`,
			],
			[PARTNER, CAT, GUEST, NEW, BOB],
			[LEFT],
		],
		[
			'ring',
			[
				`participant | documented | ${RING1} ${RING2}`,
				`permissionProfile | documented | A: all | all | ${BOSS}`,
				`permissionProfile | documented | B: those below | report-to-them | ${RING1}`,
			],
			[RING1, RING2, BOSS],
			[],
		],
		[
			'imported',
			[
				`participant | documented | ${CAT}`,
				`permissionProfile | documented | A: all | all | ${BOSS}`,
				`permissionProfile | documented | B: those below | report-to-them | ${VICE} ${LEAD2}`,
				`permissionProfile | derived | C: own team | managers-team | ${CAT}`,
				`permissionProfile | derived | D: some teams | managers-team | ${PARTNER}`,
			],
			[CAT, BOSS, VICE, LEAD2, PARTNER],
			[],
		],
		[
			'success',
			[
				`participant | documented | ${BOB}`,
				`permissionProfile | documented | Success | all | ${BOB} ${LEFT} ${NEW}`,
			],
			[BOB, NEW],
			[LEFT],
		],
		[
			'folder',
			[
				`participant | documented | ${LOST}`,
				`permissionProfile | documented | A: all | all | ${BOSS}`,
				`libraryFolder | derived | Best demos | ${BOSS} ${RING2} ${LEFT}`,
			],
			[LOST, BOSS, RING2],
			[LEFT],
		],
	])('the call "%s"', (name, ways, userIds, inactiveUserIds) => {
		const row = rows.get(name) ?? {};
		expect(waysIn(row)).toEqual(ways);
		expect(row).toMatchObject({
			callId: idOf(name),
			isPrivate: name === 'private',
			workspaceId: name === 'success' ? SUCCESS : SALES,
			userIds,
			inactiveUserIds,
			userCount: userIds.length,
		});
		const gaps = name === 'imported' ? ['participant', 'permissionProfile'] : [];
		expect(namesIn(row.notChecked)).toEqual([...NEVER, ...gaps]);
	});

	test('by calls has these keys in this order, and the request ID of the access list', () => {
		const row = rows.get('folder') ?? {};
		expect(Object.keys(row)).toEqual([
			'callId',
			'isPrivate',
			'workspaceId',
			'ways',
			'userIds',
			'inactiveUserIds',
			'userCount',
			'notChecked',
			'requestId',
			'requestIds',
		]);
		const ways = row.ways as IDataObject[];
		expect(ways.map((way) => Object.keys(way).join(' '))).toEqual([
			'way certainty userIds',
			'way certainty userIds profileId profileName permissionLevel',
			'way certainty userIds folderId folderName',
		]);
		const listed = gong.log.find(({ path }) => path === '/v2/calls/users-access');
		expect(row.requestId).toBe(listed?.requestId);
		const sent = gong.log.map(({ requestId }) => requestId);
		const ids = row.requestIds as string[];
		// The call, the profiles of its workspace, the users of each of the six, the folder, and the access list.
		expect(ids).toHaveLength(10);
		expect(ids.filter((id) => !sent.includes(id))).toEqual([]);
		expect(ids.at(-1)).toBe(row.requestId);
	});

	test('by users has a row for everybody who was found, those who have left too', () => {
		const found = [...rows.values()].flatMap(({ callId, userIds, inactiveUserIds }) =>
			[userIds, inactiveUserIds].flatMap((ids) =>
				(ids as string[]).map((userId) => `${String(callId)} ${userId}`),
			),
		);
		const told = byUsers.map(({ callId, userId }) => `${String(callId)} ${String(userId)}`);
		expect([...told].sort()).toEqual([...found].sort());
	});

	test('by users claims nothing about a way that could be looked at only in part', async () => {
		const { imported } = CALLS;
		const data = makeData({
			users: USERS,
			calls: [{ ...imported, workspaceId: SALES, id: '1', users: [GUEST, CAT] }],
			workspaces: [SALES],
			profiles: PROFILES,
		});
		const parameters = { callIds: '1', ways: ALL_WAYS, splitInto: 'users' };
		const { items } = await explain(await startGong({ data }), parameters);
		const rowOf = (id: string) => jsonOf(items).find(({ userId }) => userId === id);
		const unsure = { viaParticipation: null, viaProfile: null, viaFolder: false };
		expect(rowOf(GUEST)).toMatchObject({ viaApi: true, ...unsure, onlyViaApi: null });
		expect(rowOf(CAT)).toMatchObject({ viaApi: true, viaParticipation: true, onlyViaApi: false });
	});

	test.each<[call: string, userId: string, why: string, said: IDataObject]>([
		['open', NEW, 'Given through the API', { viaApi: true, onlyViaApi: true, certainty: 'stated' }],
		[
			'open',
			ANN,
			'Took part; mentioned in a comment; permission profile C: own team (likely)',
			{
				viaParticipation: true,
				viaProfile: true,
				viaComment: true,
				profileName: 'C: own team',
				permissionLevel: 'managers-team',
				certainty: 'documented',
				certaintyWithoutApi: 'documented',
			},
		],
		[
			'open',
			BOB,
			'Permission profile C: own team (likely)',
			{
				viaProfile: true,
				profileName: 'C: own team',
				permissionLevel: 'managers-team',
				certainty: 'derived',
				certaintyWithoutApi: 'derived',
			},
		],
		[
			'private',
			PARTNER,
			'Mentioned in a comment; given through the API (likely)',
			{
				viaApi: true,
				viaComment: true,
				certainty: 'documented',
				certaintyWithoutApi: 'documented',
			},
		],
		[
			'private',
			LEFT,
			'Given through the API (likely)',
			{ userActive: false, viaApi: true, onlyViaApi: true, certainty: 'derived' },
		],
		[
			'private',
			CAT,
			'Took part',
			{ viaParticipation: true, certainty: 'documented', certaintyWithoutApi: 'documented' },
		],
		[
			'private',
			GUEST,
			'Took part (likely)',
			{ viaParticipation: true, certainty: 'derived', certaintyWithoutApi: 'derived' },
		],
		[
			'folder',
			BOSS,
			'Permission profile A: all; library folder Best demos (likely)',
			{
				viaProfile: true,
				viaFolder: true,
				profileName: 'A: all',
				permissionLevel: 'all',
				certainty: 'documented',
				certaintyWithoutApi: 'documented',
			},
		],
		[
			'folder',
			RING2,
			'Library folder Best demos (likely)',
			{ viaFolder: true, certainty: 'derived', certaintyWithoutApi: 'derived' },
		],
	])('by users, the call "%s" and the user %s: %s', (name, userId, why, said) => {
		const row = byUsers.find((one) => one.callId === idOf(name) && one.userId === userId) ?? {};
		const { requestId, ...rest } = row;
		expect(JSON.stringify(rest)).toBe(
			JSON.stringify({
				callId: idOf(name),
				isPrivate: name === 'private',
				userId,
				userActive: true,
				viaApi: false,
				viaParticipation: false,
				viaProfile: false,
				viaComment: false,
				viaFolder: false,
				onlyViaApi: false,
				profileName: null,
				permissionLevel: null,
				why,
				certainty: null,
				certaintyWithoutApi: null,
				...said,
			}),
		);
		expect(requestId).toEqual(expect.any(String));
	});

	test('says of nobody that they cannot see a call', () => {
		const text = JSON.stringify([...rows.values(), ...byUsers]);
		expect(text).not.toMatch(/can ?not|can't|no access|denied|hidden/i);
	});
});

describe('the ways that are chosen', () => {
	const PATHS: Record<string, string> = {
		users: 'GET /v2/users',
		calls: 'POST /v2/calls/extensive',
		access: 'POST /v2/calls/users-access',
		profiles: 'GET /v2/all-permission-profiles',
		profileUsers: 'GET /v2/permission-profile/users',
		folders: 'GET /v2/library/folders',
		content: 'GET /v2/library/folder-content',
	};
	const PROFILE_PATHS = ['profiles', ...Array<string>(6).fill('profileUsers')];

	test.each<[ways: string[], also: string[], participant: string | undefined]>([
		[['apiGrant'], ['access'], undefined],
		// Without the profiles nothing is known of the level of a participant.
		[['participant'], [], `participant | derived | ${ANN}`],
		[['permissionProfile'], PROFILE_PATHS, undefined],
		[['commentMention'], [], undefined],
		[['libraryFolder'], [...PROFILE_PATHS, 'folders', 'content', 'content'], undefined],
		[
			['participant', 'libraryFolder'],
			[...PROFILE_PATHS, 'folders', 'content', 'content'],
			`participant | documented | ${ANN}`,
		],
	])('%j ask Gong for what they need and no more', async (ways, also, participant) => {
		const gong = await startGong({ data: COMPANY });
		const { items } = await explain(gong, { callIds: idOf('open'), ways });
		expect(pathsOf(gong)).toEqual(['users', 'calls', ...also].map((name) => PATHS[name]).sort());
		const [row] = jsonOf(items);
		const left = ALL_WAYS.filter((way) => !ways.includes(way));
		expect(namesIn(row.notChecked)).toEqual([...NEVER, ...left]);
		expect(row.notChecked).toContainEqual(expect.stringMatching(/\(not chosen\)$/));
		expect(waysIn(row).find((line) => line.startsWith('participant'))).toBe(participant);
		expect(row.requestId).toEqual(expect.any(String));
	});

	test('that were not chosen have no columns by users', async () => {
		const gong = await startGong({ data: COMPANY });
		const parameters = { callIds: idOf('folder'), splitInto: 'users' };
		const columns = await Promise.all(
			['participant', 'permissionProfile', 'libraryFolder'].map(async (way) => {
				const { items } = await explain(gong, { ...parameters, ways: [way] });
				return Object.keys(jsonOf(items)[0]).slice(4, -1).join(' ');
			}),
		);
		const rest = 'why certainty certaintyWithoutApi';
		expect(columns).toEqual([
			`viaParticipation onlyViaApi ${rest}`,
			`viaProfile onlyViaApi profileName permissionLevel ${rest}`,
			`viaFolder onlyViaApi ${rest}`,
		]);
	});

	test('by users, simplified, are told in words alone', async () => {
		const gong = await startGong({ data: COMPANY });
		const parameters = { callIds: idOf('open'), splitInto: 'users', simplify: true };
		const { items } = await explain(gong, parameters);
		const row = jsonOf(items).find(({ userId }) => userId === ANN) ?? {};
		const { requestId, ...rest } = row;
		expect(JSON.stringify(rest)).toBe(
			JSON.stringify({
				callId: idOf('open'),
				isPrivate: false,
				userId: ANN,
				userActive: true,
				why: 'Took part; mentioned in a comment; permission profile C: own team (likely)',
				onlyViaApi: false,
				certainty: 'documented',
			}),
		);
		expect(requestId).toEqual(expect.any(String));
	});

	test('are all but library folders by default', async () => {
		const gong = await startGong({ data: COMPANY });
		const { items } = await explain(gong, { callIds: idOf('folder') });
		expect(namesIn(jsonOf(items)[0].notChecked)).toEqual([...NEVER, 'libraryFolder']);
	});

	test('may come from an expression, as a list or as text', async () => {
		const gong = await startGong({ data: COMPANY });
		const { items } = await explain(
			gong,
			{ callIds: idOf('open'), ways: '={{ $json.ways }}' },
			{ items: [{ ways: ['participant'] }, { ways: 'participant, apiGrant' }] },
		);
		expect(jsonOf(items).map((row) => waysIn(row).length)).toEqual([1, 2]);
	});

	test.each([
		[[], /'Ways' is empty/],
		[['share'], /'Ways' has no choice/],
		[7, /'Ways' has no choice/],
	])('are refused before anything is sent: %j', async (ways, words) => {
		const gong = await startGong({ data: COMPANY });
		const result = await explain(
			gong,
			{ callIds: idOf('open'), ways: '={{ $json.ways }}' },
			{ items: [{ ways }] },
		);
		expect(toldBy(result)).toMatch(words);
		expect(gong.log).toEqual([]);
	});
});

describe('a scope that the credential lacks', () => {
	const KEY = { accessKey: 'key', accessKeySecret: 'secret' };
	const run = async (scope: string, parameters: INodeParameters) => {
		const scopes = ALL_SCOPES.filter((known) => known !== scope);
		const gong = await startGong({ data: COMPANY, accounts: [{ ...KEY, scopes }] });
		return await explain(gong, { callIds: idOf('folder'), ...parameters }, { credential: KEY });
	};

	test.each([
		[SCOPES.readAccess, ['apiGrant'], /leave out 'Access Given Through the API' under 'Ways'/],
		[
			SCOPES.readProfiles,
			['permissionProfile', 'libraryFolder'],
			/leave out 'Permission Profile' and/,
		],
		[SCOPES.readLibrary, ['libraryFolder'], /leave out 'Public Library Folder' under 'Ways'/],
	])('%s is named, with what to leave out', async (scope, needing, words) => {
		const result = await run(scope, { ways: ALL_WAYS });
		expect(toldBy(result)).toContain(`lacks the scope ${scope}`);
		expect(toldBy(result)).toMatch(words);
		expect(result.items).toEqual([]);
		const without = await run(scope, { ways: ALL_WAYS.filter((way) => !needing.includes(way)) });
		expect(toldBy(without)).toBe('');
		expect(without.items).toHaveLength(1);
	});

	test.each([SCOPES.readUsers, SCOPES.findCalls])('%s is named as needed', async (scope) => {
		const told = toldBy(await run(scope, { ways: ['participant'] }));
		expect(told).toContain(`lacks the scope ${scope}`);
		expect(told).toContain('Explain does not work without it.');
		expect(told).not.toMatch(/Include|leave out/);
	});
});

describe('calls that Gong does not know', () => {
	const callIds = JSON.stringify([idOf('open'), '77', idOf('ring')]);

	test.each([true, false])('are reported, API-given access asked for: %j', async (byApi) => {
		const gong = await startGong({ data: COMPANY });
		const ways = byApi ? ['apiGrant', 'participant'] : ['participant'];
		const options = { unknownCalls: 'report' };
		const result = await explain(gong, { callIds, ways, options });
		expect(toldBy(result)).toBe('');
		const rows = jsonOf(result.items);
		expect(rows.map(({ callId, found }) => [callId, found])).toEqual([
			[idOf('open'), true],
			['77', false],
			[idOf('ring'), true],
		]);
		expect(rows[1]).toMatchObject({ isPrivate: null, ways: [], userIds: [], userCount: 0 });
		expect(namesIn(rows[1].notChecked)).toEqual(expect.arrayContaining(NEVER));
		const byUsers = await explain(gong, { callIds, ways, options, splitInto: 'users' });
		const [unknown] = jsonOf(byUsers.items).filter(({ callId }) => callId === '77');
		const { requestId, ...rest } = unknown;
		expect(JSON.stringify(rest)).toBe('{"callId":"77","userId":null,"found":false}');
		// It is asked for even where access is not: the details alone do not say that Gong does not know it.
		expect(requestId).toEqual(expect.any(String));
	});

	const CHOICES = [['apiGrant', 'participant'], ['participant']];

	test.each(CHOICES)('end a run set to stop, in words: %s %s', async (...ways) => {
		const gong = await startGong({ data: COMPANY });
		const result = await explain(gong, { callIds, ways });
		expect(result.items).toEqual([]);
		expect(toldBy(result)).toMatch(/Gong does not know call 77\. It says: Some calls not found\n/);
		expect(toldBy(result)).toContain("set the option 'Unknown Calls' to 'Report'");
	});

	test.each(CHOICES)('cost only themselves on continue: %s %s', async (...ways) => {
		const gong = await startGong({ data: COMPANY });
		const settings = { onError: 'continueErrorOutput' as const };
		const { items, errorItems } = await explain(gong, { callIds, ways }, { settings });
		expect(jsonOf(items).map(({ callId }) => callId)).toEqual([idOf('open'), idOf('ring')]);
		expect(errorItems.map(detailsOf)).toMatchObject([
			{ callIds: ['77'], reason: 'unknownCalls', outcome: 'refused' },
		]);
	});
});

describe('what Gong leaves open in its answers', () => {
	const change = (path: string, by: (answer: IDataObject) => unknown) => ({
		kind: 'body' as const,
		match: { path },
		times: Infinity,
		change: (answer: unknown) => by(answer as IDataObject),
	});
	const changeList = (path: string, list: string, by: (all: IDataObject[]) => unknown) =>
		change(path, (answer) => ({ ...answer, [list]: by(answer[list] as IDataObject[]) }));
	const leaveOut = (path: string, list: string) => changeList(path, list, () => undefined);
	const calls = (by: (call: IDataObject) => unknown) =>
		changeList('/v2/calls/extensive', 'calls', (all) => all.flatMap(by));
	const profiles = (by: (all: IDataObject[]) => unknown) =>
		changeList('/v2/all-permission-profiles', 'profiles', by);
	const profile = (id: string, fields: IDataObject) =>
		profiles((all) => all.map((one) => (one.id === id ? { ...one, ...fields } : one)));
	const withMetaData = (call: IDataObject, fields: IDataObject): IDataObject => ({
		...call,
		metaData: { ...(call.metaData as IDataObject), ...fields },
	});
	const metaData = (fields: IDataObject) => calls((call) => withMetaData(call, fields));
	const parties = (of: unknown[]) => calls((call) => ({ ...call, parties: of }));
	const users = (by: (all: IDataObject[]) => IDataObject[]) =>
		change('/v2/users', ({ users: all, requestId }) => ({
			requestId,
			users: by(all as IDataObject[]),
		}));
	const addressOf = (userId: string): string =>
		COMPANY.users.find(({ id }) => id === userId)?.emailAddress ?? '';
	const WAYS_OF_OPEN = [
		'apiGrant stated',
		'participant documented',
		'permissionProfile documented',
		'permissionProfile documented',
		'permissionProfile derived',
		'commentMention documented',
	];
	const UNSURE_MANAGERS = [
		...['apiGrant stated', 'participant documented', 'permissionProfile documented'],
		'commentMention documented',
	];

	const NO_CALLS = ['No calls found corresponding to the provided filters'];

	test.each<[what: string, fault: Fault, gaps: string[], ways: string[]]>([
		[
			'whether a call is private',
			metaData({ isPrivate: null }),
			['permissionProfile', 'libraryFolder'],
			['apiGrant derived', 'participant documented', 'commentMention documented'],
		],
		[
			'the workspace of a call',
			metaData({ workspaceId: null }),
			['permissionProfile', 'libraryFolder'],
			['apiGrant stated', 'participant derived', 'commentMention documented'],
		],
		[
			'the details of a call',
			{
				kind: 'status',
				status: 404,
				errors: NO_CALLS,
				match: { path: '/v2/calls/extensive' },
			},
			['participant', 'permissionProfile', 'commentMention', 'libraryFolder'],
			['apiGrant derived'],
		],
		[
			'which profiles there are',
			leaveOut('/v2/all-permission-profiles', 'profiles'),
			['permissionProfile', 'libraryFolder'],
			['apiGrant stated', 'participant derived', 'commentMention documented'],
		],
		[
			'who has the profiles',
			leaveOut('/v2/permission-profile/users', 'users'),
			['permissionProfile'],
			['apiGrant stated', 'participant derived', 'commentMention documented'],
		],
		[
			'which folders there are',
			leaveOut('/v2/library/folders', 'folders'),
			['libraryFolder'],
			WAYS_OF_OPEN,
		],
		[
			'which calls are in folders',
			leaveOut('/v2/library/folder-content', 'calls'),
			['libraryFolder'],
			WAYS_OF_OPEN,
		],
		[
			'which user a party is who has the address of one',
			parties([{ userId: ANN }, { emailAddress: addressOf(BOB).toUpperCase() }]),
			['participant', 'permissionProfile'],
			WAYS_OF_OPEN,
		],
		[
			'who reports to whom, where a participant is not among the users',
			users((all) => all.filter(({ id }) => id !== ANN)),
			['permissionProfile'],
			UNSURE_MANAGERS,
		],
		[
			'who reports to whom, where an entry of the users is null',
			change('/v2/users', ({ users: all, requestId }) => ({
				requestId,
				users: (all as IDataObject[]).map((user) => (user.id === ANN ? null : user)),
			})),
			['permissionProfile'],
			UNSURE_MANAGERS,
		],
		[
			'which profiles there are, where an entry is null',
			profiles(() => [null]),
			['permissionProfile', 'libraryFolder'],
			['apiGrant stated', 'participant derived', 'commentMention documented'],
		],
		[
			'who has the profiles, where Gong finds nobody',
			{
				kind: 'status',
				status: 404,
				errors: ['No users found'],
				match: { path: '/v2/permission-profile/users' },
				times: Infinity,
			},
			['permissionProfile'],
			['apiGrant stated', 'participant derived', 'commentMention documented'],
		],
		[
			'the owner and the parties of a call',
			calls((call) => ({ ...withMetaData(call, { primaryUserId: null }), parties: undefined })),
			['participant', 'permissionProfile'],
			['apiGrant stated', 'permissionProfile documented', 'commentMention documented'],
		],
	])('%s is said to be not checked', async (_what, fault, gaps, ways) => {
		const gong = await startGong({ data: COMPANY });
		gong.fail(fault);
		const result = await explain(gong, { callIds: idOf('open'), ways: ALL_WAYS });
		expect(toldBy(result)).toBe('');
		const [row] = jsonOf(result.items);
		expect(namesIn(row.notChecked)).toEqual([...NEVER, ...gaps]);
		expect((row.ways as WayRow[]).map(({ way, certainty }) => `${way} ${certainty}`)).toEqual(ways);
	});

	test('a level that this node does not know is said, with the name of its profile', async () => {
		const gong = await startGong({ data: COMPANY });
		gong.fail(profile('51', { callsAccess: { permissionLevel: 'most' } }));
		const { items } = await explain(gong, { callIds: idOf('ring') });
		const [row] = jsonOf(items);
		expect(row.notChecked).toContainEqual(expect.stringMatching(/^permissionProfile: .*A: all/));
		expect(row.userIds).toEqual([RING1, RING2]);
	});

	test('a party from the company whose address belongs to no user leaves no gap', async () => {
		const gong = await startGong({ data: COMPANY });
		gong.fail(parties([{ userId: ANN }, { emailAddress: 'room@acme.example' }, {}]));
		const { items } = await explain(gong, { callIds: idOf('open'), ways: ALL_WAYS });
		expect(namesIn(jsonOf(items)[0].notChecked)).toEqual(NEVER);
	});

	test.each([['somewhere'], [null]])(
		'a folder level that this node does not know, %j, is said of a call in a folder',
		async (permissionLevel) => {
			const gong = await startGong({ data: COMPANY });
			gong.fail(profile('51', { libraryFolderAccess: { permissionLevel } }));
			const callIds = JSON.stringify([idOf('folder'), idOf('open')]);
			const { items } = await explain(gong, { callIds, ways: ALL_WAYS });
			const [held, open] = jsonOf(items);
			expect(held.notChecked).toContainEqual(expect.stringMatching(/^libraryFolder: .*A: all/));
			expect(namesIn(open.notChecked)).toEqual(NEVER);
		},
	);

	test.each([
		[true, false],
		[false, true],
		[true, null],
	])('a call that Gong lists twice, private %j and %j, counts as private', async (...told) => {
		const gong = await startGong({ data: COMPANY });
		gong.fail(calls((call) => told.map((isPrivate) => withMetaData(call, { isPrivate }))));
		const { items } = await explain(gong, { callIds: idOf('open'), ways: ALL_WAYS });
		const [row] = jsonOf(items);
		expect(row.isPrivate).toBe(true);
		const ways = (row.ways as WayRow[]).map(({ way }) => way);
		expect(ways).toEqual(['apiGrant', 'participant', 'commentMention']);
	});

	test('a profile and a folder that Gong lists twice appear once', async () => {
		const parameters = { callIds: idOf('folder'), ways: ALL_WAYS };
		const { items: once } = await explain(await startGong({ data: COMPANY }), parameters);
		const gong = await startGong({ data: COMPANY });
		const twice = (path: string, list: string) => changeList(path, list, (all) => [...all, ...all]);
		gong.fail(twice('/v2/all-permission-profiles', 'profiles'));
		gong.fail(twice('/v2/library/folders', 'folders'));
		const { items } = await explain(gong, parameters);
		expect(waysIn(jsonOf(items)[0])).toEqual(waysIn(jsonOf(once)[0]));
		expect(waysIn(jsonOf(items)[0]).length).toBeGreaterThan(2);
	});

	test('a profile that Gong lists twice with different details gives words', async () => {
		const gong = await startGong({ data: COMPANY });
		const closing = { callsAccess: { permissionLevel: 'none' } };
		gong.fail(profiles((all) => [...all, { ...all[0], ...closing }]));
		const result = await explain(gong, { callIds: idOf('open') });
		expect(toldBy(result)).toMatch(/its list of profiles has "?51"? twice, with different details/);
	});

	test.each([
		['a participant', RING2],
		['somebody whose profile opens the calls of their own team', CAT],
	])('who reports to whom is not known where %s is not among the users', async (_who, userId) => {
		const gong = await startGong({ data: COMPANY });
		gong.fail(users((all) => all.filter(({ id }) => id !== userId)));
		const { items } = await explain(gong, { callIds: idOf('ring'), ways: ALL_WAYS });
		expect(namesIn(jsonOf(items)[0].notChecked)).toEqual([...NEVER, 'permissionProfile']);
	});

	test('a user whom Gong lists twice with different details gives words', async () => {
		const gong = await startGong({ data: COMPANY });
		const left = { id: ANN, active: false };
		gong.fail(users((all) => [...all, left]));
		const result = await explain(gong, { callIds: idOf('open') });
		expect(toldBy(result)).toMatch(/its list of users has "?4"? twice, with different details/);
	});

	test('a null among the parties of a call gives words', async () => {
		const gong = await startGong({ data: COMPANY });
		gong.fail(parties([null, EXTERNAL]));
		const result = await explain(gong, { callIds: idOf('open') });
		expect(toldBy(result)).toMatch(/its parties has an entry that is not an object/);
	});

	test('participants that Gong does not name matter to no level but those of teams', async () => {
		const { imported } = CALLS;
		const data = makeData({
			users: USERS,
			calls: [{ ...imported, workspaceId: SALES, id: '1', users: [GUEST] }],
			workspaces: [SALES],
			profiles: PROFILES.filter(({ id }) => ['51', '55', '56'].includes(id)),
		});
		const parameters = {
			callIds: '1',
			splitInto: 'users',
			ways: ['apiGrant', 'permissionProfile'],
		};
		const { items } = await explain(await startGong({ data }), parameters);
		const row = jsonOf(items).find(({ userId }) => userId === GUEST);
		expect(row).toMatchObject({ viaProfile: false, onlyViaApi: true });
	});

	test('what a level opens to somebody who cannot view calls is only derived', async () => {
		const gong = await startGong({ data: COMPANY });
		gong.fail(profiles((all) => all.map((one) => ({ ...one, callsAndSearch: false }))));
		const { items } = await explain(gong, { callIds: idOf('open'), ways: ['permissionProfile'] });
		const ways = jsonOf(items)[0].ways as WayRow[];
		expect(ways.length).toBeGreaterThan(1);
		expect(new Set(ways.map(({ certainty }) => certainty))).toEqual(new Set(['derived']));
	});

	test('by users, of two profiles of one person the surer one is named', async () => {
		const data = makeData({
			users: USERS,
			calls: [{ id: '1', workspaceId: SALES, parties: [ANN] }],
			workspaces: [SALES],
			profiles: PROFILES.map((profile) =>
				profile.id === '53' || profile.id === '52'
					? { ...profile, users: [LEAD], id: profile.id === '52' ? '99' : '53' }
					: profile,
			).reverse(),
		});
		const gong = await startGong({ data });
		const { items } = await explain(gong, { callIds: '1', splitInto: 'users' });
		expect(jsonOf(items).find(({ userId }) => userId === LEAD)).toMatchObject({
			profileName: 'B: those below',
			permissionLevel: 'report-to-them',
			certainty: 'documented',
		});
	});

	test.concurrent.each([
		['POST', '/v2/calls/extensive', 'calls', [{ metaData: { id: idOf('open'), workspaceId: {} } }]],
		['GET', '/v2/users', 'users', [{ id: 12345678901234567890 }]],
		['GET', '/v2/all-permission-profiles', 'profiles', [null, 'all']],
		['GET', '/v2/all-permission-profiles', 'profiles', 7],
		['GET', '/v2/permission-profile/users', 'users', [{ id: null }]],
		['GET', '/v2/library/folders', 'folders', [{ name: 'no ID' }]],
		['GET', '/v2/library/folder-content', 'calls', {}],
	])('an odd answer to %s %s gives words: %s %j', async (_method, path, key, value) => {
		const gong = await startGong({ data: COMPANY });
		gong.fail(change(path, (answer) => ({ ...answer, records: {}, [key]: value })));
		const result = await explain(gong, { callIds: idOf('open'), ways: ALL_WAYS });
		expect(toldBy(result)).toMatch(/not one that Gong documents/);
		expect(toldBy(result)).not.toMatch(/undefined|Cannot read|is not a function/);
	});

	test('somebody whom Gong does not list stays in the list of people', async () => {
		const data = makeData({ calls: [{ id: '1', users: ['21'] }] });
		const gong = await startGong({ data: { ...data, users: data.users.slice(1) } });
		const { items } = await explain(gong, { callIds: '1', splitInto: 'users', ways: ['apiGrant'] });
		expect(jsonOf(items)).toMatchObject([{ userId: '21', userActive: null }]);
		const byCalls = await explain(gong, { callIds: '1', ways: ['apiGrant'] });
		expect(jsonOf(byCalls.items)).toMatchObject([{ userIds: ['21'], inactiveUserIds: [] }]);
	});
});

describe('details', () => {
	test('by calls stand beside the lists of users, at no further request', async () => {
		const gong = await startGong({ data: COMPANY });
		const options = { includeUserDetails: true, includeCallDetails: true };
		const { items } = await explain(gong, { callIds: idOf('private'), options });
		const plain = await startGong({ data: COMPANY });
		await explain(plain, { callIds: idOf('private') });
		expect(pathsOf(gong)).toEqual(pathsOf(plain));
		const [row] = jsonOf(items);
		expect(Object.keys(row)).toEqual([
			...['callId', 'callTitle', 'callUrl', 'callStarted', 'isPrivate', 'workspaceId', 'ways'],
			...['userIds', 'users', 'inactiveUserIds', 'inactiveUsers', 'userCount', 'notChecked'],
			...['requestId', 'requestIds'],
		]);
		expect(row.inactiveUsers).toEqual([
			{
				userId: LEFT,
				userName: expect.any(String),
				userEmail: expect.any(String),
				userActive: false,
			},
		]);
	});

	test('by users stand between the ID and whether the user is active', async () => {
		const gong = await startGong({ data: COMPANY });
		const options = { includeUserDetails: true, includeCallDetails: true, unknownCalls: 'report' };
		const { items } = await explain(gong, { callIds: idOf('ring'), splitInto: 'users', options });
		expect(Object.keys(jsonOf(items)[0])).toEqual([
			...['callId', 'callTitle', 'callUrl', 'callStarted', 'isPrivate'],
			...['userId', 'userName', 'userEmail', 'userActive'],
			...['viaApi', 'viaParticipation', 'viaProfile', 'viaComment', 'onlyViaApi'],
			...['profileName', 'permissionLevel', 'why', 'certainty', 'certaintyWithoutApi'],
			...['found', 'requestId'],
		]);
	});

	test('a call where nobody was found has a row by users where that is asked for', async () => {
		const data = makeData({ calls: [{ id: '1', parties: [EXTERNAL] }] });
		const gong = await startGong({ data });
		const parameters = { callIds: '1', splitInto: 'users' };
		expect((await explain(gong, parameters)).items).toEqual([]);
		const options = { includeCallsWithoutUsers: true };
		const { items } = await explain(gong, { ...parameters, options });
		expect(jsonOf(items)).toMatchObject([
			{ callId: '1', userId: null, viaApi: false, why: null, certainty: null },
		]);
	});
});

describe('many items', () => {
	const items = [
		{ id: 'row 0', call: `[${idOf('open')}, ${idOf('ring')}, ${idOf('open')}]` },
		{ id: 'row 1', call: idOf('success') },
		{ id: 'row 2', call: `https://app.gong.io/call?id=${idOf('open')}` },
	];

	test('are answered together, each call asked for once and told once to each item', async () => {
		const gong = await startGong({ data: COMPANY });
		const result = await explain(gong, { callIds: FROM_ITEM }, { items });
		expect(jsonOf(result.items).map(({ callId }) => callId)).toEqual(
			['open', 'ring', 'success', 'open'].map(idOf),
		);
		expect(linksOf(result.items)).toEqual([0, 0, 1, 2]);
		expect(result.earlier).toEqual(['row 0', 'row 0', 'row 1', 'row 2']);
		const asked = gong.log.filter(({ method }) => method === 'POST').map(askedIn);
		expect(asked).toEqual(Array(2).fill(['open', 'ring', 'success'].map(idOf)));
	});

	test('in batches of n8n read users, profiles and folders once a run', async () => {
		const gong = await startGong({ data: COMPANY });
		const requestOptions = { batching: { batch: { batchSize: 1, batchInterval: 5 } } };
		const parameters = { callIds: FROM_ITEM, ways: ALL_WAYS, requestOptions };
		const result = await explain(gong, parameters, { items });
		expect(result.items).toHaveLength(4);
		const shared = gong.log.filter(({ method }) => method === 'GET');
		const seen = shared.map(({ path, query }) => `${path} ${JSON.stringify(query)}`);
		expect(new Set(seen).size).toBe(seen.length);
		expect(gong.log).toHaveLength(shared.length + 2);
	});

	test('of a period are all explained', async () => {
		const gong = await startGong();
		const periodStart = '={{ $now.minus({ days: 7 }).toISO() }}';
		const periodEnd = '={{ $now.toISO() }}';
		const period = { callsFrom: 'period', period: 'custom', periodStart, periodEnd };
		const { items: rows } = await explain(gong, { ...period, ways: ['participant'] });
		const ids = jsonOf(rows).map(({ callId }) => callId);
		expect([...ids].sort()).toEqual([...SAMPLE_CALL_IDS].sort());
		expect(pathsOf(gong)).not.toContain('POST /v2/calls/users-access');
		const options = { includeCallDetails: true, includeUserDetails: true };
		gong.reset();
		expect((await explain(gong, { ...period, options })).items).toHaveLength(4);
		expect(pathsOf(gong).filter((path) => path.endsWith('extensive'))).toHaveLength(1);
	});

	test('of a period without calls ask for nothing else', async () => {
		const gong = await startGong({ data: makeData({ calls: [] }) });
		const parameters = {
			callsFrom: 'period',
			period: 'custom',
			periodStart: '2026-09-01T00:00:00Z',
			periodEnd: '2026-10-01T00:00:00Z',
		};
		const result = await explain(gong, parameters);
		expect(toldBy(result)).toBe('');
		expect(new Set(pathsOf(gong))).toEqual(new Set(['GET /v2/calls']));
	});

	test('1,000 calls, 500 people and 12 profiles are at most 40 requests', async () => {
		const data = companyOfTeams(1_000, 500);
		const gong = await startGong({ data });
		const calls = data.calls.map(({ id }) => ({ call: id }));
		const result = await explain(gong, { callIds: FROM_ITEM }, { items: calls, alone: true });
		expect(toldBy(result)).toBe('');
		expect(result.items).toHaveLength(1_000);
		expect(gong.log.length).toBeLessThanOrEqual(40);
	});

	test('with more rows than n8n can take are refused in words that say what to do', async () => {
		const people = Array.from({ length: 1_101 }, (_, place) => userIdAt(place));
		const ids = Array.from({ length: 100 }, (_, place) => callIdAt(place));
		const data = makeData({
			calls: ids.map((id) => ({ id, primaryUserId: people[0] })),
			profiles: [{ id: '1', users: people }],
		});
		const gong = await startGong({ data });
		const own = { call: JSON.stringify(ids), id: 'many' };
		const two = [own, { call: ids[0], id: 'few' }];
		const result = await explain(
			gong,
			{ callIds: FROM_ITEM, splitInto: 'users' },
			{ items: two, settings: { onError: 'continueErrorOutput' } },
		);
		expect(result.errorItems.map(({ json }) => json.error)).toEqual([
			expect.stringMatching(/110100 rows.*'Output Format' to 'One Item per Call'/),
		]);
		expect(result.items).toHaveLength(1_101);
		const byCalls = await explain(gong, { callIds: FROM_ITEM }, { items: two });
		expect(byCalls.items).toHaveLength(101);
	});
});

describe('a failure that ends a run', () => {
	const WORDS = "You don't have permission to use this in your app.";
	const MANY = makeData({
		users: USERS,
		calls: Array.from({ length: 400 }, (_, at) => ({ id: callIdAt(at), workspaceId: SALES })),
		workspaces: [SALES],
		profiles: Array.from({ length: 30 }, (_, at) => ({ id: `5${at}`, workspaceId: SALES })),
		folders: Array.from({ length: 30 }, (_, at) => ({ id: `9${at}`, workspaceId: SALES })),
	});

	test.each<[path: string, status: number]>([
		['/v2/users', 400],
		['/v2/users', 401],
		['/v2/calls/extensive', 400],
		['/v2/calls/extensive', 401],
		['/v2/calls/users-access', 401],
		['/v2/all-permission-profiles', 401],
		['/v2/permission-profile/users', 400],
		['/v2/library/folders', 401],
	])('of %s with %d, set to stop, ends all other reading too', async (path, status) => {
		const gong = await startGong({ data: MANY, latency: 100, limit: false });
		gong.fail({ kind: 'status', status, errors: [WORDS], match: { path }, times: Infinity });
		const callIds = JSON.stringify(MANY.calls.map(({ id }) => id));
		const { error } = await explain(
			gong,
			{ callIds, ways: ALL_WAYS, options: { callsPerRequest: 10, requestsPerSecond: 12 } },
			{ alone: true },
		);
		expect(error?.message).toContain(WORDS);
		const failedAt = gong.log.find((one) => one.status === status)?.endedAt ?? NaN;
		// Those that had left arrive: no more than a second's, which a busy machine may take to read the answer.
		expect(gong.log.filter(({ at }) => at > failedAt).length).toBeLessThanOrEqual(12);
	});
});

describe('a canceled execution', () => {
	test.each([
		['/v2/users', 'the users'],
		['/v2/calls/users-access', 'the access list'],
		['/v2/permission-profile/users', 'the users of profiles'],
	])('while %s is waited for sends nothing more', async (path) => {
		const gong = await startGong({ data: COMPANY });
		gong.fail({
			kind: 'status',
			status: 429,
			headers: { 'retry-after': '3600' },
			match: { path },
		});
		const { run } = await explain(
			gong,
			{ callIds: idOf('open'), options: { maxWait: 7_200 } },
			{ cancelAfter: 700 },
		);
		expect(run.status).toBe('canceled');
		const sent = gong.log.length;
		expect(gong.log.some((entry) => entry.path === path)).toBe(true);
		await sleep(500);
		expect(gong.log).toHaveLength(sent);
	});
});

test('a long run logs its progress, by whatever ways', async () => {
	const lines = watchLog();
	await Promise.all(
		[['apiGrant'], ['participant']].map(async (ways) => {
			const gong = await startGong({ data: COMPANY });
			const path = ways[0] === 'apiGrant' ? '/v2/calls/users-access' : '/v2/calls/extensive';
			const headers = { 'retry-after': '8' };
			gong.fail({ kind: 'status', status: 429, headers, after: 1, match: { path } });
			const callIds = JSON.stringify(['open', 'ring', 'folder'].map(idOf));
			await explain(gong, { callIds, ways, options: { callsPerRequest: 1 } });
		}),
	);
	jest.restoreAllMocks();
	const told = lines.filter((line) => /[12] of 3 calls done.*Gong asked to slow down/s.test(line));
	expect(told.length).toBeGreaterThanOrEqual(2);
}, 20_000);
