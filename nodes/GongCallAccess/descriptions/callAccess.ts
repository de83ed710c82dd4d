import type { INodeProperties, INodePropertyRouting } from 'n8n-workflow';
import { keepWholeAnswer } from '../sending/wholeAnswer';
import { batchItems } from '../itemBatcher';

/** The same for each operation; on its option, since there it costs nothing per item. */
const routing: INodePropertyRouting = {
	request: { method: 'POST', url: '/v2/calls/users-access' },
	send: { paginate: true },
	operations: { pagination: batchItems },
	output: { postReceive: [keepWholeAnswer] },
};

/** How to sign in, the resource, and what to do with it. */
export const callAccessOperations: INodeProperties[] = [
	{
		displayName: 'Authentication',
		name: 'authentication',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Access Key', value: 'accessKey' },
			{ name: 'OAuth2', value: 'oAuth2' },
		],
		default: 'accessKey',
	},
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: [{ name: 'Call Access', value: 'callAccess' }],
		default: 'callAccess',
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['callAccess'] } },
		options: [
			{
				name: 'Get Many',
				value: 'list',
				action: 'Get who has access to calls',
				description: 'List who was given individual access to calls. Changes nothing.',
				routing,
			},
			{
				name: 'Grant',
				value: 'grant',
				action: 'Grant users access to calls',
				description: 'Give users individual access to calls. Users who have access keep it.',
				routing,
			},
			{
				name: 'Replace',
				value: 'replace',
				action: 'Replace access to calls and take others away',
				description:
					'Give access to exactly these users, and take it away from everyone else who was given it',
				routing,
			},
			{
				name: 'Revoke',
				value: 'revoke',
				action: 'Revoke access to calls and take it away',
				description: 'Take access to calls away from users who were given it',
				routing,
			},
		],
		default: 'list',
	},
	{
		displayName:
			'Gong lists only people who were given access to a call through its API. Participants, people a call was shared with, and people whose permission profile lets them see it are not listed.',
		name: 'coverageNotice',
		type: 'notice',
		displayOptions: { show: { resource: ['callAccess'], operation: ['list'] } },
		default: '',
	},
	{
		displayName:
			'This takes away only access that was given through the Gong API. Participants, people a call was shared with, and people whose permission profile lets them see it keep seeing it.',
		name: 'takesAwayNotice',
		type: 'notice',
		displayOptions: { show: { resource: ['callAccess'], operation: ['revoke'] } },
		default: '',
	},
	{
		displayName:
			"Everyone whom you do not name here loses the access that was given to them through the Gong API. Add the option 'Dry Run' to preview the changes first. Participants, people a call was shared with, and people whose permission profile lets them see it keep seeing it.",
		name: 'replaceNotice',
		type: 'notice',
		displayOptions: { show: { resource: ['callAccess'], operation: ['replace'] } },
		default: '',
	},
];
