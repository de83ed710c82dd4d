import { PACKAGE_NAME } from '../package/names';
import { packProject } from '../package/pack';
import { beginningOf } from './beginning';
import { type InstalledN8n, installN8n } from './install';
import { N8nInstance } from './instance';
import { OWNER, type N8nRest } from './rest';
import { DEFAULT_N8N, type SupportedN8n } from './versions';

/** A private n8n with the packed package, its server running and its owner signed in. */
export interface RunningN8n {
	readonly installed: InstalledN8n;
	readonly url: string;
	readonly rest: N8nRest;
	/** Ends it and removes all of its data. */
	dispose(): Promise<void>;
}

/** Starts one. `extraEnv` holds further settings of n8n. */
export async function startN8n(
	extraEnv: Readonly<Record<string, string>> = {},
	version: SupportedN8n = DEFAULT_N8N,
): Promise<RunningN8n> {
	const installed = await installN8n(version);
	const n8n = await N8nInstance.create(installed, extraEnv, beginningOf(installed));
	try {
		await n8n.installPackage(await packProject(n8n.folder), PACKAGE_NAME);
		const rest = await n8n.start();
		await rest.setupOwner(OWNER);
		return { installed, url: n8n.url, rest, dispose: async () => await n8n.dispose() };
	} catch (error) {
		await n8n.dispose();
		throw error;
	}
}
