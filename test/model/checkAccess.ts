/** Checks who has access after a run, whatever the node reports. */
import { writesIn } from '../harness/gong';
import { CALLS } from './company';
import { itemsOf, namedFor, protects, without, type Named } from './oracle';
import type { Played } from './play';
import type { Violation } from './violation';
import type { WriteCase } from './writeCase';

/** The reason why this access must not be revoked, or null if it may be. */
function keptBecause(run: WriteCase, items: Named[], callId: string, user: string): string | null {
	const does = ({ isGood, dryRun, calls }: Named): boolean =>
		isGood && !dryRun && calls.includes(callId);
	if (run.operation === 'grant') return 'unasked';
	if (run.operation === 'revoke') {
		return items.some((item) => does(item) && item.users.includes(user)) ? null : 'unasked';
	}
	const because = protects(run, items, callId, user);
	if (because !== null) return because;
	return items.some(does) ? null : 'unasked';
}

function* lost(run: WriteCase, items: Named[], played: Played): Generator<Violation> {
	for (const callId of CALLS) {
		const gone = without(played.before.apiAccess[callId], played.after.apiAccess[callId]);
		for (const user of gone) {
			const because = keptBecause(run, items, callId, user);
			if (because === null) continue;
			yield {
				rule: `lost access: ${because}`,
				words: `${user} lost call ${callId} and must not (${because})`,
			};
		}
	}
	// A revoke that Gong refused was requested all the same.
	for (const { method, changes } of writesIn(played.log)) {
		if (method !== 'DELETE') continue;
		for (const { callId, userIds } of changes) {
			for (const user of userIds) {
				const because = keptBecause(run, items, callId, user);
				if (because === null) continue;
				yield {
					rule: `revoke requested: ${because}`,
					words: `Gong was asked to take ${user} from call ${callId} (${because})`,
				};
			}
		}
	}
}

function* gained(run: WriteCase, items: Named[], played: Played): Generator<Violation> {
	for (const { method, changes } of writesIn(played.log)) {
		if (method !== 'PUT') continue;
		for (const { callId, userIds } of changes) {
			const naming = items.filter(({ calls }) => calls.includes(callId));
			const real = naming.filter(({ isGood, dryRun }) => isGood && !dryRun);
			// Bad input is refused before anything is sent; the users of a replace are combined.
			const may = run.operation === 'replace' ? naming : real;
			const strange = without(
				userIds,
				may.flatMap(({ users }) => users),
			);
			if (real.length > 0 && strange.length === 0) continue;
			yield {
				rule: 'grant requested: not named',
				words: `Gong was asked to give ${userIds.join()} call ${callId}, named by no item that is good`,
			};
		}
	}
	for (const callId of CALLS) {
		const news = without(played.after.apiAccess[callId], played.before.apiAccess[callId]);
		const strange = without(news, namedFor(items, callId));
		if (run.operation !== 'revoke' && strange.length === 0) continue;
		if (news.length === 0) continue;
		yield { rule: 'gained access', words: `${news.join()} gained call ${callId}` };
	}
}

/** Invariants 1 to 3: who loses and gains access, and what never changes. */
export function* checkAccess(run: WriteCase, played: Played): Generator<Violation> {
	const items = itemsOf(run);
	yield* lost(run, items, played);
	yield* gained(run, items, played);
	// A dry run "writes nothing".
	if (items.every(({ dryRun }) => dryRun) && writesIn(played.log).length > 0) {
		yield { rule: 'dry run writes', words: 'A dry run sent a request that writes' };
	}
	if (JSON.stringify(played.before.otherAccess) !== JSON.stringify(played.after.otherAccess)) {
		yield { rule: 'shares changed', words: 'Access by a share or a profile changed' };
	}
}
