/**
 * What nobody has seen of Gong, tried both ways: the rows are right whichever way is true. The local Gong states
 * each assumption in `Assumptions`.
 */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { runNode, type RunResult } from '../../harness/engine/engine';
import { accessOf, detailsOf, gongsOfThisFile, jsonOf, toldBy } from '../../harness/engine/support';
import {
	callIdAt,
	ALL_SCOPES,
	DEMO_ACCOUNT,
	makeData,
	manyCalls,
	SCOPES,
	userIdAt,
	type Assumptions,
	type LocalGong,
} from '../../harness/gong';
import { pairs, PAIRS } from '../inputs';

const startGong = gongsOfThisFile();

const DATA = makeData({
	calls: [
		{ id: '1', users: ['11', '12'] },
		{ id: '2', users: ['11'] },
		{ id: '3', sharedWith: ['13'] },
	],
});
const UNKNOWN_CALL = '99';
const UNKNOWN_USER = '404';

type Assumed = Partial<Assumptions>;
type OnError = 'stopWorkflow' | 'continueRegularOutput';

interface Run {
	assumed: Assumed;
	parameters: INodeParameters;
	items?: IDataObject[];
	onError?: OnError;
}

async function play({ assumed, parameters, items, onError = 'continueRegularOutput' }: Run) {
	const gong = await startGong({ data: DATA, assumptions: assumed });
	const result = await runNode(gong, { parameters, items, settings: { onError } });
	return { gong, result };
}

/** Each item in brief: the call of a row, or the calls, reason and outcome of an error item. */
const brief = ({ items }: RunResult): unknown[] =>
	items.map((item) => {
		if (!('error' in item.json)) return item.json.callId ?? item.json.userId;
		const { callIds, reason, outcome } = detailsOf(item);
		return { callIds, reason, outcome };
	});

const errorsIn = ({ items }: RunResult): string =>
	jsonOf(items)
		.map(({ error }) => error)
		.filter((error) => error !== undefined)
		.join('\n');

describe('a call that Gong does not know, in a revoke', () => {
	const REFUSED: Assumed = { unknownCallInDelete: 'refused' };
	const ACCEPTED: Assumed = { unknownCallInDelete: 'accepted' };
	const revoke = (options: INodeParameters = {}): INodeParameters => ({
		operation: 'revoke',
		callIds: `[1, ${UNKNOWN_CALL}, 2]`,
		userIds: '11',
		options,
	});
	const unknown = { callIds: [UNKNOWN_CALL], reason: 'unknownCalls', outcome: 'refused' };

	const expectRevoked = (gong: LocalGong): void => {
		expect(accessOf(gong)).toMatchObject({ '1': ['12'], '2': [] });
	};

	test('fails alone where it is refused, and is accepted where it is accepted', async () => {
		const refused = await play({ assumed: REFUSED, parameters: revoke() });
		const accepted = await play({ assumed: ACCEPTED, parameters: revoke() });

		expect(brief(refused.result)).toEqual(['1', '2', unknown]);
		expect(brief(accepted.result)).toEqual(['1', UNKNOWN_CALL, '2']);
		expect(accepted.result.items[1].json).toEqual({
			callId: UNKNOWN_CALL,
			userIds: ['11'],
			accepted: true,
			dryRun: false,
			requestId: accepted.gong.log[0].requestId,
		});
		expect(accepted.gong.log).toHaveLength(1);
		for (const { gong } of [refused, accepted]) expectRevoked(gong);
	});

	test('set to stop, is named before anything is revoked, or is accepted', async () => {
		const onError = 'stopWorkflow';
		const refused = await play({ assumed: REFUSED, parameters: revoke(), onError });
		const accepted = await play({ assumed: ACCEPTED, parameters: revoke(), onError });

		expect(refused.result.error?.message).toContain(`does not know call ${UNKNOWN_CALL}.`);
		expect(accessOf(refused.gong)).toEqual(DATA.apiAccess);
		expect(brief(accepted.result)).toEqual(['1', UNKNOWN_CALL, '2']);
		expectRevoked(accepted.gong);
	});

	test('cannot be read back where it is accepted: it alone fails, and what is said is true', async () => {
		const parameters = revoke({ readBack: true });
		const refused = await play({ assumed: REFUSED, parameters });
		const accepted = await play({ assumed: ACCEPTED, parameters });

		expect(brief(refused.result)).toEqual(['1', '2', unknown]);
		expect(brief(accepted.result)).toEqual([
			'1',
			'2',
			{ callIds: [UNKNOWN_CALL], reason: 'refused', outcome: 'unknown' },
		]);
		for (const { gong, result } of [refused, accepted]) {
			expect(jsonOf(result.items).map(({ stillListed }) => stillListed)).toEqual([
				[],
				[],
				undefined,
			]);
			expectRevoked(gong);
		}
		const said = errorsIn(accepted.result);
		expect(said).toMatch(
			/^Gong accepted the change, but it could not be read back\. Gong does not know call 99\. /,
		);
		expect(said).not.toMatch(/nothing|not carried out|refused|Not known whether/i);
	});

	test('each item that names another such call has an error item of its own', async () => {
		const parameters = { operation: 'revoke', ...PAIRS, options: { readBack: true } };
		const items = pairs(['98', '11'], ['1', '11'], ['99', '12']);
		const { result } = await play({ assumed: ACCEPTED, parameters, items });

		expect(brief(result)).toEqual([
			{ callIds: ['98'], reason: 'refused', outcome: 'unknown' },
			'1',
			{ callIds: ['99'], reason: 'refused', outcome: 'unknown' },
		]);
		for (const line of errorsIn(result).split('\n')) {
			expect(line).toMatch(/^Gong accepted the change.*does not know 2 of the calls: 98, 99\./);
		}
	});

	test('set to stop, a read back that meets it says that everything was accepted', async () => {
		const parameters = revoke({ readBack: true });
		const { gong, result } = await play({
			assumed: ACCEPTED,
			parameters,
			onError: 'stopWorkflow',
		});

		const said = toldBy(result);
		expect(said).toMatch(/Gong accepted the change, but it could not be read back/);
		expect(said).toContain(`does not know call ${UNKNOWN_CALL}.`);
		expect(said).not.toMatch(/Not carried out|Nothing was/);
		expectRevoked(gong);
	});

	test.each([
		['refused', REFUSED],
		['accepted', ACCEPTED],
	])('fails alone in a dry run, which reads and writes nothing: %s', async (_how, assumed) => {
		const { gong, result } = await play({ assumed, parameters: revoke({ dryRun: true }) });

		expect(brief(result)).toEqual(['1', '2', unknown]);
		expect(errorsIn(result)).toMatch(/^Gong does not know call 99\./);
		expect(new Set(gong.log.map(({ method }) => method))).toEqual(new Set(['POST']));
		expect(accessOf(gong)).toEqual(DATA.apiAccess);
	});

	test.each([
		['refused', REFUSED],
		['accepted', ACCEPTED],
	])('fails alone in a replace, which reads first: %s', async (_how, assumed) => {
		const parameters = { ...revoke(), operation: 'replace', userIds: '12' };
		const { gong, result } = await play({ assumed, parameters });

		expect(brief(result)).toEqual(['1', '2', unknown]);
		expect(accessOf(gong)).toMatchObject({ '1': ['12'], '2': ['12'] });
	});
});

describe('a user whom Gong does not know, in a write', () => {
	const WAYS: [string, Assumed][] = [
		['refused in the words that we made up', {}],
		[
			'refused in other words',
			{ unknownUser: { refusedWith: 'userIds contains an invalid value' } },
		],
		['accepted', { unknownUser: 'accepted' }],
	];
	const items = pairs(['1', '13'], ['1', UNKNOWN_USER], ['2', '12'], ['3', UNKNOWN_USER]);

	test.each(WAYS)('grant: costs only the items that name the user: %s', async (how, assumed) => {
		const parameters = { operation: 'grant', ...PAIRS };
		const { gong, result } = await play({ assumed, parameters, items });

		const failed = (callId: string) => ({
			callIds: [callId],
			reason: 'refused',
			outcome: 'refused',
		});
		expect(brief(result)).toEqual(
			how === 'accepted' ? ['1', '1', '2', '3'] : ['1', failed('1'), '2', failed('3')],
		);
		expect(accessOf(gong)).toEqual({ '1': ['11', '12', '13'], '2': ['11', '12'], '3': [] });
	});

	test.each(WAYS)('revoke: costs only the items that name the user: %s', async (how, assumed) => {
		const parameters = { operation: 'revoke', ...PAIRS };
		const own = pairs(['1', '11'], ['1', UNKNOWN_USER], ['2', '11']);
		const { gong, result } = await play({ assumed, parameters, items: own });

		const failed = { callIds: ['1'], reason: 'refused', outcome: 'refused' };
		expect(brief(result)).toEqual(['1', how === 'accepted' ? '1' : failed, '2']);
		expect(accessOf(gong)).toEqual({ '1': ['12'], '2': [], '3': [] });
	});

	test('accepted in a grant, is not listed when it is read back', async () => {
		const parameters = { operation: 'grant', ...PAIRS, options: { readBack: true } };
		const { result } = await play({ assumed: { unknownUser: 'accepted' }, parameters, items });

		expect(jsonOf(result.items).map(({ notListed }) => notListed)).toEqual([
			[],
			[UNKNOWN_USER],
			[],
			[UNKNOWN_USER],
		]);
	});
});

describe('a call that nobody was given access to', () => {
	const WAYS = (['empty', 'noUsers', 'noEntry'] as const).map((style) => [style] as const);

	test.each(WAYS)('gives the same items: %s', async (callWithoutUsers) => {
		const list = async (parameters: INodeParameters) => {
			const assumed = { callWithoutUsers };
			const { result } = await play({ assumed, parameters: { callIds: '[3,1]', ...parameters } });
			return jsonOf(result.items).map(({ callId, userId, users }) => users ?? [callId, userId]);
		};

		expect(await list({ splitInto: 'calls' })).toEqual([[], [{ userId: '11' }, { userId: '12' }]]);
		expect(await list({ splitInto: 'users' })).toEqual([
			['1', '11'],
			['1', '12'],
		]);
		const options = { includeCallsWithoutUsers: true };
		expect(await list({ splitInto: 'users', options })).toEqual([
			['3', null],
			['1', '11'],
			['1', '12'],
		]);
	});

	test.each(WAYS)('is granted and replaced, and read back: %s', async (callWithoutUsers) => {
		for (const operation of ['grant', 'replace']) {
			const parameters = { operation, callIds: '3', userIds: '11', options: { readBack: true } };
			const { gong, result } = await play({ assumed: { callWithoutUsers }, parameters });
			expect(result.items[0].json).toMatchObject({ callId: '3', notListed: [] });
			expect(accessOf(gong)['3']).toEqual(['11']);
		}
	});

	test.each(WAYS)('is read back after its last user was revoked: %s', async (callWithoutUsers) => {
		const options = { readBack: true };
		const parameters = { operation: 'revoke', callIds: '2', userIds: '11', options };
		const { result } = await play({ assumed: { callWithoutUsers }, parameters });
		expect(result.items[0].json).toMatchObject({ callId: '2', accepted: true, stillListed: [] });
	});
});

describe('a grant to somebody who has access by another way', () => {
	test.each([
		['notListed', ['13'], []],
		['listed', [], ['13']],
	] as const)(
		'is accepted, and read back as Gong has it: %s',
		async (grantWithoutEffect, notListed, listed) => {
			for (const operation of ['grant', 'replace']) {
				const parameters = { operation, callIds: '3', userIds: '13', options: { readBack: true } };
				const { gong, result } = await play({ assumed: { grantWithoutEffect }, parameters });
				expect(result.items).toHaveLength(1);
				expect(result.items[0].json).toMatchObject({ callId: '3', notListed });
				expect(accessOf(gong)['3']).toEqual(listed);
			}
		},
	);
});

describe('the most calls that one request may name', () => {
	const calls = Array.from({ length: 120 }, (_, place) => callIdAt(place));
	const data = manyCalls(120);
	const run = async (operation: string, most: number, options: INodeParameters = {}) => {
		const gong = await startGong({ data, assumptions: { maxCallsPerRequest: most } });
		const userIds = userIdAt(49);
		const result = await runNode(gong, {
			parameters: { operation, callIds: JSON.stringify(calls), userIds, options },
			settings: { onError: 'continueRegularOutput' },
		});
		return { gong, result };
	};

	test.each(['list', 'grant', 'revoke', 'replace'])(
		'is met by the option where it is less than ours: %s',
		async (operation) => {
			for (const most of [50, Infinity]) {
				const { gong, result } = await run(operation, most, { callsPerRequest: 50 });
				expect(brief(result)).toEqual(calls);
				expect(gong.log.filter(({ status }) => status !== 200)).toEqual([]);
			}
		},
	);

	test.each(['list', 'grant', 'revoke', 'replace'])('is found by halves: %s', async (operation) => {
		const { result } = await run(operation, 15, { callsPerRequest: 60 });
		expect(brief(result)).toEqual(calls);
	});

	test('is told in Gong’s words, set to stop', async () => {
		const gong = await startGong({ data, assumptions: { maxCallsPerRequest: 15 } });
		const parameters = { callIds: JSON.stringify(calls), options: { callsPerRequest: 60 } };
		const result = await runNode(gong, { parameters });
		expect(toldBy(result)).toContain('Too many calls in one request: 60, at most 15');
	});
});

describe('a missing scope', () => {
	const scopes = ALL_SCOPES.filter((scope) => scope !== SCOPES.readUsers);

	test.each([[401], [403], ['asDescribed']] as const)(
		'is named, and what needs it; the request is sent once: %j',
		async (missingScope) => {
			const assumptions = { missingScope };
			const accounts = [{ ...DEMO_ACCOUNT, scopes }];
			for (const [parameters, needs] of [
				[{ options: { includeUserDetails: true } }, /'Include User Details'/],
				[{ operation: 'grant', userIds: 'ann@example.com' }, /e-mail address/],
			] as const) {
				const gong = await startGong({ data: DATA, accounts, assumptions });
				const result = await runNode(gong, { parameters: { callIds: '1', ...parameters } });
				expect(toldBy(result)).toContain(`You don't have permission to use '${SCOPES.readUsers}'`);
				expect(toldBy(result)).toMatch(needs);
				const refused = gong.log.filter(({ path }) => path.startsWith('/v2/users'));
				expect(refused).toHaveLength(1);
			}
		},
	);
});
