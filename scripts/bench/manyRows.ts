import { USERS_PER_CALL } from './company';
import { type Experiment, GONG_AT_ONCE, type Lab, type Measured } from './lab';

// Few requests, so that waiting for the rate limit does not dominate.
const CALLS_PER_REQUEST = 1_000;

/** More rows from one item than n8n can take. */
const TOO_MANY_CALLS = 30_000;

/** The result of a run with many rows. */
export interface ManyRowsResult extends Measured {
	readonly calls: number;
	readonly wantedRows: number;
	readonly oneItem: boolean;
}

/** Many rows from many items, from one item, and too many from one item. */
export function manyRowsExperiments(calls: number): Experiment[] {
	const experiment = { way: 'field', callsPerRequest: CALLS_PER_REQUEST } as const;
	return [
		{ ...experiment, calls },
		{ ...experiment, calls, oneItem: true },
		{ ...experiment, calls: TOO_MANY_CALLS, oneItem: true },
	];
}

/** Runs each once, with the limit off, no latency and Node's default heap. */
export async function runManyRows(
	lab: Lab,
	experiments: readonly Experiment[],
	say: (line: string) => void,
): Promise<ManyRowsResult[]> {
	const results: ManyRowsResult[] = [];
	for (const experiment of experiments) {
		const { calls, oneItem = false } = experiment;
		const measured = await lab.run(experiment, GONG_AT_ONCE);
		results.push({ ...measured, calls, oneItem, wantedRows: calls * USERS_PER_CALL });
		say(`  ${calls} calls in ${oneItem ? 'one item' : 'as many items'}: ${measured.rows} rows`);
	}
	return results;
}
