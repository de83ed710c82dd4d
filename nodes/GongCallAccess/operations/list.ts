import type { Failure } from '../failure';
import { tooManyRows } from '../messages/inputMessages';
import type { CallResult } from '../gong/callRequests';
import { linkedItem } from '../output/linkedItem';
import { peopleRows } from '../output/peopleRows';
import type { CallAnswer } from '../output/rows';
import { MAX_ROWS, rowsOfCall } from '../output/rows';
import type { Settings } from '../parameters/itemParameters';
import { callsOf, failuresByCall, resultsOf } from './itemResults';
import { beginLastPlayed } from './lastPlayed';
import type { AskedItem, ItemResult, OperationContext } from './operation';

/** Reads who has individual access: each call asked for once, answered to every item that names it. */
export async function list(context: OperationContext, items: AskedItem[]): Promise<ItemResult[]> {
	const { settings, continues, reading } = context;
	const lastPlayed = beginLastPlayed(context);
	const listed = await reading.accessTo(callsOf(items));
	const failures = failuresByCall(listed, !settings.reportUnknownCalls);
	const tooMany = itemsWithTooManyRows(items, listed, settings.splitInto);
	const others = tooMany.size === 0 ? items : items.filter((one) => !tooMany.has(one));
	const known = callsOf(others).filter((callId) => listed.get(callId)?.ok);
	const usersOf = (callId: string): string[] => {
		const result = listed.get(callId);
		return result?.ok ? result.value : [];
	};
	const ends = !continues && tooMany.size > 0;
	const details = ends
		? {}
		: {
				...(await reading.detailsOf(known, usersOf, failures)),
				...(await lastPlayed(known, failures)),
			};
	const answered = (callId: string): CallAnswer | undefined =>
		failures.has(callId) ? undefined : answerOf(listed.get(callId));

	const people =
		settings.splitInto === 'people' ? peopleRows(others, answered, settings, details) : null;
	const results = resultsOf(
		context,
		others,
		() => failures,
		(item) => {
			if (people) return people.get(item) ?? [];
			return item.callIds.flatMap((callId) => {
				const answer = answered(callId);
				if (!answer) return [];
				return rowsOfCall(callId, answer, settings, details).map((row) =>
					linkedItem(row, item.itemIndex),
				);
			});
		},
	);
	const resultOf = new Map(others.map((item, index) => [item, results[index]]));
	return items.map((item) => {
		const failure = tooMany.get(item);
		return resultOf.get(item) ?? { rows: [], failures: failure ? [failure] : [] };
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
	items: AskedItem[],
	listed: Map<string, CallResult<string[]>>,
	splitInto: Settings['splitInto'],
): Map<AskedItem, Failure> {
	const tooMany = new Map<AskedItem, Failure>();
	if (splitInto === 'calls') return tooMany;
	const people = new Set<string>();
	for (const item of items) {
		const before = people.size;
		let rows = 0;
		for (const callId of item.callIds) {
			const result = listed.get(callId);
			if (!result?.ok) continue;
			rows += result.value.length;
			if (splitInto === 'people') for (const userId of result.value) people.add(userId);
		}
		// A person's row stands with the first item that led to it.
		if (splitInto === 'people') rows = people.size - before;
		if (rows > MAX_ROWS) {
			tooMany.set(item, tooManyRows(rows, MAX_ROWS, item.callIds));
		}
	}
	return tooMany;
}
