/** Runs whose rows n8n could not save are refused in words, before anything is written and before a row is made. */
import { runNode, type RunOptions, type RunResult } from '../../harness/engine/engine';
import { accessOf, detailsOf, gongsOfThisFile } from '../../harness/engine/support';
import { callIdAt, makeData, manyCalls, QUICK, userIdAt } from '../../harness/gong';

const startGong = gongsOfThisFile();
const TOO_MUCH = 'The rows of this run would be more than 200 MB';

const ids = (idAt: (place: number) => string, count: number): string =>
	Array.from({ length: count }, (_, place) => idAt(place)).join(',');

/** Expects that each item of the run says that there would be too much, and gives what they say. */
function expectRefused({ items, run }: RunResult, count: number): string[] {
	expect(run.status).toBe('success');
	expect(items).toHaveLength(count);
	expect(items.every((item) => detailsOf(item).reason === 'tooManyRows')).toBe(true);
	expect(items.every((item) => detailsOf(item).outcome === 'notSent')).toBe(true);
	const told = items.map(({ json }) => String(json.error));
	for (const text of told) expect(text).toContain(TOO_MUCH);
	return told;
}

const onContinue = { onError: 'continueRegularOutput' } as const;

/** Twenty items of 500 calls, each with these many users: every row lists all of them. */
const changes = (users: number): Record<string, string>[] =>
	Array.from({ length: 20 }, (_, item) => ({
		calls: ids((place) => callIdAt(item * 500 + place), 500),
		users: ids(userIdAt, users),
	}));

const change = (operation: string, options = {}): RunOptions['parameters'] => ({
	operation,
	callIds: '={{ $json.calls }}',
	userIds: '={{ $json.users }}',
	options,
});

test.each<[name: string, users: number, parameters: RunOptions['parameters']]>([
	['Grant', 1_000, change('grant')],
	['Revoke', 1_000, change('revoke')],
	['Replace', 1_000, change('replace')],
	['Grant as a dry run, which lists those who would gain', 500, change('grant', { dryRun: true })],
])('%s sends nothing', async (_name, users, parameters) => {
	const gong = await startGong({ latency: QUICK, data: manyCalls(10) });
	const result = await runNode(gong, { parameters, items: changes(users), settings: onContinue });
	for (const text of expectRefused(result, 20)) expect(text).toContain('Nothing was changed.');
	expect(gong.log.filter(({ method }) => method !== 'POST')).toEqual([]);
});

test('a smaller change is carried out', async () => {
	const gong = await startGong({ latency: QUICK, data: manyCalls(2, 1) });
	const { items } = await runNode(gong, {
		parameters: change('grant'),
		items: [{ calls: ids(callIdAt, 2), users: userIdAt(1) }],
	});
	expect(items.map(({ json }) => json.accepted)).toEqual([true, true]);
});

test('Replace counts those who would lose access, whom only Gong names, and writes nothing', async () => {
	const users = Array.from({ length: 1_000 }, (_, place) => userIdAt(place));
	const calls = Array.from({ length: 10 }, (_, place) => ({ id: callIdAt(place), users }));
	const gong = await startGong({ latency: QUICK, data: makeData({ users, calls }) });
	const before = accessOf(gong);
	const result = await runNode(gong, {
		parameters: change('replace', { callsPerRequest: 100 }),
		// A row for each item and call, with a thousand who lose access.
		items: Array.from({ length: 1_000 }, () => ({ calls: ids(callIdAt, 10), users: userIdAt(0) })),
		settings: onContinue,
	});
	expectRefused(result, 1_000);
	expect(gong.log.map(({ method }) => method)).toEqual(['POST']);
	expect(accessOf(gong)).toEqual(before);
});

test.each<[name: string, parameters: RunOptions['parameters']]>([
	['Get Many', {}],
	['Get Many by user', { splitInto: 'users' }],
	['Explain', { operation: 'explain', ways: ['apiGrant'] }],
	['Explain by user', { operation: 'explain', ways: ['apiGrant'], splitInto: 'users' }],
])('%s refuses once it knows how many people there are', async (_name, parameters) => {
	const users = Array.from({ length: 1_000 }, (_, place) => userIdAt(place));
	const calls = Array.from({ length: 10 }, (_, place) => ({ id: callIdAt(place), users }));
	const gong = await startGong({ latency: QUICK, data: makeData({ users, calls }) });
	const result = await runNode(gong, {
		parameters: { callIds: '={{ $json.calls }}', ...parameters },
		items: Array.from({ length: 1_000 }, () => ({ calls: ids(callIdAt, 10) })),
		settings: onContinue,
	});
	expectRefused(result, 1_000);
	expect(gong.log.filter(({ path }) => path === '/v2/calls/users-access')).toHaveLength(1);
});
