import type { OperationDescription } from './operationPanel';

export const replace: OperationDescription = {
	option: {
		name: 'Replace',
		value: 'replace',
		action: 'Replace who has access to calls',
		description:
			'Give exactly these users access, and take it from everyone else who was given it through the Gong API',
	},
	notice: "Takes API-given access from everyone you don't list. Preview with the option 'Dry Run'.",
	fields: [],
};
