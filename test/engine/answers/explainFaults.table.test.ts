/**
 * The table of faults for Explain: each × the kind of request that meets it × On Error × a fault that passes or
 * lasts. What is told of the other calls is the same as without the fault.
 */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { runNode, type RunResult } from '../../harness/engine/engine';
import {
	detailsOf,
	gongsOfThisFile,
	linksOf,
	ON_ERROR,
	toldBy,
} from '../../harness/engine/support';
import { makeData, type LocalGong } from '../../harness/gong';
import { RAW_WORDS } from '../../harness/judging/rawWords';
import { FAULTS, type FaultCase } from './faultTable';

const startGong = gongsOfThisFile();

const [FIRST, SECOND] = ['100', '200'];
const DATA = makeData({
	plays: [{ callId: '7001', userId: '13', at: new Date(Date.now() - 3_600_000).toISOString() }],
	users: ['11', '12', { id: '13', active: false }],
	workspaces: [FIRST, SECOND],
	// Only the second workspace has a profile, whose users are read.
	profiles: [{ id: '71', workspaceId: SECOND, users: ['12', '13'] }],
	calls: ['7001', '7002', '7003', '7004', '7005'].map((id, place) => ({
		id,
		primaryUserId: '11',
		users: place === 0 ? ['13'] : [],
		workspaceId: place === 2 || place === 4 ? SECOND : FIRST,
	})),
});
const ITEMS = [
	{ id: 'a', calls: '7001' },
	{ id: 'b', calls: '[7002,7003]' },
	{ id: 'c', calls: '7004' },
	{ id: 'd', calls: '[7003,7005,7001]' },
];
const ALL_CALLS = DATA.calls.map(({ id }) => id);
// 7001, 7002 and 7003 are in the first request for calls, 7004 and 7005 in the second.
const CALLS_PER_REQUEST = 3;

/**
 * The requests that meet a fault, and the calls that are then not explained: `alone` is the one that Gong refuses where
 * calls are asked for one by one.
 */
const PLACES: Record<
	string,
	{ match: { path: string; bodyIncludes?: string }; failing: string[]; alone?: string }
> = {
	'the list of users': { match: { path: '/v2/users' }, failing: ALL_CALLS },
	'the calls': {
		match: { path: '/v2/calls/extensive', bodyIncludes: '"7004"' },
		failing: ['7004', '7005'],
	},
	'API-given access': {
		match: { path: '/v2/calls/users-access', bodyIncludes: '"7004"' },
		failing: ['7004', '7005'],
		alone: '7004',
	},
	'the users of a profile': {
		match: { path: '/v2/permission-profile/users' },
		failing: ['7003', '7005'],
	},
	'the log of plays': { match: { path: '/v2/logs' }, failing: ALL_CALLS },
};

/** JSON without what another run names otherwise. */
function without(json: IDataObject, ...keys: string[]): IDataObject {
	return Object.fromEntries(Object.entries(json).filter(([key]) => !keys.includes(key)));
}

interface Cell {
	fault: FaultCase;
	place: string;
	onError: (typeof ON_ERROR)[number];
	splitInto: 'calls' | 'users';
	lasts: boolean;
}

const CELLS: Cell[] = FAULTS.flatMap((fault, nth) =>
	Object.keys(PLACES).flatMap((place) =>
		ON_ERROR.flatMap((onError, which) =>
			(fault.passes ? [false, true] : [true]).map((lasts) => ({
				fault,
				place,
				onError,
				splitInto: (nth + which) % 2 === 0 ? ('calls' as const) : ('users' as const),
				lasts,
			})),
		),
	),
);

const outcomes = new Map<Cell, RunResult>();
const healthy = new Map<Cell['splitInto'], RunResult>();
let elsewhere: LocalGong;

async function run(gong: LocalGong, cell: Omit<Cell, 'fault' | 'place'>): Promise<RunResult> {
	return await runNode(gong, {
		parameters: {
			operation: 'explain',
			callIds: '={{ $json.calls }}',
			splitInto: cell.splitInto,
			options: {
				callsPerRequest: CALLS_PER_REQUEST,
				maxWait: cell.lasts ? 1 : 5,
				includeLastPlayed: true,
			},
			// Long enough that answered requests never time out, even on a busy machine.
			requestOptions: { timeout: 3_600_000 },
		},
		items: ITEMS,
		settings: { onError: cell.onError },
	});
}

async function runWithFault(cell: Cell): Promise<RunResult> {
	const gong = await startGong({ data: DATA });
	const { match } = PLACES[cell.place];
	const times = cell.lasts ? Infinity : 1;
	gong.fail({ ...cell.fault.fault(elsewhere.url, gong, match.path), match, times });
	return await run(gong, cell);
}

beforeAll(async () => {
	elsewhere = await startGong({ data: DATA });
	const gong = await startGong({ data: DATA });
	for (const splitInto of ['calls', 'users'] as const) {
		healthy.set(splitInto, await run(gong, { splitInto, onError: 'stopWorkflow', lasts: false }));
	}
	const waiting = [...CELLS];
	// Most of the time is waiting, so the cases run in parallel.
	const workers = Array.from({ length: 120 }, async () => {
		for (let cell = waiting.shift(); cell; cell = waiting.shift()) {
			outcomes.set(cell, await runWithFault(cell));
		}
	});
	await Promise.all(workers);
}, 180_000);

const outcomeOf = (cell: Cell): RunResult => {
	const outcome = outcomes.get(cell);
	if (!outcome) throw new Error('The cell was not run');
	return outcome;
};

/** The rows that belong to no failing call, without the IDs of requests, each with the item it is linked to. */
function rowsOf(items: INodeExecutionData[], failing: string[]): [unknown, IDataObject][] {
	const links = linksOf(items);
	return items
		.map(({ json }, at): [unknown, IDataObject] => [
			links[at],
			without(json, 'requestId', 'requestIds'),
		])
		.filter(([, { callId }]) => !failing.includes(callId as string));
}

const wordsOf = ({ details, words }: FaultCase): RegExp =>
	details.reason === 'unexpectedAnswer' && details.httpStatus === 200
		? /not one that Gong documents/
		: words;

const titled = (cells: Cell[]): [string, Cell][] =>
	cells.map((cell) => [
		`${cell.fault.name}, ${cell.lasts ? 'lasting' : 'once'}, at ${cell.place}: ${cell.onError}, by ${cell.splitInto}`,
		cell,
	]);

test('without a fault each call of each item has its rows', () => {
	const calls = ['7001', '7002', '7003', '7004', '7003', '7005', '7001'];
	const byCalls = healthy.get('calls')?.items ?? [];
	expect(byCalls.map(({ json }) => json.callId)).toEqual(calls);
	expect(linksOf(byCalls)).toEqual([0, 1, 1, 2, 3, 3, 3]);
	const byUsers = healthy.get('users')?.items ?? [];
	expect(byUsers.map(({ json }) => `${String(json.callId)} ${String(json.userId)}`)).toEqual([
		...['7001 13', '7001 11', '7002 11', '7003 11', '7003 12', '7003 13', '7004 11'],
		...['7003 11', '7003 12', '7003 13', '7005 11', '7005 12', '7005 13', '7001 13', '7001 11'],
	]);
});

describe('a fault that passes leaves no trace in the rows', () => {
	test.each(titled(CELLS.filter(({ lasts }) => !lasts)))('%s', (_title, cell) => {
		const result = outcomeOf(cell);
		expect(toldBy(result)).toBe('');
		expect(rowsOf(result.items, [])).toEqual(rowsOf(healthy.get(cell.splitInto)?.items ?? [], []));
		expect(result.errorItems).toEqual([]);
	});
});

describe('a fault that lasts ends a run set to stop, in clear words', () => {
	const cells = CELLS.filter(({ lasts, onError }) => lasts && onError === 'stopWorkflow');

	test.each(titled(cells))('%s', (_title, cell) => {
		const result = outcomeOf(cell);
		expect(result.run.status).toBe('error');
		expect(result.items).toEqual([]);
		expect(toldBy(result)).toMatch(wordsOf(cell.fault));
		expect(toldBy(result)).not.toMatch(RAW_WORDS);
	});
});

describe('on continue a fault that lasts fails only the calls that need its answer', () => {
	const cells = CELLS.filter(({ lasts, onError }) => lasts && onError !== 'stopWorkflow');

	test.each(titled(cells))('%s', (_title, cell) => {
		const { failing: all, alone } = PLACES[cell.place];
		const failing = alone && cell.fault.details.httpStatus === 400 ? [alone] : all;
		const result = outcomeOf(cell);
		const isError = ({ json }: INodeExecutionData): boolean => 'error' in json;
		const separate = cell.onError === 'continueErrorOutput';
		const failed = separate ? result.errorItems : result.items.filter(isError);
		const answered = separate ? result.items : result.items.filter((item) => !isError(item));
		expect(result.run.status).toBe('success');
		expect(rowsOf(answered, [])).toEqual(rowsOf(healthy.get(cell.splitInto)?.items ?? [], failing));
		const expected = ITEMS.flatMap(({ calls }, item) => {
			const callIds = calls.split(/\W+/).filter((id) => failing.includes(id));
			return callIds.length === 0 ? [] : [[item, { ...cell.fault.details, callIds }]];
		});
		const told = failed.map((item, at) => [
			linksOf(failed)[at],
			without(detailsOf(item), 'requestId'),
		]);
		expect(told).toEqual(expected);
		for (const item of failed) {
			expect(item.json.error).toMatch(wordsOf(cell.fault));
			expect(item.json.error).not.toMatch(RAW_WORDS);
		}
	});
});

test('no fault sends the key to another host', () => {
	expect(elsewhere.log).toEqual([]);
});
