import type { LimitOnResult } from './limitOn';
import { fixed, whole } from './numbers';
import { WAY_NAMES } from './ways';

/** Sentences that say no more than the figures do: our node beside the lists cut by hand, at each latency. */
export function findingsByLatency(results: readonly LimitOnResult[]): string[] {
	const latencies = [...new Set(results.map(({ latencyMs }) => latencyMs))].sort((a, b) => a - b);
	return latencies.flatMap((latencyMs) => {
		const there = results.filter((one) => one.latencyMs === latencyMs);
		const ours = there.find(({ way }) => way === 'field');
		if (ours?.status !== 'success') return [];
		const others = there.filter(
			({ way, calls }) => calls === ours.calls && ['handCutAt3', 'handCutAt2'].includes(way),
		);
		return others.map((other) => {
			const name = WAY_NAMES[other.way].replace('HTTP Request, list', 'the list');
			const start = `- At ${whole(latencyMs)} ms our node took ${fixed(ours.gongSeconds)} s`;
			if (other.status !== 'success') {
				const ended = other.refusals > 0 ? 'was refused' : 'failed';
				return `${start}, and ${name}, ${ended} after ${fixed(other.gongSeconds)} s and gave no rows.`;
			}
			const share = ours.gongSeconds / other.gongSeconds;
			return `${start}, and ${name}, ${fixed(other.gongSeconds)} s: ${fixed(share, 2)} times as long.`;
		});
	});
}

/** A sentence on the runs that Gong refused requests of. */
export function findingOnRefusals(results: readonly LimitOnResult[]): string {
	const http = results.filter(({ way }) => way !== 'field');
	const ours = results.filter(({ way }) => way === 'field');
	const refused = (runs: readonly LimitOnResult[]) => runs.filter(({ refusals }) => refusals > 0);
	const rowless = (runs: readonly LimitOnResult[]) =>
		refused(runs).filter(({ status }) => status !== 'success').length;
	const said = (name: string, runs: readonly LimitOnResult[]) =>
		`Gong refused requests in ${refused(runs).length} of the ${runs.length} runs of ${name}, and ${rowless(runs)} of these ended without rows.`;
	return `${said('HTTP Request', http)} ${said('our node', ours)}`;
}

/** A sentence on the rows that kept the link to their item. */
export function findingOnLinks(results: readonly LimitOnResult[]): string {
	const read = results.filter(({ rows, linkedRows }) => rows > 0 && linkedRows !== undefined);
	const ways = [...new Set(read.map(({ way }) => way))];
	const said = ways.map((way) => {
		const runs = read.filter((one) => one.way === way);
		const rows = runs.reduce((sum, one) => sum + one.rows, 0);
		const linked = runs.reduce((sum, { linkedRows = 0 }) => sum + linkedRows, 0);
		return `${WAY_NAMES[way]}: ${whole(linked)} of ${whole(rows)}`;
	});
	return said.length === 0 ? '' : `Over all runs they are, for ${said.join('; ')}.`;
}
