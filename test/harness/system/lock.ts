import { lock } from 'proper-lockfile';

const OPTIONS = {
	// The locked file or folder may not exist yet.
	realpath: false,
	update: 5_000,
	stale: 20_000,
	// Another process took over while this machine slept; both may continue, since they do the same work.
	onCompromised: () => {},
} as const;
const EVERY_SECOND = { forever: true, factor: 1, minTimeout: 1_000, maxTimeout: 1_000 } as const;

/**
 * Runs `work` while no other process works under a lock on the same file or folder. A lock that was not renewed
 * for 20 seconds counts as abandoned, and is taken over.
 */
export async function withLock<T>(
	file: string,
	work: () => Promise<T>,
	onWait: () => void,
): Promise<T> {
	const release = await lock(file, OPTIONS).catch(async (error: NodeJS.ErrnoException) => {
		if (error.code !== 'ELOCKED') throw error;
		onWait();
		return await lock(file, { ...OPTIONS, retries: EVERY_SECOND });
	});
	try {
		return await work();
	} finally {
		// Fails if another process has taken over the lock.
		await release().catch(() => {});
	}
}
