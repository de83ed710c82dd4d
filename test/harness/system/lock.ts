import { lock } from 'proper-lockfile';

const OPTIONS = {
	// What is locked may not be there yet.
	realpath: false,
	update: 5_000,
	stale: 20_000,
	// Another process took over, since this machine slept; both may go on, as they do the same work.
	onCompromised: () => {},
} as const;
const EVERY_SECOND = { forever: true, factor: 1, minTimeout: 1_000, maxTimeout: 1_000 } as const;

/**
 * Runs `work` while no other process does work under a lock on the same file or folder. A lock that has not
 * been renewed for 20 seconds counts as left behind, and is taken over.
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
		// Refused where the lock is no longer ours.
		await release().catch(() => {});
	}
}
