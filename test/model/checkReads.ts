/** Checks that the rows are what the local Gong holds for the input, or that an error says why not. */
import type { IDataObject } from 'n8n-workflow';
import { isDeepStrictEqual } from 'node:util';
import { secretsOf } from '../harness/engine/support';
import { callsOf, isRefusedAlone } from '../harness/gong';
import { RAW_WORDS } from '../harness/judging/rawWords';
import { CALLS, startedAt } from './company';
import { hasBadPart, readIn } from './inputs';
import type { Played } from './play';
import { jsonsOf, throwsFor, type ReadCase, type ReadItem } from './readCase';
import { isKnown, Rows } from './readRows';
import { calledUnknown, saidBy, type Said } from './said';
import { brief } from './story';
import type { Violation } from './violation';

/** The input of one item. */
export interface ItemInput {
	place: number;
	/** Calls in the order of the input, each once; for a period those that Gong has in it, oldest first. */
	calls: string[];
	isGood: boolean;
	isThrowing: boolean;
}

function callsOfPeriod({ start, end }: ReadItem): string[] | null {
	if (start.ms === null || end.ms === null || start.ms >= end.ms) return null;
	const [from, to] = [start.ms, end.ms];
	// "the first moment counts, the last does not"
	return CALLS.filter((_, place) => {
		const started = Date.parse(startedAt(place));
		return started >= from && started < to;
	});
}

export function inputsOf(run: ReadCase): ItemInput[] {
	const items = run.executeOnce ? run.items.slice(0, 1) : run.items;
	return items.map((item, place) => {
		const isThrowing = throwsFor(run, item);
		const isPeriod = run.callsFrom === 'period';
		const calls = isPeriod ? callsOfPeriod(item) : readIn(item.calls);
		const isReadable = isPeriod ? calls !== null : calls?.length !== 0 && !hasBadPart(item.calls);
		const isGood = isReadable && !item.noJson && !isThrowing;
		return { place, calls: item.noJson || isThrowing ? [] : (calls ?? []), isGood, isThrowing };
	});
}

/** A period of no length is refused or has no calls: the contract does not say which. */
export const isUnclear = (run: ReadCase): boolean =>
	run.callsFrom === 'period' && run.items.some(({ start, end }) => start.ms === end.ms);

function without(json: IDataObject, ...keys: string[]): IDataObject {
	return Object.fromEntries(Object.entries(json).filter(([key]) => !keys.includes(key)));
}

function detailsOf({ includeUserDetails, includeCallDetails, splitInto }: ReadCase): string {
	if (includeUserDetails) return ' with user details';
	return includeCallDetails && splitInto === 'people' ? ' of people with call details' : '';
}

function* compare(
	run: ReadCase,
	what: string,
	rows: IDataObject[],
	wanted: IDataObject[],
): Generator<Violation> {
	const names = (list: IDataObject[]): string =>
		brief(list.map(({ callId, userId, callIds }) => callId ?? [userId, callIds]));
	if (!isDeepStrictEqual(rows, wanted)) {
		const at = rows.findIndex((row, place) => !isDeepStrictEqual(row, wanted[place]));
		const sameCalls = names(rows) === names(wanted);
		yield {
			rule: sameCalls ? `rows: content${detailsOf(run)}` : 'rows: other ones',
			words: sameCalls
				? `${what}: ${brief(rows[at])}, not ${brief(wanted[at])}`
				: `${what}: ${names(rows)}, not ${names(wanted)}`,
		};
	} else if (brief(rows) !== brief(wanted)) {
		yield { rule: 'rows: order of keys', words: `${what}: ${brief(rows)}, not ${brief(wanted)}` };
	}
}

/** The calls for which an error item of this item says why there are no rows. */
function failedOf(said: Said, place: number): string[] {
	return said.errors.filter((error) => error.place === place).flatMap(({ callIds }) => callIds);
}

/** A period whose listing failed has an error item without calls. */
const isListingFailed = (run: ReadCase, said: Said, place: number): boolean =>
	run.callsFrom === 'period' &&
	said.errors.some(
		({ details, place: linked, callIds }) =>
			details !== null && linked === place && callIds.length === 0,
	);

/** The calls of an item that must have rows. */
function answeredOf(run: ReadCase, said: Said, item: ItemInput): string[] {
	if (!item.isGood || isListingFailed(run, said, item.place)) return [];
	const failed = failedOf(said, item.place);
	return item.calls.filter((callId) => !failed.includes(callId));
}

function* checkRows(
	run: ReadCase,
	inputs: ItemInput[],
	said: Said,
	played: Played,
): Generator<Violation> {
	const rows = new Rows(run);
	if (run.splitInto === 'people') {
		if (run.report && CALLS.some((id) => isRefusedAlone(played.log, id))) return;
		const answers = said.rows.filter(({ json }) => json.found !== false).map(({ json }) => json);
		const answered = inputs.flatMap((item) => answeredOf(run, said, item));
		const wanted = rows.ofPeople(answered.filter(isKnown));
		const plain = answers.map((json) => without(json, 'requestIds', 'requestId'));
		yield* compare(run, 'People', plain, wanted);
		return;
	}
	for (const item of inputs) {
		// A fault may claim that Gong does not know a known call; then the row may say so too.
		if (run.report && item.calls.some((id) => isKnown(id) && isRefusedAlone(played.log, id)))
			continue;
		const own = said.rows.filter(({ place }) => place === item.place).map(({ json }) => json);
		const wanted = answeredOf(run, said, item).flatMap((callId) => rows.of(callId));
		const plain = own.map((json) => without(json, 'requestId'));
		yield* compare(run, `Item ${item.place}`, plain, wanted);
		for (const json of own) {
			const callId = String(json.callId);
			const answer = played.log.find(({ requestId }) => requestId === json.requestId);
			// For an unknown call the refusal is the answer.
			const status = isKnown(callId) ? 200 : 400;
			if (answer?.status !== status || !callsOf(answer).includes(callId)) {
				yield { rule: 'requestId: wrong', words: `${callId}: ${String(json.requestId)}` };
			}
		}
	}
}

function* checkErrors(
	run: ReadCase,
	inputs: ItemInput[],
	said: Said,
	played: Played,
): Generator<Violation> {
	for (const error of said.errors) {
		const { place, callIds, details, outcome, text } = error;
		if (details === null) continue;
		const item = inputs.find((one) => one.place === place);
		if (!item) {
			yield { rule: 'not linked', words: text };
			continue;
		}
		// "`unknown` (a write whose answer was lost for good)"
		if (!['notSent', 'refused'].includes(outcome)) {
			yield { rule: `outcome: ${outcome}`, words: `Item ${place}: ${text}` };
		}
		const strange = callIds.filter((id) => !item.calls.includes(id));
		if (strange.length > 0)
			yield { rule: 'error of other calls', words: `${strange.join()}: ${text}` };
		const known = details.reason === 'unknownCalls' ? callIds : calledUnknown(text);
		const wrong = known.filter((id) => isKnown(id) && !isRefusedAlone(played.log, id));
		if (wrong.length > 0)
			yield { rule: 'known call called unknown', words: `${wrong.join()}: ${text}` };
		const input = jsonsOf(run)[item.place] ?? {};
		const lost = Object.keys(input).filter((key) => !(key in error.json));
		if (error.atErrorOutput && lost.length > 0) {
			yield { rule: 'input fields lost', words: `Item ${place} lost ${lost.join()}` };
		}
	}
	for (const item of inputs) {
		const errors = said.errors.filter((one) => one.details !== null && one.place === item.place);
		const failed = errors.flatMap(({ callIds }) => callIds);
		if (new Set(failed).size < failed.length) {
			yield { rule: 'call reported twice', words: `Item ${item.place}: ${failed.join()}` };
		}
		if (!item.isGood && !item.isThrowing && errors.length !== 1) {
			yield {
				rule: 'bad item not answered once',
				words: `Item ${item.place}: ${errors.length} error items`,
			};
		}
		if (
			item.isGood &&
			run.callsFrom !== 'period' &&
			errors.some(({ callIds }) => callIds.length === 0)
		) {
			yield { rule: 'error of no call', words: `Item ${item.place}: ${errors[0].text}` };
		}
	}
	const throwing = inputs.filter(({ isThrowing }) => isThrowing);
	const mine = said.errors.filter(
		({ place, details }) =>
			// n8n itself answers it, without details and with an arbitrary link.
			details === null || throwing.some((item) => item.place === place),
	);
	if (mine.length !== throwing.length) {
		yield {
			rule: 'throwing item not answered once',
			words: `${mine.length} of ${throwing.length}`,
		};
	}
	if (
		said.errors.some(
			({ atErrorOutput }) => atErrorOutput !== (run.onError === 'continueErrorOutput'),
		)
	) {
		yield { rule: 'wrong output', words: 'An error item is on the wrong output' };
	}
	const links = said.rows.flatMap(({ place }) => (place === null ? [] : [place]));
	if (run.splitInto !== 'people' && links.some((place, at) => at > 0 && place < links[at - 1])) {
		yield { rule: 'out of order', words: links.join() };
	}
}

/** "Only the items concerned fail." */
function* checkConcerned(
	run: ReadCase,
	inputs: ItemInput[],
	said: Said,
	played: Played,
): Generator<Violation> {
	const paths = played.log.filter(({ status }) => status !== 200).map(({ path }) => path);
	const isHealthy = run.faults.length === 0;
	const isUsersOnly =
		paths.every((path) => path.startsWith('/v2/users')) && run.splitInto !== 'people';
	// A fault that calls a call unknown, or breaks a 200, leaves no refusal in the log.
	if (run.faults.every(({ kind }) => kind === '400') && !isHealthy) {
		const refused = played.log.filter(({ status }) => status !== 200);
		const byPath = refused.some(({ path }) => path !== '/v2/calls/users-access');
		for (const item of inputs.filter(({ isGood }) => isGood && !byPath)) {
			const unasked = failedOf(said, item.place).filter(
				(callId) => !refused.some((entry) => callsOf(entry).includes(callId)),
			);
			if (unasked.length === 0) continue;
			yield {
				rule: 'failed for a refusal of others',
				words: `Item ${item.place}, call ${unasked.join()}: no request for it was refused`,
			};
		}
	}
	const isTraceless = run.faults.some(({ kind }) => /unknown|Json|cut/.test(kind));
	if (!isHealthy && (!isUsersOnly || isTraceless)) return;
	for (const item of inputs.filter(({ isGood }) => isGood)) {
		const unasked = failedOf(said, item.place).filter((callId) => {
			if (!isKnown(callId)) return run.report;
			return isHealthy || (run.company.given[callId] ?? []).length === 0;
		});
		const rule = isHealthy ? 'healthy: failed' : 'a look-up of names fails calls without users';
		if (unasked.length > 0) yield { rule, words: `Item ${item.place}: ${unasked.join()}` };
		if (isHealthy && isListingFailed(run, said, item.place)) {
			yield { rule, words: `Item ${item.place}: the listing` };
		}
	}
}

/** All that must hold after a run that reads. */
export function* checkReads(run: ReadCase, played: Played): Generator<Violation> {
	const { result, log, before, after, arrivedAtCancel } = played;
	const said = saidBy(result);
	const inputs = inputsOf(run);
	if (!isDeepStrictEqual(before, after))
		yield { rule: 'changed', words: 'Reading changed something' };
	if (log.some(({ method }) => method === 'PUT' || method === 'DELETE')) {
		yield { rule: 'wrote', words: 'Reading wrote' };
	}
	for (const text of [...said.errors.map((error) => error.text), said.stopped ?? '']) {
		if (RAW_WORDS.test(text)) yield { rule: 'raw words', words: text };
	}
	const all = brief([result.items, result.errorItems, result.error?.message, result.error?.stack]);
	if (played.accounts.flatMap(secretsOf).some((secret) => all.includes(secret))) {
		yield { rule: 'secret shown', words: 'A secret is in what the run left behind' };
	}
	const anyBad = inputs.some(({ isGood }) => !isGood);
	if (arrivedAtCancel !== null) {
		const mayFail = anyBad && run.onError === 'stopWorkflow' && result.run.status === 'error';
		if (result.run.status !== 'canceled' && !mayFail) {
			yield { rule: 'cancel: status', words: `A cancelled run is "${result.run.status}"` };
		}
		// Reads may be in flight together, so more than one may have been sent already.
		if (log.length > arrivedAtCancel + 3) {
			yield { rule: 'cancel: sent more', words: `${log.length - arrivedAtCancel} requests` };
		}
		return;
	}
	if (isUnclear(run)) return;
	if (run.onError !== 'stopWorkflow') {
		if (result.run.status !== 'success') {
			yield { rule: 'continue fails', words: `The run is "${result.run.status}": ${said.stopped}` };
			return;
		}
		yield* checkErrors(run, inputs, said, played);
		yield* checkRows(run, inputs, said, played);
		yield* checkConcerned(run, inputs, said, played);
		return;
	}
	if (said.stopped === null) {
		if (anyBad) yield { rule: 'bad item passes', words: 'A bad item did not stop the run' };
		if (said.errors.length > 0) yield { rule: 'errors on stop', words: said.errors[0].text };
		yield* checkRows(run, inputs, said, played);
		return;
	}
	if (said.rows.length > 0) yield { rule: 'rows on stop', words: 'Rows of a run that stopped' };
	if (anyBad && log.length > 0)
		yield { rule: 'sent with a bad item', words: `${log.length} requests` };
	const calls = inputs.flatMap((item) => item.calls);
	const allKnown = run.report || calls.every(isKnown);
	if (!anyBad && allKnown && run.faults.length === 0) {
		yield { rule: 'healthy: stopped', words: said.stopped };
	}
	const wrong = calledUnknown(said.stopped).filter(
		(id) => isKnown(id) && !isRefusedAlone(played.log, id),
	);
	if (wrong.length > 0) yield { rule: 'known call called unknown', words: said.stopped };
}
