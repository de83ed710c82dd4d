import { DEMO_ACCOUNT, type GongAccount, type LocalGong } from '../gong';
import { NODE_TYPE, TOOL_TYPE } from '../package/names';
import type { N8nRest } from './rest';
import { type StoredCredential, type Workflow, withCredential } from './workflow';

/** A credential for the local Gong with the access key of one of its accounts. */
export function gongCredential(
	{ url }: Pick<LocalGong, 'url'>,
	{ accessKey, accessKeySecret }: Pick<GongAccount, 'accessKey' | 'accessKeySecret'> = DEMO_ACCOUNT,
	name = 'Gong (local)',
): Omit<StoredCredential, 'id'> {
	return { name, type: 'gongApi', data: { baseUrl: url, accessKey, accessKeySecret } };
}

/** The credential for OAuth2. */
export const OAUTH2_TYPE = 'gongCallAccessOAuth2Api';

/**
 * The setting of n8n with which {@link OAUTH2_TYPE} signs in at a local Gong. Both addresses are hidden in the
 * credential and fixed; an operator of n8n may preset them like this.
 */
export function signInAt({ url }: Pick<LocalGong, 'url'>): Record<string, string> {
	const presets = {
		authUrl: `${url}/oauth2/authorize`,
		accessTokenUrl: `${url}/oauth2/generate-customer-token`,
	};
	return { CREDENTIALS_OVERWRITE_DATA: JSON.stringify({ [OAUTH2_TYPE]: presets }) };
}

/** Stores a workflow in which our nodes sign in to the local Gong by its access key; returns its ID. */
export async function storeForLocalGong(
	rest: N8nRest,
	gong: Pick<LocalGong, 'url'>,
	workflow: Workflow,
): Promise<string> {
	const credential = gongCredential(gong);
	const id = await rest.createCredential(credential);
	const ours = [NODE_TYPE, TOOL_TYPE].reduce(
		(so, type) => withCredential(so, type, { ...credential, id }),
		workflow,
	);
	// n8n assigns a new ID, so one workflow can be stored twice.
	return await rest.createWorkflow({ ...ours, id: undefined });
}
