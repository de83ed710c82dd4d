import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';

import {
	DEMO_ACCOUNT,
	type LocalGong,
	type RateLimit,
	startLocalGong,
} from '../../test/harness/gong';
import type { Execution } from '../../test/harness/n8n/execution';
import type { InstalledN8n } from '../../test/harness/n8n/install';
import { N8nInstance } from '../../test/harness/n8n/instance';
import { PACKAGE_NAME } from '../../test/harness/package/names';
import { companyOf } from './company';
import { type GongSide, gongSideOf } from './gongSide';
import { isInOrder } from './order';
import { credentialsFor, NODES, type Way, type WayOptions, withGongAt, workflowOf } from './ways';

const METER = path.join(__dirname, 'meter.cjs');

/** A workflow that a lab can run. */
export interface Experiment extends WayOptions {
	readonly way: Way;
}

/** How Gong is during a run. */
export interface GongSetting {
	readonly limit: RateLimit | false;
	readonly latencyMs: number;
}

/** The limit off and no latency, where only the computer's own work counts. */
export const GONG_AT_ONCE: GongSetting = { limit: false, latencyMs: 0 };

/** The result of one run of a workflow. */
export interface Measured extends GongSide {
	readonly status: string;
	/** n8n's message if it failed. */
	readonly message: string | undefined;
	readonly advice: string | undefined;
	readonly workflowSeconds: number;
	/** Rows of call and user in the final output. */
	readonly rows: number;
	/** How many of these rows gave their input item, and the right one. */
	readonly linkedRows: number | undefined;
	/** Whether every call that was asked for is there, in the order of the items. */
	readonly inOrder: boolean;
	/** Of the whole n8n process, including its start. */
	readonly cpuSeconds: number;
	readonly peakMb: number;
}

/** A real n8n with our node, and a local Gong of its own. */
export class Lab {
	private constructor(
		private readonly gong: LocalGong,
		private readonly n8n: N8nInstance,
		private readonly meterFile: string,
	) {}

	/** Sets one up with these workflows. */
	static async open(
		installed: InstalledN8n,
		tarball: string,
		experiments: readonly Experiment[],
	): Promise<Lab> {
		const mostCalls = Math.max(...experiments.map(({ calls }) => calls));
		const gong = await startLocalGong({ data: companyOf(mostCalls) });
		try {
			const meterFile = `${tarball}.${new URL(gong.url).port}.json`;
			// n8n is started through the meter, which stands in for its program file.
			const n8n = await N8nInstance.create(
				{ ...installed, bin: METER },
				{ BENCH_N8N_BIN: installed.bin, BENCH_METER_FILE: meterFile },
			);
			const lab = new Lab(gong, n8n, meterFile);
			try {
				await n8n.installPackage(tarball, PACKAGE_NAME);
				await n8n.importCredentials(credentialsFor(gong.url, DEMO_ACCOUNT));
				await n8n.importWorkflows(
					distinct(experiments).map((experiment) =>
						withGongAt(workflowOf(idOf(experiment), experiment.way, experiment), gong.url),
					),
				);
				return lab;
			} catch (error) {
				await n8n.dispose();
				throw error;
			}
		} catch (error) {
			await gong.close();
			throw error;
		}
	}

	/** Runs one of its workflows once, in a new n8n process. */
	async run(experiment: Experiment, { limit, latencyMs }: GongSetting): Promise<Measured> {
		this.gong.reset();
		this.gong.setLimit(limit);
		this.gong.setLatency(latencyMs);
		await rm(this.meterFile, { force: true });
		const execution = await this.n8n.execute(idOf(experiment));
		const usage = JSON.parse(await readFile(this.meterFile, 'utf8')) as Pick<
			Measured,
			'cpuSeconds' | 'peakMb'
		>;
		return { ...gongSideOf(this.gong), ...whatCameOut(execution, experiment), ...usage };
	}

	/** Ends all started processes, and removes all created files. */
	async close(): Promise<void> {
		await this.n8n.dispose();
		await this.gong.close();
		await rm(this.meterFile, { force: true });
	}
}

/** Each workflow once, even if it runs in several settings. */
function distinct(experiments: readonly Experiment[]): Experiment[] {
	return [...new Map(experiments.map((experiment) => [idOf(experiment), experiment])).values()];
}

function idOf({ way, calls, oneItem, readsItem }: Experiment): string {
	return [way, calls, oneItem ? 'oneItem' : '', readsItem ? 'reads' : ''].join('');
}

function whatCameOut(execution: Execution, { readsItem, way }: Experiment) {
	const { status, error, record } = execution;
	const { startedAt, stoppedAt } = record as { startedAt?: string; stoppedAt?: string };
	const rows =
		status === 'success' && way !== 'itemsOnly'
			? execution.rows(readsItem ? NODES.read : NODES.access)
			: [];
	const accessRows = rows.length > 0 ? execution.rows(NODES.access) : [];
	const asked = rows.length > 0 ? execution.rows(NODES.calls).flatMap(({ id }) => id) : [];
	return {
		status,
		message: error?.message,
		advice: error?.description ?? undefined,
		workflowSeconds: (Date.parse(stoppedAt ?? '') - Date.parse(startedAt ?? '')) / 1_000,
		rows: accessRows.length,
		linkedRows: readsItem
			? rows.filter(({ callId, askedFor }) => callId !== undefined && callId === askedFor).length
			: undefined,
		inOrder: isInOrder(accessRows, asked),
	};
}
