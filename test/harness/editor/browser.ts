import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Page } from 'playwright-core';

import { removeFolder } from '../system/folder';
import { CHROMIUM, findProgram, howToGet } from '../system/programs';

const FLAGS = [
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/** How large its page is unless somebody says otherwise. */
export const VIEWPORT = { width: 1440, height: 900 };

/** A private Chromium with one page. */
export interface Browser {
	readonly page: Page;
	/** Ends it and removes its profile. */
	close(): Promise<void>;
}

/** Starts one with a new profile. */
export async function startBrowser(viewport = VIEWPORT): Promise<Browser> {
	const executablePath = findProgram(CHROMIUM);
	if (!executablePath) throw new Error(howToGet(CHROMIUM));
	const folder = await mkdtemp(path.join(tmpdir(), 'n8n-gong-editor-'));
	const remove = async () => await removeFolder(folder);
	try {
		const context = await chromium.launchPersistentContext(folder, {
			executablePath,
			headless: true,
			chromiumSandbox: false,
			args: FLAGS,
			viewport,
			colorScheme: 'light',
			locale: 'en-GB',
			timezoneId: 'UTC',
		});
		const page = context.pages()[0] ?? (await context.newPage());
		// Long enough for a busy machine; waiting ends as soon as its condition is met.
		page.setDefaultTimeout(45_000);
		const close = async () => {
			await context.close();
			await remove();
		};
		return { page, close };
	} catch (error) {
		await remove();
		throw error;
	}
}
