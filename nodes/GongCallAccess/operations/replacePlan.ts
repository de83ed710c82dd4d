import type { Failure } from '../failure';
import { withoutZeros } from '../gong/zeros';
import * as messages from '../messages/writeMessages';

/** What one item of a run says about a replace, as far as it can be read. */
export interface PlannedItem {
	itemIndex: number;
	/** The calls that it names, as far as they can be read. */
	callIds: string[];
	/** Whether `callIds` is all that it names. */
	callsAreKnown: boolean;
	/** Whether not even the value that names its calls is known. */
	callsThrew: boolean;
	/** The users that it names; undefined where not all of them are known. */
	userIds: string[] | undefined;
	/** What tells its settings apart from another item's; undefined for an item that fails. */
	settingsKey: string | undefined;
	/** What tells its credential apart from another item's; undefined where it is not known. */
	credential: string | undefined;
}

/**
 * Who is to have access to each call after a replace, over all items of a run, those that fail too.
 *
 * The users of all good items that name a call are put together. We cannot know all users of an item that fails, so
 * the calls that it names are left unchanged. Where we cannot read all of its calls, or Gong does not know one of them,
 * an item may mean its users for any call, so nobody whom it names loses access. Where we do not know its users either,
 * or where an expression for its calls threw, nothing is replaced in this run.
 *
 * A call that items with different credentials name is left unchanged too: two keys may be of one company, and then
 * neither list of users is the whole one.
 */
export class ReplacePlan {
	/** By call, the users that are to have access, each with the first item that names them for it. */
	private readonly wanted = new Map<string, Map<string, number>>();

	private readonly conflicts = new Map<string, Failure>();

	/** By call, the items that fail and name it. */
	private readonly unclear = new Map<string, PlannedItem[]>();

	/** Users that items mean for calls which are not known, each with such an item. */
	private readonly protectedUsers = new Map<string, number>();

	private blocked: Failure | undefined;

	/** By call, the items that name it. */
	private readonly namedBy = new Map<string, number[]>();

	/** How each call is written by the items that name it. */
	private readonly spelled = new Map<string, string>();

	constructor(items: Iterable<PlannedItem>) {
		const settingsOf = new Map<string, string>();
		const credentialOf = new Map<string, string>();
		const differing = new Set<string>();
		const shared = new Set<string>();
		for (const item of items) {
			const { callIds, callsAreKnown, callsThrew, userIds, settingsKey, credential } = item;
			if (callsThrew) this.blocked ??= messages.callsNotKnown(item.itemIndex);
			if (!callsAreKnown) this.keep(item);
			for (const callId of callIds) {
				const named = this.namedBy.get(callId) ?? [];
				named.push(item.itemIndex);
				this.namedBy.set(callId, named);
				const other = this.spelled.get(withoutZeros(callId));
				if (other === undefined) this.spelled.set(withoutZeros(callId), callId);
				else if (other !== callId) {
					for (const id of [callId, other])
						this.conflicts.set(id, messages.spelledTwice(callId, other));
				}
				if (settingsKey === undefined || credential === undefined) {
					const failing = this.unclear.get(callId) ?? [];
					failing.push(item);
					this.unclear.set(callId, failing);
					continue;
				}
				if ((settingsOf.get(callId) ?? settingsKey) !== settingsKey) differing.add(callId);
				settingsOf.set(callId, settingsKey);
				if ((credentialOf.get(callId) ?? credential) !== credential) shared.add(callId);
				credentialOf.set(callId, credential);
				const users = this.wanted.get(callId) ?? new Map<string, number>();
				this.wanted.set(callId, users);
				for (const userId of userIds ?? []) {
					if (!users.has(userId)) users.set(userId, item.itemIndex);
				}
			}
		}
		const differ = messages.optionsDiffer([...differing]);
		for (const callId of differing) this.conflicts.set(callId, differ);
		const credentialsDiffer = messages.credentialsDiffer([...shared]);
		for (const callId of shared) this.conflicts.set(callId, credentialsDiffer);
		const byItem = new Map<number, Failure>();
		for (const [callId, failing] of this.unclear) {
			const { itemIndex } = failing[failing.length - 1];
			const known = byItem.get(itemIndex) ?? messages.notAllUsersKnown(itemIndex);
			byItem.set(itemIndex, known);
			this.conflicts.set(callId, known);
		}
	}

	/** The users that are to have access to a call, each once. */
	wantedFor(callId: string): string[] {
		return [...(this.wanted.get(callId)?.keys() ?? [])];
	}

	/** Leaves a call unchanged for a reason that is none of its items'. */
	leaveAlone(callId: string, because: Failure): void {
		if (!this.conflicts.has(callId)) this.conflicts.set(callId, because);
	}

	/**
	 * The calls that items name which fail, so that no group of items has them.
	 * @param isOf which credentials count; undefined is one that is not known
	 */
	callsOfFailing(isOf: (credential: string | undefined) => boolean): string[] {
		return [...this.unclear].flatMap(([callId, failing]) =>
			failing.some(({ credential }) => isOf(credential)) ? [callId] : [],
		);
	}

	/**
	 * Keeps the access of users whom items name for calls that Gong does not know: an ID with a slip may mean any call.
	 */
	protectUsersOf(unknownCallIds: string[]): void {
		for (const callId of unknownCallIds) {
			for (const [userId, itemIndex] of this.wanted.get(callId) ?? []) {
				this.protectedUsers.set(withoutZeros(userId), itemIndex);
			}
			for (const item of this.unclear.get(callId) ?? []) this.keep(item);
		}
	}

	/** How many users are to have access to a call. */
	countFor(callId: string): number {
		return this.wanted.get(callId)?.size ?? 0;
	}

	/** The items that name a call. */
	itemsOf(callId: string): readonly number[] {
		return this.namedBy.get(callId) ?? [];
	}

	/** Why nobody's access to a call may be changed. */
	conflictOf(callId: string): Failure | undefined {
		return this.blocked ?? this.conflicts.get(callId);
	}

	/** Why these users must not lose access to a call. */
	conflictOfRevoking(callId: string, userIds: string[]): Failure | undefined {
		const kept = userIds.filter((userId) => this.protectedUsers.has(withoutZeros(userId)));
		const itemIndex = this.protectedUsers.get(withoutZeros(kept[0] ?? ''));
		if (itemIndex === undefined) return undefined;
		return messages.mayBeMeant(kept, [callId], itemIndex);
	}

	/** Keeps the access of all whom an item names, for any call. */
	private keep({ userIds, itemIndex }: PlannedItem): void {
		if (!userIds) this.blocked ??= messages.callsNotKnown(itemIndex);
		for (const userId of userIds ?? []) this.protectedUsers.set(withoutZeros(userId), itemIndex);
	}
}
