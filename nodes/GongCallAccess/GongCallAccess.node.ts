import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { callAccessFields, operationFields } from './descriptions/callAccess';
import { callsFields } from './descriptions/calls';
import { optionsField } from './descriptions/options';
import { usersFields } from './descriptions/users';
import { getCalls, getUsers } from './methods/loadOptions';
import { routing } from './routing';

/** See and manage who has individual access to Gong calls. */
export class GongCallAccess implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Gong Call Access',
		name: 'gongCallAccess',
		icon: { light: 'file:gongCallAccess.svg', dark: 'file:gongCallAccess.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"].replace("list", "get many") + ": call access" }}',
		description: 'See and manage who was given individual access to Gong calls',
		defaults: { name: 'Gong Call Access' },
		usableAsTool: true,
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
		hints: [
			{
				message:
					'Dry Run is on: nothing was changed in Gong. Switch the option off to carry it out.',
				type: 'info',
				location: 'outputPane',
				whenToDisplay: 'afterExecution',
				displayCondition:
					'={{ ["grant", "replace", "revoke"].includes($parameter["operation"]) && ($parameter["options"] || {}).dryRun === true }}',
			},
			{
				// Beside n8n's own hint, which proposes Execute Once for every Get Many with several input items.
				message:
					"The calls of all input items are asked for together, in few requests. Leave 'Execute Once' off: with it only the first item counts.",
				type: 'info',
				location: 'outputPane',
				whenToDisplay: 'beforeExecution',
				displayCondition:
					'={{ $parameter["operation"] === "list" && $parameter["callsFrom"] === "field" }}',
			},
			{
				message:
					'People who are not listed may still see a call: shares, mentions in comments, private folders and the rights of administrators cannot be looked up in Gong.',
				type: 'info',
				location: 'outputPane',
				whenToDisplay: 'afterExecution',
				displayCondition: '={{ $parameter["operation"] === "explain" }}',
			},
			{
				message:
					'Calls that nobody was given access to through the Gong API have no item here. Participants and others who see a call anyway are never listed.',
				type: 'info',
				location: 'outputPane',
				whenToDisplay: 'afterExecution',
				// What came out cannot be asked here, so it stands above a full output too.
				displayCondition:
					'={{ $parameter["operation"] === "list" && $parameter["splitInto"] !== "calls" && !($parameter["options"] || {}).includeCallsWithoutUsers }}',
			},
		],
		properties: [
			...callAccessFields(routing),
			...callsFields,
			...usersFields,
			...operationFields,
			optionsField,
		],
	};

	methods = { loadOptions: { getCalls, getUsers } };
}
