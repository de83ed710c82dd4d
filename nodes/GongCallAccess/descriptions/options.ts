import type { INodeProperties } from 'n8n-workflow';
import {
	DEFAULT_CALLS_PER_REQUEST,
	DEFAULT_DAYS_OF_PLAYS,
	DEFAULT_MAX_WAIT,
} from '../parameters/optionDefaults';
import { LABELS, ON_UNKNOWN_CALLS } from '../parameters/labels';
import { READS, WRITES } from '../parameters/operationNames';
import { DEFAULT_REQUESTS_PER_SECOND } from '../transport/defaultRate';

const onlyReads = { '/operation': [...READS] };
const onlyWrites = { '/operation': [...WRITES] };

/** What few people need to change. */
export const optionsField: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	displayOptions: { show: { resource: ['callAccess'] } },
	default: {},
	// Options that add or check something are on as soon as they are added: who adds one wants it.
	options: [
		{
			displayName: 'Allow No Users',
			name: 'allowNoUsers',
			type: 'boolean',
			displayOptions: { show: { '/operation': ['replace'] } },
			default: false,
			description:
				'Whether an empty list of users is accepted. It takes away all access that was given through the Gong API.',
		},
		{
			displayName: LABELS.callsPerRequest,
			name: 'callsPerRequest',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: DEFAULT_CALLS_PER_REQUEST,
			description:
				'Maximum number of calls in one request to Gong. 100 is known to work; lower it if Gong refuses requests for being too large.',
		},
		{
			displayName: 'Dry Run',
			name: 'dryRun',
			type: 'boolean',
			// Not only where something changes: n8n would take it away unseen while somebody looks at Get Many.
			default: true,
			description:
				'Whether to preview what would change, and change nothing. Get Many and Explain never change anything.',
		},
		{
			displayName: 'Include Call Details',
			name: 'includeCallDetails',
			type: 'boolean',
			default: true,
			description:
				'Whether to add title, link and start time beside each call ID. With OAuth2 it needs api:calls:read:extensive.',
		},
		{
			displayName: 'Include Calls Without Users',
			name: 'includeCallsWithoutUsers',
			type: 'boolean',
			displayOptions: { show: { ...onlyReads, '/splitInto': ['users'] } },
			default: true,
			description: 'Whether to add an item with an empty user for each call with nobody to list',
		},
		{
			displayName: 'Include Last Played',
			name: 'includeLastPlayed',
			type: 'boolean',
			displayOptions: { show: onlyReads },
			default: true,
			description:
				"Whether to add when each user last played the call, by Gong's log. With OAuth2 it needs api:logs:read.",
		},
		{
			displayName: 'Include User Details',
			name: 'includeUserDetails',
			type: 'boolean',
			default: true,
			description:
				'Whether to add name, e-mail address and whether the user is active beside each user ID. With OAuth2 it needs api:users:read.',
		},
		{
			displayName: LABELS.maxWait,
			name: 'maxWait',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 0 },
			default: DEFAULT_MAX_WAIT,
			description:
				"Maximum seconds to wait when Gong's rate limit is reached. If Gong asks for a longer wait, the node stops and says when to try again.",
		},
		{
			displayName: LABELS.playedSince,
			name: 'playedSince',
			type: 'dateTime',
			displayOptions: { show: onlyReads },
			default: '',
			description: `How far back Include Last Played looks. Leave empty for ${DEFAULT_DAYS_OF_PLAYS} days before today.`,
		},
		{
			displayName: 'Read Back',
			name: 'readBack',
			type: 'boolean',
			displayOptions: { show: onlyWrites },
			default: true,
			description:
				"Whether to read access after the change and list users whose access isn't as requested",
		},
		{
			displayName: LABELS.requestsPerSecond,
			name: 'requestsPerSecond',
			type: 'number',
			typeOptions: { minValue: 0.1, maxValue: 100, numberPrecision: 1 },
			default: DEFAULT_REQUESTS_PER_SECOND,
			description:
				'Maximum requests per second to Gong. Gong allows a company 3 by default; change it if Gong changed your limit, or to leave room for other integrations. Of executions that run at once the smallest number counts.',
		},
		{
			displayName: LABELS.unknownCalls,
			name: 'unknownCalls',
			type: 'options',
			displayOptions: { show: onlyReads },
			options: [
				{
					name: ON_UNKNOWN_CALLS.fail,
					value: 'fail',
					description: 'Name the calls that Gong does not know, and follow the On Error setting',
				},
				{
					name: ON_UNKNOWN_CALLS.report,
					value: 'report',
					description: 'Give every item a field "found", which is false for such a call',
				},
			],
			default: 'fail',
			description: 'What to do about a call that Gong does not know',
		},
	],
};
