/** Evaluates the hints and the subtitle of the panel as n8n's editor does, by n8n's own expressions. */
import { NodeHelpers, type IDataObject, type INode, type INodeParameters } from 'n8n-workflow';
import { NODE_TYPE } from '../package/names';
import { loadNode } from './engine';
import { workflowOf } from './panelLists';

/** The node in a workflow of its own, with the defaults that the editor fills in. */
async function panelOf(parameters: INodeParameters) {
	const type = await loadNode();
	const node: INode = {
		id: '1',
		name: 'Who was given access',
		type: NODE_TYPE,
		typeVersion: 1,
		position: [0, 0],
		parameters,
	};
	const workflow = workflowOf(node, type);
	return { type, workflow, node: workflow.getNode(node.name) as INode };
}

/**
 * The hints above the output.
 * @param items the input items
 */
export async function hintsFor(
	parameters: INodeParameters,
	items: IDataObject[],
	when: 'beforeExecution' | 'afterExecution',
): Promise<string[]> {
	const { type, workflow, node } = await panelOf(parameters);
	const input = items.map((json) => ({ json }));
	return (type.description.hints ?? [])
		.filter(({ whenToDisplay }) => whenToDisplay === when)
		.filter(({ displayCondition = '' }) => {
			const shown = workflow.expression.getParameterValue(
				displayCondition,
				null,
				0,
				0,
				node.name,
				input,
				'manual',
				{},
			);
			// The editor shows no hint for anything else, and says so in the browser's console.
			if (typeof shown !== 'boolean') throw new Error(`Not true or false: ${displayCondition}`);
			return shown;
		})
		.map(({ message }) => message);
}

/** What stands below the node on the canvas. */
export async function subtitleFor(parameters: INodeParameters): Promise<unknown> {
	const { type, workflow, node } = await panelOf(parameters);
	const { subtitle } = type.description;
	return workflow.expression.getSimpleParameterValue(node, subtitle, 'internal', {});
}

/** The texts of the notices that the panel shows. */
export async function noticesFor(parameters: INodeParameters): Promise<string[]> {
	const { type, node } = await panelOf(parameters);
	return type.description.properties
		.filter((property) => property.type === 'notice')
		.filter((property) =>
			NodeHelpers.displayParameter(node.parameters, property, node, type.description),
		)
		.map(({ displayName }) => displayName);
}
