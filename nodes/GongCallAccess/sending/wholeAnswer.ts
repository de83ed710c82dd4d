import type {
	IExecuteSingleFunctions,
	IN8nHttpFullResponse,
	INodeExecutionData,
} from 'n8n-workflow';

/**
 * The `postReceive` of the routing: hands the whole answer on, since n8n by itself keeps only its body.
 * `sendOnceBy` reads it.
 */
export async function keepWholeAnswer(
	this: IExecuteSingleFunctions,
	_items: INodeExecutionData[],
	response: IN8nHttpFullResponse,
): Promise<INodeExecutionData[]> {
	const { statusCode, headers, body } = response;
	return [{ json: { statusCode, headers, body } }] as INodeExecutionData[];
}
