import {
	makeData,
	SAMPLE_CALL_IDS,
	SAMPLE_FOLDER_ID,
	SAMPLE_PROFILE_IDS,
	SAMPLE_USER_IDS,
	SAMPLE_WORKSPACE_IDS,
	sampleData,
} from '../harness/gong';
import {
	FIND_CALLS,
	FOLDER,
	FOLDERS,
	PROFILE_USERS,
	PROFILES,
	REQUEST_ID,
	send,
	start,
	WORKSPACES,
	type GongBody,
} from './localGong';

const [, DEMO, PRICING] = SAMPLE_CALL_IDS;
const { maria, jonas, priya, samuel, left } = SAMPLE_USER_IDS;
const { sales, success } = SAMPLE_WORKSPACE_IDS;
const { leadership, managers, engineers, partners, product, guests, successTeam } =
	SAMPLE_PROFILE_IDS;

describe('Who may see a call besides', () => {
	beforeEach(() => start());

	async function get(path: string): Promise<GongBody> {
		const { status, json } = await send({ method: 'GET', path });
		expect(status).toBe(200);
		return json;
	}

	test('workspaces are listed with their names', async () => {
		expect(await get(WORKSPACES)).toEqual({
			requestId: expect.stringMatching(REQUEST_ID),
			workspaces: [
				expect.objectContaining({ id: sales, name: 'Sales' }),
				expect.objectContaining({ id: success, name: 'Customer Success' }),
			],
		});
	});

	test('the permission profiles of a workspace are listed by name, one of each level', async () => {
		const { profiles } = await get(`${PROFILES}?workspaceId=${sales}`);

		expect(profiles).toMatchObject([
			{ id: partners, callsAccess: { permissionLevel: 'managers-team', teamLeadIds: [maria] } },
			{ id: guests, callsAccess: { permissionLevel: 'none' } },
			{ id: managers, callsAccess: { permissionLevel: 'report-to-them' } },
			{ id: product, callsAccess: { permissionLevel: 'own' } },
			{ id: engineers, callsAccess: { permissionLevel: 'managers-team' } },
			{ id: leadership, callsAccess: { permissionLevel: 'all' } },
		]);
		const other = await get(`${PROFILES}?workspaceId=${success}`);
		expect(other.profiles).toMatchObject([{ id: successTeam, name: 'Customer Success' }]);
	});

	test('the users of a permission profile are listed, those who have left too', async () => {
		const { users } = await get(`${PROFILE_USERS}?profileId=${engineers}`);

		expect(users).toEqual([
			{ id: jonas, fullName: 'Jonas Berg', emailAddress: 'jonas.berg@example.com' },
			{ id: left, fullName: 'Tom Archer', emailAddress: 'tom.archer@example.com' },
		]);
	});

	test('public library folders are listed, and the calls in one', async () => {
		const { folders } = await get(`${FOLDERS}?workspaceId=${sales}`);
		const content = await get(`${FOLDER}?folderId=${SAMPLE_FOLDER_ID}`);

		expect(folders).toEqual([
			{
				id: SAMPLE_FOLDER_ID,
				name: 'Good Product Demos',
				parentFolderId: null,
				createdBy: priya,
				updated: expect.any(String),
			},
		]);
		expect(content).toMatchObject({
			id: SAMPLE_FOLDER_ID,
			calls: [{ id: DEMO, title: 'Northwind Traders: product demo' }],
		});
	});

	test('a folder inside another names it, and the outer one does not hold its calls', async () => {
		const folders = [
			{ id: '7', calls: ['1'] },
			{ id: '8', parentFolderId: '7', calls: ['2'] },
			{ id: '9', parentFolderId: '8' },
		];
		await start({ data: makeData({ calls: [{ id: '1' }, { id: '2' }], folders }) });
		const contentOf = async (id: string) => (await get(`${FOLDER}?folderId=${id}`)).calls;

		expect((await get(FOLDERS)).folders).toMatchObject([
			{ id: '7', parentFolderId: null },
			{ id: '8', parentFolderId: '7' },
			{ id: '9', parentFolderId: '8' },
		]);
		expect(await contentOf('7')).toMatchObject([{ id: '1' }]);
		expect(await contentOf('8')).toMatchObject([{ id: '2' }]);
		expect(await contentOf('9')).toEqual([]);
	});

	test.each([
		['leftOut', ['metaData']],
		['empty', ['metaData', 'parties']],
	] as const)(
		'participants come on request only, of an imported call: %s',
		async (importedParties, keys) => {
			const [CALL, IMPORTED] = ['11', '12'];
			const parties = ['5', { emailAddress: 'guest@acme.example', name: 'Guest' }];
			await start({
				assumptions: { importedParties },
				data: makeData({
					users: ['5'],
					calls: [
						{ id: CALL, parties },
						{ id: IMPORTED, clientUniqueId: 'abc', direction: 'Outbound', parties },
					],
				}),
			});
			const find = async (contentSelector?: object) => {
				const filter = { callIds: [CALL, IMPORTED] };
				const { json } = await send({ path: FIND_CALLS, body: { filter, contentSelector } });
				return Object.fromEntries(json.calls?.map((call) => [call.metaData?.id, call]) ?? []);
			};

			for (const contentSelector of [undefined, {}, { exposedFields: { parties: false } }]) {
				expect(Object.keys((await find(contentSelector))[CALL])).toEqual(['metaData']);
			}
			const asked = await find({ exposedFields: { parties: true } });
			expect(Object.keys(asked[IMPORTED])).toEqual(keys);
			expect(asked[IMPORTED]).not.toMatchObject({ parties: [expect.anything()] });
			expect(asked[CALL]).toMatchObject({
				parties: [
					{ userId: '5', affiliation: 'Internal', methods: ['Invitee', 'Attendee'] },
					{ emailAddress: 'guest@acme.example', name: 'Guest', affiliation: 'External' },
				],
			});
		},
	);

	test('a company of the samples has three layers of managers, private calls and people who left', () => {
		const { calls, users } = sampleData();
		const managerOf = Object.fromEntries(users.map(({ id, managerId }) => [id, managerId]));

		expect([managerOf[jonas], managerOf[maria], managerOf[samuel]]).toEqual([maria, samuel, null]);
		expect(calls.filter(({ isPrivate }) => isPrivate).map(({ id }) => id)).toEqual([PRICING]);
		expect(users.filter(({ active }) => !active).map(({ id }) => id)).toEqual([left]);
		expect(new Set(calls.map(({ workspaceId }) => workspaceId))).toEqual(new Set([sales, success]));
	});
});
