/**
 * Runs the built node in n8n's own engine: its loader, its RoutingNode, its request helpers. The parts of
 * n8n-core that the n8n server implements are here in the smallest form: the known node types and the values of
 * a credential.
 */
import { PackageDirectoryLoader, RoutingNode, WorkflowExecute } from 'n8n-core';
import type {
	IConnections,
	ICredentialDataDecryptedObject,
	ICredentialsExpressionResolveValues,
	ICredentialType,
	IDataObject,
	IExecuteData,
	IExecuteFunctions,
	IHttpRequestOptions,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	INodeTypes,
	IRun,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import {
	createRunExecutionData,
	ICredentialsHelper,
	NodeConnectionTypes,
	NodeHelpers,
	Workflow,
} from 'n8n-workflow';
import { DEMO_CLIENT, type LocalGong } from '../gong';
import { NODE_TYPE } from '../package/names';
import { PROJECT } from '../package/project';

/** The input of one run of the node. */
export interface RunOptions {
	parameters?: INodeParameters;
	/** The JSON of the items before the node; default one empty item. */
	items?: IDataObject[];
	/** In place of `items`, for items that JSON cannot express. */
	inputItems?: INodeExecutionData[];
	/** Settings of the node: `onError`, `executeOnce`, `retryOnFail` and so on. */
	settings?: Partial<INode>;
	/**
	 * Merged over those of the local Gong. Values that n8n stores during the run, such as a new token, are
	 * written into it.
	 */
	credential?: ICredentialDataDecryptedObject;
	/** With the pace that the node has by default; otherwise requests follow each other at once. */
	atGongsPace?: boolean;
	/** Without the node after it, which is slow for many items. */
	alone?: boolean;
	/** Cancels the execution after so many milliseconds, or once this resolves, like the editor's Stop button. */
	cancelAfter?: number | Promise<unknown>;
	/** Receives a function that cancels the execution at once, like the editor's Stop button. */
	cancelWhen?: (cancel: () => void) => void;
}

/** The result of the run. */
export interface RunResult {
	run: IRun;
	/** The node's output items, and those of its error output. */
	items: INodeExecutionData[];
	errorItems: INodeExecutionData[];
	/** The error that the node threw. */
	error: (Error & { description?: string | null }) | undefined;
	/** For each output item, the `id` that a later node reads from `$('Before').item`. */
	earlier: unknown[];
}

const loading = (async () => {
	const loader = new PackageDirectoryLoader(PROJECT, [], []);
	await loader.loadAll();
	return loader;
})();

/** A connected OAuth2 credential: n8n signs in with it and gets new tokens by itself. */
export function oAuth2Credential(gong: LocalGong): ICredentialDataDecryptedObject {
	const { clientId, clientSecret } = DEMO_CLIENT;
	return {
		grantType: 'authorizationCode',
		authentication: 'header',
		accessTokenUrl: `${gong.url}/oauth2/generate-customer-token`,
		clientId,
		clientSecret,
		oauthTokenData: { ...gong.issueToken() },
	};
}

/** The stored credential for a local Gong by its key; `changed` is merged over it. */
export function storedFor(
	gong: LocalGong,
	changed: ICredentialDataDecryptedObject = {},
): ICredentialDataDecryptedObject {
	const { accessKey, accessKeySecret } = gong.account;
	return { baseUrl: gong.url, accessKey, accessKeySecret, ...changed };
}

/** The credentials of our node. Two Gongs never share an ID, since n8n gets one new token per ID at a time. */
export function credentialsAt(gong: LocalGong): INode['credentials'] {
	return {
		gongApi: { id: gong.url, name: 'Gong' },
		gongCallAccessOAuth2Api: { id: gong.url, name: 'Gong by OAuth2' },
	};
}

/** The node as n8n sees it, with the loader's additions. */
export async function loadNode(): Promise<INodeType> {
	return (await loading).getNode('gongCallAccess').type as INodeType;
}

/** The credential as n8n sees it. */
export async function loadCredential(name: string): Promise<ICredentialType> {
	return (await loading).getCredential(name).type;
}

/** Parameters with no wait between requests, for what is not about Gong's pace. */
export function withoutPace(parameters: INodeParameters): INodeParameters {
	const { options = {} } = parameters;
	if (typeof options !== 'object') return parameters;
	return { ...parameters, options: { requestsPerSecond: 100, ...(options as INodeParameters) } };
}

/** Runs `Before` → our node → `After`, where `After` reads `$('Before').item` for each item. */
export async function runNode(gong: LocalGong, options: RunOptions = {}): Promise<RunResult> {
	const before = makeNode('Before', 'test.before', {});
	const { parameters = {} } = options;
	const node: INode = {
		...makeNode(
			'Gong Call Access',
			NODE_TYPE,
			options.atGongsPace ? parameters : withoutPace(parameters),
		),
		credentials: credentialsAt(gong),
		...options.settings,
	};
	const after = makeNode('After', 'test.after', { id: "={{ $('Before').item.json.id }}" });
	const items = options.inputItems ?? (options.items ?? [{}]).map((json) => ({ json }));
	const nodes = options.alone ? [before, node] : [before, node, after];
	return await execute(gong, nodes, items, options);
}

async function execute(
	gong: LocalGong,
	nodes: INode[],
	items: INodeExecutionData[],
	options: RunOptions,
): Promise<RunResult> {
	const workflow = new Workflow({
		nodes,
		connections: chain(nodes),
		active: false,
		nodeTypes: await nodeTypes(items),
	});
	const stack: IExecuteData[] = [
		{ node: nodes[0], data: { main: [[{ json: {} }]] }, source: null },
	];
	const engine = new WorkflowExecute(
		additionalData(gong, options.credential ?? {}),
		'manual',
		createRunExecutionData({ executionData: { nodeExecutionStack: stack } }),
	);
	const execution = engine.processRunExecutionData(workflow);
	const { cancelAfter } = options;
	const timer =
		typeof cancelAfter === 'number'
			? setTimeout(() => execution.cancel(), cancelAfter)
			: void cancelAfter?.then(() => execution.cancel());
	options.cancelWhen?.(() => execution.cancel());
	const run = await execution;
	clearTimeout(timer);

	const { runData } = run.data.resultData;
	const output = runData['Gong Call Access']?.[0]?.data?.main ?? [];
	const read = runData.After?.[0]?.data?.main[0] ?? [];
	return {
		run,
		items: output[0] ?? [],
		errorItems: output[1] ?? [],
		error: run.data.resultData.error as RunResult['error'],
		earlier: read.map(({ json }) => json.id),
	};
}

export function makeNode(name: string, type: string, parameters: INodeParameters): INode {
	return { id: name, name, type, typeVersion: 1, position: [0, 0], parameters };
}

function chain(nodes: INode[]): IConnections {
	const connections: IConnections = {};
	nodes.slice(1).forEach((node, index) => {
		const link = [{ node: node.name, type: NodeConnectionTypes.Main, index: 0 }];
		connections[nodes[index].name] = { main: [link] };
	});
	return connections;
}

export function stub(name: string, execute: INodeType['execute'], properties: string[]): INodeType {
	return {
		description: {
			displayName: name,
			name,
			group: [],
			version: 1,
			description: '',
			defaults: {},
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			properties: properties.map((property) => ({
				displayName: property,
				name: property,
				type: 'string',
				default: '',
			})),
		},
		execute,
	};
}

export async function nodeTypes(items: INodeExecutionData[]): Promise<INodeTypes> {
	const node = await loadNode();
	// The n8n server runs a declarative node like this, which passes the cancel signal on to the node.
	node.execute ??= async function (this: IExecuteFunctions) {
		return (await new RoutingNode(this as never, node).runNode()) ?? [];
	};
	const types: Record<string, INodeType> = {
		'test.before': stub('before', async () => [items], []),
		'test.after': stub(
			'after',
			async function (this: IExecuteFunctions) {
				const read = this.getInputData().map((_, index) => ({
					json: { id: this.getNodeParameter('id', index) as string },
					pairedItem: { item: index },
				}));
				return [read];
			},
			['id'],
		),
		[NODE_TYPE]: node,
	};
	return {
		getByName: (type) => types[type],
		getByNameAndVersion: (type, version) => NodeHelpers.getVersionedNodeType(types[type], version),
		getKnownTypes: () => ({}),
	};
}

export function additionalData(
	gong: LocalGong,
	credential: ICredentialDataDecryptedObject,
): IWorkflowExecuteAdditionalData {
	const stored = storedFor(gong, credential);
	// The next run signs in with what n8n stored in this one.
	if (credential.oauthTokenData) Object.assign(credential, stored);
	const hooks = { runHook: async () => {}, addHandler: () => {}, handlers: {} };
	return {
		credentialsHelper: new StoredCredential(credential.oauthTokenData ? credential : stored),
		hooks,
		executionId: '1',
		currentNodeExecutionIndex: 0,
		variables: {},
		restApiUrl: '',
		instanceBaseUrl: 'http://127.0.0.1/',
		webhookBaseUrl: 'http://127.0.0.1/',
		webhookWaitingBaseUrl: 'http://127.0.0.1/waiting',
		webhookTestBaseUrl: 'http://127.0.0.1/',
		formWaitingBaseUrl: 'http://127.0.0.1/form',
		setExecutionStatus: () => {},
	} as unknown as IWorkflowExecuteAdditionalData;
}

/** One stored credential; it signs in as the credential's `authenticate` says, with n8n's expressions. */
export class StoredCredential extends ICredentialsHelper {
	constructor(private readonly stored: ICredentialDataDecryptedObject) {
		super();
	}

	getParentTypes(typeName: string): string[] {
		return typeName === 'gongCallAccessOAuth2Api' ? ['oAuth2Api'] : [];
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		request: IHttpRequestOptions,
		workflow: Workflow,
		node: INode,
	): Promise<IHttpRequestOptions> {
		const { authenticate } = (await loading).getCredential(typeName).type;
		if (typeof authenticate !== 'object') throw new Error('Only declarative sign-in is run here');
		const resolve = (value: unknown): string =>
			workflow.expression.getSimpleParameterValue(
				node,
				value as string,
				'internal',
				{ $credentials: credentials },
				undefined,
				'',
			) as string;
		const signed = request as unknown as Record<string, Record<string, string> | undefined>;
		for (const [part, values] of Object.entries(authenticate.properties)) {
			for (const [key, value] of Object.entries(values as IDataObject)) {
				signed[part] = { ...signed[part], [key]: resolve(value) };
			}
		}
		return request;
	}

	async preAuthentication(): Promise<undefined> {
		return undefined;
	}

	async runPreAuthentication(): Promise<undefined> {
		return undefined;
	}

	async getCredentials(): Promise<never> {
		throw new Error('Nothing is stored here');
	}

	/** Like n8n's server: resolves an expression in a credential for the item, unless the raw value is asked for. */
	async getDecrypted(
		_additionalData: IWorkflowExecuteAdditionalData,
		_credentials: unknown,
		_type: string,
		mode: WorkflowExecuteMode,
		_executeData?: IExecuteData,
		raw?: boolean,
		values?: ICredentialsExpressionResolveValues,
	): Promise<ICredentialDataDecryptedObject> {
		if (raw || !values) return { ...this.stored };
		const { workflow, runExecutionData, runIndex, itemIndex, node, connectionInputData } = values;
		return workflow.expression.getParameterValue(
			this.stored as INodeParameters,
			runExecutionData,
			runIndex,
			itemIndex,
			node.name,
			connectionInputData,
			mode,
			{},
		) as ICredentialDataDecryptedObject;
	}

	async updateCredentials(): Promise<void> {}

	async updateCredentialsOauthTokenData(
		_node: unknown,
		_type: string,
		{ oauthTokenData }: ICredentialDataDecryptedObject,
	): Promise<void> {
		this.stored.oauthTokenData = oauthTokenData;
	}

	getCredentialsProperties(): never[] {
		return [];
	}
}
