import type { Result } from '../failure';
import type { Period } from '../gong/calls';
import { callIdsOfPeriod } from '../gong/periodListing';
import { userIdsByAddress } from '../gong/users';
import { ambiguousAddress, unknownAddresses, usersNotLookedUp } from '../messages/inputMessages';
import { isAddress } from '../parameters/ids';
import type { RunAbort } from '../transport/abort';
import type { GongClient, RequestResult } from '../transport/client';
import { Lane } from '../transport/lane';

/** Finds the calls of periods. Each period is listed once a run. */
export class CallFinder {
	private readonly listings = new Map<string, Promise<Result<string[]>>>();

	/** All listings share it: the first request goes alone, so that a wrong key costs one request. */
	private readonly lane = new Lane<RequestResult<unknown>>(
		(sent) => sent.ok || sent.refusal !== undefined,
	);

	constructor(
		private readonly client: GongClient,
		private readonly abort: RunAbort,
	) {}

	/**
	 * The IDs of the calls of a period, each once.
	 * @param onCalls called with calls of the period as soon as they are known
	 */
	async idsIn(period: Period, onCalls: (callIds: string[]) => void): Promise<Result<string[]>> {
		const key = JSON.stringify(period);
		const known = this.listings.get(key);
		const listing = known ?? callIdsOfPeriod(this.sender(), period, onCalls);
		this.listings.set(key, listing);
		const found = await listing;
		if (known && found.ok) onCalls(found.value);
		if (!found.ok) this.abort.failed(found.failure);
		return found;
	}

	private sender(): Pick<GongClient, 'send'> {
		const send: GongClient['send'] = async <T>(
			...[request, callIds, read, options]: Parameters<typeof this.client.send<T>>
		) =>
			(await this.lane.send(
				async (onSent) => await this.client.send(request, callIds, read, { ...options, onSent }),
			)) as RequestResult<T>;
		return { send };
	}
}

/** Finds the users that have e-mail addresses. All users are listed once a run, and only where an address is given. */
export class UserFinder {
	private users: ReturnType<typeof userIdsByAddress> | undefined;

	constructor(
		private readonly client: GongClient,
		private readonly abort: RunAbort,
	) {}

	/**
	 * The IDs of the users, each once; or why there is none for an address.
	 * @param label of the parameter that they came from, for messages
	 */
	async idsOf(users: string[], label: string): Promise<Result<string[]>> {
		if (!users.some(isAddress)) return { ok: true, value: users };
		this.users ??= userIdsByAddress(this.client);
		const listed = await this.users;
		if (!listed.ok) {
			this.abort.failed(listed.failure);
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
}
