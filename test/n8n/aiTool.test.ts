import path from 'node:path';

import {
	type LocalGong,
	SAMPLE_CALL_IDS,
	SAMPLE_USER_IDS,
	sampleData,
	QUICK,
	startLocalGong,
} from '../harness/gong';
import type { Execution } from '../harness/n8n/execution';
import { storeForLocalGong } from '../harness/n8n/gongCredential';
import { type RunningN8n, startN8n } from '../harness/n8n/running';
import { describeWithN8n, SET_UP_MS } from '../harness/n8n/skipping';
import { DEFAULT_N8N, OF_THIS_N8N } from '../harness/n8n/versions';
import { readWorkflow, withCredential, type Workflow } from '../harness/n8n/workflow';
import { TOOL_TYPE } from '../harness/package/names';
import { type OfferedTool, type ScriptedModel, startModel } from '../harness/services/model';

const TRIGGER = 'When clicking Execute workflow';
const AGENT = '@n8n/n8n-nodes-langchain.agent';
const MODEL = '@n8n/n8n-nodes-langchain.lmChatOpenAi';

/** The parts of a node type that are checked here. */
interface ToolType {
	readonly name: string;
	readonly defaults: { readonly name: string };
	readonly properties: readonly {
		readonly name: string;
		readonly options?: readonly { readonly action?: string }[];
	}[];
}

/** Whether a tool set to stop ends the whole agent when its input is bad. */
const stoppedToolEndsIt = (agent: number): boolean =>
	agent >= 3 && OF_THIS_N8N.stoppedToolEndsAgent;

describeWithN8n(`as tools of an AI agent in a real n8n ${DEFAULT_N8N}`, () => {
	const [renewal, demo] = SAMPLE_CALL_IDS;
	const { maria, jonas, priya, yuki } = SAMPLE_USER_IDS;
	const UNKNOWN_CALL = '1111111111111111111';
	const ACCESS = '/v2/calls/users-access';

	let gong: LocalGong;
	let model: ScriptedModel;
	let n8n: RunningN8n | undefined;

	const workflow = readWorkflow(path.join(__dirname, 'workflows', 'agent-with-tools.json'));
	const withAgent = (typeVersion: number): Workflow => ({
		...workflow,
		nodes: workflow.nodes.map((node) => (node.type === AGENT ? { ...node, typeVersion } : node)),
	});

	beforeAll(async () => {
		gong = await startLocalGong({ latency: QUICK, data: sampleData() });
		model = await startModel();
		n8n = await startN8n();
	}, SET_UP_MS);

	afterAll(async () => {
		await n8n?.dispose();
		await model?.close();
		await gong?.close();
	});

	// From version 3 on the engine runs an agent's tools, before that the agent itself did.
	describe.each([OF_THIS_N8N.newestAgent, 2.2])('AI Agent %s', (typeVersion) => {
		let execution: Execution;
		let answers: unknown[];
		let badCallId: string;
		let offered: ReadonlyMap<string, OfferedTool>;
		let sent: unknown[][];
		let access: Record<string, string[]>;

		beforeAll(async () => {
			const { rest } = n8n as RunningN8n;
			const openAi = {
				name: 'Model (local)',
				type: 'openAiApi',
				data: { apiKey: 'none', url: model.url },
			};
			const id = await rest.createCredential(openAi);
			const workflowId = await storeForLocalGong(
				rest,
				gong,
				withCredential(withAgent(typeVersion), MODEL, { ...openAi, id }),
			);
			gong.reset();
			model.begin([
				[
					{ tool: 'Get_access', takes: { callIds: renewal } },
					{ tool: 'Get_access', takes: { callIds: demo } },
				],
				[
					{
						tool: 'Grant_access',
						takes: { callIds: `${renewal}, ${demo}`, userIds: 'yuki.mori@example.com' },
					},
				],
				[{ tool: 'Replace_access', takes: { callIds: renewal, userIds: priya } }],
				[
					{ tool: 'Revoke_access', takes: { callIds: demo, userIds: `${jonas}, ${yuki}` } },
					{ tool: 'Get_access', takes: { callIds: renewal } },
				],
				[{ tool: 'Grant_access', takes: { callIds: UNKNOWN_CALL, userIds: yuki } }],
				[{ tool: 'Get_access', takes: { callIds: '77823x' } }],
				'All is right now.',
			]);
			execution = await rest.run(workflowId, TRIGGER);
			const given = [...model.answers()];
			badCallId = given.pop() ?? '';
			answers = given.map((answer) => JSON.parse(answer) as unknown);
			offered = model.offered();
			sent = gong.log.map(({ method, path: where, body }) =>
				body === '' ? [method, where] : [method, where, JSON.parse(body)],
			);
			access = gong.state.accessSnapshot().apiAccess;
		}, SET_UP_MS);

		if (stoppedToolEndsIt(typeVersion)) {
			it('ends with the message of a tool that is set to stop, in this older n8n', () => {
				expect(execution.error?.message).toContain('77823x');
			});
		} else {
			it('succeeds', () => {
				expect(execution.error).toBeUndefined();
				expect(execution.rows('Agent')).toEqual([{ output: 'All is right now.' }]);
			});
		}

		it('is offered one tool for each operation, with descriptions that differ', () => {
			expect([...offered.keys()].sort()).toEqual([
				'Get_access',
				'Grant_access',
				'Replace_access',
				'Revoke_access',
			]);
			const descriptions = [...offered.values()].map(({ description }) => description);
			expect(new Set(descriptions).size).toBe(4);
		});

		it('reads that Revoke and Replace change who had access, and that the others do not', () => {
			const takesAway = [...offered.values()]
				.filter(({ description }) =>
					/\b(revoke users' access|replace who has access)\b/i.test(description),
				)
				.map(({ name }) => name);
			expect(takesAway.sort()).toEqual(['Replace_access', 'Revoke_access']);
		});

		it('is asked for the values of $fromAI only', () => {
			const asked = [...offered].map(([name, { parameters }]) => [
				name,
				Object.keys(parameters.properties),
				parameters.required,
			]);
			const both = ['callIds', 'userIds'];
			expect(asked.sort()).toEqual([
				['Get_access', ['callIds'], ['callIds']],
				['Grant_access', both, both],
				['Replace_access', both, both],
				['Revoke_access', both, both],
			]);
		});

		it('gets the right answer for each of two calls in one turn', () => {
			const requestId = expect.any(String) as unknown;
			expect(answers[0]).toEqual([{ callId: renewal, users: [{ userId: maria }], requestId }]);
			expect(answers[1]).toEqual([
				{ callId: demo, users: [{ userId: jonas }, { userId: priya }], requestId },
			]);
			const ids = answers.slice(0, 2).map((rows) => (rows as { requestId: string }[])[0].requestId);
			expect(new Set(ids).size).toBe(2);
		});

		it("grants, replaces and revokes, and gets Gong's answers", () => {
			const requestId = expect.any(String) as unknown;
			const done = { accepted: true, dryRun: false, requestId };
			expect(answers.slice(2, 6)).toEqual([
				[renewal, demo].map((callId) => ({ callId, userIds: [yuki], ...done })),
				[
					{
						callId: renewal,
						grantedUserIds: [priya],
						revokedUserIds: [maria, yuki],
						unchangedUserIds: [],
						dryRun: false,
						requestId,
						requestIds: expect.any(Array),
					},
				],
				[{ callId: demo, userIds: [jonas, yuki], ...done }],
				[{ callId: renewal, users: [{ userId: priya }], requestId }],
			]);
			expect([access[renewal], access[demo]]).toEqual([[priya], [priya]]);
		});

		it('sends Gong exactly what the model asked for', () => {
			const read = (...callIds: string[]) => ['POST', ACCESS, { filter: { callIds } }];
			const change = (method: string, userIds: string[], ...callIds: string[]) => [
				method,
				ACCESS,
				{ callAccessList: callIds.map((callId) => ({ callId, userIds })) },
			];
			// The calls of one turn may come in either order.
			expect(sent.slice(0, 2)).toEqual(
				expect.arrayContaining([read(renewal), read(demo)]) as unknown,
			);
			expect(sent.slice(2, 7)).toEqual([
				['GET', '/v2/users'],
				change('PUT', [yuki], renewal, demo),
				read(renewal),
				change('PUT', [priya], renewal),
				change('DELETE', [maria, yuki], renewal),
			]);
			expect(sent.slice(7, 9)).toEqual(
				expect.arrayContaining([change('DELETE', [jonas, yuki], demo), read(renewal)]) as unknown,
			);
			expect(sent.slice(9)).toEqual([change('PUT', [yuki], UNKNOWN_CALL)]);
		});

		it('tells the model why a call failed, with the tool set to continue', () => {
			const details = { callIds: [UNKNOWN_CALL], reason: 'unknownCalls', outcome: 'refused' };
			expect(answers[6]).toEqual([
				{
					error: expect.stringContaining(UNKNOWN_CALL) as unknown,
					details: expect.objectContaining(details) as unknown,
				},
			]);
		});

		it('sends nothing for a bad call ID, with the tool set to stop', () => {
			expect(JSON.stringify(sent)).not.toContain('77823x');
			// From version 3 of the agent on, n8n gives this message to the model; older versions give it nothing.
			const given = stoppedToolEndsIt(typeVersion) ? execution.error?.message : badCallId;
			expect(given).toContain(typeVersion >= 3 ? '77823x' : '');
		});
	});

	it('gets tool names from the editor that a model accepts, on older n8n too', async () => {
		const types = (await n8n?.rest.file('/types/nodes.json')) as ToolType[] | undefined;
		const [tool, ...others] = types?.filter(({ name }) => name === TOOL_TYPE) ?? [];
		expect(others).toEqual([]);
		const operation = tool.properties.find(({ name }) => name === 'operation');
		// The editor makes the tool's name. OpenAI refuses names of 65 characters or more, and older n8n does not
		// shorten them.
		const names = operation?.options?.flatMap(({ action }) =>
			// n8n adds the operation "Custom API Call", which has no action.
			action === undefined ? [] : `${action} in ${tool.defaults.name}`,
		);
		expect(names).toHaveLength(5);
		expect(names?.filter((name) => name.length > 64)).toEqual([]);
	});
});
