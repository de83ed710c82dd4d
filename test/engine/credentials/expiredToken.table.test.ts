/**
 * An expired OAuth2 token: n8n gets a new one. Failures of Gong or of its token endpoint during the renewal
 * are retried like any others.
 */
import path from 'node:path';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { oAuth2Credential, runNode, type RunResult } from '../../harness/engine/engine';
import { detailsOf, gongsOfThisFile, jsonOf, toldBy } from '../../harness/engine/support';
import { makeData, type Fault, type LocalGong } from '../../harness/gong';

const startGong = gongsOfThisFile();
const DATA = makeData({ users: ['11', '12'], calls: [{ id: '1', users: ['11'] }] });
const TOKENS = '/oauth2/generate-customer-token';
const ACCESS = '/v2/calls/users-access';
const OPERATIONS = ['list', 'grant'] as const;
type Operation = (typeof OPERATIONS)[number];

interface Expired {
	gong: LocalGong;
	credential: ICredentialDataDecryptedObject;
	result: RunResult;
	/** Path and status of each request. */
	requests: [path: string, status: number | null][];
}

async function runExpired(
	operation: Operation,
	faults: Fault[],
	{ refreshTokens = false, onError = 'continueRegularOutput' as const } = {},
): Promise<Expired> {
	const gong = await startGong({ data: DATA });
	const credential = oAuth2Credential(gong);
	gong.expireTokens({ refreshTokens });
	for (const fault of faults) gong.fail(fault);
	const result = await runNode(gong, {
		parameters: {
			authentication: 'oAuth2',
			operation,
			callIds: '1',
			userIds: '12',
			options: { maxWait: 5 },
		},
		credential,
		settings: { onError },
	});
	const requests = gong.log.map(({ path: where, status }): [string, number | null] => [
		where,
		status,
	]);
	return { gong, credential, result, requests };
}

/** The result of a run in which everything succeeded. */
const done = (operation: Operation) => ({
	message: '',
	items:
		operation === 'grant'
			? [{ callId: '1', accepted: true }]
			: [{ callId: '1', users: [{ userId: '11' }] }],
	users: operation === 'grant' ? ['11', '12'] : ['11'],
});
const cameTo = ({ result, gong }: Expired) => ({
	message: toldBy(result),
	items: jsonOf(result.items),
	users: gong.state.accessSnapshot().apiAccess['1'],
});

const passing = (match: Fault['match'], after: number): [string, Fault][] => [
	['429', { kind: 'status', status: 429, headers: { 'retry-after': '1' }, match, after }],
	['500', { kind: 'status', status: 500, match, after }],
	['503', { kind: 'body', status: 503, raw: '<h1>Unavailable</h1>', match, after }],
	['a reset', { kind: 'reset', match, after }],
];

/**
 * n8n renews a token in two ways: by its refresh helper, or, in older releases, after a 401 thrown
 * inside it.
 */
describe.each(['by the refresh helper', 'after a thrown 401'])('a new token, %s', (way) => {
	if (way !== 'by the refresh helper') withoutRefreshHelper();

	test.each(OPERATIONS)('%s: renews and stores an expired token', async (operation) => {
		const run = await runExpired(operation, []);
		expect(cameTo(run)).toMatchObject(done(operation));
		const tokens = run.requests.filter(([where]) => where === TOKENS);
		expect(tokens).toEqual([[TOKENS, 200]]);
		expect(run.requests[0]).toEqual([ACCESS, 401]);
		expect(run.requests.at(-1)).toEqual([ACCESS, 200]);
	});

	describe.each([
		['from Gong, right after the 401', { path: ACCESS }, 1],
		['from Gong, later', { path: ACCESS }, 2],
		['from the token endpoint', { path: TOKENS }, 0],
	] as const)('%s', (_where, match, after) => {
		test.each(
			passing(match, after).flatMap(([name, fault]) =>
				OPERATIONS.map((operation) => [name, operation, fault] as const),
			),
		)('%s is retried: %s', async (_name, operation, fault) => {
			expect(cameTo(await runExpired(operation, [fault]))).toMatchObject(done(operation));
		});
	});

	test.each(OPERATIONS)(
		'%s: reports a token endpoint that stays unavailable',
		async (operation) => {
			const fault: Fault = {
				kind: 'status',
				status: 503,
				match: { path: TOKENS },
				times: Infinity,
			};
			const { result, gong } = await runExpired(operation, [fault]);
			expect(detailsOf(result.items[0])).toMatchObject({ reason: 'noAnswer', httpStatus: 503 });
			expect(String(result.items[0].json.error)).toMatch(/token has expired.*again later.*503/s);
			expect(gong.log.filter(({ path: where }) => where === TOKENS)).toHaveLength(4);
		},
	);

	test.each(OPERATIONS)(
		'%s: says to connect again after a token refused for good',
		async (operation) => {
			const { result, requests } = await runExpired(operation, [], { refreshTokens: true });
			expect(detailsOf(result.items[0])).toMatchObject({
				reason: 'unauthorized',
				httpStatus: 401,
				outcome: 'refused',
			});
			expect(String(result.items[0].json.error)).toMatch(/connect it again/);
			expect(requests.filter(([where]) => where === TOKENS)).toEqual([[TOKENS, 400]]);
		},
	);
});

/** Removes the helper that only newer n8n has, so that n8n behaves like an older release. */
function withoutRefreshHelper(): void {
	interface Factory {
		getRequestHelperFunctions: (...args: unknown[]) => Record<string, unknown>;
	}
	const core = path.dirname(require.resolve('n8n-core'));
	const factory = jest.requireActual<Factory>(
		path.join(core, 'execution-engine/node-execution-context/utils/request-helpers/factory.js'),
	);
	const { getRequestHelperFunctions } = factory;
	beforeAll(() => {
		factory.getRequestHelperFunctions = (...args) => ({
			...getRequestHelperFunctions(...args),
			refreshOAuth2Token: undefined,
		});
	});
	afterAll(() => {
		factory.getRequestHelperFunctions = getRequestHelperFunctions;
	});
}
