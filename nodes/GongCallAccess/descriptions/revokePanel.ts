import type { OperationDescription } from './operationPanel';

export const revoke: OperationDescription = {
	option: {
		name: 'Revoke',
		value: 'revoke',
		action: "Revoke users' access to calls",
		description: 'Take access to calls away from users who were given it through the Gong API',
	},
	notice:
		"Takes away only access given through Gong's API. People may still see the call in other ways.",
	fields: [],
};
