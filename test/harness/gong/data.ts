import { makeComments, type CommentInput, type GongComment } from './commentData';
import { callIdAt, userIdAt } from './ids';
import { makeLogs, type LoggedEvent, type PlayInput } from './playData';
import {
	DEFAULT_WORKSPACE_ID,
	makeCompanyRules,
	type CompanyRules,
	type FolderInput,
	type ProfileInput,
	type WorkspaceInput,
} from './rules';

/** A call, with the fields that Gong gives of it. */
export interface GongCall {
	id: string;
	url: string;
	title: string | null;
	scheduled: string | null;
	started: string;
	duration: number;
	primaryUserId: string | null;
	direction: string | null;
	system: string | null;
	scope: string | null;
	media: string | null;
	language: string | null;
	workspaceId: string;
	sdrDisposition: string | null;
	clientUniqueId: string | null;
	customData: string | null;
	purpose: string | null;
	meetingUrl: string | null;
	isPrivate: boolean;
	calendarEventId: string | null;
}

/** A user, with the fields that Gong gives of them; many are null in practice. */
export interface GongUser {
	id: string;
	emailAddress: string | null;
	created: string | null;
	active: boolean;
	emailAliases: string[] | null;
	trustedEmailAddress: string | null;
	firstName: string | null;
	lastName: string | null;
	title: string | null;
	phoneNumber: string | null;
	extension: string | null;
	personalMeetingUrls: string[] | null;
	settings: Record<string, boolean> | null;
	managerId: string | null;
	meetingConsentPageUrl: string | null;
	spokenLanguages: { language: string; primary: boolean }[] | null;
}

/** Somebody who was invited to a call or attended it; what is not known of them is left out. */
export interface GongParty {
	id: string;
	emailAddress?: string;
	name?: string;
	title?: string;
	userId?: string;
	affiliation: 'Internal' | 'External' | 'Unknown';
	methods: ('Invitee' | 'Attendee')[];
}

/** All that a company has in Gong. */
export interface GongData extends CompanyRules {
	calls: GongCall[];
	users: GongUser[];
	/** IDs of the users who are Gong's own staff in this company; listed only where they are asked for. */
	avatars: string[];
	/** Call ID to those who were invited or attended. */
	parties: Record<string, GongParty[]>;
	/** Call ID to its public comments. */
	comments: Record<string, GongComment[]>;
	/** Call ID to the users that were given access through this API. */
	apiAccess: Record<string, string[]>;
	/** Call ID to the users that have access by a share or a permission profile. */
	otherAccess: Record<string, string[]>;
	/** Call ID to the moments, in ms since 1970, from which endpoints know it; those left out always do. */
	knownFrom: Record<string, Partial<Record<CallEndpoint, number>>>;
	/** What Gong's logs tell, the oldest first. */
	logs: LoggedEvent[];
}

/**
 * The endpoints of which one may know a call before another does (reported of Gong by several connectors): GET
 * calls, calls/extensive, and calls/users-access.
 */
export const CALL_ENDPOINTS = ['list', 'details', 'access'] as const;

/** One of the endpoints that know calls. */
export type CallEndpoint = (typeof CALL_ENDPOINTS)[number];

/** A call as briefly as a test wants to say it. */
export interface CallInput extends Partial<GongCall> {
	id: string;
	/** IDs of users that were given access through this API. */
	users?: string[];
	/** IDs of users that have access by a share or a permission profile. */
	sharedWith?: string[];
	/** Who was invited or attended; default the host alone. */
	parties?: PartyInput[];
	/** Its public comments; default none. */
	comments?: CommentInput[];
	/** From when on Gong knows it, at all endpoints or at those named; default always. */
	knownFrom?: string | Partial<Record<CallEndpoint, string>>;
}

/** A participant: the ID of a user of this company, or more. */
export type PartyInput = string | Partial<GongParty>;

/** A user: just the ID, or more. */
export type UserInput =
	| string
	| (Partial<GongUser> & {
			id: string;
			/** Whether it is one of Gong's own staff. */
			avatar?: boolean;
	  });

const MINUTE = 60_000;

const FIRST_NAMES = ['Ada', 'Ben', 'Chloe', 'Dev', 'Elena', 'Farid', 'Grace', 'Hugo', 'Ines'];
const LAST_NAMES = ['Okafor', 'Lindqvist', 'Moreau', 'Patel', 'Rossi', 'Tanaka', 'Weber'];

function makeUser(input: UserInput, place: number): GongUser {
	const { id, ...given } = typeof input === 'string' ? { id: input } : { ...input };
	// Kept apart from the user, since Gong does not say it.
	if ('avatar' in given) delete given.avatar;
	const firstName = FIRST_NAMES[place % FIRST_NAMES.length];
	const lastName = LAST_NAMES[place % LAST_NAMES.length];
	return {
		id,
		emailAddress: `${firstName}.${lastName}.${place + 1}@example.com`.toLowerCase(),
		created: '2023-03-06T09:00:00Z',
		active: true,
		emailAliases: [],
		trustedEmailAddress: null,
		firstName,
		lastName,
		title: 'Account Executive',
		phoneNumber: null,
		extension: null,
		personalMeetingUrls: [],
		settings: { webConferencesRecorded: true, telephonyCallsImported: false },
		managerId: null,
		meetingConsentPageUrl: null,
		spokenLanguages: null,
		...given,
	};
}

function makeCall(input: CallInput, place: number, now: number): GongCall {
	const { id, users, ...given } = input;
	// Gong does not say these of a call, or says them elsewhere; they are kept apart from it.
	delete given.sharedWith;
	delete given.parties;
	delete given.comments;
	delete given.knownFrom;
	const minute = Math.floor(now / MINUTE) * MINUTE;
	const started = new Date(minute - (place + 1) * 10 * MINUTE).toISOString();
	return {
		id,
		url: `https://app.gong.io/call?id=${id}`,
		title: `Sales call ${place + 1}`,
		scheduled: given.started ?? started,
		started,
		duration: 1_800,
		primaryUserId: users?.[0] ?? null,
		direction: 'Conference',
		system: 'Zoom',
		scope: 'External',
		media: 'Video',
		language: 'eng',
		workspaceId: DEFAULT_WORKSPACE_ID,
		sdrDisposition: null,
		clientUniqueId: null,
		customData: null,
		purpose: null,
		meetingUrl: null,
		isPrivate: false,
		calendarEventId: null,
		...given,
	};
}

function momentsOf(knownFrom: CallInput['knownFrom']): Partial<Record<CallEndpoint, number>> {
	const moments =
		typeof knownFrom === 'string'
			? Object.fromEntries(CALL_ENDPOINTS.map((endpoint) => [endpoint, knownFrom]))
			: (knownFrom ?? {});
	return Object.fromEntries(
		Object.entries(moments).map(([endpoint, moment]) => [endpoint, Date.parse(moment)]),
	);
}

const MOST_PARTIES = 1_000n;

function makeParty(
	input: PartyInput,
	callId: string,
	place: number,
	users: Map<string, GongUser>,
): GongParty {
	const given: Partial<GongParty> = typeof input === 'string' ? { userId: input } : input;
	const user = users.get(given.userId ?? '');
	const name = [user?.firstName, user?.lastName].filter(Boolean).join(' ');
	return {
		id: String((BigInt(callId) % 10n ** 15n) * MOST_PARTIES + BigInt(place)),
		emailAddress: user?.emailAddress ?? undefined,
		name: name === '' ? undefined : name,
		title: user?.title ?? undefined,
		affiliation: user ? 'Internal' : 'External',
		methods: ['Invitee', 'Attendee'],
		...given,
	};
}

/** A company as briefly as a test wants to say it. */
export interface CompanyInput {
	calls?: CallInput[];
	users?: UserInput[];
	workspaces?: WorkspaceInput[];
	profiles?: ProfileInput[];
	folders?: FolderInput[];
	/** What Gong's logs tell of plays. */
	plays?: PlayInput[];
}

/**
 * Data out of as little as `{ calls: [{ id: '1', users: ['2'] }] }`. Users and workspaces that are only
 * named elsewhere are made up. Calls start ten minutes apart, the first one ten minutes ago, unless they
 * say otherwise. There are no permission profiles and no folders but those given.
 * @param now the moment, in ms since 1970, that the data is of
 */
export function makeData(input: CompanyInput, now = Date.now()): GongData {
	const calls = input.calls ?? [];
	const users = new Map<string, UserInput>();
	for (const user of input.users ?? []) users.set(typeof user === 'string' ? user : user.id, user);
	const named = [
		...calls.flatMap((call) => [...(call.users ?? []), ...(call.sharedWith ?? [])]),
		...(input.profiles ?? []).flatMap((profile) => profile.users ?? []),
		...(input.plays ?? []).flatMap(({ userId }) => userId ?? []),
	];
	for (const id of named) if (!users.has(id)) users.set(id, id);
	const made = {
		calls: calls.map((call, place) => makeCall(call, place, now)),
		users: [...users.values()].map(makeUser),
	};
	const known = new Map(made.users.map((user) => [user.id, user]));
	const partiesOf = (call: GongCall, place: number): GongParty[] => {
		const host = call.primaryUserId === null ? [] : [call.primaryUserId];
		const parties = calls[place].parties ?? host;
		return parties.map((party, nth) => makeParty(party, call.id, nth, known));
	};
	return {
		...made,
		avatars: [...users.values()].flatMap((user) =>
			typeof user !== 'string' && user.avatar ? [user.id] : [],
		),
		...makeCompanyRules(input, made.calls),
		parties: Object.fromEntries(made.calls.map((call, place) => [call.id, partiesOf(call, place)])),
		comments: Object.fromEntries(
			made.calls.map((call, place) => [call.id, makeComments(calls[place].comments ?? [], call)]),
		),
		knownFrom: Object.fromEntries(calls.map(({ id, knownFrom }) => [id, momentsOf(knownFrom)])),
		logs: makeLogs(input.plays ?? [], known),
		apiAccess: Object.fromEntries(calls.map((call) => [call.id, call.users ?? []])),
		otherAccess: Object.fromEntries(calls.map((call) => [call.id, call.sharedWith ?? []])),
	};
}

/** Data for load tests: `n` calls, each with `usersPerCall` of a pool of at least 50 users. */
export function manyCalls(n: number, usersPerCall = 1): GongData {
	const pool = Array.from({ length: Math.max(50, usersPerCall) }, (_, place) => userIdAt(place));
	return makeData({
		users: pool,
		calls: Array.from({ length: n }, (_, place) => ({
			id: callIdAt(place),
			users: Array.from({ length: usersPerCall }, (__, i) => pool[(place + i) % pool.length]),
		})),
	});
}
