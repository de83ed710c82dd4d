import { NODE_TYPE } from '../package/names';
import type { Workflow, WorkflowNode } from './workflow';

/** The nodes of {@link chain}, by their names in an execution. */
export const CHAIN = {
	trigger: 'When clicking Execute workflow',
	items: 'Items',
	ours: 'Access',
	after: 'After',
	afterError: 'After what failed',
} as const;

export interface ChainOptions {
	/** Parameters of our node. */
	readonly parameters: Readonly<Record<string, unknown>>;
	/** Settings of our node, such as `onError` and `retryOnFail`. */
	readonly settings?: Readonly<Record<string, unknown>>;
	/** The JSON of the items before our node; default one empty item. */
	readonly items?: readonly object[];
}

/**
 * Items → our node → a node on each of its outputs, which reads `$('Items').item` for each item and puts its
 * `place` beside the node's output.
 */
export function chain({ parameters, settings = {}, items = [{}] }: ChainOptions): Workflow {
	const nodes: WorkflowNode[] = [
		make(CHAIN.trigger, 'n8n-nodes-base.manualTrigger', 1, {}),
		make(CHAIN.items, 'n8n-nodes-base.code', 2, {
			jsCode: `return ${JSON.stringify(items.map((json) => ({ json })))};`,
		}),
		{ ...make(CHAIN.ours, NODE_TYPE, 1, parameters), ...settings },
		...[CHAIN.after, CHAIN.afterError].map((name) =>
			make(name, 'n8n-nodes-base.set', 3.4, {
				assignments: {
					assignments: [
						{
							id: name,
							name: 'cameFrom',
							type: 'string',
							value: `={{ $('${CHAIN.items}').item.json.place }}`,
						},
					],
				},
				includeOtherFields: true,
				options: {},
			}),
		),
	];
	const to = (node: string) => [{ node, type: 'main', index: 0 }];
	const connections = {
		[CHAIN.trigger]: { main: [to(CHAIN.items)] },
		[CHAIN.items]: { main: [to(CHAIN.ours)] },
		[CHAIN.ours]: { main: [to(CHAIN.after), to(CHAIN.afterError)] },
	};
	return { name: 'A chain', nodes, connections, settings: { executionOrder: 'v1' } };
}

function make(
	name: string,
	type: string,
	typeVersion: number,
	parameters: Readonly<Record<string, unknown>>,
): WorkflowNode {
	return { id: name, position: [0, 0], name, type, typeVersion, parameters } as WorkflowNode;
}
