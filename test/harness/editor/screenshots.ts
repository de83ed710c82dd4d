import { mkdir } from 'node:fs/promises';
import path from 'node:path';

import type { Page } from 'playwright-core';

import { startBrowser } from './browser';

/** A workflow to take a picture of. */
export interface Shot {
	/** File name of the picture, without its extension. */
	readonly name: string;
	readonly workflowId: string;
}

const READY_MS = 60_000;
// Wide enough for the text of the longest workflow.
const WIDTH = 2_400;
const HEIGHT = 1_100;
// These float over the canvas.
const BUTTONS_HIDDEN =
	'[data-test-id^="execute-workflow-button"], [data-test-id="workflow-chat-button"] { visibility: hidden }';
// Names are below their nodes.
const MARGIN = 40;

/**
 * Takes pictures of stored workflows in the editor, each zoomed to fit and cut to the content of the canvas.
 * Returns the notes whose text does not fit into them.
 */
export async function takeScreenshots(
	{ url, session }: { readonly url: string; readonly session: string },
	shots: readonly Shot[],
	folder: string,
): Promise<string[]> {
	await mkdir(folder, { recursive: true });
	const browser = await startBrowser({ width: WIDTH, height: HEIGHT });
	try {
		const { page } = browser;
		const [name, value] = session.split(/=(.*)/s);
		await page.context().addCookies([{ name, value, url }]);
		const cutOff: string[] = [];
		for (const { name: shot, workflowId } of shots) {
			await page.goto(`${url}/workflow/${workflowId}`);
			await page.locator('.vue-flow__node').first().waitFor({ timeout: READY_MS });
			await page.locator('[data-test-id="sticky"]').first().waitFor();
			await page.waitForLoadState('networkidle');
			await page.addStyleTag({ content: BUTTONS_HIDDEN });
			await page.keyboard.press('1');
			// The canvas moves smoothly.
			await page.waitForTimeout(1_500);
			const file = path.join(folder, `${shot}.png`);
			await page.screenshot({ path: file, clip: await contentOf(page) });
			cutOff.push(...(await overfullNotes(page)).map((note) => `${shot}: ${note}`));
		}
		return cutOff;
	} finally {
		await browser.close();
	}
}

/** The part of the page that holds all nodes and notes. */
async function contentOf(page: Page) {
	const boxes = await page.locator('.vue-flow__node').evaluateAll((nodes) =>
		nodes.map((node) => {
			const { left, top, right, bottom } = node.getBoundingClientRect();
			return { left, top, right, bottom };
		}),
	);
	const x = Math.min(...boxes.map(({ left }) => left)) - MARGIN;
	const y = Math.min(...boxes.map(({ top }) => top)) - MARGIN;
	return {
		x,
		y,
		width: Math.max(...boxes.map(({ right }) => right)) + MARGIN - x,
		height: Math.max(...boxes.map(({ bottom }) => bottom)) + MARGIN - y,
	};
}

/** The first words of notes with more text than room. */
async function overfullNotes(page: Page): Promise<string[]> {
	return await page
		.locator('[data-test-id="sticky"]')
		.evaluateAll((notes) =>
			notes
				.filter((note) =>
					[note, ...note.querySelectorAll('*')].some(
						({ scrollHeight, clientHeight }) =>
							clientHeight > 40 && scrollHeight > clientHeight + 4,
					),
				)
				.map(({ textContent }) => (textContent ?? '').trim().slice(0, 40)),
		);
}
