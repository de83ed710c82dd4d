import type { Failure } from '../errors/failure';
import { tooManyRows } from '../errors/inputMessages';
import { READ_ACCESS } from '../gong/access';
import type { CallResult } from '../gong/batchAndBisect';
import { requestByCall } from '../gong/batchAndBisect';
import { callsById } from '../gong/calls';
import { usersById } from '../gong/users';
import { linkedItem } from '../output/items';
import { peopleRows } from '../output/peopleRows';
import type { CallAnswer, Details } from '../output/rows';
import { MAX_ROWS, rowsOfCall } from '../output/rows';
import type { Settings } from '../parameters/itemParameters';
import type { ItemRequest, ItemResult, OperationContext } from './itemRequest';
import { batchOptions, callsOf, failuresByCall, resultsOf } from './itemRequest';

/** Reads who has individual access: each call asked for once, answered to every item that names it. */
export async function list(
	context: OperationContext,
	requests: ItemRequest[],
): Promise<ItemResult[]> {
	const { settings, client, continues } = context;
	const calls = callsOf(requests);
	const options = batchOptions(context, calls.length);
	const listed = await requestByCall(client, calls, READ_ACCESS, options);
	const failures = failuresByCall(listed, !settings.reportUnknownCalls);
	const tooMany = itemsWithTooManyRows(requests, listed, settings.splitInto);
	const others = tooMany.size === 0 ? requests : requests.filter((one) => !tooMany.has(one));
	const ends = !continues && failures.size + tooMany.size > 0;
	const details = ends ? {} : await lookUpDetails(context, listed, callsOf(others), failures);
	const answered = (callId: string): CallAnswer | undefined =>
		failures.has(callId) ? undefined : answerOf(listed.get(callId));

	const people =
		settings.splitInto === 'people' ? peopleRows(others, answered, settings, details) : null;
	const results = resultsOf(context, others, failures, (request) => {
		if (people) return people.get(request) ?? [];
		return request.callIds.flatMap((callId) => {
			const answer = answered(callId);
			if (!answer) return [];
			return rowsOfCall(callId, answer, settings, details).map((row) =>
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

/** What Gong answered for a call; undefined where the request failed. */
function answerOf(result: CallResult<string[]> | undefined): CallAnswer | undefined {
	if (!result) return undefined;
	if (result.ok) return { found: true, userIds: result.value, requestId: result.requestId };
	const { unknown } = result;
	return unknown && { found: false, userIds: [], requestId: unknown.requestId };
}

/**
 * The items with more rows than n8n can take. They are found before any row is made, which would block n8n for
 * long, and before a name is looked up for each row.
 */
function itemsWithTooManyRows(
	requests: ItemRequest[],
	listed: Map<string, CallResult<string[]>>,
	splitInto: Settings['splitInto'],
): Map<ItemRequest, Failure> {
	const tooMany = new Map<ItemRequest, Failure>();
	if (splitInto === 'calls') return tooMany;
	const people = new Set<string>();
	for (const request of requests) {
		const before = people.size;
		let rows = 0;
		for (const callId of request.callIds) {
			const result = listed.get(callId);
			if (!result?.ok) continue;
			rows += result.value.length;
			if (splitInto === 'people') for (const userId of result.value) people.add(userId);
		}
		// A person's row stands with the first item that led to it.
		if (splitInto === 'people') rows = people.size - before;
		if (rows > MAX_ROWS) {
			tooMany.set(request, tooManyRows(rows, MAX_ROWS, request.callIds));
		}
	}
	return tooMany;
}

/**
 * Names beside the IDs, where they are asked for: each user and each call once.
 * @param failures the calls without rows so far; those whose names could not be looked up come to them
 */
async function lookUpDetails(
	{ client, settings, continues }: OperationContext,
	listed: Map<string, CallResult<string[]>>,
	callIds: string[],
	failures: Map<string, Failure>,
): Promise<Details> {
	const details: Details = {};
	const usersOf = (callId: string): string[] => {
		const result = listed.get(callId);
		return result?.ok ? result.value : [];
	};
	if (settings.includeUserDetails) {
		const ids = new Set<string>();
		for (const callId of callIds) for (const userId of usersOf(callId)) ids.add(userId);
		const found = await usersById(client, ids, !continues);
		details.users = found.byId;
		if (found.failures.size > 0) {
			for (const callId of callIds) {
				const userId = usersOf(callId).find((id) => found.failures.has(id));
				const failure = userId === undefined ? undefined : found.failures.get(userId);
				if (failure && !failures.has(callId)) failures.set(callId, failure);
			}
		}
	}
	const ends = !continues && failures.size > 0;
	if (settings.includeCallDetails && settings.splitInto !== 'people' && !ends) {
		const known = callIds.filter((callId) => listed.get(callId)?.ok);
		const found = await callsById(client, known, settings.callsPerRequest, !continues);
		details.calls = found.byId;
		for (const [callId, failure] of found.failures) {
			if (!failures.has(callId)) failures.set(callId, failure);
		}
	}
	return details;
}
