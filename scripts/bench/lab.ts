import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';

import {
	DEMO_ACCOUNT,
	type LocalGong,
	manyCalls,
	type RateLimit,
	startLocalGong,
} from '../../test/harness/gong';
import type { Execution } from '../../test/harness/n8n/execution';
import type { InstalledN8n } from '../../test/harness/n8n/install';
import { N8nInstance } from '../../test/harness/n8n/instance';
import { PACKAGE_NAME } from '../../test/harness/package/names';
import { credentialsFor, NODES, type Way, type WayOptions, withGongAt, workflowOf } from './ways';

/** Users of each call in the local Gong. */
export const USERS_PER_CALL = 4;

const METER = path.join(__dirname, 'meter.cjs');

/** A workflow that a lab can run. */
export interface Experiment extends WayOptions {
	readonly way: Way;
}

/** The result of one run of a workflow. */
export interface Measured {
	readonly status: string;
	/** n8n's message if it failed. */
	readonly message: string | undefined;
	readonly advice: string | undefined;
	readonly requests: number;
	readonly refusals: number;
	readonly maxInFlight: number;
	/** From the first request to the last answer. */
	readonly gongSeconds: number;
	readonly workflowSeconds: number;
	/** Rows of call and user in the final output. */
	readonly rows: number;
	/** How many of these rows gave their input item, and the right one. */
	readonly linkedRows: number | undefined;
	/** Whether they are in the order of the items. */
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
		const gong = await startLocalGong({ data: manyCalls(mostCalls, USERS_PER_CALL) });
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
					experiments.map((experiment) =>
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

	/** Runs one of its workflows once, in a new n8n process, with Gong's limit on or off. */
	async run(experiment: Experiment, limit: RateLimit | false): Promise<Measured> {
		this.gong.reset();
		this.gong.setLimit(limit);
		await rm(this.meterFile, { force: true });
		const execution = await this.n8n.execute(idOf(experiment));
		const usage = JSON.parse(await readFile(this.meterFile, 'utf8')) as Pick<
			Measured,
			'cpuSeconds' | 'peakMb'
		>;
		return { ...this.whatGongSaw(), ...whatCameOut(execution, experiment), ...usage };
	}

	/** Ends all started processes, and removes all created files. */
	async close(): Promise<void> {
		await this.n8n.dispose();
		await this.gong.close();
		await rm(this.meterFile, { force: true });
	}

	private whatGongSaw() {
		const { log } = this.gong;
		const ends = log.map(({ at, endedAt }) => endedAt ?? at);
		const span = log.length === 0 ? 0 : lastOf(ends) - log[0].at;
		return {
			requests: log.length,
			refusals: log.filter(({ status }) => status === 429).length,
			maxInFlight: this.gong.maxInFlight(),
			gongSeconds: span / 1_000,
		};
	}
}

function lastOf(times: readonly number[]): number {
	return times.reduce((last, time) => Math.max(last, time), 0);
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
	const seen = [...new Set(accessRows.map(({ callId }) => callId))];
	return {
		status,
		message: error?.message,
		advice: error?.description ?? undefined,
		workflowSeconds: (Date.parse(stoppedAt ?? '') - Date.parse(startedAt ?? '')) / 1_000,
		rows: accessRows.length,
		linkedRows: readsItem
			? rows.filter(({ callId, askedFor }) => callId !== undefined && callId === askedFor).length
			: undefined,
		inOrder: seen.every((callId, place) => callId === asked[place]),
	};
}
