/**
 * Gong's own OpenAPI description as a judge: that it finds what is wrong, and finds nothing wrong with any kind of
 * answer of the local Gong.
 */
import {
	basicHeader,
	DEFAULT_WORKSPACE_ID,
	DEMO_ACCOUNT,
	SAMPLE_CALL_IDS,
	SAMPLE_FOLDER_ID,
	SAMPLE_PROFILE_IDS,
	SAMPLE_USER_IDS,
	type LocalGong,
	type LoggedRequest,
} from '../harness/gong';
import { describeJudged } from '../harness/judging/judgedGongs';
import { ACCESS, UNKNOWN_ID as UNKNOWN } from './localGong';

const { jonas, sparse } = SAMPLE_USER_IDS;
const [RENEWAL] = SAMPLE_CALL_IDS;

describeJudged((room) => {
	const { start } = room;

	describe('finds a request with', () => {
		const NOTHING = /^$/;
		const entry = (changed: Partial<LoggedRequest>): LoggedRequest => ({
			at: 0,
			method: 'POST',
			path: ACCESS,
			query: {},
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ filter: { callIds: [RENEWAL] } }),
			status: null,
			requestId: null,
			inFlight: 1,
			company: '',
			endedAt: null,
			...changed,
		});
		const body = (json: unknown): Partial<LoggedRequest> => ({ body: JSON.stringify(json) });
		const list = { method: 'GET', path: '/v2/calls', body: '', headers: {} };
		const query = { fromDateTime: '2024-01-01T00:00:00Z', toDateTime: '2024-01-02T00:00:00Z' };

		const logs = (asked: Record<string, string>): Partial<LoggedRequest> => ({
			...list,
			path: '/v2/logs',
			query: { fromDateTime: query.fromDateTime, ...asked },
		});
		const selecting = (collaboration: object): Partial<LoggedRequest> => ({
			path: '/v2/calls/extensive',
			...body({ filter: {}, contentSelector: { exposedFields: { collaboration } } }),
		});

		test.each<[string, Partial<LoggedRequest>, RegExp]>([
			['nothing wrong', {}, NOTHING],
			['nothing wrong in its query', { ...list, query }, NOTHING],
			['another path', { path: '/v2/calls/access' }, /no such request/],
			['another method', { method: 'PATCH' }, /no such request/],
			['a field more', body({ filter: { callIds: [RENEWAL] }, limit: 1 }), /'limit'/],
			['a field more inside', body({ filter: { callIds: [RENEWAL], ids: [] } }), /'ids'/],
			['a field less', body({ filter: {} }), /callIds/],
			['an ID that is a number', body({ filter: { callIds: [1] } }), /must be string/],
			['an ID twice', body({ filter: { callIds: ['1', '1'] } }), /duplicate/],
			['a body that is no JSON', { body: '{' }, /not JSON/],
			['a body that is called text', { headers: { 'content-type': 'text/plain' } }, /called JSON/],
			['a body where none belongs', { ...list, query, body: '{}' }, /no body/],
			['nothing wrong in a request for a log', logs({ logType: 'UserCallPlay' }), NOTHING],
			['a log that does not exist', logs({ logType: 'Play' }), /allowed values/],
			['a log without its type', logs({}), /'logType' is missing/],
			['a filter that logs do not have', logs({ logType: 'AccessLog', callId: '1' }), /'callId'/],
			['comments asked for in words', selecting({ publicComments: 'true' }), /boolean/],
			['comments that are not public', selecting({ privateComments: true }), /'privateComments'/],
			['an unknown parameter', { ...list, query: { ...query, limit: '1' } }, /'limit'/],
			['a parameter missing', { ...list, query: { toDateTime: 'x' } }, /'fromDateTime' is missing/],
			[
				'a parameter of another type',
				{ ...list, path: '/v2/users', query: { includeAvatars: '1' } },
				/boolean/,
			],
			[
				'users in the shape that reading gives them',
				{ method: 'PUT', ...body({ callAccessList: [{ callId: '1', users: [{ userId: '2' }] }] }) },
				/userIds/,
			],
		])('%s', (_what, changed, found) => {
			room.judge.request(entry(changed));

			expect(room.judge.violations.join('\n')).toMatch(found);
		});

		test.each<[string, number, unknown, RegExp]>([
			['right', 200, { requestId: 'a', callAccessList: [{ callId: '1', users: [] }] }, NOTHING],
			['refused', 400, { requestId: 'a', errors: ['No'] }, NOTHING],
			['refused with a status that is not named', 403, { requestId: 'a', errors: ['No'] }, NOTHING],
			['with a field more', 200, { requestId: 'a', calls: [] }, /'calls'/],
			['without its ID', 200, { callAccessList: [] }, /'requestId' is missing/],
			['with null', 200, { requestId: 'a', callAccessList: null }, /array/],
			['refused without words', 400, { requestId: 'a' }, /'errors' is missing/],
			['refused in one text', 400, { requestId: 'a', errors: 'No' }, /array/],
			['too early to ask again, not saying when', 429, { requestId: 'a', errors: [] }, /Retry/],
			['with a status that is not named', 202, { requestId: 'a' }, /no such answer/],
		])('an answer %s', (_what, status, json, found) => {
			const headers = { 'content-type': 'application/json;charset=UTF-8' };
			room.judge.answer(entry({}), {
				status,
				headers,
				body: JSON.stringify(json),
				requestId: null,
			});

			expect(room.judge.violations.join('\n')).toMatch(found);
		});

		test.each<[string, unknown, RegExp]>([
			[
				'text, numbers and booleans in its record',
				{ logRecord: { a: '1', b: 2, c: true } },
				NOTHING,
			],
			['a field more', { callId: '1' }, /'callId'/],
			['a record that is a list', { logRecord: [] }, /object/],
			['a user that is a number', { userId: 5 }, /string/],
		])('an entry of a log with %s', (_what, logEntry, found) => {
			const json = { requestId: 'a', records: {}, logEntries: [logEntry] };
			const headers = { 'content-type': 'application/json' };
			const answer = { status: 200, headers, body: JSON.stringify(json), requestId: null };
			room.judge.answer(entry(logs({ logType: 'UserCallPlay' })), answer);

			expect(room.judge.violations.join('\n')).toMatch(found);
		});
	});

	describe('agrees with the answers of the local Gong', () => {
		const send = async (gong: LocalGong, method: string, path: string, json?: unknown) =>
			await fetch(gong.url + path, {
				method,
				headers: {
					authorization: basicHeader(gong.account),
					...(json ? { 'content-type': 'application/json' } : {}),
				},
				body: json ? JSON.stringify(json) : undefined,
			});

		const filter = { callIds: SAMPLE_CALL_IDS };
		const dates = 'fromDateTime=2001-01-01T00:00:00Z&toDateTime=2101-01-01T00:00:00Z';
		const change = (callId: string) => ({ callAccessList: [{ callId, userIds: [jonas] }] });
		const parties = { exposedFields: { parties: true } };
		const comments = { exposedFields: { collaboration: { publicComments: true } } };
		test.each<[number, string, string, unknown?]>([
			[200, 'POST', ACCESS, { filter }],
			[400, 'POST', ACCESS, { filter: { callIds: [UNKNOWN] } }],
			[200, 'PUT', ACCESS, change(RENEWAL)],
			[400, 'PUT', ACCESS, change(UNKNOWN)],
			[200, 'DELETE', ACCESS, change(RENEWAL)],
			[400, 'DELETE', ACCESS, change(UNKNOWN)],
			[200, 'GET', `/v2/calls?${dates}`],
			[200, 'GET', `/v2/calls?${dates}&workspaceId=${DEFAULT_WORKSPACE_ID}`],
			[400, 'GET', '/v2/calls'],
			[400, 'GET', `/v2/calls?${dates}&cursor=abc`],
			[404, 'GET', `/v2/calls?${dates}&workspaceId=1`],
			[200, 'POST', '/v2/calls/extensive', { filter }],
			[200, 'POST', '/v2/calls/extensive', { filter, contentSelector: parties }],
			[200, 'POST', '/v2/calls/extensive', { filter, contentSelector: comments }],
			[400, 'POST', '/v2/calls/extensive', { filter: { callIds: [] } }],
			[404, 'POST', '/v2/calls/extensive', { filter: { callIds: [UNKNOWN] } }],
			[200, 'GET', '/v2/users'],
			[200, 'GET', '/v2/users?includeAvatars=true'],
			[400, 'GET', '/v2/users?cursor=abc'],
			[200, 'POST', '/v2/users/extensive', { filter: {} }],
			[200, 'POST', '/v2/users/extensive', { filter: { userIds: [sparse] } }],
			[400, 'POST', '/v2/users/extensive', {}],
			[404, 'POST', '/v2/users/extensive', { filter: { userIds: [UNKNOWN] } }],
			[200, 'GET', '/v2/workspaces'],
			[200, 'GET', `/v2/all-permission-profiles?workspaceId=${DEFAULT_WORKSPACE_ID}`],
			[400, 'GET', '/v2/all-permission-profiles'],
			[200, 'GET', `/v2/permission-profile/users?profileId=${SAMPLE_PROFILE_IDS.engineers}`],
			[400, 'GET', '/v2/permission-profile/users?profileId=1'],
			[200, 'GET', `/v2/library/folders?workspaceId=${DEFAULT_WORKSPACE_ID}`],
			[404, 'GET', '/v2/library/folders?workspaceId=1'],
			[200, 'GET', `/v2/library/folder-content?folderId=${SAMPLE_FOLDER_ID}`],
			[404, 'GET', '/v2/library/folder-content?folderId=1'],
			[200, 'GET', `/v2/logs?logType=UserCallPlay&${dates}`],
			[200, 'GET', `/v2/logs?logType=ExternallySharedCallPlay&${dates}`],
			[400, 'GET', `/v2/logs?logType=Play&${dates}`],
			[404, 'GET', `/v2/logs?logType=AccessLog&${dates}`],
		])('%j to %s %s', async (status, method, path, ...[json]) => {
			const gong = await start();
			const answer = await send(gong, method, path, json);

			expect(answer.status).toBe(status);
			expect([...room.judge.seen]).toContain(`${method} ${path.split('?')[0]} ${status}`);
			expect(room.judge.violations.filter((found) => found.includes(` ${status}: `))).toEqual([]);
		});

		test('to a wrong key, a missing scope, an expired cursor, and too many requests', async () => {
			const without = { accessKey: 'a', accessKeySecret: 'b', scopes: [] };
			const limit = { perSecond: 3, perDay: 1_000 };
			const gong = await start({ accounts: [DEMO_ACCOUNT, without], limit });
			const get = async (path: string, authorization: string) =>
				await fetch(gong.url + path, { headers: { authorization } });
			const authorization = basicHeader(DEMO_ACCOUNT);
			const first = await get('/v2/users', authorization);
			const { cursor } = ((await first.json()) as { records: { cursor: string } }).records;
			gong.expireCursors();
			const statuses = [first.status];
			for (const [path, key] of [
				['/v2/users', basicHeader({ ...without, accessKey: 'unknown' })],
				['/v2/users', basicHeader(without)],
				[`/v2/users?cursor=${cursor}`, authorization],
				['/v2/workspaces', authorization],
			]) {
				statuses.push((await get(path, key)).status);
			}

			expect(statuses).toEqual([200, 401, 403, 400, 429]);
			expect(room.judge.violations).toEqual([]);
		});

		test.each(['null', 'noList', 'leftOut'] as const)(
			'of a call without public comments, in the style %s',
			async (callWithoutComments) => {
				const gong = await start({ assumptions: { callWithoutComments } });

				await send(gong, 'POST', '/v2/calls/extensive', { filter, contentSelector: comments });

				expect([...room.judge.seen]).toContain('POST /v2/calls/extensive 200');
				expect(room.judge.violations).toEqual([]);
			},
		);

		test('to an address that is not trusted, and to a key that has ended', async () => {
			const trustedIps = ['203.0.113.7'];
			for (const account of [
				{ ...DEMO_ACCOUNT, trustedIps },
				{ ...DEMO_ACCOUNT, endsAt: '2020-01-01' },
			]) {
				const gong = await start({ accounts: [account] });
				await send(gong, 'GET', '/v2/logs?logType=UserCallPlay&fromDateTime=2020-01-01T00:00:00Z');
			}

			expect([...room.judge.seen].filter((what) => / 40[13]$/.test(what))).toEqual([
				'GET /v2/logs 403',
				'GET /v2/logs 401',
			]);
			expect(room.judge.violations).toEqual([]);
		});
	});
});
