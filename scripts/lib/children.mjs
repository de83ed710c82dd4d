import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs Node with these arguments at this terminal; returns its exit code. Passes signals on, and stays until
 * the child has cleaned up.
 */
export async function runNode(args, { env = process.env, channel = false } = {}) {
	const child = spawn(process.execPath, args, {
		cwd: PROJECT,
		env,
		stdio: ['inherit', 'inherit', 'inherit', channel ? 'ipc' : 'ignore'],
	});
	const handOn = (signal) => child.kill(signal);
	for (const signal of SIGNALS) process.on(signal, handOn);
	try {
		return await new Promise((resolve, reject) => {
			child.once('error', reject);
			child.once('exit', (code) => resolve(code ?? 1));
		});
	} finally {
		for (const signal of SIGNALS) process.removeListener(signal, handOn);
	}
}

/** Runs one of the project's TypeScript files; returns its exit code. It ends when this process does. */
export async function runTypeScript(file, args, env = process.env) {
	if (!existsSync(path.join(PROJECT, file))) throw new Error(`The file ${file} does not exist.`);
	const node = ['--import', 'tsx', '--import', './scripts/lib/endWithParent.mjs'];
	return await runNode([...node, file, ...args], { channel: true, env });
}

/** Runs npm quietly, with a line every 15 seconds; throws its output if it fails. */
export async function runNpm(args, saying) {
	console.log(`${saying} …`);
	const started = Date.now();
	const seconds = () => Math.round((Date.now() - started) / 1_000);
	const timer = setInterval(() => console.log(`  … ${seconds()} s`), 15_000);
	// Under `npm run` npm sets the path of its own program; otherwise it is found by its name.
	const cli = process.env.npm_execpath?.endsWith('npm-cli.js') ? process.env.npm_execpath : '';
	const child = spawn(cli ? process.execPath : 'npm', cli ? [cli, ...args] : args, {
		cwd: PROJECT,
		stdio: ['ignore', 'pipe', 'pipe'],
		shell: !cli && process.platform === 'win32',
	});
	let output = '';
	child.stdout.on('data', (chunk) => (output += chunk));
	child.stderr.on('data', (chunk) => (output += chunk));
	try {
		const code = await new Promise((resolve, reject) => {
			child.once('error', reject);
			child.once('close', resolve);
		});
		if (code !== 0) throw new Error(`${output.trim()}\n\n"npm ${args.join(' ')}" failed.`);
	} finally {
		clearInterval(timer);
	}
	if (seconds() >= 5) console.log(`  done (${seconds()} s)`);
}
