import fc from 'fast-check';

/** A value of `arbitrary` in `weight` of 100 cases, otherwise the given one, to which failures shrink. */
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
