import { callIdAt, userIdAt } from './ids';
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
	/** Who was invited or attended; default the host alone. */
	parties?: PartyInput[];
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
const DAY = 24 * 60 * MINUTE;

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
	// Who a call is shared with, and who took part, is kept apart from it.
	delete given.sharedWith;
	delete given.parties;
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
}

/**
 * Data out of as little as `{ calls: [{ id: '1', users: ['2'] }] }`. Users and workspaces that are only
 * named elsewhere are made up. Calls start ten minutes apart, the first one ten minutes ago, unless they
 * say otherwise. There are no permission profiles and no folders but those given.
 */
export function makeData(input: CompanyInput): GongData {
	const now = Date.now();
	const calls = input.calls ?? [];
	const users = new Map<string, UserInput>();
	for (const user of input.users ?? []) users.set(typeof user === 'string' ? user : user.id, user);
	const named = [
		...calls.flatMap((call) => [...(call.users ?? []), ...(call.sharedWith ?? [])]),
		...(input.profiles ?? []).flatMap((profile) => profile.users ?? []),
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

/** IDs of the sample data's workspaces. */
export const SAMPLE_WORKSPACE_IDS = {
	sales: DEFAULT_WORKSPACE_ID,
	success: '1928374650918273645',
} as const;

/** IDs of the sample data's permission profiles; the first six are of the workspace `sales`. */
export const SAMPLE_PROFILE_IDS = {
	/** Everything. */
	leadership: '3843152912968920037',
	/** The calls of those below them. */
	managers: '3843152912968920148',
	/** The calls of their manager's team. */
	engineers: '3843152912968920259',
	/** The calls of the teams of the people named. */
	partners: '3843152912968920361',
	/** Their own calls. */
	product: '3843152912968920472',
	/** None. */
	guests: '3843152912968920583',
	/** Everything in the workspace `success`. */
	successTeam: '3843152912968920694',
} as const;

/** ID of the sample data's public library folder, with the second call in it. */
export const SAMPLE_FOLDER_ID = '5640293847561029384';

/**
 * A small sales team: 4 calls of the last week with 1, 2, 3 and 3 users that were given access, and
 * people who have access by a share. The third call is private, the fourth in another workspace. Samuel
 * manages Maria and Priya, and Maria manages Jonas and Tom, who has left.
 */
export function sampleData(): GongData {
	const { maria, jonas, priya, samuel, yuki, left, sparse } = SAMPLE_USER_IDS;
	const daysAgo = (days: number, time: string) =>
		`${new Date(Date.now() - days * DAY).toISOString().slice(0, 10)}T${time}:00Z`;
	const [renewal, demo, pricing, review] = SAMPLE_CALL_IDS;
	const { sales, success } = SAMPLE_WORKSPACE_IDS;
	const profile = SAMPLE_PROFILE_IDS;
	return makeData({
		users: [
			{
				id: maria,
				firstName: 'Maria',
				lastName: 'Keller',
				emailAddress: 'maria.keller@example.com',
				title: 'Account Executive',
				emailAliases: ['m.keller@example.com'],
				managerId: samuel,
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
				managerId: samuel,
			},
			{
				id: samuel,
				firstName: 'Samuel',
				lastName: 'Adeyemi',
				emailAddress: 'Samuel.Adeyemi@example.com',
				trustedEmailAddress: 'samuel@sso.example.com',
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
				managerId: maria,
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
				parties: [maria, { name: 'Lena Ortiz', emailAddress: 'lena.ortiz@acme.example' }],
			},
			{
				id: demo,
				title: 'Northwind Traders: product demo',
				started: daysAgo(2, '09:30'),
				duration: 3_405,
				primaryUserId: jonas,
				users: [jonas, priya],
				parties: [
					jonas,
					{ userId: maria, methods: ['Invitee'] },
					{ name: 'Noor Haddad', emailAddress: 'noor@northwind.example' },
				],
			},
			{
				id: pricing,
				title: 'Globex: pricing and procurement',
				started: daysAgo(4, '13:00'),
				duration: 1_873,
				primaryUserId: samuel,
				users: [priya, samuel, left],
				sharedWith: [yuki, maria],
				parties: [
					samuel,
					{ userId: left, methods: ['Attendee'] },
					{ affiliation: 'Unknown', methods: ['Attendee'] },
				],
				isPrivate: true,
			},
			{
				id: review,
				title: 'Initech: quarterly business review',
				started: daysAgo(6, '17:15'),
				duration: 4_020,
				primaryUserId: priya,
				users: [maria, yuki, sparse],
				parties: [priya, { name: 'Omar Diaz', emailAddress: 'omar.diaz@initech.example' }],
				workspaceId: success,
			},
		],
		workspaces: [
			{ id: sales, name: 'Sales', description: 'Calls with new and existing customers' },
			{ id: success, name: 'Customer Success' },
		],
		profiles: [
			{ id: profile.leadership, name: 'Sales Leadership', users: [samuel] },
			{
				id: profile.managers,
				name: 'Managers',
				callsAccess: { permissionLevel: 'report-to-them' },
				users: [maria],
			},
			{
				id: profile.engineers,
				name: 'Sales Engineers',
				callsAccess: { permissionLevel: 'managers-team' },
				libraryFolderAccess: {
					permissionLevel: 'specific-folders',
					libraryFolderIds: [SAMPLE_FOLDER_ID],
				},
				users: [jonas, left],
			},
			{
				id: profile.partners,
				name: 'Customer Success Partners',
				callsAccess: { permissionLevel: 'managers-team', teamLeadIds: [maria] },
				libraryFolderAccess: { permissionLevel: 'none' },
				users: [priya],
			},
			{
				id: profile.product,
				name: 'Product',
				callsAccess: { permissionLevel: 'own' },
				users: [yuki],
			},
			{
				id: profile.guests,
				name: 'Guests',
				callsAccess: { permissionLevel: 'none' },
				libraryFolderAccess: { permissionLevel: 'none' },
				users: [sparse],
			},
			{
				id: profile.successTeam,
				name: 'Customer Success',
				workspaceId: success,
				users: [priya, samuel],
			},
		],
		folders: [
			{ id: SAMPLE_FOLDER_ID, name: 'Good Product Demos', createdBy: priya, calls: [demo] },
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
