/** As the tool of an agent the node is called many times in one run: each call is answered for itself. */
import { accessOf, gongsOfThisFile } from '../../harness/engine/support';
import { runTool } from '../../harness/engine/tool';
import { makeData } from '../../harness/gong';

const startGong = gongsOfThisFile();

const PARAMETERS = {
	operation: 'grant',
	callIds: "={{ $fromAI('calls', '', 'string') }}",
	userIds: "={{ $fromAI('users', '', 'string') }}",
};

test.each(['stopWorkflow', 'continueRegularOutput'] as const)(
	'nothing of an earlier call of the tool is told by a later one, set to %s',
	async (onError) => {
		const gong = await startGong({
			data: makeData({ users: ['11', '12'], calls: [{ id: '1' }, { id: '2' }] }),
		});
		const answers = await runTool(gong, {
			parameters: PARAMETERS,
			settings: { onError },
			calls: [
				{ calls: '1', users: '11' },
				{ calls: '2', users: '404' },
			],
			between: async () => undefined,
		});
		expect(accessOf(gong)).toEqual({ '1': ['11'], '2': [] });
		expect(answers[0].rows).toMatchObject([{ callId: '1', userIds: ['11'], accepted: true }]);
		const told = `${answers[1].error?.message}${JSON.stringify(answers[1].rows)}`;
		expect(told).toContain('404');
		expect(told).not.toMatch(/Accepted before|before to call|other items/);
	},
);

test('a try of a call of the tool tells what the try before it did', async () => {
	const gong = await startGong({
		data: makeData({ users: ['11', '12'], calls: [{ id: '1', users: ['11'] }] }),
	});
	gong.fail({
		kind: 'status',
		status: 400,
		errors: ['Not today'],
		times: Infinity,
		match: { method: 'DELETE' },
	});
	const [answer] = await runTool(gong, {
		parameters: { ...PARAMETERS, operation: 'replace' },
		settings: { onError: 'stopWorkflow', retryOnFail: true, maxTries: 2, waitBetweenTries: 0 },
		calls: [{ calls: '1', users: '12' }],
		between: async () => undefined,
	});
	expect(gong.log.map(({ method }) => method)).toEqual(['POST', 'PUT', 'DELETE', 'POST', 'DELETE']);
	expect(accessOf(gong)).toEqual({ '1': ['11', '12'] });
	expect(answer.error?.message).toContain('Not known whether carried out for call 1.');
	expect(answer.error?.message).not.toContain('Nothing was accepted');
});
