import { createRequire } from 'node:module';
import path from 'node:path';
import type {
	ICredentialType,
	INodeProperties,
	INodePropertyOptions,
	INodeType,
} from 'n8n-workflow';
import { jsonOf, type PackageJson, PROJECT } from './project';

/** The parts of a parameter on which a saved workflow depends. */
export interface Promised {
	readonly type: string;
	readonly default: unknown;
	/** The values of an `options` parameter. */
	readonly values?: readonly string[];
}

/** The node from the built files. */
export function builtNode(): INodeType {
	return built<INodeType>(jsonOf<PackageJson>('package.json').n8n.nodes[0]);
}

/** The credential from a built file. */
export function builtCredential(file: string): ICredentialType {
	return built<ICredentialType>(file);
}

function built<Instance>(file: string): Instance {
	const classes = createRequire(__filename)(path.join(PROJECT, file)) as Record<
		string,
		new () => Instance
	>;
	const [Class] = Object.values(classes);
	return new Class();
}

/**
 * Each parameter by its name, those of a collection as `collection.name`. A parameter that is defined twice,
 * for different operations, has the values of both. Notices store nothing, and a hidden one keeps what another
 * holds.
 */
export function promisedBy(properties: readonly INodeProperties[]): Record<string, Promised> {
	const found: Record<string, Promised> = {};
	const add = (property: INodeProperties, name: string): void => {
		const { type, default: fallback, options = [] } = property;
		if (type === 'notice' || type === 'hidden') return;
		if (type === 'options' && options.length > 0) {
			const values = (options as INodePropertyOptions[]).map(({ value }) => String(value));
			const all = new Set([...(found[name]?.values ?? []), ...values]);
			found[name] = { type, default: fallback, values: [...all].sort() };
			return;
		}
		found[name] = { type, default: fallback };
		if (type !== 'collection') return;
		for (const option of options as INodeProperties[]) add(option, `${name}.${option.name}`);
	};
	for (const property of properties) add(property, property.name);
	return found;
}

const SHOWN = ['displayName', 'description', 'hint', 'message', 'placeholder', 'action', 'name'];

/** Every text of a description that people see. */
export function textsIn(value: unknown, key = ''): string[] {
	if (typeof value === 'string') return SHOWN.includes(key) ? [value] : [];
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([name, inner]) =>
		// The name of what also has a display name is for the code.
		name === 'name' && 'displayName' in value ? [] : textsIn(inner, name),
	);
}

/** Every text of the node and its credentials that people see. */
export function everyText(): string[] {
	const { credentials } = jsonOf<PackageJson>('package.json').n8n;
	return [builtNode().description, ...credentials.map(builtCredential)].flatMap((one) =>
		textsIn(one),
	);
}

/** The keys of each operation's items, from the schemas that the editor uses. */
export function itemKeys(): Record<string, string[]> {
	const operations = ['list', 'explain', 'grant', 'replace', 'revoke'];
	return Object.fromEntries(
		operations.map((operation) => {
			const file = `nodes/GongCallAccess/__schema__/v1.0.0/callAccess/${operation}.json`;
			return [operation, Object.keys(jsonOf<{ properties: object }>(file).properties)];
		}),
	);
}
