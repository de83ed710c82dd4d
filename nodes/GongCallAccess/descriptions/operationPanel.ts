import type { IDisplayOptions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import type { OperationName } from '../parameters/operationNames';

/** How the panel shows an operation. */
export interface OperationDescription {
	/** Its entry in the list of operations. */
	option: INodePropertyOptions & { value: OperationName };
	/** What people should know before they run it, in at most 25 words. */
	notice?: string;
	/** Parameters of its own, below those for calls and users. */
	fields: INodeProperties[];
}

/** Shows a parameter for these operations. */
export function showFor(operations: readonly OperationName[]): Record<string, string[]> {
	return { resource: ['callAccess'], operation: [...operations] };
}

/** Hides what reads input items where an AI agent calls the node, since an agent gives none. */
export function exceptAsTool(show: Record<string, string[]>): IDisplayOptions {
	return { show, hide: { '@tool': [true] } };
}
