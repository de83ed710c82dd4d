import type { IDataObject } from 'n8n-workflow';
import { loadNode, runNode } from '../../harness/engine/engine';
import { detailsOf, gongsOfThisFile, jsonOf, linksOf, toldBy } from '../../harness/engine/support';
import { makeData, SAMPLE_CALL_IDS, SAMPLE_USER_IDS, type AccessStyle } from '../../harness/gong';
import { RAW_WORDS } from '../../harness/judging/rawWords';
import { FROM_ITEM } from '../inputs';

const startGong = gongsOfThisFile();

const [CALL, SECOND, THIRD, FOURTH] = SAMPLE_CALL_IDS;
const { maria, jonas, priya, samuel, yuki, left, sparse } = SAMPLE_USER_IDS;
const user = (userId: string): IDataObject => ({ userId });

describe('the sample calls, with 1, 2, 3 and 3 users', () => {
	const items = SAMPLE_CALL_IDS.map((call, place) => ({ id: `row ${place}`, call }));

	test('sends the documented body, byte for byte', async () => {
		const gong = await startGong();
		const { items: rows } = await runNode(gong, { parameters: { callIds: CALL } });
		expect(gong.log).toHaveLength(1);
		expect(gong.log[0]).toMatchObject({
			method: 'POST',
			path: '/v2/calls/users-access',
			query: {},
			body: `{"filter":{"callIds":["${CALL}"]}}`,
		});
		expect(gong.log[0].headers['content-type']).toMatch(/^application\/json/);
		expect(gong.log[0].headers.accept).toBe('application/json');
		expect(JSON.stringify(jsonOf(rows))).toBe(
			`[{"callId":"${CALL}","users":[{"userId":"${maria}"}],"requestId":"${gong.log[0].requestId}"}]`,
		);
	});

	test('give 4 items by calls, each linked to its input item', async () => {
		const gong = await startGong();
		const result = await runNode(gong, { parameters: { callIds: FROM_ITEM }, items });
		const { requestId } = gong.log[0];
		expect(jsonOf(result.items)).toEqual([
			{ callId: CALL, users: [maria].map(user), requestId },
			{ callId: SECOND, users: [jonas, priya].map(user), requestId },
			{ callId: THIRD, users: [priya, samuel, left].map(user), requestId },
			{ callId: FOURTH, users: [maria, yuki, sparse].map(user), requestId },
		]);
		expect(result.earlier).toEqual(['row 0', 'row 1', 'row 2', 'row 3']);
		expect(gong.log).toHaveLength(1);
	});

	test('give 9 items by users, each linked to its input item', async () => {
		const gong = await startGong();
		const parameters = { callIds: FROM_ITEM, splitInto: 'users' };
		const result = await runNode(gong, { parameters, items });
		expect(result.items.map(({ json }) => [json.callId, json.userId])).toEqual([
			[CALL, maria],
			[SECOND, jonas],
			[SECOND, priya],
			[THIRD, priya],
			[THIRD, samuel],
			[THIRD, left],
			[FOURTH, maria],
			[FOURTH, yuki],
			[FOURTH, sparse],
		]);
		expect(Object.keys(result.items[0].json)).toEqual(['callId', 'userId', 'requestId']);
		expect(result.earlier).toEqual([0, 1, 1, 2, 2, 2, 3, 3, 3].map((place) => `row ${place}`));
	});

	test('of one item are all linked to that item', async () => {
		const gong = await startGong();
		const result = await runNode(gong, {
			parameters: { callIds: SAMPLE_CALL_IDS.join('\n') },
			items: [{ id: 'the row' }],
		});
		expect(result.items).toHaveLength(4);
		expect(result.earlier).toEqual(Array(4).fill('the row'));
	});

	test('do not list people who see a call by a share', async () => {
		const gong = await startGong();
		const { items: rows } = await runNode(gong, { parameters: { callIds: CALL } });
		expect(gong.state.otherAccess.get(CALL)).toContain(samuel);
		expect(JSON.stringify(rows)).not.toContain(samuel);
	});

	test('come from an expression that gives a list, a number or a list as text', async () => {
		const gong = await startGong({
			data: makeData({ calls: [{ id: '12' }, { id: CALL }, { id: SECOND }, { id: THIRD }] }),
		});
		const { items: rows } = await runNode(gong, {
			parameters: { callIds: FROM_ITEM },
			items: [
				{ call: [CALL, 12] },
				{ call: 12 },
				{ call: `[${SECOND}]` },
				{ call: ` [${THIRD}, 12] ` },
			],
		});
		expect(jsonOf(rows).map(({ callId }) => callId)).toEqual([
			CALL,
			'12',
			'12',
			SECOND,
			THIRD,
			'12',
		]);
		expect(linksOf(rows)).toEqual([0, 0, 1, 2, 3, 3]);
	});

	test('named twice by one item give one row, by two items two, and are requested once', async () => {
		const gong = await startGong();
		const { items: rows } = await runNode(gong, {
			parameters: { callIds: FROM_ITEM },
			items: [
				{ call: `${CALL} ${SECOND} ${CALL}` },
				{ call: `https://app.gong.io/call?id=${CALL}` },
			],
		});
		expect(jsonOf(rows).map(({ callId }) => callId)).toEqual([CALL, SECOND, CALL]);
		expect(linksOf(rows)).toEqual([0, 0, 1]);
		expect(gong.log.map(({ body }) => body)).toEqual([
			`{"filter":{"callIds":["${CALL}","${SECOND}"]}}`,
		]);
	});

	test('with Execute Once are requested for the first item only', async () => {
		const gong = await startGong();
		const result = await runNode(gong, {
			parameters: { callIds: FROM_ITEM },
			items,
			settings: { executeOnce: true },
		});
		expect(jsonOf(result.items).map(({ callId }) => callId)).toEqual([CALL]);
		expect(gong.log).toHaveLength(1);
	});

	test('sends no request without input items', async () => {
		const gong = await startGong();
		const { items: rows, error } = await runNode(gong, {
			parameters: { callIds: FROM_ITEM },
			items: [],
		});
		expect([rows, error]).toEqual([[], undefined]);
		expect(gong.log).toEqual([]);
	});
});

describe('calls without users', () => {
	const data = makeData({ calls: [{ id: '1' }, { id: '2', users: ['21'] }, { id: '3' }] });

	describe.each<AccessStyle>(['empty', 'noUsers', 'noEntry'])(
		'when Gong answers %s',
		(callWithoutUsers) => {
			test('give one item each by calls', async () => {
				const gong = await startGong({ data, assumptions: { callWithoutUsers } });
				const { items } = await runNode(gong, { parameters: { callIds: '[1,2,3]' } });
				const { requestId } = gong.log[0];
				expect(jsonOf(items)).toEqual([
					{ callId: '1', users: [], requestId },
					{ callId: '2', users: [user('21')], requestId },
					{ callId: '3', users: [], requestId },
				]);
			});

			test('add nothing by users, unless asked for', async () => {
				const gong = await startGong({ data, assumptions: { callWithoutUsers } });
				const plain = await runNode(gong, {
					parameters: { callIds: '[1,2,3]', splitInto: 'users' },
				});
				expect(jsonOf(plain.items).map(({ userId }) => userId)).toEqual(['21']);
				const options = { includeCallsWithoutUsers: true };
				const all = await runNode(gong, {
					parameters: { callIds: '[1,2,3]', splitInto: 'users', options },
				});
				expect(jsonOf(all.items).map(({ callId, userId }) => [callId, userId])).toEqual([
					['1', null],
					['2', '21'],
					['3', null],
				]);
				expect(linksOf(all.items)).toEqual([0, 0, 0]);
			});
		},
	);
});

describe('a bad call ID', () => {
	test.each<[string, unknown, RegExp]>([
		['empty text', '', /empty/],
		['an empty list', [], /empty/],
		['an unsafe integer', Number(CALL), /lost digits.*77823422740259380/],
		['a fraction', 1.5, /1\.5/],
		['a negative number', -7, /-7/],
		['an object', { id: CALL }, /\{"id"/],
		['null', null, /null/],
		['nothing', undefined, /is empty/],
		['a boolean', true, /true/],
		['letters', 'abc', /abc/],
		['more than 20 digits', '123456789012345678901', /123456789012345678901/],
		['other digits', '٣٤', /٣٤/],
		['a link that is not Gong’s', 'https://example.com/call?id=1', /example\.com/],
		['a link without an ID', 'https://app.gong.io/calls', /gong\.io\/calls/],
		['a list with an object', [{ id: 1 }], /\{"id":1\}/],
	])('is refused before anything is sent, naming the parameter: %s', async (_form, call, value) => {
		const gong = await startGong();
		const result = await runNode(gong, {
			parameters: { callIds: FROM_ITEM },
			items: [{ call: CALL }, { call } as IDataObject],
		});
		expect(result.error?.message).toContain("'Call IDs'");
		expect(result.error?.message).toMatch(value);
		expect(result.error?.description).toBeTruthy();
		expect(gong.log).toEqual([]);
	});

	test.each([' ', 'abc', '[]', '12,x'])('is refused when typed as %j too', async (callIds) => {
		const gong = await startGong();
		const { error } = await runNode(gong, { parameters: { callIds } });
		expect(error?.message).toContain("'Call IDs'");
		expect(gong.log).toEqual([]);
	});

	test('fails only its own item on continue', async () => {
		const gong = await startGong();
		const result = await runNode(gong, {
			parameters: { callIds: FROM_ITEM },
			items: [
				{ id: 1, call: CALL },
				{ id: 2, call: 'abc' },
				{ id: 3, call: SECOND },
			],
			settings: { onError: 'continueRegularOutput' },
		});
		expect(result.items.map(({ json }) => json.callId)).toEqual([CALL, undefined, SECOND]);
		expect(linksOf(result.items)).toEqual([0, 1, 2]);
		expect(result.earlier).toEqual([1, 2, 3]);
		expect(result.items[1].json.error).toMatch(/'Call IDs'.*"abc"/);
		expect(detailsOf(result.items[1])).toEqual({
			callIds: [],
			requestId: null,
			httpStatus: null,
			gongErrors: [],
			reason: 'badInput',
			outcome: 'notSent',
		});
		expect(gong.log).toHaveLength(1);
	});

	test('goes to the error output with the fields of its item', async () => {
		const gong = await startGong();
		const result = await runNode(gong, {
			parameters: { callIds: FROM_ITEM },
			items: [
				{ id: 1, call: CALL },
				{ id: 2, call: 'abc' },
			],
			settings: { onError: 'continueErrorOutput' },
		});
		expect(jsonOf(result.items).map(({ callId }) => callId)).toEqual([CALL]);
		expect(result.errorItems).toHaveLength(1);
		expect(result.errorItems[0].json).toMatchObject({ id: 2, call: 'abc' });
		expect(Object.keys(result.errorItems[0].json)).toEqual(['id', 'call', 'error', 'details']);
		expect(linksOf(result.errorItems)).toEqual([1]);
	});

	test.each([0, -1, 1.5, 'many', null, true])(
		'refuses Calls per Request %j, naming the parameter',
		async (value) => {
			const gong = await startGong();
			const { error } = await runNode(gong, {
				parameters: {
					callIds: CALL,
					options: {
						callsPerRequest: value === null ? '={{ null }}' : `={{ ${JSON.stringify(value)} }}`,
					},
				},
			});
			// n8n gives null for an option that was emptied: the default applies.
			const refused = value !== null;
			expect(error?.message.includes("'Calls per Request'") ?? false).toBe(refused);
			expect(gong.log).toHaveLength(refused ? 0 : 1);
		},
	);
});

describe('call IDs from a field of the item', () => {
	test.each<[string, string, IDataObject]>([
		['a name', 'id', { id: CALL }],
		['a path', 'metaData.id', { metaData: { id: CALL } }],
		['a path through a list', 'calls[0].id', { calls: [{ id: CALL }] }],
		['a name with dots in it', 'metaData.id', { 'metaData.id': CALL, metaData: { id: '1' } }],
		['a name with a space in brackets', "['Call ID']", { 'Call ID': CALL }],
		['a name with a space', 'Call ID', { 'Call ID': CALL }],
		['a name with a hyphen', 'call-id', { 'call-id': CALL }],
		['a path with hyphens', 'meta-data.call-id', { 'meta-data': { 'call-id': CALL } }],
		['a path with a hyphen before a list', 'my-calls[0].id', { 'my-calls': [{ id: CALL }] }],
		['a path in double quotes', 'metaData["call id"]', { metaData: { 'call id': CALL } }],
		['a name with spaces around', '  id ', { id: CALL }],
		['a name of digits', '0', { 0: CALL }],
		['a name of other letters', 'größe', { größe: CALL }],
	])('are found by %s', async (_what, callIdField, item) => {
		const gong = await startGong();
		const result = await runNode(gong, {
			parameters: { callsFrom: 'field', callIdField },
			items: [item],
		});
		expect(toldBy(result)).toBe('');
		expect(jsonOf(result.items).map(({ callId }) => callId)).toEqual([CALL]);
	});

	test('may have every form that Call IDs accepts', async () => {
		const gong = await startGong();
		const { items } = await runNode(gong, {
			parameters: { callsFrom: 'field', callIdField: 'id' },
			items: [
				{ id: [CALL, SECOND] },
				{ id: `["${THIRD}"]` },
				{ id: `https://app.gong.io/call?id=${FOURTH}` },
				{ id: `${CALL}; ${THIRD}` },
			],
		});
		expect(jsonOf(items).map(({ callId }) => callId)).toEqual([
			CALL,
			SECOND,
			THIRD,
			FOURTH,
			CALL,
			THIRD,
		]);
		expect(linksOf(items)).toEqual([0, 0, 1, 2, 3, 3]);
		expect(gong.log).toHaveLength(1);
	});

	test.each<[string, string, IDataObject, RegExp]>([
		['a name of spaces', '  ', { id: CALL }, /^'Call ID Field' is empty$/],
		['a field that is missing', 'call', { id: CALL }, /"call".*does not have/],
		['a path that ends early', 'id.call.x', { id: { call: null } }, /"id\.call\.x".*does not have/],
		['a field of the prototype', 'constructor', { id: CALL }, /"constructor".*does not have/],
		['null', 'id', { id: null }, /"id".*null/],
		['empty text', 'id', { id: '' }, /"id" has no value/],
		['letters', 'id', { id: 'abc' }, /id' has a value.*"abc"/],
		['a number that lost digits', 'id', { id: Number(CALL) }, /lost digits/],
		['an object', 'id', { id: { call: CALL } }, /\{"call"/],
	])(
		'are refused before anything is sent, naming the parameter: %s',
		async (_what, callIdField, item, words) => {
			const gong = await startGong();
			const result = await runNode(gong, {
				parameters: { callsFrom: 'field', callIdField },
				items: [{ id: CALL, call: CALL }, item],
			});
			expect(toldBy(result)).toContain("'Call ID Field");
			expect(result.error?.message).toMatch(words);
			expect(gong.log).toEqual([]);
		},
	);
});

describe('an odd answer', () => {
	test.each<[string, unknown, unknown]>([
		['null entries', [null, { callId: '1', users: [null, user('11')] }], [user('11')]],
		['users that are null', [{ callId: '1', users: null }], []],
		[
			'a call named twice',
			[
				{ callId: '1', users: [user('11')] },
				{ callId: '1', users: [user('11'), user('12')] },
			],
			[user('11'), user('12')],
		],
		['no list', undefined, []],
		['a null list', null, []],
		['a call that was not asked for beside the right one', [{ callId: '9' }, { callId: '1' }], []],
	])('with %s gives correct rows', async (_what, callAccessList, users) => {
		const gong = await startGong({ data: makeData({ calls: [{ id: '1' }] }) });
		gong.fail({ kind: 'body', json: { requestId: 'r', callAccessList } });
		const { items } = await runNode(gong, { parameters: { callIds: '1' } });
		expect(jsonOf(items)).toEqual([{ callId: '1', users, requestId: 'r' }]);
	});

	// Three waits of half a second to two lie between the four tries, so the cases run in parallel.
	const ODD: [string, { json?: unknown; raw?: string }][] = [
		['null', { json: null }],
		['a list', { json: [{ callId: '1' }] }],
		['text', { json: 'fine' }],
		['an empty object', { json: {} }],
		['nothing', { raw: '' }],
		['HTML', { raw: '<html><body>Sign in</body></html>' }],
		['half of it', { raw: '{"requestId":"r","callAccessList":[{"cal' }],
		['users that are an object', { json: { callAccessList: [{ callId: '1', users: {} }] } }],
		['users that are texts', { json: { callAccessList: [{ callId: '1', users: ['11'] }] } }],
		['a list that is an object', { json: { requestId: 'r', callAccessList: { 1: [] } } }],
		['entries without a call', { json: { requestId: 'r', callAccessList: [{ users: [] }] } }],
		['another call', { json: { requestId: 'r', callAccessList: [{ callId: '2', users: [] }] } }],
		['an ID that lost digits', { raw: `{"callAccessList":[{"callId":${CALL}}]}` }],
	];
	const messages = new Map<string, string>();
	const requests = new Map<string, number>();

	beforeAll(async () => {
		await Promise.all(
			ODD.map(async ([what, body]) => {
				const gong = await startGong({ data: makeData({ calls: [{ id: '1' }] }) });
				gong.fail({ kind: 'body', times: Infinity, ...body });
				const result = await runNode(gong, { parameters: { callIds: '1' } });
				messages.set(what, toldBy(result));
				requests.set(what, gong.log.length);
			}),
		);
	});

	test.each(ODD)('that is %s is reported in clear words after all tries', (what) => {
		expect(messages.get(what)).toMatch(/not one that Gong documents/);
		expect(messages.get(what)).not.toMatch(RAW_WORDS);
		expect(requests.get(what)).toBe(4);
	});
});

describe('more rows than n8n can take', () => {
	const crowd = Array.from({ length: 60_000 }, (_, place) => String(1_000_000 + place));
	const data = makeData({
		calls: [
			{ id: '1', users: crowd },
			{ id: '2', users: crowd },
		],
	});

	test('from one item are refused in words that say to split the calls', async () => {
		const gong = await startGong({ data });
		const result = await runNode(gong, { parameters: { callIds: '[1,2]', splitInto: 'users' } });
		expect(toldBy(result)).toMatch(/120000 rows.*several input items/s);
		expect(toldBy(result)).not.toMatch(RAW_WORDS);
	});

	test('are given when two items share them', async () => {
		const gong = await startGong({ data });
		const { items, error } = await runNode(gong, {
			parameters: { callIds: FROM_ITEM, splitInto: 'users' },
			items: [{ call: '1' }, { call: '2' }],
			alone: true,
		});
		expect(error).toBeUndefined();
		expect(items).toHaveLength(120_000);
		expect(linksOf([items[0], items[119_999]])).toEqual([0, 1]);
	});
});

describe('the node as n8n’s loader sees it', () => {
	test('has the names that saved workflows depend on', async () => {
		const { description } = await loadNode();
		expect(description).toMatchObject({
			displayName: 'Gong Call Access',
			name: 'gongCallAccess',
			version: 1,
			usableAsTool: true,
		});
		expect(description.credentials?.[0].name).toBe('gongApi');
	});

	test('has n8n’s own Request Options added', async () => {
		const { description } = await loadNode();
		const added = description.properties.find(({ name }) => name === 'requestOptions');
		const names = (added?.options ?? []).map(({ name }) => name);
		expect(names).toEqual(expect.arrayContaining(['batching', 'proxy', 'timeout']));
	});

	test.each<[string, IDataObject]>([
		['resource', { type: 'options', default: 'callAccess' }],
		['operation', { type: 'options', default: 'list', noDataExpression: true }],
		['callsFrom', { type: 'options', default: 'ids' }],
		['callIds', { type: 'string', default: '', required: true }],
		['callIdField', { type: 'string', requiresDataPath: 'single' }],
		['splitInto', { type: 'options', default: 'calls' }],
		['options', { type: 'collection', default: {} }],
	])('has the parameter %s', async (name, expected) => {
		const { description } = await loadNode();
		const found = description.properties.filter((property) => property.name === name);
		expect(found.length).toBeGreaterThan(0);
		expect(found[0]).toMatchObject(expected);
	});

	test.each<[string, IDataObject]>([
		['callsPerRequest', { type: 'number', default: 100 }],
		['maxWait', { type: 'number', default: 60 }],
		['unknownCalls', { type: 'options', default: 'fail' }],
		['includeCallsWithoutUsers', { type: 'boolean', default: true }],
	])('has the option %s', async (name, expected) => {
		const { description } = await loadNode();
		const options = description.properties.find((property) => property.name === 'options');
		expect(options?.options).toContainEqual(expect.objectContaining({ name, ...expected }));
	});

	test('has no expression that n8n would evaluate for every item', async () => {
		const { description } = await loadNode();
		expect(JSON.stringify(description.requestDefaults ?? {})).not.toContain('"=');
		const defaults = description.properties.map(({ default: value }) => String(value));
		expect(defaults.filter((value) => value.startsWith('='))).toEqual([]);
	});
});
