/** The middle one; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** A whole number with commas between the thousands. */
export function whole(value: number): string {
	return Math.round(value).toLocaleString('en-US');
}

/** A number with this many digits after the point. */
export function fixed(value: number, digits = 1): string {
	return value.toFixed(digits);
}
