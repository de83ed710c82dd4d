import type { IDataObject, IN8nHttpFullResponse } from 'n8n-workflow';
import { withinTime } from './pause';

/** An answer of any status, its body as it came. */
export interface HttpResponse {
	status: number;
	/** Names in lower case. */
	headers: Record<string, string>;
	/** Empty where it is too long. */
	text: string;
	/** Whether it is longer than {@link MAX_BYTES}. */
	tooLong: boolean;
}

/** The parts that n8n gives of an answer. */
export type ResponseParts = IDataObject | IN8nHttpFullResponse;

/**
 * The longest answer that is read, uncompressed: room for about two million users. What is read is held in
 * the memory that all workflows of this n8n share.
 */
export const MAX_BYTES = 64 * 1024 * 1024;

/** Of Node's readable streams what is needed here. */
interface BodyStream extends AsyncIterable<Uint8Array> {
	destroy(): void;
}

/**
 * Waits for an answer and reads it whole, piece by piece: n8n itself bounds neither its length nor, once it
 * has begun, how long it takes, so that one that drips or never ends would keep the workflow for ever.
 *
 * @param sent what n8n was asked to send, with a `timeout` of `timeoutMs`
 * @param timeoutMs most time that the whole body may take once it has begun
 * @throws TooSlow, and what the stream throws when it breaks off
 */
export async function readResponse(
	sent: Promise<ResponseParts>,
	timeoutMs: number,
): Promise<HttpResponse> {
	// Longer than n8n's own timeout, which older versions begin anew with every byte of the headers.
	const { statusCode, headers, body } = await withinTime(sent, 2 * timeoutMs, () => {
		void sent.then((late) => discard(late.body), discard);
	});
	const text = isStream(body)
		? await withinTime(textOf(body), timeoutMs, () => discard(body))
		: body;
	return {
		status: Number(statusCode),
		headers: (headers ?? {}) as Record<string, string>,
		text: typeof text === 'string' ? text : '',
		tooLong: text === TOO_LONG,
	};
}

const TOO_LONG = Symbol('too long');

async function textOf(body: BodyStream): Promise<string | typeof TOO_LONG> {
	const pieces: Uint8Array[] = [];
	let bytes = 0;
	// Leaving the loop, in whatever way, closes the connection.
	for await (const piece of body) {
		bytes += piece.length;
		if (bytes > MAX_BYTES) return TOO_LONG;
		pieces.push(piece);
	}
	return Buffer.concat(pieces)
		.toString('utf8')
		.replace(/^\uFEFF/, '');
}

function discard(body: unknown): void {
	if (isStream(body)) body.destroy();
}

function isStream(body: unknown): body is BodyStream {
	return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}
