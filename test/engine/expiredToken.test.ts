/**
 * An OAuth2 token that has expired: n8n gets a new one, and what Gong or its token endpoint cannot do at that
 * moment passes and is waited out, as it is elsewhere.
 */
import path from 'node:path';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { oAuth2Credential, runNode, type RunResult } from '../harness/engine/engine';
import { detailsOf, gongsOfThisFile, jsonOf, toldBy } from '../harness/engine/support';
import { makeData, type Fault, type LocalGong } from '../harness/gong';

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
	asked: [path: string, status: number | null][];
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
	const asked = gong.log.map(({ path: where, status }): [string, number | null] => [where, status]);
	return { gong, credential, result, asked };
}

/** What a run that did all that was asked for has come to. */
const done = (operation: Operation) => ({
	told: '',
	items:
		operation === 'grant'
			? [{ callId: '1', accepted: true }]
			: [{ callId: '1', users: [{ userId: '11' }] }],
	users: operation === 'grant' ? ['11', '12'] : ['11'],
});
const cameTo = ({ result, gong }: Expired) => ({
	told: toldBy(result),
	items: jsonOf(result.items),
	users: gong.state.accessSnapshot().apiAccess['1'],
});

const passing = (match: Fault['match'], after: number): [string, Fault][] => [
	['429', { kind: 'status', status: 429, headers: { 'retry-after': '1' }, match, after }],
	['500', { kind: 'status', status: 500, match, after }],
	['503', { kind: 'body', status: 503, raw: '<h1>Unavailable</h1>', match, after }],
	['a reset', { kind: 'reset', match, after }],
];

/** Both ways: n8n gets a token where it is asked to, or, before it could be, on a 401 thrown inside it. */
describe.each(['asked for', 'on a thrown 401'])('a new token, %s', (way) => {
	if (way !== 'asked for') withoutRefreshHelper();

	test.each(OPERATIONS)('%s: an expired token is renewed and kept', async (operation) => {
		const run = await runExpired(operation, []);
		expect(cameTo(run)).toMatchObject(done(operation));
		const tokens = run.asked.filter(([where]) => where === TOKENS);
		expect(tokens).toEqual([[TOKENS, 200]]);
		expect(run.asked[0]).toEqual([ACCESS, 401]);
		expect(run.asked.at(-1)).toEqual([ACCESS, 200]);
	});

	describe.each([
		['from Gong, at once after the 401', { path: ACCESS }, 1],
		['from Gong, later', { path: ACCESS }, 2],
		['from the token endpoint', { path: TOKENS }, 0],
	] as const)('%s', (_where, match, after) => {
		test.each(
			passing(match, after).flatMap(([name, fault]) =>
				OPERATIONS.map((operation) => [name, operation, fault] as const),
			),
		)('%s passes: %s', async (_name, operation, fault) => {
			expect(cameTo(await runExpired(operation, [fault]))).toMatchObject(done(operation));
		});
	});

	test.each(OPERATIONS)(
		'%s: a token endpoint that stays away is told as such',
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
		'%s: a token refused for good is to be connected again',
		async (operation) => {
			const { result, asked } = await runExpired(operation, [], { refreshTokens: true });
			expect(detailsOf(result.items[0])).toMatchObject({
				reason: 'unauthorized',
				httpStatus: 401,
				outcome: 'refused',
			});
			expect(String(result.items[0].json.error)).toMatch(/connect it again/);
			expect(asked.filter(([where]) => where === TOKENS)).toEqual([[TOKENS, 400]]);
		},
	);
});

/** Takes away what n8n has had only lately, so that it is as before. */
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
