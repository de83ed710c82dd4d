import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { Settings } from '../input/parameters';
import type { ItemRequest } from './itemRequest';
import { linkedItem } from '../output/items';
import type { Answered, Details } from '../output/rows';
import { requestIdOf, userPart } from '../output/rows';

interface Person {
	callIds: Set<string>;
	requestIds: Set<string>;
	requests: Set<ItemRequest>;
}

/**
 * One row for each person over the whole run, with all the calls that they were given access to. A row is
 * linked to every item that led to it, and stands with the first of them.
 */
export function peopleRows(
	requests: ItemRequest[],
	answered: (callId: string) => Answered | undefined,
	settings: Settings,
	details: Details,
): Map<ItemRequest, INodeExecutionData[]> {
	// A null stands for the calls that Gong does not know, where they are reported.
	const people = new Map<string | null, Person>();
	for (const request of requests) {
		for (const callId of request.callIds) {
			const outcome = answered(callId);
			if (!outcome) continue;
			for (const userId of outcome.kind === 'found' ? outcome.value : [null]) {
				const person = people.get(userId) ?? {
					callIds: new Set(),
					requestIds: new Set(),
					requests: new Set(),
				};
				people.set(userId, person);
				const requestId = requestIdOf(outcome);
				person.callIds.add(callId);
				if (requestId !== null) person.requestIds.add(requestId);
				person.requests.add(request);
			}
		}
	}
	const rows = new Map<ItemRequest, INodeExecutionData[]>();
	for (const [userId, person] of people) {
		const [first] = person.requests;
		const json: IDataObject = {
			...userPart(userId, details),
			callIds: [...person.callIds],
			callCount: person.callIds.size,
			...(settings.reportUnknownCalls ? { found: userId !== null } : {}),
			requestIds: [...person.requestIds],
		};
		const from = [...person.requests].map(({ itemIndex }) => itemIndex);
		const own = rows.get(first) ?? [];
		own.push(linkedItem(json, from));
		rows.set(first, own);
	}
	return rows;
}
