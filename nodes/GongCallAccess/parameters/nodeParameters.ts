import type { ItemContext } from './itemContext';

/**
 * The parameters of a run's items. What holds no expression is read once for all of them, since each evaluation
 * costs half a millisecond in a real n8n.
 */
export class NodeParameters {
	private readonly raws = new Map<string, { raw: unknown; expression: boolean }>();

	/** @throws what n8n throws for an expression */
	value(context: ItemContext, name: string, fallback: unknown): unknown {
		const { raw, expression } = this.raw(context, name, fallback);
		return expression ? context.getNodeParameter(name, fallback) : raw;
	}

	/** A parameter as it stands, an expression unevaluated: the same for every item of a run. */
	raw(
		context: ItemContext,
		name: string,
		fallback: unknown,
	): { raw: unknown; expression: boolean } {
		let known = this.raws.get(name);
		if (!known) {
			const raw: unknown = context.getNodeParameter(name, fallback, { rawExpressions: true });
			known = { raw, expression: holdsExpression(raw) };
			this.raws.set(name, known);
		}
		return known;
	}
}

function holdsExpression(value: unknown): boolean {
	if (typeof value === 'string') return value.startsWith('=');
	return typeof value === 'object' && value !== null && Object.values(value).some(holdsExpression);
}
