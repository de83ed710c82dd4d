import type { NodeHint } from 'n8n-workflow';

// The editor evaluates this when it shows the panel; a run never does. By people each comes once, and an
// expression may give each item calls of its own. Asking for items where there are none throws.
const EACH_ITEM_RETURNS_THE_SAME = [
	'["list", "explain"].includes($parameter["operation"])',
	'$parameter["splitInto"] !== "people"',
	'$parameter["callsFrom"] !== "field"',
	'!["callIds", "callList", "periodStart", "periodEnd", "workspaceId"].some((name) => String($rawParameter[name]).startsWith("="))',
	'$thisItem !== undefined',
	'$input.all().length > 1',
].join(' && ');

/** The only hint. What a run gave is told by its rows, since hints know the parameters alone. */
export const hints: NodeHint[] = [
	{
		message:
			"Each input item returns all these calls. For one copy, turn on 'Execute Once' in Settings.",
		type: 'info',
		location: 'outputPane',
		whenToDisplay: 'beforeExecution',
		displayCondition: `={{ ${EACH_ITEM_RETURNS_THE_SAME} }}`,
	},
];
