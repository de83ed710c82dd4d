import { SAMPLE_CALL_IDS, SAMPLE_USER_IDS, SAMPLE_WORKSPACE_IDS } from '../harness/gong';
import {
	ACCESS,
	ALL_CALLS,
	CALLS,
	FIND_CALLS,
	FIND_USERS,
	FOLDER,
	FOLDERS,
	gong,
	PROFILE_USERS,
	PROFILES,
	read,
	REQUEST_ID,
	send,
	start,
	UNKNOWN_ID,
	USERS,
	type Sent,
} from './localGong';

const [RENEWAL, DEMO, PRICING, REVIEW] = SAMPLE_CALL_IDS;
const { maria } = SAMPLE_USER_IDS;
const { success } = SAMPLE_WORKSPACE_IDS;

describe('The local Gong refuses, like Gong', () => {
	beforeEach(() => start());

	const callIds = [RENEWAL];
	const entry = { callId: RENEWAL, userIds: [maria] };
	const list = (...entries: object[]) => ({ callAccessList: entries });

	test.each<[string, Sent, number, RegExp]>([
		['a call ID that is a number', { body: `{"filter":{"callIds":[${RENEWAL}]}}` }, 400, /string/],
		['call IDs that are one string', { body: { filter: { callIds: RENEWAL } } }, 400, /array/],
		['no call IDs', { body: { filter: { callIds: [] } } }, 400, /callIds .*fewer/],
		['a call ID twice', { body: { filter: { callIds: [DEMO, DEMO] } } }, 400, /duplicate/],
		['an empty call ID', { body: { filter: { callIds: [''] } } }, 400, /pattern/],
		['a call ID of 21 digits', { body: { filter: { callIds: ['1'.repeat(21)] } } }, 400, /pattern/],
		['a call ID with a space', { body: { filter: { callIds: [` ${DEMO}`] } } }, 400, /pattern/],
		['a call ID with a new line', { body: { filter: { callIds: [`${DEMO}\n`] } } }, 400, /pattern/],
		['a call ID of other digits', { body: { filter: { callIds: ['٧٧٨٢'] } } }, 400, /pattern/],
		[
			'a link for a call ID',
			{ body: { filter: { callIds: ['https://x/?id=1'] } } },
			400,
			/pattern/,
		],
		['a call ID that is null', { body: { filter: { callIds: [null] } } }, 400, /string/],
		['no filter', { body: {} }, 400, /filter/],
		['a filter without call IDs', { body: { filter: {} } }, 400, /callIds/],
		['a field more in the filter', { body: { filter: { callIds, a: 1 } } }, 400, /'a'/],
		['a field more in the body', { body: { filter: { callIds }, b: 1 } }, 400, /'b'/],
		['the filter as a list', { body: [{ filter: { callIds } }] }, 400, /object/],
		['a body that is no JSON', { body: '{"filter":' }, 400, /JSON/],
		['a body that is null', { body: 'null' }, 400, /object/],
		['an empty body', { body: '' }, 400, /JSON/],
		['no body', {}, 400, /body/],
		[
			'a parameter in the query',
			{ path: `${ACCESS}?a=1`, body: { filter: { callIds } } },
			400,
			/'a'/,
		],
		[
			'JSON that is called text',
			{ body: { filter: { callIds } }, headers: { 'content-type': 'text/plain' } },
			415,
			/text\/plain/,
		],
		[
			'JSON that is called a form',
			{
				body: { filter: { callIds } },
				headers: { 'content-type': 'application/x-www-form-urlencoded' },
			},
			415,
			/form/,
		],
		[
			'an unknown call, without naming it',
			{ body: { filter: { callIds: [RENEWAL, UNKNOWN_ID] } } },
			400,
			/^Some calls not found$/,
		],
		[
			'to grant on an unknown call',
			{ method: 'PUT', body: list(entry, { ...entry, callId: UNKNOWN_ID }) },
			400,
			/^Some calls not found$/,
		],
		[
			'to revoke on an unknown call',
			{ method: 'DELETE', body: list({ ...entry, callId: UNKNOWN_ID }) },
			400,
			/^Some calls not found$/,
		],
		[
			'to grant to an unknown user',
			{ method: 'PUT', body: list({ ...entry, userIds: [UNKNOWN_ID] }) },
			400,
			/^Some users not found$/,
		],
		[
			'to revoke from an unknown user',
			{ method: 'DELETE', body: list({ ...entry, userIds: [UNKNOWN_ID] }) },
			400,
			/^Some users not found$/,
		],
		[
			'to grant to nobody',
			{ method: 'PUT', body: list({ ...entry, userIds: [] }) },
			400,
			/userIds/,
		],
		['to grant on nothing', { method: 'PUT', body: list() }, 400, /callAccessList/],
		['to revoke without a body', { method: 'DELETE' }, 400, /body/],
		[
			'to revoke with the IDs in the query',
			{ method: 'DELETE', path: `${ACCESS}?callId=${RENEWAL}&userIds=${maria}` },
			400,
			/body/,
		],
		[
			'users in the shape that reading gives them',
			{ method: 'PUT', body: list({ callId: RENEWAL, users: [{ userId: maria }] }) },
			400,
			/'users'/,
		],
		[
			'a user ID that is a number',
			{ method: 'PUT', body: list({ callId: RENEWAL, userIds: [234599484848423] }) },
			400,
			/string/,
		],
		[
			'a user ID twice',
			{ method: 'PUT', body: list({ ...entry, userIds: [maria, maria] }) },
			400,
			/duplicate/,
		],
		['a path that it does not have', { method: 'GET', path: '/v2/nothing' }, 404, /Not found/],
		[
			'a path with a slash too many',
			{ body: { filter: { callIds } }, path: `/${ACCESS}` },
			404,
			/N/,
		],
		['a method that it does not have', { method: 'PATCH', body: list(entry) }, 404, /Not found/],
		['to read access with GET', { method: 'GET' }, 404, /Not found/],
		['a made-up cursor', { method: 'GET', path: `${USERS}?cursor=abc` }, 400, /cursor/],
		['an empty cursor', { method: 'GET', path: `${USERS}?cursor=` }, 400, /cursor/],
		[
			'a cursor beside the body',
			{ path: `${FIND_USERS}?cursor=a`, body: { filter: {} } },
			400,
			/'/,
		],
		['users found without a filter', { path: FIND_USERS, body: {} }, 400, /filter/],
		[
			'users found by an address',
			{ path: FIND_USERS, body: { filter: { userIds: ['maria.keller@example.com'] } } },
			400,
			/pattern/,
		],
		[
			'a time without a zone',
			{
				method: 'GET',
				path: `${CALLS}?fromDateTime=2024-01-01T00:00:00&toDateTime=2024-02-01T00:00:00Z`,
			},
			400,
			/fromDateTime/,
		],
		[
			'a day for a time',
			{ method: 'GET', path: `${CALLS}?fromDateTime=2024-01-01T00:00:00Z&toDateTime=2024-02-01` },
			400,
			/toDateTime/,
		],
		[
			'a time that does not exist',
			{
				method: 'GET',
				path: `${CALLS}?fromDateTime=2024-01-01T00:00:00Z&toDateTime=2024-13-01T00:00:00Z`,
			},
			400,
			/date-time/,
		],
		[
			'a period that ends before it begins',
			{
				method: 'GET',
				path: `${CALLS}?fromDateTime=2024-02-01T00:00:00Z&toDateTime=2024-01-01T00:00:00Z`,
			},
			400,
			/before/,
		],
		[
			'a period without its end',
			{ method: 'GET', path: `${CALLS}?fromDateTime=2024-01-01T00:00:00Z` },
			400,
			/toDateTime/,
		],
		[
			'a misspelt filter',
			{ method: 'GET', path: `${CALLS}?fromDate=2024-01-01T00:00:00Z` },
			400,
			/'fromDate'/,
		],
		[
			'users that nobody is',
			{ path: FIND_USERS, body: { filter: { userIds: [UNKNOWN_ID] } } },
			404,
			/^No users found corresponding to the provided filters$/,
		],
		[
			'calls that nobody had',
			{ path: FIND_CALLS, body: { filter: { callIds: [UNKNOWN_ID] } } },
			404,
			/^No calls found corresponding to the provided filters$/,
		],
		[
			'a period without calls',
			{
				method: 'GET',
				path: `${CALLS}?fromDateTime=2001-01-01T00:00:00Z&toDateTime=2001-02-01T00:00:00Z`,
			},
			404,
			/^No calls found corresponding to the provided filters$/,
		],
		['profiles of no workspace', { method: 'GET', path: PROFILES }, 400, /workspaceId/],
		[
			'profiles of an unknown workspace',
			{ method: 'GET', path: `${PROFILES}?workspaceId=1` },
			400,
			/^Workspace not found$/,
		],
		['users of no profile', { method: 'GET', path: PROFILE_USERS }, 400, /profileId/],
		[
			'users of an unknown profile',
			{ method: 'GET', path: `${PROFILE_USERS}?profileId=1` },
			400,
			/^Permission profile not found$/,
		],
		[
			'a workspace without folders',
			{ method: 'GET', path: `${FOLDERS}?workspaceId=${success}` },
			404,
			/^No folders found/,
		],
		['no folder', { method: 'GET', path: FOLDER }, 400, /folderId/],
		[
			'an unknown folder',
			{ method: 'GET', path: `${FOLDER}?folderId=1` },
			404,
			/^No folders found/,
		],
		[
			'a misspelt part of the collaboration',
			{
				path: FIND_CALLS,
				body: {
					filter: {},
					contentSelector: { exposedFields: { collaboration: { privateComments: true } } },
				},
			},
			400,
			/'privateComments'/,
		],
		[
			'comments asked for in words',
			{
				path: FIND_CALLS,
				body: {
					filter: {},
					contentSelector: { exposedFields: { collaboration: { publicComments: 'true' } } },
				},
			},
			400,
			/boolean/,
		],
		[
			'a misspelt field of calls',
			{
				path: FIND_CALLS,
				body: { filter: {}, contentSelector: { exposedFields: { party: true } } },
			},
			400,
			/'party'/,
		],
		[
			'a workspace without calls',
			{ method: 'GET', path: `${ALL_CALLS}&workspaceId=1` },
			404,
			/^No calls found corresponding to the provided filters$/,
		],
	])('%s', async (_what, sent, status, words) => {
		const before = gong.state.accessSnapshot();

		const answer = await send(sent);

		expect(answer.status).toBe(status);
		expect(Object.keys(answer.json)).toEqual(['requestId', 'errors']);
		expect(answer.json.requestId).toMatch(REQUEST_ID);
		expect(answer.json.errors?.join('\n')).toMatch(words);
		expect(answer.headers.get('content-type')).toBe('application/json;charset=UTF-8');
		expect(gong.state.accessSnapshot()).toEqual(before);
		const [path] = (sent.path ?? ACCESS).split('?');
		expect(gong.log).toEqual([expect.objectContaining({ path, status })]);
	});

	test('more calls than it was set to take', async () => {
		await start({ assumptions: { maxCallsPerRequest: 3 } });

		expect((await read(RENEWAL, DEMO, PRICING)).status).toBe(200);
		const { status, json } = await read(RENEWAL, DEMO, PRICING, REVIEW);

		expect([status, json.errors]).toEqual([400, ['Too many calls in one request: 4, at most 3']]);
	});
});
