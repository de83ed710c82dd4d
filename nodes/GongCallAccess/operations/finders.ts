import type { Result } from '../failure';
import { ambiguousAddress, unknownAddresses, usersNotLookedUp } from '../messages/inputMessages';
import type { Period } from '../gong/calls';
import { callIdsOfPeriod } from '../gong/periodListing';
import { userIdsByAddress } from '../gong/users';
import { isAddress } from '../parameters/ids';
import type { GongClient } from '../transport/client';

/** Finds the calls of periods. Each period is listed once a run. */
export class CallFinder {
	private readonly found = new Map<string, Result<string[]>>();

	constructor(private readonly client: GongClient) {}

	/**
	 * The IDs of the calls of a period, each once.
	 * @param onCalls called with calls of the period as soon as they are known
	 */
	async idsOf(
		calls: string[] | Period,
		onCalls: (callIds: string[]) => void = () => {},
	): Promise<Result<string[]>> {
		if (Array.isArray(calls)) return { ok: true, value: calls };
		const key = JSON.stringify(calls);
		let found = this.found.get(key);
		if (found) {
			if (found.ok) onCalls(found.value);
		} else {
			found = await callIdsOfPeriod(this.client, calls, onCalls);
			this.found.set(key, found);
		}
		return found;
	}

	/** Lists again what could not be listed. */
	forgetFailures(): void {
		for (const [key, found] of this.found) if (!found.ok) this.found.delete(key);
	}
}

/** Finds the users that have e-mail addresses. All users are listed once a run, and only where an address is given. */
export class UserFinder {
	private users: ReturnType<typeof userIdsByAddress> | undefined;

	private failed = false;

	constructor(private readonly client: GongClient) {}

	/**
	 * The IDs of the users, each once; or why there is none for an address.
	 * @param label of the parameter that they came from, for messages
	 */
	async idsOf(users: string[], label: string): Promise<Result<string[]>> {
		if (!users.some(isAddress)) return { ok: true, value: users };
		this.users ??= userIdsByAddress(this.client);
		const listed = await this.users;
		if (!listed.ok) {
			this.failed = true;
			return { ok: false, failure: usersNotLookedUp(listed.failure) };
		}
		const ids = new Set<string>();
		const nobodys: string[] = [];
		for (const user of users) {
			const found = isAddress(user) ? (listed.value.get(user) ?? []) : [user];
			if (found.length > 1) return { ok: false, failure: ambiguousAddress(label, user, found) };
			if (found.length === 0) nobodys.push(user);
			else ids.add(found[0]);
		}
		if (nobodys.length > 0) return { ok: false, failure: unknownAddresses(label, nobodys) };
		return { ok: true, value: [...ids] };
	}

	/** Lists again what could not be listed. */
	forgetFailures(): void {
		if (this.failed) this.users = undefined;
		this.failed = false;
	}
}
