import type { Failure } from '../failures';
import { READ_ACCESS } from '../asking/access';
import type { GongCall, GongUser } from '../gong/api';
import type { CallOutcome } from '../asking/byCall';
import { askByCall } from '../asking/byCall';
import { callsById, usersById } from '../asking/directory';
import { linkedItem } from '../output/items';
import { peopleRows } from './people';
import type { Details } from '../output/rows';
import { rowsOfCall } from '../output/rows';
import type { Job, JobResult, Run } from './job';
import { byCallOptions, callsOf, failuresByCall, failuresOf } from './job';

/** Reads who has individual access: each call asked for once, answered to every job that names it. */
export async function getAll(run: Run, jobs: Job[]): Promise<JobResult[]> {
	const { settings, sender, continues } = run;
	const calls = callsOf(jobs);
	const outcomes = await askByCall(sender, calls, READ_ACCESS, byCallOptions(run, calls.length));
	const failures = failuresByCall(outcomes, !settings.reportUnknownCalls);
	const looked =
		failures.size > 0 && !continues ? { details: {} } : await lookUpDetails(run, outcomes);
	if ('failure' in looked) {
		for (const callId of calls) if (!failures.has(callId)) failures.set(callId, looked.failure);
	}
	const { details } = 'details' in looked ? looked : { details: {} };
	const answered = (callId: string) => {
		const outcome = outcomes.get(callId);
		return outcome && outcome.kind !== 'failed' && !failures.has(callId) ? outcome : undefined;
	};

	const people = settings.splitInto === 'people' ? peopleRows(jobs, answered, run, details) : null;
	return jobs.map((job) => {
		const rows = people
			? (people.get(job) ?? [])
			: job.callIds.flatMap((callId) => {
					const outcome = answered(callId);
					if (!outcome) return [];
					return rowsOfCall(callId, outcome, settings, details).map((row) =>
						linkedItem(row, job.itemIndex),
					);
				});
		return { rows, failures: failuresOf(job.callIds, failures, continues) };
	});
}

/** Names beside the IDs, where they are asked for: each user and each call once a run. */
async function lookUpDetails(
	{ sender, settings }: Run,
	outcomes: Map<string, CallOutcome<string[]>>,
): Promise<{ details: Details } | { failure: Failure }> {
	let users: Map<string, GongUser> | undefined;
	let calls: Map<string, GongCall> | undefined;
	if (settings.includeUserDetails) {
		const ids = [...outcomes.values()].flatMap((outcome) =>
			outcome.kind === 'found' ? outcome.value : [],
		);
		const looked = await usersById(sender, ids);
		if ('failure' in looked) return looked;
		users = looked.byId;
	}
	if (settings.includeCallDetails && settings.splitInto !== 'people') {
		const known = [...outcomes].filter(([, outcome]) => outcome.kind === 'found');
		const looked = await callsById(
			sender,
			known.map(([callId]) => callId),
		);
		if ('failure' in looked) return looked;
		calls = looked.byId;
	}
	return { details: { users, calls } };
}
