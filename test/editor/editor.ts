import type { Locator, Page } from 'playwright-core';

import type { Owner } from '../n8n/rest';

/** n8n's editor as somebody in front of it has it: what is there to click, to type into and to read. */
export class Editor {
	constructor(
		readonly page: Page,
		private readonly url: string,
	) {}

	/** What n8n marks with this name for tests. */
	byTestId(name: string, within: Page | Locator = this.page): Locator {
		return within.locator(`[data-test-id="${name}"]`);
	}

	async signIn(owner: Owner): Promise<void> {
		await this.page.goto(`${this.url}/signin`, { waitUntil: 'commit' });
		await this.page.fill('input[name=emailOrLdapLoginId]', owner.email);
		await this.page.fill('input[name=password]', owner.password);
		await this.page.keyboard.press('Enter');
		await this.page.waitForURL(/\/home\//);
	}

	/** An empty workflow. */
	async newWorkflow(): Promise<void> {
		await this.page.goto(`${this.url}/workflow/new`, { waitUntil: 'commit' });
		await this.byTestId('canvas-plus-button').waitFor();
	}

	/** Opens the node panel and types into its search. */
	async searchNodes(text: string): Promise<void> {
		await this.byTestId('canvas-plus-button').click();
		await this.byTestId('node-creator-search-bar').fill(text);
	}

	/** An entry of the node panel: a node, or one of its actions. */
	nodeEntry(name: string): Locator {
		return this.byTestId('node-creator-item-name').filter({
			hasText: new RegExp(`^\\s*${name}\\s*$`),
		});
	}
}
