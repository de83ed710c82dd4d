/**
 * The rules by which somebody is found to be able to see a call. Pure: no request is made here.
 *
 * Each rule names its source. "Help" is Gong's help center (help.gong.io, read in November 2026), "API" is Gong's
 * API documentation. What neither says is an assumption, and what follows from one is only `derived`.
 *
 * The rules say who can see a call, and never who cannot: shares, comments that are not public, private folders and
 * the rights of administrators are in no answer of the API.
 */

/** The ways that can be looked at, in the order in which they are told. */
export const WAYS = [
	'apiGrant',
	'participant',
	'permissionProfile',
	'commentMention',
	'libraryFolder',
] as const;
export type WayName = (typeof WAYS)[number];

/**
 * How sure it is that a way leads to the call, the surest first: Gong's answer names this user for this call; it
 * follows from Gong's answers by a rule that the help states; it follows by a rule that the help leaves open.
 */
export const CERTAINTIES = ['stated', 'documented', 'derived'] as const;
export type Certainty = (typeof CERTAINTIES)[number];

/** A permission profile of a workspace. Gong gives a user at most one in each workspace (help). */
export interface Profile {
	id: string;
	name: string | null;
	/** Which calls it opens: `all`, `managers-team`, `report-to-them`, `own`, `none`; null where Gong does not say. */
	level: string | null;
	/** Whether those who have it can view and search calls at all; null where Gong does not say. */
	viewsCalls: boolean | null;
	/**
	 * For `managers-team`: those whose teams are meant; empty for the team of each user's own manager. They were seen
	 * with other levels too, where nobody says what they mean.
	 */
	teamLeadIds: string[];
	/** Which library folders it opens: `all`, `specific-folders`, `none`; null where Gong does not say. */
	folderLevel: string | null;
	folderIds: string[];
	userIds: Set<string>;
	/** False where Gong does not say who has it; there is nobody in `userIds` then. */
	usersAreGiven: boolean;
}

/** A public folder of the library. */
export interface Folder {
	id: string;
	name: string | null;
	/** The IDs of the folders that it is in, the nearest first. */
	above: readonly string[];
}

/** What Gong answered about a call. */
export interface CallFacts {
	/** Null where Gong does not say. */
	isPrivate: boolean | null;
	/** See {@link participantsOf}. */
	participants: string[];
	/** Whom the API gave access. */
	grants: string[];
	/** Whom public comments name. */
	mentioned: string[];
	/** The public folders that hold it. */
	folders: Folder[];
	/** The profiles of its workspace; undefined where they were not read. */
	profiles: Profile[] | undefined;
}

/** People who can see a call in the same way, for the same reason, and as surely. */
export interface Way {
	way: WayName;
	certainty: Certainty;
	/** Each once, those who have left too. */
	userIds: string[];
	profile?: Profile;
	folder?: Folder;
}

// The levels that let somebody see at least the calls that they took part in (help).
const LEVELS_WITH_OWN_CALLS = new Set(['all', 'managers-team', 'report-to-them', 'own']);

/** Whether it is known what a level of a profile opens. */
export function isKnownLevel({ level }: Profile): boolean {
	return level === 'none' || LEVELS_WITH_OWN_CALLS.has(level ?? '');
}

/** Whether it is known which library folders a profile opens. */
export function isKnownFolderLevel({ folderLevel }: Profile): boolean {
	return ['all', 'specific-folders', 'none'].includes(folderLevel ?? '');
}

/** Whether a level opens calls by who took part in them. */
export function goesByParticipants({ level }: Profile): boolean {
	return level === 'report-to-them' || level === 'managers-team';
}

/** Who can see a call by these ways; a way without people is left out. */
export function waysInto(call: CallFacts, managers: Managers, chosen: readonly WayName[]): Way[] {
	const found: Record<WayName, () => Way[]> = {
		apiGrant: () => apiGrant(call),
		participant: () => participant(call),
		permissionProfile: () => permissionProfile(call, managers),
		commentMention: () => commentMention(call),
		libraryFolder: () => libraryFolder(call),
	};
	return WAYS.filter((way) => chosen.includes(way))
		.flatMap((way) => found[way]())
		.filter(({ userIds }) => userIds.length > 0);
}

/** Access that was given through the API. On a private call the help does not name it (assumption: it counts). */
function apiGrant({ grants, isPrivate }: CallFacts): Way[] {
	// API: the list names each user who was given access to the call.
	const certainty = isPrivate === false ? 'stated' : 'derived';
	return [{ way: 'apiGrant', certainty, userIds: [...new Set(grants)] }];
}

/** Who hosted the call, was invited or took part. */
function participant({ participants, profiles }: CallFacts): Way[] {
	// Help: every level but `none` opens one's own calls, and a private call is open to its owner and its internal
	// participants. The help leaves open what somebody sees whose profile opens no calls, or who has no profile.
	const opensOwnCalls = (userId: string): boolean =>
		profiles?.some(
			({ level, userIds }) => LEVELS_WITH_OWN_CALLS.has(level ?? '') && userIds.has(userId),
		) === true;
	const of = (certainty: Certainty, userIds: string[]): Way => ({
		way: 'participant',
		certainty,
		userIds,
	});
	return [
		of('documented', participants.filter(opensOwnCalls)),
		of(
			'derived',
			participants.filter((userId) => !opensOwnCalls(userId)),
		),
	];
}

/** Whose permission profile opens the call. */
function permissionProfile(call: CallFacts, managers: Managers): Way[] {
	// Help: a private call is open to its owner, its internal participants and those with whom it was shared,
	// whatever the profiles say.
	if (call.isPrivate !== false) return [];
	const team = managers.atOrAbove(call.participants);
	return (call.profiles ?? []).map((profile) => ({
		way: 'permissionProfile' as const,
		certainty: certaintyOf(profile),
		userIds: openedTo(profile, managers, team),
		profile,
	}));
}

/** How sure it is that the level of a profile opens what {@link openedTo} says. */
function certaintyOf({ level, teamLeadIds, viewsCalls }: Profile): Certainty {
	// Help: neither how the levels of teams map onto what the API answers is written down, nor what a level opens to
	// somebody who cannot view and search calls. A live company has leads on `report-to-them`; nobody says what they do.
	const isOpen =
		level === 'managers-team' || (level === 'report-to-them' && teamLeadIds.length > 0);
	return isOpen || viewsCalls === false ? 'derived' : 'documented';
}

/** Those who have a profile and to whom its level opens the call. @param team see {@link Managers.atOrAbove} */
function openedTo(profile: Profile, managers: Managers, team: Team): string[] {
	const { level, teamLeadIds } = profile;
	const holders = holdersOf(profile);
	// Help: every call.
	if (level === 'all') return holders;
	// Help: the calls of everybody below them, down the whole tree.
	if (level === 'report-to-them') return holders.filter((userId) => team.above.has(userId));
	if (level === 'managers-team') {
		// Help: the calls of certain people and of everybody below them (assumption: `teamLeadIds` are these people).
		if (teamLeadIds.length > 0) {
			return teamLeadIds.some((userId) => team.atOrAbove.has(userId)) ? holders : [];
		}
		// Help: the calls of one's manager, and of everybody below that manager.
		return holders.filter((userId) => team.atOrAbove.has(managers.of(userId) ?? ''));
	}
	// `own` opens what one took part in, which is a way of its own; `none` opens nothing.
	return [];
}

const holders = new WeakMap<ReadonlySet<string>, string[]>();

/** Those who have a profile, as one list for all calls: thousands of calls may be open to thousands of people. */
function holdersOf({ userIds }: Profile): string[] {
	const known = holders.get(userIds);
	if (known) return known;
	const list = [...userIds];
	holders.set(userIds, list);
	return list;
}

/** Whom a public comment on the call names. Help: whoever is mentioned in a comment can see the call, a private one too. */
function commentMention({ mentioned }: CallFacts): Way[] {
	return [{ way: 'commentMention', certainty: 'documented', userIds: [...new Set(mentioned)] }];
}

/** Who may open a public folder of the library that holds the call. */
function libraryFolder({ isPrivate, folders, profiles }: CallFacts): Way[] {
	// Help: whatever their level, people see the calls in folders that they may open; folders are not among what
	// opens a private call. How a profile's folders map onto what the API answers is an assumption.
	if (isPrivate !== false) return [];
	return folders.map((folder) => ({
		way: 'libraryFolder' as const,
		certainty: 'derived' as const,
		userIds: union(
			(profiles ?? []).filter((one) => opensFolder(one, folder.id)).map(({ userIds }) => userIds),
		),
		folder,
	}));
}

/** Whether somebody with a profile may open a public folder. */
export function opensFolder({ folderLevel, folderIds }: Profile, folderId: string): boolean {
	return (
		folderLevel === 'all' || (folderLevel === 'specific-folders' && folderIds.includes(folderId))
	);
}

/** Whether a profile opens a folder above this one, and not this one. Nobody says whether that opens it. */
export function opensOnlyAbove(
	{ folderLevel, folderIds }: Profile,
	{ id, above }: Folder,
): boolean {
	return (
		folderLevel === 'specific-folders' &&
		!folderIds.includes(id) &&
		above.some((folderId) => folderIds.includes(folderId))
	);
}

/** Whether a party of a call is not from outside the company. */
export function isOfCompany({ affiliation }: { affiliation: string | null }): boolean {
	return affiliation?.toLowerCase() !== 'external';
}

/** The owner of a call, and the parties of it who are users and not from outside the company (help). */
export function participantsOf(
	ownerId: string | null,
	parties: Array<{ userId: string | null; affiliation: string | null }>,
): string[] {
	const ids = [ownerId, ...parties.filter(isOfCompany).map(({ userId }) => userId)];
	return [...new Set(ids.filter((id) => id !== null))];
}

/** Some people, and those whom they report to, up to the top. */
interface Team {
	/** Who has one of them below. */
	above: ReadonlySet<string>;
	/** Those, and the people themselves. */
	atOrAbove: ReadonlySet<string>;
}

/** Who reports to whom. The chains may have gaps and go round in circles: each ends where somebody comes again. */
export class Managers {
	private readonly chains = new Map<string, readonly string[]>();

	constructor(private readonly managerOf: ReadonlyMap<string, string | null>) {}

	/** The manager of a user; null where there is none, or Gong does not say. */
	of(userId: string): string | null {
		return this.managerOf.get(userId) ?? null;
	}

	/** Everybody above these people, with and without the people themselves. */
	atOrAbove(userIds: readonly string[]): Team {
		const above = new Set(userIds.flatMap((userId) => this.chain(userId)));
		return { above, atOrAbove: new Set([...userIds, ...above]) };
	}

	/** The manager of a user, the manager's manager and so on; never the user. */
	private chain(userId: string): readonly string[] {
		const known = this.chains.get(userId);
		if (known) return known;
		const met = new Set([userId]);
		for (let id = this.of(userId); id !== null && !met.has(id); id = this.of(id)) met.add(id);
		met.delete(userId);
		const chain = [...met];
		this.chains.set(userId, chain);
		return chain;
	}
}

/** Everybody whom these ways found, each once, in the order of the ways. */
export function peopleIn(ways: Way[]): string[] {
	return union(ways.map(({ userIds }) => userIds));
}

function union(lists: Array<Iterable<string>>): string[] {
	const all = new Set<string>();
	for (const list of lists) for (const id of list) all.add(id);
	return [...all];
}
