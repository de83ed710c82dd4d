import { GONG_LIMIT, startLocalGong } from '../../test/harness/gong';
import { companyOf, periodOf, USERS_PER_CALL } from './company';
import { runApart } from './engineProcess';
import { CALLS_PER_REQUEST, type GongSide, gongSideOf, limitSeconds } from './gongSide';
import { isInOrder } from './order';

/** What our node is asked for: calls by an input field, or all calls of a period. */
export type PaceTask = 'field' | 'period';

/** One run of our node in n8n's engine alone, in a new process, under Gong's limit. */
export interface PaceResult extends GongSide {
	readonly task: PaceTask;
	readonly calls: number;
	readonly latencyMs: number;
	/** Requests that it takes at least. */
	readonly fewestRequests: number;
	/** Seconds that Gong's limit costs for so many requests, with the latency. */
	readonly limitSeconds: number;
	/** Whether each call has all its rows, in the order asked; of a period, the oldest first. */
	readonly complete: boolean;
}

/** How many calls, and the latencies of Gong in ms. */
export interface PaceSizes {
	readonly calls: number;
	readonly latencies: Readonly<Record<PaceTask, readonly number[]>>;
}

// A period is listed in pages of as many calls as fit one request.
const REQUESTS_PER_HUNDRED: Readonly<Record<PaceTask, number>> = { field: 1, period: 2 };

/**
 * Measures how close our node comes to Gong's limit. The latency is always the same, and the local Gong counts
 * requests as they arrive.
 */
export async function runPace(
	{ calls, latencies }: PaceSizes,
	folder: string,
	say: (line: string) => void,
): Promise<PaceResult[]> {
	const data = companyOf(calls);
	const { from, to } = periodOf(data, calls);
	const newestFirst = data.calls.map(({ id }) => id);
	const tasks = {
		field: {
			items: calls,
			asked: newestFirst,
			parameters: { callsFrom: 'field', callIdField: 'id', splitInto: 'users' },
		},
		period: {
			items: 1,
			asked: [...newestFirst].reverse(),
			parameters: {
				callsFrom: 'period',
				period: 'custom',
				periodStart: from,
				periodEnd: to,
				splitInto: 'users',
			},
		},
	} as const;
	const gong = await startLocalGong({ data, limit: GONG_LIMIT });
	const results: PaceResult[] = [];
	try {
		for (const task of ['field', 'period'] as const) {
			const { items, asked, parameters } = tasks[task];
			for (const latencyMs of latencies[task]) {
				gong.reset();
				gong.setLatency(latencyMs);
				const { rows, callIds } = await runApart(
					{ gongUrl: gong.url, node: 'ours', parameters, items, idsPerItem: 1, atGongsPace: true },
					folder,
				);
				const fewestRequests = REQUESTS_PER_HUNDRED[task] * Math.ceil(calls / CALLS_PER_REQUEST);
				const ofCalls = callIds.map((callId) => ({ callId }));
				const result: PaceResult = {
					...gongSideOf(gong),
					task,
					calls,
					latencyMs,
					fewestRequests,
					limitSeconds: limitSeconds(fewestRequests, latencyMs),
					complete: rows === calls * USERS_PER_CALL && isInOrder(ofCalls, asked),
				};
				results.push(result);
				say(
					`  ${task}, ${latencyMs} ms: ${timesLimit(result).toFixed(2)} times the limit's own time`,
				);
			}
		}
	} finally {
		await gong.close();
	}
	return results;
}

/** The time of a run in times of the limit's own. */
export function timesLimit({ gongSeconds, limitSeconds: own }: PaceResult): number {
	return gongSeconds / own;
}
