import type { Results } from './bars';
import { judge } from './bars';
import { USERS_PER_CALL } from './company';
import { findingOnLinks, findingOnRefusals, findingsByLatency } from './findings';
import type { LimitOnSizes } from './limitOn';
import { whole } from './numbers';
import type { PaceResult } from './pace';
import type { Rows } from './tables';
import {
	bareEngineTable,
	barsTable,
	inMarkdown,
	limitOffTable,
	limitOnTable,
	manyRowsTable,
	paceTable,
} from './tables';
import type { Way } from './ways';

/** The versions and the machine. */
export interface Setting {
	readonly n8n: string;
	readonly n8nNode: string;
	readonly node: string;
	readonly packageVersion: string;
	readonly system: string;
	readonly date: string;
	readonly items: number;
	readonly repetitions: number;
	readonly limitOn: LimitOnSizes;
}

/** A part of the result: an introduction and its table. */
export interface Section {
	readonly title: string;
	readonly text: string;
	readonly table: Rows;
}

/** All parts, in the order of the page. */
export function sectionsOf(results: Results, setting: Setting): Section[] {
	const items = whole(setting.items);
	const { calls, latencyOfSizes } = setting.limitOn;
	const itemByItem = (way: Way) => way === 'itemByItemAt3';
	const byLatency = results.limitOn.filter(
		(one) => one.calls === (itemByItem(one.way) ? setting.limitOn.callsItemByItem : calls),
	);
	const bySize = results.limitOn.filter(
		({ way, calls: count, latencyMs }) =>
			latencyMs === latencyOfSizes &&
			(itemByItem(way) ? setting.limitOn.sizesItemByItem : setting.limitOn.sizes).includes(count),
	);
	return [
		paceSection(results.pace),
		{
			title: `With Gong's limit, by latency: ${whole(calls)} calls in n8n`,
			text: [
				`Gong's limit is 3 requests a second and 10,000 a day. Every way starts with one item per call, reads who was given access, and ends with one row for each user of each call (${USERS_PER_CALL} users a call). Each answer takes the time in the second column.`,
				'',
				`- **HTTP Request, item by item**: an HTTP Request node with Batching set to 3 items every 1,000 ms, then two Split Out nodes. With only ${whole(setting.limitOn.callsItemByItem)} calls.`,
				'- **HTTP Request, list cut by hand**: Aggregate makes one list of all items, Edit Fields cuts it into hundreds with an expression, Split Out makes an item of each hundred, HTTP Request sends it with Batching, and two Split Out nodes split the answers into rows. Once with Batching at 3 items every 1,000 ms, and once at 2 items every 1,050 ms.',
				"- **Gong Call Access, Input Field**: our node alone, with 'Calls From' set to 'Input Field' and 'Output Format' to 'One Item per User of Each Call'. Everything else has its default, and there is no batching.",
				'',
				"'Seconds with Gong' is the time from the first request to the last answer or refusal, 'Seconds in all' the time of the workflow. 'Rows with their item' are rows for which a following Edit Fields node reads the right call from `{{ $('Calls').item.json.id }}`, as needed to keep the other columns of a sheet. Where it says 'not read', that node was left out, and it is not part of 'Seconds in all'. In this run:",
				'',
				...findingsByLatency(byLatency),
				'',
				findingOnRefusals(results.limitOn),
			].join('\n'),
			table: limitOnTable(byLatency, 'latencyMs'),
		},
		{
			title: `With Gong's limit, by number of calls: ${whole(latencyOfSizes)} ms in n8n`,
			text: `The same ways and columns. ${findingOnLinks(results.limitOn)}`.trim(),
			table: limitOnTable(bySize, 'calls'),
		},
		{
			title: `What it costs the machine: ${items} items with a call each`,
			text: `Gong's limit is off here, Gong answers at once, and each way gives ${whole(setting.items * USERS_PER_CALL)} rows, except the No Operation node, which passes its items on. CPU time is that of the n8n process (\`n8n execute\`) with all its threads, including storing and printing the result. The helper process that n8n starts for Code nodes is not counted, since no way uses one. The CPU time of a workflow that only makes the items is subtracted, so the table shows what each way adds. Median of ${setting.repetitions} runs. 'Ratio' is relative to HTTP Request item by item. HTTP Request has no Batching here, and signs in with a Basic Auth credential. Our node keeps to 3 requests a second here too.`,
			table: limitOffTable(results.limitOff),
		},
		{
			title: "In n8n's engine alone",
			text: `The engine that runs nodes (n8n-core) without the rest of n8n. Our node is compared with nodes of the same kind that pass their items on and send nothing: one with our node's panel and one with a single parameter, which shows what n8n's work on the panel costs. Its Requests per Second is 100 here. Median of ${setting.repetitions} runs, after a warm-up.`,
			table: bareEngineTable(results.bareEngine),
		},
		{
			title: 'Many rows',
			text: "In n8n with Node's default heap, one row for each user of each call.",
			table: manyRowsTable(results.manyRows),
		},
		{
			title: 'Bars',
			text: 'The requirements for the node, and the measured values.',
			table: barsTable(judge(results)),
		},
	];
}

/** Our node beside the limit itself. */
export function paceSection(results: readonly PaceResult[]): Section {
	return {
		title: "How close our node comes to Gong's limit",
		text: "In n8n's engine (n8n-core) without the rest of n8n, each run in a new process. 'Input Field' gets one item per call; 'Period' gets one item and lists the calls of weekdays in office hours by itself. 'Limit's own seconds' are computed: the seconds until Gong takes the last of the requests that the task needs at least (one for each hundred calls, and for a period one more to list them), and the latency once. The bars below are for 'Times'.",
		table: paceTable(results),
	};
}

/** The page for `docs/`. */
export function pageOf(sections: readonly Section[], setting: Setting): string {
	const { n8n, n8nNode, node, packageVersion, system, date } = setting;
	const parts = sections.map(
		({ title, text, table }) => `## ${title}\n\n${text}\n\n${inMarkdown(table)}\n`,
	);
	return [
		'# Benchmarks',
		'',
		'How our node compares with workflows built from the HTTP Request node, in a real n8n against a local Gong on the same computer. This page and the chart were made by',
		'',
		'```sh',
		'npm run bench',
		'```',
		'',
		`on ${date} with version ${packageVersion} of the node, n8n ${n8n} on Node.js ${n8nNode} (the engine alone: Node.js ${node}), on ${system}. Seconds differ from machine to machine, and other programs on the machine change the CPU times too: compare only figures of the same run.`,
		'',
		'![Seconds against latency, and seconds against calls, a line for each way](benchmarks.svg)',
		'',
		parts.join('\n'),
	].join('\n');
}
