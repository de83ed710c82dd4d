/** What must come out well where nothing goes wrong on the way. */
import { CALLS } from './company';
import { isKnownCall, isKnownUser, itemsOf, type Named } from './oracle';
import type { Played } from './play';
import { saidBy } from './said';
import type { Violation } from './violation';
import type { WriteCase } from './writeCase';

/** Whether a call of a good item may fail although all goes well, since it hangs on others of the run. */
function mayFail(run: WriteCase, items: Named[], callId: string): boolean {
	if (run.operation !== 'replace') return false;
	// What another item may mean hangs on this call too.
	const isUnsure = (item: Named): boolean =>
		item.callsThrow || item.mayMeanAnyCall || (!item.isGood && item.calls.length === 0);
	if (items.some(isUnsure)) return true;
	const naming = items.filter(({ calls }) => calls.includes(callId));
	if (naming.some(({ isGood }) => !isGood)) return true;
	// "or the call is refused in words": items of a call that cannot be put together.
	const differ = (['dryRun', 'readBack', 'allowNoUsers'] as const).some(
		(name) => run[name] === 'perItem',
	);
	return naming.length > 1 && (run.batchSize !== null || differ);
}

/** "Only the items concerned fail; what was answered is kept." Only for runs without faults and cancelling. */
export function* checkHealthy(run: WriteCase, played: Played): Generator<Violation> {
	if (run.faults.length > 0 || played.arrivedAtCancel !== null) return;
	const items = itemsOf(run);
	const said = saidBy(played.result);
	const concerned = ({ isGood, calls, users, dryRun }: Named): boolean =>
		!isGood || !calls.every(isKnownCall) || (!dryRun && !users.every(isKnownUser));
	if (run.onError === 'stopWorkflow') {
		const calls = items.flatMap((item) => item.calls);
		const fine = !items.some(concerned) && !calls.some((id) => mayFail(run, items, id));
		if (fine && said.stopped !== null) yield { rule: 'healthy: stopped', words: said.stopped };
		return;
	}
	for (const item of items.filter(({ isGood }) => isGood)) {
		for (const callId of item.calls) {
			const row = said.rows.find((one) => one.place === item.place && one.callId === callId);
			const error = said.errors.find(
				(one) => one.place === item.place && one.callIds.includes(callId),
			);
			if (!CALLS.includes(callId)) {
				if (run.operation === 'revoke' && row) continue;
				if (error?.outcome === 'refused' || mayFail(run, items, callId)) continue;
				yield {
					rule: 'healthy: unknown call not refused',
					words: `Item ${item.place}, call ${callId}: ${row ? 'a row' : (error?.text ?? 'nothing')}`,
				};
				continue;
			}
			if (row || mayFail(run, items, callId)) continue;
			if (!item.dryRun && !item.users.every(isKnownUser)) continue;
			const others = items.filter((one) => one !== item && !one.users.every(isKnownUser));
			const because = others.length > 0 ? 'for another’s unknown user' : '';
			yield {
				rule: `healthy: failed ${because}`.trim(),
				words: `Item ${item.place}, call ${callId}: ${error?.text ?? 'nothing'}`,
			};
		}
	}
}
