import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';

import type { IExecutePaginationFunctions, INodeType } from 'n8n-workflow';

/**
 * Measures for how long the node holds n8n up: from the turn after n8n began to hand over the items until the node
 * answers the first of them. What n8n itself does before and after is not the node's.
 */
export class Pauses {
	longestMs = 0;

	private last = 0;

	private isOver = false;

	/** Watches the runs of the node from now on. */
	watch({ description }: INodeType): void {
		const operation = description.properties.find(({ name }) => name === 'operation');
		for (const option of operation?.options ?? []) {
			if (!('value' in option) || !option.routing?.operations) continue;
			const answer = option.routing.operations.pagination;
			if (typeof answer !== 'function') continue;
			const begin = (): void => this.begin();
			const end = (): void => this.end();
			option.routing.operations.pagination = async function (
				this: IExecutePaginationFunctions,
				...args: Parameters<typeof answer>
			) {
				begin();
				const rows = await answer.apply(this, args);
				end();
				return rows;
			};
		}
	}

	private begin(): void {
		if (this.last > 0) return;
		this.last = performance.now();
		void this.beat();
	}

	private async beat(): Promise<void> {
		await wait(0);
		this.last = performance.now();
		while (!this.isOver) {
			await wait(1);
			this.note();
		}
	}

	private end(): void {
		if (this.isOver) return;
		this.note();
		this.isOver = true;
	}

	private note(): void {
		if (this.isOver) return;
		const now = performance.now();
		this.longestMs = Math.max(this.longestMs, now - this.last);
		this.last = now;
	}
}
