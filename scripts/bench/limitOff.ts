import { median } from '../../test/harness/judging/median';
import { type Experiment, GONG_AT_ONCE, type Lab } from './lab';
import type { Way } from './ways';

/** One row of the table with the limit off; medians of the repetitions. */
export interface LimitOffResult {
	readonly way: Way;
	/** The CPU time that the way adds to a workflow that only makes the items. */
	readonly cpuSeconds: number;
	/** The lowest and the highest value of the repetitions. */
	readonly cpuRange: readonly [number, number];
	readonly peakMb: number;
	readonly requests: number;
	readonly rows: number;
}

const WAYS: readonly Way[] = [
	'itemsOnly',
	'nothing',
	'field',
	'expression',
	'ownExpression',
	'handCut',
	'itemByItem',
];

/** The runs, each in one n8n process. */
export function limitOffExperiments(calls: number): Experiment[] {
	return WAYS.map((way) => ({ way, calls }));
}

/** Runs all ways in turn, as often as requested, so that other load on the machine affects them alike. */
export async function runLimitOff(
	lab: Lab,
	experiments: readonly Experiment[],
	repetitions: number,
	say: (line: string) => void,
): Promise<LimitOffResult[]> {
	const runs = new Map<Way, Awaited<ReturnType<Lab['run']>>[]>();
	for (let repetition = 1; repetition <= repetitions; repetition++) {
		for (const experiment of experiments) {
			const measured = await lab.run(experiment, GONG_AT_ONCE);
			runs.set(experiment.way, [...(runs.get(experiment.way) ?? []), measured]);
			if (measured.status !== 'success') {
				throw new Error(`${experiment.way} did not succeed: ${measured.message}`);
			}
		}
		say(`  repetition ${repetition} of ${repetitions} done`);
	}
	const cpuOf = (way: Way) => (runs.get(way) ?? []).map(({ cpuSeconds }) => cpuSeconds);
	const startUp = median(cpuOf('itemsOnly'));
	return experiments.map(({ way }) => {
		const cpu = cpuOf(way).map((seconds) => seconds - startUp);
		const [first] = runs.get(way) ?? [];
		return {
			way,
			cpuSeconds: way === 'itemsOnly' ? startUp : median(cpu),
			cpuRange: [Math.min(...cpu), Math.max(...cpu)],
			peakMb: median((runs.get(way) ?? []).map(({ peakMb }) => peakMb)),
			requests: first.requests,
			rows: first.rows,
		};
	});
}
