import type { INodeProperties } from 'n8n-workflow';
import { LABELS } from '../parameters/labels';
import { WRITES } from '../parameters/operationNames';
import { showFor } from './operation';

const forWrites = showFor(WRITES);

const userIds: INodeProperties = {
	displayName: LABELS.userIds,
	name: 'userIds',
	type: 'string',
	default: '',
	placeholder: 'e.g. 234599484848423, ana@example.com',
	description:
		'One or many Gong user IDs or e-mail addresses, with commas, spaces or new lines between them, or a list from an expression. Keep IDs as text.',
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
				name: 'Input Field',
				value: 'field',
				description: 'Take the users from a field of each input item: the fast way for many items',
			},
			{
				name: 'List',
				value: 'list',
				description: 'Pick users by their names',
			},
			{
				name: 'User IDs',
				value: 'ids',
				description: 'Type user IDs or e-mail addresses, or give them by an expression',
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
	},
	{
		displayName: LABELS.userIdField,
		name: 'userIdField',
		type: 'string',
		required: true,
		requiresDataPath: 'single',
		displayOptions: { show: { ...forWrites, usersFrom: ['field'] } },
		default: '',
		placeholder: 'e.g. email',
		description:
			'Name of the input field that holds the users of each item, in any form that User IDs takes. Drag a field here from the input panel.',
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
