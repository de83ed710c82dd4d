import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const BEAT_MS = 5_000;
const STALE_MS = 60_000;

interface Owner {
	readonly token: string;
	readonly pid: number;
	readonly host: string;
}

/**
 * Runs `work` while no other process does work under the same lock file.
 * A lock whose process is gone, or that has not been renewed for a minute, counts as left behind.
 */
export async function withLock<T>(
	file: string,
	work: () => Promise<T>,
	onWait: () => void,
): Promise<T> {
	const owner: Owner = { token: randomUUID(), pid: process.pid, host: hostname() };
	const text = JSON.stringify(owner);
	let told = false;
	while (!(await take(file, text))) {
		if (await leftBehind(file)) {
			await removeStale(file);
			continue;
		}
		if (!told) onWait();
		told = true;
		await sleep(1_000);
	}
	const beat = setInterval(() => {
		const now = new Date();
		utimes(file, now, now).catch(() => {});
	}, BEAT_MS);
	beat.unref();
	const release = () => releaseNow(file, text);
	process.once('exit', release);
	try {
		return await work();
	} finally {
		clearInterval(beat);
		process.removeListener('exit', release);
		release();
	}
}

async function take(file: string, text: string): Promise<boolean> {
	try {
		await writeFile(file, text, { flag: 'wx' });
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
		throw error;
	}
}

async function leftBehind(file: string): Promise<boolean> {
	try {
		const { mtimeMs } = await stat(file);
		if (Date.now() - mtimeMs > STALE_MS) return true;
		const owner = JSON.parse(await readFile(file, 'utf8')) as Owner;
		return owner.host === hostname() && !isRunning(owner.pid);
	} catch {
		// Gone, or being written this moment: the next round will tell.
		return false;
	}
}

/** Moves the lock aside before removing it, so that of two who find it stale one only succeeds. */
async function removeStale(file: string): Promise<void> {
	const aside = `${file}.${randomUUID()}`;
	try {
		await rename(file, aside);
		await rm(aside, { force: true });
	} catch {
		// Somebody else was faster.
	}
}

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

function releaseNow(file: string, text: string): void {
	try {
		// Only one's own: it may have been taken over after a long sleep of this machine.
		if (readFileSync(file, 'utf8') === text) rmSync(file, { force: true });
	} catch {
		// Already gone.
	}
}
