import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { ItemLinks } from './linkedItem';
import type { Details } from './details';
import { callPart, userPart } from './details';
import { playedPart, playedSincePart } from './played';
import type { CallAnswer, RowSettings } from './rows';

interface Person {
	callIds: string[];
	requestIds: Set<string>;
	/** The places of the input items that name a call of this person, in order, each once. */
	items: number[];
}

/**
 * One row for each person over the whole run, with all the calls that they were given access to. A row is linked to
 * every item that led to it, and stands with the first of them. Calls are added one by one, so that n8n can have a
 * turn in between.
 */
export class ListedPeople {
	/** The key null has the calls that Gong does not know, where they are reported. */
	private readonly people = new Map<string | null, Person>();

	/** By call, those who were given access. */
	private readonly peopleOf = new Map<string, Person[]>();

	/** Adds a call that an item names. The items come in their order, and what Gong answered is the same for each. */
	add(itemIndex: number, callId: string, answer: CallAnswer): void {
		let people = this.peopleOf.get(callId);
		if (!people) {
			people = (answer.found ? answer.userIds : [null]).map((userId) => this.personOf(userId));
			this.peopleOf.set(callId, people);
			for (const person of people) {
				person.callIds.push(callId);
				if (answer.requestId !== null) person.requestIds.add(answer.requestId);
			}
		}
		for (const { items } of people) if (items.at(-1) !== itemIndex) items.push(itemIndex);
	}

	/** The rows of all people, one after the other, each with the item that it stands with. */
	*rows(
		settings: Pick<RowSettings, 'reportUnknownCalls'>,
		details: Details,
	): Generator<{ itemIndex: number; row: INodeExecutionData }> {
		const links = new ItemLinks();
		for (const [userId, { callIds, requestIds, items }] of this.people) {
			const json: IDataObject = {
				...userPart(userId, details),
				callIds,
				...(details.calls ? { calls: callIds.map((callId) => callPart(callId, details)) } : {}),
				callCount: callIds.length,
				...playedPart(callIds, userId, details),
				...playedSincePart(details),
				...(settings.reportUnknownCalls ? { found: userId !== null } : {}),
				requestIds: [...requestIds],
			};
			yield { itemIndex: items[0], row: links.linked(json, items) };
		}
	}

	private personOf(userId: string | null): Person {
		let person = this.people.get(userId);
		if (!person) {
			person = { callIds: [], requestIds: new Set(), items: [] };
			this.people.set(userId, person);
		}
		return person;
	}
}
