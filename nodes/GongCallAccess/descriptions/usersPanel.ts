import type { INodeProperties } from 'n8n-workflow';
import { LABELS, SOURCE_NAMES } from '../parameters/labels';
import { WRITES } from '../parameters/operationNames';
import { exceptAsTool, showFor } from './operationPanel';

const forWrites = showFor(WRITES);

const userIds: INodeProperties = {
	displayName: LABELS.userIds,
	name: 'userIds',
	type: 'string',
	default: '',
	placeholder: 'e.g. ana@example.com, 234599484848423',
	description:
		'E-mail addresses or Gong user IDs, with commas, spaces or new lines between them, or a list from an expression. Keep IDs as text.',
};

/** Whose access is given or taken. */
export const usersFields: INodeProperties[] = [
	{
		displayName: 'Users From',
		name: 'usersFrom',
		type: 'options',
		displayOptions: { show: forWrites },
		options: [
			{
				name: SOURCE_NAMES.user.field,
				value: 'field',
				description: 'Take the users from a field of each input item: the fast way for many items',
				displayOptions: exceptAsTool({}),
			},
			{
				name: SOURCE_NAMES.user.list,
				value: 'list',
				description: 'Pick users by their names',
			},
			{
				name: SOURCE_NAMES.user.ids,
				value: 'ids',
				description: 'Type e-mail addresses or user IDs, or give them by an expression',
			},
		],
		default: 'ids',
		description: 'Where the users come from',
	},
	{
		...userIds,
		required: true,
		displayOptions: {
			show: { ...showFor(WRITES.filter((name) => name !== 'replace')), usersFrom: ['ids'] },
		},
	},
	{
		// Not required by n8n, since the option Allow No Users lets it be empty; the node checks it.
		...userIds,
		displayOptions: { show: { ...showFor(['replace']), usersFrom: ['ids'] } },
		description: `${userIds.description} Give all users of a call at once: in a loop, each round takes away what the round before gave.`,
	},
	{
		displayName: LABELS.userIdField,
		name: 'userIdField',
		type: 'string',
		required: true,
		requiresDataPath: 'single',
		displayOptions: exceptAsTool({ ...forWrites, usersFrom: ['field'] }),
		default: '',
		placeholder: 'e.g. email',
		description:
			'Name of the input field that holds the users of each item, in any form that Users takes. Drag a field here from the input panel.',
		hint: 'Enter the field name as text',
	},
	{
		displayName: LABELS.userList,
		name: 'userList',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getUsers' },
		displayOptions: { show: { ...forWrites, usersFrom: ['list'] } },
		default: [],
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
	},
];
