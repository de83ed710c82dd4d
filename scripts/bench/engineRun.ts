/**
 * One measurement in n8n's engine alone, in a process of its own. The first argument is the task as JSON; the
 * CPU time is sent back as a message. The local Gong runs in the parent process.
 */
import '../../test/harness/engine/environment';

import type {
	IExecutePaginationFunctions,
	INodeExecutionData,
	INodeParameters,
	INodeType,
} from 'n8n-workflow';
import { loadNode, runNode } from '../../test/harness/engine/engine';
import { callIdAt, DEMO_ACCOUNT, type LocalGong, userIdAt } from '../../test/harness/gong';
import { Pauses } from './pauseMeter';

/** Which node to run: ours, or one that passes its items on; with our panel, or with a single parameter. */
export type EngineNode = 'ours' | 'nothing' | 'nothingSmall';

export interface EngineTask {
	readonly gongUrl: string;
	readonly node: EngineNode;
	readonly parameters: INodeParameters;
	readonly items: number;
	readonly idsPerItem: number;
	/** With the pace that the node has by default, and as the first run of the process. */
	readonly atGongsPace?: boolean;
	/** Measures for how long the node holds n8n up; the items have users then. */
	readonly measuresPauses?: boolean;
}

export interface EngineUse {
	readonly cpuSeconds: number;
	readonly rows: number;
	/** The calls of the rows, each once, in their order. */
	readonly callIds: readonly unknown[];
	/** For how long nothing else had a turn at most, from n8n's hand-over of the items to the node's answer. */
	readonly longestPauseMs: number;
}

const WARM_UP_ITEMS = 100;

async function main(): Promise<void> {
	const task = JSON.parse(process.argv[2] ?? '') as EngineTask;
	const node = await loadNode();
	if (task.node !== 'ours') doNothing(node, task.node === 'nothing');
	// The limiter learns from every run, and a warm-up's requests would count in Gong's limit.
	if (!task.atGongsPace) await run(task, Math.min(task.items, WARM_UP_ITEMS));
	const pauses = new Pauses();
	if (task.measuresPauses) pauses.watch(node);
	const before = process.cpuUsage();
	const rows = await run(task, task.items);
	const { user, system } = process.cpuUsage(before);
	const use: EngineUse = {
		cpuSeconds: (user + system) / 1e6,
		rows: rows.length,
		callIds: task.measuresPauses ? [] : [...new Set(rows.map(({ json }) => json.callId))],
		longestPauseMs: pauses.longestMs,
	};
	// A long message is cut off where the process ends too early.
	await new Promise((resolve) => process.send?.(use, resolve));
}

async function run(task: EngineTask, count: number): Promise<INodeExecutionData[]> {
	const { gongUrl, parameters, idsPerItem, atGongsPace } = task;
	const items = Array.from({ length: count }, (_, item) => {
		const ids = Array.from({ length: idsPerItem }, (__, id) => callIdAt(item * idsPerItem + id));
		const id = idsPerItem === 1 ? ids[0] : ids;
		return task.measuresPauses ? { id, userId: userIdAt(0) } : { id };
	});
	// The engine needs only the address of the local Gong, and a key.
	const gong = { url: gongUrl, account: DEMO_ACCOUNT } as LocalGong;
	const result = await runNode(gong, { parameters, items, alone: true, atGongsPace });
	if (result.error) throw result.error;
	return result.items;
}

/** Turns our declarative node into one that passes each item on and sends nothing. */
function doNothing(node: INodeType, keepPanel: boolean): void {
	const { description } = node;
	const operation = description.properties.find(({ name }) => name === 'operation');
	for (const option of operation?.options ?? []) {
		if (!('value' in option)) continue;
		option.routing = { send: { paginate: true }, operations: { pagination: passOn } };
	}
	if (keepPanel || !operation) return;
	delete operation.displayOptions;
	description.credentials = [];
	// n8n adds the Request Options to every declarative node.
	description.properties = description.properties.filter(
		(property) => property === operation || property.name === 'requestOptions',
	);
}

async function passOn(this: IExecutePaginationFunctions) {
	return [{ json: this.getInputData().json, pairedItem: { item: this.getItemIndex() } }];
}

// Ends when the benchmark has ended.
process.once('disconnect', () => process.exit(1));
main().then(
	() => process.disconnect(),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
