import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { LABELS } from '../parameters/labels';
import { READS, WRITES } from '../parameters/operationNames';
import { showFor } from './operation';

const forCallAccess = { resource: ['callAccess'] };
const forPeriod = { ...showFor(READS), callsFrom: ['period'] };

const typed: INodePropertyOptions = {
	name: 'Call IDs',
	value: 'ids',
	description: 'Type call IDs or Gong call links, or give them by an expression',
};
const field: INodePropertyOptions = {
	name: 'Input Field',
	value: 'field',
	description: 'Take the call IDs from a field of each input item: the fast way for many items',
};
const list: INodePropertyOptions = {
	name: 'List',
	value: 'list',
	description: 'Pick calls of the last 14 days by their titles',
};
const period: INodePropertyOptions = {
	name: 'Period',
	value: 'period',
	description: 'Take every call that took place in a period, such as last week',
};

/** Where the calls come from. */
export const callsFields: INodeProperties[] = [
	{
		displayName: 'Calls From',
		name: 'callsFrom',
		type: 'options',
		displayOptions: { show: showFor(READS) },
		options: [typed, field, list, period],
		default: 'ids',
		description: 'Where the calls come from',
	},
	{
		displayName: 'Calls From',
		name: 'callsFrom',
		type: 'options',
		displayOptions: { show: showFor(WRITES) },
		options: [typed, field, list],
		default: 'ids',
		description: 'Where the calls come from',
	},
	{
		displayName: LABELS.callIds,
		name: 'callIds',
		type: 'string',
		required: true,
		displayOptions: { show: { ...forCallAccess, callsFrom: ['ids'] } },
		default: '',
		placeholder: 'e.g. 7782342274025937895',
		description:
			'One or many Gong call IDs or links to calls, with commas, spaces or new lines between them, or a list from an expression. Keep IDs as text: as a number a 19-digit ID loses digits.',
	},
	{
		displayName: LABELS.callIdField,
		name: 'callIdField',
		type: 'string',
		required: true,
		requiresDataPath: 'single',
		displayOptions: { show: { ...forCallAccess, callsFrom: ['field'] } },
		default: '',
		placeholder: 'e.g. callId',
		description:
			'Name of the input field that holds the call IDs of each item, in any form that Call IDs takes. Drag a field here from the input panel.',
		hint: 'Enter the field name as text',
	},
	{
		displayName: LABELS.callList,
		name: 'callList',
		type: 'multiOptions',
		required: true,
		typeOptions: { loadOptionsMethod: 'getCalls' },
		displayOptions: { show: { ...forCallAccess, callsFrom: ['list'] } },
		default: [],
		description:
			'Calls of the last 14 days, the newest first, with the time at which each started in the time zone of the workflow. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
	},
	{
		displayName: LABELS.periodStart,
		name: 'periodStart',
		type: 'dateTime',
		required: true,
		displayOptions: { show: forPeriod },
		default: '={{ $today.minus({ days: 7 }) }}',
		description:
			"Start of the period, in the workflow's time zone unless it has an offset. For last week: <code>{{ $today.startOf('week').minus({ weeks: 1 }) }}</code>; for last month: <code>{{ $today.startOf('month').minus({ months: 1 }) }}</code>. Gong goes by the scheduled start of recorded web conferences, and by the actual start of other calls.",
	},
	{
		displayName: LABELS.periodEnd,
		name: 'periodEnd',
		type: 'dateTime',
		required: true,
		displayOptions: { show: forPeriod },
		default: '={{ $today }}',
		description:
			"End of the period, which is not included itself: the default, the start of today, leaves out today's calls, and <code>{{ $now }}</code> takes those so far. For last week: <code>{{ $today.startOf('week') }}</code>; for last month: <code>{{ $today.startOf('month') }}</code>.",
		hint: 'Not included itself: to include a whole day, pick the day after it',
	},
	{
		displayName: LABELS.workspaceId,
		name: 'workspaceId',
		type: 'string',
		displayOptions: { show: forPeriod },
		default: '',
		placeholder: 'e.g. 623457276584334',
		description:
			'ID of a Gong workspace, to take only its calls. Leave empty for the calls of all workspaces. Ask a Gong administrator for the ID, or list the workspaces with <code>GET /v2/workspaces</code> of the Gong API, which needs the scope api:workspaces:read.',
	},
];
