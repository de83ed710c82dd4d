/**
 * The table of faults: each × one item or many × On Error × by calls or by users × a fault that passes or
 * lasts. In every case each call of an item has its rows once, or one error.
 */
import type { IDataObject } from 'n8n-workflow';
import { runNode, type RunResult } from '../../harness/engine/engine';
import {
	askedIn,
	detailsOf,
	gongsOfThisFile,
	linksOf,
	ON_ERROR,
	toldBy,
} from '../../harness/engine/support';
import { makeData, type Fault, type LocalGong } from '../../harness/gong';
import { RAW_WORDS } from '../../harness/judging/rawWords';
import { FAULTS, type FaultCase } from './faultTable';

const startGong = gongsOfThisFile();

const USERS: Record<string, string[]> = {
	1: ['11'],
	2: ['21', '22'],
	3: ['31'],
	4: ['41'],
	5: ['51', '11'],
};
const DATA = makeData({ calls: Object.entries(USERS).map(([id, users]) => ({ id, users })) });

// Three calls a request: 1, 2 and 3 are in the first request, 4 and 5 in the second, which meets the fault.
const CALLS_PER_REQUEST = 3;
const AMOUNTS = {
	'one item': [{ id: 'a', calls: '[1,2]' }],
	'many items': [
		{ id: 'a', calls: '1' },
		{ id: 'b', calls: '[2,3]' },
		{ id: 'c', calls: '4' },
		{ id: 'd', calls: '[3,5,1]' },
		{ id: 'e', calls: '[5,4]' },
	],
};
type Amount = keyof typeof AMOUNTS;

interface Cell {
	fault: FaultCase;
	amount: Amount;
	onError: (typeof ON_ERROR)[number];
	splitInto: 'calls' | 'users';
	lasts: boolean;
}

const CELLS: Cell[] = FAULTS.flatMap((fault) =>
	(Object.keys(AMOUNTS) as Amount[]).flatMap((amount) =>
		ON_ERROR.flatMap((onError) =>
			(['calls', 'users'] as const).flatMap((splitInto) =>
				// With a single try, a fault that happens once counts as lasting.
				(fault.passes ? [false, true] : [true]).map((lasts) => ({
					fault,
					amount,
					onError,
					splitInto,
					lasts,
				})),
			),
		),
	),
);

interface Outcome {
	gong: LocalGong;
	result: RunResult;
}

const outcomes = new Map<Cell, Outcome>();
let elsewhere: LocalGong;

async function run(cell: Cell): Promise<Outcome> {
	const gong = await startGong({ data: DATA });
	const after = cell.amount === 'one item' ? 0 : 1;
	gong.fail({ ...cell.fault.fault(elsewhere.url, gong), after, times: cell.lasts ? Infinity : 1 });
	const result = await runNode(gong, {
		parameters: {
			callIds: '={{ $json.calls }}',
			splitInto: cell.splitInto,
			options: { callsPerRequest: CALLS_PER_REQUEST, maxWait: cell.lasts ? 1 : 5 },
			// Long enough that answered requests never time out, even on a busy machine.
			requestOptions: { timeout: 3_600_000 },
		},
		items: AMOUNTS[cell.amount],
		settings: { onError: cell.onError },
	});
	return { gong, result };
}

beforeAll(async () => {
	elsewhere = await startGong({ data: DATA });
	const waiting = [...CELLS];
	// Most of the time is waiting, so the cases run in parallel.
	const workers = Array.from({ length: 120 }, async () => {
		for (let cell = waiting.shift(); cell; cell = waiting.shift()) {
			outcomes.set(cell, await run(cell));
		}
	});
	await Promise.all(workers);
}, 300_000);

/** The items that the contract requires for a cell. */
function expectedOf(cell: Cell, { gong, result }: Outcome) {
	const requestIds = new Map<string, string | null>();
	for (const entry of gong.log)
		for (const id of askedIn(entry)) requestIds.set(id, entry.requestId);
	const failing = new Set(!cell.lasts ? [] : cell.amount === 'one item' ? ['1', '2'] : ['4', '5']);
	const rows: [number, IDataObject][] = [];
	const failures: [number, IDataObject][] = [];
	AMOUNTS[cell.amount].forEach(({ calls }, place) => {
		const requested = calls.match(/[0-9]+/g) ?? [];
		for (const callId of requested.filter((id) => !failing.has(id))) {
			const requestId = requestIds.get(callId);
			const users = USERS[callId].map((userId) => ({ userId }));
			if (cell.splitInto === 'calls') rows.push([place, { callId, users, requestId }]);
			else for (const { userId } of users) rows.push([place, { callId, userId, requestId }]);
		}
		const callIds = requested.filter((id) => failing.has(id));
		if (callIds.length === 0) return;
		const { httpStatus, gongErrors, reason, outcome } = cell.fault.details;
		// Only a refusal by Gong has a request ID.
		const requestId = gongErrors.length > 0 ? (requestIds.get(callIds[0]) ?? null) : null;
		failures.push([place, { callIds, requestId, httpStatus, gongErrors, reason, outcome }]);
	});
	return { rows, failures, result };
}

const outcomeOf = (cell: Cell): Outcome => {
	const outcome = outcomes.get(cell);
	if (!outcome) throw new Error('The cell was not run');
	return outcome;
};

const titled = (cells: Cell[]): [string, Cell][] =>
	cells.map((cell) => [
		[
			`${cell.fault.name}, ${cell.lasts ? 'lasting' : 'once'}`,
			`${cell.amount}, ${cell.onError}, by ${cell.splitInto}`,
		].join(': '),
		cell,
	]);

const placed = (items: RunResult['items']): [unknown, IDataObject][] =>
	linksOf(items).map((link, at) => [link, items[at].json]);

describe('a fault that passes leaves no trace in the rows', () => {
	test.each(titled(CELLS.filter(({ lasts }) => !lasts)))('%s', (_title, cell) => {
		const outcome = outcomeOf(cell);
		const { rows, result } = expectedOf(cell, outcome);
		expect(toldBy(result)).toBe('');
		expect(placed(result.items)).toEqual(rows);
		expect(result.errorItems).toEqual([]);
		expect(outcome.gong.log).toHaveLength(cell.amount === 'one item' ? 2 : 3);
	});
});

describe('a fault that lasts ends a run set to stop, in clear words', () => {
	const cells = CELLS.filter(({ lasts, onError }) => lasts && onError === 'stopWorkflow');

	test.each(titled(cells))('%s', (_title, cell) => {
		const { result, gong } = outcomeOf(cell);
		expect(result.run.status).toBe('error');
		expect(result.items).toEqual([]);
		expect(toldBy(result)).toMatch(cell.fault.words);
		expect(toldBy(result)).not.toMatch(RAW_WORDS);
		const [last] = gong.log.slice(-1);
		// Only a refusal by Gong has a request ID.
		const hasId = cell.fault.details.gongErrors.length > 0;
		expect(toldBy(result)).toContain(hasId ? `Gong request ID: ${last.requestId}.` : '');
		// What has nothing to do with the calls does not name them.
		const { httpStatus } = cell.fault.details;
		const named = cell.amount === 'one item' ? /Affected calls: 1, 2\./ : /Affected calls?: 4/;
		expect(toldBy(result)).toMatch(httpStatus === 400 ? named : /^(?![^]*Affected)/);
	});
});

describe('on continue a fault that lasts fails only the calls of the request that meets it', () => {
	const cells = CELLS.filter(({ lasts, onError }) => lasts && onError !== 'stopWorkflow');

	test.each(titled(cells))('%s', (_title, cell) => {
		const outcome = outcomeOf(cell);
		const { rows, failures, result } = expectedOf(cell, outcome);
		const isError = ({ json }: { json: IDataObject }): boolean => 'error' in json;
		const separate = cell.onError === 'continueErrorOutput';
		const failed = separate ? result.errorItems : result.items.filter(isError);
		const answered = separate ? result.items : result.items.filter((item) => !isError(item));

		expect(result.run.status).toBe('success');
		expect(placed(answered)).toEqual(rows);
		expect(linksOf(failed).map((link, at) => [link, detailsOf(failed[at])])).toEqual(failures);
		for (const item of failed) {
			expect(item.json.error).toMatch(cell.fault.words);
			expect(item.json.error).not.toMatch(RAW_WORDS);
			const order = ['callIds', 'requestId', 'httpStatus', 'gongErrors', 'reason', 'outcome'];
			expect(Object.keys(detailsOf(item))).toEqual(order);
			const [link] = linksOf([item]);
			const own = separate ? AMOUNTS[cell.amount][link as number] : {};
			expect(item.json).toEqual({ ...own, error: item.json.error, details: item.json.details });
		}
		// The rows of an item are consecutive, in the order of the items.
		const links = linksOf(result.items) as number[];
		expect(links).toEqual([...links].sort());
	});
});

describe('a fault that lasts', () => {
	test.each(titled(CELLS.filter(({ lasts, fault }) => lasts && fault.tries !== undefined)))(
		'is retried only as often as its kind allows: %s',
		(_title, cell) => {
			const before = cell.amount === 'one item' ? 0 : 1;
			// A 400 may be for one of the two calls, so each is asked for alone.
			const isSearched = cell.fault.details.httpStatus === 400 && cell.onError !== 'stopWorkflow';
			const tries = (cell.fault.tries ?? 0) + (isSearched ? 2 : 0);
			expect(outcomeOf(cell).gong.log).toHaveLength(before + tries);
		},
	);

	test('sends the key to no other host', () => {
		expect(elsewhere.log).toEqual([]);
	});
});

describe('a fault that lasts for all of a long run', () => {
	const many = Array.from({ length: 12 }, (_, place) => ({
		id: `row ${place}`,
		call: String(place + 1),
	}));
	const data = makeData({ calls: many.map(({ call }) => ({ id: call, users: ['9'] })) });

	test('ends the run after a few requests, with one error for every item', async () => {
		const gong = await startGong({ data });
		gong.fail({ kind: 'reset', times: Infinity });
		const result = await runNode(gong, {
			parameters: { callIds: '={{ $json.call }}', options: { callsPerRequest: 1 } },
			items: many,
			settings: { onError: 'continueRegularOutput' },
		});
		expect(linksOf(result.items)).toEqual(many.map((_, place) => place));
		const details = result.items.map(detailsOf);
		expect(details.map(({ callIds }) => callIds)).toEqual(many.map(({ call }) => [call]));
		// Reads change nothing, so no outcome is unknown.
		expect(details.map(({ outcome }) => outcome)).toEqual(Array<string>(12).fill('notSent'));
		expect(gong.log).toHaveLength(12);
	});

	test('makes one error item for the calls of one item that were not sent', async () => {
		const gong = await startGong({ data });
		gong.fail({ kind: 'status', status: 401, errors: ['Access denied'], times: Infinity });
		const { items } = await runNode(gong, {
			parameters: {
				callIds: JSON.stringify(many.map(({ call }) => call)),
				options: { callsPerRequest: 2 },
			},
			settings: { onError: 'continueRegularOutput' },
		});
		expect(gong.log).toHaveLength(1);
		expect(items.map((item) => detailsOf(item).outcome)).toEqual(['refused', 'notSent']);
		expect(items.flatMap((item) => detailsOf(item).callIds)).toEqual(many.map(({ call }) => call));
	});
});

describe('a message from Gong or the network', () => {
	test.each(['upstream connect error: ECONNRESET', 'ETIMEDOUT while reading', 'ENOENT'])(
		'is shown unchanged: %s',
		async (words) => {
			const gong = await startGong({ data: DATA });
			gong.fail({ kind: 'status', status: 400, errors: [words] });
			const result = await runNode(gong, { parameters: { callIds: '1' } });
			expect(toldBy(result)).toContain(words);
		},
	);

	test('reports a huge Retry-After in clear words', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({ kind: 'status', status: 429, headers: { 'retry-after': '9'.repeat(18) } });
		const result = await runNode(gong, { parameters: { callIds: '1' } });
		expect(toldBy(result)).not.toMatch(RAW_WORDS);
		expect(toldBy(result)).toMatch(/no more requests/);
	});

	test.each([
		['a 5xx in another shape', { kind: 'body', status: 500, json: { errors: 'none' } }],
		['a 400 of null', { kind: 'body', status: 400, json: null }],
		['a 204', { kind: 'body', status: 204, raw: '' }],
		['a 304', { kind: 'body', status: 304, raw: '' }],
		['a status of 418', { kind: 'body', status: 418, raw: 'teapot' }],
	] satisfies [string, Fault][])('is reported in clear words: %s', async (_what, fault) => {
		const gong = await startGong({ data: DATA });
		gong.fail({ ...fault, times: Infinity });
		const result = await runNode(gong, { parameters: { callIds: '1' } });
		expect(result.run.status).toBe('error');
		expect(toldBy(result)).not.toMatch(RAW_WORDS);
		expect(toldBy(result)).toMatch(String(fault.status));
	});

	test('reports a Retry-After of two hours in less than five seconds', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({ kind: 'status', status: 429, headers: { 'retry-after': '7200' }, times: Infinity });
		const start = Date.now();
		const result = await runNode(gong, {
			parameters: { callIds: '[1,2,3,4,5]', options: { callsPerRequest: 1 } },
			settings: { onError: 'continueRegularOutput' },
		});
		expect(Date.now() - start).toBeLessThan(5_000);
		expect(gong.log).toHaveLength(1);
		expect(result.items.flatMap((item) => detailsOf(item).callIds)).toEqual([...'12345']);
	});
});
