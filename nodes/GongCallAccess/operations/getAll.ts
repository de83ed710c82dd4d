import type { Failure } from '../failures';
import { READ_ACCESS } from '../asking/access';
import type { GongCall, GongUser } from '../gong/api';
import type { CallOutcome } from '../asking/byCall';
import { askByCall } from '../asking/byCall';
import { callsById, usersById } from '../asking/directory';
import * as messages from '../messages';
import { linkedItem } from '../output/items';
import { peopleRows } from './people';
import type { Details } from '../output/rows';
import { MOST_ROWS, rowsOfCall } from '../output/rows';
import type { Job, JobResult, Run } from './job';
import { byCallOptions, callsOf, failuresByCall, failuresOf } from './job';

/** Reads who has individual access: each call asked for once, answered to every job that names it. */
export async function getAll(run: Run, jobs: Job[]): Promise<JobResult[]> {
	const { settings, sender, continues } = run;
	const calls = callsOf(jobs);
	const outcomes = await askByCall(sender, calls, READ_ACCESS, byCallOptions(run, calls.length));
	const failures = failuresByCall(outcomes, !settings.reportUnknownCalls);
	const tooMany = tooManyRows(jobs, outcomes, settings.splitInto);
	const others = tooMany.size === 0 ? jobs : jobs.filter((job) => !tooMany.has(job));
	const ends = !continues && failures.size + tooMany.size > 0;
	const looked = ends ? { details: {} } : await lookUpDetails(run, outcomes, callsOf(others));
	if ('failure' in looked) {
		for (const callId of calls) if (!failures.has(callId)) failures.set(callId, looked.failure);
	}
	const { details } = 'details' in looked ? looked : { details: {} };
	const answered = (callId: string) => {
		const outcome = outcomes.get(callId);
		return outcome && outcome.kind !== 'failed' && !failures.has(callId) ? outcome : undefined;
	};

	const people =
		settings.splitInto === 'people' ? peopleRows(others, answered, run, details) : null;
	return jobs.map((job) => {
		const failure = tooMany.get(job);
		if (failure) return { rows: [], failures: [failure] };
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

/**
 * The jobs with more rows than n8n takes. Found before any row is made, which would keep n8n busy for long,
 * and before a name is looked up for each of them.
 */
function tooManyRows(
	jobs: Job[],
	outcomes: Map<string, CallOutcome<string[]>>,
	splitInto: Run['settings']['splitInto'],
): Map<Job, Failure> {
	const tooMany = new Map<Job, Failure>();
	if (splitInto === 'calls') return tooMany;
	const people = new Set<string>();
	for (const job of jobs) {
		const before = people.size;
		let rows = 0;
		for (const callId of job.callIds) {
			const outcome = outcomes.get(callId);
			if (outcome?.kind !== 'found') continue;
			rows += outcome.value.length;
			if (splitInto === 'people') for (const userId of outcome.value) people.add(userId);
		}
		// A person's row stands with the first job that led to it.
		if (splitInto === 'people') rows = people.size - before;
		if (rows > MOST_ROWS) {
			tooMany.set(job, messages.tooManyRows(rows, MOST_ROWS, job.callIds));
		}
	}
	return tooMany;
}

/** Names beside the IDs, where they are asked for: each user and each call once a run. */
async function lookUpDetails(
	{ sender, settings }: Run,
	outcomes: Map<string, CallOutcome<string[]>>,
	callIds: string[],
): Promise<{ details: Details } | { failure: Failure }> {
	let users: Map<string, GongUser> | undefined;
	let calls: Map<string, GongCall> | undefined;
	if (settings.includeUserDetails) {
		const ids = new Set<string>();
		for (const callId of callIds) {
			const outcome = outcomes.get(callId);
			if (outcome?.kind === 'found') for (const userId of outcome.value) ids.add(userId);
		}
		const looked = await usersById(sender, ids);
		if ('failure' in looked) return looked;
		users = looked.byId;
	}
	if (settings.includeCallDetails && settings.splitInto !== 'people') {
		const known = callIds.filter((callId) => outcomes.get(callId)?.kind === 'found');
		const looked = await callsById(sender, known);
		if ('failure' in looked) return looked;
		calls = looked.byId;
	}
	return { details: { users, calls } };
}
