import type { Failure } from '../failures';
import { READ_ACCESS } from '../asking/access';
import type { CallOutcome } from '../asking/byCall';
import { askByCall } from '../asking/byCall';
import { callsById, usersById } from '../asking/directory';
import * as messages from '../messages';
import { linkedItem } from '../output/items';
import { peopleRows } from './people';
import type { Details } from '../output/rows';
import { MOST_ROWS, rowsOfCall } from '../output/rows';
import type { Settings } from '../input/parameters';
import type { ItemRequest, ItemResult, OperationContext } from './itemRequest';
import { byCallOptions, callsOf, failuresByCall, resultsOf } from './itemRequest';

/** Reads who has individual access: each call asked for once, answered to every item that names it. */
export async function list(
	context: OperationContext,
	requests: ItemRequest[],
): Promise<ItemResult[]> {
	const { settings, sender, continues } = context;
	const calls = callsOf(requests);
	const options = byCallOptions(context, calls.length);
	const outcomes = await askByCall(sender, calls, READ_ACCESS, options);
	const failures = failuresByCall(outcomes, !settings.reportUnknownCalls);
	const tooMany = tooManyRows(requests, outcomes, settings.splitInto);
	const others = tooMany.size === 0 ? requests : requests.filter((one) => !tooMany.has(one));
	const ends = !continues && failures.size + tooMany.size > 0;
	const details = ends ? {} : await lookUpDetails(context, outcomes, callsOf(others), failures);
	const answered = (callId: string) => {
		const outcome = outcomes.get(callId);
		return outcome && outcome.kind !== 'failed' && !failures.has(callId) ? outcome : undefined;
	};

	const people =
		settings.splitInto === 'people' ? peopleRows(others, answered, settings, details) : null;
	const results = resultsOf(context, others, failures, (request) => {
		if (people) return people.get(request) ?? [];
		return request.callIds.flatMap((callId) => {
			const outcome = answered(callId);
			if (!outcome) return [];
			return rowsOfCall(callId, outcome, settings, details).map((row) =>
				linkedItem(row, request.itemIndex),
			);
		});
	});
	const resultOf = new Map(others.map((request, index) => [request, results[index]]));
	return requests.map((request) => {
		const failure = tooMany.get(request);
		return resultOf.get(request) ?? { rows: [], failures: failure ? [failure] : [] };
	});
}

/**
 * The items with more rows than n8n takes. Found before any row is made, which would keep n8n busy for long,
 * and before a name is looked up for each of them.
 */
function tooManyRows(
	requests: ItemRequest[],
	outcomes: Map<string, CallOutcome<string[]>>,
	splitInto: Settings['splitInto'],
): Map<ItemRequest, Failure> {
	const tooMany = new Map<ItemRequest, Failure>();
	if (splitInto === 'calls') return tooMany;
	const people = new Set<string>();
	for (const request of requests) {
		const before = people.size;
		let rows = 0;
		for (const callId of request.callIds) {
			const outcome = outcomes.get(callId);
			if (outcome?.kind !== 'found') continue;
			rows += outcome.value.length;
			if (splitInto === 'people') for (const userId of outcome.value) people.add(userId);
		}
		// A person's row stands with the first item that led to it.
		if (splitInto === 'people') rows = people.size - before;
		if (rows > MOST_ROWS) {
			tooMany.set(request, messages.tooManyRows(rows, MOST_ROWS, request.callIds));
		}
	}
	return tooMany;
}

/**
 * Names beside the IDs, where they are asked for: each user and each call once.
 * @param failures the calls without rows so far; those whose names could not be looked up come to them
 */
async function lookUpDetails(
	{ sender, settings, continues }: OperationContext,
	outcomes: Map<string, CallOutcome<string[]>>,
	callIds: string[],
	failures: Map<string, Failure>,
): Promise<Details> {
	const details: Details = {};
	const usersOf = (callId: string): string[] => {
		const outcome = outcomes.get(callId);
		return outcome?.kind === 'found' ? outcome.value : [];
	};
	if (settings.includeUserDetails) {
		const ids = new Set<string>();
		for (const callId of callIds) for (const userId of usersOf(callId)) ids.add(userId);
		const looked = await usersById(sender, ids, !continues);
		details.users = looked.byId;
		if (looked.failures.size > 0) {
			for (const callId of callIds) {
				const userId = usersOf(callId).find((id) => looked.failures.has(id));
				const failure = userId === undefined ? undefined : looked.failures.get(userId);
				if (failure && !failures.has(callId)) failures.set(callId, failure);
			}
		}
	}
	const ends = !continues && failures.size > 0;
	if (settings.includeCallDetails && settings.splitInto !== 'people' && !ends) {
		const known = callIds.filter((callId) => outcomes.get(callId)?.kind === 'found');
		const looked = await callsById(sender, known, settings.callsPerRequest, !continues);
		details.calls = looked.byId;
		for (const [callId, failure] of looked.failures) {
			if (!failures.has(callId)) failures.set(callId, failure);
		}
	}
	return details;
}
