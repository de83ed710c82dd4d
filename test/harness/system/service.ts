import { spawnSync } from 'node:child_process';
import { chown, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { removeFolder } from './folder';
import { GuardedProcess, type SystemUser } from './guarded';

const GRACE_MS = 5_000;
const READY_MS = 30_000;

/** A server that n8n needs. */
export interface Service {
	/** Its address, with the user and the password. */
	readonly url: URL;
	/** Ends it and removes its data; does nothing to the user's own server. */
	dispose(): Promise<void>;
}

/** A folder for such a server, removed with it. */
export async function serviceFolder(name: string, owner?: SystemUser): Promise<string> {
	const folder = await mkdtemp(path.join(tmpdir(), `${name}-gong-call-access-`));
	if (owner) await chown(folder, owner.uid, owner.gid);
	return folder;
}

/** The environment of a program, without the user's settings. */
export function bareEnvironment(folder: string): NodeJS.ProcessEnv {
	return { PATH: process.env.PATH, HOME: folder, LANG: 'C', LC_ALL: 'C' };
}

export interface ServiceStart {
	readonly command: string;
	readonly args: readonly string[];
	readonly folder: string;
	readonly url: URL;
	readonly user?: SystemUser;
	/** The output that shows that it is ready. */
	readonly readyWords: RegExp;
}

/** Starts it; resolves when its output shows that it is ready. It ends when this process ends in any way. */
export async function startService(start: ServiceStart): Promise<Service> {
	const { command, args, folder, url, user, readyWords } = start;
	const running = new GuardedProcess(command, args, {
		cwd: folder,
		env: bareEnvironment(folder),
		graceMs: GRACE_MS,
		orphanFolder: folder,
		user,
	});
	const dispose = async () => {
		await running.stop();
		await removeFolder(folder);
	};
	let said = '';
	const ready = new Promise<boolean>((resolve) => {
		running.onOutput((text) => {
			said = (said + text).slice(-20_000);
			if (readyWords.test(said)) resolve(true);
		});
		const over = () => resolve(false);
		running.exited.then(over, over);
		setTimeout(over, READY_MS).unref();
	});
	if (await ready) return { url, dispose };
	await dispose();
	throw new Error(`${path.basename(command)} did not start:\n${said.slice(-4_000)}`);
}

/** The user to run a server as that refuses to run as root; nobody if this process is not root's. */
export function userInsteadOfRoot(...names: readonly string[]): SystemUser | undefined {
	if (process.getuid?.() !== 0) return undefined;
	const idOf = (option: string, name: string) => {
		const { status, stdout } = spawnSync('id', [option, name], { encoding: 'utf8' });
		return status === 0 ? Number(stdout) : undefined;
	};
	for (const name of names) {
		const uid = idOf('-u', name);
		const gid = idOf('-g', name);
		if (uid !== undefined && gid !== undefined) return { uid, gid };
	}
	throw new Error(`There is no user ${names.join(' or ')} on this machine to run PostgreSQL as.`);
}
