import { installedN8n } from './install';
import { SKIPPED_WITHOUT_N8N } from './skipping';
import { CHOSEN_N8N, DEFAULT_N8N, N8N_VERSIONS, type SupportedN8n } from './versions';

const VARIABLE = 'GONG_N8N_VERSIONS';

/** A release of n8n, and why a test for every release does not run in it. */
export interface TriedVersion {
	readonly version: SupportedN8n;
	/** Empty if it runs. */
	readonly skipped: string;
}

/**
 * Every supported release, for tests that run in each. The default one is always tried. Others are tried if
 * they are in the cache or if GONG_N8N_VERSIONS names them (such as "1.123.81, 2.8.4", or "all"), since
 * fetching one takes minutes.
 */
export function triedVersions(): readonly TriedVersion[] {
	const all = Object.keys(N8N_VERSIONS) as SupportedN8n[];
	const named = (process.env[VARIABLE] ?? '').split(/[\s,]+/).filter((name) => name !== '');
	const unknown = named.find((name) => name !== 'all' && !all.some((version) => version === name));
	if (unknown !== undefined) {
		throw new Error(`${VARIABLE} names ${unknown}, but knows only ${all.join(', ')} and "all".`);
	}
	// If one release was requested, as with "npm run test:n8n -- --version 2.8.4", only that one is tried.
	const only = CHOSEN_N8N;
	return all.map((version) => {
		if (only !== undefined && version !== only) {
			return { version, skipped: ` (SKIPPED: this run is for n8n ${only} alone)` };
		}
		const wanted = version === DEFAULT_N8N || named.includes('all') || named.includes(version);
		if (SKIPPED_WITHOUT_N8N) return { version, skipped: SKIPPED_WITHOUT_N8N };
		if (installedN8n(version)) return { version, skipped: '' };
		return {
			version,
			skipped: wanted ? '' : ` (SKIPPED: not in the cache; ${VARIABLE}=${version} fetches it)`,
		};
	});
}
