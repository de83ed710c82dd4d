import { readdirSync } from 'node:fs';
import path from 'node:path';

import { PROJECT } from '../package/project';
import { readWorkflow, type Workflow } from './workflow';

const FOLDER = path.join(PROJECT, 'examples');

/** The names of all example workflows. */
export const EXAMPLES = readdirSync(FOLDER)
	.filter((file) => file.endsWith('.json'))
	.map((file) => file.slice(0, -'.json'.length));

/** An example workflow as published. */
export function readExample(name: string): Workflow {
	return readWorkflow(path.join(FOLDER, `${name}.json`));
}

/** A copy of the workflow with values typed into the fields of one of its Edit Fields nodes. */
export function withFields(
	workflow: Workflow,
	nodeName: string,
	values: Readonly<Record<string, string>>,
): Workflow {
	const nodes = workflow.nodes.map((node) => {
		if (node.name !== nodeName) return node;
		const { assignments } = node.parameters.assignments as {
			assignments: readonly { readonly name: string }[];
		};
		const missing = Object.keys(values).filter((name) => !assignments.some((a) => a.name === name));
		if (missing.length > 0) throw new Error(`${nodeName} has no field ${missing.join(', ')}`);
		const filled = assignments.map((assignment) =>
			assignment.name in values ? { ...assignment, value: values[assignment.name] } : assignment,
		);
		return { ...node, parameters: { ...node.parameters, assignments: { assignments: filled } } };
	});
	return { ...workflow, nodes };
}

/** A copy of the workflow with another setting of one of its nodes, such as its `onError`. */
export function withNode(
	workflow: Workflow,
	nodeName: string,
	settings: Readonly<Record<string, unknown>>,
): Workflow {
	const nodes = workflow.nodes.map((node) =>
		node.name === nodeName ? { ...node, ...settings } : node,
	);
	return { ...workflow, nodes };
}

/** A copy of the workflow with other values of some parameters of one of its nodes. */
export function withParameters(
	workflow: Workflow,
	nodeName: string,
	parameters: Readonly<Record<string, unknown>>,
): Workflow {
	const node = workflow.nodes.find(({ name }) => name === nodeName);
	return withNode(workflow, nodeName, { parameters: { ...node?.parameters, ...parameters } });
}

/** A copy of the workflow with other settings of its own, such as its time zone. */
export function withSettings(
	workflow: Workflow,
	settings: Readonly<Record<string, unknown>>,
): Workflow {
	return { ...workflow, settings: { ...(workflow.settings as object), ...settings } };
}
