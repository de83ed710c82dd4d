/** How long answers take, in ms: always the same, or varied between two bounds. */
export type Latency = number | { least: number; most: number };

/** As live traffic shows Gong: some tenths of a second, now and then more than one second. */
export const GONG_LATENCY: Latency = { least: 300, most: 1_500 };

/** For tests that are about neither time nor pace; requests sent together still meet. */
export const QUICK: Latency = 2;

// Multiples of it spread evenly over a range, in an order that looks random and is always the same.
const GOLDEN_RATIO = 0.618_033_988_749_895;

/** Gives the time that each answer takes, in their order; the same ones in every run. */
export function latencies(latency: Latency): () => number {
	if (typeof latency === 'number') return () => latency;
	const { least, most } = latency;
	let place = 0;
	return () => {
		place += 1;
		// Short times are common, long ones rare.
		return least + (most - least) * ((place * GOLDEN_RATIO) % 1) ** 3;
	};
}
