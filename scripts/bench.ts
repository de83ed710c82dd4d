/**
 * `npm run bench`: compares the node with workflows built from HTTP Request, in a real n8n against the local
 * Gong. Prints tables, and writes docs/benchmarks.md and docs/benchmarks.svg. `--quick` is short, with fewer
 * calls, and writes nothing. `--pace` measures our node beside Gong's limit, in n8n's engine alone, and writes
 * nothing; with `--quick` too it takes seconds. `--pauses` measures for how long our node holds n8n up with much
 * input, and writes nothing; `--pauses=Replace` only what is named so.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { arch, platform, tmpdir } from 'node:os';
import path from 'node:path';

import { installN8n } from '../test/harness/n8n/install';
import { N8N_VERSIONS } from '../test/harness/n8n/versions';
import { packProject } from '../test/harness/package/pack';
import { PROJECT } from '../test/harness/package/project';
import { Progress } from '../test/harness/system/progress';
import { runBareEngine } from './bench/bareEngine';
import { judge, judgePace, type Results } from './bench/bars';
import { drawChart } from './bench/chart';
import { type Experiment, Lab } from './bench/lab';
import { limitOffExperiments, runLimitOff } from './bench/limitOff';
import { limitOnRuns, runLimitOn } from './bench/limitOn';
import { manyRowsExperiments, runManyRows } from './bench/manyRows';
import { pageOf, paceSection, sectionsOf, type Setting } from './bench/page';
import { type PaceSizes, runPace } from './bench/pace';
import { judgePauses, pausesTable, runPauses } from './bench/pauses';
import { barsTable, onScreen } from './bench/tables';
import { runBars } from './lib/runBars';

const DOCS = path.join(PROJECT, 'docs');

const FULL = {
	pace: {
		calls: 3_000,
		latencies: { field: [0, 300, 600, 1_000, 2_000], period: [0, 300, 600, 1_000] },
	},
	limitOn: {
		latencies: [0, 300, 600, 1_000],
		calls: 3_000,
		callsItemByItem: 30,
		latencyOfSizes: 600,
		sizes: [100, 300, 1_200, 3_000, 10_000],
		sizesItemByItem: [100, 300],
	},
	items: 5_000,
	repetitions: 3,
	fewIds: 2_000,
	callsOfManyRows: 25_000,
};
const QUICK: typeof FULL = {
	pace: { calls: 600, latencies: { field: [0, 600], period: [600] } },
	limitOn: {
		latencies: [600],
		calls: 600,
		callsItemByItem: 9,
		latencyOfSizes: 600,
		sizes: [600],
		sizesItemByItem: [9],
	},
	items: 500,
	repetitions: 1,
	fewIds: 1_000,
	callsOfManyRows: 2_500,
};

const say = (line = '') => console.log(line);

async function main(): Promise<boolean> {
	const args = process.argv.slice(2);
	const quick = args.includes('--quick');
	const sizes = quick ? QUICK : FULL;
	const folder = mkdtempSync(path.join(tmpdir(), 'gong-call-access-bench-'));
	process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
	const pauses = args.find((arg) => /^--pauses(=|$)/.test(arg));
	if (pauses) return await measurePauses(quick ? 0.1 : 1, pauses.split('=')[1], folder);
	if (args.includes('--pace')) return await measurePace(sizes.pace, folder);
	const installed = await installN8n();
	const tarball = await packProject(folder);
	say(quick ? 'A short run, about 2 minutes …' : 'This takes about 25 minutes …');

	const results = await measure(sizes, { installed, tarball, folder });
	const setting: Setting = {
		n8n: installed.version,
		n8nNode: N8N_VERSIONS[installed.version].node,
		node: process.versions.node,
		packageVersion: packageVersion(),
		system: `${platform()} ${arch()}`,
		date: new Date().toISOString().slice(0, 10),
		items: sizes.items,
		repetitions: sizes.repetitions,
		limitOn: sizes.limitOn,
	};
	const sections = sectionsOf(results, setting);
	for (const { title, table } of sections) say(`\n${title}\n${onScreen(table)}`);
	if (quick) {
		say('\nA short run: its figures are rough, and docs/ is left unchanged.');
		return true;
	}
	writeFileSync(path.join(DOCS, 'benchmarks.md'), pageOf(sections, setting));
	writeFileSync(path.join(DOCS, 'benchmarks.svg'), drawChart(results.limitOn, sizes.limitOn));
	say('\nWritten to docs/benchmarks.md and docs/benchmarks.svg.');
	return judge(results).every(({ met }) => met);
}

interface Tools {
	readonly installed: Awaited<ReturnType<typeof installN8n>>;
	readonly tarball: string;
	readonly folder: string;
}

async function measurePace(sizes: PaceSizes, folder: string): Promise<boolean> {
	const results = await runPace(sizes, folder, say);
	const bars = judgePace(results);
	const { title, table } = paceSection(results);
	say(`\n${title}\n${onScreen(table)}`);
	say(onScreen(barsTable(bars)));
	return bars.every(({ met }) => met);
}

async function measurePauses(
	factor: number,
	only: string | undefined,
	folder: string,
): Promise<boolean> {
	const results = await runPauses(factor, folder, say, only);
	say(`\n${onScreen(pausesTable(results))}`);
	say(onScreen(barsTable(judgePauses(results))));
	return judgePauses(results).every(({ met }) => met);
}

async function measure(sizes: typeof FULL, tools: Tools): Promise<Results> {
	const progress = new Progress(say);
	const part = (line: string) => {
		say(line);
		progress.step(line);
	};
	const runs = limitOnRuns(sizes.limitOn);
	const costs = limitOffExperiments(sizes.items);
	const many = manyRowsExperiments(sizes.callsOfManyRows);
	try {
		// One after the other, since each would slow the others down.
		part("Beside Gong's limit, in n8n's engine alone …");
		const pace = await runPace(sizes.pace, tools.folder, say);
		part('CPU time in the engine alone …');
		const bareEngine = await runBareEngine(sizes, tools.folder, say);
		part('Setting up n8n …');
		const experiments = [...runs.map(({ experiment }) => experiment), ...costs, ...many];
		return await withLab(tools, experiments, async (lab) => {
			part("With Gong's limit, in n8n …");
			const limitOn = await runLimitOn(lab, runs, say);
			part('CPU time and memory …');
			const limitOff = await runLimitOff(lab, costs, sizes.repetitions, say);
			part('Many rows …');
			const manyRows = await runManyRows(lab, many, say);
			return { pace, limitOn, limitOff, bareEngine, manyRows };
		});
	} finally {
		progress.stop();
	}
}

async function withLab<T>(
	{ installed, tarball }: Tools,
	experiments: readonly Experiment[],
	work: (lab: Lab) => Promise<T>,
): Promise<T> {
	const lab = await Lab.open(installed, tarball, experiments);
	try {
		return await work(lab);
	} finally {
		await lab.close();
	}
}

function packageVersion(): string {
	const text = readFileSync(path.join(PROJECT, 'package.json'), 'utf8');
	return (JSON.parse(text) as { version: string }).version;
}

runBars(main);
