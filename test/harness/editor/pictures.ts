import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';

import { everyText } from '../package/description';
import { jsonOf, PROJECT } from '../package/project';

/** The folder of the README's pictures. */
export const SCREENSHOTS = path.join(PROJECT, '.github', 'screenshots');
/** Beside each picture's name the node's texts on it, so that a test can tell when one of them has changed. */
export const PICTURE_TEXTS = '.github/screenshots/texts.json';
/** Whether to take the pictures anew. */
export const TAKE_SCREENSHOTS = process.env.GONG_SCREENSHOTS === '1';

/** The theme of the computer. */
export type Theme = 'light' | 'dark';

export const THEMES: readonly Theme[] = ['light', 'dark'];

/** A part of the page: the area around these elements, with a margin in pixels, and cut at this height. */
export interface Part {
	readonly around: readonly Locator[];
	readonly space?: number;
	readonly height?: number;
}

/**
 * With GONG_SCREENSHOTS=1 saves the current page as `<name>.png` and, in the dark theme, as `<name>-dark.png`
 * in `.github/screenshots`: the whole page or a part of it. Leaves the theme light.
 */
export async function keepPicture(
	page: Page,
	name: string,
	part?: Part,
	themes: readonly Theme[] = THEMES,
): Promise<void> {
	if (!TAKE_SCREENSHOTS) return;
	await mkdir(SCREENSHOTS, { recursive: true });
	// n8n's notifications in the corner disappear by themselves.
	await page.locator('.el-notification').first().waitFor({ state: 'hidden' });
	for (const theme of themes) {
		await page.emulateMedia({ colorScheme: theme });
		// Colours fade, and the icons of the other theme have to load.
		await page.waitForLoadState('networkidle');
		await page.waitForFunction('document.getAnimations().every((a) => a.playState !== "running")');
		const file = path.join(SCREENSHOTS, `${name}${theme === 'dark' ? '-dark' : ''}.png`);
		await page.screenshot({ path: file, clip: part && (await clipOf(part)), caret: 'hide' });
	}
	await page.emulateMedia({ colorScheme: 'light' });
	await keepTexts(name, part?.around ?? [page.locator('body')]);
}

async function keepTexts(name: string, around: readonly Locator[]): Promise<void> {
	const shown = new Set<string>();
	for (const locator of around) {
		const values = await locator
			.locator('input')
			.evaluateAll((inputs) =>
				inputs.map((input) => (input as unknown as { value: string }).value),
			);
		for (const text of [...(await locator.innerText()).split('\n'), ...values]) {
			shown.add(text.trim());
		}
	}
	const texts = everyText().filter((text) => shown.has(text));
	if (texts.length === 0) return;
	const all = { ...jsonOf<object>(PICTURE_TEXTS), [name]: [...new Set(texts)].sort() };
	await writeFile(path.join(PROJECT, PICTURE_TEXTS), `${JSON.stringify(all, null, '\t')}\n`);
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
