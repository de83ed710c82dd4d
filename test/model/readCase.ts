/** Random runs of Get Many. */
import fc from 'fast-check';
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';
import type { RunOptions } from '../harness/engine/engine';
import { ON_ERROR } from '../harness/engine/support';
import { rarely } from './arbitraries';
import { CALLS, company, UNKNOWN_CALLS, type Company } from './company';
import { faultOf, refusesAll, type FaultCase } from './faultCases';
import { callsInput, written, type Input } from './inputs';
import type { Cancel } from './play';

/** The operation's internal value. */
const LIST = 'list';

export type SplitInto = 'calls' | 'users' | 'people';

/** A time as an item gives it, and its moment; null if it has none. */
export interface Moment {
	raw: string;
	ms: number | null;
}

export interface ReadItem {
	calls: Input;
	start: Moment;
	end: Moment;
	throws: boolean;
	/** The item has no JSON at all. */
	noJson: boolean;
}

export interface ReadCase {
	company: Company;
	items: ReadItem[];
	callsFrom: 'ids' | 'field' | 'period';
	splitInto: SplitInto;
	report: boolean;
	includeCallsWithoutUsers: boolean;
	includeUserDetails: boolean;
	includeCallDetails: boolean;
	onError: NonNullable<INode['onError']>;
	batchSize: number | null;
	executeOnce: boolean;
	callsPerRequest: number;
	maxWait: number;
	faults: FaultCase[];
	cancel: Cancel | null;
}

const momentOf = (raw: string): Moment => ({ raw, ms: Date.parse(raw) });

/** The exact start times of calls, some of them in another zone. */
const moment: fc.Arbitrary<Moment> = fc.oneof(
	{
		weight: 9,
		arbitrary: fc.constantFrom(
			...[1, 2, 3, 4, 5, 6, 7].map((day) => momentOf(`2026-01-0${day}T10:00:00Z`)),
			momentOf('2026-01-02T12:00:00+02:00'),
			momentOf('2026-01-03T00:00:00-10:00'),
		),
	},
	{
		weight: 1,
		arbitrary: fc.constantFrom('soon', '2026-13-01T10:00:00Z').map((raw) => ({ raw, ms: null })),
	},
);

const item: fc.Arbitrary<ReadItem> = fc.record({
	calls: callsInput(CALLS, UNKNOWN_CALLS),
	start: moment,
	end: moment,
	throws: rarely(6, fc.constant(true), false),
	noJson: rarely(3, fc.constant(true), false),
});

export const readCase: fc.Arbitrary<ReadCase> = fc.record({
	faults: fc.oneof(
		{ withCrossShrink: true },
		{ weight: 5, arbitrary: fc.constant<FaultCase[]>([]) },
		{ weight: 1, arbitrary: refusesAll },
		{
			weight: 5,
			arbitrary: fc.array(faultOf(['POST', 'GET']), { minLength: 1, maxLength: 2 }),
		},
	),
	cancel: rarely<Cancel | null>(
		6,
		fc.record({
			at: fc.constantFrom<Cancel['at']>('arrival', 'end', 'ms'),
			after: fc.nat({ max: 3 }),
		}),
		null,
	),
	items: fc.array(item, { minLength: 1, maxLength: 6 }),
	company,
	callsFrom: fc.constantFrom<ReadCase['callsFrom']>('ids', 'ids', 'field', 'period'),
	splitInto: fc.constantFrom<SplitInto>('calls', 'users', 'people'),
	report: rarely(35, fc.constant(true), false),
	includeCallsWithoutUsers: rarely(30, fc.constant(true), false),
	includeUserDetails: rarely(30, fc.constant(true), false),
	includeCallDetails: rarely(30, fc.constant(true), false),
	onError: fc.constantFrom(...ON_ERROR),
	batchSize: rarely<number | null>(25, fc.constantFrom(1, 2), null),
	executeOnce: rarely(6, fc.constant(true), false),
	callsPerRequest: fc.constantFrom(100, 3, 2, 1),
	maxWait: fc.constantFrom(0, 1),
});

/** Whether the item's expression really throws: an input field is read without one. */
export const throwsFor = ({ callsFrom }: ReadCase, { throws, noJson }: ReadItem): boolean =>
	throws && !noJson && callsFrom !== 'field';

// n8n evaluates most failing expressions to undefined; a reference to a missing node throws.
const expression = (field: string, someThrow: boolean): string =>
	someThrow
		? `={{ $json.throws ? $('No such node').item.json.id : $json.${field} }}`
		: `={{ $json.${field} }}`;

export function jsonsOf({ items }: ReadCase): (IDataObject | undefined)[] {
	return items.map(({ calls, start, end, throws, noJson }, place) =>
		noJson
			? undefined
			: ({
					id: `row ${place}`,
					calls: written(calls),
					start: start.raw,
					end: end.raw,
					throws,
				} as IDataObject),
	);
}

function callsParameters(run: ReadCase): INodeParameters {
	const someThrow = run.items.some((one) => throwsFor(run, one));
	switch (run.callsFrom) {
		case 'field':
			return { callIdField: 'calls' };
		case 'period':
			return {
				period: 'custom',
				periodStart: expression('start', someThrow),
				periodEnd: expression('end', false),
			};
		default:
			return { callIds: expression('calls', someThrow) };
	}
}

/** The run in the form that the engine takes. */
export function runOptionsOf(run: ReadCase): RunOptions {
	const { callsFrom, splitInto, batchSize, executeOnce, onError } = run;
	const options: INodeParameters = {
		callsPerRequest: run.callsPerRequest,
		maxWait: run.maxWait,
		// No other client uses this Gong, so a run without rate limiting ends sooner.
		requestsPerSecond: 100,
	};
	if (run.report) options.unknownCalls = 'report';
	for (const name of [
		'includeCallsWithoutUsers',
		'includeUserDetails',
		'includeCallDetails',
	] as const) {
		if (run[name]) options[name] = true;
	}
	const parameters: INodeParameters = {
		operation: LIST,
		callsFrom,
		splitInto,
		...callsParameters(run),
		options,
	};
	if (batchSize !== null) {
		parameters.requestOptions = { batching: { batch: { batchSize, batchInterval: 1 } } };
	}
	return {
		parameters,
		items: jsonsOf(run) as IDataObject[],
		settings: { onError, executeOnce },
		alone: true,
	};
}
