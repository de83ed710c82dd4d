import { setTimeout as sleep } from 'node:timers/promises';
import { stat } from 'node:fs/promises';
import path from 'node:path';

import { GONG_LIMIT, type LocalGong, startLocalGong } from '../gong';
import { type InstalledN8n, installN8n } from '../n8n/install';
import { N8nInstance } from '../n8n/instance';
import { storeForLocalGong } from '../n8n/gongCredential';
import { OWNER, type N8nRest } from '../n8n/rest';
import { N8N_VERSIONS } from '../n8n/versions';
import { PACKAGE_NAME } from '../package/names';
import { packProject } from '../package/pack';
import type { Say } from '../system/progress';
import { makeCompany, PAGE_SIZE } from './company';
import { Desk, type FaultCount, type Sums } from './desk';
import type { FaultName } from './faultPlan';
import { lastSample, type Memory, readMemory } from './memory';
import { type Kind, KINDS } from './work';
import { workflowFor } from './workflows';

const SAMPLER = path.join(__dirname, 'sampler.cjs');
const MINUTE = 60_000;
const ENDED = ['success', 'error', 'crashed', 'canceled'];
const READ_BACK_EVERY_MS = 500;
const DRAIN_MS = 3 * MINUTE;
const MOST_LOGGED = 1_000;
/** At most, in a whole run; enough for a median of each third. */
const LIVE_SAMPLES = 36;
/** A full garbage collection stops n8n for about half a second. */
const MOST_OFTEN_LIVE_MS = 10_000;
const SAMPLES_PER_LIVE = 10;

export interface SoakOptions {
	readonly minutes: number;
	/** For the faults and the work; default 1. */
	readonly seed?: number;
	/** Called with the progress, every minute. */
	readonly say?: Say;
}

/** The result of a soak. */
export interface SoakResult {
	readonly minutes: number;
	readonly seed: number;
	readonly n8n: InstalledN8n['version'];
	/** The Node that n8n ran with. */
	readonly node: string;
	readonly requests: number;
	readonly perSecond: number;
	/** The fewest and the most requests in one minute. */
	readonly perSecondByMinute: readonly [least: number, most: number];
	/** The number of pieces of each kind of work. */
	readonly kindsDone: readonly Kind[];
	readonly sums: Readonly<Sums>;
	readonly faults: ReadonlyMap<FaultName, Readonly<FaultCount>>;
	readonly memory: Memory;
	/** The size of n8n's database on the disk at the end. */
	readonly databaseMb: number;
	/** All differences from what was expected, in words. */
	readonly violations: readonly string[];
}

/**
 * A real n8n whose workflows start by themselves every few seconds and keep the local Gong's limit busy, while
 * requests meet faults. Every execution is compared with its expected result.
 */
export async function soak({
	minutes,
	seed = 1,
	say = () => {},
}: SoakOptions): Promise<SoakResult> {
	const undo: (() => Promise<void>)[] = [];
	try {
		const installed = await installN8n();
		const company = makeCompany();
		const gong: LocalGong = await startLocalGong({
			data: company.data,
			pageSize: PAGE_SIZE,
			// At this rate the daily limit would be used up within an hour.
			limit: { ...GONG_LIMIT, perDay: Infinity },
			onRequestEnd: (entry) => {
				desk.note(entry);
				if (gong.log.length > MOST_LOGGED) gong.log.length = 0;
			},
		});
		undo.push(async () => await gong.close());
		const desk = await Desk.atWork(gong, company, seed);
		undo.push(async () => await desk.close());
		const { n8n, rest, samples } = await startSampled(installed, minutes * MINUTE, undo);

		say(`n8n ${installed.version} is running; its ${KINDS.length} workflows begin …`);
		const from = Date.now();
		for (const kind of KINDS) {
			await rest.publish(await storeForLocalGong(rest, gong, workflowFor(kind, desk.url)));
		}
		const to = from + minutes * MINUTE;
		let toldAt = from;
		while (Date.now() < to) {
			await readBack(rest, desk);
			await sleep(READ_BACK_EVERY_MS);
			if (Date.now() - toldAt < MINUTE) continue;
			toldAt += MINUTE;
			say(standing(desk, from, samples));
		}
		desk.stop();
		const end = Date.now();
		const memory = readMemory(samples, from, end);
		while (desk.underWay > 0 && Date.now() < end + DRAIN_MS) {
			await readBack(rest, desk);
			await sleep(READ_BACK_EVERY_MS);
		}
		desk.compareTheEnd();
		return {
			minutes,
			seed,
			n8n: installed.version,
			node: N8N_VERSIONS[installed.version].node,
			...pace(desk.requestTimes, end),
			kindsDone: [...desk.kindsDone],
			sums: desk.sums,
			faults: desk.faults,
			memory,
			databaseMb: await databaseMb(n8n.folder),
			violations: desk.violations,
		};
	} finally {
		for (const action of undo.reverse()) await action();
	}
}

/** A private n8n with the packed package, whose memory is sampled while it runs. */
async function startSampled(
	installed: InstalledN8n,
	runMs: number,
	undo: (() => Promise<void>)[],
): Promise<{ n8n: N8nInstance; rest: N8nRest; samples: string }> {
	const everyMs = Math.max(MOST_OFTEN_LIVE_MS, runMs / LIVE_SAMPLES) / SAMPLES_PER_LIVE;
	const env: Record<string, string> = {
		SOAK_N8N_BIN: installed.bin,
		SOAK_EVERY_MS: String(Math.round(everyMs)),
		SOAK_SAMPLES_PER_LIVE: String(SAMPLES_PER_LIVE),
	};
	// n8n is started through the sampler, in n8n's own folder.
	const samplesName = 'memory.jsonl';
	const n8n = await N8nInstance.create(
		{ ...installed, bin: SAMPLER },
		{ ...env, SOAK_SAMPLES: samplesName },
	);
	undo.push(async () => await n8n.dispose());
	await n8n.installPackage(await packProject(n8n.folder), PACKAGE_NAME);
	const rest = await n8n.start();
	await rest.setupOwner(OWNER);
	return { n8n, rest, samples: path.join(n8n.folder, samplesName) };
}

/** Compares the finished executions, and deletes them, so that the database does not keep growing. */
async function readBack(rest: N8nRest, desk: Desk): Promise<void> {
	const ended = await rest.executions({ status: ENDED });
	for (const { id, status } of ended) {
		if (desk.has(id)) {
			desk.take(id, await rest.execution(id));
		} else if (status !== 'success') {
			desk.violations.push(`Execution ${id} had nothing to do, and ended as "${status}"`);
		}
	}
	if (ended.length > 0) await rest.deleteExecutions(ended.map(({ id }) => id));
}

function pace(times: readonly number[], end: number) {
	const own = times.filter((at) => at <= end).sort((a, b) => a - b);
	const [first = end] = own;
	const whole = Math.max(1, Math.floor((end - first) / MINUTE));
	const minutes = Array.from({ length: whole }, (_, nth) => {
		const from = first + nth * MINUTE;
		return own.filter((at) => at >= from && at < from + MINUTE).length / 60;
	});
	return {
		requests: own.length,
		perSecond: own.length / ((end - first) / 1_000),
		perSecondByMinute: [Math.min(...minutes), Math.max(...minutes)] as const,
	};
}

function standing({ requestTimes, sums, violations }: Desk, from: number, samples: string): string {
	const minutes = Math.round((Date.now() - from) / MINUTE);
	const lately = requestTimes.filter((at) => at > Date.now() - MINUTE).length / 60;
	const memory = lastSample(samples);
	const mb = (value: number | undefined) => (value === undefined ? '?' : Math.round(value));
	return [
		`${String(minutes).padStart(4)} min: ${requestTimes.length} requests, ${lately.toFixed(2)} a second`,
		`${sums.executions} executions, ${sums.rows} rows, ${sums.errorItems} error items`,
		`memory ${mb(memory?.rss)} MB, live heap ${mb(memory?.live)} MB`,
		`${violations.length} violations`,
	].join('; ');
}

async function databaseMb(folder: string): Promise<number> {
	const files = ['database.sqlite', 'database.sqlite-wal'];
	const sizes = files.map(async (name) => {
		const file = path.join(folder, '.n8n', name);
		return await stat(file).then(
			({ size }) => size,
			() => 0,
		);
	});
	return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) / 1024 / 1024;
}
