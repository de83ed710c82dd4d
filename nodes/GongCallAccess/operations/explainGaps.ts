import type { Gap } from '../messages/explainMessages';
import * as messages from '../messages/explainMessages';
import { plain } from '../messages/visible';
import { addressKey } from '../gong/address';
import type { CallWithParties } from '../gong/callParties';
import type { Folder, Profile } from '../gong/ways';
import { goesByParticipants, isKnownFolderLevel, isKnownLevel, opensOnlyAbove } from '../gong/ways';
import type { CompanyUsers } from './directory';
import type { Workspace } from './explainFacts';

// Of a profile or a folder, as it stands in words.
const MAX_NAME_LENGTH = 100;

/**
 * Why some ways into a call could not be looked at, or only in part; of ways that were not chosen too.
 * @param call undefined where Gong gives no details of it
 * @param isListed whether Gong knows it where it lists access
 */
export function gapsOf(
	call: CallWithParties | undefined,
	workspace: Workspace,
	company: CompanyUsers,
	isListed: boolean,
): Gap[] {
	const ofAccess = isListed ? [] : [{ way: 'apiGrant' as const, why: messages.ACCESS_NOT_SAID }];
	return [...ofAccess, ...ofDetails(call, workspace, company)];
}

function ofDetails(
	call: CallWithParties | undefined,
	workspace: Workspace,
	company: CompanyUsers,
): Gap[] {
	if (!call) {
		return [
			...(['participant', 'commentMention'] as const).map((way) => ({
				way,
				why: messages.NO_DETAILS,
			})),
			...ofProfilesAndFolders(messages.NO_DETAILS),
		];
	}
	const unlinked = unlinkedParties(call, company);
	const gaps = [...ofParticipants(call, unlinked), ...ofComments(call)];
	// Neither profiles nor folders open a private call.
	if (call.isPrivate === true) return gaps;
	return [
		...gaps,
		...(call.isPrivate === null ? ofProfilesAndFolders(messages.PRIVACY_NOT_SAID) : []),
		...(call.workspaceId === null ? ofProfilesAndFolders(messages.WORKSPACE_NOT_SAID) : []),
		...ofProfiles(call, workspace, company, unlinked),
		...ofFolders(call, workspace),
	];
}

function ofProfilesAndFolders(why: string): Gap[] {
	return [
		{ way: 'permissionProfile', why },
		{ way: 'libraryFolder', why },
	];
}

/**
 * How many parties have the address of a user, but not the user. Gong names the user of a party who is one (its
 * OpenAPI description), so this is not to be expected.
 */
function unlinkedParties(
	{ addressesWithoutUser }: CallWithParties,
	{ addresses }: CompanyUsers,
): number {
	return addressesWithoutUser.filter((address) => addresses.has(addressKey(address))).length;
}

function ofParticipants({ hasParties, hasOwner }: CallWithParties, unlinked: number): Gap[] {
	return [
		...(hasParties ? [] : [hasOwner ? messages.NO_PARTIES : messages.NOBODY_NAMED]),
		...(unlinked > 0 ? [messages.partiesWithoutUser(unlinked)] : []),
	].map((why) => ({ way: 'participant', why }));
}

function ofComments({ mentions }: CallWithParties): Gap[] {
	if (!mentions) return [];
	return [
		...(mentions.areGiven ? [] : [messages.COMMENTS_NOT_SAID]),
		...(mentions.unread > 0 ? [messages.commentsNotRead(mentions.unread)] : []),
	].map((why) => ({ way: 'commentMention', why }));
}

function ofProfiles(
	{ hasParties, participants }: CallWithParties,
	{ profiles }: Workspace,
	{ users }: CompanyUsers,
	unlinked: number,
): Gap[] {
	if (!profiles) return [];
	if (!profiles.areGiven) return ofProfilesAndFolders(messages.PROFILES_NOT_SAID);
	const all = profiles.profiles;
	const unknown = all.filter((profile) => !isKnownLevel(profile));
	const opening = all.filter(({ level }) => level !== 'none' && level !== 'own');
	const byTeams = all.filter(goesByParticipants);
	const ofOwnTeam = byTeams.filter(
		({ level, teamLeadIds }) => level === 'managers-team' && teamLeadIds.length === 0,
	);
	// The list of users says to whom each of them reports.
	const isUnlisted = (userId: string): boolean => !users.has(userId);
	const lacksManagers =
		(byTeams.length > 0 && participants.some(isUnlisted)) ||
		ofOwnTeam.some(({ userIds }) => [...userIds].some(isUnlisted));
	return [
		...(hasParties || byTeams.length === 0 ? [] : [messages.NO_PARTIES_FOR_LEVELS]),
		...(unlinked > 0 && byTeams.length > 0 ? [messages.partiesWithoutUser(unlinked)] : []),
		...(lacksManagers ? [messages.MANAGERS_NOT_SAID] : []),
		...inWords(unknown, messages.unknownLevels),
		...inWords(opening.filter(hasNoUsersGiven), messages.holdersNotSaid),
	].map((why) => ({ way: 'permissionProfile', why }));
}

function ofFolders({ id }: CallWithParties, { profiles, folders }: Workspace): Gap[] {
	if (!folders) return [];
	const all = profiles?.profiles ?? [];
	// Where no folder holds the call, it does not matter which folders a profile opens.
	const isHeld = folders.withoutContent.length > 0 || folders.byCall.has(id);
	const unknown = all.filter((profile) => !isKnownFolderLevel(profile));
	const opening = all.filter(({ folderLevel }) => folderLevel !== 'none');
	const held = folders.byCall.get(id) ?? [];
	const onlyAbove = all.filter((profile) => held.some((folder) => opensOnlyAbove(profile, folder)));
	return [
		...(folders.areGiven ? [] : [messages.FOLDERS_NOT_SAID]),
		...inWords(folders.withoutContent, messages.contentNotSaid),
		...(isHeld ? inWords(unknown, messages.unknownFolderLevels) : []),
		...(isHeld ? inWords(opening.filter(hasNoUsersGiven), messages.holdersNotSaid) : []),
		...inWords(onlyAbove, messages.onlyFoldersAbove),
	].map((why) => ({ way: 'libraryFolder', why }));
}

function hasNoUsersGiven({ usersAreGiven }: Profile): boolean {
	return !usersAreGiven;
}

/** A reason that names profiles or folders; none where there are none. */
function inWords(odd: Array<Profile | Folder>, reason: (names: string[]) => string): string[] {
	const names = odd.map(({ id, name }) => plain(name ?? id, MAX_NAME_LENGTH));
	return names.length > 0 ? [reason(names)] : [];
}
