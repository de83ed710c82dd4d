/** Random companies with few calls and people, so that the items of a run often name the same ones. */
import fc from 'fast-check';
import { makeData, type AccessStyle, type GongData, type GongUser } from '../harness/gong';

/** IDs of six digits or more may stand beside others in one text. */
export const CALLS = ['100001', '100002', '100003', '100004', '100005', '7782342274025937895'];
export const UNKNOWN_CALLS = ['100097', '100098', '100099'];
export const USERS = ['200011', '200012', '200013', '1740362955018263117'];
export const UNKNOWN_USERS = ['200404'];

/** The owner of each address; an alias and the trusted address belong to the person too. */
export const ADDRESSES: Record<string, string | null> = {
	'ana@example.com': '200011',
	'Ben@Example.com': '200012',
	'cleo.alias@example.com': '200013',
	'dora.trusted@example.com': '1740362955018263117',
	'nobody@example.com': null,
};

const PEOPLE: (Partial<GongUser> & { id: string })[] = [
	{ id: '200011', emailAddress: 'ana@example.com' },
	{ id: '200012', emailAddress: 'ben@example.com' },
	{ id: '200013', emailAddress: 'cleo@example.com', emailAliases: ['cleo.alias@example.com'] },
	{
		id: '1740362955018263117',
		emailAddress: 'dora@example.com',
		trustedEmailAddress: 'dora.trusted@example.com',
	},
];

/** Who has access before the run. */
export interface Company {
	/** Call ID to the users that were given access through the API. */
	given: Record<string, string[]>;
	/** Call ID to the users that a call is shared with. */
	shared: Record<string, string[]>;
	/** How Gong answers for a call without API-given access. */
	accessStyle: AccessStyle;
}

const some = (minLength: number): fc.Arbitrary<string[]> =>
	fc.uniqueArray(fc.constantFrom(...USERS), { minLength, maxLength: 3 });

export const company: fc.Arbitrary<Company> = fc.record({
	given: fc.record(Object.fromEntries(CALLS.map((id) => [id, some(0)]))),
	shared: fc.record(
		Object.fromEntries(
			CALLS.map((id) => [
				id,
				fc.oneof(
					{ weight: 4, arbitrary: fc.constant<string[]>([]) },
					{ weight: 1, arbitrary: some(1) },
				),
			]),
		),
	),
	accessStyle: fc.constantFrom<AccessStyle>('empty', 'noUsers', 'noEntry'),
});

/** When the call at this place of `CALLS` started, and was planned to: one day after the previous one. */
export const startedAt = (place: number): string => `2026-01-0${place + 1}T10:00:00.000Z`;

/** The company in the form that the local Gong takes. Nobody has access to a call in both ways. */
export function dataOf({ given, shared }: Company): GongData {
	return makeData({
		users: PEOPLE,
		calls: CALLS.map((id, place) => ({
			id,
			started: startedAt(place),
			users: given[id],
			sharedWith: shared[id].filter((user) => !given[id].includes(user)),
		})),
	});
}
