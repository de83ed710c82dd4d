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

/** What was measured with what. */
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

/** A part of the result: what it is about, in words, and its table. */
export interface Section {
	readonly title: string;
	readonly text: string;
	readonly table: Rows;
}

/** All parts, in the order in which they are shown. */
export function sectionsOf(results: Results, setting: Setting): Section[] {
	const items = whole(setting.items);
	return [
		{
			title: "With Gong's limit: 3 requests a second, 10,000 a day",
			text: [
				`Every way starts with one item per call, asks who has access, and ends in one row for each user of each call (${USERS_PER_CALL} users a call).`,
				'',
				'- **HTTP Request, item by item**: an HTTP Request node with Batching set to 3 items every 1,000 ms, then two Split Out nodes. One refusal ends the workflow, and then no row comes out at all.',
				'- **HTTP Request, list cut by hand**: Aggregate makes one list of all items, Edit Fields cuts it into hundreds by an expression, Split Out makes an item of each hundred, HTTP Request asks for it (Batching as above), and two Split Out nodes take the answers apart.',
				"- **Gong Call Access, Input Field**: our node alone, 'Calls From' set to 'Input Field', 'Split Into' to 'One Item per User of Each Call'; nothing else is set, no batching either.",
				'',
				"'Rows with their item' are rows for which an Edit Fields node behind reads the right call from `{{ $('Calls').item.json.id }}`. That is how one takes the other columns of a sheet along. For 10,000 calls it was left out. 'Seconds with Gong' is from the first request to the last answer, 'Seconds in all' is the workflow with that Edit Fields node. Of these, that node alone takes the most from 1,200 calls on, and more still where each row ends in a link that cannot be followed.",
			].join('\n'),
			table: limitOnTable(results.limitOn),
		},
		{
			title: `What it costs the machine: ${items} items with a call each`,
			text: `Gong's limit is off here, and each way gives ${whole(setting.items * USERS_PER_CALL)} rows, except the No Operation node, which hands its items on. CPU time is of the n8n process (\`n8n execute\`) with all its threads, and includes keeping and printing the result; the helper process that n8n starts for Code nodes is not counted, since no way has one; that of a workflow which only makes the items is taken off, so what stands here is what the way adds. Median of ${setting.repetitions} runs. 'Ratio' is to HTTP Request item by item. HTTP Request signs in with a Basic Auth credential, which costs less than the Gong credential would. Our node keeps its pace of 3 requests a second here too, waiting costs no CPU time.`,
			table: limitOffTable(results.limitOff),
		},
		{
			title: "In n8n's engine alone",
			text: `The engine that runs nodes (n8n-core) without the n8n around it, beside nodes of the same kind that hand their items on and send nothing: one with the very panel of our node, since n8n spends time on every parameter of the panel for every item, and one with a single parameter. Median of ${setting.repetitions} runs, after a warm-up.`,
			table: bareEngineTable(results.bareEngine),
		},
		{
			title: 'Many rows',
			text: 'In n8n, with the heap that Node takes by itself, one row for each user of each call.',
			table: manyRowsTable(results.manyRows),
		},
		{
			title: 'Bars',
			text: 'What the node is held to, and what was measured above.',
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
		'How our node compares with what one would build from the HTTP Request node, in a real n8n against a stand-in for Gong on the same computer. This page and the chart were made by',
		'',
		'```sh',
		'npm run bench',
		'```',
		'',
		`on ${date} with version ${packageVersion} of the node, n8n ${n8n} on Node.js ${n8nNode} (the engine alone: Node.js ${node}), on ${system}. Seconds differ from machine to machine, and where other programs run beside it the CPU times move too: compare figures of one run only.`,
		'',
		'![Requests and seconds against calls, a line for each way](benchmarks.svg)',
		'',
		parts.join('\n'),
	].join('\n');
}
