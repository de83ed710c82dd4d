import type { IncomingHttpHeaders } from 'node:http';

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
