import { rm } from 'node:fs/promises';

/** Removes a folder with all that is in it; a program that ended just now may hold on to it for a moment. */
export async function removeFolder(folder: string): Promise<void> {
	await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
