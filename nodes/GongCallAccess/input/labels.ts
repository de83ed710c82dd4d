/** The parameters as the panel names them. */
export const LABELS = {
	callIds: 'Call IDs',
	callIdField: 'Call ID Field',
	callList: 'Call Names or IDs',
	userIds: 'User IDs',
	userIdField: 'User ID Field',
	userList: 'User Names or IDs',
	periodStart: 'Period Start',
	periodEnd: 'Period End',
	workspaceId: 'Workspace ID',
	callsPerRequest: 'Calls per Request',
	maxWait: 'Max Wait',
} as const;
