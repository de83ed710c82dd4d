import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { withLock } from '../system/lock';
import type { InstalledN8n } from './install';
import { WITHOUT_EDITOR } from './environment';
import { type Beginning, N8nInstance } from './instance';

/** What a private n8n may begin with, if it was made; see {@link makeBeginning}. */
export function beginningOf(installed: InstalledN8n): Beginning | undefined {
	const folder = folderOf(installed);
	if (!existsSync(folder)) return undefined;
	const encryptionKey = readFileSync(path.join(folder, 'key'), 'utf8');
	return { database: path.join(folder, 'database.sqlite'), encryptionKey };
}

/** Has an n8n make its tables and keeps them beside the install: they take a third of each first start. */
export async function makeBeginning(installed: InstalledN8n): Promise<void> {
	const folder = folderOf(installed);
	if (existsSync(folder)) return;
	const make = async () => {
		if (existsSync(folder)) return;
		const half = `${folder}.half`;
		const n8n = await N8nInstance.create(installed, WITHOUT_EDITOR);
		try {
			await n8n.start();
			// Ended in order, it leaves all in one file.
			await n8n.stop();
			await rm(half, { recursive: true, force: true });
			await mkdir(half);
			await copyFile(n8n.database, path.join(half, 'database.sqlite'));
			await writeFile(path.join(half, 'key'), n8n.encryptionKey);
			await rename(half, folder);
		} finally {
			await n8n.dispose();
		}
	};
	await withLock(folder, make, () => {});
}

function folderOf({ folder }: InstalledN8n): string {
	return path.join(folder, 'beginning');
}
