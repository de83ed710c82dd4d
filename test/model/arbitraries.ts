import fc from 'fast-check';

/** Something in so many of 100 cases, and else what a failure is shrunk to. */
export function rarely<T>(
	weight: number,
	arbitrary: fc.Arbitrary<T>,
	otherwise: T,
): fc.Arbitrary<T> {
	return fc.oneof(
		{ withCrossShrink: true },
		{ weight: 100 - weight, arbitrary: fc.constant(otherwise) },
		{ weight, arbitrary },
	);
}
