import type { Workflow } from '../n8n/workflow';
import { NODE_TYPE } from '../package/names';
import { CALLS_PER_READ, CALLS_PER_WRITE } from './company';
import type { Kind } from './work';

/** The name of our node in each of the soak's workflows. */
export const GONG_NODE = 'Gong Call Access';

interface Way {
	/** How often the workflow starts; the intervals differ, so that they mostly start at different times. */
	readonly everySeconds: number;
	readonly onError: 'stopWorkflow' | 'continueRegularOutput' | 'continueErrorOutput';
	readonly parameters: Readonly<Record<string, unknown>>;
}

const FROM_FIELD = { callsFrom: 'field', callIdField: 'calls' } as const;
const USERS_FROM_FIELD = { usersFrom: 'field', userIdField: 'users' } as const;
const READING = { options: { callsPerRequest: CALLS_PER_READ } } as const;
const WRITING = { options: { callsPerRequest: CALLS_PER_WRITE } } as const;

/** The parameters of each workflow's node. */
const WAYS: Record<Kind, Way> = {
	calls: {
		everySeconds: 3,
		onError: 'stopWorkflow',
		parameters: { callIds: '={{ $json.calls }}', ...READING },
	},
	users: {
		everySeconds: 4,
		onError: 'continueRegularOutput',
		parameters: { ...FROM_FIELD, splitInto: 'users', ...READING },
	},
	people: {
		everySeconds: 5,
		onError: 'continueErrorOutput',
		parameters: { ...FROM_FIELD, splitInto: 'people', ...READING },
	},
	period: {
		everySeconds: 7,
		onError: 'continueRegularOutput',
		parameters: {
			callsFrom: 'period',
			period: 'custom',
			periodStart: '={{ $json.start }}',
			periodEnd: '={{ $json.end }}',
			splitInto: 'users',
			...READING,
		},
	},
	grant: {
		everySeconds: 3,
		onError: 'continueErrorOutput',
		parameters: { operation: 'grant', ...FROM_FIELD, ...USERS_FROM_FIELD, ...WRITING },
	},
	revoke: {
		everySeconds: 4,
		onError: 'continueRegularOutput',
		parameters: { operation: 'revoke', ...FROM_FIELD, ...USERS_FROM_FIELD, ...WRITING },
	},
};

/** Starts every few seconds by itself, fetches its work, and does it. */
export function workflowFor(kind: Kind, deskUrl: string): Workflow {
	const { everySeconds, onError, parameters } = WAYS[kind];
	const nodes = [
		{
			name: 'Every few seconds',
			type: 'n8n-nodes-base.scheduleTrigger',
			typeVersion: 1.2,
			parameters: {
				rule: { interval: [{ field: 'seconds', secondsInterval: everySeconds }] },
			},
		},
		{
			name: 'Fetch work',
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.2,
			parameters: { url: `=${deskUrl}/${kind}?execution={{ $execution.id }}`, options: {} },
		},
		{ name: GONG_NODE, type: NODE_TYPE, typeVersion: 1, parameters, onError },
	].map((node, place) => ({ ...node, id: node.name, position: [place * 220, 0] }));
	const names = nodes.map(({ name }) => name);
	const connections = Object.fromEntries(
		names
			.slice(0, -1)
			.map((name, at) => [name, { main: [[{ node: names[at + 1], type: 'main', index: 0 }]] }]),
	);
	return { name: `Soak: ${kind}`, nodes, connections, settings: { executionOrder: 'v1' } };
}
