import type { OperationDescription } from './operation';

export const replace: OperationDescription = {
	option: {
		name: 'Replace',
		value: 'replace',
		action: 'Replace access to calls and take others away',
		description:
			'Give access to exactly these users, and take it away from everyone else who was given it',
	},
	notice:
		"Everyone whom you do not name here loses the access that was given to them through the Gong API. Add the option 'Dry Run' to preview the changes first. Participants, people a call was shared with, and people whose permission profile lets them see it keep seeing it.",
	fields: [],
};
