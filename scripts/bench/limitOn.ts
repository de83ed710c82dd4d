import { GONG_LIMIT } from '../../test/harness/gong';
import type { Experiment, Lab, Measured } from './lab';
import type { Way } from './ways';

/** One row of the table with Gong's limit on. */
export interface LimitOnResult extends Measured {
	readonly way: Way;
	readonly calls: number;
}

/** How many calls each way gets. */
export interface LimitOnSizes {
	/** Three requests a second: 300 calls take 100 seconds. */
	readonly itemByItem: readonly number[];
	readonly inHundreds: readonly number[];
}

// With more calls, the node that reads the items would take most of the time.
const MOST_CALLS_READ = 3_000;

/** The runs of HTTP Request item by item, which are slow and mostly wait. */
export function itemByItemExperiments({ itemByItem }: LimitOnSizes): Experiment[] {
	return itemByItem.map((calls) => ({ way: 'itemByItem', calls, paced: true, readsItem: true }));
}

/** The runs of the hand-cut list and of our node. */
export function inHundredsExperiments({ inHundreds }: LimitOnSizes): Experiment[] {
	return inHundreds.flatMap((calls) =>
		(['handCut', 'field'] as const).map((way) => ({
			way,
			calls,
			paced: true,
			readsItem: calls <= MOST_CALLS_READ,
		})),
	);
}

/** Runs each once under Gong's limit. */
export async function runLimitOn(
	lab: Lab,
	experiments: readonly Experiment[],
	say: (line: string) => void,
): Promise<LimitOnResult[]> {
	const results: LimitOnResult[] = [];
	for (const experiment of experiments) {
		const { way, calls } = experiment;
		const measured = await lab.run(experiment, GONG_LIMIT);
		results.push({ ...measured, way, calls });
		say(`  ${way}, ${calls} calls: ${measured.requests} requests, ${measured.rows} rows`);
	}
	return results;
}
