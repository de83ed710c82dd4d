import type { WayName } from '../gong/ways';
import type { OperationName } from './operationNames';

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
	maxWait: 'Max Wait (Seconds)',
	splitInto: 'Output Format',
	requestsPerSecond: 'Requests per Second',
} as const;

/** The operations as the panel names them. */
export const NAMES_OF_OPERATIONS: Readonly<Record<OperationName, string>> = {
	list: 'Get Many',
	explain: 'Explain',
	grant: 'Grant',
	replace: 'Replace',
	revoke: 'Revoke',
};

/** The choices of Calls From and Users From; `period` for calls of operations that only read. */
export const SOURCE_NAMES = {
	call: { ids: LABELS.callIds, field: 'Input Field', list: 'List' },
	user: { ids: LABELS.userIds, field: 'Input Field', list: 'List' },
	period: { period: 'Period' },
} as const;

/** The choices of Output Format. */
export const OUTPUT_FORMATS = {
	calls: 'One Item per Call',
	users: 'One Item per User of Each Call',
	people: 'One Item per Person',
} as const;

/** Those of Explain. */
export const FORMATS_OF_EXPLAIN = {
	calls: OUTPUT_FORMATS.calls,
	users: OUTPUT_FORMATS.users,
	people: OUTPUT_FORMATS.people,
} as const;

/** The choices of Ways. */
export const NAMES_OF_WAYS = {
	apiGrant: 'Access Given Through the API',
	participant: 'Participant',
	permissionProfile: 'Permission Profile',
	commentMention: 'Mention in a Comment',
	libraryFolder: 'Public Library Folder',
} as const satisfies Record<WayName, string>;
