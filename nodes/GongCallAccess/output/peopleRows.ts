import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { linkedItem } from './linkedItem';
import type { Details } from './details';
import { callPart, userPart } from './details';
import { playedPart, playedSincePart } from './played';
import type { CallAnswer, RowSettings } from './rows';

/** An input item and the calls that it names. */
interface AskingItem {
	itemIndex: number;
	callIds: string[];
}

interface Person {
	callIds: Set<string>;
	requestIds: Set<string>;
	/** The input items that name a call of this person, in order. */
	items: Set<AskingItem>;
}

/**
 * One row for each person over the whole run, with all the calls that they were given access to. A row is
 * linked to every item that led to it, and stands with the first of them.
 */
export function peopleRows<T extends AskingItem>(
	items: T[],
	answered: (callId: string) => CallAnswer | undefined,
	settings: Pick<RowSettings, 'reportUnknownCalls'>,
	details: Details,
): Map<AskingItem, INodeExecutionData[]> {
	// The key null has the calls that Gong does not know, where they are reported.
	const people = new Map<string | null, Person>();
	for (const item of items) {
		for (const callId of item.callIds) {
			const answer = answered(callId);
			if (!answer) continue;
			for (const userId of answer.found ? answer.userIds : [null]) {
				const person = people.get(userId) ?? {
					callIds: new Set(),
					requestIds: new Set(),
					items: new Set(),
				};
				people.set(userId, person);
				person.callIds.add(callId);
				if (answer.requestId !== null) person.requestIds.add(answer.requestId);
				person.items.add(item);
			}
		}
	}
	const rows = new Map<AskingItem, INodeExecutionData[]>();
	for (const [userId, person] of people) {
		const [first] = person.items;
		const json: IDataObject = {
			...userPart(userId, details),
			callIds: [...person.callIds],
			...(details.calls
				? { calls: [...person.callIds].map((callId) => callPart(callId, details)) }
				: {}),
			callCount: person.callIds.size,
			...playedPart(person.callIds, userId, details),
			...playedSincePart(details),
			...(settings.reportUnknownCalls ? { found: userId !== null } : {}),
			requestIds: [...person.requestIds],
		};
		const from = [...person.items].map(({ itemIndex }) => itemIndex);
		const own = rows.get(first) ?? [];
		own.push(linkedItem(json, from));
		rows.set(first, own);
	}
	return rows;
}
