/** What was sent to Gong. */
import type { LoggedRequest } from '../harness/gong';
import type { Violation } from './violation';

export interface Change {
	callId: string;
	userIds: string[];
}

/** A request that writes, read. */
export interface WriteRequest {
	method: 'PUT' | 'DELETE';
	changes: Change[];
	/** Null where it got no answer. */
	status: number | null;
}

const ACCESS = '/v2/calls/users-access';

function parsed(body: string): Record<string, unknown> {
	try {
		return JSON.parse(body) as Record<string, unknown>;
	} catch {
		// Cut off while it was sent.
		return {};
	}
}

/** The writes of a log, in their order. */
export function changesIn(log: LoggedRequest[]): WriteRequest[] {
	return log.flatMap(({ method, body, status }) =>
		method === 'PUT' || method === 'DELETE'
			? [{ method, changes: (parsed(body).callAccessList ?? []) as Change[], status }]
			: [],
	);
}

/** The calls that each read of access asked for. */
export function readsIn(log: LoggedRequest[]): { callIds: string[]; status: number | null }[] {
	return log.flatMap(({ method, path, body, status }) => {
		if (method !== 'POST' || path !== ACCESS) return [];
		const filter = parsed(body).filter as { callIds: string[] } | undefined;
		return [{ callIds: filter?.callIds ?? [], status }];
	});
}

/** The calls that a request names. */
export function callsOf({ body }: LoggedRequest): string[] {
	const { filter, callAccessList } = parsed(body);
	const list = (callAccessList ?? []) as Change[];
	return (
		(filter as { callIds?: string[] } | undefined)?.callIds ?? list.map((entry) => entry.callId)
	);
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
	for (const { changes } of changesIn(log)) {
		for (const { callId, userIds } of changes) {
			if (hasTwice(userIds)) yield { rule: 'user twice', words: `${callId}: ${userIds.join()}` };
		}
	}
}
