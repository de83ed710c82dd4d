import type { IDataObject } from 'n8n-workflow';
import type { Failure } from '../failures';
import type { AccessChange } from '../gong/api';
import type { CallOutcome } from '../asking/byCall';
import * as messages from '../messages';
import { linkedItem } from '../output/items';
import { changeByCall, readAccess, readBackAfter, tellWhatWasWritten, usersByCall } from './change';
import type { Job, JobResult, Run } from './job';
import { callsOf, failuresByCall, failuresOf } from './job';

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
	const wanted = usersByCall(jobs);
	const listed = await readAccess(run, callsOf(jobs));
	const failures = failuresByCall(listed);
	const differences = new Map<string, Difference>();
	for (const [callId, outcome] of listed) {
		if (outcome.kind === 'found') {
			differences.set(callId, difference(wanted.get(callId) ?? [], outcome));
		}
	}
	const mayWrite = !settings.dryRun && (continues || failures.size === 0);
	if (mayWrite) await write(run, differences, failures);
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
	const granted: string[] = [];
	const revoked: string[] = [];
	const steps = [
		{ method: 'PUT', list: 'grantedUserIds', done: granted },
		{ method: 'DELETE', list: 'revokedUserIds', done: revoked },
	] as const;
	for (const { method, list, done } of steps) {
		const change: AccessChange = new Map();
		for (const [callId, found] of differences) {
			if (found[list].length > 0 && !failures.has(callId)) change.set(callId, found[list]);
		}
		const outcomes: Map<string, CallOutcome<true>> = await changeByCall(run, method, change);
		for (const [callId, outcome] of outcomes) {
			if (outcome.kind !== 'found') continue;
			done.push(callId);
			if (outcome.requestId !== null) differences.get(callId)?.requestIds.push(outcome.requestId);
		}
		for (const [callId, failure] of failuresByCall(outcomes)) {
			const half = method === 'DELETE' && granted.includes(callId);
			failures.set(callId, half ? messages.halfReplaced(failure) : failure);
		}
		if (failures.size > 0 && !run.continues) break;
	}
	tellWhatWasWritten(run, failures, [...new Set([...granted, ...revoked])]);
}
