import type {
	IAuthenticateGeneric,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

// As `transport/baseUrl.ts` has it: https, or plain http to this machine's own loopback.
const HTTPS_HOST = 'https:\\/\\/[^\\s@?#\\/]+';
const LOOPBACK = 'http:\\/\\/(localhost|127(\\.\\d+){3}|\\[::1\\])(:\\d+)?';
const ALLOWED = `\\s*(${HTTPS_HOST}|${LOOPBACK})(\\/[^\\s?#]*)?\\s*$`;

const baseUrl: INodeProperties = {
	displayName: 'Base URL',
	name: 'baseUrl',
	type: 'string',
	default: 'https://api.gong.io',
	description:
		'Address of the Gong API: https://api.gong.io, or the host of your company that Gong shows beside its keys',
};

// n8n's check on saving can say no more than ENOTFOUND for such an address; this says why while it is typed.
const baseUrlNotice: INodeProperties = {
	displayName: 'Base URL must start with https://, so that the key is not sent unencrypted.',
	name: 'baseUrlNotice',
	type: 'notice',
	displayOptions: { hide: { baseUrl: [{ _cnd: { regex: `^(=|${ALLOWED})` } }] } },
	default: '',
};

// Hidden as typed, as in n8n's own credential, although it is the half that is no secret.
const accessKey: INodeProperties = {
	displayName: 'Access Key',
	name: 'accessKey',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	description:
		'A Gong technical administrator makes it: Admin center > Settings > API > Get API key. Its window asks for a name, the days until the key expires, and trusted IPs, which must include the address that n8n calls from. The last two are optional.',
};

const accessKeySecret: INodeProperties = {
	displayName: 'Access Key Secret',
	name: 'accessKeySecret',
	type: 'string',
	typeOptions: { password: true },
	default: '',
};

const BASE_URL_ADVICE =
	"Set it to https://api.gong.io, or to your company's own host, without /v2 or another path behind it.";

// The node itself checks the base URL before a key is sent (`transport/baseUrl.ts`); this is for n8n's check on
// saving, which would send the key to whatever stands there. An address that no one can have takes its place.
const CHECKED_BASE_URL = `={{ /^${ALLOWED}/i.test($credentials.baseUrl) ? $credentials.baseUrl.trim().replace(new RegExp("/+$"), "") : "https://base-url-must-start-with-https.invalid" }}`;

const REDIRECTS = [301, 302, 303, 307, 308];

/**
 * Access key and secret of the Gong API.
 *
 * n8n ships a credential of this name for its own Gong node and keeps one definition per name, so ours
 * replaces it: same fields, same sign-in, same test, and credentials stored for either work in both.
 */
export class GongApi implements ICredentialType {
	name = 'gongApi';

	displayName = 'Gong API';

	icon: Icon = { light: 'file:gongApi.svg', dark: 'file:gongApi.dark.svg' };

	documentationUrl =
		'https://github.com/n8n-nodes-gong-call-access/n8n-nodes-gong-call-access#credentials';

	properties = [baseUrl, baseUrlNotice, accessKey, accessKeySecret];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: {
			auth: {
				// A blank that was copied along is not part of the key.
				username: '={{ String($credentials.accessKey ?? "").trim() }}',
				password: '={{ String($credentials.accessKeySecret ?? "").trim() }}',
			},
		},
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL: CHECKED_BASE_URL,
			url: '/v2/users',
			// n8n would send the key along to wherever a redirect points.
			disableFollowRedirect: true,
		},
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message:
						'Gong did not accept this key. Check Access Key and Access Key Secret, and in Gong whether the key has expired and whether its trusted IPs include the address that n8n calls from.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 404,
					message: `There is no Gong API at this Base URL. ${BASE_URL_ADVICE}`,
				},
			},
			{
				type: 'responseCode',
				properties: {
					// Gong's OpenAPI description names it for this path in place of 401.
					value: 403,
					message:
						'Gong did not allow this check, which lists users. See in Gong whether the trusted IPs of the key include the address that n8n calls from, and whether the key has expired. A key that may not list users can still read call access.',
				},
			},
			...REDIRECTS.map((value) => ({
				type: 'responseCode' as const,
				properties: {
					value,
					message: `This Base URL leads to another address, which is not followed so that the key goes nowhere else. ${BASE_URL_ADVICE}`,
				},
			})),
			{
				// A web page, or another server: their answers lack what Gong's list of users has in all recorded
				// traffic. n8n shows the message where the key has this value.
				type: 'responseSuccessBody',
				properties: {
					key: 'users',
					value: undefined,
					message: `What answers at this Base URL is not the Gong API. ${BASE_URL_ADVICE}`,
				},
			},
			// n8n takes both kinds of rules together, which its type does not say.
		] as NonNullable<ICredentialTestRequest['rules']>,
	};
}
