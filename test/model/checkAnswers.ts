/** Checks that every input item is answered once, in the right place and with the right link. */
import { secretsOf } from '../harness/engine/support';
import { writesIn } from '../harness/gong';
import { RAW_WORDS } from '../harness/judging/rawWords';
import { itemsOf, type Named } from './oracle';
import type { Played } from './play';
import { saidBy, type ErrorItem, type Row, type Said } from './said';
import type { Violation } from './violation';
import { jsonsOf, type WriteCase } from './writeCase';

const sorted = (ids: string[]): string => [...ids].sort().join();

function* checkItem(item: Named, said: Said): Generator<Violation> {
	const { place, calls, isGood } = item;
	const rows = said.rows.filter((row) => row.place === place).map(({ callId }) => callId);
	const errors = said.errors.filter((error) => error.place === place && !isOfEngine(error));
	const inErrors = errors.flatMap(({ callIds }) => callIds);
	const all = sorted([...rows, ...inErrors]);
	if (isGood) {
		// "one for each call of each input item"; the `callIds` of an error item are the calls that it reports.
		if (all !== sorted(calls)) {
			yield {
				rule: 'item not answered once',
				words: `Item ${place} names ${sorted(calls) || 'no call'}; rows for ${sorted(rows) || 'none'}, errors for ${sorted(inErrors) || 'none'} (${errors.length} error items)`,
			};
		}
		return;
	}
	// "Bad input is refused before anything is sent": one error item, and no row.
	if (rows.length > 0 || errors.length !== 1) {
		yield {
			rule: 'bad item not answered once',
			words: `Item ${place} cannot be read: ${rows.length} rows, ${errors.length} error items`,
		};
	} else if (inErrors.some((id) => !calls.includes(id))) {
		yield {
			rule: 'bad item of other calls',
			words: `Item ${place} reports ${sorted(inErrors)}`,
		};
	} else if (item.isBadAtSight && errors[0].details?.reason !== 'badInput') {
		yield {
			rule: 'bad item not reported as badInput',
			words: `Item ${place}: ${String(errors[0].details?.reason)}: ${errors[0].text}`,
		};
	} else if (item.isBadAtSight && errors[0].outcome !== 'notSent') {
		yield { rule: 'bad item not notSent', words: `Item ${place} reports "${errors[0].outcome}"` };
	}
}

/** n8n itself answers an item whose expression throws, without details and with an arbitrary link. */
const isOfEngine = (one: Row | ErrorItem): boolean => 'details' in one && one.details === null;

/** Each item whose expression throws is answered once, by the node or by n8n. */
function* checkThrowing(items: Named[], said: Said): Generator<Violation> {
	const throwing = items.filter(({ isThrowing }) => isThrowing);
	const places = throwing.map(({ place }) => place);
	const mine = said.errors.filter(
		(one) => isOfEngine(one) || (one.place !== null && places.includes(one.place)),
	);
	const rows = said.rows.filter(({ place }) => place !== null && places.includes(place));
	if (mine.length === throwing.length && rows.length === 0) return;
	yield {
		rule: 'throwing item not answered once',
		words: `${throwing.length} items throw: ${mine.length} error items, ${rows.length} rows`,
	};
}

function* checkOutputs(run: WriteCase, said: Said): Generator<Violation> {
	const toErrorOutput = run.onError === 'continueErrorOutput';
	for (const { atErrorOutput, details, json, place } of said.errors) {
		if (atErrorOutput !== toErrorOutput) {
			yield {
				rule: 'wrong output',
				words: `The error item of item ${place} is on the wrong output`,
			};
		}
		if (!toErrorOutput || details === null || place === null) continue;
		// "goes to that output with the input's fields".
		const input = jsonsOf(run)[place] ?? {};
		const lost = Object.keys(input).filter((key) => input[key] !== undefined && !(key in json));
		if (lost.length > 0) {
			yield { rule: 'input fields lost', words: `Item ${place} lost ${lost.join()}` };
		}
	}
	for (const part of [said.rows, said.errors]) {
		if (part.some((one) => one.place === null && !isOfEngine(one))) {
			yield { rule: 'not linked', words: 'An item is linked to no input item, or to several' };
		}
		const places = part.flatMap((one) =>
			one.place === null || isOfEngine(one) ? [] : [one.place],
		);
		if (places.some((place, at) => at > 0 && place < places[at - 1])) {
			yield { rule: 'out of order', words: `Items are linked to ${places.join()}` };
		}
	}
}

function* checkWords(said: Said, played: Played): Generator<Violation> {
	const texts = [...said.errors.map(({ text }) => text), said.stopped ?? ''];
	for (const text of texts) {
		// "clear words, never JavaScript's own".
		if (RAW_WORDS.test(text)) yield { rule: 'raw words', words: text };
	}
	const { items, errorItems, error } = played.result;
	const all = `${JSON.stringify([items, errorItems])}${error?.message}${error?.description}${error?.stack}`;
	// "A key, a secret or a token appears in no item, message, log or stack."
	if (played.accounts.flatMap(secretsOf).some((secret) => all.includes(secret))) {
		yield { rule: 'secret shown', words: 'A secret is in what the run left behind' };
	}
}

/** Invariants 5 and 7. */
export function* checkAnswers(run: WriteCase, played: Played): Generator<Violation> {
	const items = itemsOf(run);
	const said = saidBy(played.result);
	const { status } = played.result.run;
	yield* checkWords(said, played);
	if (played.arrivedAtCancel !== null) return;
	if (run.onError !== 'stopWorkflow') {
		if (status !== 'success') {
			yield {
				rule: 'continue fails',
				words: `On continue the run is "${status}": ${said.stopped}`,
			};
			return;
		}
		for (const item of items) if (!item.isThrowing) yield* checkItem(item, said);
		yield* checkThrowing(items, said);
		yield* checkOutputs(run, said);
		return;
	}
	const anyBad = items.some(({ isGood }) => !isGood);
	if (said.stopped === null) {
		if (said.errors.length > 0) yield { rule: 'errors on stop', words: 'Error items on stop' };
		if (anyBad) yield { rule: 'bad item passes', words: 'A bad item did not stop the run' };
		for (const item of items) yield* checkItem(item, said);
		return;
	}
	if (status !== 'error') yield { rule: 'stop not an error', words: `The run is "${status}"` };
	if (said.rows.length > 0) yield { rule: 'rows on stop', words: 'Rows of a run that stopped' };
	// "nothing is sent until every item of the run has been read and found good".
	const mayNotBe = anyBadAtSight(items) ? played.log : writesIn(played.log);
	if (anyBad && mayNotBe.length > 0) {
		yield { rule: 'sent with a bad item', words: `${played.log.length} requests were sent` };
	}
}

const anyBadAtSight = (items: Named[]): boolean => items.some(({ isBadAtSight }) => isBadAtSight);
/** Invariant 6: a cancelled run is "canceled" and sends nothing more. */
export function* checkCancel(run: WriteCase, played: Played): Generator<Violation> {
	const { arrivedAtCancel, log, result } = played;
	if (arrivedAtCancel === null) return;
	// What is wrong with the items stops the run at the same moment, before anything is sent: then it may be either.
	const anyBad = itemsOf(run).some(({ isGood }) => !isGood);
	const mayFail = run.onError === 'stopWorkflow' && (anyBad || log.length === 0);
	if (result.run.status !== 'canceled' && !(mayFail && result.run.status === 'error')) {
		yield { rule: 'cancel: status', words: `A cancelled run is "${result.run.status}"` };
	}
	// One write may have been on its way already, or the reads of a replace, which overlap.
	const late = log.length - arrivedAtCancel;
	const lateWrites = writesIn(log.slice(arrivedAtCancel)).length;
	if (late > 3 || lateWrites > 1 || (late > 1 && lateWrites > 0)) {
		yield { rule: 'cancel: sent more', words: `${late} requests came after the cancel` };
	}
}
