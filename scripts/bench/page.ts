import type { Results } from './bars';
import { judge } from './bars';
import { USERS_PER_CALL } from './lab';
import { whole } from './numbers';
import type { Rows } from './tables';
import {
	bareEngineTable,
	barsTable,
	inMarkdown,
	limitOffTable,
	limitOnTable,
	manyRowsTable,
} from './tables';

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
	return [
		{
			title: "With Gong's limit: 3 requests a second, 10,000 a day",
			text: [
				`Every way starts with one item per call, reads who was given access, and ends with one row for each user of each call (${USERS_PER_CALL} users a call).`,
				'',
				'- **HTTP Request, item by item**: an HTTP Request node with Batching set to 3 items every 1,000 ms, then two Split Out nodes. One refusal ends the workflow without any row.',
				'- **HTTP Request, list cut by hand**: Aggregate makes one list of all items, Edit Fields cuts it into hundreds with an expression, Split Out makes an item of each hundred, HTTP Request sends it (Batching as above), and two Split Out nodes split the answers into rows.',
				"- **Gong Call Access, Input Field**: our node alone, with 'Calls From' set to 'Input Field' and 'Output Format' to 'One Item per User of Each Call'. Everything else has its default, and there is no batching.",
				'',
				"'Rows with their item' are rows for which a following Edit Fields node reads the right call from `{{ $('Calls').item.json.id }}`, as needed to keep the other columns of a sheet. It was left out for 10,000 calls. 'Seconds with Gong' is the time from the first request to the last answer, 'Seconds in all' the time of the workflow with that Edit Fields node. From 1,200 calls on that node takes the largest part of the workflow's time, and more when the rows have lost the link to their items.",
			].join('\n'),
			table: limitOnTable(results.limitOn),
		},
		{
			title: `What it costs the machine: ${items} items with a call each`,
			text: `Gong's limit is off here, and each way gives ${whole(setting.items * USERS_PER_CALL)} rows, except the No Operation node, which passes its items on. CPU time is that of the n8n process (\`n8n execute\`) with all its threads, including storing and printing the result. The helper process that n8n starts for Code nodes is not counted, since no way uses one. The CPU time of a workflow that only makes the items is subtracted, so the table shows what each way adds. Median of ${setting.repetitions} runs. 'Ratio' is relative to HTTP Request item by item. HTTP Request signs in with a Basic Auth credential, which costs less than the Gong credential would. Our node keeps to 3 requests a second here too; waiting costs no CPU time.`,
			table: limitOffTable(results.limitOff),
		},
		{
			title: "In n8n's engine alone",
			text: `The engine that runs nodes (n8n-core) without the rest of n8n. Our node is compared with nodes of the same kind that pass their items on and send nothing: one with our node's panel, since n8n spends time on every parameter of the panel for every item, and one with a single parameter. Median of ${setting.repetitions} runs, after a warm-up.`,
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
		'![Requests and seconds against calls, a line for each way](benchmarks.svg)',
		'',
		parts.join('\n'),
	].join('\n');
}
