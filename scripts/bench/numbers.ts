/** A whole number with commas between the thousands. */
export function whole(value: number): string {
	return Math.round(value).toLocaleString('en-US');
}

/** A number with this many digits after the point. */
export function fixed(value: number, digits = 1): string {
	return value.toFixed(digits);
}
