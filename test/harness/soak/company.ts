import { callIdAt, type CallInput, type GongData, makeData, userIdAt } from '../gong';

/** Calls of one request, which are handed out and returned together. */
export type Block = readonly string[];

/** A stretch of time with the calls that started in it, in order; one listing takes two pages. */
export interface Stretch {
	readonly start: string;
	readonly end: string;
	readonly blocks: readonly Block[];
}

const READ_BLOCKS = 40;
const WRITE_BLOCKS = 30;
const STRETCHES = 3;
// One page, and two requests: more would overlap, and nobody could tell which fault they meet first.
const BLOCKS_PER_STRETCH = 2;
const MOST_USERS_PER_CALL = 5;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** How many entries the company's Gong lists on a page. */
export const PAGE_SIZE = 50;
/** Calls per request when reading and when writing. */
export const CALLS_PER_READ = 25;
export const CALLS_PER_WRITE = 15;

/** Everybody who can be given access. */
export const USERS: readonly string[] = Array.from({ length: 40 }, (_, place) => userIdAt(place));

/** The company whose calls the soak reads and changes; calls that are read are never changed. */
export interface Company {
	readonly data: GongData;
	readonly readBlocks: readonly Block[];
	readonly writeBlocks: readonly Block[];
	readonly stretches: readonly Stretch[];
}

/** Creates it, always the same except for the dates. */
export function makeCompany(now = Date.now()): Company {
	const calls: CallInput[] = [];
	const block = (size: number, startedAt: (place: number) => number): Block =>
		Array.from({ length: size }, (_, place) => {
			const id = callIdAt(calls.length);
			// Every sixth call has no users, so that empty lists occur too.
			const users = Array.from(
				{ length: calls.length % (MOST_USERS_PER_CALL + 1) },
				(__, i) => USERS[(calls.length * 7 + i) % USERS.length],
			);
			calls.push({ id, users, started: new Date(startedAt(place)).toISOString() });
			return id;
		});
	const blocks = (count: number, size: number) =>
		Array.from({ length: count }, () => block(size, (place) => now - place * MINUTE));
	const midnight = Math.floor(now / DAY) * DAY;
	const stretches = Array.from({ length: STRETCHES }, (_, index): Stretch => {
		const start = midnight - (100 + index) * DAY;
		const own = Array.from({ length: BLOCKS_PER_STRETCH }, (__, nth) =>
			block(CALLS_PER_READ, (place) => start + (nth * CALLS_PER_READ + place) * MINUTE),
		);
		const end = new Date(start + DAY).toISOString();
		return { start: new Date(start).toISOString(), end, blocks: own };
	});
	const readBlocks = blocks(READ_BLOCKS, CALLS_PER_READ);
	const writeBlocks = blocks(WRITE_BLOCKS, CALLS_PER_WRITE);
	return { data: makeData({ users: [...USERS], calls }), readBlocks, writeBlocks, stretches };
}
