import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';

import { PROJECT } from '../package/project';

/** Where the README's pictures are kept. */
export const SCREENSHOTS = path.join(PROJECT, '.github', 'screenshots');
/** Whether they are to be made anew. */
export const TAKE_SCREENSHOTS = process.env.GONG_SCREENSHOTS === '1';

/** As somebody has set their computer. */
export type Theme = 'light' | 'dark';

export const THEMES: readonly Theme[] = ['light', 'dark'];

/** A part of the page: what stands around these, with so many pixels about them, and no higher than that. */
export interface Part {
	readonly around: readonly Locator[];
	readonly space?: number;
	readonly height?: number;
}

/**
 * With GONG_SCREENSHOTS=1 keeps what the page shows now as `<name>.png` and, for a dark screen,
 * `<name>-dark.png` in `.github/screenshots`: the whole page or a part of it. Leaves it light.
 */
export async function keepPicture(
	page: Page,
	name: string,
	part?: Part,
	themes: readonly Theme[] = THEMES,
): Promise<void> {
	if (!TAKE_SCREENSHOTS) return;
	await mkdir(SCREENSHOTS, { recursive: true });
	// What n8n tells in a corner goes by itself.
	await page.locator('.el-notification').first().waitFor({ state: 'hidden' });
	for (const theme of themes) {
		await page.emulateMedia({ colorScheme: theme });
		// Colours fade over, and the icons of the other theme must have come.
		await page.waitForLoadState('networkidle');
		await page.waitForFunction('document.getAnimations().every((a) => a.playState !== "running")');
		const file = path.join(SCREENSHOTS, `${name}${theme === 'dark' ? '-dark' : ''}.png`);
		await page.screenshot({ path: file, clip: part && (await clipOf(part)), caret: 'hide' });
	}
	await page.emulateMedia({ colorScheme: 'light' });
}

async function clipOf({ around, space = 0, height = Infinity }: Part) {
	const boxes = await Promise.all(around.map(async (locator) => await locator.boundingBox()));
	const seen = boxes.filter((box) => box !== null);
	const x = Math.min(...seen.map((box) => box.x)) - space;
	const y = Math.min(...seen.map((box) => box.y)) - space;
	const right = Math.max(...seen.map((box) => box.x + box.width)) + space;
	const bottom = Math.max(...seen.map((box) => box.y + box.height)) + space;
	return { x, y, width: right - x, height: Math.min(bottom - y, height) };
}
