import type { LimitOnResult } from './limitOn';
import { fixed, whole } from './numbers';
import { WAY_NAMES } from './ways';

/** For each latency a sentence that sets our node beside the lists cut by hand. */
export function findingsByLatency(results: readonly LimitOnResult[]): string[] {
	const latencies = [...new Set(results.map(({ latencyMs }) => latencyMs))].sort((a, b) => a - b);
	return latencies.flatMap((latencyMs) => {
		const there = results.filter((one) => one.latencyMs === latencyMs);
		const ours = there.find(({ way }) => way === 'field');
		if (ours?.status !== 'success') return [];
		const others = (['handCutAt3', 'handCutAt2'] as const)
			.flatMap((wanted) => there.filter(({ way }) => way === wanted))
			.map((other) => besideOther(ours, other));
		return `- At ${whole(latencyMs)} ms our node took ${fixed(ours.gongSeconds)} s. ${others.join(' ')}`;
	});
}

function besideOther(ours: LimitOnResult, other: LimitOnResult): string {
	const name = WAY_NAMES[other.way].replace('HTTP Request, list', 'The list');
	const seconds = `${fixed(other.gongSeconds)} s`;
	if (other.status !== 'success') {
		const ended = other.refusals > 0 ? 'was refused' : 'failed';
		return `${name}, ${ended} after ${seconds} and gave no rows.`;
	}
	const times = fixed(other.gongSeconds / ours.gongSeconds, 2);
	return `${name}, took ${seconds}, ${times} times as long.`;
}

/** How many runs Gong refused requests of, and what became of them. */
export function findingOnRefusals(results: readonly LimitOnResult[]): string {
	const said = (name: string, runs: readonly LimitOnResult[]) => {
		const refused = runs.filter(({ refusals }) => refusals > 0);
		const failed = refused.filter(({ status }) => status !== 'success');
		return refused.length === 0
			? `Runs of ${name} with a refused request: none of ${runs.length}.`
			: `Runs of ${name} with a refused request: ${refused.length} of ${runs.length}; without rows in the end: ${failed.length}.`;
	};
	const ours = results.filter(({ way }) => way === 'field');
	const http = results.filter(({ way }) => way !== 'field');
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
	return said.length === 0
		? ''
		: `Rows with their item in all runs that read it: ${said.join('; ')}.`;
}
