/** The rules of Explain, by themselves: examples with the fact that each follows, and what holds for any company. */
import fc from 'fast-check';
import type { CallFacts, Profile, Way, WayName } from '../../nodes/GongCallAccess/gong/ways';
import {
	Managers,
	opensOnlyAbove,
	participantsOf,
	peopleIn,
	waysInto,
	WAYS,
} from '../../nodes/GongCallAccess/gong/ways';

const profile = (
	level: string | null,
	userIds: string[],
	rest: Partial<Profile> = {},
): Profile => ({
	id: `profile of ${userIds.join()}`,
	name: null,
	level,
	teamLeadIds: [],
	folderLevel: 'none',
	folderIds: [],
	userIds: new Set(userIds),
	usersAreGiven: true,
	viewsCalls: true,
	...rest,
});
const call = (facts: Partial<CallFacts> = {}): CallFacts => ({
	isPrivate: false,
	participants: [],
	grants: [],
	mentioned: [],
	folders: [],
	profiles: [],
	...facts,
});
const FOLDER = { id: 'f', name: 'Best demos', above: ['e'] };

/**
 * Bea leads the company. Max reports to her; Ann and Art report to Max; Eve reports to Ann. Zoe reports to nobody.
 */
const COMPANY = new Map<string, string | null>([
	['bea', null],
	['max', 'bea'],
	['ann', 'max'],
	['art', 'max'],
	['eve', 'ann'],
	['zoe', null],
]);
const managers = new Managers(COMPANY);

const told = (ways: Way[]): string[] =>
	ways.map(({ way, certainty, userIds }) => `${way}, ${certainty}: ${userIds.join(' ')}`);
const explained = (facts: Partial<CallFacts>, chosen: readonly WayName[] = WAYS): string[] =>
	told(waysInto(call(facts), managers, chosen));

describe('an example for each rule', () => {
	test.each<[fact: string, facts: Partial<CallFacts>, ways: string[]]>([
		[
			'The list of the API names each user who was given access to a call.',
			{ grants: ['zoe', 'art'] },
			['apiGrant, stated: zoe art'],
		],
		[
			'Not said: whether such access opens a private call.',
			{ grants: ['zoe'], isPrivate: true },
			['apiGrant, derived: zoe'],
		],
		[
			'Somebody who hosted a call, was invited to it or attended it sees it, by every level but none.',
			{ participants: ['ann', 'eve'], profiles: [profile('own', ['ann', 'eve', 'zoe'])] },
			['participant, documented: ann eve'],
		],
		[
			'Not said: what a participant sees whose profile opens no calls, or who has none.',
			{
				participants: ['ann', 'eve', 'zoe'],
				profiles: [profile('own', ['ann']), profile('none', ['eve'])],
			},
			['participant, documented: ann', 'participant, derived: eve zoe'],
		],
		[
			'Not known, where profiles are not looked at: the level of a participant.',
			{ participants: ['ann'], profiles: undefined },
			['participant, derived: ann'],
		],
		[
			'The level "all" opens every call.',
			{ profiles: [profile('all', ['zoe', 'eve'])] },
			['permissionProfile, documented: zoe eve'],
		],
		[
			'The level "report to them" opens the calls of everybody below, down the whole tree.',
			{
				participants: ['eve'],
				profiles: [profile('report-to-them', ['bea', 'max', 'ann', 'art', 'eve', 'zoe'])],
			},
			['participant, documented: eve', 'permissionProfile, documented: bea max ann'],
		],
		[
			'Not said: what leads who are named mean on the level "report to them".',
			{
				participants: ['eve'],
				profiles: [profile('report-to-them', ['max', 'zoe'], { teamLeadIds: ['art'] })],
			},
			['participant, derived: eve', 'permissionProfile, derived: max'],
		],
		[
			'Leads who are left over on the level "all" change nothing.',
			{ profiles: [profile('all', ['zoe'], { teamLeadIds: ['art'] })] },
			['permissionProfile, documented: zoe'],
		],
		[
			'Whoever is mentioned in a public comment sees the call.',
			{ mentioned: ['zoe', 'art', 'zoe'] },
			['commentMention, documented: zoe art'],
		],
		[
			'That holds for a private call too.',
			{ isPrivate: true, mentioned: ['zoe'], profiles: [profile('all', ['art'])] },
			['commentMention, documented: zoe'],
		],
		[
			"The level of the manager's team opens the calls of one's manager and of everybody below that manager.",
			{
				participants: ['ann'],
				profiles: [profile('managers-team', ['bea', 'max', 'ann', 'art', 'eve', 'zoe'])],
			},
			// Max: below his manager Bea. Ann and Art: below Max. Eve: Ann is her manager.
			['participant, documented: ann', 'permissionProfile, derived: max ann art eve'],
		],
		[
			'With team leads the same level opens the calls of these people and of everybody below them.',
			{
				participants: ['eve'],
				profiles: [profile('managers-team', ['zoe'], { teamLeadIds: ['art', 'max'] })],
			},
			['participant, derived: eve', 'permissionProfile, derived: zoe'],
		],
		[
			'It opens no call in which nobody of those teams took part.',
			{
				participants: ['bea'],
				profiles: [profile('managers-team', ['zoe'], { teamLeadIds: ['max'] })],
			},
			['participant, derived: bea'],
		],
		[
			'The levels "own" and "none" open no calls of others.',
			{ participants: [], profiles: [profile('own', ['zoe']), profile('none', ['art'])] },
			[],
		],
		[
			'A private call is open to its owner and internal participants, whatever profiles say.',
			{
				isPrivate: true,
				participants: ['eve'],
				folders: [FOLDER],
				profiles: [
					profile('all', ['eve', 'zoe'], { folderLevel: 'all' }),
					profile('report-to-them', ['ann']),
				],
			},
			['participant, documented: eve'],
		],
		[
			'Where Gong does not say whether a call is private, no profile opens it.',
			{ isPrivate: null, grants: ['art'], profiles: [profile('all', ['zoe'])] },
			['apiGrant, derived: art'],
		],
		[
			'Whatever their level, people see calls in the library folders that they may open.',
			{
				folders: [FOLDER],
				profiles: [
					profile('none', ['zoe'], { folderLevel: 'all' }),
					profile('own', ['art'], { folderLevel: 'specific-folders', folderIds: ['e', 'f'] }),
					profile('own', ['eve'], { folderLevel: 'specific-folders', folderIds: ['e'] }),
					profile('own', ['ann'], { folderIds: ['f'] }),
				],
			},
			['libraryFolder, derived: zoe art'],
		],
		[
			'A level that is not known opens nothing.',
			{
				participants: ['ann'],
				profiles: [profile('most', ['ann', 'zoe']), profile(null, ['art'])],
			},
			['participant, derived: ann'],
		],
	])('%s', (_fact, facts, ways) => {
		expect(explained(facts)).toEqual(ways);
	});

	test('Only the ways that were chosen are looked at', () => {
		const facts = {
			grants: ['zoe'],
			participants: ['eve'],
			mentioned: ['ann'],
			folders: [FOLDER],
			profiles: [profile('all', ['art'], { folderLevel: 'all' })],
		};
		expect(WAYS.map((way) => explained(facts, [way]))).toEqual([
			['apiGrant, stated: zoe'],
			['participant, derived: eve'],
			['permissionProfile, documented: art'],
			['commentMention, documented: ann'],
			['libraryFolder, derived: art'],
		]);
	});
});

test.each<[folderLevel: string, folderIds: string[], isOnlyAbove: boolean]>([
	['specific-folders', ['e'], true],
	['specific-folders', ['f'], false],
	['specific-folders', ['e', 'f'], false],
	['specific-folders', ['g'], false],
	['all', ['e'], false],
	['none', ['e'], false],
])('Not said: what a folder above opens. By %s %j it matters: %s', (folderLevel, folderIds, is) => {
	const one = profile('own', ['zoe'], { folderLevel, folderIds });
	expect(opensOnlyAbove(one, FOLDER)).toBe(is);
});

describe('the participants of a call', () => {
	test('are its owner and the parties who are users and not from outside, each once', () => {
		const party = (userId: string | null, affiliation: string | null) => ({ userId, affiliation });
		expect(
			participantsOf('ann', [
				party('eve', 'Internal'),
				party('ann', 'Internal'),
				party('zoe', 'External'),
				party(null, 'Internal'),
				party('art', 'Unknown'),
				party('max', null),
			]),
		).toEqual(['ann', 'eve', 'art', 'max']);
	});

	test('are nobody where Gong names none', () => {
		expect(participantsOf(null, [])).toEqual([]);
	});
});

const USERS = Array.from({ length: 12 }, (_, place) => `u${place}`);
const someone = fc.constantFrom(...USERS);
const people = fc.uniqueArray(someone);
const levels = fc.constantFrom('all', 'own', 'report-to-them', 'managers-team', 'none', null);
const profiles = fc.array(
	fc.record({
		id: fc.uuid(),
		name: fc.constant(null),
		level: levels,
		teamLeadIds: fc.oneof(fc.constant<string[]>([]), people),
		folderLevel: fc.constantFrom('all', 'specific-folders', 'none', null),
		folderIds: fc.subarray(['f', 'g']),
		userIds: people.map((ids) => new Set(ids)),
		usersAreGiven: fc.boolean(),
		viewsCalls: fc.constantFrom(true, false, null),
	}),
	{ maxLength: 5 },
);
const calls = fc.record({
	isPrivate: fc.constantFrom(true, false, null),
	participants: people,
	grants: fc.array(someone),
	mentioned: fc.array(someone),
	folders: fc.subarray([FOLDER, { id: 'g', name: null, above: [] }]),
	profiles: fc.option(profiles, { nil: undefined }),
});
/** Anybody may manage anybody: with circles, people who manage themselves, and managers whom Gong does not list. */
const managersOf = fc
	.array(fc.tuple(someone, fc.option(fc.oneof(someone, fc.constant('gone')))))
	.map((pairs) => new Map(pairs));
const choices = fc.subarray([...WAYS]);

describe('in any company', () => {
	test('a manager with the level "report to them" sees what their reports see by taking part', () => {
		const property = fc.property(calls, managersOf, someone, (any, managerOf, participant) => {
			const all = new Managers(managerOf);
			const everybody = profile('report-to-them', [...USERS, 'gone']);
			const facts = {
				...any,
				isPrivate: false,
				participants: [...new Set([...any.participants, participant])],
				profiles: [everybody],
			};
			const seen = new Set(peopleIn(waysInto(facts, all, WAYS)));
			const met = new Set<string>();
			let id = managerOf.get(participant) ?? null;
			while (id !== null && !met.has(id)) {
				met.add(id);
				expect(seen).toContain(id);
				id = managerOf.get(id) ?? null;
			}
		});
		fc.assert(property);
	});

	test('that level opens a call to nobody else than those above its participants', () => {
		const property = fc.property(calls, managersOf, (any, managerOf) => {
			const facts = { ...any, profiles: [profile('report-to-them', USERS)] };
			for (const { userIds } of waysInto(facts, new Managers(managerOf), ['permissionProfile'])) {
				for (const userId of userIds) {
					const isAbove = any.participants.some((participant) => {
						const chain = [managerOf.get(participant)];
						while (chain.length <= USERS.length) chain.push(managerOf.get(chain.at(-1) ?? ''));
						return chain.includes(userId);
					});
					expect(isAbove).toBe(true);
				}
			}
		});
		fc.assert(property);
	});

	test('a private call is never opened by a profile', () => {
		const property = fc.property(calls, managersOf, choices, (any, managerOf, chosen) => {
			const ways = waysInto({ ...any, isPrivate: true }, new Managers(managerOf), chosen);
			const allowed = new Set([...any.participants, ...any.grants, ...any.mentioned]);
			const opening = ['apiGrant', 'participant', 'commentMention'];
			expect(ways.filter(({ way }) => !opening.includes(way))).toEqual([]);
			expect(peopleIn(ways).filter((userId) => !allowed.has(userId))).toEqual([]);
		});
		fc.assert(property);
	});

	test('nobody is twice in a way, nor among all who were found, and no way is empty', () => {
		const property = fc.property(calls, managersOf, choices, (any, managerOf, chosen) => {
			const ways = waysInto(any, new Managers(managerOf), chosen);
			for (const list of [peopleIn(ways), ...ways.map(({ userIds }) => userIds)]) {
				expect(new Set(list).size).toBe(list.length);
			}
			expect(ways.filter(({ userIds }) => userIds.length === 0)).toEqual([]);
			expect(new Set(peopleIn(ways))).toEqual(new Set(ways.flatMap(({ userIds }) => userIds)));
		});
		fc.assert(property);
	});

	test('adding a grant never takes a way away', () => {
		const property = fc.property(calls, managersOf, someone, (any, managerOf, userId) => {
			const all = new Managers(managerOf);
			const pairs = (facts: CallFacts): string[] =>
				waysInto(facts, all, WAYS).flatMap(({ way, certainty, userIds, profile: by, folder }) =>
					userIds.map((id) => [way, certainty, id, by?.id, folder?.id].join()),
				);
			const after = new Set(pairs({ ...any, grants: [...any.grants, userId] }));
			expect(pairs(any).filter((pair) => !after.has(pair))).toEqual([]);
			expect([...after].some((pair) => pair.startsWith('apiGrant,'))).toBe(true);
		});
		fc.assert(property);
	});

	test('choosing another way never takes people away', () => {
		const property = fc.property(calls, managersOf, choices, (any, managerOf, chosen) => {
			const all = new Managers(managerOf);
			const seen = new Set(peopleIn(waysInto(any, all, WAYS)));
			expect(peopleIn(waysInto(any, all, chosen)).filter((id) => !seen.has(id))).toEqual([]);
		});
		fc.assert(property);
	});

	test('circles and gaps among managers end', () => {
		const property = fc.property(managersOf, people, (managerOf, userIds) => {
			const { above, atOrAbove } = new Managers(managerOf).atOrAbove(userIds);
			expect(above.size).toBeLessThanOrEqual(USERS.length + 1);
			for (const userId of userIds) expect(atOrAbove).toContain(userId);
		});
		fc.assert(property);
		const circle = new Managers(
			new Map([
				['a', 'b'],
				['b', 'c'],
				['c', 'a'],
				['d', 'd'],
			]),
		);
		expect([...circle.atOrAbove(['a']).above]).toEqual(['b', 'c']);
		expect([...circle.atOrAbove(['d']).above]).toEqual([]);
	});
});
