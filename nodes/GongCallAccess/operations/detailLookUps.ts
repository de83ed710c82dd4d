import type { Failure } from '../failure';
import { orDoWithout } from '../messages/signInMessages';
import { detailsNotLookedUp } from '../messages/writeMessages';
import type { GongCall } from '../gong/calls';
import { callLookUps } from '../gong/calls';
import type { LookUps } from '../gong/lookUp';
import type { GongUser } from '../gong/users';
import { userLookUps } from '../gong/users';
import type { Details } from '../output/details';
import { isRead } from '../parameters/operationNames';
import type { OperationContext } from './operation';
import { mapFailures } from './itemResults';
import { Turns } from '../transport/turns';

/** Looks up what is to stand beside the IDs, where it is asked for: each user and each call once. */
export class DetailLookUps {
	private readonly users: LookUps<GongUser> | undefined;

	private readonly calls: LookUps<GongCall> | undefined;

	constructor(
		private readonly context: Pick<OperationContext, 'client' | 'abort' | 'settings' | 'continues'>,
	) {
		const { client, settings, abort } = context;
		if (settings.includeUserDetails) this.users = userLookUps(client, { abort });
		if (settings.includeCallDetails) {
			this.calls = callLookUps(client, settings.callsPerRequest, { abort });
		}
	}

	/** Begins to look up a call and the users that stand beside it, as soon as there are enough for a request. */
	add(callId: string, userIds: Iterable<string>): void {
		this.users?.add(userIds);
		this.calls?.add([callId]);
	}

	/**
	 * What was found for these calls and their users.
	 * @param failures as for `Reading`
	 */
	async results(
		callIds: string[],
		usersOf: (callId: string) => string[],
		failures: Map<string, Failure>,
	): Promise<Details> {
		const { settings, continues, abort } = this.context;
		// Set to stop, people see the first failure only.
		const [failed] = failures.values();
		if (failed && !continues) abort.failed(failed);
		const turns = new Turns();
		await turns.forEach(callIds, (callId) => this.add(callId, usersOf(callId)));
		const [users, calls] = await Promise.all([this.users?.results(), this.calls?.results()]);
		const notLookedUp = new Map<string, Failure>();
		const noNames = mapFailures(users?.failures ?? new Map<string, Failure>(), (because) =>
			orDoWithout(because, 'userDetails'),
		);
		const noTitles = mapFailures(calls?.failures ?? new Map<string, Failure>(), (because) =>
			orDoWithout(because, 'callDetails'),
		);
		await turns.forEach(noNames.size + noTitles.size > 0 ? callIds : [], (callId) => {
			const userId = usersOf(callId).find((id) => noNames.has(id));
			const failure = noNames.get(userId ?? '') ?? noTitles.get(callId);
			if (failure) notLookedUp.set(callId, failure);
		});
		// What fails before a write was not sent, whatever Gong said to the look-up.
		const added = isRead(settings.operation)
			? notLookedUp
			: mapFailures(notLookedUp, detailsNotLookedUp);
		for (const [callId, failure] of added) {
			if (!failures.has(callId)) failures.set(callId, failure);
		}
		return { ...(users && { users: users.byId }), ...(calls && { calls: calls.byId }) };
	}
}
