import type { IDataObject } from 'n8n-workflow';
import type { GongUser } from '../gong/users';
import type { Profile, Way, WayName } from '../gong/ways';
import { CERTAINTIES, peopleIn } from '../gong/ways';
import type { Details } from './details';
import { callPart, userPart, usersPart } from './details';
import type { RowSettings } from './rows';

// The rows of Explain; keys stand in the order of the node's contract.

/** What was found out about a call. */
export interface Explanation {
	callId: string;
	/** Whether Gong knows the call. */
	found: boolean;
	/** Null where Gong does not say. */
	isPrivate: boolean | null;
	/** Null where Gong does not say. */
	workspaceId: string | null;
	ways: Way[];
	/** In words, what was not looked at. */
	notChecked: string[];
	/** Ways that were chosen, but could be looked at only in part, or not at all. */
	unsureWays: ReadonlySet<WayName>;
	/** Of the answers that it came from. */
	requestIds: string[];
	/** Of the answer that lists API-given access, or else of the call's own. */
	requestId: string | null;
}

/** How the rows of Explain are made. */
export interface ExplainSettings extends RowSettings {
	/** The ways that were looked at. */
	ways: WayName[];
}

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
	{ reportUnknownCalls }: ExplainSettings,
	details: Details,
): IDataObject {
	const { callId, found, isPrivate, workspaceId, ways } = explanation;
	const people = peopleIn(ways);
	// Somebody of whom Gong does not say it may be active: those of Gong's staff are in no list of users.
	const hasLeft = (userId: string): boolean => users.get(userId)?.active === false;
	const active = people.filter((userId) => !hasLeft(userId));
	return {
		...callPart(callId, details),
		isPrivate,
		workspaceId,
		ways: ways.map(wayPart),
		...usersPart('userIds', 'users', active, details),
		...usersPart('inactiveUserIds', 'inactiveUsers', people.filter(hasLeft), details),
		userCount: active.length,
		notChecked: [...explanation.notChecked],
		...(reportUnknownCalls ? { found } : {}),
		requestId: explanation.requestId,
		requestIds: [...explanation.requestIds],
	};
}

function wayPart({ way, certainty, userIds, profile, folder }: Way): IDataObject {
	return {
		way,
		certainty,
		userIds: [...userIds],
		...(profile
			? { profileId: profile.id, profileName: profile.name, permissionLevel: profile.level }
			: {}),
		...(folder ? { folderId: folder.id, folderName: folder.name } : {}),
	};
}

/** The ways by which one person was found. */
interface Person {
	ways: Set<WayName>;
	/** The place of the surest way's certainty in {@link CERTAINTIES}. */
	certainty: number;
	/** The one that opens the call the most surely. */
	profile: { certainty: number; of: Profile } | undefined;
}

function userRows(
	explanation: Explanation,
	users: ReadonlyMap<string, GongUser>,
	settings: ExplainSettings,
	details: Details,
): IDataObject[] {
	const { callId, found, isPrivate, requestId, unsureWays } = explanation;
	const call = callPart(callId, details);
	if (!found) return [{ ...call, ...userPart(null, details), found, requestId }];
	const chosen = (way: WayName): boolean => settings.ways.includes(way);
	const asked = {
		api: chosen('apiGrant'),
		participation: chosen('participant'),
		profile: chosen('permissionProfile'),
		folder: chosen('libraryFolder'),
	};
	// A way that could not be looked at whole may lead there although it was not found.
	const via = (ways: ReadonlySet<WayName>, way: WayName): boolean | null =>
		ways.has(way) || (unsureWays.has(way) ? null : false);
	const row = (userId: string | null, { ways, certainty, profile }: Person): IDataObject => {
		// Key by key: on Node.js 20 an object that begins with a spread takes 20 times as long to make.
		const json: IDataObject = {};
		Object.assign(json, call);
		json.isPrivate = isPrivate;
		json.userId = userId;
		const user = users.get(userId ?? '');
		if (details.users) {
			json.userName = user?.name ?? null;
			json.userEmail = user?.email ?? null;
		}
		json.userActive = user?.active ?? null;
		json.viaApi = asked.api ? ways.has('apiGrant') : null;
		json.viaParticipation = asked.participation ? via(ways, 'participant') : null;
		json.viaProfile = asked.profile ? via(ways, 'permissionProfile') : null;
		json.viaFolder = asked.folder ? via(ways, 'libraryFolder') : null;
		const onlyViaApi = ways.size === 1 && ways.has('apiGrant');
		json.onlyViaApi = onlyViaApi && unsureWays.size > 0 ? null : onlyViaApi;
		json.profileName = profile?.of.name ?? null;
		json.permissionLevel = profile?.of.level ?? null;
		json.certainty = CERTAINTIES[certainty] ?? null;
		if (settings.reportUnknownCalls) json.found = found;
		json.requestId = requestId;
		return json;
	};
	const people = new Map<string, Person>();
	for (const { way, certainty, userIds, profile } of explanation.ways) {
		for (const userId of userIds) {
			const person = people.get(userId) ?? nobody();
			people.set(userId, person);
			person.ways.add(way);
			const place = CERTAINTIES.indexOf(certainty);
			person.certainty = Math.min(person.certainty, place);
			if (profile && place < (person.profile?.certainty ?? CERTAINTIES.length)) {
				person.profile = { certainty: place, of: profile };
			}
		}
	}
	if (people.size === 0 && settings.includeCallsWithoutUsers) return [row(null, nobody())];
	return [...people].map(([userId, person]) => row(userId, person));
}

function nobody(): Person {
	return { ways: new Set(), certainty: CERTAINTIES.length, profile: undefined };
}
