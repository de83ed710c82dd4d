import { LABELS, NAMES_OF_WAYS, OUTPUT_FORMATS } from '../parameters/labels';
import type { OperationDescription } from './operationPanel';
import { showFor } from './operationPanel';

const FOR_EXPLAIN = showFor(['explain']);

export const explain: OperationDescription = {
	option: {
		name: 'Explain',
		value: 'explain',
		action: 'Explain who can see calls and why',
		description: 'Find out who can see calls, why, and how sure that is. Changes nothing.',
	},
	notice:
		"Not a complete list: Gong's API does not reveal shares, private comments, private folders or administrators' rights.",
	fields: [
		{
			displayName: LABELS.splitInto,
			name: 'splitInto',
			type: 'options',
			displayOptions: { show: FOR_EXPLAIN },
			options: [
				{
					name: OUTPUT_FORMATS.calls,
					value: 'calls',
					description: 'Each call with the ways into it and the list of everybody who was found',
				},
				{
					name: OUTPUT_FORMATS.people,
					value: 'people',
					description: 'Each person with all the calls that they were found for, and by which ways',
				},
				{
					name: OUTPUT_FORMATS.users,
					value: 'users',
					description: 'A call, a user and why they can see it in each item, flat, for a sheet',
				},
			],
			default: 'calls',
			description: 'What each output item stands for',
		},
		{
			displayName: LABELS.simplify,
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
						'Who was given access by this node or another integration. With OAuth2 it needs api:call-user-access:read.',
				},
				{
					name: NAMES_OF_WAYS.participant,
					value: 'participant',
					description: 'Who hosted the call, was invited to it or took part',
				},
				{
					name: NAMES_OF_WAYS.permissionProfile,
					value: 'permissionProfile',
					description:
						'Whose permission profile in Gong lets them see the call. With OAuth2 it needs api:permission-profile:read.',
				},
				{
					name: NAMES_OF_WAYS.commentMention,
					value: 'commentMention',
					description: 'Whom a public comment on the call mentions',
				},
				{
					name: NAMES_OF_WAYS.libraryFolder,
					value: 'libraryFolder',
					description:
						'Who can open a public library folder with the call in it. With OAuth2 it needs api:library:read and api:permission-profile:read.',
				},
			],
			default: ['apiGrant', 'participant', 'permissionProfile', 'commentMention'],
			description:
				'By which ways to look; those you leave out are not checked. With OAuth2 it needs api:calls:read:extensive and api:users:read, whatever you choose.',
			builderHint: {
				propertyHint:
					'Keep the default unless a scope is missing or public library folders matter. To find whom a revoke would really shut out, keep all of them.',
			},
		},
	],
};
