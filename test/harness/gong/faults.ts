import type { LoggedRequest } from './log';

/** Which requests a fault meets; all of what is named must fit. */
export interface FaultMatch {
	method?: string;
	/** The path without the query: whole, or a pattern. */
	path?: string | RegExp;
	bodyIncludes?: string;
}

interface FaultBase {
	/** How many requests it meets; default 1. */
	times?: number;
	/** How many requests that fit go by before it begins; default 0. */
	after?: number;
	match?: FaultMatch;
	/** Milliseconds before it happens; default 0. */
	wait?: number;
	/**
	 * True: the request is carried out before its answer is lost. False (default): Gong never got to it.
	 */
	applied?: boolean;
}

/** Headers by name; a date is written as HTTP does. */
export type HeaderValues = Record<string, string | number | Date>;

/** Answers with this status and Gong's kind of body. */
export interface StatusFault extends FaultBase {
	kind: 'status';
	status: number;
	errors?: string[];
	/** A date is written as HTTP does: `{ 'retry-after': new Date(…) }`. */
	headers?: HeaderValues;
}

/** Resets the connection without an answer. */
export interface ResetFault extends FaultBase {
	kind: 'reset';
}

/** Promises more bytes than it sends, then drops the connection. */
export interface CutFault extends FaultBase {
	kind: 'cut';
}

/** The true answer, well framed, with the second half of its JSON missing. */
export interface TruncatedJsonFault extends FaultBase {
	kind: 'truncatedJson';
}

/** A login page, 200, in HTML. */
export interface NotJsonFault extends FaultBase {
	kind: 'notJson';
}

/**
 * What stands before Gong answers in its place: a firewall's page of HTML, a gateway's JSON, nothing but a
 * status, or a proxy that wants a sign-in.
 */
export interface BlockFault extends FaultBase {
	kind: 'block';
	/** Default `page`. */
	by?: 'page' | 'gatewayJson' | 'emptyAnswer' | 'proxySignIn';
	/** Default 403, of `proxySignIn` 407. */
	status?: number;
	/** Of the page; default `Attention Required! | Cloudflare`. */
	title?: string;
}

/** Nothing wrong with this request: once it is carried out, and before its answer leaves, `act` is called. */
export interface MeanwhileFault extends FaultBase {
	kind: 'meanwhile';
	act: () => void;
}

/** Any body: `json`, `raw` text, or what `change` makes of the true answer's JSON. */
export interface BodyFault extends FaultBase {
	kind: 'body';
	json?: unknown;
	raw?: string;
	/** Undefined sends the answer as it is. */
	change?: (answer: unknown) => unknown;
	/** Default 200. */
	status?: number;
	headers?: HeaderValues;
}

/** Leaves the request waiting: for `ms`, then all goes on as usual; without `ms`, for ever. */
export interface StallFault extends FaultBase {
	kind: 'stall';
	ms?: number;
}

/** Sends the caller elsewhere. */
export interface RedirectFault extends FaultBase {
	kind: 'redirect';
	url: string;
	/** Default 302. */
	status?: 301 | 302 | 303 | 307 | 308;
}

/** The true answer in small pieces. It is always carried out. */
export interface SlowFault extends FaultBase {
	kind: 'slow';
	/** Between two pieces; default 20. */
	ms?: number;
	/** Default 5. */
	pieces?: number;
}

/** An answer of a byte every so often, for ever: of its body, or of its headers too. */
export interface DripFault extends FaultBase {
	kind: 'drip';
	/** Between two bytes; default 50. */
	ms?: number;
	/** Default `body`. */
	of?: 'headers' | 'body';
	/** Default 200. */
	status?: number;
}

/** An answer of very many bytes. They are made as they are sent, so that they take no memory here. */
export interface FloodFault extends FaultBase {
	kind: 'flood';
	/** How many; never ending by default. */
	bytes?: number;
	/** `json`: the true answer after so much white space; `garbage`: one letter. Default `json`. */
	of?: 'json' | 'garbage';
	/** Says beforehand how long it is. */
	contentLength?: boolean;
	/** Compressed to about a thousandth of it. */
	gzip?: boolean;
	/** Default 200. */
	status?: number;
}

/** Headers without end. */
export interface HeadersFault extends FaultBase {
	kind: 'headers';
}

/** An answer that is no HTTP. */
export interface NotHttpFault extends FaultBase {
	kind: 'notHttp';
}

/** No answer: `spoil` breaks the connection, from somewhere between the two sides. */
export interface SpoiltFault extends FaultBase {
	kind: 'spoilt';
	spoil: () => void;
}

/** Something that goes wrong on purpose. */
export type Fault =
	| StatusFault
	| ResetFault
	| CutFault
	| TruncatedJsonFault
	| NotJsonFault
	| BlockFault
	| MeanwhileFault
	| BodyFault
	| StallFault
	| RedirectFault
	| SlowFault
	| DripFault
	| FloodFault
	| HeadersFault
	| NotHttpFault
	| SpoiltFault;

/** The faults still to come. The first that fits a request meets it. */
export class FaultQueue {
	private queue: { fault: Fault; toSkip: number; left: number }[] = [];

	/** Puts a fault at the end of the queue. */
	add(fault: Fault): void {
		this.queue.push({ fault, toSkip: fault.after ?? 0, left: fault.times ?? 1 });
	}

	/** Drops all of them. */
	clear(): void {
		this.queue = [];
	}

	/** The fault that meets this request, or null. */
	take(request: LoggedRequest): Fault | null {
		for (const waiting of this.queue) {
			if (waiting.left <= 0 || !fits(waiting.fault.match ?? {}, request)) continue;
			if (waiting.toSkip > 0) {
				waiting.toSkip -= 1;
				continue;
			}
			waiting.left -= 1;
			// Used up: a long run must not go through all that ever were.
			if (waiting.left === 0) this.queue = this.queue.filter((other) => other !== waiting);
			return waiting.fault;
		}
		return null;
	}
}

function fits(match: FaultMatch, request: LoggedRequest): boolean {
	const { method, path, bodyIncludes } = match;
	if (method !== undefined && method.toUpperCase() !== request.method) return false;
	if (typeof path === 'string' && path !== request.path) return false;
	if (path instanceof RegExp && request.path.search(path) === -1) return false;
	return bodyIncludes === undefined || request.body.includes(bodyIncludes);
}

/** Whether carrying the request out changes anything in Gong. */
export function isWrite(request: LoggedRequest): boolean {
	return ['PUT', 'DELETE'].includes(request.method) || request.path.startsWith('/oauth2/');
}

/**
 * Whether the request is to be carried out before the fault is played. A read that needs its true
 * answer is, since that changes nothing.
 */
export function isCarriedOut(fault: Fault, request: LoggedRequest): boolean {
	if (fault.applied === true || ['slow', 'meanwhile'].includes(fault.kind)) return true;
	const needsAnswer = ['cut', 'truncatedJson', 'body', 'flood'].includes(fault.kind);
	return needsAnswer && !isWrite(request);
}
