import * as messages from '../messages/explainMessages';
import type { Failure, Result } from '../failure';
import type { CallResult } from '../gong/callRequests';
import type { CallWithParties } from '../gong/callParties';
import { partyLookUps } from '../gong/callParties';
import type { WorkspaceFolders } from '../gong/library';
import type { LookUp } from '../gong/lookUp';
import type { Plays } from '../gong/plays';
import type { WorkspaceProfiles } from '../gong/profiles';
import { Managers } from '../gong/ways';
import type { CompanyUsers } from './directory';
import type { OperationContext } from './operation';
import { failuresByCall, mapFailures } from './itemResults';
import { readLastPlayed } from './lastPlayed';

/** What was read of a workspace; a part that no chosen way needs is left out. */
export interface Workspace {
	profiles?: WorkspaceProfiles;
	folders?: WorkspaceFolders;
}

/** What Gong answered, from which the ways into the calls follow. */
export interface Facts extends CompanyUsers {
	/** For each call, whom the API gave access; nobody where that was not asked. */
	access: Map<string, CallResult<string[]>>;
	/** The calls that Gong gives details of, and does not know where it lists access. */
	withoutAccessList: ReadonlySet<string>;
	/** The calls that Gong gave details of. */
	calls: Map<string, CallWithParties>;
	/** By ID. */
	workspaces: Map<string, Workspace>;
	/** Undefined where they were not asked for. */
	plays: Plays | undefined;
	/** Why calls cannot be explained. */
	failures: Map<string, Failure>;
}

type Access = Pick<Facts, 'access' | 'withoutAccessList'>;
type Workspaces = Map<string, Result<Workspace>>;

const NOBODY: CompanyUsers = {
	users: new Map(),
	managers: new Managers(new Map()),
	addresses: new Set(),
};

const NO_CALLS: Facts = {
	access: new Map(),
	withoutAccessList: new Set(),
	calls: new Map(),
	workspaces: new Map(),
	plays: undefined,
	...NOBODY,
	failures: new Map(),
};

/**
 * Reads what is needed to explain calls: the calls and their API-given access in batches; users, profiles, folders
 * and plays once a run. What does not wait for something else is read at the same time.
 */
export async function readFacts(context: OperationContext, callIds: string[]): Promise<Facts> {
	if (callIds.length === 0) return NO_CALLS;
	const readingCompany = context.directory.users(context.client);
	const readingCalls = readCalls(context, callIds);
	const [company, plays, found, { access, withoutAccessList }, read] = await Promise.all([
		readingCompany,
		readLastPlayed(context),
		readingCalls,
		readingCalls.then(async (calls) => await readAccess(context, callIds, calls)),
		Promise.all([readingCalls, readingCompany]).then(async ([calls, users]) =>
			users.ok ? await readWorkspaces(context, calls) : new Map(),
		),
	]);
	const failures = failuresByCall(access, !context.settings.reportUnknownCalls);
	// Without users, or without plays where they are asked for, no call has its rows.
	for (const part of [company, plays]) if (!part.ok) failAll(failures, access, part.failure);
	failWorkspaces(failures, access, found, read);
	const workspaces = [...read].flatMap(([id, one]) => (one.ok ? [[id, one.value] as const] : []));
	return {
		access,
		withoutAccessList,
		calls: found.byId,
		workspaces: new Map(workspaces),
		plays: plays.ok ? plays.value : undefined,
		...(company.ok ? company.value : NOBODY),
		failures: mapFailures(failures, messages.notExplained),
	};
}

/** Reads the calls. Access to a call begins to be read as soon as Gong gave details of it. */
async function readCalls(
	{ client, abort, settings, reading, onProgress }: OperationContext,
	callIds: string[],
): Promise<LookUp<CallWithParties>> {
	const { ways, callsPerRequest } = settings;
	const places = new Map(callIds.map((id, place) => [id, place]));
	const placeOf = (id: string): number => places.get(id) ?? 0;
	let looked = 0;
	const onFound = (calls: CallWithParties[]): void => {
		looked += calls.length;
		const known = calls.map(({ id }) => id).filter((id) => places.has(id));
		if (ways.includes('apiGrant')) reading.add(known.sort((a, b) => placeOf(a) - placeOf(b)));
		// Otherwise the reading of access tells how far the run is.
		else onProgress(looked, callIds.length);
	};
	const lookUps = partyLookUps(client, {
		callsPerRequest,
		withComments: ways.includes('commentMention'),
		onFound,
		abort,
	});
	lookUps.add(callIds);
	return await lookUps.results();
}

/**
 * Reads who was given access, where that is asked for, and whether Gong knows the calls that it gives no details of:
 * the one endpoint may know a call before the other. Those are asked for apart, so that no call that Gong knows is
 * refused with them.
 */
async function readAccess(
	{ settings, reading }: OperationContext,
	callIds: string[],
	{ byId, failures }: LookUp<CallWithParties>,
): Promise<Access> {
	const byApi = settings.ways.includes('apiGrant');
	const known = callIds.filter((id) => byApi && byId.has(id));
	const leftOut = callIds.filter((id) => !byId.has(id) && !failures.has(id));
	const [ofKnown, ofOthers] = await Promise.all(
		[known, leftOut].map(async (ids) =>
			ids.length > 0 ? await reading.accessTo(ids) : new Map<string, CallResult<string[]>>(),
		),
	);
	const withoutAccessList = new Set<string>();
	const notAsked = mapFailures(failuresByCall(byApi ? new Map() : ofOthers, false), (...failed) =>
		messages.notKnownWhetherThere(...failed),
	);
	const resultOf = (callId: string): CallResult<string[]> => {
		const failure = failures.get(callId) ?? notAsked.get(callId);
		if (failure) return { ok: false, failure };
		const read = ofKnown.get(callId) ?? ofOthers.get(callId);
		const isListed = !read || read.ok || !read.unknown;
		if (read && (isListed || !byId.has(callId))) return read;
		if (!isListed) withoutAccessList.add(callId);
		return { ok: true, value: [], requestId: null };
	};
	return { access: new Map(callIds.map((id) => [id, resultOf(id)])), withoutAccessList };
}

/** Fails all calls but those that failed for a reason of their own. */
function failAll(failures: Map<string, Failure>, access: Facts['access'], failure: Failure): void {
	for (const [callId, result] of access) {
		const isOwn = !result.ok && (result.unknown ?? !result.failure.isOfOthers);
		const other = failures.get(callId);
		if (!isOwn && (!other || other.isOfOthers)) failures.set(callId, failure);
	}
}

/** Fails the calls of workspaces that could not be read. */
function failWorkspaces(
	failures: Map<string, Failure>,
	access: Facts['access'],
	{ byId }: LookUp<CallWithParties>,
	workspaces: Workspaces,
): void {
	for (const [callId, { ok }] of access) {
		const read = workspaces.get(byId.get(callId)?.workspaceId ?? '');
		if (ok && !failures.has(callId) && read && !read.ok) failures.set(callId, read.failure);
	}
}

/** Reads what the chosen ways need of the workspaces of calls. */
async function readWorkspaces(
	context: OperationContext,
	{ byId }: LookUp<CallWithParties>,
): Promise<Workspaces> {
	const ids = new Set([...byId.values()].flatMap(({ workspaceId }) => workspaceId ?? []));
	const read = [...ids].map(async (id): Promise<[string, Result<Workspace>]> => {
		return [id, await readWorkspace(context, id)];
	});
	return new Map(await Promise.all(read));
}

async function readWorkspace(
	{ client, settings: { ways }, directory }: OperationContext,
	id: string,
): Promise<Result<Workspace>> {
	const byFolder = ways.includes('libraryFolder');
	const byProfile = byFolder || ways.includes('permissionProfile');
	const [profiles, folders] = await Promise.all([
		byProfile ? directory.profiles(client, id) : undefined,
		byFolder ? directory.folders(client, id) : undefined,
	]);
	for (const part of [profiles, folders]) if (part && !part.ok) return part;
	return {
		ok: true,
		value: {
			...(profiles?.ok ? { profiles: profiles.value } : {}),
			...(folders?.ok ? { folders: folders.value } : {}),
		},
	};
}
