/**
 * The table of faults on writes: each × one item or many × On Error × grant, revoke or a step of replace × a
 * fault that passes or lasts × carried out by Gong or not. Afterwards the node's statements are compared with
 * the state of the local Gong: each is true, or the outcome is reported as unknown.
 */
import { randomUUID } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { runNode, type RunResult } from '../../harness/engine/engine';
import {
	callsAfter,
	detailsOf,
	gongsOfThisFile,
	linksOf,
	ON_ERROR,
	toldBy,
	writesBesideOthers,
} from '../../harness/engine/support';
import { noAnswerInTime } from '../../harness/engine/timeouts';
import {
	makeData,
	QUICK,
	DEMO_ACCOUNT,
	startLocalGong,
	type AccessSnapshot,
	type Fault,
	type LocalGong,
	type LoggedRequest,
} from '../../harness/gong';
import { RAW_WORDS } from '../../harness/judging/rawWords';

const startGong = gongsOfThisFile();

interface FaultCase {
	name: string;
	fault: (gong: LocalGong) => Fault;
	/** Whether Gong carries out a request that it answers like this. */
	applied?: boolean;
	/** Whether a request that meets it once is answered in the end. */
	passes: boolean;
	/** Whether Gong may have carried out a request that it answers like this. */
	mayBeDone: boolean;
}

const refusal = (status: number, error: string, retryAfter?: string) => (): Fault => ({
	kind: 'status',
	status,
	errors: [error],
	headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
});

const LOST: [string, (gong: LocalGong) => Fault][] = [
	['500', refusal(500, 'An error has occurred')],
	['a reset connection', () => ({ kind: 'reset' })],
	['an answer cut short', () => ({ kind: 'cut' })],
	['half the JSON', () => ({ kind: 'truncatedJson' })],
	['a login page', () => ({ kind: 'notJson' })],
	['no answer in time', noAnswerInTime],
];
const SAID: [string, (gong: LocalGong) => Fault, boolean][] = [
	['429 for a second', refusal(429, 'API rate limit exceeded', '1'), true],
	['429 for two hours', refusal(429, 'API rate limit exceeded', '7200'), false],
	['401 for the key', refusal(401, 'Access denied'), false],
	['any other 400', refusal(400, 'Not today'), false],
	['400 for a call that Gong does not know', refusal(400, 'Some calls not found'), false],
];
const FAULTS: FaultCase[] = [
	...LOST.flatMap(([name, fault]) =>
		[true, false].map((applied) => ({
			name: `${name}, ${applied ? '' : 'not '}carried out`,
			fault,
			applied,
			passes: true,
			mayBeDone: true,
		})),
	),
	...SAID.map(([name, fault, passes]) => ({ name, fault, passes, mayBeDone: false })),
];

/** The requests that meet the fault. */
const STEPS = {
	grant: { operation: 'grant', method: 'PUT' },
	revoke: { operation: 'revoke', method: 'DELETE' },
	'replace, reading': { operation: 'replace', method: 'POST' },
	'replace, granting': { operation: 'replace', method: 'PUT' },
	'replace, revoking': { operation: 'replace', method: 'DELETE' },
} as const;
type Step = keyof typeof STEPS;

/** Every call has 11 and 12; 13 has a share of call 3. */
const CALLS = ['1', '2', '3', '4', '5'];
const HAVE = ['11', '12'];
const DATA = makeData({
	users: ['11', '12', '13', '14'],
	calls: CALLS.map((id) => ({ id, users: HAVE, sharedWith: id === '3' ? ['13'] : [] })),
});
const CALLS_PER_REQUEST = 2;
// Two calls a request: 1 and 2 are in the first; the second, with 3 and 4, meets the fault.
const AMOUNTS = {
	'one item': [{ id: 'a', calls: '[1,2]', users: '[12,14]' }],
	'many items': [
		{ id: 'a', calls: '1', users: '12' },
		{ id: 'b', calls: '[2,3]', users: '14' },
		{ id: 'c', calls: '4', users: '[12,14]' },
		{ id: 'd', calls: '[3,5]', users: '12' },
		{ id: 'e', calls: '[5,1,4]', users: '14' },
	],
};
type Amount = keyof typeof AMOUNTS;

interface Cell {
	fault: FaultCase;
	step: Step;
	amount: Amount;
	onError: (typeof ON_ERROR)[number];
	lasts: boolean;
}

const keysOf = <Key extends string>(record: Record<Key, unknown>): Key[] =>
	Object.keys(record) as Key[];
const CELLS: Cell[] = FAULTS.flatMap((fault) =>
	keysOf(STEPS).flatMap((step) =>
		keysOf(AMOUNTS).flatMap((amount) =>
			ON_ERROR.flatMap((onError) =>
				(fault.passes ? [false, true] : [true])
					.map((lasts) => ({ fault, step, amount, onError, lasts }))
					// Reading changes nothing, so carried out or not is the same.
					.filter(() => STEPS[step].method !== 'POST' || fault.applied !== true),
			),
		),
	),
);

interface Outcome {
	besideOthers: LoggedRequest[];
	result: RunResult;
	before: AccessSnapshot;
	after: AccessSnapshot;
}

const outcomes = new Map<Cell, Outcome>();

/** Each cell has a Gong of its own, so that no request of one reaches another's. */
async function run(cell: Cell): Promise<Outcome> {
	// Its own key too: a pace that Gong asks for counts for all requests with a key.
	const accounts = [{ ...DEMO_ACCOUNT, accessKey: `KEY0OF0CELL-${randomUUID()}` }];
	const gong = await startLocalGong({ latency: QUICK, data: DATA, accounts });
	const { operation, method } = STEPS[cell.step];
	const { fault, applied } = cell.fault;
	const before = gong.state.accessSnapshot();
	gong.fail({
		...fault(gong),
		applied,
		after: cell.amount === 'one item' ? 0 : 1,
		times: cell.lasts ? Infinity : 1,
		match: { method },
	});
	const result = await runNode(gong, {
		parameters: {
			operation,
			callIds: '={{ $json.calls }}',
			userIds: '={{ $json.users }}',
			options: { callsPerRequest: CALLS_PER_REQUEST, maxWait: cell.lasts ? 1 : 5 },
			// Long enough that answered requests never time out, even on a busy machine.
			requestOptions: { timeout: 3_600_000 },
		},
		items: AMOUNTS[cell.amount],
		settings: { onError: cell.onError },
		alone: true,
	});
	// A late request would show in the state that is read after this.
	await gong.close();
	const after = gong.state.accessSnapshot();
	return { besideOthers: writesBesideOthers(gong), result, before, after };
}

beforeAll(async () => {
	const waiting = [...CELLS];
	// Most of the time is waiting, so the cells run in parallel.
	const workers = Array.from({ length: 60 }, async () => {
		for (let cell = waiting.shift(); cell; cell = waiting.shift()) {
			outcomes.set(cell, await run(cell));
		}
	});
	await Promise.all(workers);
}, 1_800_000);

const outcomeOf = (cell: Cell): Outcome => {
	const outcome = outcomes.get(cell);
	if (!outcome) throw new Error('The cell was not run');
	return outcome;
};

const split = (ids: string): string[] => ids.match(/[0-9]+/g) ?? [];
const isError = ({ json }: { json: IDataObject }): boolean => 'error' in json;

/** The users that all items of a cell together name for a call. */
const namedFor = (cell: Cell, callId: string): string[] => [
	...new Set(
		AMOUNTS[cell.amount]
			.filter(({ calls }) => split(calls).includes(callId))
			.flatMap(({ users }) => split(users)),
	),
];

/** The users who must be listed for a call when everything was carried out. */
function wantedFor(cell: Cell, callId: string): string[] {
	const named = namedFor(cell, callId);
	const shares: string[] = callId === '3' ? ['13'] : [];
	switch (STEPS[cell.step].operation) {
		case 'grant':
			return [...new Set([...HAVE, ...named.filter((id) => !shares.includes(id))])].sort();
		case 'revoke':
			return HAVE.filter((id) => !named.includes(id));
		default:
			return [...named].sort();
	}
}

const callIdsOf = (cell: Cell): string[] => [
	...new Set(AMOUNTS[cell.amount].flatMap(({ calls }) => split(calls))),
];

const titled = (cells: Cell[]): [string, Cell][] =>
	cells.map((cell) => [
		[
			`${cell.fault.name}, ${cell.lasts ? 'lasting' : 'once'}`,
			`${cell.step}, ${cell.amount}, ${cell.onError}`,
		].join(': '),
		cell,
	]);

/** The calls that fail when this fault lasts; the rest of the run has written the others. */
function failing({ amount, step, fault }: Cell): string[] {
	if (amount === 'one item') return ['1', '2'];
	// Item d names user 12 for unknown calls only. It may mean call 2, so replace does not take 12 away from it.
	const isLeftAlone = step === 'replace, reading' && fault.name.includes('does not know');
	return [...(isLeftAlone ? ['2'] : []), '3', '4', '5'];
}

test('no run changes access by a share', () => {
	for (const { before, after } of outcomes.values()) {
		expect(after.otherAccess).toEqual(before.otherAccess);
	}
	expect(outcomes.size).toBe(CELLS.length);
});

describe('after a fault that passes everything is carried out, and every item says so', () => {
	test.each(titled(CELLS.filter(({ lasts }) => !lasts)))('%s', (_title, cell) => {
		const { result, after } = outcomeOf(cell);
		for (const callId of callIdsOf(cell)) {
			expect([callId, after.apiAccess[callId]]).toEqual([callId, wantedFor(cell, callId)]);
		}
		expect(toldBy(result)).toBe('');
		expect(result.errorItems).toEqual([]);
		expect(result.items.filter(isError)).toEqual([]);
		expect(result.items.map(({ json }) => json.callId)).toEqual(
			AMOUNTS[cell.amount].flatMap(({ calls }) => split(calls)),
		);
	});
});

describe("on continue each item's statement about a call is true, or the outcome is unknown", () => {
	const cells = CELLS.filter(({ onError }) => onError !== 'stopWorkflow');

	test.each(titled(cells))('%s', (_title, cell) => {
		const { result, before, after } = outcomeOf(cell);
		const all = [...result.items, ...result.errorItems];
		expect(result.run.status).toBe('success');
		expect(all.every(({ pairedItem }) => pairedItem !== undefined)).toBe(true);

		for (const { json } of all.filter((item) => !isError(item))) {
			const callId = json.callId as string;
			expect([callId, after.apiAccess[callId]]).toEqual([callId, wantedFor(cell, callId)]);
		}
		for (const item of all.filter(isError)) {
			const { callIds, outcome, reason } = detailsOf(item);
			expect(['notSent', 'refused', 'unknown']).toContain(outcome);
			expect(item.json.error).not.toMatch(RAW_WORDS);
			expect(reason).not.toBeUndefined();
			if (outcome === 'unknown') continue;
			for (const callId of callIds as string[]) {
				expect([callId, after.apiAccess[callId]]).toEqual([callId, before.apiAccess[callId]]);
			}
		}
		// Each call of an item is reported once.
		AMOUNTS[cell.amount].forEach(({ calls }, place) => {
			const own = all.filter((_item, at) => linksOf(all)[at] === place);
			const named = own.flatMap((item) =>
				isError(item) ? (detailsOf(item).callIds as string[]) : [item.json.callId as string],
			);
			expect(named.sort()).toEqual(split(calls).sort());
		});
		const atErrorOutput = cell.onError === 'continueErrorOutput';
		expect(result.items.some(isError) && atErrorOutput).toBe(false);
	});
});

describe('on continue nothing is unknown that Gong refused or that was not sent', () => {
	const sure = CELLS.filter(
		({ fault, onError, lasts, step }) =>
			// A refused revoke of a replace leaves the grant before it: half done.
			!fault.mayBeDone && onError !== 'stopWorkflow' && lasts && step !== 'replace, revoking',
	);

	test.each(titled(sure))('%s', (_title, cell) => {
		const { result } = outcomeOf(cell);
		const failed = [...result.items, ...result.errorItems].filter(isError);
		expect(failed.length).toBeGreaterThan(0);
		expect(failed.map((item) => detailsOf(item).outcome)).not.toContain('unknown');
		expect([...new Set(failed.flatMap((item) => detailsOf(item).callIds))].sort()).toEqual(
			failing(cell),
		);
	});
});

describe('on continue a write whose answer is lost for good is unknown', () => {
	const lost = CELLS.filter(
		({ fault, onError, lasts, step }) =>
			fault.mayBeDone && onError !== 'stopWorkflow' && lasts && step !== 'replace, reading',
	);

	test.each(titled(lost))('%s', (_title, cell) => {
		const { result } = outcomeOf(cell);
		const failed = [...result.items, ...result.errorItems].filter(isError);
		expect([...new Set(failed.map((item) => detailsOf(item).outcome))]).toEqual(['unknown']);
		expect([...new Set(failed.flatMap((item) => detailsOf(item).callIds))].sort()).toEqual(
			failing(cell),
		);
	});
});

/** The calls in the message of a run that was set to stop. */
function toldOf(cell: Cell) {
	const outcome = outcomeOf(cell);
	const text = toldBy(outcome.result);
	return {
		...outcome,
		text,
		done: callsAfter(text, 'Accepted before this'),
		unclear: callsAfter(text, 'Not known whether carried out'),
		not: callsAfter(text, 'Not carried out'),
	};
}

const accessIn = ({ apiAccess }: AccessSnapshot, callIds: string[]): Record<string, string[]> =>
	Object.fromEntries(callIds.map((id) => [id, apiAccess[id]]));
const STOPPED = CELLS.filter(({ onError, lasts }) => onError === 'stopWorkflow' && lasts);
const reads = ({ step }: Cell): boolean => STEPS[step].method === 'POST';

describe('set to stop, the message is true about what was done and what was not', () => {
	test.each(titled(STOPPED))('%s', (_title, cell) => {
		const { result, before, after, text, done, unclear, not } = toldOf(cell);
		expect(result.run.status).toBe('error');
		expect(result.items).toEqual([]);
		expect(text).not.toMatch(RAW_WORDS);
		const wanted = done.map((id) => [id, wantedFor(cell, id)]);
		expect(accessIn(after, done)).toEqual(Object.fromEntries(wanted));
		expect(accessIn(after, not)).toEqual(accessIn(before, not));
		const nothing = /Nothing was (accepted|written|changed)/.test(text);
		const untouched = nothing ? CALLS.filter((id) => !unclear.includes(id)) : [];
		expect(accessIn(after, untouched)).toEqual(accessIn(before, untouched));
	});
});

describe('set to stop, the message lists each call once, unless half of it is done', () => {
	test.each(titled(STOPPED.filter((cell) => !reads(cell))))('%s', (_title, cell) => {
		const { before, after, text, done, unclear, not } = toldOf(cell);
		const named = [...done, ...unclear, ...not].sort();
		expect(named).toEqual([...new Set(named)]);
		const begun = (id: string) => after.apiAccess[id].join() !== before.apiAccess[id].join();
		const rest = callIdsOf(cell).filter((id) => !named.includes(id));
		expect(rest.filter((id) => !begun(id) || !new RegExp(`\\b${id}\\b`).test(text))).toEqual([]);
	});
});

describe('set to stop, a replace that could not read says that nothing was written', () => {
	test.each(titled(STOPPED.filter(reads)))('%s', (_title, cell) => {
		const { text, done, unclear } = toldOf(cell);
		expect(text).toMatch(/Nothing was (accepted|written|changed)/);
		expect([...done, ...unclear]).toEqual([]);
	});
});

describe('set to stop, only a write whose answer was lost is unknown', () => {
	const single = STOPPED.filter(({ step }) => step === 'grant' || step === 'revoke');

	test.each(titled(single))('%s', (_title, cell) => {
		const { unclear } = toldOf(cell);
		const request = cell.amount === 'one item' ? ['1', '2'] : ['3', '4'];
		expect(unclear).toEqual(cell.fault.mayBeDone ? request : []);
	});
});

test('no write is under way together with another request', () => {
	const all = [...outcomes].map(([{ fault }, { besideOthers }]) => [fault.name, besideOthers]);
	expect(all.filter(([, writes]) => writes.length > 0)).toEqual([]);
});

test('a refusal for every request after the first ends a long run soon', async () => {
	const gong = await startGong({ data: DATA });
	gong.fail({ kind: 'reset', applied: true, times: Infinity, after: 1 });
	const result = await runNode(gong, {
		parameters: {
			operation: 'grant',
			callIds: '[1,2,3,4,5]',
			userIds: '14',
			options: { callsPerRequest: 1 },
		},
		settings: { onError: 'continueRegularOutput' },
	});
	const named = result.items.map((item) =>
		isError(item) ? [detailsOf(item).callIds, detailsOf(item).outcome] : [item.json.callId],
	);
	expect(named).toEqual([
		['1'],
		[['2'], 'unknown'],
		[['3'], 'unknown'],
		[['4'], 'unknown'],
		[['5'], 'notSent'],
	]);
	expect(gong.state.accessSnapshot().apiAccess['5']).toEqual(HAVE);
});

describe('a cancelled write', () => {
	test.each(ON_ERROR)('set to %s, sends nothing more', async (onError) => {
		const gong = await startGong({ data: DATA });
		const stalled = new Promise<void>((stall) => {
			gong.fail({ kind: 'spoilt', spoil: stall, applied: true, after: 1 });
		});
		const result = await runNode(gong, {
			parameters: {
				operation: 'grant',
				callIds: '[1,2,3]',
				userIds: '14',
				options: { callsPerRequest: 1 },
			},
			settings: { onError },
			cancelAfter: stalled,
		});
		expect(result.run.status).toBe('canceled');
		expect(gong.state.accessSnapshot().apiAccess['3']).toEqual(HAVE);
		expect(gong.log).toHaveLength(2);
	});
});
