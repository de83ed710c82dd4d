import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
	type INode,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyOptions,
	NodeHelpers,
} from 'n8n-workflow';
import { builtCredential, builtNode, itemKeys, promisedBy } from '../harness/package/description';
import { jsonOf, type PackageJson, PROJECT } from '../harness/package/project';
import { CREDENTIALS, ITEMS, NODE, PARAMETERS } from './contract';

// As saved by the editor, through all versions of the package. None may be changed to make a test pass.
const FOLDERS = ['test/package/workflows', 'test/n8n/workflows', 'examples'];
// n8n adds these to every declarative node.
const OF_N8N = ['requestOptions', 'toolDescription', 'descriptionType'];

const { description } = builtNode();
const packageJson = jsonOf<PackageJson>('package.json');

const saved = FOLDERS.flatMap((folder) =>
	readdirSync(path.join(PROJECT, folder))
		.filter((name) => name.endsWith('.json'))
		.flatMap((name) => nodesOf(`${folder}/${name}`)),
);

describe('the promise on versions', () => {
	it('covers every parameter, its type, its default and the values of its choices', () => {
		expect(promisedBy(description.properties)).toEqual(PARAMETERS);
	});

	it('covers the name and version of the node', () => {
		expect(`${packageJson.name}.${description.name}`).toBe(NODE.type);
		expect(description.version).toBe(NODE.version);
	});

	it('covers the keys of the items, in their order', () => {
		expect(itemKeys()).toEqual(ITEMS);
	});

	it('covers the credentials and their stored fields', () => {
		expect(description.credentials?.map(({ name }) => name)).toEqual(Object.keys(CREDENTIALS));
		for (const file of packageJson.n8n.credentials) {
			const { name, properties } = builtCredential(file);
			const stored = properties.filter(({ type }) => type !== 'notice');
			expect(stored.map((property) => property.name)).toEqual(CREDENTIALS[name]);
		}
	});
});

describe('saved workflows', () => {
	it('use every parameter, and every value that can be chosen', () => {
		const used = new Set(
			saved.flatMap(({ parameters }) =>
				[parameters, parameters.options ?? {}].flatMap((values, depth) =>
					Object.entries(values as INodeParameters).map(([name, value]) => {
						const full = depth === 0 ? name : `options.${name}`;
						return PARAMETERS[full]?.values ? `${full}=${String(value)}` : full;
					}),
				),
			),
		);
		const all = Object.entries(PARAMETERS).flatMap(([name, { values, default: usual }]) =>
			// The editor does not save values that equal the default.
			values ? values.filter((value) => value !== usual).map((value) => `${name}=${value}`) : name,
		);
		expect(all.filter((name) => !used.has(name))).toEqual([]);
	});

	it.each(saved.map((node) => [node.from, node.name, node] as const))(
		'%s, %s: every saved value still exists and has its meaning',
		(_from, _name, node) => {
			expect(node.type.replace(/Tool$/, '')).toBe(NODE.type);
			expect(node.typeVersion).toBe(NODE.version);
			const parameters = Object.fromEntries(
				Object.entries(node.parameters).filter(([name]) => !OF_N8N.includes(name)),
			) as INodeParameters;
			// What n8n keeps when it opens the workflow: it drops what the node does not know or show.
			const kept = NodeHelpers.getNodeParameters(
				description.properties,
				parameters,
				true,
				false,
				node,
				description,
			);
			expect(kept).toMatchObject(parameters);
			expect(
				NodeHelpers.getNodeParametersIssues(description.properties, node, description),
			).toBeNull();
			// Which of two parameters of one name counts depends on values that are not saved, being the defaults.
			const whole = { ...node, parameters: kept ?? {} };
			expect(misfits(parameters, description.properties, whole)).toEqual([]);
			const unknown = Object.keys(node.credentials ?? {}).filter((name) => !(name in CREDENTIALS));
			expect(unknown).toEqual([]);
		},
	);

	it('would fail for a name, a value or a type that is gone', () => {
		const changed = (own: INodeParameters): INode => ({ ...saved[0], parameters: own });
		for (const own of [
			{ splitInto: 'meetings' },
			{ period: 'lastYear' },
			{ callIds: ['7782342274025937895'] },
			{ options: { unknownCalls: 'skip' } },
			{ options: { perRequest: 10 } },
			{ callId: '7782342274025937895' },
		] as INodeParameters[]) {
			expect(misfits(own, description.properties, changed(own))).toHaveLength(1);
		}
	});
});

interface SavedNode extends INode {
	/** The file name. */
	readonly from: string;
}

function nodesOf(file: string): SavedNode[] {
	const { nodes } = JSON.parse(readFileSync(path.join(PROJECT, file), 'utf8')) as {
		nodes: INode[];
	};
	return nodes
		.filter(({ type }) => type.startsWith(`${packageJson.name}.`))
		.map((node) => ({ ...node, from: file }));
}

/** The parameters that the description does not know, by name and value. */
function misfits(
	values: INodeParameters,
	properties: readonly INodeProperties[],
	node: INode,
): string[] {
	return Object.entries(values).flatMap(([name, value]) => {
		const candidates = properties.filter((property) => property.name === name);
		const shown = candidates.filter((property) =>
			NodeHelpers.displayParameterPath(node.parameters, property, '', node, description),
		);
		// Inside a collection, visibility depends on parameters outside it; n8n's own check above covers that.
		const property = shown.at(0) ?? candidates.at(0);
		if (!property) return [`${name} is unknown`];
		if (property.type === 'collection') {
			return misfits(value as INodeParameters, property.options as INodeProperties[], node);
		}
		return fits(value, property) ? [] : [`${name} cannot be ${JSON.stringify(value)}`];
	});
}

function fits(value: unknown, { type, options, noDataExpression }: INodeProperties): boolean {
	if (!noDataExpression && typeof value === 'string' && value.startsWith('=')) return true;
	switch (type) {
		case 'options':
			// What a list holds that the panel loads is not known here.
			return options === undefined
				? typeof value === 'string'
				: (options as INodePropertyOptions[]).some((option) => option.value === value);
		case 'multiOptions':
			return Array.isArray(value) && value.every((one) => typeof one === 'string');
		case 'number':
		case 'boolean':
			return typeof value === type;
		default:
			return typeof value === 'string';
	}
}
