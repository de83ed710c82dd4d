import type { IDataObject } from 'n8n-workflow';
import type { Failure } from '../failures';
import type { AccessChange } from '../gong/api';
import type { CallOutcome } from '../asking/byCall';
import * as messages from '../messages';
import { linkedItem } from '../output/items';
import { changeByCall, readAccess, readBackAfter, tellWhatWasWritten, usersByCall } from './change';
import type { Job, JobResult, Run } from './job';
import { callsOf, failuresByCall, failuresOf, told } from './job';

/** What makes the listed access of a call the wanted one. */
interface Difference {
	grantedUserIds: string[];
	revokedUserIds: string[];
	unchangedUserIds: string[];
	/** Of the answers, in the order they came. */
	requestIds: string[];
}

/**
 * Makes exactly the wanted users have API-given access: reads, grants, then revokes, and writes nothing
 * where nothing differs. The users of all jobs that name a call are put together.
 */
export async function replace(run: Run, jobs: Job[]): Promise<JobResult[]> {
	const { settings, continues } = run;
	const failures = new Map(jobs.flatMap((job) => [...job.barred]));
	const wanted = usersByCall(jobs);
	const callIds = callsOf(jobs).filter((callId) => !failures.has(callId));
	const listed = await readAccess(run, callIds);
	const unread = told(failuresByCall(listed), messages.nothingWritten);
	for (const [callId, failure] of unread) failures.set(callId, failure);
	const differences = new Map<string, Difference>();
	for (const [callId, outcome] of listed) {
		if (outcome.kind === 'found') {
			differences.set(callId, difference(wanted.get(callId) ?? [], outcome));
		}
	}
	const mayWrite = !settings.dryRun && (continues || failures.size === 0);
	if (mayWrite) await write(run, differences, failures);
	else if (!settings.dryRun) {
		tellWhatWasWritten(run, failures, { half: [], unknown: [], notDone: callIds });
	}
	const readBack = mayWrite
		? await readBackAfter(run, [...differences.keys()], failures)
		: new Map<string, CallOutcome<string[]>>();

	return jobs.map((job) => {
		const rows = job.callIds.flatMap((callId) => {
			const found = differences.get(callId);
			if (!found || failures.has(callId)) return [];
			const { requestIds, ...lists } = found;
			const row: IDataObject = { callId, ...lists, dryRun: settings.dryRun };
			const after = readBack.get(callId);
			if (after?.kind === 'found') {
				const users = new Set(wanted.get(callId));
				row.notListed = [...users].filter((userId) => !after.value.includes(userId));
				row.stillListed = after.value.filter((userId) => !users.has(userId));
			}
			const last = after?.kind === 'found' ? after.requestId : null;
			row.requestId = last ?? requestIds.at(-1) ?? null;
			row.requestIds = last === null ? requestIds : [...requestIds, last];
			return [linkedItem(row, job.itemIndex)];
		});
		return { rows, failures: failuresOf(job.callIds, failures, continues) };
	});
}

function difference(
	wanted: string[],
	{ value, requestId }: { value: string[]; requestId: string | null },
): Difference {
	const has = new Set(value);
	const wants = new Set(wanted);
	return {
		grantedUserIds: wanted.filter((userId) => !has.has(userId)),
		revokedUserIds: value.filter((userId) => !wants.has(userId)),
		unchangedUserIds: wanted.filter((userId) => has.has(userId)),
		requestIds: requestId === null ? [] : [requestId],
	};
}

/** Grants, then revokes; a call whose grant did not come through keeps what it has. */
async function write(
	run: Run,
	differences: Map<string, Difference>,
	failures: Map<string, Failure>,
): Promise<void> {
	const toGrant = changesOf(differences, 'grantedUserIds');
	const toRevoke = changesOf(differences, 'revokedUserIds');
	const granted = await step(run, 'PUT', toGrant, differences);
	const failed = failuresByCall(granted);
	for (const callId of failed.keys()) toRevoke.delete(callId);
	const mayRevoke = run.continues || failed.size === 0;
	const revoked = mayRevoke
		? await step(run, 'DELETE', toRevoke, differences)
		: new Map<string, CallOutcome<true>>();
	const kept = failuresByCall(revoked);
	const isHalf = (callId: string): boolean => granted.get(callId)?.kind === 'found';
	const halves = new Map([...kept].filter(([callId]) => isHalf(callId)));
	for (const some of [failed, kept, told(halves, messages.halfReplaced)]) {
		for (const [callId, failure] of some) failures.set(callId, failure);
	}

	const end: Omit<messages.Written, 'accepted'> = { half: [], unknown: [], notDone: [] };
	for (const [callId, { grantedUserIds, revokedUserIds }] of differences) {
		const steps = [
			...(grantedUserIds.length > 0 ? [granted.get(callId)] : []),
			...(revokedUserIds.length > 0 ? [revoked.get(callId)] : []),
		];
		const done = steps.filter((outcome) => outcome?.kind === 'found').length;
		const unclear = steps.some((at) => at?.kind === 'failed' && at.failure.outcome === 'unknown');
		if (unclear) end.unknown.push(callId);
		else if (done < steps.length) (done > 0 ? end.half : end.notDone).push(callId);
		else if (done > 0) run.written.add(callId);
	}
	tellWhatWasWritten(run, failures, end);
}

function changesOf(
	differences: Map<string, Difference>,
	list: 'grantedUserIds' | 'revokedUserIds',
): AccessChange {
	const change: AccessChange = new Map();
	for (const [callId, found] of differences) {
		if (found[list].length > 0) change.set(callId, found[list]);
	}
	return change;
}

async function step(
	run: Run,
	method: 'PUT' | 'DELETE',
	change: AccessChange,
	differences: Map<string, Difference>,
): Promise<Map<string, CallOutcome<true>>> {
	const outcomes = await changeByCall(run, method, change);
	for (const [callId, outcome] of outcomes) {
		if (outcome.kind !== 'found' || outcome.requestId === null) continue;
		differences.get(callId)?.requestIds.push(outcome.requestId);
	}
	return outcomes;
}
