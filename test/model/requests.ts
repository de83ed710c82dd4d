/** The requests that Gong got. */
import { callsOf, writesIn, type LoggedRequest } from '../harness/gong';
import type { Violation } from './violation';

const ACCESS = '/v2/calls/users-access';

/** The calls in each read of access. */
export function readsIn(log: LoggedRequest[]): { callIds: string[]; status: number | null }[] {
	return log.flatMap((entry) => {
		const { method, path, status } = entry;
		if (method !== 'POST' || path !== ACCESS) return [];
		return [{ callIds: callsOf(entry), status }];
	});
}

const hasTwice = (ids: string[]): boolean => new Set(ids).size !== ids.length;

/** Invariant 8: each call at most once, no more than Calls per Request, no user twice. */
export function* checkRequests(
	log: LoggedRequest[],
	callsPerRequest: number,
): Generator<Violation> {
	for (const entry of log) {
		const calls = callsOf(entry);
		if (hasTwice(calls)) yield { rule: 'call twice', words: `Twice in a request: ${calls.join()}` };
		if (calls.length > callsPerRequest) {
			const where = entry.path === ACCESS ? '' : ' in a look-up';
			yield { rule: `too many calls${where}`, words: `${calls.length} calls in one request` };
		}
	}
	for (const { changes } of writesIn(log)) {
		for (const { callId, userIds } of changes) {
			if (hasTwice(userIds)) yield { rule: 'user twice', words: `${callId}: ${userIds.join()}` };
		}
	}
}
