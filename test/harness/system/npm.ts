import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** npm ended with an exit code other than 0; `output` is all of its output. */
export class NpmError extends Error {
	constructor(
		readonly args: readonly string[],
		readonly output: string,
	) {
		super(`npm ${args.slice(0, 2).join(' ')} failed:\n${output.trim().slice(-4_000)}`);
		this.name = 'NpmError';
	}

	/** Whether npm, or a program that it started, could not reach the network. */
	get isNetwork(): boolean {
		return /\b(ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|EIDLETIMEOUT|FETCH_ERROR)\b|network (timeout|connectivity)/i.test(
			this.output,
		);
	}
}

export interface NpmOptions {
	readonly cwd: string;
	readonly env?: NodeJS.ProcessEnv;
	/** The Node that npm and its scripts run on. */
	readonly node?: string;
}

/** Runs npm and returns its standard output. It ends with this process, also on Ctrl-C. */
export async function npm(args: readonly string[], options: NpmOptions): Promise<string> {
	const node = options.node ?? process.execPath;
	const cli = npmCli();
	const [command, commandArgs] = cli ? [node, [cli, ...args]] : ['npm', [...args]];
	const child = spawn(command, commandArgs, {
		cwd: options.cwd,
		env: options.env ?? process.env,
		stdio: ['ignore', 'pipe', 'pipe'],
		windowsHide: true,
		// On Windows npm is a batch file, which only a shell can start.
		shell: !cli && process.platform === 'win32',
	});
	const kill = () => child.kill();
	process.once('exit', kill);
	let stdout = '';
	let all = '';
	child.stdout.on('data', (chunk: Buffer) => {
		stdout += chunk.toString();
		all += chunk.toString();
	});
	child.stderr.on('data', (chunk: Buffer) => (all += chunk.toString()));
	try {
		const code = await new Promise<number | null>((resolve, reject) => {
			child.once('error', reject);
			child.once('close', resolve);
		});
		if (code !== 0) throw new NpmError(args, all);
		return stdout;
	} finally {
		process.removeListener('exit', kill);
	}
}

/** npm's own program file, if it can be found, so that no shell is needed. */
function npmCli(): string | undefined {
	const home = path.dirname(process.execPath);
	const candidates = [
		process.env.npm_execpath,
		path.join(home, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
		path.join(home, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
	];
	return candidates.find((file) => file?.endsWith('npm-cli.js') && existsSync(file));
}
