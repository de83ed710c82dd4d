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

	private readonly planned = new Set<string>();

	private readonly complete = new Set<string>();

	/** The items for which something may have been sent. */
	private readonly items = new Set<number>();

	/** The calls that were changed in part, or perhaps, when this try began. */
	private halfBefore: ReadonlySet<string> = new Set();

	/** Begins another try. */
	beginTry(): void {
		const touched = Object.values(this.outcomes).flatMap((byCall) => [...byCall.keys()]);
		this.halfBefore = new Set(touched.filter((callId) => !this.complete.has(callId)));
	}

	/** Notes calls that are to be changed, if nothing fails before. */
	plan(callIds: readonly string[]): void {
		for (const callId of callIds) this.planned.add(callId);
	}

	/** Notes that a call is as it is to be, and nothing was written for it. */
	leave(callId: string): void {
		this.planned.delete(callId);
	}

	/** Whether anything is to be changed. */
	get plansAny(): boolean {
		return this.planned.size > 0;
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

	/** Notes that all that was asked for a call was accepted. */
	finish(callId: string): void {
		this.complete.add(callId);
	}

	/** The calls for which all that was asked was accepted, in this try or an earlier one. */
	get finished(): ReadonlySet<string> {
		return this.complete;
	}

	/**
	 * How far the run came, for the failure that ends it.
	 * @param rest calls that are not finished; what was not begun is added
	 */
	soFar(rest: Rest = { half: [], unknown: [], notDone: [] }): Written {
		const { half } = rest;
		const own = new Set([...half, ...rest.unknown, ...rest.notDone]);
		const later = [...this.planned].filter((id) => !this.complete.has(id) && !own.has(id));
		const left = [...rest.notDone, ...later];
		const unknown = [...rest.unknown, ...left.filter((id) => this.halfBefore.has(id))];
		const notDone = left.filter((id) => !this.halfBefore.has(id));
		const finished = [...this.complete];
		const accepted = finished.filter((id) => !own.has(id));
		const earlier = finished.filter((id) => own.has(id));
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
}
