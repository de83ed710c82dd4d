import { existsSync, readFileSync } from 'node:fs';

import { median } from '../judging/median';

/** The memory of n8n's process at one moment, in bytes. */
interface Sample {
	/** ms since 1970. */
	readonly at: number;
	readonly pid: number;
	readonly rss: number;
	readonly heap: number;
	/** What is left of the heap after a full garbage collection; measured now and then. */
	readonly live?: number;
}

/** A kind of memory over a run: its median in each third; MB. */
export interface Thirds {
	readonly warmUp: number;
	readonly middle: number;
	readonly last: number;
	/** From the middle third to the last. */
	readonly growth: number;
}

/** n8n's memory over a run. */
export interface Memory {
	readonly rss: Thirds;
	readonly live: Thirds;
	readonly mostRss: number;
	/** Whether it was the same process all the time. */
	readonly sameProcess: boolean;
	readonly samples: number;
	/** Each measured value of the live heap, in order; MB. */
	readonly liveSeries: readonly number[];
}

const MB = 1024 * 1024;

/** Reads the samples of `sampler.cjs` between two moments. */
export function readMemory(file: string, from: number, to: number): Memory {
	const samples = samplesOf(file).filter(({ at }) => at >= from && at <= to);
	const live = samples.filter((sample) => sample.live !== undefined);
	const third = (at: number) => Math.min(2, Math.floor(((at - from) / (to - from)) * 3));
	const thirdsOf = (list: readonly Sample[], value: (sample: Sample) => number): Thirds => {
		const [warmUp, middle, last] = [0, 1, 2].map(
			(nth) => median(list.filter(({ at }) => third(at) === nth).map(value)) / MB,
		);
		return { warmUp, middle, last, growth: last - middle };
	};
	return {
		rss: thirdsOf(samples, ({ rss }) => rss),
		live: thirdsOf(live, (sample) => sample.live ?? NaN),
		mostRss: Math.max(...samples.map(({ rss }) => rss)) / MB,
		sameProcess: new Set(samples.map(({ pid }) => pid)).size === 1,
		samples: samples.length,
		liveSeries: live.map((sample) => (sample.live ?? NaN) / MB),
	};
}

/** The newest sample, for a line of progress. */
export function lastSample(file: string): { rss: number; live: number | undefined } | undefined {
	const samples = samplesOf(file);
	const last = samples.at(-1);
	const live = samples.filter((sample) => sample.live !== undefined).at(-1)?.live;
	return last && { rss: last.rss / MB, live: live === undefined ? undefined : live / MB };
}

function samplesOf(file: string): Sample[] {
	if (!existsSync(file)) return [];
	// The last line may be incomplete.
	const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
	return lines.map((line) => JSON.parse(line) as Sample);
}
