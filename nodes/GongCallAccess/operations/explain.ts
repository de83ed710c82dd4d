import * as messages from '../messages/explainMessages';
import type { Failure } from '../failure';
import { peopleIn, waysInto } from '../gong/ways';
import type { Explanation } from '../output/explainRows';
import { explainRows } from '../output/explainRows';
import { linkedItem } from '../output/linkedItem';
import { MAX_ROWS } from '../output/rows';
import type { Settings } from '../parameters/itemParameters';
import type { Facts } from './explainFacts';
import { readFacts } from './explainFacts';
import { gapsOf } from './explainGaps';
import type { AskedItem, ItemResult, OperationContext } from './operation';
import { callsOf, resultsOf } from './itemResults';

/**
 * Explains who can see calls, and by which ways. What it reads stands in `explainFacts.ts`, the rules in
 * `gong/ways.ts`.
 */
export async function explain(
	context: OperationContext,
	requests: AskedItem[],
): Promise<ItemResult[]> {
	const { settings } = context;
	const facts = await readFacts(context, callsOf(requests));
	const { users, calls, failures } = facts;
	const details = {
		...(settings.includeUserDetails ? { users } : {}),
		...(settings.includeCallDetails ? { calls } : {}),
	};
	const explanations = new Map<string, Explanation>();
	const explanationFor = (callId: string): Explanation => {
		const explanation = explanations.get(callId) ?? explanationOf(callId, facts, settings.ways);
		explanations.set(callId, explanation);
		return explanation;
	};
	const tooMany = itemsWithTooManyRows(requests, failures, settings, explanationFor);
	const results = resultsOf(
		context,
		requests,
		() => failures,
		(request) => {
			if (tooMany.has(request)) return [];
			const answered = request.callIds.filter((callId) => !failures.has(callId));
			return answered
				.flatMap((callId) => explainRows(explanationFor(callId), users, settings, details))
				.map((row) => linkedItem(row, request.itemIndex));
		},
	);
	return results.map((result, place) => {
		const failure = tooMany.get(requests[place]);
		return failure ? { rows: [], failures: [failure] } : result;
	});
}

/** What follows from the facts for a call that is known, or reported as unknown. */
function explanationOf(callId: string, facts: Facts, chosen: Settings['ways']): Explanation {
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
		return {
			...common,
			found: false,
			ways: [],
			notChecked: messages.notChecked(chosen, []),
			unsureWays: new Set(),
			requestIds: requestId === null ? [] : [requestId],
			requestId,
		};
	}
	const held = folders?.byCall.get(callId) ?? [];
	const seen = {
		isPrivate: common.isPrivate,
		participants: call?.participants ?? [],
		grants: access.value,
		folders: held,
		profiles: profiles?.profiles,
	};
	const requestIds = [
		call?.requestId,
		...(profiles?.requestIds ?? []),
		...held.map(({ requestId }) => requestId),
		access.requestId,
	];
	const gaps = gapsOf(call, workspace, facts).filter(({ way }) => chosen.includes(way));
	return {
		...common,
		found: true,
		ways: waysInto(seen, facts.managers, chosen),
		notChecked: messages.notChecked(chosen, gaps),
		unsureWays: new Set(gaps.map(({ way }) => way)),
		requestIds: [...new Set(requestIds)].filter((id) => typeof id === 'string'),
		requestId: access.requestId ?? call?.requestId ?? null,
	};
}

/** The items with more rows than n8n can take, found before any row is made, which would block n8n for long. */
function itemsWithTooManyRows(
	requests: AskedItem[],
	failures: ReadonlyMap<string, Failure>,
	{ splitInto }: Settings,
	explanationFor: (callId: string) => Explanation,
): Map<AskedItem, Failure> {
	const tooMany = new Map<AskedItem, Failure>();
	if (splitInto === 'calls') return tooMany;
	const counts = new Map<string, number>();
	for (const request of requests) {
		let rows = 0;
		for (const callId of request.callIds) {
			if (failures.has(callId)) continue;
			const people = counts.get(callId) ?? peopleIn(explanationFor(callId).ways).length;
			counts.set(callId, people);
			rows += people;
		}
		if (rows > MAX_ROWS) {
			tooMany.set(request, messages.tooManyExplained(rows, MAX_ROWS, request.callIds));
		}
	}
	return tooMany;
}
