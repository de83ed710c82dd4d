import type { Details } from './details';

// Last played, as it stands in rows; nothing where it was not asked for.

/** When a user last played one of these calls; null where no play was found. */
export function playedPart(
	callIds: Iterable<string>,
	userId: string | null,
	{ plays }: Details,
): { lastPlayed?: string | null } {
	if (!plays) return {};
	let last: string | null = null;
	for (const callId of userId === null ? [] : callIds) {
		const time = plays.byCall.get(callId)?.get(userId ?? '');
		if (time && (last === null || time > last)) last = time;
	}
	return { lastPlayed: last };
}

/** From when on plays were looked for: null beside it says only that none was found from then on. */
export function playedSincePart({ plays }: Details): { playedSince?: string } {
	return plays ? { playedSince: plays.since } : {};
}
