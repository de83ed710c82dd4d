import {
	ALL_SCOPES,
	basicHeader,
	DEMO_ACCOUNT,
	SAMPLE_CALL_IDS,
	SAMPLE_FOLDER_ID,
	SAMPLE_PROFILE_IDS,
	SAMPLE_USER_IDS,
	SAMPLE_WORKSPACE_IDS,
	SCOPES,
} from '../harness/gong';
import {
	ALL_CALLS,
	FIND_CALLS,
	FIND_USERS,
	FOLDER,
	FOLDERS,
	gong,
	PLAYS,
	PROFILE_USERS,
	PROFILES,
	read,
	REQUEST_ID,
	send,
	start,
	USERS,
	withKey,
	WORKSPACES,
	type Sent,
} from './localGong';

const [RENEWAL] = SAMPLE_CALL_IDS;
const { maria } = SAMPLE_USER_IDS;
const { sales } = SAMPLE_WORKSPACE_IDS;
const { leadership } = SAMPLE_PROFILE_IDS;

describe('Signing in to the local Gong', () => {
	const wrong = { accessKey: DEMO_ACCOUNT.accessKey, accessKeySecret: 'wrong' };
	const { accessKey: name, accessKeySecret: password } = DEMO_ACCOUNT;

	test.each<[string, string | undefined]>([
		['no key', undefined],
		['a wrong secret', basicHeader(wrong)],
		['an unknown key', basicHeader({ ...wrong, accessKey: 'nobody' })],
		['a key that is not encoded', `Basic ${name}:${password}`],
		['a token that nobody gave out', 'Bearer abc'],
		['the key as a token', `Bearer ${Buffer.from(`${name}:${password}`).toString('base64')}`],
	])('is refused with %s', async (_what, authorization) => {
		await start();
		const body = { filter: { callIds: [RENEWAL] } };

		const { status, json } = await send({ body, headers: { authorization } });

		expect(status).toBe(401);
		expect(json).toEqual({
			requestId: expect.stringMatching(REQUEST_ID),
			errors: ['Access denied: the key or token is not valid'],
		});
		expect(gong.log[0]).toMatchObject({ status: 401, company: '' });
	});

	const filter = { callIds: [RENEWAL] };
	const callAccessList = [{ callId: RENEWAL, userIds: [maria] }];
	test.each<[string, Sent]>([
		[SCOPES.readAccess, { body: { filter } }],
		[SCOPES.writeAccess, { method: 'PUT', body: { callAccessList } }],
		[SCOPES.writeAccess, { method: 'DELETE', body: { callAccessList } }],
		[SCOPES.readUsers, { method: 'GET', path: USERS }],
		[SCOPES.readUsers, { path: FIND_USERS, body: { filter: {} } }],
		[SCOPES.listCalls, { method: 'GET', path: ALL_CALLS }],
		[SCOPES.findCalls, { path: FIND_CALLS, body: { filter } }],
		[SCOPES.readWorkspaces, { method: 'GET', path: WORKSPACES }],
		[SCOPES.readProfiles, { method: 'GET', path: `${PROFILES}?workspaceId=${sales}` }],
		[SCOPES.readUsers, { method: 'GET', path: `${PROFILE_USERS}?profileId=${leadership}` }],
		[SCOPES.readLibrary, { method: 'GET', path: FOLDERS }],
		[SCOPES.readLogs, { method: 'GET', path: PLAYS }],
		[SCOPES.readLibrary, { method: 'GET', path: `${FOLDER}?folderId=${SAMPLE_FOLDER_ID}` }],
	])('needs the scope %s for %p, unless the key has no scopes', async (scope, sent) => {
		const others = ALL_SCOPES.filter((other) => other !== scope);
		const every = { accessKey: 'every', accessKeySecret: 'it' };
		const without = { ...every, accessKey: 'without', scopes: others };
		const only = { ...every, accessKey: 'only', scopes: [scope] };
		await start({ accounts: [every, without, only] });

		const refused = await send({ ...sent, headers: withKey(without) });
		const allowed = await send({ ...sent, headers: withKey(only) });

		// 403 where Gong's description names it in place of 401.
		const isNamed = sent.method === 'GET' && [USERS, WORKSPACES].includes(sent.path ?? '');
		expect(refused.status).toBe(isNamed ? 403 : 401);
		expect(refused.json.errors).toEqual([
			`You don't have permission to use '${scope}' in your app.`,
		]);
		expect(allowed.status).toBe(200);
		expect((await send({ ...sent, headers: withKey(every) })).status).toBe(200);
	});

	describe('from an address that is not trusted', () => {
		const account = { ...DEMO_ACCOUNT, trustedIps: ['203.0.113.7', '203.0.113.8'] };

		test.each([
			[undefined, 403, 'Requests from this IP address are not allowed'],
			[{ status: 401, refusedWith: 'Go away' } as const, 401, 'Go away'],
		])('is refused as %j has it, and names no scope', async (untrustedAddress, status, words) => {
			await start({
				accounts: [account],
				assumptions: untrustedAddress && { untrustedAddress },
				limit: { perSecond: 1, perDay: 1 },
			});

			const answers = [await read(RENEWAL), await read(RENEWAL)];

			expect(answers.map((answer) => [answer.status, answer.json.errors])).toEqual([
				[status, [words]],
				[status, [words]],
			]);
		});

		test('is taken once the address is trusted', async () => {
			await start({ accounts: [{ ...account, trustedIps: ['203.0.113.7', '127.0.0.1'] }] });

			expect((await read(RENEWAL)).status).toBe(200);
		});

		test('is refused as wrong where the key is wrong', async () => {
			await start({ accounts: [account] });

			expect((await send({ body: { filter }, headers: withKey(wrong) })).status).toBe(401);
		});
	});

	describe('with a key that ends', () => {
		const MOMENT = Date.parse('2026-03-02T00:00:00Z');
		const at = async (now: number) => {
			const clock = jest.spyOn(Date, 'now').mockReturnValue(now);
			return await read(RENEWAL).finally(() => clock.mockRestore());
		};

		test.each([
			['2026-03-02', undefined, 401],
			['2026-03-02T01:00:00+01:00', undefined, 401],
			['2026-03-02', 401, 401],
			['2026-03-02', 403, 403],
		] as const)('on %s is refused from then on, as %s has it', async (endsAt, ended, status) => {
			const assumptions = ended && { endedSignIn: ended };
			await start({ accounts: [{ ...DEMO_ACCOUNT, endsAt }], assumptions });

			expect((await at(MOMENT - 1)).status).toBe(200);
			const { status: refused, json } = await at(MOMENT);

			expect(refused).toBe(status);
			expect(json.errors).toEqual(['Access denied: the key or token is not valid']);
		});
	});
});
