import { companyOfTeams, QUICK, startLocalGong } from '../../test/harness/gong';
import { startLightGong } from '../../test/harness/gong/lightGong';
import type { Bar } from './bars';
import { runApart } from './engineProcess';
import type { EngineTask } from './engineRun';
import { fixed, whole } from './numbers';
import type { Rows } from './tables';

/** What one run of our node cost n8n, in a process of its own. */
export interface PausesResult {
	readonly name: string;
	readonly items: number;
	/** Of each call; for Explain the people of the company. */
	readonly users: number;
	readonly requests: number;
	readonly rows: number;
	readonly cpuSeconds: number;
	/** For how long nothing else in the process had a turn, at most, from n8n's hand-over to our answer. */
	readonly longestPauseMs: number;
}

interface Case {
	readonly name: string;
	readonly items: number;
	readonly users: number;
	readonly task: Pick<EngineTask, 'parameters'> & Partial<EngineTask>;
}

/** What no step of the node may hold n8n up for. */
export const MAX_PAUSE_MS = 500;

const BY_FIELD = { callsFrom: 'field', callIdField: 'id' };
const WRITES = { ...BY_FIELD, usersFrom: 'field', userIdField: 'userId' };

/** Each kind of work, and the same with ten times the input. @param factor 1, or less for a short run */
function casesOf(factor: number): Case[] {
	const list = (splitInto: string) => ({ parameters: { ...BY_FIELD, splitInto } });
	const explain = (splitInto: string) => ({
		parameters: { ...BY_FIELD, operation: 'explain', splitInto },
	});
	const write = (operation: string, options = {}) => ({
		parameters: { ...WRITES, operation, options },
	});
	const kinds: [string, number, number, Case['task']][] = [
		['Get Many by people', 5_000, 800, list('people')],
		['Get Many by users', 5_000, 200, list('users')],
		['Get Many by calls', 5_000, 800, list('calls')],
		['Get Many by calls, a user each', 150_000, 1, list('calls')],
		['Grant', 110_000, 1, { ...write('grant') }],
		['Replace, dry run', 110_000, 1, { ...write('replace', { dryRun: true }) }],
		[
			'Replace, in batches of one',
			1_000,
			1,
			{
				parameters: {
					...WRITES,
					operation: 'replace',
					requestOptions: { batching: { batch: { batchSize: 1, batchInterval: 1 } } },
				},
			},
		],
		['Explain by calls', 1_000, 500, explain('calls')],
		['Explain by users', 1_000, 500, explain('users')],
		['Explain by people', 1_000, 500, explain('people')],
		['Explain by calls, ten times the people', 1_000, 5_000, explain('calls')],
		['Explain by people, ten times the people', 1_000, 5_000, explain('people')],
	];
	return kinds.flatMap(([name, most, users, task]) =>
		[most / 10, most].map((items) => ({
			name,
			items: Math.max(1, Math.round(items * factor)),
			users,
			task,
		})),
	);
}

async function startGong({ items, users, task }: Case) {
	if (task.parameters.operation !== 'explain') return await startLightGong(users);
	const gong = await startLocalGong({ data: companyOfTeams(items, users), latency: QUICK });
	return {
		url: gong.url,
		get requests() {
			return gong.log.length;
		},
		close: async () => await gong.close(),
	};
}

/** Measures for how long our node holds n8n up with much input, in n8n's engine alone. */
export async function runPauses(
	factor: number,
	folder: string,
	say: (line: string) => void,
	only?: string,
): Promise<PausesResult[]> {
	const results: PausesResult[] = [];
	for (const one of casesOf(factor)) {
		const { name, items, users, task } = one;
		if (only && !name.includes(only)) continue;
		const gong = await startGong(one);
		try {
			const { parameters } = task;
			const { cpuSeconds, rows, longestPauseMs } = await runApart(
				{
					...task,
					gongUrl: gong.url,
					node: 'ours',
					// Few requests, since each waits for its turn.
					parameters: {
						...parameters,
						options: {
							callsPerRequest: items > 20_000 ? 1_000 : 100,
							...(parameters.options as object),
						},
					},
					items,
					idsPerItem: 1,
					measuresPauses: true,
				},
				folder,
			);
			const { requests } = gong;
			results.push({ name, items, users, requests, rows, cpuSeconds, longestPauseMs });
			say(`  ${name}, ${whole(items)} items: ${whole(longestPauseMs)} ms`);
		} finally {
			await gong.close();
		}
	}
	return results;
}

/** The table of {@link runPauses}. */
export function pausesTable(results: readonly PausesResult[]): Rows {
	return {
		head: [
			'Operation',
			'Items',
			'Users of each call, or people',
			'Requests',
			'Rows',
			'CPU, s',
			'Longest pause, ms',
		],
		rows: results.map((result) => [
			result.name,
			whole(result.items),
			whole(result.users),
			whole(result.requests),
			whole(result.rows),
			fixed(result.cpuSeconds),
			whole(result.longestPauseMs),
		]),
		textColumns: 1,
	};
}

/** Whether no run held n8n up for longer than it may. */
export function judgePauses(results: readonly PausesResult[]): Bar[] {
	const longest = Math.max(0, ...results.map(({ longestPauseMs }) => longestPauseMs));
	return [
		{
			bar: `No step holds n8n up for more than ${MAX_PAUSE_MS} ms`,
			measured: `${whole(longest)} ms`,
			met: longest <= MAX_PAUSE_MS,
		},
	];
}
