import { startLocalGong } from '../../test/harness/gong';
import { median } from '../../test/harness/judging/median';
import { companyOf } from './company';
import { runApart } from './engineProcess';
import type { EngineTask } from './engineRun';

const BY_FIELD = { callsFrom: 'field', callIdField: 'id', splitInto: 'users' };
const TASKS = {
	nothingSmall: { node: 'nothingSmall', parameters: {} },
	nothing: { node: 'nothing', parameters: BY_FIELD },
	field: { node: 'ours', parameters: BY_FIELD },
	fieldByCalls: { node: 'ours', parameters: { ...BY_FIELD, splitInto: 'calls' } },
	expression: { node: 'ours', parameters: { callIds: '={{ $json.id }}', splitInto: 'users' } },
} as const satisfies Record<string, Pick<EngineTask, 'node' | 'parameters'>>;

/** CPU seconds in n8n's engine alone; medians. */
export interface BareEngineResult {
	readonly items: number;
	readonly cpuSeconds: Readonly<Record<keyof typeof TASKS, number>>;
	/** The lowest and the highest value of the repetitions. */
	readonly cpuRange: Readonly<Record<keyof typeof TASKS, readonly [number, number]>>;
	/** For one item with this many IDs, and with ten times as many. */
	readonly ids: { readonly few: number; readonly fewCpu: number; readonly manyCpu: number };
}

/** The size of the measurement. */
export interface BareEngineSizes {
	readonly items: number;
	readonly fewIds: number;
	readonly repetitions: number;
}

/** Measures our node, and nodes that do nothing, in n8n's engine alone. */
export async function runBareEngine(
	sizes: BareEngineSizes,
	folder: string,
	say: (line: string) => void,
): Promise<BareEngineResult> {
	const { items, fewIds, repetitions } = sizes;
	const most = Math.max(items, 10 * fewIds);
	const gong = await startLocalGong({ data: companyOf(most), latency: 0 });
	const names = Object.keys(TASKS) as (keyof typeof TASKS)[];
	const cpu = new Map<string, number[]>();
	const measure = async (name: string, task: Omit<EngineTask, 'gongUrl'>) => {
		const use = await runApart({ ...task, gongUrl: gong.url }, folder);
		gong.reset();
		cpu.set(name, [...(cpu.get(name) ?? []), use.cpuSeconds]);
	};
	try {
		for (let repetition = 1; repetition <= repetitions; repetition++) {
			for (const name of names) await measure(name, { ...TASKS[name], items, idsPerItem: 1 });
			for (const idsPerItem of [fewIds, 10 * fewIds]) {
				// Few requests, so that the IDs cost more than the requests.
				const parameters = { ...BY_FIELD, options: { callsPerRequest: 1_000 } };
				await measure(`${idsPerItem} IDs`, { node: 'ours', parameters, items: 1, idsPerItem });
			}
			say(`  repetition ${repetition} of ${repetitions} done`);
		}
	} finally {
		await gong.close();
	}
	const result = (name: string) => median(cpu.get(name) ?? []);
	const forEach = <T>(figure: (values: readonly number[]) => T) =>
		Object.fromEntries(names.map((name) => [name, figure(cpu.get(name) ?? [])])) as Record<
			keyof typeof TASKS,
			T
		>;
	return {
		items,
		cpuSeconds: forEach(median),
		cpuRange: forEach((values) => [Math.min(...values), Math.max(...values)] as const),
		ids: {
			few: fewIds,
			fewCpu: result(`${fewIds} IDs`),
			manyCpu: result(`${10 * fewIds} IDs`),
		},
	};
}
