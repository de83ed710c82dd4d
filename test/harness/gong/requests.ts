/** What was sent to the local Gong, read out of its log. */
import type { LoggedRequest } from './log';

/** A call in the body of a write, with the users that the write names for it. */
export interface Change {
	callId: string;
	userIds: string[];
}

/** A request that grants or revokes. */
export interface WriteRequest extends LoggedRequest {
	method: 'PUT' | 'DELETE';
	changes: Change[];
}

type Body = Pick<LoggedRequest, 'body'>;

function parsed({ body }: Body): { callAccessList?: Change[]; filter?: { callIds?: string[] } } {
	try {
		return JSON.parse(body) as object;
	} catch {
		// Cut off while it was sent.
		return {};
	}
}

/** The changes that a write asks for; none where the request is no write. */
export function changesIn(request: Body): Change[] {
	return parsed(request).callAccessList ?? [];
}

/** The writes of a log, in their order. */
export function writesIn(log: readonly LoggedRequest[]): WriteRequest[] {
	return log.flatMap((entry) => {
		const { method } = entry;
		return method === 'PUT' || method === 'DELETE'
			? [{ ...entry, method, changes: changesIn(entry) }]
			: [];
	});
}

/** The calls that a request names, whether it reads or writes. */
export function callsOf(request: Body): string[] {
	return parsed(request).filter?.callIds ?? changesIn(request).map(({ callId }) => callId);
}

/** Whether Gong refused a request for this call alone. */
export function isRefusedAlone(log: readonly LoggedRequest[], callId: string): boolean {
	return log.some((entry) => entry.status === 400 && callsOf(entry).join() === callId);
}
