/**
 * Loads the panel's lists in the engine's own context for them. As in `engine.ts`, only the values of a
 * credential replace the n8n server.
 */
import { LoadOptionsContext } from 'n8n-core';
import {
	NodeHelpers,
	Workflow,
	type ICredentialDataDecryptedObject,
	type ILoadOptionsFunctions,
	type INode,
	type INodeParameters,
	type INodePropertyOptions,
	type INodeType,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';
import { type LocalGong } from '../gong';
import { NODE_TYPE } from '../package/names';
import { credentialsAt, loadNode, StoredCredential, storedFor } from './engine';

/** The node's methods that load a list. */
export type ListMethod = 'getCalls' | 'getUsers' | 'getWorkspaces';

/** Loads a list as the editor does when it is opened. */
export async function load(
	gong: LocalGong,
	method: ListMethod,
	credential: ICredentialDataDecryptedObject = {},
	parameters: INodeParameters = {},
): Promise<INodePropertyOptions[]> {
	const type = await loadNode();
	const node: INode = {
		id: '1',
		name: 'Gong Call Access',
		type: NODE_TYPE,
		typeVersion: 1,
		position: [0, 0],
		parameters: { callsFrom: 'list', ...parameters },
		credentials: credentialsAt(gong),
	};
	const workflow = workflowOf(node, type);
	const additionalData = {
		credentialsHelper: new StoredCredential(storedFor(gong, credential)),
		currentNodeParameters: node.parameters,
		restApiUrl: '',
		variables: {},
	} as unknown as IWorkflowExecuteAdditionalData;
	const context = new LoadOptionsContext(workflow, node, additionalData, 'parameters.list');
	const method_ = type.methods?.loadOptions?.[method];
	if (!method_) throw new Error(`The node has no ${method}`);
	return await method_.call(context as ILoadOptionsFunctions);
}

/** A workflow of one node, as the panel has it. */
export function workflowOf(node: INode, type: INodeType): Workflow {
	return new Workflow({
		nodes: [node],
		connections: {},
		active: false,
		nodeTypes: {
			getByName: () => type,
			getByNameAndVersion: (_name, version) => NodeHelpers.getVersionedNodeType(type, version),
			getKnownTypes: () => ({}),
		},
	});
}
