import type { INodeExecutionData } from 'n8n-workflow';
import type { Failure } from '../failure';
import { tooManyRows, tooMuchListed } from '../messages/inputMessages';
import type { CallResult } from '../gong/callRequests';
import type { Details } from '../output/details';
import { linkedItem } from '../output/linkedItem';
import { ListedPeople } from '../output/peopleRows';
import type { CallAnswer } from '../output/rows';
import { MAX_ROWS, rowsOfCall } from '../output/rows';
import { MAX_RUN_BYTES, sizeOfListed } from '../output/runSize';
import { callsOf, failuresByCall, resultsOf } from './itemResults';
import { beginLastPlayed } from './lastPlayed';
import type { AskedItem, ItemResult, OperationContext } from './operation';
import { Turns } from '../transport/turns';

/** Reads who has individual access: each call asked for once, answered to every item that names it. */
export async function list(context: OperationContext, items: AskedItem[]): Promise<ItemResult[]> {
	const { settings, continues, reading } = context;
	const turns = new Turns();
	const lastPlayed = beginLastPlayed(context);
	const calls = callsOf(items);
	await turns.next();
	const listed = await reading.accessTo(calls);
	const failures = failuresByCall(listed, !settings.reportUnknownCalls);
	const tooMany = await itemsWithTooManyRows(context, items, listed, turns);
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

	const isByPeople = settings.splitInto === 'people';
	const results = await resultsOf(
		context,
		others,
		turns,
		() => failures,
		function* ({ itemIndex }, callId) {
			const answer = isByPeople ? undefined : answered(callId);
			if (!answer) return;
			for (const row of rowsOfCall(callId, answer, settings, details)) {
				yield linkedItem(row, itemIndex);
			}
		},
	);
	const people = isByPeople
		? await rowsByPeople(context, others, answered, details, turns)
		: undefined;
	const resultOf = new Map(others.map((item, index) => [item, results[index]]));
	return items.map((item) => {
		const failure = tooMany.get(item);
		if (failure) return { rows: [], failures: [failure] };
		const { rows = [], failures: ofItem = [] } = resultOf.get(item) ?? {};
		return { rows: people?.get(item.itemIndex) ?? rows, failures: ofItem };
	});
}

/** The rows by people, by the place of the item that each stands with. */
async function rowsByPeople(
	{ settings }: OperationContext,
	items: AskedItem[],
	answered: (callId: string) => CallAnswer | undefined,
	details: Details,
	turns: Turns,
): Promise<Map<number, INodeExecutionData[]>> {
	const people = new ListedPeople();
	for (const { itemIndex, callIds } of items) {
		await turns.forEach(callIds, (callId) => {
			const answer = answered(callId);
			if (answer) people.add(itemIndex, callId, answer);
		});
	}
	const rows = new Map<number, INodeExecutionData[]>();
	await turns.forEach(people.rows(settings, details), ({ itemIndex, row }) => {
		const own = rows.get(itemIndex) ?? [];
		own.push(row);
		rows.set(itemIndex, own);
	});
	return rows;
}

/** What Gong answered for a call; undefined where the request failed. */
function answerOf(result: CallResult<string[]> | undefined): CallAnswer | undefined {
	if (!result) return undefined;
	if (result.ok) return { found: true, userIds: result.value, requestId: result.requestId };
	const { unknown } = result;
	return unknown && { found: false, userIds: [], requestId: unknown.requestId };
}

/**
 * The items with more rows than n8n can take, or all, where it could not save them. They are found before any row is
 * made, and before a name is looked up for each row.
 */
async function itemsWithTooManyRows(
	{ settings, size }: OperationContext,
	items: AskedItem[],
	listed: Map<string, CallResult<string[]>>,
	turns: Turns,
): Promise<Map<AskedItem, Failure>> {
	const { splitInto } = settings;
	const tooMany = new Map<AskedItem, Failure>();
	const people = new Set<string>();
	const added = new Set<string>();
	let canSave = true;
	for (const item of items) {
		const before = people.size;
		let rows = 0;
		await turns.forEach(item.callIds, (callId) => {
			const result = listed.get(callId);
			if (!result?.ok) return;
			rows += result.value.length;
			canSave = size.add(sizeOfListed(result.value.length, settings));
			if (splitInto !== 'people' || added.has(callId)) return;
			added.add(callId);
			for (const userId of result.value) people.add(userId);
		});
		if (!canSave)
			return new Map(items.map((one) => [one, tooMuchListed(MAX_RUN_BYTES, one.callIds)]));
		// A person's row stands with the first item that led to it.
		if (splitInto === 'people') rows = people.size - before;
		if (splitInto !== 'calls' && rows > MAX_ROWS) {
			tooMany.set(item, tooManyRows(rows, MAX_ROWS, item.callIds));
		}
	}
	return tooMany;
}
