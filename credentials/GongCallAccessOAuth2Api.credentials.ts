import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

// The least that the node's operations and options need; the README says which needs which.
const SCOPES = [
	'api:call-user-access:read',
	'api:call-user-access:write',
	'api:users:read',
	'api:calls:read:basic',
	'api:calls:read:extensive',
].join(' ');

/** An expression that gives a scope, with a blank before it, where one of these switches is on. */
const scopeIf = (scope: string, ...switches: string[]): string =>
	`(${switches.map((name) => `$self["${name}"]`).join(' || ')} ? " ${scope}" : "")`;

// What only some features need, asked for where the switch is on: Gong refuses a scope that the app does not have.
const SCOPE = `={{ ${[
	`"${SCOPES}"`,
	scopeIf('api:permission-profile:read', 'permissionProfiles', 'libraryFolders'),
	scopeIf('api:library:read', 'libraryFolders'),
	scopeIf('api:workspaces:read', 'workspaces'),
	scopeIf('api:logs:read', 'lastPlayed'),
].join(' + ')} }}`;

const CONNECT_AGAIN = 'Connect the credential again after a change.';

/**
 * OAuth2 for the Gong API, by n8n's own OAuth2 client. Gong takes the client as Basic, and names the host
 * that the customer's requests must go to in its token answer (`api_base_url_for_customer`, documented).
 */
export class GongCallAccessOAuth2Api implements ICredentialType {
	name = 'gongCallAccessOAuth2Api';

	displayName = 'Gong Call Access OAuth2 API';

	extends = ['oAuth2Api'];

	icon: Icon = { light: 'file:gongApi.svg', dark: 'file:gongApi.dark.svg' };

	documentationUrl =
		'https://github.com/n8n-nodes-gong-call-access/n8n-nodes-gong-call-access#oauth2';

	properties: INodeProperties[] = [
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.gong.io',
			description:
				'Used only where Gong does not name the host of your company when the credential is connected',
		},
		{
			displayName:
				'Gong accepts an app only from its trusted IPs. In Gong: Admin center > Settings > API > tab Integrations > ⋯ > <b>Edit trusted IPs</b>. Add the address that n8n calls from, for access tokens and for refresh tokens.',
			name: 'trustedIpsNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Explain Permission Profiles',
			name: 'permissionProfiles',
			type: 'boolean',
			default: true,
			description: `Whether Explain can look at permission profiles. The app needs the scope api:permission-profile:read. ${CONNECT_AGAIN}`,
		},
		{
			displayName: 'Explain Library Folders',
			name: 'libraryFolders',
			type: 'boolean',
			default: false,
			description: `Whether Explain can look at public library folders. The app needs the scopes api:library:read and api:permission-profile:read. ${CONNECT_AGAIN}`,
		},
		{
			displayName: 'Choose Workspaces by Name',
			name: 'workspaces',
			type: 'boolean',
			default: false,
			description: `Whether the node can list workspaces. The app needs the scope api:workspaces:read. ${CONNECT_AGAIN}`,
		},
		{
			displayName: 'Include Last Played',
			name: 'lastPlayed',
			type: 'boolean',
			default: false,
			description: `Whether the node can read when calls were last played. The app needs the scope api:logs:read. ${CONNECT_AGAIN}`,
		},
		{
			displayName: 'Grant Type',
			name: 'grantType',
			type: 'hidden',
			default: 'authorizationCode',
		},
		{
			displayName: 'Authorization URL',
			name: 'authUrl',
			type: 'hidden',
			default: 'https://app.gong.io/oauth2/authorize',
			required: true,
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			default: 'https://app.gong.io/oauth2/generate-customer-token',
			required: true,
		},
		{
			displayName: 'Scope',
			name: 'scope',
			type: 'hidden',
			default: SCOPE,
		},
		{
			displayName: 'Auth URI Query Parameters',
			name: 'authQueryParameters',
			type: 'hidden',
			default: '',
		},
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'hidden',
			default: 'header',
		},
	];
}
