import type { GongState } from '../../harness/gong';

/** A call and a person. */
export interface Pair {
	readonly callId: string;
	readonly userId: string;
}

/** A pair as one text. */
export const keyOf = ({ callId, userId }: Pair): string => `${callId} ${userId}`;

/** Everybody who was given access to calls, by whomever, one text for each pair. */
export function accessIn({ apiAccess }: GongState): Set<string> {
	return new Set(
		[...apiAccess].flatMap(([callId, users]) =>
			[...users].map((userId) => keyOf({ callId, userId })),
		),
	);
}
