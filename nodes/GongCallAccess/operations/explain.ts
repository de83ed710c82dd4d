import type { INodeExecutionData } from 'n8n-workflow';
import * as messages from '../messages/explainMessages';
import type { Failure } from '../failure';
import { waysInto } from '../gong/ways';
import type { Details } from '../output/details';
import { ExplainedPeople } from '../output/explainPeopleRows';
import { explainRows } from '../output/explainRows';
import { linkedItem } from '../output/linkedItem';
import type { Explanation } from '../output/reasons';
import { MAX_ROWS } from '../output/rows';
import { MAX_RUN_BYTES, sizeOfExplained } from '../output/runSize';
import type { Facts } from './explainFacts';
import { readFacts } from './explainFacts';
import { gapsOf } from './explainGaps';
import type { AskedItem, ItemResult, OperationContext } from './operation';
import { callsOf, resultsOf } from './itemResults';
import { Turns } from '../transport/turns';

/** What was found out about the calls of items, by item. */
interface Explained {
	explanations: Map<AskedItem, Explanation[]>;
	/** Why items have no rows. */
	tooMany: Map<AskedItem, Failure>;
	/** What was thrown for an item. */
	thrown: Map<AskedItem, unknown>;
}

/**
 * Explains who can see calls, and by which ways. What it reads stands in `explainFacts.ts`, the rules in
 * `gong/ways.ts`.
 */
export async function explain(
	context: OperationContext,
	items: AskedItem[],
): Promise<ItemResult[]> {
	const { settings } = context;
	const facts = await readFacts(context, callsOf(items));
	const turns = new Turns();
	const explained = await explainItems(context, items, facts, turns);
	const { tooMany, thrown } = explained;
	const details: Details = {
		...(settings.includeUserDetails ? { users: facts.users } : {}),
		...(settings.includeCallDetails ? { calls: facts.calls } : {}),
		...(facts.plays ? { plays: facts.plays } : {}),
	};
	const makeRows = settings.splitInto === 'people' ? rowsByPeople : rowsByItem;
	const rows = await makeRows(context, explained, facts, details, turns);
	const results = await resultsOf(
		context,
		items,
		turns,
		(item) => {
			if (thrown.has(item)) throw thrown.get(item);
			return facts.failures;
		},
		() => [],
	);
	return results.map((result, place) => {
		const item = items[place];
		const failure = tooMany.get(item);
		if (failure) return { rows: [], failures: [failure] };
		return { ...result, rows: rows.get(item) ?? result.rows };
	});
}

/** Explains each call once. It ends as soon as it is known that the rows would be too many. */
async function explainItems(
	{ settings, size }: OperationContext,
	items: AskedItem[],
	facts: Facts,
	turns: Turns,
): Promise<Explained> {
	const explained: Explained = { explanations: new Map(), tooMany: new Map(), thrown: new Map() };
	const known = new Map<string, { explanation: Explanation; rows: number; bytes: number }>();
	for (const item of items) {
		const own: Explanation[] = [];
		let rows = 0;
		try {
			for (const callId of item.callIds) {
				if (facts.failures.has(callId)) continue;
				let one = known.get(callId);
				if (!one) {
					const explanation = explanationOf(callId, facts, settings.ways);
					one = { explanation, ...sizeOfExplained(explanation, settings) };
					known.set(callId, one);
				}
				own.push(one.explanation);
				rows += one.rows;
				if (!size.add(one.bytes)) return nothingBut(items);
				await turns.next();
			}
		} catch (error) {
			explained.thrown.set(item, error);
			continue;
		}
		if (rows > MAX_ROWS) {
			const failure = messages.tooManyExplained(rows, MAX_ROWS, item.callIds);
			explained.tooMany.set(item, failure);
		} else explained.explanations.set(item, own);
	}
	return explained;
}

function nothingBut(items: AskedItem[]): Explained {
	const tooMuch = (item: AskedItem): Failure =>
		messages.tooMuchExplained(MAX_RUN_BYTES, item.callIds);
	return {
		explanations: new Map(),
		tooMany: new Map(items.map((item) => [item, tooMuch(item)])),
		thrown: new Map(),
	};
}

type Rows = Map<AskedItem, INodeExecutionData[]>;

/** The rows by calls or by users, of one item after the other. */
async function rowsByItem(
	{ settings }: OperationContext,
	{ explanations, thrown }: Explained,
	{ users }: Facts,
	details: Details,
	turns: Turns,
): Promise<Rows> {
	const rows: Rows = new Map();
	for (const [item, own] of explanations) {
		const ofItem: INodeExecutionData[] = [];
		try {
			for (const explanation of own) {
				for (const json of explainRows(explanation, users, settings, details)) {
					ofItem.push(linkedItem(json, item.itemIndex));
				}
				await turns.next();
			}
			rows.set(item, ofItem);
		} catch (error) {
			thrown.set(item, error);
		}
	}
	return rows;
}

/** The rows by people, over all items. */
async function rowsByPeople(
	{ settings }: OperationContext,
	{ explanations }: Explained,
	{ users }: Facts,
	details: Details,
	turns: Turns,
): Promise<Rows> {
	const people = new ExplainedPeople();
	for (const [{ itemIndex }, own] of explanations) {
		for (const explanation of own) {
			people.add(itemIndex, explanation);
			await turns.next();
		}
	}
	const requestAt = new Map([...explanations.keys()].map((one) => [one.itemIndex, one]));
	const rows: Rows = new Map();
	for (const { itemIndex, row } of people.rows(users, settings, details)) {
		const item = requestAt.get(itemIndex);
		const own = (item && rows.get(item)) ?? [];
		own.push(row);
		if (item) rows.set(item, own);
		await turns.next();
	}
	return rows;
}

/** What follows from the facts for a call that is known, or reported as unknown. */
function explanationOf(
	callId: string,
	facts: Facts,
	chosen: OperationContext['settings']['ways'],
): Explanation {
	const call = facts.calls.get(callId);
	const access = facts.access.get(callId);
	const workspace = facts.workspaces.get(call?.workspaceId ?? '') ?? {};
	const { profiles, folders } = workspace;
	const common = {
		callId,
		isPrivate: call?.isPrivate ?? null,
		workspaceId: call?.workspaceId ?? null,
	};
	if (!access?.ok) {
		const requestId = access?.unknown?.requestId ?? null;
		const requestIds = requestId === null ? [] : [requestId];
		return { ...common, found: false, ways: [], gaps: [], requestIds, requestId };
	}
	const held = folders?.byCall.get(callId) ?? [];
	const seen = {
		isPrivate: common.isPrivate,
		participants: call?.participants ?? [],
		grants: access.value,
		mentioned: call?.mentions?.userIds ?? [],
		folders: held,
		profiles: profiles?.profiles,
	};
	const requestIds = [
		call?.requestId,
		...(profiles?.requestIds ?? []),
		...held.map(({ requestId }) => requestId),
		access.requestId,
	];
	const isListed = !facts.withoutAccessList.has(callId);
	return {
		...common,
		found: true,
		ways: waysInto(seen, facts.managers, chosen),
		gaps: gapsOf(call, workspace, facts, isListed).filter(({ way }) => chosen.includes(way)),
		requestIds: [...new Set(requestIds)].filter((id) => typeof id === 'string'),
		requestId: access.requestId ?? call?.requestId ?? null,
	};
}
