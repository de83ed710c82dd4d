import { LABELS, OUTPUT_FORMATS } from '../parameters/labels';
import type { OperationDescription } from './operationPanel';
import { showFor } from './operationPanel';

export const list: OperationDescription = {
	option: {
		name: 'Get Many',
		value: 'list',
		action: 'Get who was given access to calls',
		description: 'List who was given access to calls through the Gong API. Changes nothing.',
	},
	notice:
		"Lists only access given through Gong's API, not everyone who can see a call. Explain looks further.",
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
					description: 'Each person with those of these calls that they were given access to',
				},
				{
					name: OUTPUT_FORMATS.users,
					value: 'users',
					description:
						'A call and a user in each item, flat, for the columns of a sheet. A call without users adds none.',
				},
			],
			default: 'calls',
			description: 'What each output item stands for',
		},
	],
};
