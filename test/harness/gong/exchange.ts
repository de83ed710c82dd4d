import type { FastifyRequest } from 'fastify';
import type { Caller } from './accounts';
import type { Fault } from './faults';
import { newRequestId } from './ids';
import type { Judge } from './judge';
import type { LoggedRequest } from './log';

/** One request on its way through the local Gong. */
export interface Exchange {
	entry: LoggedRequest;
	requestId: string;
	caller: Caller | null;
	/** Headers of every answer to it. */
	headers: Record<string, string>;
	judge: Judge | undefined;
	/** To be played in place of the answer, once there is one. */
	fault: Fault | null;
	/** Whether the local Gong was reset since it began. */
	isRecalled(): boolean;
	/** Says that the request is no longer under way; may be called again. */
	end(): void;
}

/** A fresh exchange, written into the log. */
export function openExchange(
	request: FastifyRequest,
	inFlight: number,
	judge: Judge | undefined,
	onEnd: (entry: LoggedRequest) => void,
): Exchange {
	// Not by `URL`, which would take a path with two slashes in front for a host.
	const [path, query = ''] = request.url.split('?', 2);
	const entry: LoggedRequest = {
		at: Date.now(),
		method: request.method,
		path,
		query: Object.fromEntries(new URLSearchParams(query)),
		headers: request.headers,
		body: '',
		status: null,
		requestId: null,
		inFlight,
		company: '',
		endedAt: null,
	};
	const end = () => {
		if (entry.endedAt !== null) return;
		entry.endedAt = Date.now();
		onEnd(entry);
	};
	return {
		entry,
		requestId: newRequestId(),
		caller: null,
		headers: {},
		judge,
		fault: null,
		isRecalled: () => false,
		end,
	};
}
