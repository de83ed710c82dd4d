import type { IDataObject } from 'n8n-workflow';
import type { Failure } from '../failures';
import { changeAccess, READ_ACCESS } from '../asking/access';
import type { AccessChange } from '../gong/api';
import type { CallOutcome } from '../asking/byCall';
import { askByCall } from '../asking/byCall';
import * as messages from '../messages';
import { linkedItem } from '../output/items';
import type { Job, JobResult, Run } from './job';
import { byCallOptions, callsOf, failuresByCall, failuresOf, told } from './job';

/** Gives or takes individual access. Entries of one call from several jobs travel as one. */
export async function change(run: Run, jobs: Job[]): Promise<JobResult[]> {
	const { settings, continues } = run;
	const grants = settings.operation === 'grant';
	return settings.dryRun
		? await dryRun(run, jobs, grants)
		: await write(run, jobs, grants, continues);
}

async function dryRun(run: Run, jobs: Job[], grants: boolean): Promise<JobResult[]> {
	const listed = await readAccess(run, callsOf(jobs));
	const failures = failuresByCall(listed);
	return jobs.map((job) => {
		const rows = job.callIds.flatMap((callId) => {
			const outcome = listed.get(callId);
			if (outcome?.kind !== 'found') return [];
			const has = new Set(outcome.value);
			const wouldChange = job.userIds.filter((userId) => has.has(userId) !== grants);
			const { requestId } = outcome;
			const { userIds } = job;
			const row = { callId, userIds, accepted: false, dryRun: true, wouldChange, requestId };
			return [linkedItem(row, job.itemIndex)];
		});
		return { rows, failures: failuresOf(job.callIds, failures, run.continues) };
	});
}

async function write(
	run: Run,
	jobs: Job[],
	grants: boolean,
	continues: boolean,
): Promise<JobResult[]> {
	const outcomes = await changeByCall(run, grants ? 'PUT' : 'DELETE', usersByCall(jobs));
	const failures = failuresByCall(outcomes);
	const accepted = [...outcomes].filter(([, { kind }]) => kind === 'found').map(([id]) => id);
	for (const callId of accepted) run.written.add(callId);
	const unclear = [...failures].filter(([, { outcome }]) => outcome === 'unknown');
	const unknown = unclear.map(([callId]) => callId);
	const notDone = [...failures.keys()].filter((callId) => !unknown.includes(callId));
	tellWhatWasWritten(run, failures, { half: [], unknown, notDone });
	const readBack = await readBackAfter(run, accepted, failures);
	return jobs.map((job) => {
		const rows = job.callIds.flatMap((callId) => {
			const outcome = outcomes.get(callId);
			if (outcome?.kind !== 'found' || failures.has(callId)) return [];
			const row: IDataObject = { callId, userIds: job.userIds, accepted: true, dryRun: false };
			const after = readBack.get(callId);
			if (after?.kind === 'found') {
				const has = new Set(after.value);
				const odd = job.userIds.filter((userId) => has.has(userId) !== grants);
				row[grants ? 'notListed' : 'stillListed'] = odd;
			}
			row.requestId = after?.kind === 'found' ? after.requestId : outcome.requestId;
			return [linkedItem(row, job.itemIndex)];
		});
		return { rows, failures: failuresOf(job.callIds, failures, continues) };
	});
}

/** The users of each call over all jobs, each once. */
export function usersByCall(jobs: Job[]): AccessChange {
	const users = new Map<string, Set<string>>();
	for (const { callIds, userIds } of jobs) {
		for (const callId of callIds) {
			const all = users.get(callId) ?? new Set();
			for (const userId of userIds) all.add(userId);
			users.set(callId, all);
		}
	}
	return new Map([...users].map(([callId, all]) => [callId, [...all]]));
}

/** Who is listed for each call. */
export async function readAccess(
	run: Run,
	callIds: string[],
): Promise<Map<string, CallOutcome<string[]>>> {
	const options = byCallOptions(run, callIds.length);
	return await askByCall(run.sender, callIds, READ_ACCESS, options);
}

/**
 * Reads accepted changes back, where that is asked for and somebody will see it.
 * @param failures the calls without a row so far; those that cannot be read back come to them
 */
export async function readBackAfter(
	run: Run,
	callIds: string[],
	failures: Map<string, Failure>,
): Promise<Map<string, CallOutcome<string[]>>> {
	if (!run.settings.readBack || (!run.continues && failures.size > 0)) return new Map();
	const listed = await readAccess(
		run,
		callIds.filter((callId) => !failures.has(callId)),
	);
	for (const [callId, failure] of told(failuresByCall(listed), messages.notReadBack)) {
		failures.set(callId, failure);
	}
	return listed;
}

/** Sends a change. Set to stop, unknown calls are looked for by reading, so that no half is written. */
export async function changeByCall(
	run: Run,
	method: 'PUT' | 'DELETE',
	wanted: AccessChange,
): Promise<Map<string, CallOutcome<true>>> {
	const callIds = [...wanted.keys()];
	return await askByCall(run.sender, callIds, changeAccess(method, wanted), {
		...byCallOptions(run, callIds.length),
		search: run.continues ? undefined : READ_ACCESS,
	});
}

/** Set to stop, the one failure that people see tells what was written before it, and what was not. */
export function tellWhatWasWritten(
	run: Run,
	failures: Map<string, Failure>,
	rest: Omit<messages.Written, 'accepted'>,
): void {
	if (run.continues || failures.size === 0) return;
	const others = new Set([...rest.half, ...rest.unknown, ...rest.notDone]);
	const accepted = [...run.written].filter((callId) => !others.has(callId));
	const soFar = messages.writtenSoFar({ accepted, ...rest });
	for (const [callId, failure] of failures) {
		// The calls stand in what was written so far, and need not be named again.
		failures.set(callId, { ...failure, advice: `${failure.advice} ${soFar}`, callIds: [] });
	}
}
