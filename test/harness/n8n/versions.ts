/** What is needed to install one n8n. */
export interface N8nVersion {
	/** The exact Node to run it with, independent of the Node that runs this project. */
	readonly node: string;
	/** npm's `overrides` for it. */
	readonly overrides?: Readonly<Record<string, string>>;
	/** Settings that only this release needs to stay off the network. */
	readonly env?: Readonly<Record<string, string>>;
}

// Their own copy of xlsx is outside the npm registry and may be unreachable.
const xlsxFromRegistry = { xlsx: '0.18.5' } as const;

/** The n8n releases in which the package is tested. */
export const N8N_VERSIONS = {
	// Without this, it fetches a list from n8n's own server at each start; older releases do not know this
	// setting.
	'2.41.1': { node: '24.21.0', env: { N8N_DISABLED_MODULES: 'mcp-registry' } },
	'2.8.4': { node: '24.21.0', overrides: xlsxFromRegistry },
	'1.123.81': { node: '22.23.3', overrides: xlsxFromRegistry },
} as const satisfies Record<string, N8nVersion>;

export type SupportedN8n = keyof typeof N8N_VERSIONS;

const VARIABLE = 'GONG_N8N_VERSION';

/** The release that GONG_N8N_VERSION names. */
export const CHOSEN_N8N = chosenVersion();

/** The newest of them. */
export const NEWEST_N8N: SupportedN8n = '2.41.1';

/** The n8n that the demo and most tests use: the newest, or the one that was chosen. */
export const DEFAULT_N8N: SupportedN8n = CHOSEN_N8N ?? NEWEST_N8N;

function chosenVersion(): SupportedN8n | undefined {
	const name = process.env[VARIABLE];
	if (!name) return undefined;
	const known = Object.keys(N8N_VERSIONS) as SupportedN8n[];
	const version = known.find((candidate) => candidate === name);
	if (version) return version;
	throw new Error(`Known n8n versions are ${known.join(', ')}; "${name}" is not one of them.`);
}

/** What users see that n8n, and not this package, does differently in each release. */
interface Difference {
	/** The newest AI Agent, which a new workflow gets. */
	readonly newestAgent: number;
	/** Whether a tool set to stop ends the agent; if not, the model gets the error message. */
	readonly stoppedToolEndsAgent: boolean;
	/** The message when Gong refuses a checked key: ours, or n8n's for any 401. */
	readonly credentialRefusal: RegExp;
	/** The message when Gong answers a check with 403: ours, or any of n8n's. */
	readonly credentialForbidden: RegExp;
	/** The message when there is no Gong at a checked base URL: ours, or any of n8n's. */
	readonly credentialNotFound: RegExp;
	/** The message when a checked base URL redirects: ours, or any of n8n's. */
	readonly credentialRedirected: RegExp;
}

const OUR_WORDS = /did not accept this key\. Check Access Key and Access Key Secret/;
const OUR_WORDS_FOR_403 = /did not allow this check.*trusted IPs/;
const OUR_WORDS_FOR_404 = /no Gong API at this Base URL.*without \/v2/;
const OUR_WORDS_FOR_A_REDIRECT = /leads to another address.*Set it to https:\/\/api\.gong\.io/;
const ANY_WORDS = /\S/;
const WORDS_FOR_ANY_401 = /Authorization failed - please check your credentials/;

const DIFFERENCES: Readonly<Record<SupportedN8n, Difference>> = {
	'2.41.1': {
		newestAgent: 3.1,
		stoppedToolEndsAgent: false,
		credentialRefusal: OUR_WORDS,
		credentialForbidden: OUR_WORDS_FOR_403,
		credentialNotFound: OUR_WORDS_FOR_404,
		credentialRedirected: OUR_WORDS_FOR_A_REDIRECT,
	},
	'2.8.4': {
		newestAgent: 3.1,
		stoppedToolEndsAgent: true,
		credentialRefusal: WORDS_FOR_ANY_401,
		credentialForbidden: ANY_WORDS,
		credentialNotFound: ANY_WORDS,
		credentialRedirected: ANY_WORDS,
	},
	'1.123.81': {
		newestAgent: 3,
		stoppedToolEndsAgent: true,
		credentialRefusal: WORDS_FOR_ANY_401,
		credentialForbidden: ANY_WORDS,
		credentialNotFound: ANY_WORDS,
		credentialRedirected: ANY_WORDS,
	},
};

/** The same for the n8n that most tests use. */
export const OF_THIS_N8N: Difference = DIFFERENCES[DEFAULT_N8N];
