import { barsOf, memoryBoundsFor } from '../../test/harness/soak/bars';
import { CALLS_PER_READ, CALLS_PER_WRITE } from '../../test/harness/soak/company';
import type { Thirds } from '../../test/harness/soak/memory';
import type { SoakResult } from '../../test/harness/soak/soak';
import { fixed, whole } from '../bench/numbers';
import type { Section } from '../bench/page';
import { inMarkdown, type Rows } from '../bench/tables';

/** What was run with what, besides what the result says. */
export interface Setting {
	readonly packageVersion: string;
	readonly system: string;
	readonly date: string;
}

/** All parts of the result, in the order in which they are shown. */
export function sectionsOf(result: SoakResult): Section[] {
	return [
		{
			title: 'What was done',
			text: `Six workflows, each started by a Schedule Trigger every 3 to 7 seconds, so that several run at the same time. Each fetches what there is to do, hands it to our node, and ends: Get Many by calls (On Error: stop), by users (continue), by people (error output) and of a period with its pages (continue); Grant (error output) and Revoke (continue). A request names ${CALLS_PER_READ} calls when reading and ${CALLS_PER_WRITE} when writing. More is handed out as soon as less than eight seconds of work at Gong's limit are left. Fewer than 3 requests a second come of it: while Gong asks to slow down nobody sends, after a fault the node waits before it asks again, and it counts a request's second from its answer, which comes the later the slower Gong and the busier the computer.`,
			table: workTable(result),
		},
		{
			title: 'Faults',
			text: "Strewn in at random, the same ones for the same seed, over all kinds of requests. One that passes is made good by asking again. One that lasts for all four tries, and a no, must be told: by an item with words, outcome and the calls concerned, or by the failed execution where the node is set to stop. 'Though carried out' is a request that Gong did and whose answer was lost.",
			table: faultsTable(result),
		},
		{
			title: 'Memory of n8n',
			text: `Of n8n's main process, in MB, as the median of each third of the time. 'Live heap' is what is left of the JavaScript heap once all garbage has been collected, measured now and then; a leak shows there first. The first third is n8n warming up. What counts is the last third against the second. The live heap, each time that it was measured: ${result.memory.liveSeries.map(whole).join(', ')}.`,
			table: memoryTable(result),
		},
		{
			title: 'Bars',
			text: `What the node is held to. The bound for the live heap is what differs anyway from one collection to the next, by the executions that are under way; a leak does not stop at it. ${leakWords(result)} The resident memory has a wider one, since Node gives memory back late and in large pieces.`,
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
		`How our node does when it is kept busy for ${minutes} minutes in a real n8n, while a stand-in for Gong on the same computer fails in every way that we could think of. Every execution is compared, item by item, with what it was to give, and every change with what that Gong then holds. This page was made by`,
		'',
		'```sh',
		`npm run soak -- --minutes ${minutes} --seed ${seed} --out docs`,
		'```',
		'',
		`on ${setting.date} with version ${setting.packageVersion} of the node, n8n ${n8n} on Node.js ${node}, on ${setting.system}. Without \`--out docs\` it shows the same on the screen and writes nothing; \`npm test\` runs two minutes of it.`,
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
			['… in the least and the most busy minute', `${fixed(least, 2)} to ${fixed(most, 2)}`],
			['Seconds for which Gong had asked to slow down', whole(held)],
			['Requests refused because they came too fast', whole(sums.refusedForPace)],
			['Executions with work', whole(sums.executions)],
			['… of which failed, as they must', whole(sums.failedExecutions)],
			['Input items', whole(sums.inputItems)],
			['Rows', whole(sums.rows)],
			['Error items', whole(sums.errorItems)],
			['Calls told as "not known whether carried out"', whole(sums.unknown)],
			['… of which had been', whole(sums.unknownDone)],
			['Database of n8n in the end, MB', whole(result.databaseMb)],
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
			'Told by items',
			'Told by a failed execution',
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

/** How small a leak the bound would still find. */
function leakWords({ requests, minutes }: SoakResult): string {
	// Between the middles of the second and the last third lies a third of the run.
	const kb = (memoryBoundsFor(minutes).liveMb * 1_024) / (requests / 3);
	return `In a run of this length it would find one of ${fixed(kb)} kB a request.`;
}
