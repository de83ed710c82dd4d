/**
 * n8n resolves an expression in a credential for each item. Items with different credentials are answered
 * separately.
 */
import { runNode } from '../../harness/engine/engine';
import {
	askedIn,
	detailsOf,
	gongsOfThisFile,
	jsonOf,
	linksOf,
	toldBy,
} from '../../harness/engine/support';
import { ALL_SCOPES, makeData, type GongAccount, type LocalGong } from '../../harness/gong';

const startGong = gongsOfThisFile();

const account = (company: string): GongAccount => ({
	accessKey: `KEY-OF-${company}`,
	accessKeySecret: `secret-of-${company}`,
	scopes: ALL_SCOPES,
	company,
});
const dataOf = (user: string) =>
	makeData({ users: [user, '99'], calls: ['1', '2', '3'].map((id) => ({ id, users: [user] })) });
const CREDENTIAL = {
	baseUrl: '={{ $json.base }}',
	accessKey: '={{ "KEY-OF-" + $json.company }}',
	accessKeySecret: '={{ "secret-of-" + $json.company }}',
};
const CONTINUE = { onError: 'continueRegularOutput' } as const;

async function twoCompanies(): Promise<{ east: LocalGong; west: LocalGong }> {
	const [east, west] = await Promise.all([
		startGong({ data: dataOf('11'), accounts: [account('east')] }),
		startGong({ data: dataOf('22'), accounts: [account('west')] }),
	]);
	return { east, west };
}

const usersIn = ({ users }: { users?: unknown }): unknown[] =>
	((users ?? []) as { userId: string }[]).map(({ userId }) => userId);

describe('items whose credential differs', () => {
	test.each([4, 40])('are answered by their own company, %d of them', async (count) => {
		const { east, west } = await twoCompanies();
		const items = Array.from({ length: count }, (_, place) =>
			place % 2 === 0
				? { calls: '1', company: 'east', base: east.url }
				: { calls: '1', company: 'west', base: west.url },
		);
		const result = await runNode(east, {
			parameters: { callIds: '={{ $json.calls }}' },
			items,
			credential: CREDENTIAL,
		});
		expect(result.error).toBeUndefined();
		expect(jsonOf(result.items).map(usersIn)).toEqual(
			items.map(({ company }) => [company === 'east' ? '11' : '22']),
		);
		expect(linksOf(result.items)).toEqual(items.map((_, place) => place));
		expect([east.log.length, west.log.length]).toEqual([1, 1]);
		expect(east.log.flatMap(askedIn)).toEqual(['1']);
	});

	test('are answered by their own company when another name stands beside the field', async () => {
		const { east, west } = await twoCompanies();
		const items = Array.from({ length: 12 }, (_, place) =>
			place % 2 === 0 ? { company: 'east', base: east.url } : { company: 'west', base: west.url },
		);
		const result = await runNode(east, {
			parameters: { callIds: '1' },
			items,
			credential: { ...CREDENTIAL, baseUrl: '={{ [$now, $json.base][1] }}' },
		});
		expect(jsonOf(result.items).map(usersIn)).toEqual(
			items.map(({ company }) => [company === 'east' ? '11' : '22']),
		);
	});

	test.each(['stopWorkflow', 'continueRegularOutput'] as const)(
		'are replaced by all batches together, set to %s',
		async (onError) => {
			const { east, west } = await twoCompanies();
			const result = await runNode(east, {
				parameters: {
					operation: 'replace',
					callIds: '1',
					userIds: '={{ $json.user }}',
					requestOptions: { batching: { batch: { batchSize: 1, batchInterval: 1 } } },
				},
				items: ['11', '99'].map((user) => ({ user, company: 'east', base: east.url })),
				credential: CREDENTIAL,
				settings: { onError },
			});
			expect(result.error).toBeUndefined();
			expect(east.state.accessSnapshot().apiAccess['1']).toEqual(['11', '99']);
			expect(west.log).toEqual([]);
		},
	);

	test('are not written, set to stop, when the credential of a later batch is bad', async () => {
		const { east } = await twoCompanies();
		const result = await runNode(east, {
			parameters: {
				operation: 'grant',
				callIds: '1',
				userIds: '99',
				requestOptions: { batching: { batch: { batchSize: 1, batchInterval: 1 } } },
			},
			items: [
				{ company: 'east', base: east.url },
				{ company: 'west', base: 'ftp://example.com' },
			],
			credential: CREDENTIAL,
		});
		expect(result.error?.message).toContain('Base URL');
		expect(east.log).toEqual([]);
	});

	test('are written one after the other, set to stop, so that the failure of one tells what all did', async () => {
		const { east, west } = await twoCompanies();
		const south = await startGong({ data: dataOf('33'), accounts: [account('south')] });
		const result = await runNode(east, {
			parameters: {
				operation: 'grant',
				callIds: '={{ $json.call }}',
				userIds: '={{ $json.user }}',
			},
			items: [
				{ call: '1', user: '99', company: 'east', base: east.url },
				{ call: '2', user: '404', company: 'west', base: west.url },
				{ call: '3', user: '99', company: 'south', base: south.url },
			],
			credential: CREDENTIAL,
		});
		expect(toldBy(result)).toMatch(
			/404.*Accepted before this for call 1\. Not carried out for calls 2, 3\./s,
		);
		expect(east.state.accessSnapshot().apiAccess['1']).toEqual(['11', '99']);
		expect(south.log).toEqual([]);
	});

	test('are written one after the other, so that none tells of a change that is under way for another', async () => {
		const gong = await startGong({ data: dataOf('11'), accounts: [account('a'), account('b')] });
		gong.fail({ kind: 'stall', ms: 300, match: { method: 'PUT', bodyIncludes: '"2"' } });
		const { items } = await runNode(gong, {
			parameters: { operation: 'grant', callIds: '={{ $json.calls }}', userIds: '404' },
			items: [
				{ calls: ['1', '2'], company: 'a', base: gong.url },
				{ calls: ['1'], company: 'b', base: gong.url },
			],
			credential: CREDENTIAL,
			settings: CONTINUE,
		});
		expect(items.map(detailsOf)).toEqual([
			expect.objectContaining({ callIds: ['1', '2'], outcome: 'refused' }),
			expect.objectContaining({ callIds: ['1'], outcome: 'refused' }),
		]);
	});

	test('fail separately: a refused key does not fail the others', async () => {
		const { east, west } = await twoCompanies();
		const { items } = await runNode(east, {
			parameters: { callIds: '1' },
			items: [
				{ company: 'nobody', base: west.url },
				{ company: 'east', base: east.url },
				{ company: 'east', base: 'http://example.com' },
			],
			credential: CREDENTIAL,
			settings: CONTINUE,
		});
		expect(items.map((item) => detailsOf(item).reason)).toEqual([
			'unauthorized',
			undefined,
			'badBaseUrl',
		]);
		expect(usersIn(items[1].json)).toEqual(['11']);
	});

	test('are replaced separately', async () => {
		const { east, west } = await twoCompanies();
		await runNode(east, {
			parameters: { operation: 'replace', callIds: '={{ $json.call }}', userIds: '99' },
			items: [
				{ call: '1', company: 'east', base: east.url },
				{ call: '2', company: 'west', base: west.url },
			],
			credential: CREDENTIAL,
		});
		expect(east.state.accessSnapshot().apiAccess).toEqual({ 1: ['99'], 2: ['11'], 3: ['11'] });
		expect(west.state.accessSnapshot().apiAccess).toEqual({ 1: ['22'], 2: ['99'], 3: ['22'] });
	});

	test('leave a call unchanged that both name in a replace, since two keys may be of one company', async () => {
		const gong = await startGong({ data: dataOf('11'), accounts: [account('a'), account('b')] });
		const { items } = await runNode(gong, {
			parameters: { operation: 'replace', callIds: '1', userIds: '={{ $json.user }}' },
			items: [
				{ user: '99', company: 'a', base: gong.url },
				{ user: '11', company: 'b', base: gong.url },
			],
			credential: CREDENTIAL,
			settings: CONTINUE,
		});
		expect(gong.state.accessSnapshot().apiAccess['1']).toEqual(['11']);
		expect(items.map(({ json }) => String(json.error))).toEqual([
			expect.stringContaining('credentials differ'),
			expect.stringContaining('credentials differ'),
		]);
	});

	test('count as one company when only a slash at the end of the Base URL differs', async () => {
		const gong = await startGong({ data: dataOf('11'), accounts: [account('a')] });
		const { items } = await runNode(gong, {
			parameters: { operation: 'replace', callIds: '1', userIds: '={{ $json.user }}' },
			items: [
				{ user: '99', company: 'a', base: gong.url },
				{ user: '11', company: 'a', base: `${gong.url}/` },
			],
			credential: CREDENTIAL,
		});
		expect(gong.state.accessSnapshot().apiAccess['1']).toEqual(['11', '99']);
		expect(items).toHaveLength(2);
	});

	test('keep access for users that a later batch names', async () => {
		const { east, west } = await twoCompanies();
		await runNode(east, {
			parameters: {
				operation: 'replace',
				callIds: '={{ $json.call }}',
				userIds: '={{ $json.user }}',
				requestOptions: { batching: { batch: { batchSize: 1, batchInterval: 1 } } },
			},
			items: [
				{ call: '1', user: '99', company: 'east', base: east.url },
				{ call: '2', user: '99', company: 'east', base: east.url },
				{ call: '1', user: '11', company: 'east', base: east.url },
			],
			credential: CREDENTIAL,
			settings: CONTINUE,
		});
		expect(east.state.accessSnapshot().apiAccess['1']).toEqual(['11', '99']);
		expect(east.state.accessSnapshot().apiAccess['2']).toEqual(['99']);
		expect(west.log).toEqual([]);
	});
});
