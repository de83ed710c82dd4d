import { DEMO_ACCOUNT, type LocalGong } from '../gong';
import type { N8nRest } from './rest';
import { type Workflow, withCredential } from './workflow';

/** Our node, and our node as an agent's tool, as workflows name them. */
export const NODE_TYPE = 'n8n-nodes-gong-call-access.gongCallAccess';
export const TOOL_TYPE = `${NODE_TYPE}Tool`;

/** Stores a workflow whose nodes of ours sign in to the local Gong by its access key; gives its ID. */
export async function storeForLocalGong(
	rest: N8nRest,
	gong: Pick<LocalGong, 'url'>,
	workflow: Workflow,
): Promise<string> {
	const { accessKey, accessKeySecret } = DEMO_ACCOUNT;
	const credential = {
		name: 'Gong (local)',
		type: 'gongApi',
		data: { baseUrl: gong.url, accessKey, accessKeySecret },
	};
	const id = await rest.createCredential(credential);
	const ours = [NODE_TYPE, TOOL_TYPE].reduce(
		(so, type) => withCredential(so, type, { ...credential, id }),
		workflow,
	);
	// n8n gives it an ID of its own, so that one workflow may be stored twice.
	return await rest.createWorkflow({ ...ours, id: undefined });
}
