import type { Failure } from '../failure';
import { tooManyRows, tooMuch } from './inputMessages';
import { failureOf, listed } from './phrases';
import { withAdvice } from './signInMessages';

// What people read about Explain: what was not looked at, and why a call could not be explained.

/** What no answer of Gong's API tells. */
const NEVER_CHECKED = [
	'share: people with whom somebody shared the call',
	'privateComment: people who are mentioned in a comment on the call that is not public',
	'privateFolder: people who may open a private library folder that holds the call',
	'adminRole: administrators, whose rights may let them see more',
];

const WAYS = {
	apiGrant: 'people who were given access to the call through the Gong API',
	participant: 'people who hosted the call, were invited to it or took part',
	permissionProfile: 'people whose permission profile lets them see the call',
	commentMention: 'people who are mentioned in a public comment on the call',
	libraryFolder: 'people who may open a public library folder that holds the call',
} as const;

type WayName = keyof typeof WAYS;

/** Why a chosen way could not be looked at for a call, or only in part. */
export type Gap = { way: WayName; why: string };

export const ACCESS_NOT_SAID =
	'Gong gives details of this call, and does not know it yet where access is listed';
export const NO_DETAILS = 'Gong gives no details of this call';
export const PRIVACY_NOT_SAID = 'Gong does not say whether this call is private';
export const WORKSPACE_NOT_SAID = 'Gong does not say which workspace this call is in';
export const NO_PARTIES = 'only its owner: Gong names no participants of this call';
export const NOBODY_NAMED = 'Gong names neither an owner nor participants of this call';
export const PROFILES_NOT_SAID = 'Gong does not say which permission profiles its workspace has';
export const MANAGERS_NOT_SAID =
	'in part: some levels go by who reports to whom, and Gong does not list everybody concerned among its users';
export const FOLDERS_NOT_SAID = 'Gong does not say which library folders its workspace has';
export const COMMENTS_NOT_SAID = 'Gong does not say which public comments this call has';
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

/** Profiles that open a folder above the one that holds the call. */
export function onlyFoldersAbove(profileNames: string[]): string {
	return `in part: Gong does not say whether ${listed(profileNames)}, which opens a folder above the one with this call, opens that one too`;
}

/** Comments that cannot be read, or hold something like a mention that cannot be. */
export function commentsNotRead(count: number): string {
	return count === 1
		? 'in part: 1 public comment cannot be read'
		: `in part: ${count} public comments cannot be read`;
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
	const all = (Object.keys(WAYS) as WayName[]).flatMap((way): Gap[] =>
		chosen.includes(way) ? gaps.filter((gap) => gap.way === way) : [{ way, why: 'not chosen' }],
	);
	return [...NEVER_CHECKED, ...all.map(({ way, why }) => `${way}: ${WAYS[way]} (${why})`)];
}

/** The same for all calls of a run, each gap with the number of calls that have it. */
export function notCheckedInRun(chosen: readonly WayName[], gapsOfCalls: Gap[][]): string[] {
	const counted = new Map<string, { gap: Gap; calls: number }>();
	for (const gap of gapsOfCalls.flat()) {
		const key = `${gap.way} ${gap.why}`;
		counted.set(key, { gap, calls: (counted.get(key)?.calls ?? 0) + 1 });
	}
	const all = gapsOfCalls.length;
	const gaps = [...counted.values()].map(({ gap: { way, why }, calls }) => ({
		way,
		why: all === 1 ? why : `for ${calls} of ${all} calls: ${why}`,
	}));
	return notChecked(chosen, gaps);
}

/** What one can do without a scope; Explain cannot do without the others. */
const WITHOUT: Record<string, string> = {
	'api:call-user-access:read': "leave out 'Access Given Through the API' under 'Ways'",
	'api:permission-profile:read':
		"leave out 'Permission Profile' and 'Public Library Folder' under 'Ways'",
	'api:logs:read': "leave out the option 'Include Last Played'",
	'api:library:read': "leave out 'Public Library Folder' under 'Ways'",
};

/** Why calls could not be explained; for what the credential may not do it says what to leave out. */
export function notExplained(because: Failure, callIds: string[]): Failure {
	const { reason, deniedScope, missingScope, advice } = because;
	if (reason === 'unknownCalls') return because;
	const how = WITHOUT[deniedScope ?? ''];
	if (how !== undefined) return { ...withAdvice(because, how), callIds };
	if (missingScope === undefined) return { ...because, callIds };
	return { ...because, advice: `${advice} Explain does not work without it.`, callIds };
}

/**
 * Whether Gong knows calls that it gives no details of could not be asked.
 * @param because why not
 */
export function notKnownWhetherThere(because: Failure, callIds: string[]): Failure {
	const which = callIds.length === 1 ? `call ${callIds[0]}` : `${callIds.length} of the calls`;
	// What to leave out where that scope is missing was left out already.
	const rest = { ...because };
	delete rest.missingScope;
	delete rest.deniedScope;
	return {
		...rest,
		message: `Gong gives no details of ${which}, and whether it knows ${callIds.length === 1 ? 'it' : 'them'} could not be asked. ${because.message}`,
		advice: `A call may have been deleted, or Gong may need some hours until it gives details of a new one: check it in Gong, or run the workflow again later. ${because.advice}`,
		callIds,
	};
}

/** A log of plays with more pages than this node reads. @param pages undefined where Gong does not tell */
export function tooManyPlays(since: string, pages: number | undefined, most: number): Failure {
	const count = (number: number): string => number.toLocaleString('en-US');
	return failureOf(
		'badInput',
		`Gong's log of plays has ${pages === undefined ? `more than ${count(most)}` : count(pages)} pages since ${since}, and this node reads at most ${count(most)}`,
		"Set a later moment under the option 'Played Since', or leave out the option 'Include Last Played'.",
	);
}

/** The plays could not be read. */
export function playsNotRead(because: Failure): Failure {
	const isDenied = because.deniedScope !== undefined;
	const told = isDenied ? withAdvice(because, WITHOUT['api:logs:read']) : { ...because };
	// Explain must not say once more what to leave out.
	delete told.missingScope;
	delete told.deniedScope;
	return {
		...told,
		message: `Who played the calls could not be read. ${because.message}`,
	};
}

/** More than n8n can save of one run. @param most in bytes of JSON */
export function tooMuchExplained(most: number, callIds: string[]): Failure {
	const advice =
		"Explain fewer calls in one execution, for example a day or a workspace at a time. If most of it is people whose permission profile opens every call, leave out 'Permission Profile' under 'Ways'.";
	return tooMuch(most, advice, callIds);
}

/** More people than n8n can take rows from one input item. */
export function tooManyExplained(rows: number, most: number, callIds: string[]): Failure {
	return {
		...tooManyRows(rows, most, callIds),
		advice:
			"Set 'Output Format' to 'One Item per Call', or split the calls over several input items, for example with a Split Out node before this one.",
	};
}
