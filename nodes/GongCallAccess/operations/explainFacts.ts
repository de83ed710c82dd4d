import * as messages from '../messages/explainMessages';
import type { Failure, Result } from '../failure';
import { unknownCalls } from '../messages/gongMessages';
import type { CallResult } from '../gong/callRequests';
import type { CallWithParties } from '../gong/callParties';
import { partyLookUps } from '../gong/callParties';
import type { WorkspaceFolders } from '../gong/library';
import type { LookUp } from '../gong/lookUp';
import type { WorkspaceProfiles } from '../gong/profiles';
import { Managers } from '../gong/ways';
import type { CompanyUsers } from './directory';
import type { OperationContext } from './operation';
import { failuresByCall, mapFailures } from './itemResults';

/** What was read of a workspace; a part that no chosen way needs is left out. */
export interface Workspace {
	profiles?: WorkspaceProfiles;
	folders?: WorkspaceFolders;
}

/** What Gong answered, from which the ways into the calls follow. */
export interface Facts extends CompanyUsers {
	/** For each call, whom the API gave access; nobody where that was not asked. */
	access: Map<string, CallResult<string[]>>;
	/** The calls that Gong gave details of. */
	calls: Map<string, CallWithParties>;
	/** By ID. */
	workspaces: Map<string, Workspace>;
	/** Why calls cannot be explained. */
	failures: Map<string, Failure>;
}

const NOBODY: CompanyUsers = {
	users: new Map(),
	managers: new Managers(new Map()),
	addresses: new Set(),
};

const NO_CALLS: Facts = {
	access: new Map(),
	calls: new Map(),
	workspaces: new Map(),
	...NOBODY,
	failures: new Map(),
};

/**
 * Reads what is needed to explain calls: the calls and their API-given access in batches, and users, profiles and
 * folders once a run. What does not wait for something else is read at the same time.
 */
export async function readFacts(context: OperationContext, callIds: string[]): Promise<Facts> {
	const { client, abort, settings, continues, directory, reading } = context;
	if (callIds.length === 0) return NO_CALLS;
	const byApi = settings.ways.includes('apiGrant');
	let looked = 0;
	const onProgress = (calls: number): void => {
		looked += calls;
		// Otherwise the reading of access tells how far the run is.
		if (!byApi) context.onProgress(looked, callIds.length);
	};
	const parties = partyLookUps(client, settings.callsPerRequest, { abort }, onProgress);
	parties.add(callIds);
	const [company, found, listed] = await Promise.all([
		directory.users(client),
		parties.results(),
		byApi ? reading.accessTo(callIds) : undefined,
	]);
	const access = joined(callIds, found, listed);
	const failures = failuresByCall(access, !settings.reportUnknownCalls);
	if (!company.ok) {
		for (const [callId, result] of access) {
			const isOwn = !result.ok && (result.unknown ?? !result.failure.isOfOthers);
			if (!isOwn) failures.set(callId, company.failure);
		}
	}
	const answered = callIds.filter((callId) => access.get(callId)?.ok && !failures.has(callId));
	const mayGoOn = company.ok && (continues || failures.size === 0);
	const workspaces = new Map<string, Workspace>();
	const workspaceOf = (callId: string): string => found.byId.get(callId)?.workspaceId ?? '';
	for (const [id, read] of mayGoOn
		? await readWorkspaces(context, answered.map(workspaceOf))
		: []) {
		if (read.ok) workspaces.set(id, read.value);
		else {
			const concerned = answered.filter((callId) => workspaceOf(callId) === id);
			for (const callId of concerned) failures.set(callId, read.failure);
		}
	}
	return {
		access,
		calls: found.byId,
		workspaces,
		...(company.ok ? company.value : NOBODY),
		failures: mapFailures(failures, messages.notExplained),
	};
}

/**
 * What is known of each call by both readings. A call that Gong gives neither access nor details of is unknown.
 * @param listed undefined where API-given access was not asked for
 */
function joined(
	callIds: string[],
	found: LookUp<CallWithParties>,
	listed: Map<string, CallResult<string[]>> | undefined,
): Map<string, CallResult<string[]>> {
	const resultOf = (callId: string): CallResult<string[]> => {
		const read = listed?.get(callId);
		const failure = found.failures.get(callId);
		const isCause = failure?.isOfOthers !== true;
		if (read && !read.ok && (!failure || read.unknown || !isCause)) return read;
		if (failure) return { ok: false, failure };
		if (read) return read;
		if (found.byId.has(callId)) return { ok: true, value: [], requestId: null };
		// No answer refuses such a call: the one about the calls leaves it out (assumption).
		const said = { requestId: null, errors: [] };
		return { ok: false, failure: unknownCalls([callId], said), unknown: said };
	};
	return new Map(callIds.map((callId) => [callId, resultOf(callId)]));
}

async function readWorkspaces(
	context: OperationContext,
	workspaceIds: string[],
): Promise<Array<[string, Result<Workspace>]>> {
	const ids = new Set(workspaceIds.filter((id) => id !== ''));
	return await Promise.all(
		[...ids].map(async (id): Promise<[string, Result<Workspace>]> => {
			return [id, await readWorkspace(context, id)];
		}),
	);
}

/** Reads what is needed of a workspace. */
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
	for (const read of [profiles, folders]) {
		if (read?.ok === false) return read;
	}
	return {
		ok: true,
		value: {
			...(profiles?.ok ? { profiles: profiles.value } : {}),
			...(folders?.ok ? { folders: folders.value } : {}),
		},
	};
}
