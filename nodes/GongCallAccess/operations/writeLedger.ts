import type { Written } from '../messages/writeMessages';

/** The methods that change access: PUT gives it, DELETE takes it. */
export type WriteMethod = 'PUT' | 'DELETE';

/** What became of a write: accepted by Gong, or sent without a usable answer, so that nobody knows. */
type WriteOutcome = 'accepted' | 'lost';

/** How far calls came that are not finished. */
export type Rest = Pick<Written, 'half' | 'unknown' | 'notDone'>;

/** The users of each call that a write names. */
export type UsersByCall = Map<string, string[]>;

/**
 * What was written to Gong since n8n started this node for this execution, over all tries of Retry On Fail. Whatever
 * a message says about a write is read from here. A tool call of an agent has a ledger of its own.
 */
export class WriteLedger {
	/** By method, call and user. */
	private readonly outcomes = {
		PUT: new Map<string, Map<string, WriteOutcome>>(),
		DELETE: new Map<string, Map<string, WriteOutcome>>(),
	};

	/** By group, the calls that are to be changed, and those of which all that it asks was accepted. */
	private readonly groups = new Map<number, { planned: Set<string>; complete: Set<string> }>();

	/** The items for which something may have been sent. */
	private readonly items = new Set<number>();

	/** The calls that were changed in part, or perhaps, when this try began. */
	private halfBefore: ReadonlySet<string> = new Set();

	/** Begins another try. */
	beginTry(): void {
		const touched = Object.values(this.outcomes).flatMap((byCall) => [...byCall.keys()]);
		const complete = new Set([...this.groups.values()].flatMap((group) => [...group.complete]));
		this.halfBefore = new Set(touched.filter((callId) => !complete.has(callId)));
	}

	/** Notes calls that a group is to change, if nothing fails before. */
	plan(group: number, callIds: readonly string[]): void {
		const { planned } = this.progressOf(group);
		for (const callId of callIds) planned.add(callId);
	}

	/** Notes that a call is as a group wants it, and nothing was written for it. */
	leave(group: number, callId: string): void {
		this.progressOf(group).planned.delete(callId);
	}

	/** Notes that all that a group asks for a call was accepted. */
	finish(group: number, callId: string): void {
		this.progressOf(group).complete.add(callId);
	}

	/** Whether all that a group asks for a call was accepted, in this try or an earlier one. */
	isFinished(group: number, callId: string): boolean {
		return this.groups.get(group)?.complete.has(callId) ?? false;
	}

	/** Notes that an item is about to be carried out. */
	carryOut(itemIndex: number): void {
		this.items.add(itemIndex);
	}

	/** Whether anything may have been sent for an item, in any try. */
	wasCarriedOut(itemIndex: number): boolean {
		return this.items.has(itemIndex);
	}

	/**
	 * Notes that a request is about to be sent. Until it is settled nobody knows what became of it.
	 * @returns settles it
	 */
	send(method: WriteMethod, sent: UsersByCall): (outcome: WriteOutcome | 'refused') => void {
		const byCall = this.outcomes[method];
		const before = new Map<string, Map<string, WriteOutcome> | undefined>();
		for (const [callId, userIds] of sent) {
			const known = byCall.get(callId);
			before.set(callId, known && new Map(known));
			const outcomes = known ?? new Map<string, WriteOutcome>();
			for (const userId of userIds) {
				if (!outcomes.has(userId)) outcomes.set(userId, 'lost');
			}
			byCall.set(callId, outcomes);
		}
		return (outcome) => {
			for (const [callId, userIds] of sent) {
				const outcomes = byCall.get(callId);
				const earlier = before.get(callId);
				for (const userId of userIds) {
					if (outcome === 'accepted') outcomes?.set(userId, outcome);
					else if (outcome === 'refused' && !earlier?.has(userId)) outcomes?.delete(userId);
				}
				if (outcomes?.size === 0) byCall.delete(callId);
			}
		};
	}

	/**
	 * How far the run came, for the failure that ends it.
	 * @param group whose operation failed, if one did
	 * @param rest how far its calls came that are not finished
	 */
	soFar(group?: number, rest: Rest = { half: [], unknown: [], notDone: [] }): Written {
		// What the group got in an earlier try is done, whatever became of it in this one.
		const isOpen = (id: string): boolean => group === undefined || !this.isFinished(group, id);
		const { half } = rest;
		const lost = rest.unknown.filter(isOpen);
		const refused = rest.notDone.filter(isOpen);
		const own = new Set([...half, ...lost, ...refused]);
		const finished = new Set<string>();
		const later = new Set<string>();
		for (const { planned, complete } of this.groups.values()) {
			for (const callId of complete) finished.add(callId);
			for (const callId of planned) {
				if (!complete.has(callId) && !own.has(callId)) later.add(callId);
			}
		}
		const isTouched = (id: string): boolean => !finished.has(id) && this.stateOf(id) !== undefined;
		const unknown = [
			...lost,
			...refused.filter((id) => this.halfBefore.has(id)),
			...[...later].filter(isTouched),
		];
		const notDone = [
			...refused.filter((id) => !this.halfBefore.has(id)),
			...[...later].filter((id) => !isTouched(id)),
		];
		const others = new Set([...half, ...unknown, ...notDone]);
		const accepted = [...finished].filter((id) => !others.has(id));
		const earlier = [...finished].filter((id) => others.has(id));
		return { accepted, earlier, half, unknown, notDone };
	}

	/** The users of a call for whom a write was accepted, or may have been carried out, in any try. */
	usersOf(method: WriteMethod, callId: string): string[] {
		return [...(this.outcomes[method].get(callId)?.keys() ?? [])];
	}

	/**
	 * What is known of all writes to a call.
	 * @param userIds only those for these users; left out for any user
	 * @returns `lost` where one may have been carried out; undefined where nothing was written
	 */
	stateOf(callId: string, userIds?: readonly string[]): WriteOutcome | undefined {
		let state: WriteOutcome | undefined;
		for (const byCall of Object.values(this.outcomes)) {
			const outcomes = byCall.get(callId);
			if (!outcomes) continue;
			for (const userId of userIds ?? outcomes.keys()) {
				const outcome = outcomes.get(userId);
				if (outcome === 'lost') return 'lost';
				state ??= outcome;
			}
		}
		return state;
	}

	private progressOf(group: number): { planned: Set<string>; complete: Set<string> } {
		const known = this.groups.get(group) ?? { planned: new Set(), complete: new Set() };
		this.groups.set(group, known);
		return known;
	}
}
