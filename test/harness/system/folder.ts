import { rm } from 'node:fs/promises';

/** Removes a folder and its content; a program that has just ended may hold on to it for a moment. */
export async function removeFolder(folder: string): Promise<void> {
	await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
