/** Random runs of Grant, Revoke and Replace. */
import fc from 'fast-check';
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';
import type { RunOptions } from '../harness/engine/engine';
import { ON_ERROR } from '../harness/engine/support';
import { rarely } from './arbitraries';
import {
	ADDRESSES,
	CALLS,
	company,
	UNKNOWN_CALLS,
	UNKNOWN_USERS,
	USERS,
	type Company,
} from './company';
import { faultOf, lookUpFault, refusesAll, type FaultCase } from './faultCases';
import { callsInput, usersInput, written, type Input } from './inputs';
import type { Cancel } from './play';

export type WriteOperation = 'grant' | 'revoke' | 'replace';

/** The parameter of an item whose expression throws. */
export type Thrower = 'calls' | 'users' | 'options';

/** An option set for the whole run, or for each item by an expression. */
export type Choice = boolean | 'perItem';

export interface WriteItem {
	calls: Input;
	users: Input;
	throwsIn: Thrower | null;
	/** The item has no JSON at all. */
	noJson: boolean;
	/** The values of the options that are set for each item. */
	chosen: boolean;
	/** It signs in with another key, where keys differ. */
	otherKey: boolean;
}

export interface WriteCase {
	company: Company;
	operation: WriteOperation;
	items: WriteItem[];
	callsFrom: 'ids' | 'field';
	usersFrom: 'ids' | 'field';
	onError: NonNullable<INode['onError']>;
	/** Items in each of n8n's own batches; null for no batching. */
	batchSize: number | null;
	executeOnce: boolean;
	dryRun: Choice;
	readBack: Choice;
	allowNoUsers: Choice;
	callsPerRequest: number;
	maxWait: number;
	/** Items that are chosen name fewer calls in a request. */
	paceDiffers: boolean;
	/** Items sign in with one of two keys. */
	keysDiffer: boolean;
	/** Tries of Retry On Fail; 1 where it is off. */
	tries: number;
	/** An agent calls the node as its tool, once for each item. */
	asTool: boolean;
	latency: number;
	faults: FaultCase[];
	cancel: Cancel | null;
}

const item: fc.Arbitrary<WriteItem> = fc.record({
	calls: callsInput(CALLS, UNKNOWN_CALLS),
	users: usersInput(USERS, UNKNOWN_USERS, ADDRESSES),
	throwsIn: rarely<Thrower | null>(8, fc.constantFrom('calls', 'users', 'options'), null),
	noJson: rarely(3, fc.constant(true), false),
	chosen: fc.boolean(),
	otherKey: fc.boolean(),
});

const choice = (weight: number): fc.Arbitrary<Choice> =>
	rarely<Choice>(weight, fc.constantFrom<Choice>(true, 'perItem'), false);

const cancel: fc.Arbitrary<Cancel> = fc.oneof(
	fc.record({
		at: fc.constantFrom<'arrival' | 'end'>('arrival', 'end'),
		after: fc.nat({ max: 4 }),
	}),
	fc.record({ at: fc.constant<'ms'>('ms'), after: fc.nat({ max: 60 }) }),
);

const anyCase: fc.Arbitrary<WriteCase> = fc.record({
	faults: fc.oneof(
		{ withCrossShrink: true },
		{ weight: 5, arbitrary: fc.constant<FaultCase[]>([]) },
		{ weight: 1, arbitrary: refusesAll },
		{ weight: 2, arbitrary: fc.tuple(lookUpFault) },
		{
			weight: 5,
			arbitrary: fc.array(faultOf(['POST', 'PUT', 'DELETE', 'GET']), {
				minLength: 1,
				maxLength: 2,
			}),
		},
	),
	tries: rarely(30, fc.constantFrom(2, 3), 1),
	asTool: rarely(10, fc.constant(true), false),
	paceDiffers: rarely(10, fc.constant(true), false),
	keysDiffer: rarely(10, fc.constant(true), false),
	latency: rarely(15, fc.constantFrom(5, 20), 0),
	cancel: rarely<Cancel | null>(6, cancel, null),
	items: fc.array(item, { minLength: 1, maxLength: 6 }),
	company,
	operation: fc.constantFrom<WriteOperation>('grant', 'revoke', 'replace', 'replace'),
	callsFrom: fc.constantFrom('ids', 'field'),
	usersFrom: fc.constantFrom('ids', 'field'),
	onError: fc.constantFrom(...ON_ERROR),
	batchSize: rarely<number | null>(25, fc.constantFrom(1, 2), null),
	executeOnce: rarely(6, fc.constant(true), false),
	dryRun: choice(20),
	readBack: choice(25),
	allowNoUsers: choice(30),
	callsPerRequest: fc.constantFrom(100, 3, 2, 1),
	maxWait: fc.constantFrom(0, 1),
});

/** An agent gives its tool texts, calls it for one item at a time, and gets nothing from an error output. */
function forTool(run: WriteCase): WriteCase {
	const { onError } = run;
	return {
		...run,
		items: run.items.map((one) => ({
			...one,
			calls: { ...one.calls, container: 'commas', parts: one.calls.parts.filter(isText) },
			users: { ...one.users, container: 'commas', parts: one.users.parts.filter(isText) },
			throwsIn: null,
			noJson: false,
		})),
		callsFrom: 'ids',
		usersFrom: 'ids',
		onError: onError === 'continueErrorOutput' ? 'continueRegularOutput' : onError,
		batchSize: null,
		executeOnce: false,
		dryRun: run.dryRun === true,
		readBack: run.readBack === true,
		allowNoUsers: run.allowNoUsers === true,
		paceDiffers: false,
		keysDiffer: false,
		cancel: null,
	};
}

const isText = ({ raw }: { raw: unknown }): boolean => typeof raw === 'string';

export const writeCase = anyCase.map((run) => (run.asTool ? forTool(run) : run));

// n8n evaluates most failing expressions to undefined; a reference to a missing node throws.
const THROWN = "$('No such node').item.json.id";

function expression(thrower: Thrower, field: string, someThrow: boolean): string {
	if (!someThrow) return `={{ $json.${field} }}`;
	return `={{ $json.throws === '${thrower}' ? ${THROWN} : $json.${field} }}`;
}

const fromAi = (name: string): string => `={{ $fromAI('${name}', '', 'string') }}`;

/** Whether the item's own expression really throws: an input field is read without one. */
export function throwsFor(run: WriteCase, { throwsIn, noJson }: WriteItem): Thrower | null {
	if (noJson) return null;
	if (throwsIn === 'calls' && run.callsFrom === 'field') return null;
	if (throwsIn === 'users' && run.usersFrom === 'field') return null;
	return throwsIn;
}

/** The value of an option for an item. */
export function chosenFor(choiceMade: Choice, { chosen, noJson }: WriteItem): boolean {
	return choiceMade === 'perItem' ? chosen && !noJson : choiceMade;
}

function optionsOf(run: WriteCase): INodeParameters {
	const someThrow = run.items.some((entry) => throwsFor(run, entry) === 'options');
	const options: INodeParameters = {
		callsPerRequest: run.paceDiffers
			? `={{ $json?.chosen ? 1 : ${run.callsPerRequest} }}`
			: run.callsPerRequest,
		maxWait: run.maxWait,
		// No other client uses this Gong, so a run without rate limiting ends sooner.
		requestsPerSecond: 100,
	};
	for (const name of ['dryRun', 'readBack', 'allowNoUsers'] as const) {
		if (run[name] === 'perItem') options[name] = '={{ $json.chosen }}';
		else if (run[name]) options[name] = true;
	}
	if (someThrow) {
		const { dryRun } = run;
		const kept = dryRun === 'perItem' ? '$json.chosen' : String(dryRun);
		options.dryRun = `={{ $json.throws === 'options' ? ${THROWN} : ${kept} }}`;
	}
	return options;
}

/** The JSON of the items before the node. */
export function jsonsOf({ items }: WriteCase): (IDataObject | undefined)[] {
	return items.map(({ calls, users, throwsIn, noJson, chosen, otherKey }, place) =>
		noJson
			? undefined
			: ({
					id: `row ${place}`,
					calls: written(calls),
					users: written(users),
					chosen,
					otherKey,
					throws: throwsIn ?? '',
				} as IDataObject),
	);
}

/** The run in the form that the engine takes. */
export function runOptionsOf(run: WriteCase): RunOptions {
	const { callsFrom, usersFrom, batchSize, executeOnce, onError } = run;
	const throwing = (thrower: Thrower): boolean =>
		run.items.some((entry) => throwsFor(run, entry) === thrower);
	const retry = { retryOnFail: true, maxTries: run.tries, waitBetweenTries: 1 };
	const parameters: INodeParameters = {
		operation: run.operation,
		callsFrom,
		usersFrom,
		...(callsFrom === 'field'
			? { callIdField: 'calls' }
			: {
					callIds: run.asTool ? fromAi('calls') : expression('calls', 'calls', throwing('calls')),
				}),
		...(usersFrom === 'field'
			? { userIdField: 'users' }
			: {
					userIds: run.asTool ? fromAi('users') : expression('users', 'users', throwing('users')),
				}),
		options: optionsOf(run),
	};
	if (batchSize !== null) {
		parameters.requestOptions = { batching: { batch: { batchSize, batchInterval: 1 } } };
	}
	return {
		parameters,
		items: jsonsOf(run) as IDataObject[],
		settings: { onError, executeOnce, ...(run.tries > 1 ? retry : {}) },
		alone: true,
	};
}
