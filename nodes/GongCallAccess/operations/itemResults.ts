import type { INodeExecutionData } from 'n8n-workflow';
import type { Failure, GongRefusal } from '../failure';
import * as messages from '../messages/gongMessages';
import { checkDigits } from '../messages/idMessages';
import { logUnexpected } from '../messages/logMessages';
import type { CallRequestOptions, CallResult } from '../gong/callRequests';
import { mayHaveLostDigits } from '../parameters/lostDigits';
import { isRead } from '../parameters/operationNames';
import type { AskedItem, ItemResult, OperationContext } from './operation';
import type { Turns } from '../transport/turns';

/**
 * The options of an operation's requests.
 * @param calls how many calls there are so far
 */
export function callRequestOptions(
	{
		settings,
		continues,
		abort,
		onProgress,
	}: Pick<OperationContext, 'settings' | 'continues' | 'abort' | 'onProgress'>,
	calls: () => number,
): CallRequestOptions {
	return {
		callsPerRequest: settings.callsPerRequest,
		stops: !continues,
		abort,
		reportsUnknown: settings.reportUnknownCalls,
		onProgress: (done) => onProgress(done, calls()),
	};
}

/** The calls of all items, each once. */
export function callsOf(items: AskedItem[]): string[] {
	const calls = new Set<string>();
	for (const { callIds } of items) for (const callId of callIds) calls.add(callId);
	return [...calls];
}

/**
 * The result of each item: its rows, and a failure for each reason that calls of it have no row.
 * What goes wrong while the rows of one item are made costs only that item.
 * @param failuresFor why calls of an item have no row
 * @param rowsOf the rows of one of its calls that has any
 */
export async function resultsOf(
	context: OperationContext,
	items: AskedItem[],
	turns: Turns,
	failuresFor: (item: AskedItem) => Map<string, Failure>,
	rowsOf: (item: AskedItem, callId: string) => Iterable<INodeExecutionData>,
): Promise<ItemResult[]> {
	const isAnyPeriod = items.some(({ isPeriod }) => isPeriod);
	const results: ItemResult[] = [];
	for (const item of items) {
		try {
			const failures = failuresFor(item);
			const rows: INodeExecutionData[] = [];
			for (const callId of item.callIds) {
				if (!failures.has(callId)) for (const row of rowsOf(item, callId)) rows.push(row);
				if (turns.isDue) await turns.next();
			}
			results.push({ rows, failures: failuresOf(item, failures, context, isAnyPeriod) });
		} catch (thrown) {
			results.push({ rows: [], failures: [unexpected(thrown, item.callIds, context)] });
		}
	}
	return results;
}

/** For an unexpected error. It claims nothing about calls that a write may have been sent for. */
export function unexpected(
	thrown: unknown,
	callIds: string[],
	{ ledger, logger }: Pick<OperationContext, 'ledger' | 'logger'>,
): Failure {
	logUnexpected(logger, thrown);
	const mayBeWritten = callIds.some((callId) => ledger.stateOf(callId) !== undefined);
	return messages.unexpected(callIds, mayBeWritten);
}

/** The calls that Gong does not know. */
export function unknownIn(results: ReadonlyMap<string, CallResult<unknown>>): string[] {
	return [...results].flatMap(([callId, result]) => (!result.ok && result.unknown ? [callId] : []));
}

/**
 * Why calls have no row. Calls that Gong does not know share one failure that names them all.
 * @param unknownToo false where unknown calls get rows of their own
 */
export function failuresByCall(
	results: Map<string, CallResult<unknown>>,
	unknownToo = true,
): Map<string, Failure> {
	const failures = new Map<string, Failure>();
	const unknown: string[] = [];
	let refusal: GongRefusal | undefined;
	let perhapsMore = false;
	for (const [callId, result] of results) {
		if (result.ok) continue;
		if (!result.unknown) {
			failures.set(callId, result.failure);
			perhapsMore ||= result.failure.mayBeMore === true;
		} else if (unknownToo) {
			unknown.push(callId);
			refusal = result.unknown;
		}
	}
	if (refusal) {
		const shared = orLostDigits(messages.unknownCalls(unknown, refusal, perhapsMore), unknown);
		for (const callId of unknown) failures.set(callId, shared);
	}
	return failures;
}

/** Says of unknown calls which of them may be unknown because they lost digits. */
function orLostDigits(failure: Failure, callIds: string[]): Failure {
	const hint = checkDigits(callIds.filter(mayHaveLostDigits));
	return hint === '' ? failure : { ...failure, advice: `${hint} ${failure.advice}` };
}

/**
 * Maps each failure, once for all the calls that share it, or its words where Gong refused. They share the new one.
 * @param map makes a failure of another one and of all the calls that share it
 */
export function mapFailures(
	failures: Map<string, Failure>,
	map: (because: Failure, callIds: string[]) => Failure,
): Map<string, Failure> {
	const mapped = new Map<string, Failure>();
	const concerned = callsByFailure(failures.keys(), failures);
	for (const [failure, callIds] of merged(concerned, wordsOfRefusal)) {
		const other = map(failure, callIds);
		for (const callId of callIds) mapped.set(callId, other);
	}
	return mapped;
}

/**
 * One failure for each reason that an item's calls have no row. Set to stop, a failure keeps its calls: an item
 * that stops the run names every call concerned. Not so where a period is among the items, whose calls nobody typed.
 */
function failuresOf(
	{ callIds, isPeriod = false }: AskedItem,
	byCall: Map<string, Failure>,
	{ continues, settings }: Pick<OperationContext, 'continues' | 'settings'>,
	isAnyPeriod: boolean,
): Failure[] {
	const concerned = callsByFailure(callIds, byCall);
	if (!continues) {
		const all = [...concerned].map(([failure, ids]) =>
			isAnyPeriod && isUnknown(failure) ? unknownOf(ids, failure, isPeriod, false) : failure,
		);
		return isRead(settings.operation) ? all.map(messages.orReport) : all;
	}
	const keyOf = (failure: Failure): string | undefined =>
		isUnknown(failure) ? failure.outcome : wordsOfRefusal(failure);
	return merged(concerned, keyOf).map(([failure, ids]) =>
		isUnknown(failure)
			? { ...unknownOf(ids, failure, isPeriod, true), outcome: failure.outcome }
			: { ...failure, callIds: ids },
	);
}

/** Whether Gong said of the calls themselves that it does not know them. */
function isUnknown({ reason, isOfOthers }: Failure): boolean {
	return reason === 'unknownCalls' && !isOfOthers;
}

/** That Gong does not know these calls, which are of one item. */
function unknownOf(
	callIds: string[],
	{ requestId, gongErrors, mayBeMore }: Failure,
	isPeriod: boolean,
	goesOn: boolean,
): Failure {
	const refusal = { requestId, errors: gongErrors };
	const perhapsMore = !goesOn && mayBeMore === true;
	if (isPeriod) return messages.unknownOfPeriod(callIds, refusal, perhapsMore, goesOn);
	return orLostDigits(messages.unknownCalls(callIds, refusal, perhapsMore, goesOn), callIds);
}

/** Failures with the same key, as one failure of all their calls. */
function merged(
	concerned: Map<Failure, string[]>,
	keyOf: (failure: Failure) => string | undefined,
): Array<[Failure, string[]]> {
	const groups = new Map<string | Failure, [Failure, string[]]>();
	for (const [failure, ids] of concerned) {
		const key = keyOf(failure) ?? failure;
		const one = groups.get(key);
		if (one) for (const id of ids) one[1].push(id);
		else groups.set(key, [failure, [...ids]]);
	}
	return [...groups.values()];
}

/** What Gong refused call by call, in the same words, is one failure; undefined for any other. */
function wordsOfRefusal({
	message,
	advice,
	reason,
	outcome,
	httpStatus,
}: Failure): string | undefined {
	if (reason !== 'refused' || httpStatus !== 400) return undefined;
	return JSON.stringify([message, advice, outcome]);
}

/** The calls that each failure concerns, of those named. */
function callsByFailure(
	callIds: Iterable<string>,
	byCall: Map<string, Failure>,
): Map<Failure, string[]> {
	const concerned = new Map<Failure, string[]>();
	for (const callId of callIds) {
		const failure = byCall.get(callId);
		if (!failure) continue;
		const ids = concerned.get(failure) ?? [];
		ids.push(callId);
		concerned.set(failure, ids);
	}
	return concerned;
}
