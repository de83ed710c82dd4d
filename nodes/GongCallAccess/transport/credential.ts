import type { IDataObject, ILoadOptionsFunctions, IExecutePaginationFunctions } from 'n8n-workflow';
import { FailureError } from '../failure';
import { checkBaseUrl } from './baseUrl';
import { Redactor } from './redactor';

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
	/** Takes these out as well from now on. */
	learn: (secrets: unknown[]) => void;
	/** Learns the secrets that the credential has by now. */
	lookUpAgain: () => Promise<void>;
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
 * @throws {FailureError} for a base URL that no key may be sent to; what n8n throws for a credential
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
	const checked = checkBaseUrl(own ?? credential.baseUrl);
	if (!checked.ok) throw new FailureError(checked.failure);
	const baseUrl = checked.value;
	const key = oAuth2
		? context.getNode().credentials?.[credentialType]?.id
		: trimmed(credential.accessKey);
	const redactor = new Redactor();
	redactor.learn(secretsOf(credential));
	return {
		credentialType,
		baseUrl,
		// A key belongs to one company, under whichever of its base URLs.
		company: key ? `${credentialType} ${String(key)}` : baseUrl,
		canRefresh: oAuth2,
		redact: (text) => redactor.redact(text),
		learn: (secrets) => redactor.learn(secrets),
		lookUpAgain: async () => {
			redactor.learn(secretsOf(await context.getCredentials(credentialType)));
		},
	};
}

// Where the user sets none, n8n's own is five minutes for each try; Gong answers within seconds.
const TIMEOUT_MS = 60_000;

/** How long an answer may take, in milliseconds: one of n8n's Request Options, or ours. */
export function timeoutOf(context: IExecutePaginationFunctions | ILoadOptionsFunctions): number {
	const set = context.getNodeParameter('requestOptions.timeout', 0);
	// n8n takes a number as text too.
	return Number(set) > 0 ? Number(set) : TIMEOUT_MS;
}

/** All that signs somebody in, in the forms in which it travels. */
function secretsOf({
	accessKey,
	accessKeySecret,
	clientId,
	clientSecret,
	oauthTokenData,
}: IDataObject): unknown[] {
	const { access_token, refresh_token } = (oauthTokenData ?? {}) as IDataObject;
	return [
		basicOf(trimmed(accessKey), trimmed(accessKeySecret)),
		basicOf(clientId, clientSecret),
		trimmed(accessKeySecret),
		trimmed(accessKey),
		clientSecret,
		access_token,
		refresh_token,
	];
}

/** As `GongApi` signs in with it. */
function trimmed(value: unknown): unknown {
	return typeof value === 'string' ? value.trim() : value;
}

function basicOf(user: unknown, password: unknown): string | undefined {
	if (typeof user !== 'string' || typeof password !== 'string') return undefined;
	return Buffer.from(`${user}:${password}`).toString('base64');
}
