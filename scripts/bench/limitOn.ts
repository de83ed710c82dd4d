import { GONG_LIMIT } from '../../test/harness/gong';
import type { Experiment, Lab, Measured } from './lab';
import type { Way } from './ways';

/** One row of the tables with Gong's limit on. */
export interface LimitOnResult extends Measured {
	readonly way: Way;
	readonly calls: number;
	readonly latencyMs: number;
}

/** How many calls each way gets, and in which time Gong answers. */
export interface LimitOnSizes {
	readonly latencies: readonly number[];
	/** Calls of the runs at every latency. */
	readonly calls: number;
	/** The same for HTTP Request item by item, which sends three requests a second: 300 calls take 100 seconds. */
	readonly callsItemByItem: number;
	/** The latency of the runs with different numbers of calls. */
	readonly latencyOfSizes: number;
	readonly sizes: readonly number[];
	readonly sizesItemByItem: readonly number[];
}

/** One run of a workflow. */
export interface LimitOnRun {
	readonly experiment: Experiment;
	readonly latencyMs: number;
}

const IN_HUNDREDS = ['handCutAt3', 'handCutAt2', 'field'] as const satisfies readonly Way[];

// With more calls, the node that reads the items would take most of the time.
const MOST_CALLS_READ = 1_200;

/** The runs, none of them twice. */
export function limitOnRuns(sizes: LimitOnSizes): LimitOnRun[] {
	const { latencies, latencyOfSizes } = sizes;
	const runs = [
		...latencies.flatMap((latencyMs) => runsOf(sizes.calls, IN_HUNDREDS, latencyMs)),
		...latencies.flatMap((latencyMs) =>
			runsOf(sizes.callsItemByItem, ['itemByItemAt3'], latencyMs),
		),
		...sizes.sizes.flatMap((calls) => runsOf(calls, IN_HUNDREDS, latencyOfSizes)),
		...sizes.sizesItemByItem.flatMap((calls) => runsOf(calls, ['itemByItemAt3'], latencyOfSizes)),
	];
	const keyOf = ({ experiment, latencyMs }: LimitOnRun) =>
		[experiment.way, experiment.calls, latencyMs].join();
	return [...new Map(runs.map((run) => [keyOf(run), run])).values()];
}

function runsOf(calls: number, ways: readonly Way[], latencyMs: number): LimitOnRun[] {
	const readsItem = calls <= MOST_CALLS_READ;
	return ways.map((way) => ({ experiment: { way, calls, readsItem }, latencyMs }));
}

/** Runs each once under Gong's limit. */
export async function runLimitOn(
	lab: Lab,
	runs: readonly LimitOnRun[],
	say: (line: string) => void,
): Promise<LimitOnResult[]> {
	const results: LimitOnResult[] = [];
	for (const { experiment, latencyMs } of runs) {
		const { way, calls } = experiment;
		const measured = await lab.run(experiment, { limit: GONG_LIMIT, latencyMs });
		results.push({ ...measured, way, calls, latencyMs });
		const { requests, rows, gongSeconds } = measured;
		say(
			`  ${way}, ${calls} calls, ${latencyMs} ms: ${requests} requests, ${rows} rows, ${gongSeconds.toFixed(1)} s`,
		);
	}
	return results;
}
