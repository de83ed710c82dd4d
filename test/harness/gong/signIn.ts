import type { FastifyRequest } from 'fastify';
import { DEMO_COMPANY, isTrusted, readBasic, type Caller, type GongAccount } from './accounts';
import type { Assumptions } from './assumptions';
import type { OAuthClient, TokenStore } from './oauth';

/** What a sign-in is judged by. */
export interface SignInSetup {
	accounts: GongAccount[];
	clients: OAuthClient[];
	tokens: TokenStore;
	assumptions: Assumptions;
}

/** A status and Gong's words for it. */
export interface Refused {
	status: number;
	words: string;
}

/** Who sent a request, or why it is refused. */
export type SignIn = { caller: Caller; refused: null } | { caller: null; refused: Refused };

const NOT_VALID = 'Access denied: the key or token is not valid';

/** A key or token that is known. */
interface Known {
	caller: Caller;
	hasEnded: boolean;
	trustedIps: string[] | undefined;
}

function findToken({ tokens, clients }: SignInSetup, token: string): Known | null {
	const found = tokens.find(token);
	if (found === null) return null;
	const client = clients.find(({ clientId }) => clientId === found.clientId);
	return { ...found, trustedIps: client?.trustedIps?.accessTokens };
}

function findKey({ accounts }: SignInSetup, header: string | undefined): Known | null {
	const basic = readBasic(header);
	const account = accounts.find(
		({ accessKey, accessKeySecret }) =>
			accessKey === basic?.name && accessKeySecret === basic.password,
	);
	if (account === undefined) return null;
	const { company = DEMO_COMPANY, scopes = null, endsAt, trustedIps } = account;
	const hasEnded = endsAt !== undefined && Date.parse(endsAt) <= Date.now();
	return { caller: { company, scopes }, hasEnded, trustedIps };
}

/** Finds out who sent a request. */
export function signInOf(request: FastifyRequest, setup: SignInSetup): SignIn {
	const { endedSignIn, untrustedAddress } = setup.assumptions;
	const header = request.headers.authorization;
	const token = /^Bearer (\S+)$/i.exec(header ?? '')?.[1];
	const known = token === undefined ? findKey(setup, header) : findToken(setup, token);
	if (known === null) return { caller: null, refused: { status: 401, words: NOT_VALID } };
	if (known.hasEnded) return { caller: null, refused: { status: endedSignIn, words: NOT_VALID } };
	if (!isTrusted(known.trustedIps, request)) {
		const { status, refusedWith: words } = untrustedAddress;
		return { caller: null, refused: { status, words } };
	}
	return { caller: known.caller, refused: null };
}

/** Why a caller without this scope is refused, or null; `described` is the status that Gong's description names. */
export function scopeMissing(
	{ scopes }: Caller,
	scope: string,
	described: number,
	{ missingScope }: Assumptions,
): Refused | null {
	if (scopes === null || scopes.includes(scope)) return null;
	const status = missingScope === 'asDescribed' ? described : missingScope;
	return { status, words: `You don't have permission to use '${scope}' in your app.` };
}
