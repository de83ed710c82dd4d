/**
 * Holds each statement about a write against Gong's record of what was carried out since n8n started the node, over
 * all tries.
 */
import { callsAfter } from '../harness/engine/support';
import { writesIn } from '../harness/gong';
import { hidesStatus } from './faultCases';
import { itemsOf, without, type Named } from './oracle';
import type { Effect } from './effects';
import type { Played } from './play';
import { idsIn, saidBy, type ErrorItem, type Row } from './said';
import type { Violation } from './violation';
import type { WriteCase } from './writeCase';

const GRANTED = /Access was granted|Gong accepted the change/g;
const NOTHING = /nothing was (changed|accepted|written|sent)/i;

/** What was carried out for an item and these calls. */
function doneFor(run: WriteCase, item: Named, callIds: string[], played: Played): Effect[] {
	return played.effects.filter(
		({ callId, userId }) =>
			callIds.includes(callId) && (run.operation === 'replace' || item.users.includes(userId)),
	);
}

/** The calls of an item that another item, answered separately, names too: what that one did is told there. */
function isShared(run: WriteCase, items: Named[], item: Named, callId: string): boolean {
	const isSeparate = ({ place, dryRun, readBack, isGood, hasAddress }: Named): boolean =>
		!isGood ||
		// A look-up that fails concerns only the items with an address.
		(run.faults.length > 0 && hasAddress !== item.hasAddress) ||
		dryRun !== item.dryRun ||
		readBack !== item.readBack ||
		(run.allowNoUsers === 'perItem' && run.items[place].chosen !== run.items[item.place].chosen) ||
		(run.keysDiffer && run.items[place].otherKey !== run.items[item.place].otherKey);
	return items.some((one) => one !== item && one.calls.includes(callId) && isSeparate(one));
}

/** A write of this call whose answer may not have been a refusal. */
function isSent(run: WriteCase, played: Played, callId: string): boolean {
	return writesIn(played.log).some(
		({ status, changes }) =>
			changes.some((change) => change.callId === callId) &&
			(status === null || status < 300 || status >= 500 || run.faults.some(hidesStatus)),
	);
}

function* checkError(
	run: WriteCase,
	items: Named[],
	error: ErrorItem,
	played: Played,
): Generator<Violation> {
	const { place, text, outcome, callIds } = error;
	const item = items.find((one) => one.place === place);
	if (!item || error.details === null) return;
	const wrong = (rule: string, calls: string[] = callIds): Violation => ({
		rule: `told: ${rule}`,
		words: `Item ${place}, call ${calls.join()}: "${outcome}": ${text}`,
	});
	if (items.length > 0 && text.includes(`another item [item ${place}]`)) {
		yield wrong('an item is another than itself');
	}
	if (item.isGood && !item.dryRun) {
		const own = callIds.filter((id) => !isShared(run, items, item, id));
		const done = doneFor(run, item, own, played);
		if (done.length > 0 && outcome !== 'unknown') yield wrong(`${outcome}, but carried out`, own);
		else if (done.some(({ changed }) => changed) && NOTHING.test(text)) {
			yield wrong('nothing, but changed', own);
		}
	}
	yield* checkSentences(run, error, played, wrong);
}

function* checkSentences(
	run: WriteCase,
	{ text, callIds }: Pick<ErrorItem, 'text' | 'callIds'>,
	played: Played,
	wrong: (rule: string, calls?: string[]) => Violation,
): Generator<Violation> {
	const writes = writesIn(played.log);
	const isAccepted = (callId: string): boolean =>
		writes.some(
			({ status, changes }) => status === 200 && changes.some((c) => c.callId === callId),
		);
	const before = callsAfter(text, 'This run changed access before to').filter(
		(id) => !isAccepted(id),
	);
	if (before.length > 0) yield wrong('changed before, but nothing was accepted', before);
	const perhaps = callsAfter(text, 'This run may have changed access before to').filter(
		(id) => !isSent(run, played, id),
	);
	if (perhaps.length > 0) yield wrong('perhaps changed before, but nothing was lost', perhaps);
	if (text.search(GRANTED) !== -1) {
		const never = callIds.filter((id) => !isAccepted(id));
		if (never.length > 0) yield wrong('granted, but nothing was accepted', never);
	}
	// "A message names users only of the request that was refused."
	const list = /What was sent(?: for this item)?: users? ([\d, ]+)\./.exec(text)?.[1];
	const named = list?.split(', ') ?? [];
	const refused = writes
		.filter(({ status }) => status === 400)
		.flatMap(({ changes }) => changes.filter(({ callId }) => callIds.includes(callId)));
	const ofRefused = refused.flatMap(({ userIds }) => userIds);
	const isOfRefused =
		without(named, ofRefused).length === 0 &&
		callIds.every((id) => refused.some(({ callId }) => callId === id));
	if (named.length > 0 && !isOfRefused) yield wrong('users of a request that was not refused');
}

function* checkRow(run: WriteCase, item: Named, row: Row, played: Played): Generator<Violation> {
	if (item.dryRun) return;
	const { json, callId } = row;
	const wrong = (rule: string, users: string[]): Violation => ({
		rule: `told: ${rule}`,
		words: `The row of call ${callId} for item ${item.place}: ${rule}: ${users.join()}`,
	});
	const method = run.operation === 'grant' ? 'PUT' : 'DELETE';
	if (run.operation !== 'replace') {
		const accepted = writesIn(played.log)
			.filter((write) => write.status === 200 && write.method === method)
			.flatMap(({ changes }) => changes.filter((one) => one.callId === callId))
			.flatMap(({ userIds }) => userIds);
		const never = without(idsIn(json.userIds), accepted);
		if (never.length > 0) yield wrong('accepted, but never', never);
		return;
	}
	const [before, after] = [played.before, played.after].map((one) => one.apiAccess[callId] ?? []);
	const given = without(idsIn(json.unchangedUserIds), before);
	if (given.length > 0) yield wrong('unchanged, but given by this run', given);
	const taken = without(without(before, after), idsIn(json.revokedUserIds));
	if (taken.length > 0) yield wrong('taken by this run, and not in the row', taken);
}

function* checkStopped(
	run: WriteCase,
	items: Named[],
	text: string,
	played: Played,
): Generator<Violation> {
	const wrong = (rule: string, calls: string[] = []): Violation => ({
		rule: `told on stop: ${rule}`,
		words: `${calls.join()}: ${text}`,
	});
	const accepts = /Accepted before this for calls?|Granted, but not taken/.test(text);
	if (accepts && NOTHING.test(text)) yield wrong('nothing, and something');
	if (/nothing was (changed|written|sent)\./i.test(text) && played.effects.some((e) => e.changed)) {
		yield wrong('nothing, but changed');
	}
	if (items.length === 1 && text.includes('other items')) yield wrong('other items of one');
	const callIds = writesIn(played.log)
		.filter(({ status }) => status === 400)
		.flatMap(({ changes }) => changes.map(({ callId }) => callId));
	yield* checkSentences(run, { text: text.replace(GRANTED, ''), callIds }, played, wrong);
}

/** Each statement about a write is true of all that was sent since n8n started the node. */
export function* checkTold(run: WriteCase, played: Played): Generator<Violation> {
	if (played.arrivedAtCancel !== null) return;
	const items = itemsOf(run);
	const said = saidBy(played.result);
	if (said.stopped !== null) {
		yield* checkStopped(run, items, said.stopped, played);
		return;
	}
	for (const error of said.errors) yield* checkError(run, items, error, played);
	for (const row of said.rows) {
		const item = items.find(({ place }) => place === row.place);
		if (item?.isGood) yield* checkRow(run, item, row, played);
	}
}
