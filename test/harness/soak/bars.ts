import type { SoakResult } from './soak';

/** A requirement for the soak. */
export interface Bar {
	readonly bar: string;
	readonly measured: string;
	readonly met: boolean;
}

/** How much more memory the last third may take than the second. */
export interface MemoryBounds {
	readonly liveMb: number;
	/** As a fraction of the second third. */
	readonly rss: number;
}

const LONG_MINUTES = 10;

/**
 * What is left of n8n's own heap after a collection varies by some MB, depending on which executions are
 * running. A leak keeps growing, so it shows better in a longer run; in a few minutes n8n is hardly warm. Node
 * gives freed memory back to the system late and in large pieces.
 */
export function memoryBoundsFor(minutes: number): MemoryBounds {
	return minutes < LONG_MINUTES ? { liveMb: 30, rss: 0.3 } : { liveMb: 15, rss: 0.15 };
}

const MOST_REFUSED = 0.05;

/** The requirements, each with the measured value. */
export function barsOf(result: SoakResult): Bar[] {
	const { memory, sums, requests, violations } = result;
	const faults = [...result.faults.values()];
	const met = faults.reduce((sum, fault) => sum + fault.met, 0);
	const silent = faults.reduce((sum, fault) => sum + fault.silent, 0);
	const bounds = memoryBoundsFor(result.minutes);
	const rssGrowth = memory.rss.growth / memory.rss.middle;
	return [
		{
			bar: 'Every execution gives exactly the expected items: none lost, none twice, each linked to its input item; Gong holds what the items say',
			measured: `${violations.length} differences in ${sums.executions} executions`,
			met: violations.length === 0 && sums.executions > 0,
		},
		{
			bar: 'Every fault is either retried successfully, or reported in words',
			measured: `${silent} of ${met} silent`,
			met: silent === 0 && met > 0,
		},
		{
			bar: 'At most 1 request in 20 is refused because it came too fast',
			measured: `${sums.refusedForPace} of ${requests}`,
			met: sums.refusedForPace <= requests * MOST_REFUSED,
		},
		{
			bar: 'n8n keeps running as the same process',
			measured: memory.sameProcess ? 'yes' : 'no',
			met: memory.sameProcess,
		},
		{
			bar: `Live heap: at most ${bounds.liveMb} MB more in the last third than in the second`,
			measured: `${signed(memory.live.growth)} MB`,
			met: memory.live.growth <= bounds.liveMb,
		},
		{
			bar: `Resident memory: at most ${bounds.rss * 100} % more in the last third than in the second`,
			measured: `${signed(rssGrowth * 100)} %`,
			met: rssGrowth <= bounds.rss,
		},
	];
}

function signed(value: number): string {
	return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;
}
