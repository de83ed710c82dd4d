/** The parameters as the panel names them. */
export const LABELS = {
	callsFrom: 'Calls From',
	callIds: 'Call IDs',
	callIdField: 'Call ID Field',
	callList: 'Call Names or IDs',
	usersFrom: 'Users From',
	userIds: 'User IDs',
	userIdField: 'User ID Field',
	userList: 'User Names or IDs',
	periodStart: 'Period Start',
	periodEnd: 'Period End',
	workspaceId: 'Workspace ID',
	ways: 'Ways',
	callsPerRequest: 'Calls per Request',
	maxWait: 'Max Wait',
	requestsPerSecond: 'Requests per Second',
} as const;
