/** What it takes to install one n8n. */
export interface N8nVersion {
	/** The exact Node that it is run with, whatever Node runs this project. */
	readonly node: string;
	/** npm's `overrides` for it. */
	readonly overrides?: Readonly<Record<string, string>>;
	/** Settings that only this one needs to keep to itself. */
	readonly env?: Readonly<Record<string, string>>;
}

// Their own copy of xlsx comes from outside the npm registry and may not be reachable.
const xlsxFromRegistry = { xlsx: '0.18.5' } as const;

/** The n8n releases that the package is tried in. */
export const N8N_VERSIONS = {
	// Else it asks n8n's own server for a list whenever it starts; an older one does not know that name.
	'2.41.1': { node: '24.21.0', env: { N8N_DISABLED_MODULES: 'mcp-registry' } },
	'2.8.4': { node: '24.21.0', overrides: xlsxFromRegistry },
	'1.123.81': { node: '22.23.3', overrides: xlsxFromRegistry },
} as const satisfies Record<string, N8nVersion>;

export type SupportedN8n = keyof typeof N8N_VERSIONS;

const VARIABLE = 'GONG_N8N_VERSION';

/** The n8n that the demo and most tests use: 2.41.1, or the one that GONG_N8N_VERSION names. */
export const DEFAULT_N8N: SupportedN8n = chosenVersion() ?? '2.41.1';

function chosenVersion(): SupportedN8n | undefined {
	const name = process.env[VARIABLE];
	if (!name) return undefined;
	const known = Object.keys(N8N_VERSIONS) as SupportedN8n[];
	const version = known.find((candidate) => candidate === name);
	if (version) return version;
	throw new Error(`This knows the n8n versions ${known.join(', ')}, and not "${name}".`);
}
