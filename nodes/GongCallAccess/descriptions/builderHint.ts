import type { IBuilderHint } from 'n8n-workflow';

/** What n8n's AI builder is told about the node; versions that do not know it pass it over. */
export const builderHint: IBuilderHint = {
	searchHint:
		"Use it to audit, explain, grant, revoke or replace who can see Gong calls. It takes many items at once, so put no loop and no batching around it. To ask who can see a call in any way use Explain; Get Many lists only access given through Gong's API. Preview Replace with the option dryRun.",
	relatedNodes: [
		{
			nodeType: 'n8n-nodes-base.gong',
			relationHint: "Gong's calls and users themselves; it has nothing about who may see a call",
		},
		{
			nodeType: 'n8n-nodes-base.googleSheets',
			relationHint:
				'Set Cell Format to "Let n8n format" (RAW), since a sheet otherwise cuts the digits of IDs',
		},
	],
};
