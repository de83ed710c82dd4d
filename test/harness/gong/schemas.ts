/**
 * What Gong takes, as JSON schemas. Types are never coerced: a Gong ID sent as a number is refused,
 * since a JavaScript number would already be another ID.
 */

import { LOG_TYPES } from './playData';

const id = { type: 'string', pattern: '^[0-9]{1,20}$' } as const;

const ids = { type: 'array', items: id, uniqueItems: true, minItems: 1 } as const;

/** ISO 8601 with its zone, as Gong's documentation shows it. */
const dateTime = {
	type: 'string',
	pattern:
		'^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$',
} as const;

const cursor = { type: 'string', minLength: 1 } as const;

function object(properties: Record<string, object>, required: string[] = []) {
	return { type: 'object', additionalProperties: false, required, properties } as const;
}

const callsFilter = {
	fromDateTime: dateTime,
	toDateTime: dateTime,
	workspaceId: id,
};

/** The schemas, each named after the request that it is for. */
export const schemas = {
	noQuery: object({}),
	getCallAccess: object({ filter: object({ callIds: ids }, ['callIds']) }, ['filter']),
	changeCallAccess: object(
		{
			callAccessList: {
				type: 'array',
				minItems: 1,
				items: object({ callId: id, userIds: ids }, ['callId', 'userIds']),
			},
		},
		['callAccessList'],
	),
	listUsers: object({ cursor, includeAvatars: { type: 'string', enum: ['true', 'false'] } }),
	findUsers: object(
		{
			cursor,
			filter: object({
				userIds: ids,
				includeAvatars: { type: 'boolean' },
				createdFromDateTime: dateTime,
				createdToDateTime: dateTime,
			}),
		},
		['filter'],
	),
	listCalls: object({ cursor, ...callsFilter }, ['fromDateTime', 'toDateTime']),
	findCalls: object(
		{
			cursor,
			filter: object({ ...callsFilter, callIds: ids, primaryUserIds: ids }),
			contentSelector: object({
				context: { type: 'string', enum: ['None', 'Basic', 'Extended'] },
				contextTiming: { type: 'array', items: { type: 'string', enum: ['Now', 'TimeOfCall'] } },
				exposedFields: object({
					parties: { type: 'boolean' },
					collaboration: object({ publicComments: { type: 'boolean' } }),
					// Taken, and without effect here.
					content: { type: 'object' },
					interaction: { type: 'object' },
					media: { type: 'boolean' },
				}),
			}),
		},
		['filter'],
	),
	listProfiles: object({ workspaceId: id }, ['workspaceId']),
	listProfileUsers: object({ profileId: id }, ['profileId']),
	listFolders: object({ workspaceId: id }),
	showFolder: object({ folderId: id }, ['folderId']),
	listLogs: object(
		{
			cursor,
			logType: { type: 'string', enum: LOG_TYPES },
			fromDateTime: dateTime,
			toDateTime: dateTime,
		},
		['logType', 'fromDateTime'],
	),
} as const;
