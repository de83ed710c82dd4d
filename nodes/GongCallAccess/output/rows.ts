import type { GongCall, GongUser } from '../gong/api';
import type { CallOutcome } from '../asking/byCall';

/**
 * n8n spreads the rows of one input item as arguments: from about 123,000 on (measured) its run ends with
 * "Maximum call stack size exceeded".
 */
export const MOST_ROWS = 110_000;

/** How the rows of a call are made. */
export interface RowSettings {
	splitInto: 'calls' | 'users' | 'people';
	reportUnknownCalls: boolean;
	includeCallsWithoutUsers: boolean;
}

/** What was looked up beside the IDs; left out where it was not asked for. */
export interface Details {
	users?: Map<string, GongUser>;
	calls?: Map<string, GongCall>;
}

/** A user in a row: its ID, and the rest where details were asked for. */
export type UserPart = {
	userId: string | null;
	userName?: string | null;
	userEmail?: string | null;
};

/** The JSON of one output item; keys stand in the order of the node's contract. */
export type Row = Partial<UserPart> & {
	callId: string;
	callTitle?: string | null;
	callUrl?: string | null;
	callStarted?: string | null;
	users?: UserPart[];
	found?: boolean;
	requestId: string | null;
};

/** A call with what became of it; failed calls give no row. */
export type Answered = Exclude<CallOutcome<string[]>, { kind: 'failed' }>;

/** The rows of one call: one by calls; by users one for each user, none where the call has none. */
export function rowsOfCall(
	callId: string,
	outcome: Answered,
	settings: RowSettings,
	details: Details = {},
): Row[] {
	const start = { callId, ...callPart(callId, details) };
	const end = {
		...(settings.reportUnknownCalls ? { found: outcome.kind === 'found' } : {}),
		requestId: requestIdOf(outcome),
	};
	const userIds = outcome.kind === 'found' ? outcome.value : [];
	if (settings.splitInto === 'calls') {
		return [{ ...start, users: userIds.map((userId) => userPart(userId, details)), ...end }];
	}
	// A call that Gong does not know is reported by a row of its own; one without users only when asked for.
	if (userIds.length === 0 && (outcome.kind === 'unknown' || settings.includeCallsWithoutUsers)) {
		return [{ ...start, ...userPart(null, details), ...end }];
	}
	return userIds.map((userId) => ({ ...start, ...userPart(userId, details), ...end }));
}

/** The ID of the answer that an outcome came from. */
export function requestIdOf(outcome: Answered): string | null {
	return outcome.kind === 'found' ? outcome.requestId : outcome.refusal.requestId;
}

/** A user as it stands in a row; one that Gong no longer knows keeps its ID, with null beside it. */
export function userPart(userId: string | null, { users }: Details): UserPart {
	if (!users) return { userId };
	const user = userId === null ? undefined : users.get(userId);
	return { userId, userName: user?.name ?? null, userEmail: user?.email ?? null };
}

function callPart(callId: string, { calls }: Details): Partial<Row> {
	if (!calls) return {};
	const call = calls.get(callId);
	return {
		callTitle: call?.title ?? null,
		callUrl: call?.url ?? null,
		callStarted: call?.started ?? null,
	};
}
