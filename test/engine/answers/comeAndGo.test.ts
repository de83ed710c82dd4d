/** What people read about calls that Gong listed and does not know, and about users that it does not know. */
import { runNode, type RunOptions, type RunResult } from '../../harness/engine/engine';
import { detailsOf, gongsOfThisFile, jsonOf, ON_ERROR, toldBy } from '../../harness/engine/support';
import { makeData, type LocalGong } from '../../harness/gong';

const startGong = gongsOfThisFile();
const started = new Date(Date.now() - 36 * 60 * 60 * 1000).toISOString();
const DATA = makeData({
	users: ['11', '12', '13'],
	calls: ['1', '2', '3'].map((id) => ({ id, started, users: ['11'] })),
});
const PERIOD = {
	callsFrom: 'period',
	period: 'custom',
	periodStart: new Date(Date.now() - 5 * 24 * 60 * 60 * 1000).toISOString(),
	periodEnd: new Date().toISOString(),
};
const texts = ({ items, errorItems }: RunResult): string[] =>
	[...items, ...errorItems]
		.filter(({ json }) => 'error' in json)
		.map(({ json }) => String(json.error));

describe.each<[string, RunOptions['parameters']]>([
	['Get Many', PERIOD],
	['Explain', { ...PERIOD, operation: 'explain', ways: ['apiGrant', 'participant'] }],
])('%s by period', (_name, parameters) => {
	/** A Gong in which these calls are gone right after they were listed. */
	const without = async (...gone: string[]): Promise<LocalGong> => {
		const gong = await startGong({ data: DATA });
		for (const id of gone) gong.state.hideCall(id, 'details', 'access');
		return gong;
	};
	const ONE =
		'Gong does not know call 2, which it listed a moment ago. It says: Some calls not found';
	const WHY =
		'The call was deleted or hidden meanwhile, or is so new that Gong does not know it everywhere yet. Run the workflow again in some hours: what was deleted is not listed any more then.';

	test('tells a call that is gone as gone, set to stop', async () => {
		const result = await runNode(await without('2'), { parameters });
		expect(toldBy(result)).toMatch(
			new RegExp(
				`^${ONE}\n${WHY} To go on with the other calls all the same, set 'On Error' in the node's settings to 'Continue'. To get an item for such a call too, set the option 'Unknown Calls' to 'Report'. Gong request ID: \\w+.$`,
			),
		);
	});

	test('names several', async () => {
		const told = toldBy(await runNode(await without('1', '2'), { parameters }));
		expect(told).toContain('Gong does not know 2 of the calls that it listed a moment ago: 1, 2.');
		expect(told).toContain('They were deleted or hidden meanwhile, or are so new');
	});

	test.each(ON_ERROR.slice(1))('keeps the other rows, set to %s', async (onError) => {
		const result = await runNode(await without('2'), { parameters, settings: { onError } });
		const rows = jsonOf(result.items).filter((json) => !('error' in json));
		expect(rows.map(({ callId }) => callId)).toEqual(['1', '3']);
		expect(texts(result)).toEqual([
			expect.stringMatching(`^${ONE}. ${WHY} Gong request ID: \\w+.$`),
		]);
		const failed = [...result.items, ...result.errorItems].find(({ json }) => 'error' in json);
		expect(detailsOf(failed)).toMatchObject({
			callIds: ['2'],
			reason: 'unknownCalls',
			outcome: 'refused',
		});
	});

	test('gives a row where unknown calls are reported', async () => {
		const options = { unknownCalls: 'report' };
		const { items } = await runNode(await without('2'), { parameters: { ...parameters, options } });
		expect(jsonOf(items).map(({ callId, found }) => [callId, found])).toEqual([
			['1', true],
			['2', false],
			['3', true],
		]);
	});
});

/** Parameters that n8n wants filled, since where the calls come from is an expression. */
const UNUSED = { callIdField: 'from', callList: ['1'] };

test('an ID that was typed is still to be checked beside a period', async () => {
	const gong = await startGong({ data: DATA });
	gong.state.hideCall('2', 'details', 'access');
	const result = await runNode(gong, {
		parameters: { ...PERIOD, callsFrom: '={{ $json.from }}', callIds: '99', ...UNUSED },
		items: [{ from: 'period' }, { from: 'ids' }],
		settings: { onError: 'continueRegularOutput' },
	});
	expect(texts(result)).toEqual([
		expect.stringMatching(/^Gong does not know call 2, which it listed a moment ago/),
		expect.stringMatching(/^Gong does not know call 99\. .*Check the IDs/),
	]);
});

describe('a user that Gong does not know', () => {
	const CHECK =
		"Check the user IDs: each must be of somebody in your company's Gong. E-mail addresses can be given in their place.";
	const SAYS = 'It says: Some users not found';
	const PAIRS = { callIds: '={{ $json.calls }}', userIds: '={{ $json.users }}' };
	const ITEMS = [
		{ calls: '1', users: '12' },
		{ calls: '2', users: '[13,999]' },
	];
	const run = async (
		operation: string,
		onError: (typeof ON_ERROR)[number],
		items: object[] = ITEMS,
		gong?: LocalGong,
	): Promise<RunResult> =>
		await runNode(gong ?? (await startGong({ data: DATA })), {
			parameters: { operation, ...PAIRS },
			items: items as RunOptions['items'],
			settings: { onError },
		});

	test.each(['grant', 'replace'])(
		'is one of all that were sent, set to stop: %s',
		async (operation) => {
			const told = toldBy(await run(operation, 'stopWorkflow'));
			expect(told).toContain(
				`Gong does not know one of these users: 12, 13, 999. ${SAYS}\n${CHECK}`,
			);
			expect(told).toContain('Not carried out for calls 1, 2.');
		},
	);

	test.each(
		['grant', 'replace'].flatMap((operation) =>
			ON_ERROR.slice(1).map((onError) => [operation, onError] as const),
		),
	)('is one of its item: %s, set to %s', async (operation, onError) => {
		const result = await run(operation, onError);
		expect(texts(result)).toEqual([
			expect.stringContaining(`Gong does not know one of these users: 13, 999. ${SAYS}. ${CHECK}`),
		]);
		const alone = await run(operation, onError, [{ calls: '1', users: '999' }]);
		expect(texts(alone)).toEqual([
			expect.stringContaining(`Gong does not know user 999. ${SAYS}. ${CHECK}`),
		]);
	});

	test('is not claimed where the words may be about something else', async () => {
		for (const words of ['User is not allowed', 'User 12 is not found in call 1', 'Not today']) {
			const gong = await startGong({ data: DATA });
			const match = { method: 'PUT' };
			gong.fail({ kind: 'status', status: 400, errors: [words], match, times: Infinity });
			const [told] = texts(await run('grant', 'continueRegularOutput', ITEMS, gong));
			expect(told).toContain(`Gong refused with status 400. It says: ${words}`);
			expect(told).not.toContain('does not know');
		}
	});

	test('is found by itself among many such items', async () => {
		const items = Array.from({ length: 60 }, (_, at) => ({ calls: '1', users: String(900 + at) }));
		const told = texts(await run('grant', 'continueRegularOutput', items));
		expect(told).toEqual(
			items.map(({ users }) =>
				expect.stringContaining(`Gong does not know user ${users}. ${SAYS}`),
			),
		);
	}, 30_000);
});
