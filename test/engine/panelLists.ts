/**
 * Loads the lists that people pick from, in the engine's own context for them. As in `engine.ts`, what a
 * credential holds is all that stands in for the n8n server.
 */
import { LoadOptionsContext } from 'n8n-core';
import {
	ICredentialsHelper,
	NodeHelpers,
	Workflow,
	type ICredentialDataDecryptedObject,
	type IHttpRequestOptions,
	type ILoadOptionsFunctions,
	type INode,
	type INodeParameters,
	type INodePropertyOptions,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';
import { DEMO_ACCOUNT, type LocalGong } from '../gong';
import { loadCredential, loadNode, NODE } from './engine';

/** Signs in as the credential's own `authenticate` says. */
class Stored extends ICredentialsHelper {
	constructor(private readonly stored: ICredentialDataDecryptedObject) {
		super();
	}

	getParentTypes = (): string[] => [];

	isCredentialUsableByNode = (): boolean => true;

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		request: IHttpRequestOptions,
		workflow: Workflow,
		node: INode,
	): Promise<IHttpRequestOptions> {
		const { authenticate } = await loadCredential(typeName);
		if (typeof authenticate !== 'object') throw new Error('Only declarative sign-in is run here');
		const resolve = (value = ''): string =>
			workflow.expression.getSimpleParameterValue(
				node,
				value,
				'internal',
				{ $credentials: credentials },
				undefined,
				'',
			) as string;
		const { username, password } = authenticate.properties.auth ?? {};
		return { ...request, auth: { username: resolve(username), password: resolve(password) } };
	}

	preAuthentication = async (): Promise<undefined> => undefined;

	runPreAuthentication = async (): Promise<undefined> => undefined;

	getCredentials = async (): Promise<never> => {
		throw new Error('Nothing is stored here');
	};

	getDecrypted = async (): Promise<ICredentialDataDecryptedObject> => ({ ...this.stored });

	updateCredentials = async (): Promise<void> => {};

	updateCredentialsOauthTokenData = async (): Promise<void> => {};

	getCredentialsProperties = (): never[] => [];
}

/** Loads a list as the editor does when somebody opens it. */
export async function load(
	gong: LocalGong,
	method: 'getCalls' | 'getUsers',
	credential: ICredentialDataDecryptedObject = {},
	parameters: INodeParameters = {},
): Promise<INodePropertyOptions[]> {
	const type = await loadNode();
	const node: INode = {
		id: '1',
		name: 'Gong Call Access',
		type: NODE,
		typeVersion: 1,
		position: [0, 0],
		parameters: { callsFrom: 'list', ...parameters },
		credentials: { gongApi: { id: '1', name: 'Gong' } },
	};
	const workflow = new Workflow({
		nodes: [node],
		connections: {},
		active: false,
		nodeTypes: {
			getByName: () => type,
			getByNameAndVersion: (_name, version) => NodeHelpers.getVersionedNodeType(type, version),
			getKnownTypes: () => ({}),
		},
	});
	const { accessKey, accessKeySecret } = DEMO_ACCOUNT;
	const stored = { baseUrl: gong.url, accessKey, accessKeySecret, ...credential };
	const additionalData = {
		credentialsHelper: new Stored(stored),
		currentNodeParameters: node.parameters,
		restApiUrl: '',
		variables: {},
	} as unknown as IWorkflowExecuteAdditionalData;
	const context = new LoadOptionsContext(workflow, node, additionalData, 'parameters.list');
	const method_ = type.methods?.loadOptions?.[method];
	if (!method_) throw new Error(`The node has no ${method}`);
	return await method_.call(context as ILoadOptionsFunctions);
}
