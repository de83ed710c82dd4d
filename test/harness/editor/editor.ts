import type { Locator, Page } from 'playwright-core';

import type { Owner } from '../n8n/rest';
import type { Theme } from './pictures';

/** The values to fill in for a credential. */
export interface KeyOfGong {
	readonly baseUrl: string;
	readonly accessKey: string;
	readonly accessKeySecret: string;
}

/** n8n's editor as its user sees it: what to click, to type into and to read. */
export class Editor {
	readonly nodePanel: NodePanel;
	readonly credentialWindow: CredentialWindow;

	constructor(
		readonly page: Page,
		private readonly url: string,
	) {
		this.nodePanel = new NodePanel(page);
		this.credentialWindow = new CredentialWindow(page);
	}

	async signIn(owner: Owner): Promise<void> {
		await this.page.goto(`${this.url}/signin`, { waitUntil: 'commit' });
		await this.page.fill('input[name=emailOrLdapLoginId]', owner.email);
		await this.page.fill('input[name=password]', owner.password);
		await this.page.keyboard.press('Enter');
		await this.page.waitForURL(/\/home\//);
	}

	/** Opens an empty workflow. */
	async newWorkflow(): Promise<void> {
		await this.page.goto(`${this.url}/workflow/new`, { waitUntil: 'commit' });
		await marked(this.page, 'canvas-plus-button').waitFor();
	}

	/** Opens the panel of a node on the canvas, after closing any open one. */
	async openNode(name: string): Promise<NodePanel> {
		await this.nodePanel.close();
		await this.nodeOnCanvas(name).dblclick();
		await this.nodePanel.whole.waitFor();
		return this.nodePanel;
	}

	/** Opens a stored workflow on the canvas. */
	async openWorkflow(workflowId: string): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${workflowId}`, { waitUntil: 'commit' });
		await marked(this.page, 'canvas-node').first().waitFor();
	}

	/** Opens an execution of a stored workflow, as the list of executions does. */
	async openExecution(workflowId: string, executionId: string): Promise<void> {
		const path = `/workflow/${workflowId}/executions/${executionId}`;
		await this.page.goto(`${this.url}${path}`, { waitUntil: 'commit' });
		await marked(this.page, 'canvas-node').first().waitFor();
	}

	nodeOnCanvas(name: string): Locator {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	/** Opens the node list with the plus on the canvas and types into its search. */
	async searchNodes(text: string): Promise<void> {
		const first = marked(this.page, 'canvas-plus-button');
		await first.or(marked(this.page, 'node-creator-plus-button')).first().click();
		await marked(this.page, 'node-creator-search-bar').fill(text);
	}

	/**
	 * Adds the node of a name, found by typing a text. On a busy machine n8n draws the list anew after the
	 * search, so that what was found is gone; then it is searched for again.
	 */
	async addNode(text: string, name: string): Promise<void> {
		await this.searchNodes(text);
		for (let tries = 1; ; tries++) {
			try {
				return await this.nodeEntry(name).click({ timeout: 12_000 });
			} catch (error) {
				if (tries === 3) throw error;
				const search = marked(this.page, 'node-creator-search-bar');
				if (!(await search.isVisible())) await this.searchNodes(text);
				await search.fill('');
				await search.fill(text);
			}
		}
	}

	/** An entry of the node list: a node, or one of its actions. */
	nodeEntry(name: string): Locator {
		return marked(this.page, 'node-creator-item-name').filter({ hasText: only(name) });
	}

	/** The node list. */
	get nodeList(): Locator {
		return marked(this.page, 'node-creator');
	}

	/** All entries of the node list. */
	async nodeEntries(): Promise<string[]> {
		const names = await marked(this.page, 'node-creator-item-name').allInnerTexts();
		return names.map((name) => name.trim());
	}

	/** Sets the computer's theme to light or dark, which the editor follows. */
	async useTheme(theme: Theme): Promise<void> {
		await this.page.emulateMedia({ colorScheme: theme });
	}
}

/** The panel of a node: its input, its parameters, its output. */
export class NodePanel {
	readonly whole: Locator;
	readonly input: Locator;
	readonly output: Locator;
	readonly parameters: Locator;

	constructor(private readonly page: Page) {
		this.whole = marked(page, 'ndv');
		this.input = marked(page, 'ndv-input-panel');
		this.output = marked(page, 'output-panel');
		this.parameters = marked(page, 'node-parameters');
	}

	/** Closes the panel if it is open. */
	async close(): Promise<void> {
		if (!(await this.whole.isVisible())) return;
		await marked(this.whole, 'ndv-close-button').click();
		await this.whole.waitFor({ state: 'hidden' });
	}

	parameter(name: string): Locator {
		return marked(this.whole, `parameter-input-${name}`);
	}

	/** Types into a text parameter. */
	async type(name: string, text: string): Promise<void> {
		await this.parameter(name).locator('input, textarea').last().fill(text);
	}

	/** Gives input and output more room than the parameters, like dragging their edges; shares in percent. */
	async makeRoom(shares = { left: 23, main: 23, right: 54 }): Promise<void> {
		const widths = JSON.stringify(shares);
		await this.page.evaluate(`localStorage.setItem('N8N_NDV_PANEL_WIDTH_REGULAR', '${widths}')`);
	}

	/** Waits until a text parameter has this value. */
	async holds(name: string, text: string): Promise<void> {
		const field = await this.parameter(name).locator('input, textarea').last().elementHandle();
		await this.page.waitForFunction(
			([element, wanted]) => (element as unknown as { value: string }).value === wanted,
			[field, text] as const,
		);
	}

	/** Chooses from a parameter's list. */
	async choose(name: string, option: string): Promise<void> {
		await this.parameter(name).click();
		await this.options().filter({ hasText: option }).first().click();
		await this.options().first().waitFor({ state: 'hidden' });
	}

	/** The entries of the open list. */
	options(): Locator {
		return this.page.locator('[data-test-id="parameter-input-item"]:visible');
	}

	/** The notices between the parameters. */
	notices(): Locator {
		return this.whole.locator('[data-test-id="node-parameters"] .notice:visible');
	}

	/** The hints that n8n and the node show above the output. */
	hints(): Locator {
		return marked(this.output, 'node-hint');
	}

	/** Drags a field of an earlier node's output onto a parameter. */
	async drag(node: string, field: string, parameter: string): Promise<void> {
		const { mouse } = this.page;
		const source = `[data-target="mappable"][data-node-name="${node}"][data-name="${field}"]`;
		const from = await centre(this.input.locator(source));
		await mouse.move(from.x, from.y);
		await mouse.down();
		// n8n starts the drag after a small movement, and then marks the drop targets.
		await mouse.move(from.x + 10, from.y + 10, { steps: 3 });
		const target = this.parameter(parameter);
		await target.and(this.page.locator('.droppable')).waitFor();
		const to = await centre(target);
		await mouse.move(to.x, to.y, { steps: 10 });
		await target.and(this.page.locator('.activeDrop')).waitFor();
		await mouse.up();
		await target.and(this.page.locator('.droppable')).waitFor({ state: 'hidden' });
	}

	/** Runs a node that has not run yet; resolves when the output panel shows the result. */
	async execute(): Promise<void> {
		await marked(this.whole, 'node-execute-button').click();
		const how = marked(this.output, 'node-run-status-success').or(
			marked(this.output, 'node-run-status-danger'),
		);
		await how.first().waitFor();
	}

	/** Shows a side as a table. */
	async asTable(side: Locator): Promise<void> {
		await marked(side, 'radio-button-table').click();
		await side.locator('tbody tr').first().waitFor();
	}

	/** The rows of a side that is shown as a table. */
	rows(side: Locator): Locator {
		return side.locator('tbody tr');
	}

	/** The same rows, each as the texts of its cells, without the empty last cell. */
	async cells(side: Locator): Promise<string[][]> {
		const rows = await this.rows(side).all();
		const texts = rows.map(async (row) => await row.locator('td[data-col]').allInnerTexts());
		return (await Promise.all(texts)).map((row) => row.map((text) => text.trim()));
	}

	/** The rows of a side that are highlighted because the mouse is over them or over a linked row. */
	markedRows(side: Locator): Locator {
		return side.locator('tbody tr[class*="hoveringRow"]');
	}

	/** The output panel's message for a failed execution. */
	async failure(): Promise<{ message: string; description: string }> {
		const message = marked(this.output, 'node-error-message');
		await message.waitFor();
		return {
			message: await message.innerText(),
			description: await marked(this.output, 'node-error-description').innerText(),
		};
	}
}

/** The window in which a credential is created and edited. */
export class CredentialWindow {
	readonly whole: Locator;

	constructor(private readonly page: Page) {
		this.whole = marked(page, 'editCredential-modal');
	}

	/** Opens it from the panel of a node that has no credential yet. */
	async openNew(): Promise<void> {
		await marked(this.page, 'node-credentials-empty-state').click();
		await this.parameter('accessKey').waitFor();
	}

	/** Opens it for the node's credential. */
	async openChosen(): Promise<void> {
		await marked(this.page, 'credential-edit-button').click();
		await this.parameter('accessKey').waitFor();
	}

	async fill(key: Partial<KeyOfGong>): Promise<void> {
		for (const [name, value] of Object.entries(key)) {
			await this.parameter(name).locator('input').last().fill(value);
		}
	}

	/** Saves the credential, which also makes n8n check it. */
	async save(): Promise<void> {
		await marked(this.page, 'credential-save-button').click();
	}

	/**
	 * What the window says after a check that failed, with the reason that it keeps behind "More details". On a
	 * busy machine n8n may draw that anew under a click, so it is clicked until it is open.
	 */
	async whyRefused(): Promise<string> {
		const more = this.text('More details');
		await more.waitFor();
		while (await more.isVisible()) await more.click({ timeout: 5_000 }).catch(() => undefined);
		return await this.whole.innerText();
	}

	/** A text in the window. */
	text(text: string): Locator {
		return this.whole.getByText(text);
	}

	private parameter(name: string): Locator {
		return marked(this.whole, `parameter-input-${name}`);
	}
}

/** The element that n8n gives this test ID. */
export function marked(within: Page | Locator, name: string): Locator {
	return within.locator(`[data-test-id="${name}"]`);
}

function only(text: string): RegExp {
	return new RegExp(`^\\s*${text}\\s*$`);
}

async function centre(locator: Locator): Promise<{ x: number; y: number }> {
	await locator.waitFor();
	const box = await locator.boundingBox();
	if (!box) throw new Error('That is not on the screen.');
	return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
