import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { Gap } from '../messages/explainMessages';
import { notCheckedInRun } from '../messages/explainMessages';
import type { GongUser } from '../gong/users';
import type { Way, WayName } from '../gong/ways';
import { CERTAINTIES, WAYS } from '../gong/ways';
import type { Details } from './details';
import { callPart } from './details';
import { sourcePart, wayPart } from './explainRows';
import { ItemLinks } from './linkedItem';
import { playedPart, playedSincePart } from './played';
import type { Explanation } from './reasons';
import { reasonsByUser } from './reasons';

interface Person {
	callIds: string[];
	onlyViaApiCallIds: string[];
	/** By what tells them apart. */
	ways: Map<string, { way: Way; callIds: string[] }>;
	/** The lists of request IDs that they came from: most calls share theirs with others. */
	requestIds: Map<string, readonly string[]>;
	/** The places of the input items that name a call of this person, in order. */
	items: Set<number>;
}

/**
 * Explain by people: by users, turned round. One row for each person over the whole run; it is linked to every item
 * that led to it, and stands with the first of them. Calls are added one by one, so that n8n can have a turn in
 * between.
 */
export class ExplainedPeople {
	/** The key null has the calls that Gong does not know, where they are reported. */
	private readonly people = new Map<string | null, Person>();

	/** By call, those who were found for it. */
	private readonly peopleOf = new Map<string, Person[]>();

	private readonly gaps: Gap[][] = [];

	/** Adds a call that an item names; what it says counts once, however many items name it. */
	add(itemIndex: number, explanation: Explanation): void {
		const { callId } = explanation;
		const people = this.peopleOf.get(callId) ?? this.explained(explanation);
		this.peopleOf.set(callId, people);
		for (const person of people) person.items.add(itemIndex);
	}

	/** What was not looked at in any of the calls: somebody may see one for which they were not found. */
	notChecked(chosen: readonly WayName[]): string[] {
		return notCheckedInRun(chosen, this.gaps);
	}

	/** How many people there are. */
	get size(): number {
		return this.people.size;
	}

	/**
	 * The rows of all people, one after the other, each with the item that it stands with.
	 * @param users all users of the company, by ID
	 */
	*rows(
		users: ReadonlyMap<string, GongUser>,
		{ ways, reportUnknownCalls }: { ways: WayName[]; reportUnknownCalls: boolean },
		details: Details,
	): Generator<{ itemIndex: number; row: INodeExecutionData }> {
		const notChecked = this.notChecked(ways);
		const links = new ItemLinks();
		for (const [userId, person] of this.people) {
			const user = users.get(userId ?? '');
			const { callIds } = person;
			const json: IDataObject = {
				userId,
				...(details.users ? { userName: user?.name ?? null, userEmail: user?.email ?? null } : {}),
				userActive: user?.active ?? null,
				callIds,
				...(details.calls ? { calls: callIds.map((callId) => callPart(callId, details)) } : {}),
				callCount: callIds.length,
				onlyViaApiCallIds: person.onlyViaApiCallIds,
				ways: waysOf(person),
				notChecked: [...notChecked],
				...playedPart(callIds, userId, details),
				...playedSincePart(details),
				...(reportUnknownCalls ? { found: userId !== null } : {}),
				requestIds: [...new Set([...person.requestIds.values()].flat())],
			};
			const items = [...person.items];
			yield { itemIndex: items[0], row: links.linked(json, items) };
		}
	}

	/** Adds what was found out about a call to the people who were found. */
	private explained(explanation: Explanation): Person[] {
		const { callId, found, ways, gaps, requestIds } = explanation;
		const key = requestIds.join();
		if (!found) {
			const nobody = this.personOf(null);
			nobody.callIds.push(callId);
			nobody.requestIds.set(key, requestIds);
			return [nobody];
		}
		this.gaps.push(gaps);
		const people: Person[] = [];
		for (const [userId, { onlyViaApi }] of reasonsByUser(explanation)) {
			const person = this.personOf(userId);
			people.push(person);
			person.callIds.push(callId);
			if (onlyViaApi === true) person.onlyViaApiCallIds.push(callId);
			person.requestIds.set(key, requestIds);
		}
		for (const way of ways) {
			const kind = JSON.stringify([way.way, way.certainty, way.profile?.id, way.folder?.id]);
			for (const userId of way.userIds) {
				const own = this.personOf(userId).ways;
				const known = own.get(kind);
				if (known) known.callIds.push(callId);
				else own.set(kind, { way, callIds: [callId] });
			}
		}
		return people;
	}

	private personOf(userId: string | null): Person {
		let person = this.people.get(userId);
		if (!person) {
			person = {
				callIds: [],
				onlyViaApiCallIds: [],
				ways: new Map(),
				requestIds: new Map(),
				items: new Set(),
			};
			this.people.set(userId, person);
		}
		return person;
	}
}

/** The ways that lead to somebody, in their order, the surest first. */
function waysOf({ ways }: Person): IDataObject[] {
	const placeOf = ({ way: { way, certainty } }: { way: Way }): number =>
		WAYS.indexOf(way) * CERTAINTIES.length + CERTAINTIES.indexOf(certainty);
	return [...ways.values()]
		.sort((one, other) => placeOf(one) - placeOf(other))
		.map(({ way, callIds }) => ({ ...wayPart(way), callIds, ...sourcePart(way) }));
}
