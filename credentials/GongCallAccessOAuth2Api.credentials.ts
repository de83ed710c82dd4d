import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

// The least that the node's operations and options need; the README says which needs which.
const SCOPES = [
	'api:call-user-access:read',
	'api:call-user-access:write',
	'api:users:read',
	'api:calls:read:basic',
	'api:calls:read:extensive',
].join(' ');

// What two ways of the operation Explain need besides, asked for only by those who switch it on.
const SCOPE = `={{ "${SCOPES}" + ($self["permissionProfiles"] || $self["libraryFolders"] ? " api:permission-profile:read" : "") + ($self["libraryFolders"] ? " api:library:read" : "") }}`;

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
			displayName: 'Permission Profiles',
			name: 'permissionProfiles',
			type: 'boolean',
			default: false,
			description:
				"Whether to ask Gong for the scope api:permission-profile:read too, which the operation Explain needs for its way 'Permission Profile'. Connect the credential again after a change.",
		},
		{
			displayName: 'Library Folders',
			name: 'libraryFolders',
			type: 'boolean',
			default: false,
			description:
				"Whether to ask Gong for the scopes api:library:read and api:permission-profile:read too, which the operation Explain needs for its way 'Public Library Folder'. Connect the credential again after a change.",
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
