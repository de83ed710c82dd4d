import { isDeepStrictEqual } from 'node:util';

import type { GongState } from '../gong';
import { RAW_WORDS } from '../judging/rawWords';
import type { ExecutedItem, Execution } from '../n8n/execution';
import { slowDownsOf, triesOf } from './faultPlan';
import { type AwaitedRequest, isWriteKind, type Piece, wantedFor } from './work';
import { GONG_NODE } from './workflows';

/** Where a request that failed in the end was reported. */
export type ReportedBy = 'item' | 'execution' | 'silent';

/** The result of comparing an execution with its work. */
export interface Verdict {
	/** All differences, in words. */
	readonly violations: readonly string[];
	readonly rows: number;
	readonly errorItems: number;
	/** For every request that failed in the end. */
	readonly reported: ReadonlyMap<AwaitedRequest, ReportedBy>;
	/** Calls of a write that the node reports as unknown; and how many of these were carried out. */
	readonly unknown: number;
	readonly unknownDone: number;
	/** Requests that were refused because they came too fast. */
	readonly refusedForPace: number;
}

interface Row {
	readonly json: Readonly<Record<string, unknown>>;
	/** Places of the input items that it comes from. */
	readonly from: readonly number[];
}

/** Compares a finished execution, item by item, with the requests to Gong and its answers. */
export function judge(piece: Piece, execution: Execution, state: GongState): Verdict {
	const violations: string[] = [];
	const refusedForPace = checkTries(piece, violations);
	const all = [...piece.pages, ...piece.requests];
	const failed = all.filter(({ comes }) => comes === 'failed');
	const must = piece.kind === 'calls' && failed.length > 0 ? 'error' : 'success';
	const reported = new Map<AwaitedRequest, ReportedBy>();
	const verdict = { violations, rows: 0, errorItems: 0, reported, unknown: 0, unknownDone: 0 };
	if (execution.status !== must) {
		const because = execution.error ? `: ${wordsOf(execution)}` : '';
		violations.push(`The execution ended as "${execution.status}", not as "${must}"${because}`);
		for (const request of failed) reported.set(request, 'silent');
		return { ...verdict, refusedForPace };
	}
	if (must === 'error') {
		const [request] = failed;
		const isReported = tells(wordsOf(execution), request, violations);
		reported.set(request, isReported ? 'execution' : 'silent');
		return { ...verdict, refusedForPace };
	}

	const items = [...execution.items(GONG_NODE), ...execution.items(GONG_NODE, 1)];
	const rows = items.filter((item) => !isError(item)).map(rowOf);
	const errors = items.filter(isError);
	const wanted = wantedRows(piece, state);
	if (!isDeepStrictEqual(rows, wanted)) violations.push(difference(rows, wanted));
	if (piece.kind === 'people' || piece.kind === 'grant') {
		const stray = execution.items(GONG_NODE).filter(isError).length;
		if (stray > 0) violations.push(`${stray} error items are not on the error output`);
	}
	const outcomes = checkErrors(piece, errors, violations);
	for (const request of failed)
		reported.set(request, outcomes.has(keyOf(request)) ? 'item' : 'silent');
	const written = isWriteKind(piece.kind)
		? checkWritten(piece, outcomes, state, violations)
		: { unknown: 0, unknownDone: 0 };
	return { ...verdict, ...written, rows: rows.length, errorItems: errors.length, refusedForPace };
}

/** Each request must be sent once for each fault, and once more for its answer. */
function checkTries({ pages, requests }: Piece, violations: string[]): number {
	let refusedForPace = 0;
	for (const { calls, plan, comes, tries } of [...pages, ...requests]) {
		const wanted = comes === 'notSent' ? 0 : triesOf(plan);
		const slowDowns = comes === 'notSent' ? 0 : slowDownsOf(plan);
		const tooFast = Math.max(0, tries.filter(({ status }) => status === 429).length - slowDowns);
		refusedForPace += tooFast;
		if (tries.length - tooFast === wanted) continue;
		const name = calls[0] ?? 'a listing';
		const how = `${tries.length} times and not ${wanted} (${plan.faults.join('; ')})`;
		violations.push(`The request for ${name} and those after it was sent ${how}`);
	}
	return refusedForPace;
}

/** The rows expected from Gong's answers. */
export function wantedRows(piece: Piece, state: GongState): Row[] {
	const answers = new Map<string, string | null>();
	for (const { calls, comes, tries } of piece.requests) {
		const last = tries.at(-1);
		if (comes !== 'answered' || !last) continue;
		for (const callId of calls) answers.set(callId, last.requestId);
	}
	const answered = piece.items.flatMap(({ calls, users }, place) =>
		calls
			.filter((callId) => answers.has(callId))
			.map((callId) => {
				const requestId = answers.get(callId) ?? null;
				return { callId, requestId, place, users };
			}),
	);
	const listed = (callId: string) => [...(state.apiAccess.get(callId) ?? [])];
	switch (piece.kind) {
		case 'calls':
			return answered.map(({ callId, requestId, place }) => ({
				json: { callId, users: listed(callId).map((userId) => ({ userId })), requestId },
				from: [place],
			}));
		case 'users':
		case 'period':
			return answered.flatMap(({ callId, requestId, place }) =>
				listed(callId).map((userId) => ({ json: { callId, userId, requestId }, from: [place] })),
			);
		case 'people':
			return [...new Set(answered.flatMap(({ callId }) => listed(callId)))].map((userId) => {
				const own = answered.filter(({ callId }) => listed(callId).includes(userId));
				const callIds = own.map(({ callId }) => callId);
				const requestIds = [...new Set(own.map(({ requestId }) => requestId))];
				return {
					json: { userId, callIds, callCount: callIds.length, requestIds },
					from: [...new Set(own.map(({ place }) => place))],
				};
			});
		default:
			return answered.map(({ callId, requestId, place, users }) => ({
				json: { callId, userIds: users, accepted: true, dryRun: false, requestId },
				from: [place],
			}));
	}
}

/**
 * Every call without a row must be reported once, by the item that named it, with the right outcome. Returns
 * the reported outcome of each call, and of a listing.
 */
function checkErrors(
	piece: Piece,
	errors: readonly ExecutedItem[],
	violations: string[],
): Map<string, string> {
	const outcomes = new Map<string, string>();
	const seen: string[] = [];
	for (const { json, pairedItem } of errors) {
		const text = String(json.error);
		const details = json.details as { callIds: string[]; outcome: string };
		if (text.length < 20 || RAW_WORDS.test(text)) violations.push(`Not in our own words: ${text}`);
		const named = details.callIds.length > 0 ? details.callIds : [LISTING];
		for (const callId of named) {
			outcomes.set(callId, details.outcome);
			seen.push(...placesOf(pairedItem).map((place) => `${place} ${callId}`));
		}
	}
	const wanted: string[] = [];
	const listed = piece.pages.every(({ comes }) => comes === 'answered');
	if (!listed) wanted.push(`0 ${LISTING}`);
	for (const request of listed ? piece.requests : []) {
		if (request.comes === 'answered') continue;
		for (const callId of request.calls) {
			const place = piece.items.findIndex(({ calls }) => calls.includes(callId));
			wanted.push(`${place} ${callId}`);
			const outcome = outcomes.get(callId);
			if (outcome !== undefined && !fits(outcome, request.comes, isWriteKind(piece.kind))) {
				violations.push(
					`${callId}, for which the request ${request.comes}, is reported as ${outcome}`,
				);
			}
		}
	}
	if (!isDeepStrictEqual(seen.sort(), wanted.sort())) {
		violations.push(`Error items report ${brief(seen)}, and not ${brief(wanted)}`);
	}
	return outcomes;
}

/** Whether such a request may have this outcome; a read changes nothing, so it is never unknown. */
function fits(outcome: string, comes: AwaitedRequest['comes'], isWrite: boolean): boolean {
	if (comes === 'notSent') return outcome === 'notSent';
	return outcome !== (isWrite ? 'notSent' : 'unknown');
}

/** What Gong holds now must agree with the items. */
function checkWritten(
	piece: Piece,
	outcomes: ReadonlyMap<string, string>,
	state: GongState,
	violations: string[],
): { unknown: number; unknownDone: number } {
	let unknown = 0;
	let unknownDone = 0;
	for (const [callId, before] of piece.before) {
		const now = [...(state.apiAccess.get(callId) ?? [])].sort();
		const wanted = wantedFor(piece, callId);
		const isDone = isDeepStrictEqual(now, wanted);
		const outcome = outcomes.get(callId);
		const untouched = isDeepStrictEqual(now, before);
		const isSo = outcome === undefined ? isDone : untouched || (outcome === 'unknown' && isDone);
		if (!isSo) {
			const said = outcome ?? 'accepted';
			violations.push(`${callId}: reported "${said}", had ${brief(before)}, has ${brief(now)}`);
		}
		if (outcome !== 'unknown') continue;
		unknown++;
		if (isDone && !untouched) unknownDone++;
	}
	return { unknown, unknownDone };
}

const LISTING = 'the listing';

function keyOf({ calls }: AwaitedRequest): string {
	return calls[0] ?? LISTING;
}

function wordsOf({ error }: Execution): string {
	return `${error?.message ?? ''} ${error?.description ?? ''}`.trim();
}

/** What a failed execution says of the fault that ended it, by the fault's name. */
const SAID_OF: [fault: RegExp, words: RegExp][] = [
	[/^status 50/, /Gong is not available at the moment \(status 50[0-9]\)/],
	[/^(connection|answer cut off)/, /No whole answer came from Gong/],
	[/JSON/, /The answer is not one that Gong documents/],
	[/^status 409/, /Gong refused with status 409.*Affected calls?: /s],
	[/^status 429/, /no more requests|Gong has asked to wait/],
];

function tells(words: string, { calls, plan }: AwaitedRequest, violations: string[]): boolean {
	const last = plan.faults.at(-1) ?? '';
	const said = SAID_OF.find(([fault]) => fault.test(last))?.[1];
	// Only a refusal has to do with its calls, and names them.
	const names = !last.startsWith('status 409') || words.includes(calls[0]);
	if (!RAW_WORDS.test(words) && said?.test(words) && names) return true;
	violations.push(`The failed execution does not report ${last} in our own words: ${words}`);
	return false;
}

function isError({ json }: ExecutedItem): boolean {
	return 'error' in json;
}

function rowOf({ json, pairedItem }: ExecutedItem): Row {
	return { json, from: placesOf(pairedItem) };
}

function placesOf(pairedItem: unknown): number[] {
	const links = Array.isArray(pairedItem) ? (pairedItem as unknown[]) : [pairedItem];
	return links.map((link) => (typeof link === 'number' ? link : (link as { item: number }).item));
}

function difference(rows: readonly Row[], wanted: readonly Row[]): string {
	const at = rows.findIndex((row, place) => !isDeepStrictEqual(row, wanted[place]));
	const place = at === -1 ? rows.length : at;
	const pair = `${JSON.stringify(rows[place])} and not ${JSON.stringify(wanted[place])}`;
	return `${rows.length} rows instead of ${wanted.length}; row ${place} is ${pair}`;
}

function brief(list: readonly string[]): string {
	const shown = list.slice(0, 5).join(', ');
	return list.length > 5 ? `${shown} and ${list.length - 5} more` : shown || 'nothing';
}
