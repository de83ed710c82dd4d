import type { IExecutePaginationFunctions, INodeExecutionData } from 'n8n-workflow';

/** What the parameters of an item are read from. */
export type ItemContext = Pick<
	IExecutePaginationFunctions,
	'getNodeParameter' | 'getInputData' | 'getTimezone'
>;

/** n8n's context for another item of the run; it signs in as this one. */
export function contextOf(
	context: IExecutePaginationFunctions,
	itemIndex: number,
): IExecutePaginationFunctions {
	// n8n itself makes the context of `pagination` from that of an item in this way.
	return Object.create(context, { itemIndex: { value: itemIndex } }) as IExecutePaginationFunctions;
}

/**
 * The same for an item of the input that n8n leaves out of the run, because of Execute Once.
 * @param item that item
 * @param itemIndex its place in the input
 */
export function contextOfLeftOut(
	context: IExecutePaginationFunctions,
	item: INodeExecutionData,
	itemIndex: number,
): ItemContext {
	const evaluate = (value: unknown): unknown => {
		if (typeof value === 'string' && value.startsWith('=')) {
			return context.evaluateExpression(value.slice(1), itemIndex);
		}
		if (typeof value !== 'object' || value === null) return value;
		if (Array.isArray(value)) return value.map(evaluate);
		return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, evaluate(part)]));
	};
	const getNodeParameter: ItemContext['getNodeParameter'] = (name, fallback, options) => {
		const raw = context.getNodeParameter(name, fallback, { rawExpressions: true });
		return options?.rawExpressions ? raw : (evaluate(raw) as typeof raw);
	};
	return {
		getNodeParameter,
		getInputData: () => item,
		getTimezone: () => context.getTimezone(),
	};
}
