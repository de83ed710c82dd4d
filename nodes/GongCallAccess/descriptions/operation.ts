import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import type { OperationName } from '../parameters/operationNames';

/** A notice for some values of a parameter. */
export interface Notice {
	text: string;
	show: Record<string, string[]>;
}

/** How the panel shows an operation. */
export interface OperationDescription {
	/** Its entry in the list of operations. */
	option: INodePropertyOptions & { value: OperationName };
	/** What people should know before they run it: one text, or one for each way to set the parameters. */
	notice?: string | Notice[];
	/** Parameters of its own, below those for calls and users. */
	fields: INodeProperties[];
}

/** Shows a parameter for these operations. */
export function showFor(operations: readonly OperationName[]): Record<string, string[]> {
	return { resource: ['callAccess'], operation: [...operations] };
}
