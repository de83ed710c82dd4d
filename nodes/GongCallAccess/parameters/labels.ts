import type { WayName } from '../gong/ways';
import type { OperationName } from './operationNames';

/** The parameters as the panel names them. */
export const LABELS = {
	callsFrom: 'Calls From',
	callIds: 'Call IDs',
	callIdField: 'Call ID Field',
	callList: 'Call Names or IDs',
	usersFrom: 'Users From',
	userIds: 'Users',
	userIdField: 'User ID Field',
	userList: 'User Names or IDs',
	period: 'Period',
	periodStart: 'Period Start',
	periodEnd: 'Period End',
	workspaceId: 'Workspace Name or ID',
	ways: 'Ways',
	callsPerRequest: 'Calls per Request',
	maxWait: 'Max Wait (Seconds)',
	splitInto: 'Output Format',
	requestsPerSecond: 'Requests per Second',
	simplify: 'Simplify',
	playedSince: 'Played Since',
	unknownCalls: 'Unknown Calls',
} as const;

/** The operations as the panel names them. */
export const NAMES_OF_OPERATIONS: Readonly<Record<OperationName, string>> = {
	list: 'Get Many',
	explain: 'Explain',
	grant: 'Grant',
	replace: 'Replace',
	revoke: 'Revoke',
};

/** The choices of Calls From and Users From. */
export const SOURCE_NAMES = {
	call: { ids: LABELS.callIds, field: 'Input Field', list: 'List' },
	user: { ids: LABELS.userIds, field: 'Input Field', list: 'List' },
} as const;

/** One more of Calls From, for operations that only read. */
export const PERIOD_SOURCE = { period: LABELS.period } as const;

/** The choices of Period. */
export const PERIODS = {
	custom: 'Custom',
	last7Days: 'Last 7 Days',
	lastMonth: 'Last Month',
	lastWeek: 'Last Week',
} as const;

/** The choices of Unknown Calls. */
export const ON_UNKNOWN_CALLS = { fail: 'Fail', report: 'Report' } as const;

/** The choices of Output Format. */
export const OUTPUT_FORMATS = {
	calls: 'One Item per Call',
	users: 'One Item per User of Each Call',
	people: 'One Item per Person',
} as const;

/** The choices of Ways. */
export const NAMES_OF_WAYS = {
	apiGrant: 'Access Given Through the API',
	participant: 'Participant',
	permissionProfile: 'Permission Profile',
	commentMention: 'Public Comment Mention',
	libraryFolder: 'Public Library Folder',
} as const satisfies Record<WayName, string>;
