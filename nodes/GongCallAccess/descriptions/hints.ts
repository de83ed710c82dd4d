import type { NodeHint } from 'n8n-workflow';
import { READS, WRITES } from '../parameters/operationNames';

/** A text, and the condition under which it is shown. */
interface Part {
	when: string;
	message: string;
}

// The editor evaluates these expressions when it shows the panel; a run never does. They know the parameters
// and the input items, but not what came out, so each text has to be true for an empty output too.

const isOneOf = (values: readonly string[], parameter: string): string =>
	`${JSON.stringify(values)}.includes($parameter["${parameter}"])`;
const hasOption = (name: string): string => `($parameter["options"] || {}).${name} === true`;

const IS_READ = isOneOf(READS, 'operation');
const IS_WRITE = isOneOf(WRITES, 'operation');
const IS_LIST = '$parameter["operation"] === "list"';
const IS_EXPLAIN = '$parameter["operation"] === "explain"';
// Asking for items where there are none throws.
const HAS_SEVERAL_ITEMS = '($thisItem !== undefined && $input.all().length > 1)';
/** Whether IDs differ from item to item: by a field, or by an expression that looks at the item. */
const areOfItems = (from: string, raw: string): string =>
	`($parameter["${from}"] === "field" || /\\$json|\\$input|\\.item\\b|\\$itemIndex|\\.itemMatching/.test(String(${raw})))`;
const ARE_OF_ITEMS = areOfItems(
	'callsFrom',
	[
		'$parameter["callsFrom"] === "period" ',
		'? [$rawParameter["periodStart"], $rawParameter["periodEnd"], $rawParameter["workspaceId"]] ',
		': $rawParameter[$parameter["callsFrom"] === "list" ? "callList" : "callIds"]',
	].join(''),
);
const USERS_ARE_OF_ITEMS = areOfItems(
	'usersFrom',
	'$rawParameter[$parameter["usersFrom"] === "list" ? "userList" : "userIds"]',
);
const IS_BY_CALLS = '!["users", "people"].includes($parameter["splitInto"])';
const LEAVES_CALLS_OUT = `!(${IS_BY_CALLS}) && !(${hasOption('includeCallsWithoutUsers')} && $parameter["splitInto"] === "users")`;
const IS_PERIOD = '$parameter["callsFrom"] === "period"';

/** Whether the calls come once, or once for each input item. */
const ON_EXECUTE_ONCE: Part[] = [
	{
		when: `${IS_READ} && ${HAS_SEVERAL_ITEMS} && ${ARE_OF_ITEMS}`,
		message:
			"Leave 'Execute Once' off in the settings of this node, or turn it off: with it, only the first input item counts. All items are asked for together, in few requests.",
	},
	{
		when: `${IS_READ} && $parameter["splitInto"] !== "people" && ${HAS_SEVERAL_ITEMS} && !${ARE_OF_ITEMS}`,
		message:
			"There are several input items, and each returns all of these calls unless 'Execute Once' is on. To get them once, turn on 'Execute Once' in the settings of this node.",
	},
];

const ON_EXECUTE_ONCE_OF_CHANGES: Part[] = [
	{
		when: `${IS_WRITE} && ${HAS_SEVERAL_ITEMS} && (${ARE_OF_ITEMS} || ${USERS_ARE_OF_ITEMS})`,
		message:
			"Leave 'Execute Once' off in the settings of this node, or turn it off: with it, only the first input item is previewed or carried out.",
	},
];

/** Why there may be fewer rows than somebody expects. */
const ON_MISSING_ROWS: Part[] = [
	{
		when: `${IS_LIST} && ${IS_PERIOD} && ${IS_BY_CALLS}`,
		message:
			'If the node succeeded and no items came out, Gong listed no call for this period and Workspace ID. If you expected calls, check both.',
	},
	{
		when: `${IS_LIST} && ${IS_PERIOD} && ${LEAVES_CALLS_OUT}`,
		message:
			'Calls that nobody was given access to through the Gong API have no item. If the node succeeded without any item, perhaps Gong listed no call for this period and Workspace ID: check both.',
	},
	{
		when: `${IS_LIST} && !(${IS_PERIOD}) && ${LEAVES_CALLS_OUT}`,
		message: 'Calls that nobody was given access to through the Gong API have no item.',
	},
];

const NOT_LISTED =
	'People who are not listed may still see a call: shares, mentions in comments, private folders and the rights of administrators cannot be looked up in Gong.';

/** Who may be missing in the rows of Explain. */
const ON_EXPLAIN: Part[] = [
	{
		when: `${IS_EXPLAIN} && ${IS_BY_CALLS}`,
		message: `${NOT_LISTED} Ways that you did not choose were not looked at either: notChecked names all of them.`,
	},
	{
		when: `${IS_EXPLAIN} && !(${IS_BY_CALLS})`,
		message: `${NOT_LISTED} A way is null where you did not choose it, or where Gong told too little to rule it out; onlyViaApi counts only the ways that you chose. A row has the certainty of its surest way, which may be the access given through the API itself: before you revoke, see how sure the others are with One Item per Call.`,
	},
];
const ON_EXPLAIN_OF_PERIOD: Part[] = [
	{
		when: `${IS_EXPLAIN} && ${IS_PERIOD} && ${IS_BY_CALLS}`,
		message:
			'If the node succeeded and no items came out, Gong listed no call for this period and Workspace ID: check both.',
	},
	{
		when: `${IS_EXPLAIN} && ${IS_PERIOD} && !(${IS_BY_CALLS})`,
		message:
			'If the node succeeded and no items came out, nobody was found for its calls, or Gong listed no call for this period and Workspace ID: check both.',
	},
];

/** What the rows of a change say. */
const ON_CHANGES: Part[] = [
	{
		when: `${IS_WRITE} && ${hasOption('dryRun')}`,
		message:
			'Items whose dryRun is true are a preview: nothing was changed in Gong for them. Switch Dry Run off and run the node again to carry it out.',
	},
	{
		when: `${IS_WRITE} && !(${hasOption('dryRun')}) && ${hasOption('readBack')}`,
		message:
			"notListed and stillListed name users whose access through the API isn't as requested; items that failed were not checked. After a revoke, people may still see a call in other ways.",
	},
	{
		when: `${IS_WRITE} && $parameter["operation"] !== "replace" && !(${hasOption('dryRun')}) && !(${hasOption('readBack')})`,
		message:
			"accepted means that Gong took the request, even where nothing had to change. Add the option 'Read Back' to check. After a revoke, people may still see a call in other ways.",
	},
];
const ON_REPLACE: Part[] = [
	{
		when: `$parameter["operation"] === "replace" && ${HAS_SEVERAL_ITEMS}`,
		message:
			'Input items that name the same call are replaced together. Each has an item with all users of the call.',
	},
];

/** The hints of the panel: at most one above an output, made of the texts that apply. */
export const hints: NodeHint[] = [
	...combined('beforeExecution', [...ON_EXECUTE_ONCE, ...ON_EXECUTE_ONCE_OF_CHANGES]),
	...combined(
		'afterExecution',
		ON_EXECUTE_ONCE,
		[...ON_MISSING_ROWS, ...ON_EXPLAIN],
		ON_EXPLAIN_OF_PERIOD,
	),
	...combined('afterExecution', ON_EXECUTE_ONCE_OF_CHANGES, ON_CHANGES, ON_REPLACE),
];

/** A hint for each choice of at most one part of each group. The parts of a group exclude each other. */
function combined(whenToDisplay: NodeHint['whenToDisplay'], ...groups: Part[][]): NodeHint[] {
	let choices: Part[][] = [[]];
	for (const group of groups) {
		const none: Part = {
			when: `!(${group.map(({ when }) => `(${when})`).join(' || ')})`,
			message: '',
		};
		choices = choices.flatMap((chosen) => [none, ...group].map((part) => [...chosen, part]));
	}
	return choices
		.filter((parts) => parts.some(({ message }) => message !== ''))
		.map((parts) => ({
			message: parts
				.map(({ message }) => message)
				.filter((message) => message !== '')
				.join(' '),
			type: 'info',
			location: 'outputPane',
			whenToDisplay,
			displayCondition: `={{ ${parts.map(({ when }) => `(${when})`).join(' && ')} }}`,
		}));
}
