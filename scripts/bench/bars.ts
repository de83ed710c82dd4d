import type { BareEngineResult } from './bareEngine';
import type { LimitOffResult } from './limitOff';
import type { LimitOnResult } from './limitOn';
import type { ManyRowsResult } from './manyRows';
import { fixed, whole } from './numbers';
import type { Way } from './ways';

/** All results of the benchmark. */
export interface Results {
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

// JavaScript's own error texts do not tell a user what to do.
const CLEAR_WORDS = /several input items/;

/** Every requirement whose sizes were run, with its measured value. */
export function judge(results: Results): Bar[] {
	return [
		...limitOnBars(results.limitOn),
		...limitOffBars(results.limitOff),
		...engineBars(results.bareEngine),
		...manyRowsBars(results.manyRows),
	];
}

function limitOnBars(results: readonly LimitOnResult[]): Bar[] {
	const bars: Bar[] = [];
	for (const result of results.filter(({ way }) => way === 'field')) {
		const { calls, requests, refusals, maxInFlight, inOrder, gongSeconds } = result;
		if (calls === 300) {
			bars.push({
				bar: '300 items: 3 requests, never two at the same time, order kept',
				measured: `${requests} requests, ${maxInFlight} at a time, order ${inOrder ? 'kept' : 'lost'}`,
				met: requests === 3 && maxInFlight === 1 && inOrder,
			});
		}
		if (calls === 1_200) {
			bars.push({
				bar: "1,200 calls: at most 1 refusal, at most 5.2 s (1.3 times the limit's own 4 s)",
				measured: `${refusals} refusals, ${fixed(gongSeconds)} s`,
				met: refusals <= 1 && gongSeconds <= 5.2,
			});
		}
		if (calls === 10_000) {
			bars.push({
				bar: '10,000 calls: 100 requests',
				measured: `${requests} requests`,
				met: requests === 100,
			});
		}
	}
	return bars;
}

function limitOffBars(results: readonly LimitOffResult[]): Bar[] {
	const cpu = (wanted: Way) => results.find(({ way }) => way === wanted)?.cpuSeconds ?? NaN;
	const bar = (way: Way, name: string, most: number, words: string): Bar => {
		const ratio = cpu(way) / cpu('itemByItem');
		const measured = `${fixed(ratio, 2)} times`;
		return { bar: `In n8n, ${name}: at most ${words}`, measured, met: ratio <= most };
	};
	const whole = 'the CPU time of HTTP Request item by item';
	return [
		bar('field', 'by Input Field', 0.25, `a quarter of ${whole}`),
		bar('expression', 'by `{{ $json.id }}`', 1, whole),
		bar('ownExpression', 'by `{{ $json.id.trim() }}`', 1, whole),
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
