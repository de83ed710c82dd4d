/**
 * Explain in random companies, held against an oracle that shares no code with the node: it asks for one call and one
 * user after the other, where the node works with lists. By people is held against by users.
 */
import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import { runNode } from '../../harness/engine/engine';
import { gongsOfThisFile, jsonOf, toldBy } from '../../harness/engine/support';
import { makeData, type GongData } from '../../harness/gong';

const startGong = gongsOfThisFile();

const PEOPLE = ['11', '12', '13', '14', '15', '16', '17', '18'];
const WORKSPACES = ['100', '200'];
// 902 is in 901, which is in 900.
const FOLDERS = ['900', '901', '902'];
const WAYS = ['apiGrant', 'participant', 'permissionProfile', 'commentMention', 'libraryFolder'];
const VIA = ['viaApi', 'viaParticipation', 'viaProfile', 'viaComment', 'viaFolder'];

const people = fc.subarray(PEOPLE);
const person = fc.constantFrom(...PEOPLE);
const company = fc.record({
	managers: fc.array(fc.option(person), { minLength: 8, maxLength: 8 }),
	profiles: fc.array(
		fc.record({
			workspaceId: fc.constantFrom(...WORKSPACES),
			level: fc.constantFrom('all', 'managers-team', 'report-to-them', 'own', 'none'),
			leads: fc.oneof(fc.constant<string[]>([]), people),
			folders: fc.constantFrom('all', 'specific-folders', 'none'),
			folderIds: fc.subarray(FOLDERS),
			users: people,
		}),
		{ maxLength: 5 },
	),
	calls: fc.array(
		fc.record({
			owner: person,
			parties: fc.array(fc.tuple(person, fc.constantFrom('Internal', 'External', 'Unknown')), {
				minLength: 1,
				maxLength: 3,
			}),
			users: people,
			mentioned: people,
			isPrivate: fc.boolean(),
			workspaceId: fc.constantFrom(...WORKSPACES),
			folder: fc.option(fc.constantFrom(...FOLDERS)),
		}),
		{ minLength: 1, maxLength: 4 },
	),
});
type Company = typeof company extends fc.Arbitrary<infer T> ? T : never;
type Call = Company['calls'][number];
const idOf = (place: number): string => String(7_000 + place);

function dataOf({ managers, profiles, calls }: Company): GongData {
	return makeData({
		users: PEOPLE.map((id, place) => ({ id, managerId: managers[place] })),
		workspaces: WORKSPACES,
		calls: calls.map((call, place) => ({
			id: idOf(place),
			primaryUserId: call.owner,
			parties: call.parties.map(([userId, affiliation]) => ({ userId, affiliation })) as never,
			users: call.users,
			isPrivate: call.isPrivate,
			workspaceId: call.workspaceId,
			comments: call.mentioned.map((id) => `Look, @[Person [${id}]](${id})`),
		})),
		profiles: profiles.map((profile, place) => ({
			id: String(50 + place),
			workspaceId: profile.workspaceId,
			callsAccess: { permissionLevel: profile.level as 'all', teamLeadIds: profile.leads },
			libraryFolderAccess: {
				permissionLevel: profile.folders as 'all',
				libraryFolderIds: profile.folders === 'specific-folders' ? profile.folderIds : [],
			},
			users: profile.users,
		})),
		// Each workspace has its own folders, of which only those of the first hold calls.
		folders: FOLDERS.map((id, place) => ({
			id,
			workspaceId: WORKSPACES[0],
			...(place === 0 ? {} : { parentFolderId: FOLDERS[place - 1] }),
			calls: calls.flatMap((call, at) =>
				call.folder === id && call.workspaceId === WORKSPACES[0] ? [idOf(at)] : [],
			),
		})),
	});
}

/** What the oracle says of a call and a user: for each way how sure it is, null for unsure, false for no. */
type Said = (string | null | false)[];

function saidBy({ managers, profiles }: Company, call: Call, user: string): Said {
	const isBelow = (low: string, high: string | null): boolean => {
		const climb = (from: string, steps: number): boolean => {
			const next = managers[PEOPLE.indexOf(from)] ?? null;
			if (next === null || steps === 0) return false;
			return (next === high && next !== low) || climb(next, steps - 1);
		};
		return climb(low, PEOPLE.length);
	};
	const inside = (one: string): boolean =>
		call.owner === one || call.parties.some(([id, from]) => id === one && from !== 'External');
	const participants = PEOPLE.filter(inside);
	const here = profiles.filter(({ workspaceId }) => workspaceId === call.workspaceId);
	const own = here.filter(({ users }) => users.includes(user));
	const byLevel = own.flatMap(({ level, leads }): string[] => {
		const manager = managers[PEOPLE.indexOf(user)] ?? null;
		const anyIn = (lead: string | null): boolean =>
			participants.some((one) => one === lead || isBelow(one, lead));
		if (level === 'all') return ['documented'];
		if (level === 'report-to-them' && participants.some((one) => isBelow(one, user))) {
			return [leads.length > 0 ? 'derived' : 'documented'];
		}
		if (level !== 'managers-team') return [];
		const isOpen = leads.length > 0 ? leads.some(anyIn) : manager !== null && anyIn(manager);
		return isOpen ? ['derived'] : [];
	});
	const isHeld = call.folder !== null && call.workspaceId === WORKSPACES[0];
	const above = FOLDERS.slice(0, FOLDERS.indexOf(call.folder ?? ''));
	const opens = ({ folders, folderIds }: Company['profiles'][number]): boolean =>
		folders === 'all' || (folders === 'specific-folders' && folderIds.includes(call.folder ?? ''));
	const unsure = here.some(
		(one) =>
			one.folders === 'specific-folders' &&
			!opens(one) &&
			above.some((id) => one.folderIds.includes(id)),
	);
	const byFolder = own.some(opens) ? 'derived' : unsure ? null : false;
	const seesOwn = own.some(({ level }) => level !== 'none');
	return [
		call.users.includes(user) && (call.isPrivate ? 'derived' : 'stated'),
		inside(user) && (seesOwn ? 'documented' : 'derived'),
		!call.isPrivate &&
			byLevel.length > 0 &&
			(byLevel.includes('documented') ? 'documented' : 'derived'),
		call.mentioned.includes(user) && 'documented',
		call.isPrivate || !isHeld ? false : byFolder,
	];
}

const surest = (found: Said): string | null =>
	['stated', 'documented', 'derived'].find((certainty) => found.includes(certainty)) ?? null;

/** The rows by users that the oracle expects, by call and user. */
function expectedRows(all: Company): Record<string, unknown> {
	const rows = all.calls.flatMap((call, place) =>
		PEOPLE.flatMap((user) => {
			const said = saidBy(all, call, user);
			if (!said.some(Boolean)) return [];
			const others = said.slice(1);
			// Somebody without a profile shows whether the folders leave anybody unsure.
			const isUnsure = saidBy(all, call, 'nobody')[4] === null;
			const onlyViaApi = !others.some(Boolean) && (isUnsure ? null : true);
			return [
				[
					`${idOf(place)} ${user}`,
					{
						via: said.map((one) => (one === null ? null : one !== false)),
						onlyViaApi: others.some(Boolean) ? false : onlyViaApi,
						certainty: surest(said),
						certaintyWithoutApi: surest(others),
					},
				] as const,
			];
		}),
	);
	return Object.fromEntries(rows);
}

test('by users, everybody is found whom the rules open a call to, by these ways, as surely', async () => {
	const property = fc.asyncProperty(company, async (all) => {
		const gong = await startGong({ data: dataOf(all), limit: false });
		const parameters = {
			operation: 'explain',
			callIds: JSON.stringify(all.calls.map((_, at) => idOf(at))),
		};
		const run = async (splitInto: string): Promise<IDataObject[]> => {
			const options = { parameters: { ...parameters, ways: WAYS, splitInto, simplify: false } };
			const result = await runNode(gong, options);
			expect(toldBy(result)).toBe('');
			return jsonOf(result.items);
		};
		const byUsers = await run('users');
		const rows = byUsers.map(({ callId, userId, ...row }) => [
			`${String(callId)} ${String(userId)}`,
			{
				via: VIA.map((column) => row[column]),
				onlyViaApi: row.onlyViaApi,
				certainty: row.certainty,
				certaintyWithoutApi: row.certaintyWithoutApi,
			},
		]);
		expect(Object.fromEntries(rows)).toEqual(expectedRows(all));
		expect(rows).toHaveLength(Object.keys(expectedRows(all)).length);
		expectTurned(await run('people'), byUsers);
		await gong.close();
	});
	await fc.assert(property, { numRuns: 25 });
}, 300_000);

/** By people is by users turned round. */
function expectTurned(byPeople: IDataObject[], byUsers: IDataObject[]): void {
	const ids = (value: unknown): string[] => [...(value as string[])].sort();
	const sort = (lines: string[]): string[] => [...lines].sort();
	expect(new Set(byPeople.map(({ userId }) => userId)).size).toBe(byPeople.length);
	expect(
		sort(byPeople.flatMap((row) => ids(row.callIds).map((id) => `${String(row.userId)} ${id}`))),
	).toEqual(sort(byUsers.map(({ callId, userId }) => `${String(userId)} ${String(callId)}`)));
	for (const row of byPeople) {
		const own = byUsers.filter(({ userId }) => userId === row.userId);
		expect(row.callCount).toBe(own.length);
		expect(ids(row.onlyViaApiCallIds)).toEqual(
			sort(own.filter((one) => one.onlyViaApi === true).map(({ callId }) => String(callId))),
		);
		const ways = row.ways as { way: string; certainty: string; callIds: string[] }[];
		for (const [place, way] of WAYS.entries()) {
			const calls = new Set(
				ways.filter((one) => one.way === way).flatMap(({ callIds }) => callIds),
			);
			expect([...calls].sort()).toEqual(
				sort(own.filter((one) => one[VIA[place]] === true).map(({ callId }) => String(callId))),
			);
		}
		for (const { callId, certainty } of own) {
			const found = ways.filter(({ callIds }) => callIds.includes(String(callId)));
			expect(surest(found.map((one) => one.certainty))).toBe(certainty);
		}
	}
}
