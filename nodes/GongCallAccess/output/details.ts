import type { GongCall } from '../gong/calls';
import type { Plays } from '../gong/plays';
import type { GongUser } from '../gong/users';

/** What was looked up beside the IDs; left out where it was not asked for. */
export interface Details {
	users?: Map<string, GongUser>;
	calls?: Map<string, GongCall>;
	plays?: Plays;
}

/** A user in a row: its ID, and the rest where details were asked for. */
export type UserFields = {
	userId: string | null;
	userName?: string | null;
	userEmail?: string | null;
	/** False for somebody who has left. */
	userActive?: boolean | null;
};

/** A call in a row: its ID, and the rest where details were asked for. */
export type CallFields = {
	callId: string;
	callTitle?: string | null;
	callUrl?: string | null;
	callStarted?: string | null;
};

/** A user as it stands in a row. One that Gong no longer knows keeps its ID, with null beside it. */
export function userPart(userId: string | null, { users }: Details): UserFields {
	if (!users) return { userId };
	const user = userId === null ? undefined : users.get(userId);
	return {
		userId,
		userName: user?.name ?? null,
		userEmail: user?.email ?? null,
		userActive: user?.active ?? null,
	};
}

/** A call as it stands in a row. One that Gong no longer knows keeps its ID, with null beside it. */
export function callPart(callId: string, { calls }: Details): CallFields {
	if (!calls) return { callId };
	const call = calls.get(callId);
	return {
		callId,
		callTitle: call?.title ?? null,
		callUrl: call?.url ?? null,
		callStarted: call?.started ?? null,
	};
}

/** A list of user IDs under `name`, and the same users with their details under `usersName`, if asked for. */
export function usersPart(
	name: string,
	usersName: string,
	userIds: string[],
	details: Details,
): Record<string, string[] | UserFields[]> {
	const ids = { [name]: [...userIds] };
	if (!details.users) return ids;
	return { ...ids, [usersName]: userIds.map((userId) => userPart(userId, details)) };
}
