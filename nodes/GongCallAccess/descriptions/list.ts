import type { OperationDescription } from './operation';
import { showFor } from './operation';

const FOR_LIST = showFor(['list']);

export const list: OperationDescription = {
	option: {
		name: 'Get Many',
		value: 'list',
		action: 'Get who has access to calls',
		description: 'List who was given individual access to calls. Changes nothing.',
	},
	notice:
		'Gong lists only people who were given access to a call through its API. Participants, people a call was shared with, and people whose permission profile lets them see it are not listed.',
	fields: [
		{
			displayName: 'Split Into',
			name: 'splitInto',
			type: 'options',
			displayOptions: { show: FOR_LIST },
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
			displayOptions: { show: { ...FOR_LIST, splitInto: ['users'] } },
			default: '',
		},
		{
			displayName:
				"A call that nobody was given access to is in no item. To see such calls too, choose 'One Item per Call'.",
			name: 'callsWithoutPeopleNotice',
			type: 'notice',
			displayOptions: { show: { ...FOR_LIST, splitInto: ['people'] } },
			default: '',
		},
	],
};
