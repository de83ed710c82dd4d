import type { Promised } from '../harness/package/description';

const text: Promised = { type: 'string', default: '' };
const off: Promised = { type: 'boolean', default: false };
/** On as soon as the option is added. */
const on: Promised = { type: 'boolean', default: true };
const moment: Promised = { type: 'dateTime', default: '' };
const chosen: Promised = { type: 'multiOptions', default: [] };

/**
 * What saved workflows depend on. A minor version may add lines; none may change or be removed before the next
 * major version.
 */
export const PARAMETERS: Record<string, Promised> = {
	authentication: { type: 'options', default: 'accessKey', values: ['accessKey', 'oAuth2'] },
	resource: { type: 'options', default: 'callAccess', values: ['callAccess'] },
	operation: {
		type: 'options',
		default: 'list',
		values: ['explain', 'grant', 'list', 'replace', 'revoke'],
	},
	callsFrom: { type: 'options', default: 'ids', values: ['field', 'ids', 'list', 'period'] },
	callIds: text,
	callIdField: text,
	callList: chosen,
	period: {
		type: 'options',
		default: 'last7Days',
		values: ['custom', 'last7Days', 'lastMonth', 'lastWeek'],
	},
	periodStart: moment,
	periodEnd: moment,
	/** A list that the panel loads, whose values are Gong's. */
	workspaceId: { type: 'options', default: '' },
	usersFrom: { type: 'options', default: 'ids', values: ['field', 'ids', 'list'] },
	userIds: text,
	userIdField: text,
	userList: chosen,
	splitInto: { type: 'options', default: 'calls', values: ['calls', 'people', 'users'] },
	simplify: on,
	ways: {
		type: 'multiOptions',
		default: ['apiGrant', 'participant', 'permissionProfile', 'commentMention'],
	},
	options: { type: 'collection', default: {} },
	'options.allowNoUsers': off,
	'options.callsPerRequest': { type: 'number', default: 100 },
	'options.dryRun': on,
	'options.includeCallDetails': on,
	'options.includeCallsWithoutUsers': on,
	'options.includeLastPlayed': on,
	'options.includeUserDetails': on,
	'options.maxWait': { type: 'number', default: 60 },
	'options.playedSince': moment,
	'options.requestsPerSecond': { type: 'number', default: 3 },
	'options.readBack': on,
	'options.unknownCalls': { type: 'options', default: 'fail', values: ['fail', 'report'] },
};

/** The stored fields of each credential, without those inherited from n8n's own. */
export const CREDENTIALS: Record<string, readonly string[]> = {
	gongApi: ['baseUrl', 'accessKey', 'accessKeySecret'],
	gongCallAccessOAuth2Api: [
		'baseUrl',
		'permissionProfiles',
		'libraryFolders',
		'workspaces',
		'lastPlayed',
		'grantType',
		'authUrl',
		'accessTokenUrl',
		'scope',
		'authQueryParameters',
		'authentication',
	],
};

/** The names of the package, the node and the credentials, as workflows and stored credentials have them. */
export const NODE = { type: 'n8n-nodes-gong-call-access.gongCallAccess', version: 1 } as const;

/** The keys of each operation's items, in order; for Get Many and Explain those of an item per call. */
export const ITEMS: Record<string, readonly string[]> = {
	list: [
		'callId',
		'callTitle',
		'callUrl',
		'callStarted',
		'users',
		'playedSince',
		'found',
		'requestId',
	],
	explain: [
		'callId',
		'callTitle',
		'callUrl',
		'callStarted',
		'isPrivate',
		'workspaceId',
		'ways',
		'userIds',
		'users',
		'inactiveUserIds',
		'inactiveUsers',
		'userCount',
		'notChecked',
		'playedSince',
		'found',
		'requestId',
		'requestIds',
	],
	grant: [
		'callId',
		'userIds',
		'accepted',
		'dryRun',
		'wouldGrantUserIds',
		'confirmed',
		'notListed',
		'requestId',
	],
	replace: [
		'callId',
		'grantedUserIds',
		'revokedUserIds',
		'wouldGrantUserIds',
		'wouldRevokeUserIds',
		'unchangedUserIds',
		'dryRun',
		'confirmed',
		'notListed',
		'stillListed',
		'requestId',
		'requestIds',
	],
	revoke: [
		'callId',
		'userIds',
		'accepted',
		'dryRun',
		'wouldRevokeUserIds',
		'confirmed',
		'stillListed',
		'requestId',
	],
};
