import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rename, rm, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';

import envPaths from 'env-paths';

import { PACKAGE_NAME } from '../package/names';
import { withLock } from '../system/lock';
import { npm, NpmError } from '../system/npm';
import { Progress, type Say } from '../system/progress';
import { nodeBinary, nodeHeaders, nodePackageName } from './nodeBinary';
import { DEFAULT_N8N, N8N_VERSIONS, type N8nVersion, type SupportedN8n } from './versions';

/** Increase this when the layout changes, so that older installs are made anew. */
const LAYOUT = 1;
const MARKER = 'installed.json';
const NEEDED_BYTES = 4 * 1024 ** 3;
/** The user's cache folder, where the system keeps it. */
const CACHE = envPaths(PACKAGE_NAME, { suffix: '' }).cache;

/** A real n8n on this machine, ready to start. */
export interface InstalledN8n {
	readonly version: SupportedN8n;
	readonly folder: string;
	/** The Node to start it with. */
	readonly node: string;
	/** n8n's own program file. */
	readonly bin: string;
}

/** n8n is not in the cache, and the network to fetch it cannot be reached. */
export class N8nUnreachableError extends Error {
	constructor(version: string, options: ErrorOptions) {
		super(
			`n8n ${version} is not on this machine yet, and the npm registry it comes from could not be reached.`,
			options,
		);
		this.name = 'N8nUnreachableError';
	}
}

/** The installed n8n of that version, or nothing if it is missing or incomplete. */
export function installedN8n(version: SupportedN8n = DEFAULT_N8N): InstalledN8n | undefined {
	const folder = versionFolder(version);
	return existsSync(path.join(folder, MARKER)) ? describeInstall(version, folder) : undefined;
}

/**
 * Returns a real n8n of that version with the Node that it requires, from the user's cache folder. Fetches what
 * is missing first. Throws `N8nUnreachableError` without a network.
 */
export async function installN8n(
	version: SupportedN8n = DEFAULT_N8N,
	say: Say = console.log,
): Promise<InstalledN8n> {
	const ready = installedN8n(version);
	if (ready) return ready;
	const folder = versionFolder(version);
	await mkdir(path.dirname(folder), { recursive: true });
	let waiting: Progress | undefined;
	const wait = () => {
		say(`Another process is installing n8n ${version}; waiting for it …`);
		waiting = new Progress(say);
		waiting.step('waiting');
	};
	const work = async () => {
		waiting?.stop();
		return installedN8n(version) ?? (await installInto(version, folder, say));
	};
	return await withLock(folder, work, wait);
}

async function installInto(version: SupportedN8n, folder: string, say: Say): Promise<InstalledN8n> {
	const half = `${folder}.half`;
	// Removes a partial install; npm's own cache makes the second try quick.
	await rm(half, { recursive: true, force: true });
	await rm(folder, { recursive: true, force: true });
	await mkdir(half);
	await refuseFullDisk(half);
	const wants: N8nVersion = N8N_VERSIONS[version];
	say(
		`Installing n8n ${version} and Node ${wants.node} into ${folder} (once; 3 to 10 minutes, 3 GB). It stays there for the next time; delete that folder to remove it …`,
	);
	const progress = new Progress(say);
	try {
		progress.step('fetching n8n', () => packagesSoFar(half));
		await fetchPackages(version, wants, half);
		progress.step("building n8n's database add-on");
		await buildDatabaseAddOn(half);
		progress.step('trying it');
		proveItRuns(half, wants);
		const marker = { version, node: wants.node, layout: LAYOUT };
		await writeFile(path.join(half, MARKER), JSON.stringify(marker));
		await rename(half, folder);
		say(`n8n ${version} is installed (${progress.elapsed()}).`);
	} catch (error) {
		if (error instanceof NpmError && error.isNetwork) {
			throw new N8nUnreachableError(version, { cause: error });
		}
		throw error;
	} finally {
		progress.stop();
	}
	return describeInstall(version, folder);
}

async function fetchPackages(version: string, wants: N8nVersion, folder: string): Promise<void> {
	const dependencies = { n8n: version, [nodePackageName()]: wants.node };
	await writeFile(
		path.join(folder, 'package.json'),
		JSON.stringify({ private: true, dependencies, overrides: wants.overrides }, null, 2),
	);
	// The user's npm settings may differ on each of these, so all are given.
	await npm(
		[
			'install',
			'--ignore-scripts',
			'--no-audit',
			'--no-fund',
			'--loglevel=error',
			'--engine-strict=false',
			'--install-strategy=hoisted',
			'--include=optional',
			'--omit=dev',
			'--fetch-retry-mintimeout=2000',
			'--fetch-retry-maxtimeout=20000',
		],
		{ cwd: folder },
	);
}

/** The only add-on that n8n needs to start and that ships without its binary. */
async function buildDatabaseAddOn(folder: string): Promise<void> {
	const node = nodeBinary(folder);
	const headers = nodeHeaders(folder) ?? '';
	await npm(
		[
			'rebuild',
			'sqlite3',
			'--ignore-scripts=false',
			'--foreground-scripts',
			`--nodedir=${headers}`,
		],
		{ cwd: folder, node, env: environmentWithNode(node) },
	);
}

function proveItRuns(folder: string, wants: N8nVersion): void {
	const script = "require('sqlite3'); process.stdout.write(process.versions.node)";
	const { stdout, stderr, error } = spawnSync(nodeBinary(folder), ['-e', script], {
		cwd: folder,
		encoding: 'utf8',
	});
	if (stdout === wants.node) return;
	throw new Error(
		`The Node ${wants.node} that n8n needs does not run here: ${error?.message ?? stderr}`,
	);
}

async function refuseFullDisk(folder: string): Promise<void> {
	const { bavail, bsize } = await statfs(folder);
	if (bavail * bsize >= NEEDED_BYTES) return;
	throw new Error(
		`n8n needs 4 GB of disk, and ${folder} has ${Math.round((bavail * bsize) / 1024 ** 2)} MB left.`,
	);
}

function environmentWithNode(node: string): NodeJS.ProcessEnv {
	// Windows may spell it Path, and both spellings in one environment conflict.
	const key = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
	const paths = [path.dirname(node), process.env[key] ?? ''];
	return { ...process.env, [key]: paths.join(path.delimiter) };
}

function packagesSoFar(folder: string): string {
	try {
		return ` (${readdirSync(path.join(folder, 'node_modules')).length} package folders)`;
	} catch {
		return '';
	}
}

function versionFolder(version: SupportedN8n): string {
	const major = N8N_VERSIONS[version].node.split('.')[0];
	return path.join(CACHE, `n8n-${version}-node${major}`);
}

function describeInstall(version: SupportedN8n, folder: string): InstalledN8n {
	return {
		version,
		folder,
		node: nodeBinary(folder),
		bin: path.join(folder, 'node_modules', 'n8n', 'bin', 'n8n'),
	};
}
