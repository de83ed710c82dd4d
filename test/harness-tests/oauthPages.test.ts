import {
	basicHeader,
	DEMO_ACCOUNT,
	DEMO_CLIENT,
	SAMPLE_CALL_IDS,
	SCOPES,
	startLocalGong,
	TokenStore,
} from '../harness/gong';
import {
	ACCESS,
	CALLS,
	gong,
	QUICKLY,
	send,
	start,
	TOKEN,
	type Received,
	type Sent,
} from './localGong';

const [RENEWAL] = SAMPLE_CALL_IDS;

describe('The OAuth play', () => {
	const redirectUri = 'http://localhost:5678/rest/oauth2-credential/callback';
	const asked = `${SCOPES.readAccess} ${SCOPES.readUsers}`;
	const client = { ...DEMO_CLIENT, scopes: [SCOPES.readAccess, SCOPES.listCalls] };
	const { clientId, clientSecret } = client;
	const asClient = {
		authorization: basicHeader({ accessKey: clientId, accessKeySecret: clientSecret }),
	};

	async function authorize(changes: Record<string, string> = {}): Promise<Received> {
		const query = new URLSearchParams({
			client_id: clientId,
			redirect_uri: redirectUri,
			response_type: 'code',
			scope: asked,
			state: 's t=1&',
			...changes,
		});
		const path = `/oauth2/authorize?${query.toString()}`;
		return await send({ method: 'GET', path, headers: { authorization: undefined } });
	}

	async function getCode(changes?: Record<string, string>): Promise<string> {
		const { headers } = await authorize(changes);
		return new URL(headers.get('location') ?? '').searchParams.get('code') ?? '';
	}

	async function getToken(
		parameters: Record<string, string>,
		changes: Sent = {},
	): Promise<Received> {
		return await send({
			path: TOKEN,
			body: new URLSearchParams(parameters).toString(),
			headers: { ...asClient, 'content-type': 'application/x-www-form-urlencoded' },
			...changes,
		});
	}

	async function exchange(code: string, changes?: Record<string, string>): Promise<Received> {
		const parameters = { grant_type: 'authorization_code', code, redirect_uri: redirectUri };
		return await getToken({ ...parameters, ...changes });
	}

	async function refresh(token: unknown): Promise<Received> {
		return await getToken({ grant_type: 'refresh_token', refresh_token: String(token) });
	}

	async function readWith(token: unknown): Promise<Received> {
		const headers = { authorization: `Bearer ${String(token)}` };
		return await send({ body: { filter: { callIds: [RENEWAL] } }, headers });
	}

	beforeEach(() => start({ oauthClients: [client] }));

	test('leads from authorising to an answer', async () => {
		const { status, headers } = await authorize();
		const back = new URL(headers.get('location') ?? '');
		expect(status).toBe(302);
		expect(back.origin + back.pathname).toBe(redirectUri);
		expect(back.searchParams.get('state')).toBe('s t=1&');

		const token = await exchange(back.searchParams.get('code') ?? '');
		expect(token.status).toBe(200);
		expect(token.json).toEqual({
			access_token: expect.stringMatching(/^[\w-]{32}$/),
			refresh_token: expect.stringMatching(/^[\w-]{32}$/),
			expires_in: 86_400,
			// The requested scopes that the client may have.
			scope: SCOPES.readAccess,
			token_type: 'bearer',
			api_base_url_for_customer: gong.url,
		});

		const answer = await readWith(token.json.access_token);
		expect(answer.status).toBe(200);
		expect(gong.log.at(-1)).toMatchObject({ company: 'demo', status: 200 });
	});

	test('takes the parameters in the query too', async () => {
		const query = new URLSearchParams({
			grant_type: 'authorization_code',
			client_id: clientId,
			redirect_uri: redirectUri,
			code: await getCode(),
		});

		const { status } = await send({ path: `${TOKEN}?${query.toString()}`, headers: asClient });

		expect(status).toBe(200);
	});

	test('gives a token the requested scopes only', async () => {
		const { json } = await exchange(await getCode());
		const headers = { authorization: `Bearer ${String(json.access_token)}` };

		const { status, json: refusal } = await send({ method: 'GET', path: CALLS, headers });

		expect(status).toBe(401);
		expect(refusal.errors?.[0]).toContain(SCOPES.listCalls);
	});

	test.each<[string, Record<string, string>, number, RegExp]>([
		['an unknown client', { client_id: 'x' }, 400, /invalid_client/],
		['an invalid address', { redirect_uri: 'x' }, 400, /invalid_request/],
		['an unsafe address', { redirect_uri: 'http://example.com/cb' }, 400, /invalid_request/],
		['another kind of answer', { response_type: 'token' }, 302, /unsupported_response_type/],
		['no scope', { scope: '' }, 302, /invalid_scope/],
		['scopes with commas', { scope: asked.replace(' ', ',') }, 302, /invalid_scope/],
		['scopes that the client has not', { scope: SCOPES.writeAccess }, 302, /invalid_scope/],
	])('does not authorise %s', async (_what, changes, status, words) => {
		const answer = await authorize(changes);

		expect(answer.status).toBe(status);
		expect(answer.text + (answer.headers.get('location') ?? '')).toMatch(words);
		expect(answer.headers.get('location') ?? '').not.toContain('code=');
	});

	test('redirects nobody to an address that the client did not register', async () => {
		await gong.close();
		await start({ oauthClients: [{ ...client, redirectUris: ['https://example.com/cb'] }] });

		expect((await authorize()).status).toBe(400);
		expect((await authorize({ redirect_uri: 'https://example.com/cb' })).status).toBe(302);
	});

	test('accepts a code once, from its client and for its address', async () => {
		const code = await getCode();
		expect((await exchange(code)).status).toBe(200);
		expect((await exchange(code)).json).toMatchObject({ error: 'invalid_grant' });

		const elsewhere = await exchange(await getCode(), { redirect_uri: 'https://example.com' });
		expect([elsewhere.status, elsewhere.json.error]).toEqual([400, 'invalid_grant']);
	});

	test.each<[string, Sent, number, string]>([
		[
			'a client that does not sign in',
			{ headers: { authorization: undefined } },
			401,
			'invalid_client',
		],
		[
			'a client with a wrong secret',
			{ headers: { authorization: basicHeader({ accessKey: clientId, accessKeySecret: 'x' }) } },
			401,
			'invalid_client',
		],
		[
			'an API key',
			{ headers: { authorization: basicHeader(DEMO_ACCOUNT) } },
			401,
			'invalid_client',
		],
	])('gives no token to %s', async (_what, { headers }, status, error) => {
		const type = { 'content-type': 'application/x-www-form-urlencoded' };
		const parameters = { grant_type: 'authorization_code', code: await getCode() };

		const answer = await getToken(parameters, { headers: { ...type, ...headers } });

		expect([answer.status, answer.json.error]).toEqual([status, error]);
	});

	test('gives no token for another kind of grant, or for parameters that disagree', async () => {
		const other = await getToken({ grant_type: 'client_credentials' });
		expect([other.status, other.json.error]).toEqual([400, 'unsupported_grant_type']);

		const clash = await exchange(await getCode(), { client_id: 'another' });
		expect([clash.status, clash.json.error]).toEqual([400, 'invalid_request']);

		const parameters = { grant_type: 'refresh_token', refresh_token: 'a' };
		const twice = await getToken(parameters, { path: `${TOKEN}?refresh_token=b` });
		expect([twice.status, twice.json.error]).toEqual([400, 'invalid_request']);
	});

	test('refuses JSON in a token request', async () => {
		const body = {
			grant_type: 'authorization_code',
			code: await getCode(),
			redirect_uri: redirectUri,
		};

		expect((await send({ path: TOKEN, body, headers: asClient })).status).toBe(415);
	});

	test('expires tokens, and accepts each refresh token only once', async () => {
		const first = (await exchange(await getCode())).json;
		gong.expireTokens();
		expect((await readWith(first.access_token)).status).toBe(401);

		const second = (await refresh(first.refresh_token)).json;
		expect(second).toMatchObject({ scope: SCOPES.readAccess, api_base_url_for_customer: gong.url });
		expect(second.refresh_token).not.toBe(first.refresh_token);
		expect((await readWith(second.access_token)).status).toBe(200);
		expect((await refresh(first.refresh_token)).json).toMatchObject({ error: 'invalid_grant' });

		gong.expireTokens({ refreshTokens: true });
		expect((await refresh(second.refresh_token)).json).toMatchObject({ error: 'invalid_grant' });
	});

	test.each([
		['losesCredential', 'invalid_grant', 401],
		['refused', undefined, 200],
	] as const)(
		'refuses a refresh token that comes again, and the newer tokens: %s',
		async (reusedRefreshToken, error, status) => {
			await gong.close();
			await start({ oauthClients: [client], assumptions: { reusedRefreshToken } });
			const first = (await exchange(await getCode())).json;
			const other = (await exchange(await getCode())).json;
			const second = (await refresh(first.refresh_token)).json;

			expect((await refresh(first.refresh_token)).json).toMatchObject({ error: 'invalid_grant' });

			expect((await readWith(second.access_token)).status).toBe(status);
			expect((await refresh(second.refresh_token)).json.error).toBe(error);
			expect((await readWith(other.access_token)).status).toBe(200);
			expect((await refresh(other.refresh_token)).status).toBe(200);
		},
	);

	test.each([
		[{ accessTokens: ['203.0.113.7'] }, 403, 200],
		[{ refreshTokens: ['203.0.113.7'] }, 200, 403],
		[{ accessTokens: ['127.0.0.1'], refreshTokens: ['127.0.0.1'] }, 200, 200],
	])('takes tokens from trusted addresses only: %j', async (trustedIps, read, refreshed) => {
		await gong.close();
		await start({ oauthClients: [{ ...client, trustedIps }] });
		const { json } = await exchange(await getCode());

		const answers = [await readWith(json.access_token), await refresh(json.refresh_token)];

		expect(answers.map(({ status }) => status)).toEqual([read, refreshed]);
		for (const answer of answers.filter(({ status }) => status === 403)) {
			expect(answer.json.errors).toEqual(['Requests from this IP address are not allowed']);
		}
	});

	test('keeps a refresh token that came from an untrusted address', async () => {
		await gong.close();
		const trustedIps = { refreshTokens: ['203.0.113.7'] };
		await start({ oauthClients: [{ ...client, trustedIps }] });
		const { json } = await exchange(await getCode());
		expect((await refresh(json.refresh_token)).status).toBe(403);

		trustedIps.refreshTokens.push('127.0.0.1');
		expect((await refresh(json.refresh_token)).status).toBe(200);
	});

	test.each([401, 403] as const)('answers an expired token with %i', async (endedSignIn) => {
		await gong.close();
		await start({ oauthClients: [client], assumptions: { endedSignIn } });
		const { json } = await exchange(await getCode());
		gong.expireTokens();

		expect((await readWith(json.access_token)).status).toBe(endedSignIn);
		expect((await readWith('never given out')).status).toBe(401);
		const { json: second } = await refresh(json.refresh_token);
		expect((await readWith(second.access_token)).status).toBe(200);
	});

	test('gives tokens that last as long as they say', async () => {
		await gong.close();
		await start({ tokens: new TokenStore(600) });
		const token = gong.issueToken();
		expect(token.expires_in).toBe(600);
		expect((await readWith(token.access_token)).status).toBe(200);

		const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 600_000);
		const late = await readWith(token.access_token).finally(() => clock.mockRestore());

		expect(late.status).toBe(401);
	});

	test('can lose the answer to a refresh, with the old token used up or not', async () => {
		const { json } = await exchange(await getCode());
		gong.fail({ kind: 'status', status: 500, match: { path: TOKEN } });
		expect((await refresh(json.refresh_token)).status).toBe(500);
		gong.fail({ kind: 'status', status: 500, match: { path: TOKEN }, applied: true });
		expect((await refresh(json.refresh_token)).status).toBe(500);

		expect((await refresh(json.refresh_token)).json).toMatchObject({ error: 'invalid_grant' });
	});

	test('gives tokens without the sign-in, which another local Gong accepts too', async () => {
		const token = gong.issueToken();
		const customers = await startLocalGong({ ...QUICKLY, tokens: gong.tokens });
		const headers = {
			authorization: `Bearer ${token.access_token}`,
			'content-type': 'application/json',
		};
		const body = JSON.stringify({ filter: { callIds: [RENEWAL] } });

		const { status } = await fetch(customers.url + ACCESS, { method: 'POST', headers, body });
		await customers.close();

		expect(status).toBe(200);
		expect(token.scope).toBe(client.scopes.join(' '));
	});

	test.each([
		['https://us-12345.api.gong.io', 'https://us-12345.api.gong.io'],
		[null, undefined],
	])('names %s as the customer’s host', async (apiBaseUrlForCustomer, named) => {
		await gong.close();
		await start({ oauthClients: [client], apiBaseUrlForCustomer });

		const { json } = await exchange(await getCode());

		expect(json.api_base_url_for_customer).toBe(named);
	});
});
