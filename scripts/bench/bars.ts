import type { BareEngineResult } from './bareEngine';
import { CALLS_PER_REQUEST, type GongSide } from './gongSide';
import type { LimitOffResult } from './limitOff';
import type { LimitOnResult } from './limitOn';
import type { ManyRowsResult } from './manyRows';
import { fixed, whole } from './numbers';
import { type PaceResult, type PaceTask, timesLimit } from './pace';
import type { Way } from './ways';

/** All results of the benchmark. */
export interface Results {
	readonly pace: readonly PaceResult[];
	readonly limitOn: readonly LimitOnResult[];
	readonly limitOff: readonly LimitOffResult[];
	readonly bareEngine: BareEngineResult;
	readonly manyRows: readonly ManyRowsResult[];
}

/** A requirement for the node, and the measured value. */
export interface Bar {
	readonly bar: string;
	readonly measured: string;
	readonly met: boolean;
}

const CALLS = 3_000;
/** As many as leave at 3 a second until the first of them is answered, and one second's more. */
const mostInFlight = (latencyMs: number): number => 3 * (Math.ceil(latencyMs / 1_000) + 1);

/** By latency in ms, the most times that the limit itself would take. */
const MAX_TIMES_LIMIT: Readonly<Record<PaceTask, readonly (readonly [number, number])[]>> = {
	field: [
		[0, 1.2],
		[300, 1.2],
		[600, 1.25],
		[1_000, 1.3],
		[2_000, 1.5],
	],
	period: [
		[0, 1.25],
		[600, 1.4],
		[1_000, 1.5],
	],
};
const PACE_NAMES: Readonly<Record<PaceTask, string>> = {
	field: '3,000 calls by Input Field',
	period: 'A period of 3,000 calls',
};

const MAX_REFUSED = 1 / 20;
// In a shorter run a single refusal would be more than one in twenty.
const FEWEST_REQUESTS = 20;

const BESIDE_EXPERT = { latencyMs: 600, most: 0.75 };

// JavaScript's own error texts do not tell a user what to do.
const CLEAR_WORDS = /several input items/;

/** Every requirement whose sizes were run, with its measured value. */
export function judge(results: Results): Bar[] {
	const ours = results.limitOn.filter(({ way }) => way === 'field');
	return [
		...timeBars(results.pace),
		...refusedBars([...results.pace, ...ours]),
		...expertBars(results.limitOn),
		...batchBars(ours),
		...limitOffBars(results.limitOff),
		...engineBars(results.bareEngine),
		...manyRowsBars(results.manyRows),
	];
}

/** The requirements that n8n's engine alone can show. */
export function judgePace(results: readonly PaceResult[]): Bar[] {
	return [...timeBars(results), ...refusedBars(results)];
}

function timeBars(results: readonly PaceResult[]): Bar[] {
	return (['field', 'period'] as const).flatMap((task) =>
		MAX_TIMES_LIMIT[task].flatMap(([latencyMs, most]) =>
			results
				.filter((one) => one.task === task && one.latencyMs === latencyMs && one.calls === CALLS)
				.map((one) => ({
					bar: `${PACE_NAMES[task]}, ${whole(latencyMs)} ms: at most ${most} times the limit's own time, every row there`,
					measured: `${fixed(timesLimit(one), 2)} times, ${one.complete ? 'every row' : '**rows missing or out of order**'}`,
					met: timesLimit(one) <= most && one.complete,
				})),
		),
	);
}

function refusedBars(results: readonly GongSide[]): Bar[] {
	const long = results.filter(({ requests }) => requests >= FEWEST_REQUESTS);
	if (long.length === 0) return [];
	const worst = long.reduce((a, b) => (refusedShare(b) > refusedShare(a) ? b : a));
	return [
		{
			bar: `Refused: at most 1 in 20 requests, in every run with ${FEWEST_REQUESTS} or more`,
			measured: `${worst.refusals} of ${worst.requests} in the worst of ${long.length} runs`,
			met: refusedShare(worst) <= MAX_REFUSED,
		},
	];
}

function refusedShare({ refusals, requests }: GongSide): number {
	return refusals / requests;
}

function expertBars(results: readonly LimitOnResult[]): Bar[] {
	const { latencyMs, most } = BESIDE_EXPERT;
	const runOf = (wanted: Way) =>
		results.find(
			({ way, calls, latencyMs: latency }) =>
				way === wanted && calls === CALLS && latency === latencyMs,
		);
	const [ours, experts] = [runOf('field'), runOf('handCutAt2')];
	if (!ours || !experts) return [];
	const bar = `In n8n, 3,000 calls at ${latencyMs} ms: at most ${most} of the seconds with Gong of the list cut by hand, 2 per 1,050 ms`;
	if (experts.status !== 'success' || ours.status !== 'success') {
		const failed = ours.status === 'success' ? 'the list cut by hand' : 'our node';
		return [{ bar, measured: `not comparable: ${failed} failed`, met: false }];
	}
	const share = ours.gongSeconds / experts.gongSeconds;
	return [{ bar, measured: fixed(share, 2), met: share <= most }];
}

function batchBars(ours: readonly LimitOnResult[]): Bar[] {
	if (ours.length === 0) return [];
	const isGood = ({ calls, requests, refusals, inOrder, status, ...sent }: LimitOnResult) =>
		status === 'success' &&
		requests - refusals === Math.ceil(calls / CALLS_PER_REQUEST) &&
		sent.maxInFlight <= mostInFlight(sent.latencyMs) &&
		inOrder;
	const good = ours.filter(isGood);
	return [
		{
			bar: `In n8n, by Input Field: one answered request for each hundred calls, no more under way at once than leave while one is answered, order kept`,
			measured: `so in ${good.length} of ${ours.length} runs, at most ${Math.max(...ours.map(({ maxInFlight }) => maxInFlight))} under way`,
			met: good.length === ours.length,
		},
	];
}

function limitOffBars(results: readonly LimitOffResult[]): Bar[] {
	const cpu = (wanted: Way) => results.find(({ way }) => way === wanted)?.cpuSeconds ?? NaN;
	const bar = (way: Way, name: string, most: number, words: string): Bar => {
		const ratio = cpu(way) / cpu('itemByItem');
		const measured = `${fixed(ratio, 2)} times`;
		return { bar: `In n8n, ${name}: at most ${words}`, measured, met: ratio <= most };
	};
	const compared = 'the CPU time of HTTP Request item by item';
	return [
		bar('field', 'by Input Field', 0.25, `a quarter of ${compared}`),
		bar('expression', 'by `{{ $json.id }}`', 0.75, `three quarters of ${compared}`),
		bar('ownExpression', 'by `{{ $json.id.trim() }}`', 0.75, `three quarters of ${compared}`),
	];
}

function engineBars({ cpuSeconds, ids, items }: BareEngineResult): Bar[] {
	const ratio = cpuSeconds.field / cpuSeconds.nothing;
	const growth = ids.manyCpu / ids.fewCpu;
	return [
		{
			bar: `In n8n's bare engine, ${whole(items)} items: at most 2 times the CPU time of the same panel doing nothing`,
			measured: `${fixed(ratio, 2)} times`,
			met: ratio <= 2,
		},
		{
			bar: 'Ten times the IDs in one item: at most 12 times the CPU time',
			measured: `${fixed(growth)} times`,
			met: growth <= 12,
		},
	];
}

function manyRowsBars(results: readonly ManyRowsResult[]): Bar[] {
	return results.map((result) => {
		const { calls, oneItem, rows, wantedRows, message = '' } = result;
		const from = oneItem ? 'one item' : `${whole(calls)} items`;
		if (oneItem && rows === 0 && message !== '') {
			const bar = `${whole(wantedRows)} rows from one item, more than n8n can take: a clear message`;
			return { bar, measured: `"${message}"`, met: CLEAR_WORDS.test(result.advice ?? '') };
		}
		const bar = `${whole(wantedRows)} rows from ${from} with Node's default heap`;
		const measured = rows > 0 ? `${whole(rows)} rows` : `none: "${message}"`;
		return { bar, measured, met: rows === wantedRows };
	});
}
