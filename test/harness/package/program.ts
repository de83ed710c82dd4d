import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** What n8n's scanner says about a folder. */
export interface Scan {
	readonly passed: boolean;
	readonly message?: string;
	readonly details?: string;
	/** Errors and warnings alike. */
	readonly findings: readonly string[];
	/** How many files it looked at. */
	readonly files: number;
}

/** What n8n's loader found in a package. */
export interface Loaded {
	/** Milliseconds. */
	readonly took: number;
	readonly nodes: readonly string[];
	readonly credentials: readonly string[];
}

/** Runs n8n's scanner over the project (`source`) or over an unpacked package (`published`). */
export async function scan(folder: string, kind: 'source' | 'published'): Promise<Scan> {
	return JSON.parse(await run('scan.mjs', [folder, kind])) as Scan;
}

/** Loads a package as n8n does when it starts, in a process of its own. */
export async function loadOnce(folder: string): Promise<Loaded> {
	return JSON.parse(await run('loadOnce.cjs', [folder])) as Loaded;
}

async function run(program: string, args: readonly string[]): Promise<string> {
	// n8n-core wants a folder of its own and a key.
	const home = mkdtempSync(path.join(tmpdir(), 'gong-call-access-load-'));
	const env: NodeJS.ProcessEnv = {
		...process.env,
		N8N_USER_FOLDER: home,
		N8N_ENCRYPTION_KEY: 'package-tests',
	};
	// Set to "test", n8n's rules take what they see for samples of their own tests.
	delete env.NODE_ENV;
	try {
		const { stdout } = await execute(process.execPath, [path.join(__dirname, program), ...args], {
			env,
		});
		return stdout;
	} finally {
		rmSync(home, { recursive: true, force: true });
	}
}
