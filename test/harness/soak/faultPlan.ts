import fc from 'fast-check';

import type { Fault } from '../gong';

// Each of these makes the node ask again; it asks four times in all.
const PASSING = {
	'status 500': { kind: 'status', status: 500 },
	'status 503, though carried out': { kind: 'status', status: 503, applied: true },
	'connection reset': { kind: 'reset' },
	'connection reset, though carried out': { kind: 'reset', applied: true },
	'answer cut off': { kind: 'cut' },
	'answer cut off, though carried out': { kind: 'cut', applied: true },
	'half of the JSON, though carried out': { kind: 'truncatedJson', applied: true },
	'a login page, not JSON': { kind: 'notJson' },
} as const satisfies Record<string, Fault>;

// Waited out, however often.
const SLOW_DOWN = {
	'status 429, Retry-After 1 s': {
		kind: 'status',
		status: 429,
		errors: ['API rate limit exceeded'],
		headers: { 'retry-after': 1 },
	},
	'status 429, Retry-After 2 s': {
		kind: 'status',
		status: 429,
		errors: ['API rate limit exceeded'],
		headers: { 'retry-after': 2 },
	},
} as const satisfies Record<string, Fault>;

// Late, and good all the same.
const SLOW = {
	'late by 1.5 s': { kind: 'stall', ms: 1_500 },
	'in small pieces over 1.5 s': { kind: 'slow', ms: 300, pieces: 5 },
} as const satisfies Record<string, Fault>;

// A no that is not asked about again.
const NO = {
	'status 409': { kind: 'status', status: 409, errors: ['The request is not acceptable today'] },
} as const satisfies Record<string, Fault>;

// A no to all that the run would ask after it, too.
const NO_MORE = {
	'status 429, Retry-After 1 h': {
		kind: 'status',
		status: 429,
		errors: ['API daily limit exceeded'],
		headers: { 'retry-after': 3_600 },
	},
} as const satisfies Record<string, Fault>;

/** All faults of the soak, by the name that its table gives them. */
export const FAULTS: Record<FaultName, Fault> = {
	...PASSING,
	...SLOW_DOWN,
	...SLOW,
	...NO,
	...NO_MORE,
};

export type FaultName = keyof (typeof PASSING &
	typeof SLOW_DOWN &
	typeof SLOW &
	typeof NO &
	typeof NO_MORE);

/** How often the node asks before it gives up. */
const TRIES = 4;

/** What a request meets, try after try, and what must come of it. */
export interface RequestPlan {
	readonly faults: readonly FaultName[];
	/** `failed` ends this request; `failedForAll` keeps the run from asking any more. */
	readonly end: 'answered' | 'failed' | 'failedForAll';
}

const namesOf = <T extends Record<string, Fault>>(faults: T) =>
	fc.constantFrom(...(Object.keys(faults) as (keyof T & FaultName)[]));

const listOf = (names: fc.Arbitrary<FaultName>, minLength: number, maxLength: number) =>
	fc.array(names, { minLength, maxLength });

const planOf = (
	end: RequestPlan['end'],
	...parts: readonly fc.Arbitrary<readonly FaultName[]>[]
): fc.Arbitrary<RequestPlan> =>
	fc.tuple(...parts).map((lists) => ({ end, faults: lists.flat() as FaultName[] }));

// While Gong asks to slow down nobody sends, so there is little of it, and the limit stays busy.
const slowDown = fc.oneof(
	{ weight: 97, arbitrary: fc.constant([]) },
	{ weight: 3, arbitrary: listOf(namesOf(SLOW_DOWN), 1, 1) },
);

/** What one request meets: mostly nothing; about one in twelve is failed in the end. */
export const requestPlan: fc.Arbitrary<RequestPlan> = fc.oneof(
	{ weight: 64, arbitrary: planOf('answered', slowDown) },
	{
		weight: 25,
		arbitrary: planOf('answered', slowDown, listOf(namesOf(PASSING), 1, TRIES - 1)),
	},
	{
		weight: 3,
		arbitrary: planOf(
			'answered',
			listOf(namesOf(PASSING), 0, TRIES - 1),
			listOf(namesOf(SLOW), 1, 1),
		),
	},
	{
		weight: 5,
		arbitrary: planOf('failed', slowDown, listOf(namesOf(PASSING), TRIES, TRIES)),
	},
	{
		weight: 2,
		arbitrary: planOf('failed', listOf(namesOf(PASSING), 0, TRIES - 1), listOf(namesOf(NO), 1, 1)),
	},
	{ weight: 1, arbitrary: planOf('failedForAll', listOf(namesOf(NO_MORE), 1, 1)) },
);

/** How many more times a request with this plan is sent: once for each fault, and for its answer. */
export function triesOf({ faults, end }: RequestPlan): number {
	const lost = faults.filter((name) => !(name in SLOW)).length;
	return end === 'answered' ? lost + 1 : lost;
}

/** How many of its faults ask to slow down. */
export function slowDownsOf({ faults }: RequestPlan): number {
	return faults.filter((name) => name in SLOW_DOWN || name in NO_MORE).length;
}

const BATCH = 500;

/** Values one after the other, always the same ones for a seed. */
export function* drawn<T>(arbitrary: fc.Arbitrary<T>, seed: number): Generator<T, never> {
	for (let batch = 0; ; batch++) {
		// Unbiased: fast-check otherwise prefers the corners, where bugs in a function would be.
		const options = { seed: seed + batch * 7_919, numRuns: BATCH, unbiased: true };
		yield* fc.sample(arbitrary, options);
	}
}
