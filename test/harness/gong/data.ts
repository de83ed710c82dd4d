import { callIdAt, userIdAt } from './ids';

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

/** All that a company has in Gong. */
export interface GongData {
	calls: GongCall[];
	users: GongUser[];
	/** Call ID to the users that were given access through this API. */
	apiAccess: Record<string, string[]>;
	/** Call ID to the users that have access by a share or a permission profile. */
	otherAccess: Record<string, string[]>;
}

/** A call as briefly as a test wants to say it. */
export interface CallInput extends Partial<GongCall> {
	id: string;
	/** IDs of users that were given access through this API. */
	users?: string[];
	/** IDs of users that have access by a share or a permission profile. */
	sharedWith?: string[];
}

/** A user: just the ID, or more. */
export type UserInput = string | (Partial<GongUser> & { id: string });

/** The workspace that calls are in unless they say otherwise. */
export const DEFAULT_WORKSPACE_ID = '623457276584334';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const FIRST_NAMES = ['Ada', 'Ben', 'Chloe', 'Dev', 'Elena', 'Farid', 'Grace', 'Hugo', 'Ines'];
const LAST_NAMES = ['Okafor', 'Lindqvist', 'Moreau', 'Patel', 'Rossi', 'Tanaka', 'Weber'];

function makeUser(input: UserInput, place: number): GongUser {
	const { id, ...given }: Partial<GongUser> & { id: string } =
		typeof input === 'string' ? { id: input } : input;
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
	// Who a call is shared with is kept apart from it.
	delete given.sharedWith;
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

/**
 * Data out of as little as `{ calls: [{ id: '1', users: ['2'] }] }`. Users that only a call names are
 * made up. Calls start ten minutes apart, the first one ten minutes ago, unless they say otherwise.
 */
export function makeData(input: { calls?: CallInput[]; users?: UserInput[] }): GongData {
	const now = Date.now();
	const calls = input.calls ?? [];
	const users = new Map<string, UserInput>();
	for (const user of input.users ?? []) users.set(typeof user === 'string' ? user : user.id, user);
	for (const call of calls) {
		const named = [...(call.users ?? []), ...(call.sharedWith ?? [])];
		for (const id of named) if (!users.has(id)) users.set(id, id);
	}
	return {
		calls: calls.map((call, place) => makeCall(call, place, now)),
		users: [...users.values()].map(makeUser),
		apiAccess: Object.fromEntries(calls.map((call) => [call.id, call.users ?? []])),
		otherAccess: Object.fromEntries(calls.map((call) => [call.id, call.sharedWith ?? []])),
	};
}

const NOTHING_KNOWN = {
	created: null,
	emailAliases: null,
	firstName: null,
	lastName: null,
	title: null,
	personalMeetingUrls: null,
	settings: null,
} satisfies Partial<GongUser>;

/** IDs of the sample data's calls, in its order. */
export const SAMPLE_CALL_IDS = [
	'7782342274025937895',
	'7263518490127735046',
	'8120457739164402913',
	'6954071823350918467',
];

/** IDs of the sample data's users, by first name. */
export const SAMPLE_USER_IDS = {
	maria: '234599484848423',
	jonas: '1740362955018263117',
	priya: '3087716402259914853',
	samuel: '5521980347761120498',
	yuki: '6413077295580361724',
	/** Has left: not active. */
	left: '4498120667305541902',
	/** Of whom Gong knows nothing but an address. */
	sparse: '8206143359917042675',
} as const;

/**
 * A small sales team: 4 calls of the last week with 1, 2, 3 and 3 users that were given access, and
 * people who have access by a share.
 */
export function sampleData(): GongData {
	const { maria, jonas, priya, samuel, yuki, left, sparse } = SAMPLE_USER_IDS;
	const daysAgo = (days: number, time: string) =>
		`${new Date(Date.now() - days * DAY).toISOString().slice(0, 10)}T${time}:00Z`;
	const [renewal, demo, pricing, review] = SAMPLE_CALL_IDS;
	return makeData({
		users: [
			{
				id: maria,
				firstName: 'Maria',
				lastName: 'Keller',
				emailAddress: 'maria.keller@example.com',
				title: 'Account Executive',
			},
			{
				id: jonas,
				firstName: 'Jonas',
				lastName: 'Berg',
				emailAddress: 'jonas.berg@example.com',
				title: 'Sales Engineer',
				managerId: maria,
			},
			{
				id: priya,
				firstName: 'Priya',
				lastName: 'Raman',
				emailAddress: 'priya.raman@example.com',
				title: 'Customer Success Manager',
			},
			{
				id: samuel,
				firstName: 'Samuel',
				lastName: 'Adeyemi',
				emailAddress: 'Samuel.Adeyemi@example.com',
				title: 'Sales Director',
			},
			{
				id: yuki,
				firstName: 'Yuki',
				lastName: 'Mori',
				emailAddress: 'yuki.mori@example.com',
				title: 'Product Manager',
			},
			{
				id: left,
				firstName: 'Tom',
				lastName: 'Archer',
				emailAddress: 'tom.archer@example.com',
				title: 'Account Executive',
				active: false,
			},
			{ ...NOTHING_KNOWN, id: sparse, emailAddress: 'notetaker@example.com' },
		],
		calls: [
			{
				id: renewal,
				title: 'Acme Corp: renewal and seat expansion',
				started: daysAgo(1, '15:00'),
				duration: 2_712,
				primaryUserId: maria,
				users: [maria],
				sharedWith: [samuel],
			},
			{
				id: demo,
				title: 'Northwind Traders: product demo',
				started: daysAgo(2, '09:30'),
				duration: 3_405,
				primaryUserId: jonas,
				users: [jonas, priya],
			},
			{
				id: pricing,
				title: 'Globex: pricing and procurement',
				started: daysAgo(4, '13:00'),
				duration: 1_873,
				primaryUserId: samuel,
				users: [priya, samuel, left],
				sharedWith: [yuki, maria],
			},
			{
				id: review,
				title: 'Initech: quarterly business review',
				started: daysAgo(6, '17:15'),
				duration: 4_020,
				primaryUserId: priya,
				users: [maria, yuki, sparse],
			},
		],
	});
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
