import type { OperationDescription } from './operationPanel';

export const grant: OperationDescription = {
	option: {
		name: 'Grant',
		value: 'grant',
		action: 'Grant users access to calls',
		description: 'Give users access to calls through the Gong API. Users who have access keep it.',
	},
	fields: [],
};
