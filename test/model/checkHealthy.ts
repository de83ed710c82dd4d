/** Checks what must succeed in a run without failures. */
import { callsOf } from '../harness/gong';
import { CALLS } from './company';
import { isOfLookUps, losesAnswer } from './faultCases';
import { isKnownCall, isKnownUser, itemsOf, type Named } from './oracle';
import type { Played } from './play';
import { saidBy, type Said } from './said';
import type { Violation } from './violation';
import type { WriteCase } from './writeCase';

/** Whether a call of a good item may fail in a healthy run, since it depends on other items. */
function mayFail(run: WriteCase, items: Named[], callId: string): boolean {
	if (run.operation !== 'replace') return false;
	// Another item that may mean this call affects it too.
	const isUnsure = (item: Named): boolean =>
		item.callsThrow || item.mayMeanAnyCall || (!item.isGood && item.calls.length === 0);
	if (items.some(isUnsure)) return true;
	// An item may mean this call by the ID of one that Gong does not know: then its users are not taken from it.
	const names = (item: Named): boolean => item.calls.includes(callId);
	if (items.some((item) => !names(item) && !item.calls.every(isKnownCall))) return true;
	if (run.executeOnce && run.items.length > 1) return true;
	const naming = items.filter(({ calls }) => calls.includes(callId));
	if (naming.some(({ isGood }) => !isGood)) return true;
	// "or the call is refused in words": items of a call that cannot be combined.
	const differ = (['dryRun', 'readBack', 'allowNoUsers'] as const).some(
		(name) => run[name] === 'perItem',
	);
	const keys = new Set(naming.map(({ place }) => run.items[place].otherKey));
	return naming.length > 1 && (differ || (run.keysDiffer && keys.size > 1));
}

/** Nothing fails, or one fault that passes when the request is retried. */
function isHealthy({ faults, maxWait }: WriteCase): boolean {
	const [fault] = faults;
	if (faults.length === 0) return true;
	return faults.length === 1 && !fault.lasts && losesAnswer(fault) && maxWait > 0;
}

/** The only failures are refusals that do not affect other requests. */
const onlyRefuses = ({ faults }: WriteCase): boolean =>
	faults.every((fault) => (fault.kind.startsWith('400') && !fault.applied) || isOfLookUps(fault));

const hasAddress = (run: WriteCase, { place }: Named): boolean =>
	run.items[place].users.parts.some(({ raw }) => String(raw).includes('@'));

/** "Only the items concerned fail": a call fails only if a request that names it was refused. */
function* checkConcerned(
	run: WriteCase,
	items: Named[],
	said: Said,
	played: Played,
): Generator<Violation> {
	if (run.onError === 'stopWorkflow') return;
	const refused = played.log.filter(({ status }) => status !== 200);
	const isRefused = (id: string): boolean => refused.some((one) => callsOf(one).includes(id));
	const noDirectory =
		run.faults.some(isOfLookUps) || refused.some(({ path }) => path.startsWith('/v2/users'));
	for (const { place, callIds, details, text } of said.errors) {
		const item = items.find((one) => one.place === place);
		if (!item?.isGood || details === null) continue;
		for (const callId of callIds) {
			if (isRefused(callId) || mayFail(run, items, callId)) continue;
			const naming = items.filter(({ calls }) => calls.includes(callId));
			// A call that Gong says it does not know may mean this one, so the users of its items lose nothing.
			const others = items.filter((one) => !naming.includes(one));
			if (run.operation === 'replace' && others.some(({ calls }) => calls.some(isRefused)))
				continue;
			if (noDirectory && naming.some((one) => hasAddress(run, one))) continue;
			yield {
				rule: 'failed for a refusal of others',
				words: `Item ${place}, call ${callId}, although no request with it was refused: ${text}`,
			};
		}
	}
}

/** "Only the items concerned fail; what was answered is kept." Only for runs that nothing stops. */
export function* checkHealthy(run: WriteCase, played: Played): Generator<Violation> {
	if (played.arrivedAtCancel !== null) return;
	const items = itemsOf(run);
	const said = saidBy(played.result);
	if (!isHealthy(run)) {
		if (onlyRefuses(run)) yield* checkConcerned(run, items, said, played);
		return;
	}
	const concerned = ({ isGood, calls, users, dryRun }: Named): boolean =>
		!isGood || !calls.every(isKnownCall) || (!dryRun && !users.every(isKnownUser));
	if (run.onError === 'stopWorkflow') {
		const calls = items.flatMap((item) => item.calls);
		const fine = !items.some(concerned) && !calls.some((id) => mayFail(run, items, id));
		if (fine && said.stopped !== null) {
			yield { rule: 'healthy: stopped', words: said.stopped };
		}
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
				// Its answer may have been lost before Gong refused it.
				if (error?.outcome === 'unknown' && run.faults.length > 0) continue;
				yield {
					rule: 'healthy: unknown call not refused',
					words: `Item ${item.place}, call ${callId}: ${row ? 'a row' : (error?.text ?? 'nothing')}`,
				};
				continue;
			}
			if (row || mayFail(run, items, callId)) continue;
			if (!item.dryRun && !item.users.every(isKnownUser)) continue;
			const naming = items.filter(({ calls }) => calls.includes(callId));
			// A replace puts the users of all items that name a call together, so all of them fail.
			const hasUnknown = naming.some(({ users }) => !users.every(isKnownUser));
			if (run.operation === 'replace' && !item.dryRun && hasUnknown) continue;
			const others = items.filter((one) => one !== item && !one.users.every(isKnownUser));
			yield {
				rule: `healthy: failed${others.length > 0 ? ' for another’s unknown user' : ''}`,
				words: `Item ${item.place}, call ${callId}: ${error?.text ?? 'nothing'}`,
			};
		}
	}
}
