import { makeData, type CompanyInput, type GongData, type GongUser } from './data';
import { DEFAULT_WORKSPACE_ID } from './rules';

const DAY = 24 * 60 * 60_000;

const NOTHING_KNOWN = {
	created: null,
	emailAliases: null,
	firstName: null,
	lastName: null,
	title: null,
	personalMeetingUrls: null,
	settings: null,
} satisfies Partial<GongUser>;

/** IDs of the sample data's calls of the last week, in its order. */
export const SAMPLE_CALL_IDS = [
	'7782342274025937895',
	'7263518490127735046',
	'8120457739164402913',
	'6954071823350918467',
];

/** IDs of the sample data's calls that are older than a week. */
export const SAMPLE_OLDER_CALL_IDS = [
	'5830162947715028346',
	'4719253806642917035',
	'8946370512283745161',
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
 * manages Maria and Priya, and Maria manages Jonas and Tom, who has left. Three older calls make sure that
 * on any day, in any time zone, there is a call of the week before from Monday, and one of the month before.
 * @param now the moment, in ms since 1970, that the data is of
 */
export function sampleData(now = Date.now()): GongData {
	const { maria, jonas, priya, samuel, yuki, left, sparse } = SAMPLE_USER_IDS;
	const daysAgo = (days: number, time: string) =>
		`${new Date(now - days * DAY).toISOString().slice(0, 10)}T${time}:00Z`;
	const [renewal, demo, pricing, review] = SAMPLE_CALL_IDS;
	const [security, contract, kickoff] = SAMPLE_OLDER_CALL_IDS;
	const { sales, success } = SAMPLE_WORKSPACE_IDS;
	const profile = SAMPLE_PROFILE_IDS;
	const company: CompanyInput = {
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
				comments: [
					`@[Jonas Berg](${jonas}) can you check the volume discount?`,
					{ comment: 'Sent them the new price list.', commenterUserId: left },
				],
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
			{
				id: security,
				title: 'Umbrella Corp: security review',
				started: daysAgo(8, '15:00'),
				primaryUserId: maria,
				users: [samuel, yuki],
			},
			{
				id: contract,
				title: 'Soylent: contract review',
				started: daysAgo(20, '15:00'),
				primaryUserId: priya,
				users: [samuel, left],
			},
			{
				id: kickoff,
				title: 'Hooli: kickoff',
				started: daysAgo(36, '15:00'),
				primaryUserId: jonas,
				users: [samuel, left],
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
		plays: [
			{ callId: renewal, userId: maria, at: daysAgo(1, '18:30') },
			{ callId: demo, userId: jonas, at: daysAgo(1, '11:40'), pieces: 3 },
			{ callId: pricing, userId: yuki, at: daysAgo(3, '08:20') },
			// Played by Samuel in Priya's name: no play of hers.
			{ callId: pricing, userId: priya, at: daysAgo(2, '16:45'), impersonatorUserId: samuel },
			{ callId: pricing, at: daysAgo(3, '10:05') },
			{ callId: contract, userId: samuel, at: daysAgo(19, '09:30') },
		],
	};
	return makeData(company, now);
}
