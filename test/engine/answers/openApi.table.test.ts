/**
 * Gong's own OpenAPI description judges every kind of request that the node sends. (It judges those of all other
 * tests in this folder as well.)
 */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { runNode } from '../../harness/engine/engine';
import { load } from '../../harness/engine/panelLists';
import { DEFAULT_WORKSPACE_ID, SAMPLE_CALL_IDS, SAMPLE_USER_IDS } from '../../harness/gong';
import { describeJudged } from '../../harness/judging/judgedGongs';

const { maria, jonas, priya, sparse } = SAMPLE_USER_IDS;
const [RENEWAL, DEMO] = SAMPLE_CALL_IDS;
const CALLS = SAMPLE_CALL_IDS.join();
const UNKNOWN = '1112223334445556667';
const PERIOD = { periodStart: '2001-01-01T00:00:00Z', periodEnd: '2101-01-01T00:00:00Z' };
const EVERY_OPTION = {
	callsPerRequest: 2,
	requestsPerSecond: 100,
	maxWait: 5,
	includeUserDetails: true,
	includeCallDetails: true,
};

describeJudged((room) => {
	const { start } = room;

	const sent = (): string[] =>
		[...room.judge.seen].filter((what) => !/ [0-9]{3}$/.test(what)).sort();

	const ids = { callsFrom: 'ids', callIds: CALLS };
	const field = { callsFrom: 'field', callIdField: 'call' };
	const picked = { callsFrom: 'list', callList: [RENEWAL, DEMO] };
	const period = { callsFrom: 'period', period: 'custom', ...PERIOD };
	const workspace = { ...period, workspaceId: DEFAULT_WORKSPACE_ID };
	const READS: Record<string, INodeParameters> = { ids, field, list: picked, period, workspace };
	const WRITES: Record<string, INodeParameters> = { ids, field, list: picked };
	const USERS: Record<string, INodeParameters> = {
		ids: { usersFrom: 'ids', userIds: `${jonas}, ${maria}` },
		addresses: { usersFrom: 'ids', userIds: 'M.KELLER@example.com samuel@sso.example.com' },
		field: { usersFrom: 'field', userIdField: 'user' },
		list: { usersFrom: 'list', userList: [priya, sparse] },
	};
	const OPTIONS: Record<string, IDataObject> = {
		none: {},
		every: EVERY_OPTION,
		'dry run': { ...EVERY_OPTION, dryRun: true },
		'read back': { ...EVERY_OPTION, readBack: true },
	};
	const items = SAMPLE_CALL_IDS.map((call) => ({ id: call, call, user: jonas }));

	/** Runs the node, and gives what was found in the run. */
	async function judged(
		parameters: INodeParameters,
		onError?: 'continueRegularOutput',
	): Promise<{ error: unknown; gives: boolean; sends: boolean; violations: readonly string[] }> {
		const gong = await start();
		const options = { parameters, items, settings: { onError }, alone: true };
		const { error, items: rows } = await runNode(gong, options);
		const { violations } = room.judge;
		return { error, gives: rows.length > 0, sends: sent().length > 0, violations };
	}
	const AGREED = { error: undefined, gives: true, sends: true, violations: [] };

	const readCases = Object.keys(READS).flatMap((calls) =>
		['calls', 'users', 'people'].flatMap((splitInto) => [
			[calls, splitInto, 'none', {}] as const,
			[calls, splitInto, 'every', { ...EVERY_OPTION, unknownCalls: 'report' }] as const,
		]),
	);
	test.each(readCases)(
		'agrees with what Get Many sends, calls from %s, by %s, options: %s',
		async (calls, splitInto, _name, options) => {
			const all = splitInto === 'users' ? { ...options, includeCallsWithoutUsers: true } : options;
			const parameters = { operation: 'list', splitInto, ...READS[calls], options: all };
			expect(await judged(parameters)).toEqual(AGREED);
		},
	);

	const explainCases = Object.keys(READS).flatMap((calls) =>
		(['calls', 'users'] as const).map((splitInto) => [calls, splitInto] as const),
	);
	test.each(explainCases)(
		'agrees with what Explain sends, calls from %s, by %s, by every way',
		async (calls, splitInto) => {
			const ways = ['apiGrant', 'participant', 'permissionProfile', 'libraryFolder'];
			const options = { ...EVERY_OPTION, unknownCalls: 'report' };
			const parameters = { operation: 'explain', splitInto, ways, ...READS[calls], options };
			expect(await judged(parameters)).toEqual(AGREED);
		},
	);

	const writeCases = ['grant', 'revoke', 'replace'].flatMap((operation) =>
		(
			[
				['ids', 'ids', 'none'],
				['field', 'field', 'every'],
				['list', 'list', 'dry run'],
				['ids', 'addresses', 'every'],
				['field', 'addresses', 'dry run'],
				['field', 'ids', 'read back'],
				['list', 'addresses', 'read back'],
			] as const
		).map((row) => [operation, ...row] as const),
	);
	test.each(writeCases)(
		'agrees with what %s sends, calls from %s, users from %s, options: %s',
		async (operation, calls, users, named) => {
			const options = OPTIONS[named] as INodeParameters;
			const parameters = { operation, ...WRITES[calls], ...USERS[users], options };
			expect(await judged(parameters)).toEqual(AGREED);
		},
	);

	test('agrees with a replace that takes all access away', async () => {
		const options = { allowNoUsers: true };
		const parameters = { operation: 'replace', ...ids, usersFrom: 'ids', userIds: '', options };
		expect(await judged(parameters)).toEqual(AGREED);
	});

	test.each(['list', 'explain', 'grant', 'revoke', 'replace'])(
		'agrees with the search for an unknown call, and for an unknown user: %s',
		async (operation) => {
			for (const [callIds, userIds] of [
				[`${CALLS},${UNKNOWN}`, jonas],
				[CALLS, `${jonas},${UNKNOWN}`],
			]) {
				const parameters = { operation, callIds, userIds };
				expect(await judged(parameters, 'continueRegularOutput')).toEqual(AGREED);
			}
		},
	);

	test('agrees with the lists in the panel', async () => {
		const gong = await start();
		for (const list of ['getUsers', 'getCalls'] as const) await load(gong, list);

		expect(sent()).toEqual(['GET /v2/calls', 'GET /v2/users']);
		expect(room.judge.violations).toEqual([]);
	});
});
