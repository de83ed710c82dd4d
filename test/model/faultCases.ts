/** Faults that may happen on the way to Gong and back, at any request. */
import fc from 'fast-check';
import type { Fault } from '../harness/gong';
import { rarely } from './arbitraries';

/** A fault, and its words in a story. */
export interface FaultCase {
	kind: string;
	/** Which requests it meets; default every one. */
	method: 'POST' | 'PUT' | 'DELETE' | 'GET' | null;
	/** Milliseconds before it happens, so that other requests are quicker. */
	wait: number;
	after: number;
	lasts: boolean;
	/** Whether a write is carried out before its answer is lost. */
	applied: boolean;
}

const refused = (status: number, error: string, retryAfter?: string): Fault => ({
	kind: 'status',
	status,
	errors: [error],
	headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
});

const KINDS: Record<string, Fault> = {
	'400': refused(400, 'Not today'),
	'400 of an unknown call': refused(400, 'Some calls not found'),
	'401': refused(401, 'Access denied'),
	'403': refused(403, 'Not allowed'),
	'429 for 1 s': refused(429, 'API rate limit exceeded', '1'),
	'429 for 2 hours': refused(429, 'API rate limit exceeded', '7200'),
	'500': refused(500, 'An error has occurred'),
	'503': refused(503, 'Not available'),
	reset: { kind: 'reset' },
	cut: { kind: 'cut' },
	truncatedJson: { kind: 'truncatedJson' },
	notJson: { kind: 'notJson' },
};

/** A refusal is an answer: the refused request was not carried out. */
const isRefusal = (kind: string): boolean => /^4/.test(kind);

/** A fault of this kind does not say whether the request was carried out. */
export const losesAnswer = ({ kind }: FaultCase): boolean => !isRefusal(kind);

/** Gong's log has the status of the true answer, which nobody got. */
export const hidesStatus = ({ kind }: FaultCase): boolean => /Json|cut/.test(kind);

/** Only requests that look something up meet it, and it leaves the others alone. */
export const isOfLookUps = ({ kind, method }: FaultCase): boolean =>
	method === 'GET' && !kind.startsWith('429');

/** Faults that meet requests of these methods. */
export function faultOf(methods: FaultCase['method'][]): fc.Arbitrary<FaultCase> {
	return fc
		.record({
			// A refusal affects other requests least, so it distinguishes the most cases.
			kind: fc.constantFrom(...Object.keys(KINDS), '400', '400'),
			method: fc.constantFrom(null, ...methods),
			wait: rarely(30, fc.nat({ max: 40 }), 0),
			after: fc.nat({ max: 4 }),
			lasts: fc.boolean(),
			applied: fc.boolean(),
		})
		.map((fault) => ({ ...fault, applied: fault.applied && !isRefusal(fault.kind) }));
}

/** Look-ups of users are refused, break, or are slow, while all else is quick. */
export const lookUpFault: fc.Arbitrary<FaultCase> = fc.record({
	kind: fc.constantFrom('400', '401', '403', '500', 'reset'),
	method: fc.constant('GET'),
	wait: fc.nat({ max: 60 }),
	after: fc.nat({ max: 2 }),
	lasts: fc.boolean(),
	applied: fc.constant(false),
});

/** Gong refuses every request, each for a reason of its own. */
export const refusesAll: fc.Arbitrary<FaultCase[]> = fc
	.nat({ max: 2 })
	.map((after) => [{ kind: '400', method: null, after, wait: 0, lasts: true, applied: false }]);

/** The fault in the form that the local Gong takes. */
export function faultFor({ kind, method, wait, after, lasts, applied }: FaultCase): Fault {
	return {
		...KINDS[kind],
		wait,
		after,
		applied,
		times: lasts ? Infinity : 1,
		...(method === null ? {} : { match: { method } }),
	};
}

/** The fault in one line. */
export function faultInWords({ kind, method, wait, after, lasts, applied }: FaultCase): string {
	const which = `${method ?? 'any request'}, ${after} spared`;
	const when = wait === 0 ? '' : ` after ${wait} ms`;
	return `${kind}${when} at ${which}, ${lasts ? 'lasting' : 'once'}${applied ? ', carried out first' : ''}`;
}
