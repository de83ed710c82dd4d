/** Has an agent call the built node as its tool, many times in one run, by n8n's own code for tools. */
import { RoutingNode, WorkflowExecute } from 'n8n-core';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteData,
	IExecuteFunctions,
	INode,
	INodeParameters,
	INodeType,
	INodeTypes,
} from 'n8n-workflow';
import { createRunExecutionData, NodeConnectionTypes, NodeHelpers, Workflow } from 'n8n-workflow';
import type { LocalGong } from '../gong';
import { NODE_TYPE, TOOL_TYPE } from '../package/names';
import { additionalData, credentialsAt, loadNode, makeNode, stub, withoutPace } from './engine';

export interface ToolOptions {
	/** With `$fromAI` where the model fills in. */
	parameters: INodeParameters;
	settings?: Partial<INode>;
	credential?: ICredentialDataDecryptedObject;
	/** The arguments of each call; one follows the other. */
	calls: IDataObject[];
	/** Called before each call, and after the last. */
	between: (place: number) => Promise<void>;
}

/** What a tool call gives the model: the rows, or the message that it ends with. */
export interface ToolAnswer {
	rows: IDataObject[];
	error: Error | undefined;
}

interface Tool {
	invoke: (args: IDataObject) => Promise<string>;
}

/** Runs an agent that makes these calls. n8n's server makes a tool of a node as `asTool` does. */
export async function runTool(gong: LocalGong, options: ToolOptions): Promise<ToolAnswer[]> {
	const answers: ToolAnswer[] = [];
	const agent = stub(
		'agent',
		async function (this: IExecuteFunctions) {
			const connected = await this.getInputConnectionData(NodeConnectionTypes.AiTool, 0);
			const [tool] = connected as Tool[];
			for (const [place, args] of options.calls.entries()) {
				await options.between(place);
				answers.push(await answerOf(tool, args));
			}
			await options.between(options.calls.length);
			return [[{ json: {} }]];
		},
		[],
	);
	agent.description.inputs = [NodeConnectionTypes.Main, NodeConnectionTypes.AiTool];
	const types: Record<string, INodeType> = { 'test.agent': agent, [TOOL_TYPE]: await asTool() };
	const nodeTypes: INodeTypes = {
		getByName: (type) => types[type],
		getByNameAndVersion: (type, version) => NodeHelpers.getVersionedNodeType(types[type], version),
		getKnownTypes: () => ({}),
	};
	const agentNode = makeNode('Agent', 'test.agent', {});
	const toolNode: INode = {
		...makeNode('Gong Call Access', TOOL_TYPE, withoutPace(options.parameters)),
		credentials: credentialsAt(gong),
		...options.settings,
	};
	const type = NodeConnectionTypes.AiTool;
	const workflow = new Workflow({
		nodes: [agentNode, toolNode],
		connections: { [toolNode.name]: { [type]: [[{ node: 'Agent', type, index: 0 }]] } },
		active: false,
		nodeTypes,
	});
	const stack: IExecuteData[] = [
		{ node: agentNode, data: { main: [[{ json: {} }]] }, source: null },
	];
	const engine = new WorkflowExecute(
		additionalData(gong, options.credential ?? {}),
		'manual',
		createRunExecutionData({ executionData: { nodeExecutionStack: stack } }),
	);
	const run = await engine.processRunExecutionData(workflow);
	const { error } = run.data.resultData;
	if (error) throw error;
	return answers;
}

async function answerOf(tool: Tool, args: IDataObject): Promise<ToolAnswer> {
	try {
		return { rows: JSON.parse(await tool.invoke(args)) as IDataObject[], error: undefined };
	} catch (error) {
		return { rows: [], error: error as Error };
	}
}

async function asTool(): Promise<INodeType> {
	const node = await loadNode();
	const { description } = node;
	return Object.assign(Object.create(node) as INodeType, {
		description: {
			...description,
			name: `${description.name}Tool`,
			inputs: [],
			outputs: [NodeConnectionTypes.AiTool],
			properties: [
				{ displayName: 'Description', name: 'toolDescription', type: 'string', default: NODE_TYPE },
				...description.properties,
			],
		},
		async execute(this: IExecuteFunctions) {
			return (await new RoutingNode(this as never, node).runNode()) ?? [];
		},
	});
}
