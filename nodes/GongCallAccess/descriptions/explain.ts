import { FORMATS_OF_EXPLAIN, LABELS, NAMES_OF_WAYS } from '../parameters/labels';
import type { OperationDescription } from './operation';
import { showFor } from './operation';

const FOR_EXPLAIN = showFor(['explain']);

export const explain: OperationDescription = {
	option: {
		name: 'Explain',
		value: 'explain',
		action: 'Explain who can see calls and why',
		description: 'Find out who can see calls, why, and how sure that is. Changes nothing.',
	},
	notice:
		'Somebody who is not listed may still see the call: shares, private comments, private folders and administrators are not told.',
	fields: [
		{
			displayName: LABELS.splitInto,
			name: 'splitInto',
			type: 'options',
			displayOptions: { show: FOR_EXPLAIN },
			options: [
				{
					name: FORMATS_OF_EXPLAIN.calls,
					value: 'calls',
					description: 'Each call with the ways into it and the list of everybody who was found',
				},
				{
					name: FORMATS_OF_EXPLAIN.users,
					value: 'users',
					description: 'A call, a user and why they can see it in each item, flat, for a sheet',
				},
				{
					name: FORMATS_OF_EXPLAIN.people,
					value: 'people',
					description: 'Each person with the calls that they can see, and why',
				},
			],
			default: 'calls',
			description: 'What each output item stands for',
		},
		{
			displayName: 'Simplify',
			name: 'simplify',
			type: 'boolean',
			displayOptions: { show: { ...FOR_EXPLAIN, splitInto: ['users'] } },
			default: true,
			description: 'Whether to return a simplified version of the response instead of the raw data',
		},
		{
			displayName: LABELS.ways,
			name: 'ways',
			type: 'multiOptions',
			required: true,
			displayOptions: { show: FOR_EXPLAIN },
			options: [
				{
					name: NAMES_OF_WAYS.apiGrant,
					value: 'apiGrant',
					description:
						'Also needs api:call-user-access:read. Who was given access to the call by this node or another integration.',
				},
				{
					name: NAMES_OF_WAYS.participant,
					value: 'participant',
					description:
						'Who hosted the call, was invited to it or took part. The key needs no further scope.',
				},
				{
					name: NAMES_OF_WAYS.permissionProfile,
					value: 'permissionProfile',
					description:
						'Also needs api:permission-profile:read. Whose permission profile in Gong lets them see the call.',
				},
				{
					name: NAMES_OF_WAYS.commentMention,
					value: 'commentMention',
					description: 'Who is mentioned in a public comment on the call. Needs no further scope.',
				},
				{
					name: NAMES_OF_WAYS.libraryFolder,
					value: 'libraryFolder',
					description:
						'Also needs api:library:read and api:permission-profile:read. Who can open a public folder with the call in it.',
				},
			],
			default: ['apiGrant', 'participant', 'permissionProfile', 'commentMention'],
			description:
				'Which ways to look at; the items say how certain each is. Ways that you leave out are not checked. The key always needs the scopes api:calls:read:extensive and api:users:read.',
		},
	],
};
