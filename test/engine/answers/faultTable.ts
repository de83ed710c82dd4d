/** The faults that reading requests are tried with, whatever the operation. */
import { noAnswerInTime } from '../../harness/engine/timeouts';
import type { Fault, LocalGong } from '../../harness/gong';

/** A way in which a request goes wrong, and what the node is to make of it. */
export interface FaultCase {
	name: string;
	/** A function, since some faults contain a date. */
	fault: (elsewhere: string, gong: LocalGong, path?: string) => Fault;
	/** How many times a request is sent while the fault lasts; undefined when Gong's answer decides. */
	tries?: number;
	/** Whether a request that meets the fault once is answered in the end. */
	passes: boolean;
	/** The reported failure of a request that the fault prevents. */
	details: { httpStatus: number | null; gongErrors: string[]; reason: string; outcome: string };
	words: RegExp;
}

const refusal = (status: number, errors: string[], headers?: Record<string, string | Date>) => () =>
	({ kind: 'status', status, errors, headers }) satisfies Fault;
const inSeconds = (seconds: number): Date => new Date(Date.now() + seconds * 1000);

const SLOW_DOWN = ['API rate limit exceeded'];
const SCOPE = ["You don't have permission to use 'api:call-user-access:read' in your app."];
const limited = { httpStatus: 429, gongErrors: SLOW_DOWN, reason: 'rateLimit', outcome: 'refused' };
const lost = { httpStatus: null, gongErrors: [], reason: 'noAnswer', outcome: 'notSent' };
const odd = { httpStatus: 200, gongErrors: [], reason: 'unexpectedAnswer', outcome: 'notSent' };
const refused = (httpStatus: number, gongErrors: string[], reason = 'refused') => ({
	httpStatus,
	gongErrors,
	reason,
	outcome: 'refused',
});

const unavailable = (httpStatus: number, gongErrors: string[]) => ({
	httpStatus,
	gongErrors,
	reason: 'unavailable',
	outcome: 'notSent',
});

/** Every fault that a reading request may meet. */
export const FAULTS: FaultCase[] = [
	{
		name: '429 for a second',
		fault: refusal(429, SLOW_DOWN, { 'retry-after': '1' }),
		passes: true,
		details: limited,
		words: /no more requests.*It will work again at/s,
	},
	{
		name: '429 until a date',
		fault: () => refusal(429, SLOW_DOWN, { 'retry-after': inSeconds(2) })(),
		passes: true,
		details: limited,
		words: /no more requests.*It will work again at/s,
	},
	{
		name: '429 without a time',
		fault: refusal(429, SLOW_DOWN),
		passes: true,
		details: limited,
		words: /no more requests.*It will work again at/s,
	},
	{
		name: '429 for two hours',
		fault: refusal(429, SLOW_DOWN, { 'retry-after': '7200' }),
		tries: 1,
		passes: false,
		details: limited,
		words: /no more requests for 2 hours.*It will work again at/s,
	},
	{
		name: '429 until a date in two hours',
		fault: () => refusal(429, SLOW_DOWN, { 'retry-after': inSeconds(7_500) })(),
		tries: 1,
		passes: false,
		details: limited,
		words: /no more requests for 2 hours.*It will work again at/s,
	},
	{
		name: '500',
		fault: refusal(500, ['An error has occurred']),
		tries: 4,
		passes: true,
		details: unavailable(500, ['An error has occurred']),
		words: /An error has occurred.*again later/s,
	},
	{
		name: '503 in HTML',
		fault: () => ({ kind: 'body', status: 503, raw: '<h1>503 Service Unavailable</h1>' }),
		tries: 4,
		passes: true,
		details: unavailable(503, []),
		words: /status 503.*again later/s,
	},
	{
		name: 'a reset connection',
		fault: () => ({ kind: 'reset' }),
		tries: 4,
		passes: true,
		details: lost,
		words: /No whole answer/,
	},
	{
		name: 'an answer cut short',
		fault: () => ({ kind: 'cut' }),
		tries: 4,
		passes: true,
		details: lost,
		words: /No whole answer/,
	},
	{
		name: 'half the JSON',
		fault: () => ({ kind: 'truncatedJson' }),
		tries: 4,
		passes: true,
		details: odd,
		words: /not whole JSON/,
	},
	{
		name: 'a login page',
		fault: () => ({ kind: 'notJson' }),
		tries: 4,
		passes: true,
		details: odd,
		words: /not whole JSON/,
	},
	{
		name: 'another shape',
		fault: () => ({ kind: 'body', json: [{ callId: '1' }] }),
		tries: 4,
		passes: true,
		details: odd,
		words: /a list, not an object/,
	},
	{
		name: 'no answer in time',
		fault: (_elsewhere, gong, path) => noAnswerInTime(gong, path),
		tries: 4,
		passes: true,
		details: lost,
		words: /No whole answer/,
	},
	{
		name: 'any other 400',
		fault: refusal(400, ['callIds is not good']),
		tries: 1,
		passes: false,
		details: refused(400, ['callIds is not good']),
		words: /callIds is not good/,
	},
	{
		name: '404',
		fault: refusal(404, ['No such thing']),
		tries: 1,
		passes: false,
		details: refused(404, ['No such thing']),
		words: /No such thing/,
	},
	{
		name: '401 for the key',
		fault: refusal(401, ['Access denied']),
		tries: 1,
		passes: false,
		details: refused(401, ['Access denied'], 'unauthorized'),
		words: /Access denied.*Check Access Key/s,
	},
	{
		name: '401 for the scope',
		fault: refusal(401, SCOPE),
		tries: 1,
		passes: false,
		details: refused(401, SCOPE, 'unauthorized'),
		words: /lacks the scope api:call-user-access:read/,
	},
	{
		name: 'a redirect',
		fault: (elsewhere) => ({ kind: 'redirect', status: 307, url: elsewhere }),
		tries: 1,
		passes: false,
		details: { httpStatus: 307, gongErrors: [], reason: 'unexpectedAnswer', outcome: 'refused' },
		words: /redirect/,
	},
];
