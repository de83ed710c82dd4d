import type {
	IExecuteSingleFunctions,
	IN8nHttpFullResponse,
	INodeExecutionData,
	INodePropertyRouting,
} from 'n8n-workflow';
import { answerItem } from './runs';

/** The declarative routing: one shape of request, a run answered once in `pagination`, the whole response kept. */
export const routing: INodePropertyRouting = {
	request: { method: 'POST', url: '/v2/calls/users-access' },
	send: { paginate: true },
	operations: { pagination: answerItem },
	output: { postReceive: [keepFullResponse] },
};

/**
 * The `postReceive` of the routing: returns the whole response, since n8n by itself keeps only its body.
 * `dispatchOfRun` unwraps it.
 */
export async function keepFullResponse(
	this: IExecuteSingleFunctions,
	_items: INodeExecutionData[],
	response: IN8nHttpFullResponse,
): Promise<INodeExecutionData[]> {
	const { statusCode, headers, body } = response;
	return [{ json: { statusCode, headers, body } }] as INodeExecutionData[];
}
