/** A run is answered once, and no item's failure reaches another item. */
import { runNode } from '../../harness/engine/engine';
import { accessOf, detailsOf, gongsOfThisFile, jsonOf, toldBy } from '../../harness/engine/support';
import { callIdAt, makeData, manyCalls, SCOPES, userIdAt } from '../../harness/gong';

const startGong = gongsOfThisFile();

const CONTINUE = { onError: 'continueRegularOutput' } as const;
const BATCHES_OF_ONE = { batching: { batch: { batchSize: 1, batchInterval: 10 } } };
const PAIRS = { operation: 'replace', callIds: '={{ $json.call }}', userIds: '={{ $json.user }}' };
const ONE_CALL = makeData({
	users: ['901', '902', '903'].map((id) => ({ id, emailAddress: `u${id}@example.com` })),
	calls: [{ id: '1', users: ['901'] }],
});

test('a slow refusal of the address look-up fails only the items with an address', async () => {
	const gong = await startGong({ data: manyCalls(400), latency: 100 });
	gong.fail({ kind: 'stall', ms: 400, match: { path: '/v2/users' } });
	gong.fail({ kind: 'status', status: 403, match: { path: '/v2/users' }, times: Infinity });
	const items = Array.from({ length: 400 }, (_, place) => ({
		call: callIdAt(place),
		user: place >= 200 && place < 300 ? 'm.keller@example.com' : userIdAt(1),
	}));
	const result = await runNode(gong, {
		parameters: { ...PAIRS, options: { dryRun: true } },
		items,
		settings: CONTINUE,
		alone: true,
	});
	const failed = result.items.flatMap(({ json }, place) => (json.error ? [place] : []));
	expect(failed).toEqual(Array.from({ length: 100 }, (_, place) => 200 + place));
});

test('two items of a call are replaced as one, in batches of one too', async () => {
	const gong = await startGong({ data: ONE_CALL });
	gong.fail({ kind: 'reset', match: { method: 'POST' }, after: 1, times: Infinity });
	const result = await runNode(gong, {
		parameters: { ...PAIRS, requestOptions: BATCHES_OF_ONE },
		items: [
			{ call: '1', user: '902' },
			{ call: '1', user: '903' },
		],
		settings: CONTINUE,
	});
	expect(jsonOf(result.items).map(({ grantedUserIds }) => grantedUserIds)).toEqual([
		['902', '903'],
		['902', '903'],
	]);
	expect(accessOf(gong)['1']).toEqual(['902', '903']);
});

test('a refused look-up of one item is not told as the fault of another, in batches of one too', async () => {
	const gong = await startGong({ data: ONE_CALL });
	gong.fail({ kind: 'status', status: 400, errors: ['Not now'], match: { path: '/v2/users' } });
	const result = await runNode(gong, {
		parameters: { ...PAIRS, requestOptions: BATCHES_OF_ONE },
		items: [
			{ call: '1', user: '902' },
			{ call: '1', user: 'u903@example.com' },
		],
		settings: CONTINUE,
	});
	expect(toldBy(result)).toBe('');
	const [first, second] = jsonOf(result.items).map(({ error }) => String(error));
	expect(first).toContain('[item 1]');
	expect(second).toContain('Not now');
	expect(accessOf(gong)['1']).toEqual(['901']);
});

test('a scope that only one item needs fails no other item of Explain', async () => {
	const gong = await startGong({ data: makeData({ calls: [{ id: '1' }, { id: '2' }] }) });
	const words = `You don't have permission to use '${SCOPES.readLibrary}' in your app.`;
	gong.fail({
		kind: 'status',
		status: 401,
		errors: [words],
		match: { path: '/v2/library/folders' },
		times: Infinity,
	});
	const { items } = await runNode(gong, {
		parameters: {
			operation: 'explain',
			callIds: '={{ $json.call }}',
			ways: '={{ $json.ways }}',
		},
		items: [
			{ call: '1', ways: ['apiGrant', 'permissionProfile', 'libraryFolder'] },
			{ call: '2', ways: ['permissionProfile'] },
		],
		settings: CONTINUE,
	});
	expect(items[0].json.error).toContain(SCOPES.readLibrary);
	expect(items[1].json.callId).toBe('2');
});

test('twelve periods are listed side by side, the first request alone', async () => {
	const gong = await startGong({ data: manyCalls(12), latency: 200 });
	const day = (place: number): string => `2026-05-${String(place + 1).padStart(2, '0')}`;
	await runNode(gong, {
		parameters: {
			callsFrom: 'period',
			period: 'custom',
			periodStart: '={{ $json.from }}',
			periodEnd: '={{ $json.to }}',
		},
		items: Array.from({ length: 12 }, (_, place) => ({ from: day(place), to: day(place + 1) })),
		alone: true,
	});
	const listings = gong.log.filter(({ path }) => path === '/v2/calls');
	expect(listings).toHaveLength(12);
	expect(listings[1].at).toBeGreaterThanOrEqual(listings[0].endedAt ?? Infinity);
	expect(gong.maxInFlight()).toBeGreaterThan(1);
});

test('an earlier try that gave access is told where a later try fails before it', async () => {
	const gong = await startGong({ data: ONE_CALL });
	gong.fail({
		kind: 'status',
		status: 403,
		errors: ['Not now'],
		match: { path: '/v2/users' },
		after: 1,
		times: Infinity,
	});
	const { items } = await runNode(gong, {
		parameters: { ...PAIRS, operation: 'grant' },
		items: [
			{ call: 'nonsense', user: '901' },
			{ call: '1', user: 'u902@example.com' },
		],
		settings: { ...CONTINUE, retryOnFail: true, maxTries: 2, waitBetweenTries: 0 },
	});
	expect(accessOf(gong)['1']).toEqual(['901', '902']);
	expect(detailsOf(items[1]).outcome).toBe('unknown');
	expect(String(items[1].json.error)).toContain('changed access before to call 1');
});
