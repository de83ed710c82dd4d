import { makeData, SAMPLE_CALL_IDS, SAMPLE_USER_IDS } from '../harness/gong';
import { change, gong, read, REQUEST_ID, send, start, UNKNOWN_ID } from './localGong';

const [RENEWAL, DEMO, PRICING, REVIEW] = SAMPLE_CALL_IDS;
const { maria, jonas, priya, samuel, yuki, left, sparse } = SAMPLE_USER_IDS;

describe('Reading who was given access', () => {
	test('gives the documented shape, digit for digit', async () => {
		await start();

		const { status, text, json } = await read('7782342274025937895');

		expect(status).toBe(200);
		expect(text).toBe(
			`{"requestId":"${json.requestId}","callAccessList":[` +
				'{"callId":"7782342274025937895","users":[{"userId":"234599484848423"}]}]}',
		);
	});

	test('gives the sample calls 1, 2, 3 and 3 users, and nobody with a share', async () => {
		await start();

		const { json } = await read(RENEWAL, DEMO, PRICING, REVIEW);

		const users = Object.fromEntries(
			json.callAccessList?.map((entry) => [entry.callId, entry.users?.map((u) => u.userId)]) ?? [],
		);
		expect(users).toEqual({
			[RENEWAL]: [maria],
			[DEMO]: [jonas, priya],
			[PRICING]: [priya, samuel, left],
			[REVIEW]: [maria, yuki, sparse],
		});
	});

	test('does not keep the order of the request', async () => {
		await start();

		const one = await read(RENEWAL, DEMO, PRICING);
		const other = await read(PRICING, RENEWAL, DEMO);

		expect(other.json.callAccessList).toEqual(one.json.callAccessList);
	});

	test.each([
		['empty', [{ callId: '11', users: [] }]],
		['noUsers', [{ callId: '11' }]],
		['noEntry', []],
	] as const)(
		'answers a call without users in the style %s',
		async (callWithoutUsers, expected) => {
			await start({
				assumptions: { callWithoutUsers },
				data: makeData({ calls: [{ id: '11' }, { id: '12', users: ['5'] }] }),
			});

			const { json } = await read('11', '12');

			const other = { callId: '12', users: [{ userId: '5' }] };
			expect(json.callAccessList).toEqual([...expected, other]);
		},
	);

	test('gives each answer an ID of its own', async () => {
		await start();

		const ids = [await read(RENEWAL), await read(RENEWAL)].map(({ json }) => json.requestId);

		expect(new Set(ids).size).toBe(2);
		expect(gong.log.map(({ requestId }) => requestId)).toEqual(ids);
	});
});

describe('Changing who has access', () => {
	beforeEach(() => start());

	test('a grant is listed afterwards, a revoke is not', async () => {
		const granted = await change('PUT', RENEWAL, jonas, yuki);
		expect(granted.json).toEqual({ requestId: expect.stringMatching(REQUEST_ID) });
		expect([...(gong.state.apiAccess.get(RENEWAL) ?? [])]).toEqual([maria, jonas, yuki]);

		const revoked = await change('DELETE', RENEWAL, maria, jonas);
		expect(revoked.json).toEqual({ requestId: expect.stringMatching(REQUEST_ID) });
		const { json } = await read(RENEWAL);
		expect(json.callAccessList).toEqual([{ callId: RENEWAL, users: [{ userId: yuki }] }]);
	});

	test.each(['PUT', 'DELETE'] as const)('%s may be repeated', async (method) => {
		expect((await change(method, DEMO, maria)).status).toBe(200);
		const once = gong.state.accessSnapshot();
		expect((await change(method, DEMO, maria)).status).toBe(200);
		expect(gong.state.accessSnapshot()).toEqual(once);
	});

	test('a grant to a person with a share is answered with 200 and changes nothing', async () => {
		const before = gong.state.accessSnapshot();

		const { status } = await change('PUT', RENEWAL, samuel);

		expect(status).toBe(200);
		expect(gong.state.accessSnapshot()).toEqual(before);
		expect((await read(RENEWAL)).text).not.toContain(samuel);
	});

	test('a person with a share keeps it when access is revoked', async () => {
		const before = gong.state.accessSnapshot();

		const { status } = await change('DELETE', PRICING, yuki, maria);

		expect(status).toBe(200);
		expect(gong.state.accessSnapshot()).toEqual(before);
		expect(before.otherAccess[PRICING]).toEqual([maria, yuki].sort());
	});

	test('one request changes many calls, or none when it is refused', async () => {
		const before = gong.state.accessSnapshot();
		const entries = [RENEWAL, DEMO, UNKNOWN_ID].map((callId) => ({ callId, userIds: [yuki] }));

		await send({ method: 'PUT', body: { callAccessList: entries } });
		expect(gong.state.accessSnapshot()).toEqual(before);

		await send({ method: 'PUT', body: { callAccessList: entries.slice(0, 2) } });
		const after = gong.state.accessSnapshot();
		expect(after.apiAccess[RENEWAL]).toContain(yuki);
		expect(after.apiAccess[DEMO]).toContain(yuki);
	});
});
