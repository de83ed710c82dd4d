import type { INodeProperties, INodePropertyRouting } from 'n8n-workflow';
import type { OperationDescription } from './operationPanel';
import { showFor } from './operationPanel';
import * as operations from './operationsPanel';

// Not by `localeCompare`, whose first call costs n8n 7 ms when it starts.
const DESCRIPTIONS = Object.values(operations).sort((a, b) =>
	a.option.name < b.option.name ? -1 : 1,
);

/**
 * How to sign in, the resource, and what to do with it.
 * @param routing the same for each operation; on its option, since there it costs nothing per item
 */
export function callAccessFields(routing: INodePropertyRouting): INodeProperties[] {
	return [
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'options',
			noDataExpression: true,
			options: [
				{ name: 'Access Key', value: 'accessKey' },
				{ name: 'OAuth2', value: 'oAuth2' },
			],
			default: 'accessKey',
		},
		{
			displayName: 'Resource',
			name: 'resource',
			type: 'options',
			noDataExpression: true,
			options: [{ name: 'Call Access', value: 'callAccess' }],
			default: 'callAccess',
		},
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show: { resource: ['callAccess'] } },
			options: DESCRIPTIONS.map(({ option }) => ({ ...option, routing })),
			default: 'list',
		},
		...DESCRIPTIONS.flatMap(noticeOf),
	];
}

/** The parameters that only one operation has. */
export const operationFields: INodeProperties[] = DESCRIPTIONS.flatMap(({ fields }) => fields);

function noticeOf({ option, notice }: OperationDescription): INodeProperties[] {
	if (notice === undefined) return [];
	return [
		{
			displayName: notice,
			name: `${option.value}Notice`,
			type: 'notice',
			displayOptions: { show: showFor([option.value]) },
			default: '',
		},
	];
}
