import Table from 'cli-table3';

import type { BareEngineResult } from './bareEngine';
import type { Bar } from './bars';
import type { LimitOffResult } from './limitOff';
import type { LimitOnResult } from './limitOn';
import type { ManyRowsResult } from './manyRows';
import { fixed, whole } from './numbers';
import { type PaceResult, type PaceTask, timesLimit } from './pace';
import { WAY_NAMES } from './ways';

const PACE_TASK_NAMES: Readonly<Record<PaceTask, string>> = {
	field: 'Input Field',
	period: 'Period',
};

/** A table for the screen and for the page; the first column is text, unless `textColumns` says otherwise. */
export interface Rows {
	readonly head: readonly string[];
	readonly rows: readonly (readonly string[])[];
	/** How many columns from the left are text. */
	readonly textColumns: number;
}

/** Our node in n8n's engine alone, beside Gong's limit. */
export function paceTable(results: readonly PaceResult[]): Rows {
	return {
		head: [
			'Gong Call Access',
			'Latency, ms',
			'Requests',
			'Refused',
			'Most at once',
			'Seconds with Gong',
			"Limit's own seconds",
			'Times',
		],
		rows: results.map((result) => [
			`${PACE_TASK_NAMES[result.task]}, ${whole(result.calls)} calls`,
			whole(result.latencyMs),
			whole(result.requests),
			whole(result.refusals),
			whole(result.maxInFlight),
			fixed(result.gongSeconds),
			fixed(result.limitSeconds),
			fixed(timesLimit(result), 2),
		]),
		textColumns: 1,
	};
}

/** The ways side by side under Gong's limit, by latency or by calls. */
export function limitOnTable(results: readonly LimitOnResult[], by: 'latencyMs' | 'calls'): Rows {
	const other = by === 'calls' ? 'latencyMs' : 'calls';
	const sorted = [...results].sort((a, b) => a[by] - b[by] || b[other] - a[other]);
	return {
		head: [
			'Way',
			'Latency, ms',
			'Calls',
			'Requests',
			'Refused',
			'Rows',
			'Rows with their item',
			'Seconds with Gong',
			'Seconds in all',
		],
		rows: sorted.map((result) => [
			WAY_NAMES[result.way],
			whole(result.latencyMs),
			whole(result.calls),
			whole(result.requests),
			whole(result.refusals),
			result.status === 'success' ? whole(result.rows) : '0 (failed)',
			result.linkedRows === undefined ? 'not read' : whole(result.linkedRows),
			fixed(result.gongSeconds),
			fixed(result.workflowSeconds),
		]),
		textColumns: 1,
	};
}

/** What each way costs the machine. */
export function limitOffTable(results: readonly LimitOffResult[]): Rows {
	const compared = results.find(({ way }) => way === 'itemByItem')?.cpuSeconds ?? NaN;
	return {
		head: ['Way', 'Requests', 'Rows', 'CPU seconds', 'least to most', 'Ratio', 'Peak memory, MB'],
		rows: results.map(({ way, requests, rows, cpuSeconds, cpuRange, peakMb }) => {
			const start = way === 'itemsOnly';
			return [
				start ? 'Only the items, with the start of n8n' : WAY_NAMES[way],
				whole(requests),
				start ? '–' : whole(rows),
				fixed(cpuSeconds),
				start ? '–' : `${fixed(cpuRange[0])} to ${fixed(cpuRange[1])}`,
				start ? '–' : fixed(cpuSeconds / compared, 2),
				whole(peakMb),
			];
		}),
		textColumns: 1,
	};
}

/** The engine alone. */
export function bareEngineTable({ cpuSeconds, cpuRange, items, ids }: BareEngineResult): Rows {
	const row = (name: string, key: keyof typeof cpuSeconds) => [
		name,
		fixed(cpuSeconds[key], 2),
		cpuRange[key].map((seconds) => fixed(seconds, 2)).join(' to '),
		fixed(cpuSeconds[key] / cpuSeconds.nothing, 2),
		fixed(cpuSeconds[key] / cpuSeconds.nothingSmall, 2),
	];
	const one = (count: number, cpu: number) => [
		`Gong Call Access, one item with ${whole(count)} IDs`,
		fixed(cpu, 2),
		'–',
		'–',
		'–',
	];
	return {
		head: [
			'Node',
			'CPU seconds',
			'least to most',
			'to the same panel',
			'to a node without a panel',
		],
		rows: [
			row(`Does nothing, no panel, ${whole(items)} items`, 'nothingSmall'),
			row(`Does nothing, our panel, ${whole(items)} items`, 'nothing'),
			row('Gong Call Access, Input Field, by calls', 'fieldByCalls'),
			row('Gong Call Access, Input Field, by users', 'field'),
			row('Gong Call Access, `{{ $json.id }}`, by users', 'expression'),
			one(ids.few, ids.fewCpu),
			one(10 * ids.few, ids.manyCpu),
		],
		textColumns: 1,
	};
}

/** Many rows from few or many items. */
export function manyRowsTable(results: readonly ManyRowsResult[]): Rows {
	return {
		head: ['Calls', 'Rows wanted', 'Rows', 'Peak memory, MB', 'What n8n says'],
		rows: results.map(({ calls, oneItem, wantedRows, rows, peakMb, message }) => [
			`${whole(calls)} in ${oneItem ? 'one item' : 'as many items'}`,
			whole(wantedRows),
			whole(rows),
			whole(peakMb),
			message ?? '',
		]),
		textColumns: 1,
	};
}

/** The requirements for the node. */
export function barsTable(bars: readonly Bar[]): Rows {
	return {
		head: ['Bar', 'Measured', 'Met'],
		rows: bars.map(({ bar, measured, met }) => [bar, measured, met ? 'yes' : '**no**']),
		textColumns: 3,
	};
}

/** For the terminal. */
export function onScreen({ head, rows, textColumns }: Rows): string {
	const table = new Table({
		head: [...head],
		colAligns: head.map((_, column) => (column < textColumns ? 'left' : 'right')),
		style: { head: [], border: [], compact: true },
	});
	const plain = (text: string) => text.replaceAll('`', '').replaceAll('**', '');
	for (const row of rows) table.push(row.map(plain));
	return table.toString();
}

/** For a page in Markdown, in prettier's layout. */
export function inMarkdown({ head, rows, textColumns }: Rows): string {
	const widths = head.map((_, column) =>
		Math.max(3, ...[head, ...rows].map((row) => row[column].length)),
	);
	const line = (cells: readonly string[]) =>
		`| ${cells
			.map((cell, column) =>
				column < textColumns ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
			)
			.join(' | ')} |`;
	const rule = widths.map((width, column) =>
		column < textColumns ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
	);
	return [line(head), line(rule), ...rows.map(line)].join('\n');
}
