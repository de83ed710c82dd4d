/** Replace: afterwards exactly these users have access given through the API, with the fewest requests. */
import type { IDataObject } from 'n8n-workflow';
import { runNode, type RunOptions } from '../../harness/engine/engine';
import {
	accessOf,
	askedIn,
	callsAfter,
	detailsOf,
	gongsOfThisFile,
	jsonOf,
	linksOf,
	toldBy,
	writesBesideOthers,
} from '../../harness/engine/support';
import {
	callIdAt,
	changesIn,
	makeData,
	manyCalls,
	userIdAt,
	type Fault,
	type LocalGong,
} from '../../harness/gong';
import { PAIRS, pairs } from '../inputs';

const startGong = gongsOfThisFile();

/** 13 has call 2 by a share too, and 14 has call 4 by a share alone. */
const DATA = makeData({
	users: ['11', '12', '13', '14', '15'],
	calls: [
		{ id: '1', users: ['11'] },
		{ id: '2', users: ['11', '12'], sharedWith: ['13'] },
		{ id: '3' },
		{ id: '4', users: ['15'], sharedWith: ['14'] },
		{ id: '5', users: ['15'] },
	],
});

const replace = async (gong: LocalGong, { parameters, ...options }: RunOptions) =>
	await runNode(gong, { parameters: { operation: 'replace', ...parameters }, ...options });
const methodsOf = ({ log }: LocalGong): string[] => log.map(({ method }) => method);
const idsOf = ({ log }: LocalGong): (string | null)[] => log.map(({ requestId }) => requestId);

describe('Replace', () => {
	test('reads, grants to missing users and revokes from surplus ones, byte for byte', async () => {
		const gong = await startGong({ data: DATA });
		const { items } = await replace(gong, { parameters: { callIds: '2', userIds: '[12,14]' } });
		expect(gong.log.map(({ method, body }) => [method, body])).toEqual([
			['POST', '{"filter":{"callIds":["2"]}}'],
			['PUT', '{"callAccessList":[{"callId":"2","userIds":["14"]}]}'],
			['DELETE', '{"callAccessList":[{"callId":"2","userIds":["11"]}]}'],
		]);
		const [read, granted, revoked] = idsOf(gong);
		expect(JSON.stringify(jsonOf(items))).toBe(
			`[{"callId":"2","grantedUserIds":["14"],"revokedUserIds":["11"],"unchangedUserIds":["12"],"dryRun":false,"requestId":"${revoked}","requestIds":["${read}","${granted}","${revoked}"]}]`,
		);
		expect(accessOf(gong)['2']).toEqual(['12', '14']);
	});

	test.each<[string, string, string[], string[]]>([
		['nothing when nothing differs', '[12,11]', ['POST'], ['11', '12']],
		['only a grant when all stay', '[11,12,15]', ['POST', 'PUT'], ['11', '12', '15']],
		['only a revoke when all were there', '12', ['POST', 'DELETE'], ['12']],
		['both when no one stays', '15', ['POST', 'PUT', 'DELETE'], ['15']],
	])('is %s', async (_what, userIds, methods, after) => {
		const gong = await startGong({ data: DATA });
		const { items } = await replace(gong, { parameters: { callIds: '2', userIds } });
		expect(methodsOf(gong)).toEqual(methods);
		expect(accessOf(gong)['2']).toEqual(after);
		expect(accessOf(gong)['1']).toEqual(['11']);
		expect(items[0].json.requestIds).toEqual(idsOf(gong));
		expect(items[0].json.requestId).toBe(idsOf(gong).at(-1));
	});

	test.each(['empty', 'noUsers', 'noEntry'] as const)(
		'grants for a call without users, answered by Gong as %s',
		async (callWithoutUsers) => {
			const gong = await startGong({ data: DATA, assumptions: { callWithoutUsers } });
			const { items } = await replace(gong, { parameters: { callIds: '3', userIds: '11' } });
			expect(items[0].json).toMatchObject({
				grantedUserIds: ['11'],
				revokedUserIds: [],
				unchangedUserIds: [],
			});
			expect(accessOf(gong)['3']).toEqual(['11']);
		},
	);

	test('of 150 calls with one user each takes at most 6 requests', async () => {
		const gong = await startGong({ data: manyCalls(150) });
		const items = pairs(
			...Array.from({ length: 150 }, (_, place): [string, string] => [
				callIdAt(place),
				userIdAt((place + 1) % 50),
			]),
		);
		const result = await replace(gong, { parameters: PAIRS, items });
		expect(methodsOf(gong)).toEqual(['POST', 'POST', 'PUT', 'PUT', 'DELETE', 'DELETE']);
		expect(writesBesideOthers(gong)).toEqual([]);
		expect(accessOf(gong)).toEqual(
			Object.fromEntries(items.map(({ call, user }) => [call, [user]])),
		);
		expect(result.earlier).toEqual(items.map(({ id }) => id));
		expect(result.items.map(({ json }) => (json.requestIds as string[]).length)).toEqual(
			Array<number>(150).fill(3),
		);
	});

	test('leaves a call whose users are right out of the writing requests', async () => {
		const gong = await startGong({ data: DATA });
		await replace(gong, { parameters: PAIRS, items: pairs(['1', '11'], ['2', '11'], ['3', '15']) });
		expect(gong.log.slice(1).map(changesIn)).toEqual([
			[{ callId: '3', userIds: ['15'] }],
			[{ callId: '2', userIds: ['12'] }],
		]);
	});

	test('leaves shares unchanged, and Read Back says who is not listed because of one', async () => {
		const gong = await startGong({ data: DATA });
		const { items } = await replace(gong, {
			parameters: { callIds: '[2,4]', userIds: '13', options: { readBack: true } },
		});
		expect(methodsOf(gong)).toEqual(['POST', 'PUT', 'DELETE', 'POST']);
		expect(jsonOf(items).map(({ notListed, stillListed }) => [notListed, stillListed])).toEqual([
			[['13'], []],
			[[], []],
		]);
		expect(gong.state.accessSnapshot()).toMatchObject({
			apiAccess: { 2: [], 4: ['13'] },
			otherAccess: { 2: ['13'], 4: ['14'] },
		});
		expect(items[0].json.requestIds).toEqual(idsOf(gong));
		expect(Object.keys(items[0].json)).toEqual([
			'callId',
			'grantedUserIds',
			'revokedUserIds',
			'unchangedUserIds',
			'dryRun',
			'confirmed',
			'notListed',
			'stillListed',
			'requestId',
			'requestIds',
		]);
	});

	test('with Read Back names who is still listed', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({ kind: 'body', json: { requestId: 'pretended' }, match: { method: 'DELETE' } });
		const { items } = await replace(gong, {
			parameters: { callIds: '2', userIds: '12', options: { readBack: true } },
		});
		expect(items[0].json).toMatchObject({ confirmed: false, notListed: [], stillListed: ['11'] });
	});
});

describe('a sheet of calls and users, one pair per row', () => {
	const items = pairs(['2', '12'], ['1', '14'], ['2', '14'], ['2', '15'], ['1', '11']);

	test('combines the users of all rows, and answers each row', async () => {
		const gong = await startGong({ data: DATA });
		const result = await replace(gong, { parameters: PAIRS, items });
		expect(accessOf(gong)).toMatchObject({ 1: ['11', '14'], 2: ['12', '14', '15'] });
		expect(methodsOf(gong)).toEqual(['POST', 'PUT', 'DELETE']);
		const of2 = {
			callId: '2',
			grantedUserIds: ['14', '15'],
			revokedUserIds: ['11'],
			unchangedUserIds: ['12'],
			dryRun: false,
			requestId: idsOf(gong)[2],
			requestIds: idsOf(gong),
		};
		const of1 = {
			callId: '1',
			grantedUserIds: ['14'],
			revokedUserIds: [],
			unchangedUserIds: ['11'],
			dryRun: false,
			requestId: idsOf(gong)[1],
			requestIds: idsOf(gong).slice(0, 2),
		};
		expect(jsonOf(result.items)).toEqual([of2, of1, of2, of2, of1]);
		expect(result.earlier).toEqual(items.map(({ id }) => id));
	});

	test('names each answer once in every row, also with Read Back', async () => {
		const gong = await startGong({ data: DATA });
		const result = await replace(gong, {
			parameters: { ...PAIRS, options: { readBack: true } },
			items,
		});
		const [read, granted, revoked, back] = idsOf(gong);
		expect(jsonOf(result.items).map(({ callId, requestIds }) => [callId, requestIds])).toEqual(
			items.map(({ call }) => [
				call,
				call === '2' ? [read, granted, revoked, back] : [read, granted, back],
			]),
		);
	});

	test.each<[string, IDataObject]>([
		['a user that cannot be read', { user: 'x' }],
		['no user', { user: '' }],
		['an e-mail address that no one has', { user: 'nobody@example.com' }],
	])('on continue, revokes no one from a call when one of its rows has %s', async (_what, bad) => {
		const gong = await startGong({ data: DATA });
		const result = await replace(gong, {
			parameters: PAIRS,
			items: [
				{ call: '2', user: '11' },
				{ call: '2', ...bad },
				{ call: '1', user: '14' },
			],
			settings: { onError: 'continueRegularOutput' },
		});
		// The bad row may mean 12, who has access and must not lose it.
		expect(accessOf(gong)['2']).toEqual(['11', '12']);
		expect(accessOf(gong)['1']).toEqual(['14']);
		const failed = result.items.filter(({ json }) => 'error' in json);
		expect(linksOf(failed)).toEqual([0, 1]);
		expect(jsonOf(result.items).at(-1)).toMatchObject({ callId: '1', grantedUserIds: ['14'] });
	});

	test('reports each row correctly, also when options differ from row to row', async () => {
		const gong = await startGong({ data: DATA });
		const result = await replace(gong, {
			parameters: { ...PAIRS, options: { readBack: '={{ $json.back }}' } },
			items: [
				{ call: '3', user: '11', back: true },
				{ call: '3', user: '12', back: false },
			],
			settings: { onError: 'continueRegularOutput' },
		});
		const claimed = jsonOf(result.items).flatMap(({ grantedUserIds, unchangedUserIds }) => [
			...((grantedUserIds ?? []) as string[]),
			...((unchangedUserIds ?? []) as string[]),
		]);
		expect(accessOf(gong)['3']).toEqual(expect.arrayContaining(claimed));
	});
});

describe('no users', () => {
	test.each<[string, IDataObject]>([
		['empty text', { user: '' }],
		['white space', { user: '  ' }],
		['an empty list', { user: [] }],
		['an empty list as text', { user: ' [ ] ' }],
	])('are refused as %s, unless Allow No Users is on', async (_what, bad) => {
		const gong = await startGong({ data: DATA });
		const items = [{ call: '2', ...bad }];
		const refused = await replace(gong, { parameters: PAIRS, items });
		expect(toldBy(refused)).toContain("'Users' is empty");
		expect(gong.log).toEqual([]);
		expect(accessOf(gong)['2']).toEqual(['11', '12']);

		const parameters = { ...PAIRS, options: { allowNoUsers: true } };
		const { items: rows } = await replace(gong, { parameters, items });
		expect(methodsOf(gong)).toEqual(['POST', 'DELETE']);
		expect(rows[0].json).toMatchObject({
			grantedUserIds: [],
			revokedUserIds: ['11', '12'],
			unchangedUserIds: [],
		});
		expect(gong.state.accessSnapshot()).toMatchObject({
			apiAccess: { 2: [] },
			otherAccess: { 2: ['13'] },
		});
	});

	test('left empty in the panel are refused by the node', async () => {
		const gong = await startGong({ data: DATA });
		const result = await replace(gong, { parameters: { callIds: '2', userIds: '' } });
		expect(toldBy(result)).toContain("'Users' is empty");
		expect(gong.log).toEqual([]);
	});

	test('left empty in the list are accepted with Allow No Users', async () => {
		const gong = await startGong({ data: DATA });
		const parameters = { callIds: '2', usersFrom: 'list', userList: [] };
		const refused = await replace(gong, { parameters });
		expect(toldBy(refused)).toContain("'User Names or IDs' is empty");
		await replace(gong, { parameters: { ...parameters, options: { allowNoUsers: true } } });
		expect(accessOf(gong)['2']).toEqual([]);
	});

	test.each<[string, IDataObject]>([
		['null', { user: null }],
		['a list of nothing', { user: [''] }],
		['no such field', {}],
		['letters', { user: 'none' }],
		['false', { user: false }],
		['only commas', { user: ', ,' }],
	])('are not the same as %s, with Allow No Users on', async (_what, bad) => {
		const gong = await startGong({ data: DATA });
		const result = await replace(gong, {
			parameters: {
				...PAIRS,
				usersFrom: 'field',
				userIdField: 'user',
				options: { allowNoUsers: true },
			},
			items: [{ call: '2', ...bad }],
		});
		expect(toldBy(result)).toContain("'User ID Field");
		expect(gong.log).toEqual([]);
	});

	test('of one row do not revoke users that another row of the call names', async () => {
		const gong = await startGong({ data: DATA });
		await replace(gong, {
			parameters: { ...PAIRS, options: { allowNoUsers: true } },
			items: pairs(['2', ''], ['2', '12'], ['1', '']),
		});
		expect(accessOf(gong)).toMatchObject({ 1: [], 2: ['12'] });
	});
});

describe('a dry run', () => {
	test('reads once, shows the whole difference and writes nothing', async () => {
		const gong = await startGong({ data: DATA });
		const before = gong.state.accessSnapshot();
		const { items } = await replace(gong, {
			parameters: { ...PAIRS, options: { dryRun: true, readBack: true } },
			items: pairs(['2', '12'], ['2', '14'], ['1', '11']),
		});
		expect(methodsOf(gong)).toEqual(['POST']);
		expect(askedIn(gong.log[0])).toEqual(['2', '1']);
		const [requestId] = idsOf(gong);
		const of2 = {
			callId: '2',
			wouldGrantUserIds: ['14'],
			wouldRevokeUserIds: ['11'],
			unchangedUserIds: ['12'],
			dryRun: true,
			requestId,
			requestIds: [requestId],
		};
		expect(jsonOf(items)).toEqual([
			of2,
			of2,
			{
				...of2,
				callId: '1',
				wouldGrantUserIds: [],
				wouldRevokeUserIds: [],
				unchangedUserIds: ['11'],
			},
		]);
		expect(gong.state.accessSnapshot()).toEqual(before);
	});

	test('of revoking everyone needs Allow No Users too', async () => {
		const gong = await startGong({ data: DATA });
		const parameters = { callIds: '2', userIds: '', options: { dryRun: true } };
		expect(toldBy(await replace(gong, { parameters }))).toContain("'Users' is empty");
		const allowed = { ...parameters, options: { dryRun: true, allowNoUsers: true } };
		const { items } = await replace(gong, { parameters: allowed });
		expect(items[0].json).toMatchObject({ wouldRevokeUserIds: ['11', '12'], dryRun: true });
		expect(accessOf(gong)['2']).toEqual(['11', '12']);
	});
});

describe('when something fails', () => {
	test('set to stop, names an unknown call and writes nothing', async () => {
		const gong = await startGong({ data: DATA });
		const before = gong.state.accessSnapshot();
		const result = await replace(gong, {
			parameters: { ...PAIRS, options: { callsPerRequest: 2 } },
			items: pairs(['1', '12'], ['2', '12'], ['99', '12'], ['3', '12']),
		});
		expect(toldBy(result)).toContain('Gong does not know call 99');
		expect(gong.state.accessSnapshot()).toEqual(before);
		expect(new Set(methodsOf(gong))).toEqual(new Set(['POST']));
	});

	test('on continue, an unknown call gets an error item and the others are replaced', async () => {
		const gong = await startGong({ data: DATA });
		const { items } = await replace(gong, {
			parameters: PAIRS,
			items: pairs(['[1,99]', '12'], ['2', '12']),
			settings: { onError: 'continueRegularOutput' },
		});
		expect(jsonOf(items).map(({ callId }) => callId)).toEqual(['1', undefined, '2']);
		expect(detailsOf(items[1])).toMatchObject({ callIds: ['99'], outcome: 'refused' });
		expect(accessOf(gong)).toMatchObject({ 1: ['12'], 2: ['12'] });
	});

	test('on continue, a call whose grant was refused keeps its users', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({ kind: 'status', status: 400, errors: ['Not today'], match: { method: 'PUT' } });
		const { items } = await replace(gong, {
			parameters: { ...PAIRS, options: { callsPerRequest: 1 } },
			items: pairs(['1', '14'], ['2', '14'], ['5', '15'], ['4', '[15,11]']),
			settings: { onError: 'continueRegularOutput' },
		});
		expect(accessOf(gong)).toMatchObject({ 1: ['11'], 2: ['14'], 4: ['11', '15'], 5: ['15'] });
		expect(detailsOf(items[0])).toMatchObject({ callIds: ['1'], outcome: 'refused' });
	});

	test('on continue, calls whose revoke was refused after their grant share an error item', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({
			kind: 'status',
			status: 400,
			errors: ['Not today'],
			match: { method: 'DELETE' },
			times: Infinity,
		});
		const { items } = await replace(gong, {
			parameters: { callIds: '[1,2]', userIds: '14' },
			settings: { onError: 'continueRegularOutput' },
		});
		expect(items.map((item) => detailsOf(item).callIds)).toEqual([['1', '2']]);
		expect(items[0].json.error).toMatch(/granted/);
		expect(items[0].json.error).toContain('Not today');
		expect(accessOf(gong)).toMatchObject({ 1: ['11', '14'], 2: ['11', '12', '14'] });
	});

	test('does not say that no one was revoked when that answer was lost', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({ kind: 'reset', applied: true, match: { method: 'DELETE' }, times: Infinity });
		const { items } = await replace(gong, {
			parameters: { callIds: '1', userIds: '14' },
			settings: { onError: 'continueRegularOutput' },
		});
		expect(accessOf(gong)['1']).toEqual(['14']);
		expect(detailsOf(items[0]).outcome).toBe('unknown');
		expect(items[0].json.error).not.toContain('not yet taken');
	});

	test('set to stop, a failed read says that nothing was written', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({ kind: 'status', status: 400, errors: ['Not today'], match: { method: 'POST' } });
		const result = await replace(gong, { parameters: { callIds: '1', userIds: '14' } });
		expect(toldBy(result)).toContain('Not today');
		expect(toldBy(result)).toMatch(/Nothing was (accepted|written|changed)/);
	});

	describe('set to stop, lists every call exactly once: done, unknown or not done', () => {
		const listedIn = (text: string) => ({
			done: callsAfter(text, 'Accepted before this').sort(),
			unclear: callsAfter(text, 'Not known whether carried out').sort(),
			not: callsAfter(text, 'Not carried out').sort(),
		});
		// 1 and 2 need a grant and a revoke, 3 only a grant, 4 only a revoke; 5 is right already.
		const items = pairs(['1', '14'], ['2', '14'], ['3', '14'], ['4', '12'], ['5', '15']);
		items[3] = { id: 'row 3', call: '4', user: '' };
		const parameters = { ...PAIRS, options: { callsPerRequest: 1, allowNoUsers: true } };

		test('when the second grant is refused', async () => {
			const gong = await startGong({ data: DATA });
			const fault: Fault = { kind: 'status', status: 400, errors: ['Not today'] };
			gong.fail({ ...fault, match: { method: 'PUT' }, after: 1 });
			const text = toldBy(await replace(gong, { parameters, items }));
			expect(accessOf(gong)).toMatchObject({ 1: ['11', '14'], 2: ['11', '12'], 3: [], 4: ['15'] });
			const { done, unclear, not } = listedIn(text);
			// Half of 1 is done, so it is named, but not as done; 4 was not even begun.
			expect(done).toEqual([]);
			expect(text).toMatch(/\b1\b/);
			expect(unclear.filter((id) => id !== '1')).toEqual([]);
			expect(not).toEqual(expect.arrayContaining(['2', '3', '4']));
		});

		test('when the second revoke is refused', async () => {
			const gong = await startGong({ data: DATA });
			const fault: Fault = { kind: 'status', status: 400, errors: ['Not today'] };
			gong.fail({ ...fault, match: { method: 'DELETE' }, after: 1 });
			const text = toldBy(await replace(gong, { parameters, items }));
			expect(accessOf(gong)).toMatchObject({
				1: ['14'],
				2: ['11', '12', '14'],
				3: ['14'],
				4: ['15'],
			});
			const { done, unclear, not } = listedIn(text);
			expect(done).toEqual(['1', '3']);
			expect(not).toEqual(expect.arrayContaining(['4']));
			expect([...done, ...unclear, ...not].sort()).toEqual(
				[...new Set([...done, ...unclear, ...not])].sort(),
			);
		});
	});
});
