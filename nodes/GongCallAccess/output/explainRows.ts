import type { IDataObject } from 'n8n-workflow';
import { notChecked } from '../messages/explainMessages';
import type { GongUser } from '../gong/users';
import type { Way, WayName } from '../gong/ways';
import { peopleIn } from '../gong/ways';
import type { Details, UserFields } from './details';
import { callPart, userPart } from './details';
import { playedPart, playedSincePart } from './played';
import type { Explanation, Reasons } from './reasons';
import { reasonsByUser, reasonsFor } from './reasons';
import type { RowSettings } from './rows';

// The rows of Explain by calls and by users; keys stand in the order of the node's contract.

/** How the rows of Explain are made. */
export interface ExplainSettings extends RowSettings {
	/** The ways that were looked at. */
	ways: WayName[];
	/** By users: whether only the columns that people need most. */
	simplify: boolean;
}

/** The columns of the ways, in their order. */
const COLUMNS = {
	apiGrant: 'viaApi',
	participant: 'viaParticipation',
	permissionProfile: 'viaProfile',
	commentMention: 'viaComment',
	libraryFolder: 'viaFolder',
} as const satisfies Record<WayName, string>;

/**
 * The rows of a call: one by calls; by users one for each who was found.
 * @param users all users of the company, by ID
 */
export function explainRows(
	explanation: Explanation,
	users: ReadonlyMap<string, GongUser>,
	settings: ExplainSettings,
	details: Details,
): IDataObject[] {
	return settings.splitInto === 'calls'
		? [callRow(explanation, users, settings, details)]
		: userRows(explanation, users, settings, details);
}

function callRow(
	explanation: Explanation,
	users: ReadonlyMap<string, GongUser>,
	settings: ExplainSettings,
	details: Details,
): IDataObject {
	const { callId, found, isPrivate, workspaceId, ways } = explanation;
	const people = peopleIn(ways);
	// Somebody of whom Gong does not say it may be active: those of Gong's staff are in no list of users.
	const hasLeft = (userId: string): boolean => users.get(userId)?.active === false;
	const active = people.filter((userId) => !hasLeft(userId));
	const listed = (name: string, userIds: string[]): IDataObject =>
		details.users || details.plays
			? { [name]: userIds.map((userId) => userIn(callId, userId, details)) }
			: {};
	const inactive = people.filter(hasLeft);
	return {
		...callPart(callId, details),
		isPrivate,
		workspaceId,
		ways: ways.map((way) => ({ ...wayPart(way), userIds: [...way.userIds], ...sourcePart(way) })),
		userIds: active,
		...listed('users', active),
		inactiveUserIds: inactive,
		...listed('inactiveUsers', inactive),
		userCount: active.length,
		notChecked: notChecked(settings.ways, explanation.gaps),
		...playedSincePart(details),
		...(settings.reportUnknownCalls ? { found } : {}),
		requestId: explanation.requestId,
		requestIds: [...explanation.requestIds],
	};
}

function userIn(
	callId: string,
	userId: string,
	details: Details,
): UserFields & { lastPlayed?: string | null } {
	return { ...userPart(userId, details), ...playedPart([callId], userId, details) };
}

/** What a way is, before those whom it leads to. */
export function wayPart({ way, certainty }: Way): IDataObject {
	return { way, certainty };
}

/** The profile or the folder of a way. */
export function sourcePart({ profile, folder }: Way): IDataObject {
	return {
		...(profile
			? { profileId: profile.id, profileName: profile.name, permissionLevel: profile.level }
			: {}),
		...(folder ? { folderId: folder.id, folderName: folder.name } : {}),
	};
}

function userRows(
	explanation: Explanation,
	users: ReadonlyMap<string, GongUser>,
	settings: ExplainSettings,
	details: Details,
): IDataObject[] {
	const { callId, found, requestId } = explanation;
	if (!found) {
		const nobody = { ...callPart(callId, details), ...userPart(null, details) };
		const played = { ...playedPart([], null, details), ...playedSincePart(details) };
		return [{ ...nobody, ...played, found, requestId }];
	}
	const reasons = reasonsByUser(explanation);
	if (reasons.size === 0 && settings.includeCallsWithoutUsers) {
		const nobody = reasonsFor([], explanation.gaps);
		return [userRow(explanation, null, nobody, users, settings, details)];
	}
	return [...reasons].map(([userId, own]) =>
		userRow(explanation, userId, own, users, settings, details),
	);
}

function userRow(
	{ callId, found, isPrivate, gaps, requestId }: Explanation,
	userId: string | null,
	reasons: Reasons,
	users: ReadonlyMap<string, GongUser>,
	{ ways, simplify, reportUnknownCalls }: ExplainSettings,
	details: Details,
): IDataObject {
	// Key by key: on Node.js 20 an object that begins with a spread takes 20 times as long to make.
	const json: IDataObject = {};
	Object.assign(json, callPart(callId, details));
	json.isPrivate = isPrivate;
	json.userId = userId;
	const user = users.get(userId ?? '');
	if (details.users) {
		json.userName = user?.name ?? null;
		json.userEmail = user?.email ?? null;
	}
	json.userActive = user?.active ?? null;
	if (simplify) {
		json.why = reasons.why;
		json.onlyViaApi = reasons.onlyViaApi;
		json.certainty = reasons.certainty;
	} else {
		for (const way of ways) {
			// A way that could not be looked at whole may lead there although it was not found.
			const isUnsure = gaps.some((gap) => gap.way === way);
			json[COLUMNS[way]] = reasons.via.has(way) || (isUnsure ? null : false);
		}
		json.onlyViaApi = reasons.onlyViaApi;
		if (ways.includes('permissionProfile')) {
			json.profileName = reasons.profile?.name ?? null;
			json.permissionLevel = reasons.profile?.level ?? null;
		}
		json.why = reasons.why;
		json.certainty = reasons.certainty;
		json.certaintyWithoutApi = reasons.certaintyWithoutApi;
	}
	if (details.plays) {
		Object.assign(json, playedPart([callId], userId, details), playedSincePart(details));
	}
	if (reportUnknownCalls) json.found = found;
	json.requestId = requestId;
	return json;
}
