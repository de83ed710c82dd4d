/** Random runs of Explain and Get Many whose items differ in what has to be looked up for them. */
import fc from 'fast-check';
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';
import type { RunOptions } from '../harness/engine/engine';
import { makeData, type Fault, type GongData } from '../harness/gong';
import { rarely } from './arbitraries';

export const WORKSPACES = ['801001', '801002', '801003'];
const PEOPLE = ['200011', '200012', '200013', '200014'];
const WAYS = ['apiGrant', 'participant', 'permissionProfile', 'commentMention', 'libraryFolder'];
const CALLS = ['100001', '100002', '100003', '100004', '100005', '100006'];

/** The workspace of a call; each has two. */
export const workspaceOf = (callId: string): string =>
	WORKSPACES[CALLS.indexOf(callId) % WORKSPACES.length];
/** The workspace of a profile and of a folder, by its ID. */
export const workspaceOfPart = (id: string): string => WORKSPACES[Number(id) % 10];

/** A company with a profile and a folder in each workspace. */
export const DATA: GongData = makeData({
	users: PEOPLE.map((id, place) => ({ id, managerId: PEOPLE[place - 1] ?? null })),
	workspaces: WORKSPACES,
	calls: CALLS.map((id, place) => ({
		id,
		started: `2026-01-0${place + 1}T10:00:00.000Z`,
		workspaceId: workspaceOf(id),
		primaryUserId: PEOPLE[place % 4],
		users: [PEOPLE[(place + 1) % 4]],
		comments: place % 2 === 0 ? [`Look, @[Person](${PEOPLE[(place + 2) % 4]})`] : [],
	})),
	profiles: WORKSPACES.map((workspaceId, place) => ({
		id: `50${place}`,
		workspaceId,
		callsAccess: { permissionLevel: 'all' as const, teamLeadIds: [] },
		libraryFolderAccess: { permissionLevel: 'all' as const, libraryFolderIds: [] },
		users: [PEOPLE[place]],
	})),
	folders: WORKSPACES.map((workspaceId, place) => ({
		id: `90${place}`,
		workspaceId,
		calls: [CALLS[place]],
	})),
});

export interface LookUpItem {
	calls: string[];
	ways: string[];
	/** Of a period; empty for all. */
	workspace: string;
	chosen: boolean;
	otherKey: boolean;
}

/** Refused, broken or unavailable requests of one path. */
export interface LookUpFault {
	path: string;
	kind: string;
	after: number;
	times: number;
	wait: number;
}

export interface LookUpCase {
	operation: 'explain' | 'list';
	fromPeriod: boolean;
	items: LookUpItem[];
	details: 'none' | 'all' | 'perItem';
	onError: NonNullable<INode['onError']>;
	batchSize: number | null;
	tries: number;
	keysDiffer: boolean;
	callsPerRequest: number;
	latency: number;
	faults: LookUpFault[];
}

const PATHS = [
	'/v2/calls/users-access',
	'/v2/calls/extensive',
	'/v2/calls',
	'/v2/all-permission-profiles',
	'/v2/all-permission-profiles',
	'/v2/permission-profile/users',
	'/v2/library/folders',
	'/v2/library/folder-content',
	'/v2/users',
	'/v2/users/extensive',
];
const status = (code: number, words: string): Fault => ({
	kind: 'status',
	status: code,
	errors: [words],
});
const KINDS: Record<string, Fault> = {
	'400': status(400, 'Not today'),
	'403': status(403, 'Not allowed'),
	'500': status(500, 'An error has occurred'),
	reset: { kind: 'reset' },
};

export const lookUpCase: fc.Arbitrary<LookUpCase> = fc.record({
	faults: fc.array(
		fc.record({
			path: fc.constantFrom(...PATHS),
			kind: fc.constantFrom(...Object.keys(KINDS), '403'),
			after: fc.nat({ max: 2 }),
			times: fc.constantFrom(1, 1, 2, 1_000),
			wait: rarely(40, fc.nat({ max: 40 }), 0),
		}),
		{ minLength: 1, maxLength: 2 },
	),
	items: fc.array(
		fc.record({
			calls: fc.uniqueArray(fc.constantFrom(...CALLS), { minLength: 1, maxLength: 2 }),
			ways: fc.subarray(WAYS, { minLength: 1 }),
			workspace: fc.constantFrom('', ...WORKSPACES),
			chosen: fc.boolean(),
			otherKey: fc.boolean(),
		}),
		{ minLength: 1, maxLength: 6 },
	),
	operation: fc.constantFrom('explain', 'explain', 'list'),
	fromPeriod: rarely(30, fc.constant(true), false),
	details: fc.constantFrom('none', 'all', 'perItem'),
	onError: fc.constantFrom('continueRegularOutput', 'continueErrorOutput'),
	batchSize: rarely<number | null>(25, fc.constantFrom(1, 2), null),
	tries: rarely(20, fc.constantFrom(2, 3), 1),
	keysDiffer: rarely(20, fc.constant(true), false),
	callsPerRequest: fc.constantFrom(100, 2, 1),
	latency: rarely(30, fc.constantFrom(5, 20), 0),
});

/** The calls that an item stands for. */
export const callsFor = ({ fromPeriod }: LookUpCase, { calls, workspace }: LookUpItem): string[] =>
	fromPeriod ? CALLS.filter((id) => ['', workspaceOf(id)].includes(workspace)) : calls;

/** Whether the rows of an item have names and titles. */
export const hasDetails = ({ details }: LookUpCase, { chosen }: LookUpItem): boolean =>
	details === 'all' || (details === 'perItem' && chosen);

export const faultsOf = ({ faults }: LookUpCase): Fault[] =>
	faults.map(({ path, kind, after, times, wait }) => ({
		...KINDS[kind],
		match: { path },
		after,
		times,
		wait,
	}));

/** The run in the form that the engine takes. */
export function runOptionsOf(run: LookUpCase): RunOptions {
	const { operation, fromPeriod, details, onError, batchSize, tries, callsPerRequest } = run;
	const option = details === 'perItem' ? '={{ $json.chosen }}' : details === 'all';
	const options: INodeParameters = {
		callsPerRequest,
		maxWait: 0,
		requestsPerSecond: 100,
		...(details === 'none' ? {} : { includeUserDetails: option, includeCallDetails: option }),
	};
	const period = {
		callsFrom: 'period',
		period: 'custom',
		periodStart: '2026-01-01T00:00:00Z',
		periodEnd: '2026-01-08T00:00:00Z',
		workspaceId: '={{ $json.workspace }}',
	};
	const parameters: INodeParameters = {
		operation,
		splitInto: 'calls',
		...(fromPeriod ? period : { callIds: '={{ $json.calls }}' }),
		...(operation === 'explain' ? { ways: '={{ $json.ways }}' } : {}),
		options,
	};
	if (batchSize !== null) {
		parameters.requestOptions = { batching: { batch: { batchSize, batchInterval: 1 } } };
	}
	const retry = { retryOnFail: true, maxTries: tries, waitBetweenTries: 1 };
	return {
		parameters,
		items: run.items.map((item) => ({ ...item }) as unknown as IDataObject),
		settings: { onError, ...(tries > 1 ? retry : {}) },
		alone: true,
	};
}
