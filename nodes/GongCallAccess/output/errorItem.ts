import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { Failure } from '../failure';
import { description as descriptionOf, inOneText } from '../messages/phrases';

/**
 * The item that reports a failure when the node continues.
 * @param errorOutput whether it belongs on the error output
 */
export function failureItem(
	failure: Failure,
	itemIndex: number,
	node: INode,
	errorOutput: boolean,
): INodeExecutionData {
	const { callIds, requestId, httpStatus, gongErrors, reason, outcome } = failure;
	const details: IDataObject = {
		callIds: [...callIds],
		requestId,
		httpStatus,
		gongErrors: [...gongErrors],
		reason,
		outcome,
	};
	const item: INodeExecutionData = {
		json: { error: inOneText(failure), details },
		pairedItem: { item: itemIndex },
	};
	if (errorOutput) {
		// Older n8n knows an error item by this property; visible, it would make n8n replace the JSON.
		Object.defineProperty(item, 'error', { value: failureError(failure, node), enumerable: false });
	}
	return item;
}

/** What the node throws when it is set to stop. Made from words only, so that no secret hides in a cause. */
export function failureError(failure: Failure, node: INode): NodeApiError | NodeOperationError {
	const { message, httpStatus, reason } = failure;
	const description = descriptionOf(failure);
	const httpCode = httpStatus === null ? 'none' : String(httpStatus);
	const words = { message, description, httpCode };
	const error =
		reason === 'badInput' || reason === 'otherItem'
			? new NodeOperationError(node, message, { description })
			: new NodeApiError(node, words, words);
	// n8n puts words of its own in place of a message that holds a code such as ECONNRESET.
	error.message = message;
	error.description = description;
	return error;
}

/** The same for a failure that is about no item. n8n would name the first one beside the message, as "[item 0]". */
export function failureErrorOfNoItem(failure: Failure, node: INode): Error {
	const error = failureError(failure, node);
	// What n8n writes there is not kept.
	Object.defineProperty(error.context, 'itemIndex', { get: () => undefined, set: () => {} });
	return error;
}
