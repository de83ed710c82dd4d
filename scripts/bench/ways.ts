import { callIdAt } from '../../test/harness/gong';
import { gongCredential } from '../../test/harness/n8n/gongCredential';
import type { StoredCredential, Workflow, WorkflowNode } from '../../test/harness/n8n/workflow';
import { NODE_TYPE } from '../../test/harness/package/names';
import { CALLS_PER_REQUEST } from './gongSide';

/** The compared ways to call Gong, and the nodes that they are compared with. */
export type Way =
	| 'itemByItem'
	| 'itemByItemAt3'
	| 'handCut'
	| 'handCutAt3'
	| 'handCutAt2'
	| 'field'
	| 'expression'
	| 'ownExpression'
	| 'nothing'
	| 'itemsOnly';

/** The names of the ways in the tables. */
export const WAY_NAMES: Readonly<Record<Way, string>> = {
	itemByItem: 'HTTP Request, item by item',
	itemByItemAt3: 'HTTP Request, item by item, 3 per 1,000 ms',
	handCut: 'HTTP Request, list cut by hand',
	handCutAt3: 'HTTP Request, list cut by hand, 3 per 1,000 ms',
	handCutAt2: 'HTTP Request, list cut by hand, 2 per 1,050 ms',
	field: 'Gong Call Access, Input Field',
	expression: 'Gong Call Access, `{{ $json.id }}`',
	ownExpression: 'Gong Call Access, `{{ $json.id.trim() }}`',
	nothing: 'No Operation node',
	itemsOnly: 'Only the items',
};

/** The settings of a run. */
export interface WayOptions {
	readonly calls: number;
	/** Adds an Edit Fields node that reads, for each row, the item that it came from. */
	readonly readsItem?: boolean;
	/** All calls in one input item, as a list. */
	readonly oneItem?: boolean;
	/** For our node; default 100. */
	readonly callsPerRequest?: number;
}

/** Names of the nodes with the results. */
export const NODES = { calls: 'Calls', access: 'Access', read: 'Beside its item' } as const;

const GONG = { id: 'gongLocal', name: 'Gong (local)' };
const BASIC = { id: 'basicLocal', name: 'Gong (local), as Basic Auth' };

/** The Batching of the HTTP Request node, where a way has any; our node limits itself. */
const BATCHING: Partial<Record<Way, { batchSize: number; batchInterval: number }>> = {
	itemByItemAt3: { batchSize: 3, batchInterval: 1_000 },
	handCutAt3: { batchSize: 3, batchInterval: 1_000 },
	handCutAt2: { batchSize: 2, batchInterval: 1_050 },
};

/** The credentials of the ways, all with the same key. */
export function credentialsFor(baseUrl: string, account: Key): StoredCredential[] {
	const { accessKey, accessKeySecret } = account;
	return [
		{ ...gongCredential({ url: baseUrl }, account), ...GONG },
		{ ...BASIC, type: 'httpBasicAuth', data: { user: accessKey, password: accessKeySecret } },
	];
}

interface Key {
	readonly accessKey: string;
	readonly accessKeySecret: string;
}

/** The workflow of a way: a trigger, the calls as items, and the way itself. */
export function workflowOf(id: string, way: Way, options: WayOptions): Workflow {
	const nodes = [...items(options), ...steps(way, options)];
	if (options.readsItem) nodes.push(readItem());
	return chained(id, nodes);
}

type Step = Pick<WorkflowNode, 'name' | 'type' | 'parameters' | 'credentials'> & {
	readonly typeVersion: number;
	readonly onError?: 'continueRegularOutput';
};

function items({ calls, oneItem }: WayOptions): Step[] {
	const ids = Array.from({ length: calls }, (_, place) => callIdAt(place));
	const list = oneItem ? [{ id: ids }] : ids.map((id) => ({ id }));
	return [
		n8nNode('Start', 'manualTrigger', 1, {}),
		n8nNode('List of calls', 'set', 3.4, {
			mode: 'raw',
			jsonOutput: JSON.stringify({ calls: list }),
			options: {},
		}),
		splitOut(NODES.calls, 'calls'),
	];
}

function steps(way: Way, options: WayOptions): Step[] {
	switch (way) {
		case 'itemByItem':
		case 'itemByItemAt3':
			return [
				httpRequest('["{{ $json.id }}"]', way),
				splitOut('Split into calls', 'callAccessList'),
				splitOut(NODES.access, 'users', true),
			];
		case 'handCut':
		case 'handCutAt3':
		case 'handCutAt2':
			return [
				n8nNode('One list', 'aggregate', 1, {
					fieldsToAggregate: { fieldToAggregate: [{ fieldToAggregate: 'id' }] },
					options: {},
				}),
				n8nNode('Cut into hundreds', 'set', 3.4, {
					assignments: {
						assignments: [
							{
								id: 'a0000000-0000-4000-8000-000000000001',
								name: 'callIds',
								value: `={{ $json.id.chunk(${CALLS_PER_REQUEST}).map((callIds) => ({ callIds })) }}`,
								type: 'array',
							},
						],
					},
					options: {},
				}),
				splitOut('One item per hundred', 'callIds'),
				httpRequest('{{ JSON.stringify($json.callIds) }}', way),
				splitOut('Split into calls', 'callAccessList'),
				splitOut(NODES.access, 'users', true),
			];
		case 'field':
			return [gongCallAccess({ callsFrom: 'field', callIdField: 'id' }, options)];
		case 'expression':
			return [gongCallAccess({ callIds: '={{ $json.id }}' }, options)];
		case 'ownExpression':
			return [gongCallAccess({ callIds: '={{ $json.id.trim() }}' }, options)];
		case 'nothing':
			return [n8nNode(NODES.access, 'noOp', 1, {})];
		case 'itemsOnly':
			return [];
	}
}

function gongCallAccess(parameters: Record<string, unknown>, options: WayOptions): Step {
	const { callsPerRequest } = options;
	return {
		name: NODES.access,
		type: NODE_TYPE,
		typeVersion: 1,
		parameters: {
			...parameters,
			splitInto: 'users',
			...(callsPerRequest === undefined ? {} : { options: { callsPerRequest } }),
		},
		credentials: { gongApi: GONG },
	};
}

function httpRequest(callIds: string, way: Way): Step {
	const batch = BATCHING[way];
	return {
		...n8nNode('HTTP Request', 'httpRequest', 4.2, {
			method: 'POST',
			url: '',
			// The cheapest sign-in of n8n; the Gong credential costs half as much again.
			authentication: 'genericCredentialType',
			genericAuthType: 'httpBasicAuth',
			sendBody: true,
			specifyBody: 'json',
			jsonBody: `={ "filter": { "callIds": ${callIds} } }`,
			options: batch ? { batching: { batch } } : {},
		}),
		credentials: { httpBasicAuth: BASIC },
	};
}

/** A copy of the workflow with the address for its HTTP Request nodes. */
export function withGongAt(workflow: Workflow, baseUrl: string): Workflow {
	const url = `${baseUrl}/v2/calls/users-access`;
	const nodes = workflow.nodes.map((node) =>
		node.name === 'HTTP Request' ? { ...node, parameters: { ...node.parameters, url } } : node,
	);
	return { ...workflow, nodes };
}

function splitOut(name: string, fieldToSplitOut: string, keepOthers = false): Step {
	const include = keepOthers ? 'allOtherFields' : 'noOtherFields';
	return n8nNode(name, 'splitOut', 1, { fieldToSplitOut, include, options: {} });
}

function readItem(): Step {
	const assignments = [
		{ name: 'callId', value: '={{ $json.callId }}' },
		{ name: 'askedFor', value: `={{ $('${NODES.calls}').item.json.id }}` },
	].map((assignment, place) => ({
		id: `a0000000-0000-4000-8000-00000000010${place}`,
		type: 'string',
		...assignment,
	}));
	return {
		...n8nNode(NODES.read, 'set', 3.4, { assignments: { assignments }, options: {} }),
		// A row without its item is counted, and does not end the workflow.
		onError: 'continueRegularOutput',
	};
}

function n8nNode(
	name: string,
	type: string,
	typeVersion: number,
	parameters: Record<string, unknown>,
): Step {
	return { name, type: `n8n-nodes-base.${type}`, typeVersion, parameters };
}

function chained(id: string, steps: Step[]): Workflow {
	const nodes = steps.map((step, place) => ({
		...step,
		id: `b0000000-0000-4000-8000-0000000000${String(place).padStart(2, '0')}`,
		position: [220 * place, 0],
	}));
	const connections = Object.fromEntries(
		steps
			.slice(1)
			.map(({ name }, place) => [
				steps[place].name,
				{ main: [[{ node: name, type: 'main', index: 0 }]] },
			]),
	);
	return { id, name: id, nodes, connections, settings: { executionOrder: 'v1' } };
}
