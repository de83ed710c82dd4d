import type { Failure } from '../failures';
import type { Period } from '../gong/api';
import { listCallsRequest, readCallsPage } from '../gong/api';
import { userIdsByAddress } from '../asking/directory';
import { listAll } from '../asking/listing';
import { isAddress } from '../input/ids';
import * as messages from '../messages';
import type { Sender } from '../sending/send';

/** Finds the calls of periods; each period is listed once a run. */
export class CallFinder {
	private readonly found = new Map<string, string[] | Failure>();

	constructor(private readonly sender: Sender) {}

	/** The IDs of the calls that started in a period, each once; or why they could not be listed. */
	async idsOf(calls: string[] | Period): Promise<string[] | Failure> {
		if (Array.isArray(calls)) return calls;
		const key = JSON.stringify(calls);
		const known = this.found.get(key);
		if (known) return known;
		const listing = await listAll(
			this.sender,
			(cursor) => listCallsRequest(calls, cursor),
			readCallsPage,
		);
		const found =
			'failure' in listing ? listing.failure : [...new Set(listing.entries.map(({ id }) => id))];
		this.found.set(key, found);
		return found;
	}
}

/** Finds the users that have e-mail addresses; all users are listed once a run, and only if need be. */
export class UserFinder {
	private users: ReturnType<typeof userIdsByAddress> | undefined;

	constructor(private readonly sender: Sender) {}

	/**
	 * The IDs of the users, each once; or why there is none for an address.
	 * @param label of the parameter that they came from, for messages
	 */
	async idsOf(users: string[], label: string): Promise<string[] | Failure> {
		if (!users.some(isAddress)) return users;
		this.users ??= userIdsByAddress(this.sender);
		const listed = await this.users;
		if ('failure' in listed) return messages.nothingWritten(listed.failure);
		const ids = new Set<string>();
		const nobodys: string[] = [];
		for (const user of users) {
			const found = isAddress(user) ? (listed.byAddress.get(user) ?? []) : [user];
			if (found.length > 1) return messages.ambiguousAddress(label, user, found);
			if (found.length === 0) nobodys.push(user);
			else ids.add(found[0]);
		}
		return nobodys.length > 0 ? messages.unknownAddresses(label, nobodys) : [...ids];
	}
}
