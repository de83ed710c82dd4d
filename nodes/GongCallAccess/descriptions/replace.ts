import type { OperationDescription } from './operation';

export const replace: OperationDescription = {
	option: {
		name: 'Replace',
		value: 'replace',
		action: 'Replace who has access to calls',
		description:
			'Give exactly these users access, and take it from everyone else who was given it through the Gong API',
	},
	notice:
		"Anyone you don't list here loses the access that they were given through the Gong API. Add the option 'Dry Run' to preview the changes first. Give it all users of a call at once: in a loop, each round takes away what the round before gave. Participants, people a call was shared with, and people whose permission profile lets them see it can still see it.",
	fields: [],
};
