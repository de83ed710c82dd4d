import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { callAccessFields, operationFields } from './descriptions/callAccess';
import { builderHint } from './descriptions/builderHint';
import { callsFields } from './descriptions/callsPanel';
import { hints } from './descriptions/hints';
import { optionsField } from './descriptions/options';
import { usersFields } from './descriptions/usersPanel';
import { getCalls, getUsers, getWorkspaces } from './methods/loadOptions';
import { routing } from './routing';

/** See and manage who was given individual access to Gong calls. */
export class GongCallAccess implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Gong Call Access',
		name: 'gongCallAccess',
		icon: { light: 'file:gongCallAccess.svg', dark: 'file:gongCallAccess.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle:
			'={{ $parameter["operation"].replace("list", "get many") + ": call access" + (!["list", "explain"].includes($parameter["operation"]) && ($parameter["options"] || {}).dryRun === true ? " (dry run)" : "") }}',
		description:
			'Find out who can see Gong calls and why, and manage access given through the Gong API',
		defaults: { name: 'Gong Call Access' },
		usableAsTool: true,
		builderHint,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'gongApi',
				required: true,
				displayOptions: { show: { authentication: ['accessKey'] } },
			},
			{
				name: 'gongCallAccessOAuth2Api',
				required: true,
				displayOptions: { show: { authentication: ['oAuth2'] } },
			},
		],
		// The base URL is not here: an expression would be evaluated twice for every item.
		requestDefaults: {},
		hints,
		properties: [
			...callAccessFields(routing),
			...callsFields,
			...usersFields,
			...operationFields,
			optionsField,
		],
	};

	methods = { loadOptions: { getCalls, getUsers, getWorkspaces } };
}
