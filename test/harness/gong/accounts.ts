/** The scopes that the local Gong knows, one for each kind of request. */
export const SCOPES = {
	readAccess: 'api:call-user-access:read',
	writeAccess: 'api:call-user-access:write',
	readUsers: 'api:users:read',
	listCalls: 'api:calls:read:basic',
	findCalls: 'api:calls:read:extensive',
	readWorkspaces: 'api:workspaces:read',
	/** Recorded by others; Gong's description names none for permission profiles. */
	readProfiles: 'api:permission-profile:read',
	readLibrary: 'api:library:read',
	readLogs: 'api:logs:read',
} as const;

/** Every scope that the local Gong asks for. */
export const ALL_SCOPES: string[] = Object.values(SCOPES);

/** Somebody who may use the API: an access key, or the holder of a token. */
export interface Caller {
	company: string;
	/** Null: it reaches every endpoint. */
	scopes: string[] | null;
}

/** An access key that a technical administrator made. */
export interface GongAccount {
	accessKey: string;
	accessKeySecret: string;
	/**
	 * Left out: it reaches every endpoint, since the window that makes keys has no scopes. With a list it reaches what
	 * these open, as one integrator's guide shows it. Which of the two is true is not known.
	 */
	scopes?: string[];
	/** Requests from any other address are refused; left out: from any. */
	trustedIps?: string[];
	/** From when on it is refused: a moment, or a day in UTC; left out: never. */
	endsAt?: string;
	/** Keys of one company share its limit; default `demo`. */
	company?: string;
}

/** The company of those who say nothing else. */
export const DEMO_COMPANY = 'demo';

/** The account that is there unless others are given. */
export const DEMO_ACCOUNT: GongAccount = {
	accessKey: 'DEMO0ACCESS0KEY0OF0LOCAL0GONG',
	accessKeySecret: 'demo-secret-that-opens-only-the-local-gong',
};

/** Whether requests are taken from where this one comes from. */
export function isTrusted(trustedIps: string[] | undefined, { ip }: { ip: string }): boolean {
	return trustedIps?.includes(ip) ?? true;
}

/** Name and password of an HTTP Basic header, or null where it is none. */
export function readBasic(header: string | undefined): { name: string; password: string } | null {
	const encoded = /^Basic ([A-Za-z0-9+/]+={0,2})$/i.exec(header ?? '')?.[1];
	if (encoded === undefined) return null;
	const decoded = Buffer.from(encoded, 'base64').toString('utf8');
	const colon = decoded.indexOf(':');
	if (colon === -1) return null;
	return { name: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}

/** The header of a request signed in by this account. */
export function basicHeader(account: Pick<GongAccount, 'accessKey' | 'accessKeySecret'>): string {
	const pair = `${account.accessKey}:${account.accessKeySecret}`;
	return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
}
