import { barsOf, memoryBoundsFor } from '../../test/harness/soak/bars';
import { CALLS_PER_READ, CALLS_PER_WRITE } from '../../test/harness/soak/company';
import type { Thirds } from '../../test/harness/soak/memory';
import type { SoakResult } from '../../test/harness/soak/soak';
import { fixed, whole } from '../bench/numbers';
import type { Section } from '../bench/page';
import { inMarkdown, type Rows } from '../bench/tables';

/** The versions and settings that the result does not contain. */
export interface Setting {
	readonly packageVersion: string;
	readonly system: string;
	readonly date: string;
}

/** All parts of the result, in the order of the page. */
export function sectionsOf(result: SoakResult): Section[] {
	return [
		{
			title: 'What was done',
			text: `Six workflows, each started by a Schedule Trigger every 3 to 7 seconds, so that several run at the same time. Each fetches its work, passes it to our node, and ends: Get Many by calls (On Error: stop), by users (continue), by people (error output) and of a period with its pages (continue); Grant (error output) and Revoke (continue). A request names ${CALLS_PER_READ} calls when reading and ${CALLS_PER_WRITE} when writing. More work is handed out as soon as less than eight seconds of work at Gong's limit are left. The rate stays below 3 requests a second for three reasons: while Gong asks to slow down, nothing is sent; after a fault the node waits before it retries; and it keeps its requests further apart than Gong's limit asks.`,
			table: workTable(result),
		},
		{
			title: 'Faults',
			text: "Distributed at random over all kinds of requests, always the same for a seed. A fault that passes is retried successfully. A fault that lasts for all four tries, or a refusal, must be reported: by an item with a message, an outcome and the affected calls, or by the failed execution where the node is set to stop. 'Though carried out' is a request that Gong carried out and whose answer was lost.",
			table: faultsTable(result),
		},
		{
			title: 'Memory of n8n',
			text: `Memory of n8n's main process, in MB, as the median of each third of the time. 'Live heap' is what is left of the JavaScript heap after a full garbage collection, measured now and then; a leak shows there first. In the first third n8n warms up, so the last third is compared with the second. All measured values of the live heap: ${result.memory.liveSeries.map(whole).join(', ')}.`,
			table: memoryTable(result),
		},
		{
			title: 'Bars',
			text: `The requirements for the node. The bound for the live heap is its usual variation from one collection to the next, which depends on the running executions; a leak exceeds it in time. ${leakWords(result)} The bound for the resident memory is wider, since Node gives memory back late and in large pieces.`,
			table: barsTable(result),
		},
	];
}

/** The page for `docs/`. */
export function pageOf(result: SoakResult, setting: Setting): string {
	const { minutes, seed, n8n, node } = result;
	const parts = sectionsOf(result).map(
		({ title, text, table }) => `## ${title}\n\n${text}\n\n${inMarkdown(table)}\n`,
	);
	return [
		'# Reliability',
		'',
		`How our node behaves when it is kept busy for ${minutes} minutes in a real n8n, while a local Gong on the same computer fails in every way that we could think of. Every execution is compared, item by item, with its expected result, and every change with the state of that Gong. This page was made by`,
		'',
		'```sh',
		`npm run soak -- --minutes ${minutes} --seed ${seed} --out docs`,
		'```',
		'',
		`on ${setting.date} with version ${setting.packageVersion} of the node, n8n ${n8n} on Node.js ${node}, on ${setting.system}. Without \`--out docs\` it prints the same and writes nothing; \`npm run test:all\` runs two minutes of it.`,
		'',
		parts.join('\n'),
	].join('\n');
}

function workTable(result: SoakResult): Rows {
	const { sums, perSecondByMinute } = result;
	const [least, most] = perSecondByMinute;
	const slowDowns = (name: 'status 429, Retry-After 1 s' | 'status 429, Retry-After 2 s') =>
		result.faults.get(name)?.met ?? 0;
	const held =
		slowDowns('status 429, Retry-After 1 s') + 2 * slowDowns('status 429, Retry-After 2 s');
	return {
		head: ['What', 'Figure'],
		textColumns: 1,
		rows: [
			['Requests to Gong', whole(result.requests)],
			['Requests a second, of 3 allowed', fixed(result.perSecond, 2)],
			['… in the quietest and the busiest minute', `${fixed(least, 2)} to ${fixed(most, 2)}`],
			['Seconds for which Gong had asked to slow down', whole(held)],
			['Requests refused because they came too fast', whole(sums.refusedForPace)],
			['Executions with work', whole(sums.executions)],
			['… that failed, as expected', whole(sums.failedExecutions)],
			['Input items', whole(sums.inputItems)],
			['Rows', whole(sums.rows)],
			['Error items', whole(sums.errorItems)],
			['Calls reported as "not known whether carried out"', whole(sums.unknown)],
			['… that were carried out', whole(sums.unknownDone)],
			['Database of n8n at the end, MB', whole(result.databaseMb)],
		],
	};
}

function faultsTable({ faults }: SoakResult): Rows {
	const all = [...faults].sort(([a], [b]) => a.localeCompare(b));
	const sum = (key: keyof (typeof all)[number][1]) =>
		all.reduce((total, [, count]) => total + count[key], 0);
	const keys = ['met', 'answered', 'reportedByItem', 'reportedByExecution', 'silent'] as const;
	return {
		head: [
			'Fault',
			'Met',
			'Answered in the end',
			'Reported by items',
			'Reported by a failed execution',
			'Silent',
		],
		textColumns: 1,
		rows: [
			...all.map(([name, count]) => [name, ...keys.map((key) => whole(count[key]))]),
			['All', ...keys.map((key) => whole(sum(key)))],
		],
	};
}

function memoryTable({ memory }: SoakResult): Rows {
	const row = (name: string, { warmUp, middle, last, growth }: Thirds, samples: number) => [
		name,
		...[warmUp, middle, last].map((mb) => fixed(mb)),
		fixed(growth),
		whole(samples),
	];
	return {
		head: ['Memory', 'First third', 'Second third', 'Last third', 'Growth', 'Samples'],
		textColumns: 1,
		rows: [
			row('Live heap', memory.live, memory.liveSeries.length),
			row('Resident', memory.rss, memory.samples),
		],
	};
}

function barsTable(result: SoakResult): Rows {
	return {
		head: ['Bar', 'Measured', 'Met'],
		textColumns: 3,
		rows: barsOf(result).map(({ bar, measured, met }) => [bar, measured, met ? 'yes' : '**no**']),
	};
}

/** The smallest leak that the bound would still detect. */
function leakWords({ requests, minutes }: SoakResult): string {
	// The middles of the second and the last third are a third of the run apart.
	const kb = (memoryBoundsFor(minutes).liveMb * 1_024) / (requests / 3);
	return `In a run of this length the bound detects a leak of ${fixed(kb)} kB a request.`;
}
