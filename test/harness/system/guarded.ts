import { type ChildProcessByStdio, spawn } from 'node:child_process';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';

const GUARD = path.join(__dirname, 'guard.mjs');

export interface GuardedOptions {
	readonly cwd: string;
	readonly env: NodeJS.ProcessEnv;
	/** How long the program may take to end by itself, in milliseconds. */
	readonly graceMs: number;
	/** Removed when the process that started this one ends without stopping it. */
	readonly orphanFolder: string;
	/** The user to run it as, if not the current one; only root may set it. */
	readonly user?: SystemUser;
}

/** A user of this machine, by number. */
export interface SystemUser {
	readonly uid: number;
	readonly gid: number;
}

/** A program that ends, with its children, when it is stopped or when this process ends in any way. */
export class GuardedProcess {
	/** Resolves to the exit code once the program and its children have ended. */
	readonly exited: Promise<number>;
	private readonly guard: ChildProcessByStdio<Writable, Readable, Readable>;

	constructor(command: string, args: readonly string[], options: GuardedOptions) {
		const { cwd, env, graceMs, orphanFolder } = options;
		const user = options.user ? `${options.user.uid}:${options.user.gid}` : '';
		this.guard = spawn(
			process.execPath,
			[GUARD, String(graceMs), orphanFolder, user, command, ...args],
			// Detached from the terminal: this process gets Ctrl-C, and stops the program in order.
			{ cwd, env, detached: process.platform !== 'win32', stdio: 'pipe', windowsHide: true },
		);
		// Writing to a guard that has just ended fails, which is expected.
		this.guard.stdin.on('error', () => {});
		this.exited = new Promise((resolve, reject) => {
			this.guard.once('error', reject);
			this.guard.once('close', (code) => resolve(code ?? 1));
		});
		this.exited.catch(() => {});
	}

	/** Calls back with every piece of text that the program writes. */
	onOutput(listener: (text: string, stream: 'stdout' | 'stderr') => void): void {
		for (const stream of ['stdout', 'stderr'] as const) {
			this.guard[stream].setEncoding('utf8');
			this.guard[stream].on('data', (text: string) => listener(text, stream));
		}
	}

	/** Ends the program and waits until it has ended. */
	async stop(): Promise<void> {
		// Left open: closing it would tell the guard that this process has ended.
		this.guard.stdin.write('stop\n');
		await this.exited;
	}

	/** Ends the program by force at once, and waits until it has ended. */
	async kill(): Promise<void> {
		this.guard.stdin.write('kill\n');
		await this.exited;
	}
}
