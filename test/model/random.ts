import fc from 'fast-check';

/** A small generator of random numbers (splitmix32), for fast-check to draw from. */
class SplitMix {
	constructor(private state: number) {}

	clone(): SplitMix {
		return new SplitMix(this.state);
	}

	next(): number {
		this.state = (this.state + 0x9e3779b9) | 0;
		let mixed = this.state ^ (this.state >>> 16);
		mixed = Math.imul(mixed, 0x21f0aaad);
		mixed ^= mixed >>> 15;
		mixed = Math.imul(mixed, 0x735a2d97);
		return mixed ^ (mixed >>> 15);
	}

	getState(): readonly number[] {
		return [this.state];
	}
}

/**
 * The value at one place of a seed's infinite sequence, with the data that fast-check needs to shrink it. It
 * depends on nothing else: neither on the number of values drawn before, nor on time.
 */
export function valueAt<T>(arbitrary: fc.Arbitrary<T>, seed: number, place: number): fc.Value<T> {
	const start = new SplitMix((Math.imul(seed, 0x9e3779b1) ^ Math.imul(place + 1, 0x85ebca6b)) | 0);
	// Unbiased: by default fast-check prefers edge cases, which find bugs in single functions.
	return arbitrary.generate(new fc.Random(start), undefined);
}
