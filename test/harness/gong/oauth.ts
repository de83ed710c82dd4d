import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ALL_SCOPES, DEMO_COMPANY, isTrusted, readBasic, type Caller } from './accounts';
import { jsonAnswer, type Answer } from './answers';
import { newSecret } from './ids';
import type { Assumptions } from './assumptions';
import { refusal, respond } from './respond';

/** An app that people may let into their Gong. */
export interface OAuthClient {
	clientId: string;
	clientSecret: string;
	scopes: string[];
	/** Where it may be sent back to; left out: any `https` address, or `http` on this machine. */
	redirectUris?: string[];
	/** The addresses from which its tokens are taken, every other being refused; left out: any. */
	trustedIps?: { accessTokens?: string[]; refreshTokens?: string[] };
	/** Whose Gong its tokens open; default `demo`. */
	company?: string;
}

/** The app that is there unless others are given. */
export const DEMO_CLIENT: OAuthClient = {
	clientId: 'demo-client-of-local-gong',
	clientSecret: 'demo-client-secret-that-opens-only-the-local-gong',
	scopes: ALL_SCOPES,
};

/** What the token endpoint answers. */
export interface TokenAnswer {
	access_token: string;
	refresh_token: string;
	expires_in: number;
	scope: string;
	token_type: 'bearer';
	api_base_url_for_customer?: string;
}

interface Grant {
	clientId: string;
	scopes: string[];
	company: string;
}

/** A grant, with the sign-in of a person that it goes back to, over all refreshes. */
interface GrantOfSignIn extends Grant {
	signIn: symbol;
}

/** What an access token stands for. */
export interface AccessToken {
	clientId: string;
	caller: Caller;
	hasEnded: boolean;
}

const CODE_LIFETIME_MS = 60_000;

/** Codes and tokens that were given out. One store may serve several local Gongs. */
export class TokenStore {
	private readonly codes = new Map<string, Grant & { redirectUri: string; until: number }>();
	private readonly refreshTokens = new Map<string, GrantOfSignIn>();
	private readonly usedRefreshTokens = new Map<string, GrantOfSignIn>();
	private readonly accessTokens = new Map<string, GrantOfSignIn & { until: number }>();

	constructor(private readonly lifetimeSeconds = 86_400) {}

	/** A code that can be turned into a token once, within a minute. */
	newCode(grant: Grant, redirectUri: string): string {
		const code = newSecret();
		this.codes.set(code, { ...grant, redirectUri, until: Date.now() + CODE_LIFETIME_MS });
		return code;
	}

	/** What the code stands for, or null; it is used up either way. */
	takeCode(code: string, clientId: string, redirectUri: string): Grant | null {
		const found = this.codes.get(code);
		this.codes.delete(code);
		if (found === undefined || found.until < Date.now()) return null;
		if (found.clientId !== clientId || found.redirectUri !== redirectUri) return null;
		return found;
	}

	/** What the refresh token stands for, or null; it works once. */
	takeRefreshToken(
		token: string,
		clientId: string,
		reused: Assumptions['reusedRefreshToken'],
	): GrantOfSignIn | null {
		const used = this.usedRefreshTokens.get(token);
		if (used?.clientId === clientId && reused === 'losesCredential') this.endSignIn(used);
		const found = this.refreshTokens.get(token);
		if (found === undefined || found.clientId !== clientId) return null;
		this.refreshTokens.delete(token);
		this.usedRefreshTokens.set(token, found);
		return found;
	}

	/** Ends all tokens that go back to the same sign-in. */
	private endSignIn({ signIn }: GrantOfSignIn): void {
		for (const [token, grant] of this.refreshTokens) {
			if (grant.signIn === signIn) this.refreshTokens.delete(token);
		}
		for (const grant of this.accessTokens.values()) {
			if (grant.signIn === signIn) grant.until = 0;
		}
	}

	/** A pair of tokens. */
	issue({
		clientId,
		scopes,
		company,
		signIn = Symbol(),
	}: Grant & { signIn?: symbol }): TokenAnswer {
		const answer: TokenAnswer = {
			access_token: newSecret(),
			refresh_token: newSecret(),
			expires_in: this.lifetimeSeconds,
			scope: scopes.join(' '),
			token_type: 'bearer',
		};
		const grant = { clientId, scopes, company, signIn };
		const until = Date.now() + this.lifetimeSeconds * 1_000;
		this.accessTokens.set(answer.access_token, { ...grant, until });
		this.refreshTokens.set(answer.refresh_token, grant);
		return answer;
	}

	/** What this access token stands for; null where it was never given out. */
	find(accessToken: string): AccessToken | null {
		const found = this.accessTokens.get(accessToken);
		if (found === undefined) return null;
		const { clientId, company, scopes, until } = found;
		return { clientId, caller: { company, scopes }, hasEnded: until <= Date.now() };
	}

	/** Lets every access token expire now; with `refreshTokens`, nobody can get a new one either. */
	expire({ refreshTokens = false } = {}): void {
		for (const grant of this.accessTokens.values()) grant.until = 0;
		if (refreshTokens) this.refreshTokens.clear();
	}
}

/** What the OAuth routes need to know. */
export interface OAuthSetup {
	clients: OAuthClient[];
	tokens: TokenStore;
	/** What a token answer says of the customer's own host; null leaves it out. */
	apiBaseUrl: () => string | null;
	assumptions: Assumptions;
}

type Parameters = Record<string, string | undefined>;

function isAllowedRedirect(client: OAuthClient, redirectUri: string): boolean {
	if (client.redirectUris) return client.redirectUris.includes(redirectUri);
	if (!URL.canParse(redirectUri)) return false;
	const { protocol, hostname } = new URL(redirectUri);
	const local = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
	return protocol === 'https:' || (protocol === 'http:' && local);
}

/** The scopes asked for, separated by spaces; null where that is not what they are. */
function readScopes(text: string | undefined): string[] | null {
	const scopes = (text ?? '').split(' ').filter((scope) => scope !== '');
	const wellFormed = scopes.every((scope) => /^api:[a-z-]+(:[a-z-]+)*$/.test(scope));
	return scopes.length > 0 && wellFormed ? scopes : null;
}

function oauthError(status: number, error: string, description: string): Answer {
	return jsonAnswer(status, { error, error_description: description });
}

function redirectTo(redirectUri: string, parameters: Parameters): Answer {
	const location = new URL(redirectUri);
	for (const [name, value] of Object.entries(parameters)) {
		if (value !== undefined) location.searchParams.set(name, value);
	}
	return { status: 302, headers: { location: location.href }, body: '', requestId: null };
}

function authorize(setup: OAuthSetup, query: Parameters): Answer {
	const client = setup.clients.find(({ clientId }) => clientId === query.client_id);
	if (client === undefined) return oauthError(400, 'invalid_client', 'Unknown client_id');
	const redirectUri = query.redirect_uri ?? '';
	// Nobody is sent to an address that the app did not register.
	if (!isAllowedRedirect(client, redirectUri)) {
		return oauthError(400, 'invalid_request', 'The redirect_uri is not one of this client');
	}
	const { state } = query;
	if (query.response_type !== 'code') {
		return redirectTo(redirectUri, { error: 'unsupported_response_type', state });
	}
	const scopes = readScopes(query.scope)?.filter((scope) => client.scopes.includes(scope)) ?? [];
	if (scopes.length === 0) return redirectTo(redirectUri, { error: 'invalid_scope', state });
	const company = client.company ?? DEMO_COMPANY;
	const grant = { clientId: client.clientId, scopes, company };
	return redirectTo(redirectUri, { code: setup.tokens.newCode(grant, redirectUri), state });
}

/** What is in the query and in the form together; null where they contradict each other. */
function mergeParameters(query: Parameters, form: Parameters): Parameters | null {
	const clash = Object.entries(form).some(([name, value]) => (query[name] ?? value) !== value);
	return clash ? null : { ...query, ...form };
}

function takeGrant(
	{ tokens, assumptions }: OAuthSetup,
	client: OAuthClient,
	given: Parameters,
): (Grant & { signIn?: symbol }) | null {
	return given.grant_type === 'authorization_code'
		? tokens.takeCode(given.code ?? '', client.clientId, given.redirect_uri ?? '')
		: tokens.takeRefreshToken(
				given.refresh_token ?? '',
				client.clientId,
				assumptions.reusedRefreshToken,
			);
}

function giveToken(setup: OAuthSetup, request: FastifyRequest): Answer {
	const basic = readBasic(request.headers.authorization);
	const client = setup.clients.find(
		({ clientId, clientSecret }) => clientId === basic?.name && clientSecret === basic.password,
	);
	if (client === undefined) {
		return oauthError(401, 'invalid_client', 'The client must sign in by HTTP Basic');
	}
	const given = mergeParameters(
		(request.query ?? {}) as Parameters,
		(request.body ?? {}) as Parameters,
	);
	if (given === null || (given.client_id ?? client.clientId) !== client.clientId) {
		return oauthError(400, 'invalid_request', 'The parameters contradict each other');
	}
	if (!['authorization_code', 'refresh_token'].includes(given.grant_type ?? '')) {
		return oauthError(400, 'unsupported_grant_type', `Unknown grant_type`);
	}
	const { trustedIps } = client;
	if (given.grant_type === 'refresh_token' && !isTrusted(trustedIps?.refreshTokens, request)) {
		const { status, refusedWith } = setup.assumptions.untrustedAddress;
		return refusal(request, status, [refusedWith]);
	}
	const grant = takeGrant(setup, client, given);
	if (grant === null) {
		return oauthError(400, 'invalid_grant', 'The code or refresh token has expired or was used');
	}
	const host = setup.apiBaseUrl();
	const token = setup.tokens.issue(grant);
	if (host !== null) token.api_base_url_for_customer = host;
	return jsonAnswer(200, token, { 'cache-control': 'no-store' });
}

/**
 * Gong's OAuth2 pages. The person always agrees: authorising leads straight back.
 *
 * `POST /oauth2/generate-customer-token` takes its parameters in the query, as Gong's documentation
 * shows it, or in a form body (`application/x-www-form-urlencoded`), as OAuth libraries send it, or
 * some here and some there. The client signs in by HTTP Basic only.
 */
export function oauthRoutes(app: FastifyInstance, setup: OAuthSetup): void {
	app.addContentTypeParser('application/x-www-form-urlencoded', (request, _payload, done) => {
		done(null, Object.fromEntries(new URLSearchParams(request.exchange.entry.body)));
	});
	app.get('/oauth2/authorize', async (request, reply) => {
		return await respond(request, reply, authorize(setup, request.exchange.entry.query));
	});
	app.post('/oauth2/generate-customer-token', async (request, reply) => {
		return await respond(request, reply, giveToken(setup, request));
	});
}
