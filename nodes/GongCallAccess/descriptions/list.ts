import type { INodeProperties } from 'n8n-workflow';

const forList = { resource: ['callAccess'], operation: ['list'] };

/** How the rows are made. */
export const listFields: INodeProperties[] = [
	{
		displayName: 'Split Into',
		name: 'splitInto',
		type: 'options',
		displayOptions: { show: forList },
		options: [
			{
				name: 'One Item per Call',
				value: 'calls',
				description: 'Each call with the list of its users',
			},
			{
				name: 'One Item per Person',
				value: 'people',
				description: 'Each person with all the calls of this run that they were given access to',
			},
			{
				name: 'One Item per User of Each Call',
				value: 'users',
				description: 'A call and a user in each item, flat, for the columns of a sheet',
			},
		],
		default: 'calls',
		description: 'What each output item stands for',
	},
	{
		displayName:
			"A call that nobody was given access to adds no item. To see such calls too, add the option 'Include Calls Without Users'.",
		name: 'callsWithoutUsersNotice',
		type: 'notice',
		displayOptions: { show: { ...forList, splitInto: ['users'] } },
		default: '',
	},
	{
		displayName:
			"A call that nobody was given access to is in no item. To see such calls too, choose 'One Item per Call'.",
		name: 'callsWithoutPeopleNotice',
		type: 'notice',
		displayOptions: { show: { ...forList, splitInto: ['people'] } },
		default: '',
	},
];
