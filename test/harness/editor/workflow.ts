import { type GongAccount, type LocalGong, SAMPLE_CALL_IDS, sampleData } from '../gong';
import { gongCredential } from '../n8n/gongCredential';
import type { N8nRest } from '../n8n/rest';
import type { Workflow, WorkflowNode } from '../n8n/workflow';
import { NODE_TYPE } from '../package/names';

type Credential = Readonly<Record<'id' | 'name', string>>;

/** Our node with some parameters and its own name. */
export interface OurNode {
	readonly name: string;
	readonly parameters?: Readonly<Record<string, unknown>>;
	readonly credential: Credential;
}

/** The sample calls as an earlier node gives them: ID and title. */
export function sampleCalls(): { id: string; title: string | null }[] {
	const calls = sampleData().calls.slice(0, SAMPLE_CALL_IDS.length);
	return calls.map(({ id, title }) => ({ id, title }));
}

/** The name of the node before ours. */
export const CALLS = 'Calls';

/**
 * Stores a workflow of a trigger, a node that gives the sample calls, and each of our nodes after it; returns
 * its ID. The first node's output is pinned, so that ours have an input before anything has run.
 */
export async function storeWorkflow(rest: N8nRest, ours: readonly OurNode[]): Promise<string> {
	const before = [
		{ name: 'Start', type: 'n8n-nodes-base.manualTrigger', parameters: {} },
		{ name: CALLS, type: 'n8n-nodes-base.noOp', parameters: {} },
	].map((node, place) => ({ ...node, position: [place * 240, 0] }));
	const after = ours.map(({ name, parameters = {}, credential }, place) => ({
		name,
		type: NODE_TYPE,
		parameters,
		credentials: { gongApi: credential },
		// In rows, so that all of them can be seen and clicked.
		position: [480 + (place % 3) * 320, Math.floor(place / 3) * 200],
	}));
	const nodes = [...before, ...after].map((node) => ({ ...node, id: node.name, typeVersion: 1 }));
	const to = (...names: string[]) => ({
		main: [names.map((node) => ({ node, type: 'main', index: 0 }))],
	});
	const workflow: Workflow & { pinData: unknown } = {
		name: 'Who was given access to calls',
		nodes,
		connections: { Start: to(CALLS), [CALLS]: to(...ours.map(({ name }) => name)) },
		pinData: { [CALLS]: sampleCalls().map((json) => ({ json })) },
	};
	return await rest.createWorkflow(workflow);
}

/** The nodes of the workflow in the README, in their order. */
export const REVIEW = ['Every Monday', 'Who can see the calls', 'Write to sheet'] as const;

/** Stores a workflow as people build it, from a period over our node to Google Sheets; returns its ID. */
export async function storeReview(rest: N8nRest, gong: Credential): Promise<string> {
	const sheets = { name: 'Google Sheets account', type: 'googleSheetsOAuth2Api', data: {} };
	const googleSheetsOAuth2Api = { id: await rest.createCredential(sheets), name: sheets.name };
	const [start, ours, sheet] = REVIEW;
	const atEight = { field: 'weeks', triggerAtDay: [1], triggerAtHour: 8 };
	const chain: WorkflowNode[] = [
		{
			name: start,
			type: 'n8n-nodes-base.scheduleTrigger',
			typeVersion: 1.2,
			parameters: { rule: { interval: [atEight] } },
		},
		{
			name: ours,
			type: NODE_TYPE,
			typeVersion: 1,
			parameters: {
				operation: 'explain',
				callsFrom: 'period',
				splitInto: 'users',
				options: { includeCallDetails: true, includeUserDetails: true },
			},
			credentials: { gongApi: gong },
		},
		{
			name: sheet,
			type: 'n8n-nodes-base.googleSheets',
			typeVersion: 4.7,
			parameters: {
				operation: 'append',
				documentId: { __rl: true, mode: 'id', value: 'sheet' },
				sheetName: { __rl: true, mode: 'name', value: 'Access' },
				columns: { mappingMode: 'autoMapInputData', value: {}, matchingColumns: [], schema: [] },
				options: { cellFormat: 'RAW' },
			},
			credentials: { googleSheetsOAuth2Api },
		},
	];
	const nodes = chain.map((node, place) => ({
		...node,
		id: node.name,
		position: [place * 224, 0],
	}));
	const to = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] });
	return await rest.createWorkflow({
		name: 'Weekly access review',
		nodes,
		connections: { [start]: to(ours), [ours]: to(sheet) },
	});
}

/** Stores a credential for the local Gong. */
export async function storeCredential(
	rest: N8nRest,
	gong: Pick<LocalGong, 'url'>,
	name: string,
	account: GongAccount,
): Promise<Credential> {
	return { id: await rest.createCredential(gongCredential(gong, account, name)), name };
}
