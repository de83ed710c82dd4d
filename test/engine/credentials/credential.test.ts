import { loadCredential, runNode } from '../../harness/engine/engine';
import { detailsOf, gongsOfThisFile, toldBy } from '../../harness/engine/support';
import { DEMO_ACCOUNT, makeData, SCOPES } from '../../harness/gong';
import { RAW_WORDS } from '../../harness/judging/rawWords';

const startGong = gongsOfThisFile();
const data = makeData({ calls: [{ id: '1', users: ['11'] }, { id: '2' }, { id: '3' }] });
const parameters = { callIds: '1' };

describe('the credential', () => {
	// The same as in n8n's own credential of this name. Stored credentials depend on them.
	test.each([
		['baseUrl', 'https://api.gong.io', undefined],
		['accessKey', '', true],
		['accessKeySecret', '', true],
	])('has n8n’s own field %s with its default', async (name, value, password) => {
		const { properties } = await loadCredential('gongApi');
		const field = properties.find((property) => property.name === name);
		expect(field).toMatchObject({ type: 'string', default: value });
		expect(field?.typeOptions?.password).toBe(password);
	});

	test('has no field besides n8n’s own', async () => {
		const { properties } = await loadCredential('gongApi');
		const own = properties
			.filter(({ type }) => type !== 'notice')
			.map(({ name }) => name)
			.filter((name) => !name.startsWith('allowed'));
		expect(own).toEqual(['baseUrl', 'accessKey', 'accessKeySecret']);
	});

	test('leaves n8n’s domain restriction visible, and signs in and is tested like n8n’s own', async () => {
		const credential = await loadCredential('gongApi');
		expect('hideDomainRestrictionFields' in credential).toBe(false);
		expect(credential.authenticate).toEqual({
			type: 'generic',
			properties: {
				auth: {
					username: expect.stringContaining('$credentials.accessKey'),
					password: expect.stringContaining('$credentials.accessKeySecret'),
				},
			},
		});
		expect(credential.test?.request).toMatchObject({ url: '/v2/users' });
	});
});

describe('signing in', () => {
	test('leaves out blanks around key and secret', async () => {
		const gong = await startGong({ data });
		const { accessKey, accessKeySecret } = gong.account;
		const credential = { accessKey: ` ${accessKey}\n`, accessKeySecret: `\t${accessKeySecret} ` };
		const { items } = await runNode(gong, { parameters, credential });
		expect(items).toHaveLength(1);
	});

	test('reports a wrong secret in Gong’s words after one request', async () => {
		const gong = await startGong({ data });
		const result = await runNode(gong, { parameters, credential: { accessKeySecret: 'wrong' } });
		expect(gong.log).toHaveLength(1);
		expect(result.error?.message).toContain('Access denied: the key or token is not valid');
		expect(toldBy(result)).toContain(gong.log[0].requestId);
		expect(result.error).toMatchObject({ httpCode: '401' });
	});

	test('names a missing scope and whom to ask', async () => {
		const account = { ...DEMO_ACCOUNT, scopes: [SCOPES.readUsers] };
		const gong = await startGong({ data, accounts: [account] });
		const result = await runNode(gong, { parameters });
		expect(gong.log).toHaveLength(1);
		expect(result.error?.message).toBe(`The credential lacks the scope ${SCOPES.readAccess}`);
		expect(result.error?.description).toContain(
			`Gong says: You don't have permission to use '${SCOPES.readAccess}' in your app.`,
		);
		expect(result.error?.description).toContain('Ask a Gong technical administrator');
	});

	test('on continue, sends nothing after a 401 and gives each item one error', async () => {
		const gong = await startGong({ data });
		const { items } = await runNode(gong, {
			parameters: { callIds: '[1,2,3]', options: { callsPerRequest: 1 } },
			credential: { accessKey: 'wrong' },
			settings: { onError: 'continueRegularOutput' },
		});
		expect(gong.log).toHaveLength(1);
		const details = items.map(detailsOf);
		expect(details.flatMap(({ callIds }) => callIds)).toEqual(['1', '2', '3']);
		// The first error is for the refused request, the others for the calls that were not sent.
		expect(details.map(({ reason, outcome }) => [reason, outcome])).toEqual([
			['unauthorized', 'refused'],
			['unauthorized', 'notSent'],
		]);
	});

	test('after a 401, sends nothing for items with other options either', async () => {
		const gong = await startGong({ data });
		const { items } = await runNode(gong, {
			parameters: {
				callIds: '={{ $json.call }}',
				options: { callsPerRequest: '={{ $json.size }}' },
			},
			items: [
				{ call: '1', size: 1 },
				{ call: '2', size: 2 },
				{ call: '3', size: 3 },
			],
			credential: { accessKey: 'wrong' },
			settings: { onError: 'continueRegularOutput' },
		});
		expect(items.map((item) => detailsOf(item).reason)).toEqual(Array(3).fill('unauthorized'));
		expect(gong.log).toHaveLength(1);
	});
});

describe('a credential restricted by n8n', () => {
	test('to its own node lets our node sign in', async () => {
		const gong = await startGong({ data });
		const credential = { allowedHttpRequestDomains: 'none' };
		const { items, error } = await runNode(gong, { parameters, credential });
		expect(error).toBeUndefined();
		expect(items).toHaveLength(1);
	});

	test('to Gong’s host lets our node sign in', async () => {
		const gong = await startGong({ data });
		const credential = { allowedHttpRequestDomains: 'domains', allowedDomains: '127.0.0.1' };
		const { items, error } = await runNode(gong, { parameters, credential });
		expect(error).toBeUndefined();
		expect(items).toHaveLength(1);
	});

	test('to another host sends nothing and says why', async () => {
		const gong = await startGong({ data });
		const credential = { allowedHttpRequestDomains: 'domains', allowedDomains: 'example.com' };
		const result = await runNode(gong, { parameters, credential });
		expect(toldBy(result)).toMatch(/restricted.*127\.0\.0\.1.*example\.com/s);
		expect(toldBy(result)).not.toMatch(RAW_WORDS);
		expect(gong.log).toEqual([]);
	});

	test('to another host gives an error item on continue', async () => {
		const gong = await startGong({ data });
		const { items } = await runNode(gong, {
			parameters,
			credential: { allowedHttpRequestDomains: 'domains', allowedDomains: 'example.com' },
			settings: { onError: 'continueRegularOutput' },
		});
		expect(items).toHaveLength(1);
		expect(detailsOf(items[0])).toMatchObject({ reason: 'credential', outcome: 'notSent' });
		expect(gong.log).toEqual([]);
	});

	test('to no host at all says so', async () => {
		const gong = await startGong({ data });
		const credential = { allowedHttpRequestDomains: 'domains', allowedDomains: ' ' };
		const result = await runNode(gong, { parameters, credential });
		expect(toldBy(result)).toMatch(/No allowed domains/);
		expect(gong.log).toEqual([]);
	});
});

describe('the base URL', () => {
	test.each(['/', '//', ' '])('may end in %j', async (ending) => {
		const gong = await startGong({ data });
		const { items } = await runNode(gong, {
			parameters,
			credential: { baseUrl: gong.url + ending },
		});
		expect(items).toHaveLength(1);
		expect(gong.log[0].path).toBe('/v2/calls/users-access');
	});

	test.each(['http://api.gong.io', 'http://127.0.0.1.nip.example', 'gong', '', 'ftp://127.0.0.1'])(
		'refuses %j in words',
		async (baseUrl) => {
			const gong = await startGong({ data });
			const result = await runNode(gong, { parameters, credential: { baseUrl } });
			expect(toldBy(result)).toMatch(/Base URL/);
			expect(toldBy(result)).toContain('https://api.gong.io');
			expect(toldBy(result)).not.toMatch(RAW_WORDS);
		},
	);

	test('that is refused gives every item an error item on continue', async () => {
		const gong = await startGong({ data });
		const { items } = await runNode(gong, {
			parameters: { callIds: '={{ $json.call }}' },
			items: [{ call: '1' }, { call: '2' }],
			credential: { baseUrl: 'http://api.gong.io' },
			settings: { onError: 'continueRegularOutput' },
		});
		expect(items.map(detailsOf)).toEqual(
			['1', '2'].map((callId) => ({
				callIds: [callId],
				requestId: null,
				httpStatus: null,
				gongErrors: [],
				reason: 'badBaseUrl',
				outcome: 'notSent',
			})),
		);
	});

	test('with https to a plain http server is reported in clear words', async () => {
		const gong = await startGong({ data });
		const result = await runNode(gong, {
			parameters,
			credential: { baseUrl: gong.url.replace('http:', 'https:') },
		});
		expect(toldBy(result)).toMatch(/Base URL/);
		expect(toldBy(result)).not.toMatch(/SSL routines|EPROTO.*error:|openssl/i);
		expect(toldBy(result)).not.toMatch(RAW_WORDS);
	});

	test('without a server there is reported in clear words', async () => {
		const gong = await startGong({ data });
		const closed = await startGong({ data });
		await closed.close();
		const result = await runNode(gong, { parameters, credential: { baseUrl: closed.url } });
		expect(toldBy(result)).toMatch(/No whole answer.*whether n8n can reach the Base URL/s);
		expect(gong.log).toEqual([]);
	});

	test.each(['list', 'grant', 'replace'])(
		'that ends in /v2 is named in the message for a 404, and the call IDs are not: %s',
		async (operation) => {
			const gong = await startGong({ data, judge: undefined });
			const { items } = await runNode(gong, {
				parameters: { ...parameters, operation, userIds: '12' },
				credential: { baseUrl: `${gong.url}/v2` },
				settings: { onError: 'continueRegularOutput' },
			});
			expect(gong.log.map(({ status }) => status)).toEqual([404]);
			const message = String(items[0].json.error);
			expect(message).toMatch(/Check the Base URL.*https:\/\/api\.gong\.io.*without \/v2/s);
			expect(message).toContain('Not found: ');
			expect(message).not.toMatch(/call IDs/);
			expect(detailsOf(items[0])).toMatchObject({ httpStatus: 404, outcome: 'refused' });
		},
	);

	test('of a server that is not Gong is named in the message for a 404', async () => {
		const gong = await startGong({ data });
		gong.fail({ kind: 'body', status: 404, raw: '<h1>Not Found</h1>', times: Infinity });
		const result = await runNode(gong, { parameters });
		expect(toldBy(result)).toMatch(/status 404.*Check the Base URL/s);
	});

	test('may be a proxy with a path of its own', async () => {
		const gong = await startGong({ data, judge: undefined });
		const result = await runNode(gong, {
			parameters,
			credential: { baseUrl: `${gong.url}/proxy/gong` },
		});
		expect(gong.log[0].path).toBe('/proxy/gong/v2/calls/users-access');
		expect(toldBy(result)).toMatch(/unless a proxy needs one/);
	});

	test.each([301, 302, 303, 307, 308] as const)(
		'does not follow a redirect of status %j',
		async (status) => {
			const gong = await startGong({ data });
			const elsewhere = await startGong({ data });
			gong.fail({
				kind: 'redirect',
				status,
				url: `${elsewhere.url}/v2/calls/users-access`,
				times: Infinity,
			});
			const result = await runNode(gong, { parameters });
			expect(toldBy(result)).toMatch(/redirect.*Base URL/s);
			expect(gong.log).toHaveLength(1);
			expect(elsewhere.log).toEqual([]);
		},
	);
});
