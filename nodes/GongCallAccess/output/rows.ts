import type { CallFields, Details, UserFields } from './details';
import { callPart, userPart } from './details';
import { playedPart, playedSincePart } from './played';

/**
 * n8n spreads the rows of one input item as arguments: from about 123,000 on (measured) its run ends with
 * "Maximum call stack size exceeded".
 */
export const MAX_ROWS = 110_000;

/** How the rows of a call are made. */
export interface RowSettings {
	splitInto: 'calls' | 'users' | 'people';
	reportUnknownCalls: boolean;
	includeCallsWithoutUsers: boolean;
}

/** A user in a row, and when they last played its call, where asked for. */
type UserInRow = UserFields & { lastPlayed?: string | null };

/** The JSON of one output item; keys stand in the order of the node's contract. */
export type Row = CallFields &
	Partial<UserInRow> & {
		users?: UserInRow[];
		playedSince?: string;
		found?: boolean;
		requestId: string | null;
	};

/** A call that gets rows: Gong answered for it, or does not know it. */
export interface CallAnswer {
	/** Whether Gong knows the call. */
	found: boolean;
	/** The users who were given access; none for a call that Gong does not know. */
	userIds: string[];
	/** Of the response that says so. */
	requestId: string | null;
}

/** The rows of one call: one by calls; by users one for each user, none where the call has none. */
export function rowsOfCall(
	callId: string,
	{ found, userIds, requestId }: CallAnswer,
	settings: RowSettings,
	details: Details = {},
): Row[] {
	const start = callPart(callId, details);
	const userIn = (userId: string | null): UserInRow => ({
		...userPart(userId, details),
		...playedPart([callId], userId, details),
	});
	const end = {
		...playedSincePart(details),
		...(settings.reportUnknownCalls ? { found } : {}),
		requestId,
	};
	if (settings.splitInto === 'calls') {
		return [{ ...start, users: userIds.map(userIn), ...end }];
	}
	// A call that Gong does not know is reported by a row of its own; one without users only when asked for.
	if (userIds.length === 0 && (!found || settings.includeCallsWithoutUsers)) {
		return [{ ...start, ...userIn(null), ...end }];
	}
	return userIds.map((userId) => ({ ...start, ...userIn(userId), ...end }));
}
