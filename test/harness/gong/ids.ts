import { randomBytes } from 'node:crypto';

const LETTERS = '0123456789abcdefghijklmnopqrstuvwxyz';

/** A request ID that looks like Gong's own, such as `4al018gzaztcr8nbukw`; never the same twice. */
export function newRequestId(): string {
	const tail = Array.from(randomBytes(18), (byte) => LETTERS[byte % LETTERS.length]).join('');
	return `4${tail}`;
}

/** A token or code that nobody guesses. */
export function newSecret(): string {
	return randomBytes(24).toString('base64url');
}

// Both share no factor with the ranges below, so no two places get the same ID.
const CALL_STEP = 6_782_342_274_025_936_897n;
const USER_STEP = 134_599_484_848_427n;

/** The ID of the call at this place: 19 digits, beyond 2^53, scattered as Gong's are. */
export function callIdAt(place: number): string {
	const range = 8_000_000_000_000_000_000n;
	return String(1_000_000_000_000_000_000n + (((BigInt(place) + 1n) * CALL_STEP) % range));
}

/** The ID of the user at this place: 18 digits, beyond 2^53. */
export function userIdAt(place: number): string {
	const range = 800_000_000_000_000_000n;
	return String(100_000_000_000_000_000n + (((BigInt(place) + 1n) * USER_STEP * 1_009n) % range));
}
