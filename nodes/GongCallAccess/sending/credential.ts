import type { IDataObject, ILoadOptionsFunctions, IExecutePaginationFunctions } from 'n8n-workflow';
import { checkBaseUrl } from '../gong/baseUrl';

/** What of a credential the node needs to know; signing in itself is n8n's. */
export interface SignIn {
	credentialType: 'gongApi' | 'gongCallAccessOAuth2Api';
	/** Checked, without a slash at its end. */
	baseUrl: string;
	/** Tells Gong companies apart, as well as n8n can. */
	company: string;
	/** Whether n8n can get a new token when Gong no longer takes the one it has. */
	canRefresh: boolean;
	/** Takes the credential's secrets out of a text. */
	redact: (text: string) => string;
}

/** The type of the credential that the node is set to. */
export function credentialTypeOf(
	context: Pick<IExecutePaginationFunctions | ILoadOptionsFunctions, 'getNodeParameter'>,
): SignIn['credentialType'] {
	const authentication = context.getNodeParameter('authentication', 'accessKey');
	return authentication === 'oAuth2' ? 'gongCallAccessOAuth2Api' : 'gongApi';
}

/**
 * The credential that the node is set to.
 * @throws UnusableBaseUrl for a base URL that no key may be sent to; what n8n throws for a credential
 */
export async function signInOf(
	context: IExecutePaginationFunctions | ILoadOptionsFunctions,
): Promise<SignIn> {
	const credentialType = credentialTypeOf(context);
	const oAuth2 = credentialType === 'gongCallAccessOAuth2Api';
	const credential = await context.getCredentials(credentialType);
	// Gong's token answer names the host that this customer's requests must go to (documented).
	const token = (credential.oauthTokenData ?? {}) as IDataObject;
	const own = oAuth2 ? token.api_base_url_for_customer : undefined;
	const baseUrl = checkBaseUrl(own ?? credential.baseUrl);
	const key = oAuth2 ? context.getNode().credentials?.[credentialType]?.id : credential.accessKey;
	return {
		credentialType,
		baseUrl,
		company: `${baseUrl} ${String(key)}`,
		canRefresh: oAuth2,
		redact: redactorOf(credential, token),
	};
}

// Where the user sets none, n8n's own is five minutes for each try; Gong answers within seconds.
const TIMEOUT_MS = 60_000;

/** How long an answer may take, in milliseconds: one of n8n's Request Options, or ours. */
export function timeoutOf(context: IExecutePaginationFunctions | ILoadOptionsFunctions): number {
	const set = context.getNodeParameter('requestOptions.timeout', 0);
	return typeof set === 'number' && set > 0 ? set : TIMEOUT_MS;
}

function redactorOf(
	{ accessKey, accessKeySecret, clientSecret }: IDataObject,
	token: IDataObject,
): (text: string) => string {
	const basic = `${String(accessKey)}:${String(accessKeySecret)}`;
	const secrets = [
		Buffer.from(basic).toString('base64'),
		accessKeySecret,
		accessKey,
		clientSecret,
		token.access_token,
		token.refresh_token,
	].filter((secret): secret is string => typeof secret === 'string' && secret !== '');
	return (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}
