import type { IDataObject } from 'n8n-workflow';
import type { ItemContext } from './itemContext';

// An expression that only takes a field of the item; n8n writes it so when a field is dropped on a parameter.
const PLAIN_FIELD =
	/^=\{\{\s*\$json((?:\.[A-Za-z_$][\w$]*|\[(?:[0-9]+|'[^'\\]*'|"[^"\\]*")\])+)\s*\}\}$/;
// A longer text is no path, and a longer expression is left to n8n.
const MAX_PATH_LENGTH = 2_000;
const STEP = /(?:^|\.)([^.[\]]+)|\[(?:([0-9]+)|'([^'\\]*)'|"([^"\\]*)")\]/g;

/** A path to a field of an item, such as `id`, `metaData.id`, `calls[0].id` or `['my field']`. */
export class FieldPath {
	private readonly steps: string[];

	/** @param asName whether a field of just this name comes first: a name may have dots in it */
	constructor(
		private readonly path: string,
		private readonly asName = true,
	) {
		this.steps = stepsOf(path.trim());
	}

	/** The value in an item; undefined where there is none. Only an item's own fields count. */
	in(json: IDataObject | undefined): unknown {
		// n8n hands on what a node made, an item without JSON too.
		if (!json) return undefined;
		if (this.asName && Object.hasOwn(json, this.path)) return json[this.path];
		let value: unknown = json;
		for (const step of this.steps) {
			if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) {
				return undefined;
			}
			value = (value as Record<string, unknown>)[step];
		}
		return value;
	}
}

const plainFields = new Map<string, FieldPath | undefined>();

/**
 * The text or number that an expression such as `={{ $json.id }}` gives, without n8n's evaluator, which
 * costs half a millisecond each time. Undefined where the expression or its value is anything else.
 */
export function plainField(context: ItemContext, raw: unknown): unknown {
	if (typeof raw !== 'string' || !raw.startsWith('=') || raw.length > MAX_PATH_LENGTH)
		return undefined;
	if (!plainFields.has(raw)) {
		// One run asks for one or two expressions; a long-lived process for many.
		if (plainFields.size > 100) plainFields.clear();
		const path = PLAIN_FIELD.exec(raw)?.[1];
		plainFields.set(raw, path === undefined ? undefined : new FieldPath(path, false));
	}
	const value = plainFields.get(raw)?.in(context.getInputData().json);
	return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}

function stepsOf(path: string): string[] {
	if (path.length > MAX_PATH_LENGTH) return [path];
	const found = [...path.matchAll(STEP)];
	// What is not a path in this notation is taken between its dots.
	if (found.map(([text]) => text).join('') !== path) return path.split('.');
	return found.map(([, ...step]) => step.find((text) => text !== undefined) ?? '');
}
