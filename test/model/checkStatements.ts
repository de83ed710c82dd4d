/** Checks that the node's statements about calls and users agree with what the local Gong holds. */
import { callsOf, isRefusedAlone } from '../harness/gong';
import { checkStopped } from './checkStopped';
import { CALLS } from './company';
import {
	changesOf,
	DONE,
	Held,
	isWritten,
	mayHaveWritten,
	within,
	withoutNothing,
	type Change,
} from './held';
import { itemsOf, namedFor, protects, without, type Named } from './oracle';
import type { Played } from './play';
import { idsIn, saidBy, type Row, type Said } from './said';
import type { Violation } from './violation';
import type { WriteCase } from './writeCase';

const same = (a: string[], b: string[]): boolean => [...a].sort().join() === [...b].sort().join();

const KEYS = {
	grant: ['callId', 'userIds', 'accepted', 'dryRun', 'requestId'],
	revoke: ['callId', 'userIds', 'accepted', 'dryRun', 'requestId'],
	replace: [
		'callId',
		'grantedUserIds',
		'revokedUserIds',
		'unchangedUserIds',
		'dryRun',
		'requestId',
		'requestIds',
	],
	'grant dry': ['callId', 'userIds', 'dryRun', 'wouldGrantUserIds', 'requestId'],
	'revoke dry': ['callId', 'userIds', 'dryRun', 'wouldRevokeUserIds', 'requestId'],
	'replace dry': [
		'callId',
		'wouldGrantUserIds',
		'wouldRevokeUserIds',
		'unchangedUserIds',
		'dryRun',
		'requestId',
		'requestIds',
	],
} as const;
const READ_BACK = {
	grant: ['confirmed', 'notListed'],
	revoke: ['confirmed', 'stillListed'],
	replace: ['confirmed', 'notListed', 'stillListed'],
} as const;

function* checkKeys(run: WriteCase, item: Named, { json, callId }: Row): Generator<Violation> {
	const kind = item.dryRun ? (`${run.operation} dry` as const) : run.operation;
	const keys: string[] = [...KEYS[kind]];
	if (item.readBack && !item.dryRun) {
		keys.splice(keys.indexOf('requestId'), 0, ...READ_BACK[run.operation]);
	}
	if (Object.keys(json).join() === keys.join()) return;
	yield {
		rule: `shape: ${kind}`,
		words: `The row of call ${callId} has ${Object.keys(json).join()} and not ${keys.join()}`,
	};
}

function* checkChange(run: WriteCase, item: Named, row: Row, held: Held): Generator<Violation> {
	const { json, callId } = row;
	const userIds = idsIn(json.userIds);
	const grants = run.operation === 'grant';
	if (!same(userIds, item.users)) {
		yield {
			rule: 'row of other users',
			words: `${callId}: ${userIds.join()}, not ${item.users.join()}`,
		};
	}
	if (item.dryRun) {
		// Other items of the run may write meanwhile, so the difference depends on when the call was read.
		const would = idsIn(grants ? json.wouldGrantUserIds : json.wouldRevokeUserIds);
		const most = grants
			? without(userIds, held.always(callId))
			: within(userIds, held.ever(callId));
		const least = grants
			? without(userIds, held.ever(callId))
			: within(userIds, held.always(callId));
		if (without(would, most).length + without(least, would).length === 0) return;
		yield {
			rule: 'would: wrong',
			words: `${callId}: would change ${would.join()}, not ${most.join()}`,
		};
		return;
	}
	const has = [...held.after(callId), ...held.shared(callId)];
	const wrong = grants ? without(userIds, has) : within(userIds, held.after(callId));
	if (json.accepted !== true || wrong.length > 0) {
		yield {
			rule: 'accepted: not so',
			words: `${callId}: accepted, but not so for ${wrong.join()}`,
		};
	}
	if (!item.readBack) return;
	const [reported, wanted] = grants
		? [json.notListed, without(userIds, held.after(callId))]
		: [json.stillListed, within(userIds, held.after(callId))];
	if (!same(idsIn(reported), wanted)) {
		yield {
			rule: 'read back: wrong',
			words: `${callId}: ${idsIn(reported).join()}, not ${wanted.join()}`,
		};
	}
}

function* checkReplace(
	run: WriteCase,
	items: Named[],
	item: Named,
	row: Row,
	held: Held,
): Generator<Violation> {
	const { json, callId } = row;
	const wrong = (what: string): Violation => ({
		rule: `replace ${item.dryRun ? 'dry ' : ''}row: ${what}`,
		words: `The row of call ${callId} for item ${item.place}: ${what}`,
	});
	const named = namedFor(items, callId);
	const kept = (user: string): boolean => protects(run, items, callId, user) !== null;
	const granted = idsIn(item.dryRun ? json.wouldGrantUserIds : json.grantedUserIds);
	const revoked = idsIn(item.dryRun ? json.wouldRevokeUserIds : json.revokedUserIds);
	const unchanged = idsIn(json.unchangedUserIds);
	const wanted = [...granted, ...unchanged];
	if (new Set([...wanted, ...revoked]).size !== wanted.length + revoked.length)
		yield wrong('a user twice');
	if (without(item.users, wanted).length > 0) yield wrong('its own users are missing');
	if (without(wanted, named).length > 0) yield wrong('users that nobody names');
	if (revoked.some(kept)) yield wrong('revokes somebody whom an item may name');
	if (without(revoked, held.ever(callId)).length > 0) yield wrong('revoked without having access');
	if (item.dryRun) {
		if (within(granted, held.always(callId)).length > 0)
			yield wrong('would grant somebody who has access');
		if (without(unchanged, held.ever(callId)).length > 0)
			yield wrong('unchanged without having access');
		const leftOut = without(held.always(callId), [...wanted, ...revoked]);
		if (!leftOut.every(kept)) yield wrong('somebody is missing');
		return;
	}
	const has = [...held.after(callId), ...held.shared(callId)];
	if (without(granted, has).length > 0) yield wrong('granted, but has no access');
	if (within(granted, held.before(callId)).length > 0)
		yield wrong('granted, but had access already');
	if (within(revoked, held.after(callId)).length > 0) yield wrong('revoked, but has access');
	if (without(unchanged, held.after(callId)).length > 0)
		yield wrong('unchanged, but has no access');
	// Contract: afterwards exactly these have API-given access, except users whom others may mean.
	const strangers = without(held.after(callId), wanted);
	if (!strangers.every(kept)) yield wrong(`${strangers.join()} still has it`);
	if (!item.readBack) return;
	if (!same(idsIn(json.notListed), without(wanted, held.after(callId)))) yield wrong('notListed');
	if (within(revoked, held.after(callId)).length > 0) yield wrong('stillListed');
	if (without(idsIn(json.stillListed), held.after(callId)).length > 0) yield wrong('stillListed');
}

function* checkRows(
	run: WriteCase,
	items: Named[],
	said: Said,
	played: Played,
): Generator<Violation> {
	const held = new Held(played);
	for (const row of said.rows) {
		const item = items.find(({ place }) => place === row.place);
		if (!item?.isGood) continue;
		yield* checkKeys(run, item, row);
		if (row.json.dryRun !== item.dryRun)
			yield { rule: 'dryRun: wrong', words: `Item ${item.place}` };
		if (run.operation === 'replace') yield* checkReplace(run, items, item, row, held);
		else yield* checkChange(run, item, row, held);
		// "`requestId` is the one of the answer that the item came from".
		const answer = played.log.find(({ requestId }) => requestId === row.json.requestId);
		if (answer?.status !== 200 || !callsOf(answer).includes(row.callId)) {
			yield { rule: 'requestId: wrong', words: `${row.callId}: ${String(row.json.requestId)}` };
		}
	}
}

/** Whether an item may have caused this change. */
function mayBring(run: WriteCase, item: Named, { callId, user, gained }: Change): boolean {
	if (!item.isGood || item.dryRun || !item.calls.includes(callId)) return false;
	if (run.operation === 'replace' && !gained) return true;
	// The users of a replace are combined, so a row of one covers all.
	return run.operation === 'replace' || item.users.includes(user);
}

/** Each change must be reported by an item that may have caused it: no `notSent` for what was done. */
function* checkOwned(run: WriteCase, items: Named[], said: Said, held: Held): Generator<Violation> {
	for (const change of changesOf(held)) {
		const places = items.filter((item) => mayBring(run, item, change)).map(({ place }) => place);
		const mine = ({ place }: { place: number | null }): boolean => places.includes(place ?? -1);
		const rows = said.rows.filter((row) => mine(row) && row.callId === change.callId);
		const errors = said.errors.filter((e) => mine(e) && e.callIds.includes(change.callId));
		const isTold =
			rows.length > 0 ||
			errors.some(({ outcome, text }) => outcome === 'unknown' || DONE.test(withoutNothing(text)));
		if (isTold) continue;
		const outcomes = [...new Set(errors.map(({ outcome }) => outcome))].join() || 'nothing';
		yield {
			rule: `done, but said: ${outcomes}`,
			words: `${change.user} ${change.gained ? 'gained' : 'lost'} call ${change.callId}, for which the items say: ${outcomes}`,
		};
	}
}

/** The calls that a message names as changed before, or perhaps. */
function changedBefore(text: string): string[] {
	const [, list = ''] =
		/This run (?:may have )?changed access before to calls? ([\d, andmore]+)\./.exec(text) ?? [];
	return list.match(/\d+/g) ?? [];
}

function* checkErrors(
	run: WriteCase,
	items: Named[],
	said: Said,
	played: Played,
): Generator<Violation> {
	for (const { place, callIds, outcome, text, details } of said.errors) {
		const item = items.find((one) => one.place === place);
		if (!item || details === null) continue;
		if (!['notSent', 'refused', 'unknown'].includes(outcome)) {
			yield { rule: 'outcome: strange', words: `Item ${place}: "${outcome}"` };
		}
		if (outcome === 'unknown') {
			// Contract: "`unknown` (a write whose answer was lost for good)". Of several calls the words name those written.
			const never = callIds.filter((id) => item.dryRun || !mayHaveWritten(run, played, id));
			const named = changedBefore(text);
			const isExact = named.length > 0 && never.every((id) => !named.includes(id));
			if (never.length > 0 && (never.length === callIds.length || !isExact)) {
				const what = item.dryRun ? 'a dry run' : 'no write was lost';
				yield { rule: `unknown: ${what}`, words: `Item ${place}, call ${never.join()}: ${text}` };
			}
		}
		if (
			outcome === 'refused' &&
			!played.log.some(({ status }) => status !== null && status >= 400)
		) {
			yield { rule: 'refused: by nobody', words: `Item ${place}: ${text}` };
		}
		if (details.reason === 'unknownCalls') {
			const known = callIds.filter((id) => CALLS.includes(id) && !isRefusedAlone(played.log, id));
			if (known.length > 0) {
				yield {
					rule: 'known call called unknown',
					words: `Item ${place}: ${known.join()}: ${text}`,
				};
			}
		}
		if (DONE.test(withoutNothing(text)) && callIds.some((id) => !isWritten(played, id))) {
			yield {
				rule: 'said accepted: nothing was',
				words: `Item ${place}, ${callIds.join()}: ${text}`,
			};
		}
	}
}

/** Invariant 4: every statement is true. */
export function* checkStatements(run: WriteCase, played: Played): Generator<Violation> {
	if (played.arrivedAtCancel !== null) return;
	const items = itemsOf(run);
	const said = saidBy(played.result);
	if (said.stopped !== null) {
		yield* checkStopped(run, items, said.stopped, played);
		return;
	}
	yield* checkRows(run, items, said, played);
	yield* checkErrors(run, items, said, played);
	yield* checkOwned(run, items, said, new Held(played));
}
