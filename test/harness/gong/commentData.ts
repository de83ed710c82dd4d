/** A public comment on a call, with the fields that Gong gives of it; what is not known is left out. */
export interface GongComment {
	id: string;
	audioStartTime?: number | null;
	audioEndTime?: number | null;
	commenterUserId?: string | null;
	/** Names people as `@[name](user ID)` (Gong's OpenAPI description). */
	comment: string | null;
	posted: string | null;
	/** ID of the comment that this one answers. */
	inReplyTo?: string | null;
	duringCall?: boolean | null;
}

/** A public comment: just its text, or more. */
export type CommentInput = string | Partial<GongComment>;

const MOST_COMMENTS = 1_000n;

/** The public comments of a call, posted an hour after it started, by its host unless they say otherwise. */
export function makeComments(
	inputs: CommentInput[],
	call: { id: string; started: string; primaryUserId: string | null },
): GongComment[] {
	const hour = 3_600_000;
	const posted = new Date(Date.parse(call.started) + hour).toISOString();
	return inputs.map((input, place) => ({
		id: String((BigInt(call.id) % 10n ** 16n) * MOST_COMMENTS + BigInt(place)),
		...(call.primaryUserId === null ? {} : { commenterUserId: call.primaryUserId }),
		comment: '',
		posted,
		duringCall: false,
		...(typeof input === 'string' ? { comment: input } : input),
	}));
}
