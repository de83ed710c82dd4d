/** Seeded random numbers between 0 and 1, in place of `Math.random`. */
export function randomFrom(seed: number): () => number {
	let state = seed;
	return () => {
		// Mulberry32.
		state = (state + 0x6d2b79f5) | 0;
		let bits = Math.imul(state ^ (state >>> 15), 1 | state);
		bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
		return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** Chances that come out the same for the same seed. */
export class Dice {
	/** Between 0 and 1. */
	readonly random: () => number;

	constructor(seed: number) {
		this.random = randomFrom(seed);
	}

	/** True one time in so many. */
	chance(oneIn: number): boolean {
		return this.random() * oneIn < 1;
	}

	/** A whole number from `least` on, and below `end`. */
	between(least: number, end: number): number {
		return least + Math.floor(this.random() * (end - least));
	}

	/** One of these; undefined where there are none. */
	pick<T>(list: readonly T[]): T | undefined {
		return list[this.between(0, list.length)];
	}
}
