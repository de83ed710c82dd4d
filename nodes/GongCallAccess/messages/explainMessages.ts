import type { Failure } from '../failure';
import { tooManyRows } from './inputMessages';
import { listed } from './phrases';

// What people read about Explain: what was not looked at, and why a call could not be explained.

/** What no answer of Gong's API tells. */
const NEVER_CHECKED = [
	'share: people with whom somebody shared the call',
	'commentMention: people who are mentioned in a comment on the call',
	'privateFolder: people who may open a private library folder that holds the call',
	'adminRole: administrators, whose rights may let them see more',
];

const WAYS = {
	apiGrant: 'people who were given access to the call through the Gong API',
	participant: 'people who hosted the call, were invited to it or took part',
	permissionProfile: 'people whose permission profile lets them see the call',
	commentMention: 'people whom a public comment on the call mentions',
	libraryFolder: 'people who may open a public library folder that holds the call',
} as const;

type WayName = keyof typeof WAYS;

/** Why a chosen way could not be looked at for a call, or only in part. */
export type Gap = { way: WayName; why: string };

export const NO_DETAILS = 'Gong gives no details of this call';
export const PRIVACY_NOT_SAID = 'Gong does not say whether this call is private';
export const WORKSPACE_NOT_SAID = 'Gong does not say which workspace this call is in';
export const NO_PARTIES = 'only its owner: Gong names no participants of this call';
export const NOBODY_NAMED = 'Gong names neither an owner nor participants of this call';
export const PROFILES_NOT_SAID = 'Gong does not say which permission profiles its workspace has';
export const MANAGERS_NOT_SAID =
	'in part: some levels go by who reports to whom, and Gong does not list everybody concerned among its users';
export const FOLDERS_NOT_SAID = 'Gong does not say which library folders its workspace has';
export const NO_PARTIES_FOR_LEVELS =
	'in part: some levels go by the participants, and Gong names none of this call';

/** Permission levels that Gong did not have when this node was made. */
export function unknownLevels(profileNames: string[]): string {
	return `in part: this node does not know the level of ${listed(profileNames)}`;
}

/** As for the levels, of what profiles open in the library. */
export function unknownFolderLevels(profileNames: string[]): string {
	return `in part: this node does not know which folders ${listed(profileNames)} opens`;
}

/** Profiles without a list of who has them. */
export function holdersNotSaid(profileNames: string[]): string {
	return `in part: Gong does not say who has the profile ${listed(profileNames)}`;
}

/** Folders without a list of their calls. */
export function contentNotSaid(folderNames: string[]): string {
	return `in part: Gong does not say which calls are in the folder ${listed(folderNames)}`;
}

/** Parties with the address of a user, whom Gong does not link to that user. */
export function partiesWithoutUser(count: number): string {
	return count === 1
		? 'in part: Gong does not link 1 participant to the user who has the same e-mail address'
		: `in part: Gong does not link ${count} participants to the users who have the same e-mail addresses`;
}

/**
 * What was not looked at for a call: each by its name, and then in words.
 * @param gaps those of ways that were not chosen are passed over
 */
export function notChecked(chosen: readonly WayName[], gaps: Gap[]): string[] {
	const left = (Object.keys(WAYS) as WayName[]).filter((way) => !chosen.includes(way));
	const all = [
		...left.map((way): Gap => ({ way, why: 'not chosen' })),
		...gaps.filter(({ way }) => chosen.includes(way)),
	];
	return [...NEVER_CHECKED, ...all.map(({ way, why }) => `${way}: ${WAYS[way]} (${why})`)];
}

/** What one can do where a scope is missing; Explain cannot do without the others. */
const WITHOUT: Record<string, string> = {
	'api:call-user-access:read': "Without it, leave out 'Access Given Through the API' under 'Ways'.",
	'api:permission-profile:read':
		"An OAuth2 credential asks for it once 'Permission Profiles' is switched on there. Without it, leave out 'Permission Profile' and 'Public Library Folder' under 'Ways'.",
	'api:library:read':
		"An OAuth2 credential asks for it once 'Library Folders' is switched on there. Without it, leave out 'Public Library Folder' under 'Ways'.",
};

/** Why calls could not be explained; for a missing scope it says what to leave out. */
export function notExplained(because: Failure, callIds: string[]): Failure {
	const { reason, missingScope, advice } = because;
	if (reason === 'unknownCalls') return because;
	if (missingScope === undefined) return { ...because, callIds };
	const without = WITHOUT[missingScope] ?? 'Explain does not work without it.';
	return { ...because, advice: `${advice} ${without}`, callIds };
}

/** More people than n8n can take rows from one input item. */
export function tooManyExplained(rows: number, most: number, callIds: string[]): Failure {
	return {
		...tooManyRows(rows, most, callIds),
		advice:
			"Set 'Output Format' to 'One Item per Call', or split the calls over several input items, for example with a Split Out node before this one.",
	};
}
