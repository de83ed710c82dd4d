import type { OperationDescription } from './operation';

export const revoke: OperationDescription = {
	option: {
		name: 'Revoke',
		value: 'revoke',
		action: "Revoke users' access to calls",
		description: 'Take access to calls away from users who were given it through the Gong API',
	},
	notice:
		'This takes away only access that was given through the Gong API. Participants, people a call was shared with, and people whose permission profile lets them see it can still see it.',
	fields: [],
};
