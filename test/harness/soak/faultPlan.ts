import fc from 'fast-check';

import type { Fault } from '../gong';

// Each of these makes the node retry; it tries four times in all.
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

// The node waits for these, however often they come.
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

// Late, but a good answer.
const SLOW = {
	'late by 1.5 s': { kind: 'stall', ms: 1_500 },
	'in small pieces over 1.5 s': { kind: 'slow', ms: 300, pieces: 5 },
} as const satisfies Record<string, Fault>;

// Refusals that are not retried.
const NO = {
	'status 409': { kind: 'status', status: 409, errors: ['The request is not acceptable today'] },
} as const satisfies Record<string, Fault>;

// A refusal that also ends all later requests of the run.
const NO_MORE = {
	'status 429, Retry-After 1 h': {
		kind: 'status',
		status: 429,
		errors: ['API daily limit exceeded'],
		headers: { 'retry-after': 3_600 },
	},
} as const satisfies Record<string, Fault>;

/** All faults of the soak, by their names in its table. */
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

/** How many tries the node makes. */
const TRIES = 4;

/** The faults of a request, try after try, and its expected outcome. */
export interface RequestPlan {
	readonly faults: readonly FaultName[];
	/** `failed` ends this request; `failedForAll` ends all further requests of the run. */
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

// Rare, since nobody sends while Gong asks to slow down, and the limit is to stay busy.
const slowDown = fc.oneof(
	{ weight: 97, arbitrary: fc.constant([]) },
	{ weight: 3, arbitrary: listOf(namesOf(SLOW_DOWN), 1, 1) },
);

/** The faults of one request: mostly none; about one request in twelve fails in the end. */
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

/** How many times a request with this plan is sent: once for each fault, and once for its answer. */
export function triesOf({ faults, end }: RequestPlan): number {
	const lost = faults.filter((name) => !(name in SLOW)).length;
	return end === 'answered' ? lost + 1 : lost;
}

/** How many of its faults ask to slow down. */
export function slowDownsOf({ faults }: RequestPlan): number {
	return faults.filter((name) => name in SLOW_DOWN || name in NO_MORE).length;
}

const BATCH = 500;

/** A sequence of values, always the same for a seed. */
export function* drawn<T>(arbitrary: fc.Arbitrary<T>, seed: number): Generator<T, never> {
	for (let batch = 0; ; batch++) {
		// Unbiased: by default fast-check prefers edge cases, which find bugs in single functions.
		const options = { seed: seed + batch * 7_919, numRuns: BATCH, unbiased: true };
		yield* fc.sample(arbitrary, options);
	}
}
