import type { IDisplayOptions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { LABELS, PERIOD_SOURCE, PERIODS, SOURCE_NAMES } from '../parameters/labels';
import { READS } from '../parameters/operationNames';
import { exceptAsTool, showFor } from './operationPanel';

const forCallAccess = { resource: ['callAccess'] };
const forPeriod = { ...showFor(READS), callsFrom: ['period'] };
const forCustomPeriod: IDisplayOptions = { show: { ...forPeriod, period: ['custom'] } };

const sources: INodePropertyOptions[] = [
	{
		name: SOURCE_NAMES.call.ids,
		value: 'ids',
		description: 'Type call IDs or Gong call links, or give them by an expression',
	},
	{
		name: SOURCE_NAMES.call.field,
		value: 'field',
		description: 'Take the call IDs from a field of each input item: the fast way for many items',
		displayOptions: exceptAsTool({}),
	},
	{
		name: SOURCE_NAMES.call.list,
		value: 'list',
		description: 'Pick calls of the last 14 days by their titles',
	},
	{
		name: PERIOD_SOURCE.period,
		value: 'period',
		description: 'Take every call of a period, such as last week',
		displayOptions: { show: { operation: [...READS] } },
	},
];

/** Where the calls come from. */
export const callsFields: INodeProperties[] = [
	{
		displayName: LABELS.callsFrom,
		name: 'callsFrom',
		type: 'options',
		displayOptions: { show: forCallAccess },
		options: sources,
		default: 'ids',
		description: 'Where the calls come from',
		builderHint: {
			propertyHint:
				'Use "field" with callIdField when earlier nodes give the calls, one item or more; all items are answered together in few requests. Use "period" to audit a time: it lists the calls itself, and needs no input items.',
		},
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
			'Gong call IDs or links to calls, with commas, spaces or new lines between them, or a list from an expression. Keep IDs as text: as a number a 19-digit ID loses digits.',
		builderHint: {
			propertyHint:
				'IDs must be strings: as numbers they lose digits. An array by one expression is one item with all of its calls.',
		},
	},
	{
		displayName: LABELS.callIdField,
		name: 'callIdField',
		type: 'string',
		required: true,
		requiresDataPath: 'single',
		displayOptions: exceptAsTool({ ...forCallAccess, callsFrom: ['field'] }),
		default: '',
		placeholder: 'e.g. callId',
		description:
			'Name of the input field that holds the call IDs of each item, in any form that Call IDs takes. Drag a field here from the input panel.',
		hint: 'Enter the field name as text',
		builderHint: { propertyHint: 'A path such as "id" or "metaData.id", never an expression.' },
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
			'Calls of the last 14 days, the newest first. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
	},
	{
		displayName: LABELS.period,
		name: 'period',
		type: 'options',
		displayOptions: { show: forPeriod },
		options: [
			{
				name: PERIODS.custom,
				value: 'custom',
				description: 'From one time to another',
			},
			{
				name: PERIODS.last7Days,
				value: 'last7Days',
				description: 'The seven days before today',
			},
			{
				name: PERIODS.lastMonth,
				value: 'lastMonth',
				description: 'The month before this one',
			},
			{
				name: PERIODS.lastWeek,
				value: 'lastWeek',
				description: 'Monday to Sunday of the week before this one',
			},
		],
		default: 'last7Days',
		description:
			"Except for Custom, whole days in the workflow's time zone, without today. Gong goes by the scheduled start of recorded web conferences, and by the actual start of other calls.",
	},
	{
		// Neither is required by n8n, which would ask for both where an expression gives the period; the node checks.
		displayName: LABELS.periodStart,
		name: 'periodStart',
		type: 'dateTime',
		displayOptions: forCustomPeriod,
		default: '',
		description:
			"Start of the period, in the workflow's time zone unless it has an offset. Gong goes by the scheduled start of recorded web conferences, and by the actual start of other calls.",
	},
	{
		displayName: LABELS.periodEnd,
		name: 'periodEnd',
		type: 'dateTime',
		displayOptions: forCustomPeriod,
		default: '',
		description:
			'End of the period, which is not included itself: to include a whole day, pick the day after it',
		hint: 'Not included: for a whole day, pick the day after it',
	},
	{
		displayName: LABELS.workspaceId,
		name: 'workspaceId',
		type: 'options',
		typeOptions: { loadOptionsMethod: 'getWorkspaces' },
		displayOptions: { show: forPeriod },
		default: '',
		description:
			'Workspace whose calls are meant; leave empty for all. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
	},
];
