import type {
	DisplayCondition,
	IDisplayOptions,
	INodeProperties,
	INodePropertyRouting,
} from 'n8n-workflow';
import { isRead } from '../parameters/operationNames';
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
	const show = showFor([option.value]);
	const named = (name: string, displayOptions: IDisplayOptions): INodeProperties => ({
		displayName: notice,
		name,
		type: 'notice',
		displayOptions,
		default: '',
	});
	const own = `${option.value}Notice`;
	if (!isRead(option.value)) return [named(own, { show })];
	// The editor forgets a parameter that no field on the screen has the name of. So the notice keeps what was typed
	// under Users while somebody looks at another operation; not an expression, which n8n would evaluate for each item.
	return [
		named('userIds', { show, hide: { '/userIds': IS_EXPRESSION } }),
		named(own, { show: { ...show, '/userIds': IS_EXPRESSION } }),
	];
}

// What begins with "=". Of n8n's conditions, `startsWith` throws in n8n 2.8 where the value is missing, and `regex` where
// n8n is so busy that a quarter of a second passes.
const IS_EXPRESSION: DisplayCondition[] = [{ _cnd: { between: { from: '=', to: '>' } } }];
