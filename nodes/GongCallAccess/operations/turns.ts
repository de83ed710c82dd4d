import { sleep } from 'n8n-workflow';
import { steadyNow } from '../transport/pause';

// Far less than anybody notices, and so long that the turns themselves cost nothing.
const SLICE_MS = 50;

/** Gives n8n a turn between the slices of long work: everything else in its process waits meanwhile. */
export class Turns {
	private since = steadyNow();

	/** To be awaited after each step of the work; a step should take some milliseconds at most. */
	async next(): Promise<void> {
		if (steadyNow() - this.since < SLICE_MS) return;
		await sleep(0);
		this.since = steadyNow();
	}
}
