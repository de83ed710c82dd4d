import { LABELS, OUTPUT_FORMATS } from '../parameters/labels';
import type { OperationDescription } from './operation';
import { showFor } from './operation';

const NOT_LISTED =
	'Gong lists only people who were given access to a call through its API. Participants, people a call was shared with, and people whose permission profile lets them see it are not listed.';

export const list: OperationDescription = {
	option: {
		name: 'Get Many',
		value: 'list',
		action: 'Get who was given access to calls',
		description: 'List who was given access to calls through the Gong API. Changes nothing.',
	},
	notice: [
		{ text: NOT_LISTED, show: { splitInto: ['calls'] } },
		{
			text: `${NOT_LISTED} A call that nobody was given access to adds no item, unless you add the option 'Include Calls Without Users'.`,
			show: { splitInto: ['users'] },
		},
		{
			text: `${NOT_LISTED} A call that nobody was given access to is in no item; to see such calls too, choose 'One Item per Call'.`,
			show: { splitInto: ['people'] },
		},
	],
	fields: [
		{
			displayName: LABELS.splitInto,
			name: 'splitInto',
			type: 'options',
			displayOptions: { show: showFor(['list']) },
			options: [
				{
					name: OUTPUT_FORMATS.calls,
					value: 'calls',
					description: 'Each call with the list of its users',
				},
				{
					name: OUTPUT_FORMATS.people,
					value: 'people',
					description: 'Each person with all the calls of this run that they were given access to',
				},
				{
					name: OUTPUT_FORMATS.users,
					value: 'users',
					description: 'A call and a user in each item, flat, for the columns of a sheet',
				},
			],
			default: 'calls',
			description: 'What each output item stands for',
		},
	],
};
