import { sleep } from 'n8n-workflow';
import { steadyNow } from './pause';

// Far less than anybody notices, and so long that the turns themselves cost nothing.
const SLICE_MS = 50;

/** Gives n8n a turn between the slices of long work: everything else in its process waits meanwhile. */
export class Turns {
	private since = steadyNow();

	/** Whether the next slice is due; asking costs less than waiting for {@link next}. */
	get isDue(): boolean {
		return steadyNow() - this.since >= SLICE_MS;
	}

	/** To be awaited after each step of the work; a step should take some milliseconds at most. */
	async next(): Promise<void> {
		if (!this.isDue) return;
		await sleep(0);
		this.since = steadyNow();
	}

	/** Goes through values, a step each. */
	async forEach<T>(values: Iterable<T>, step: (value: T) => void): Promise<void> {
		for (const value of values) {
			step(value);
			if (this.isDue) await this.next();
		}
	}
}

/** The last turn that was asked for, of all runs: they share n8n's process. */
let lastTurn = Promise.resolve();

/**
 * Waits for a turn that no other caller has. Answers often arrive together: each is read in a turn of its own, so that
 * n8n has one in between.
 */
export async function turnOfItsOwn(): Promise<void> {
	lastTurn = lastTurn.then(async () => await sleep(0));
	await lastTurn;
}
