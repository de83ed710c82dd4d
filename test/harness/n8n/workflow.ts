import { readFileSync } from 'node:fs';

/** A workflow as the editor exports it, with the fields that are used here. */
export interface Workflow {
	readonly id?: string;
	readonly name: string;
	readonly nodes: readonly WorkflowNode[];
	readonly connections: unknown;
	readonly settings?: unknown;
}

export interface WorkflowNode {
	readonly name: string;
	readonly type: string;
	readonly typeVersion: number;
	readonly parameters: Readonly<Record<string, unknown>>;
	readonly credentials?: Readonly<Record<string, { readonly id: string; readonly name: string }>>;
	/** Whether n8n runs it again where it fails. */
	readonly retryOnFail?: boolean;
	/** Last segment of the address of a form or a chat; n8n assigns one when it stores the node. */
	readonly webhookId?: string;
}

/** A credential in the format of `n8n import:credentials`. */
export interface StoredCredential {
	readonly id: string;
	readonly name: string;
	readonly type: string;
	readonly data: Readonly<Record<string, unknown>>;
}

/** Reads a workflow exported from the editor. */
export function readWorkflow(file: string): Workflow {
	return JSON.parse(readFileSync(file, 'utf8')) as Workflow;
}

/** The same workflow with another type for every node of that type. */
export function withNodeType(workflow: Workflow, nodeType: string, type: string): Workflow {
	const nodes = workflow.nodes.map((node) => (node.type === nodeType ? { ...node, type } : node));
	return { ...workflow, nodes };
}

/** A copy of the workflow with a credential selected in every node of that type. */
export function withCredential(
	workflow: Workflow,
	nodeType: string,
	credential: Pick<StoredCredential, 'id' | 'name' | 'type'>,
): Workflow {
	const { id, name, type } = credential;
	const nodes = workflow.nodes.map((node) =>
		node.type === nodeType ? { ...node, credentials: { [type]: { id, name } } } : node,
	);
	return { ...workflow, nodes };
}
