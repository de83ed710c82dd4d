import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { Caller } from './accounts';
import type { Fault } from './faults';
import { newRequestId } from './ids';

/** A request as it came, and what became of it. */
export interface LoggedRequest {
	/** When it came, in ms since 1970. */
	at: number;
	method: string;
	/** Without the query. */
	path: string;
	query: Record<string, string>;
	headers: IncomingHttpHeaders;
	/** Byte for byte as it was sent. */
	body: string;
	/** Null where no answer was given. */
	status: number | null;
	/** The one in the answer, null where the answer had none. */
	requestId: string | null;
	/** Requests under way when this one came, itself counted. */
	inFlight: number;
	/** Whose key or token it came with, empty where it came with none that is known. */
	company: string;
	/** When it was answered or given up, in ms since 1970; null while it is under way. */
	endedAt: number | null;
}

/** One request on its way through the local Gong. */
export interface Exchange {
	entry: LoggedRequest;
	requestId: string;
	caller: Caller | null;
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
		fault: null,
		isRecalled: () => false,
		end,
	};
}
