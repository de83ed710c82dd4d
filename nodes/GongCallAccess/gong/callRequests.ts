import type { Failure } from '../failure';
import { stopsRequestsLikeIt } from '../failure';
import { noneKnown, notTried, unknownCalls } from '../messages/gongMessages';
import { refusedThoughKnown } from '../messages/writeMessages';
import type { RunAbort } from '../transport/abort';
import type { GongClient } from '../transport/client';
import { Lane } from '../transport/lane';
import { saysUnknownCalls } from '../transport/refusal';
import type { GongRequest } from '../transport/request';
import { Turns } from '../transport/turns';
import type { Refused, Sent, Unit, UnitResult } from './isolate';
import { callsIn, isolate } from './isolate';

/**
 * What Gong answered for one call. `parts`, by name, are there where the call's entry was sent in parts since it
 * was refused as a whole; it is `ok` if any part was accepted.
 */
export type CallResult<T> = UnitResult<T> & { parts?: Map<string, UnitResult<T>> };

/** A kind of request that names many calls. */
export interface CallsEndpoint<T> {
	/**
	 * The request for these calls.
	 * @param parts the names of the parts to send of each call's entry; all where it is left out
	 */
	request(callIds: string[], parts?: ReadonlyMap<string, readonly string[]>): GongRequest;
	/** Reads its response of status 200; `values` holds each call asked for. */
	read(text: string, callIds: string[]): { requestId: string | null; values: Map<string, T> };
	/** For a write: the names of the parts in which the entry of a call can be sent. */
	partsOf?(callId: string): string[];
}

/** How the requests of a run are sent. */
export interface CallRequestOptions {
	/** Most calls named in one request. */
	callsPerRequest: number;
	/** Whether the node is set to stop at the first failure. */
	stops: boolean;
	abort: RunAbort;
	/** Whether an unknown call is no failure, so that all of them are worth finding. */
	reportsUnknown?: boolean;
	/** For a write that is set to stop: finds unknown calls without writing. */
	search?: CallsEndpoint<unknown>;
	/** For a write: called before each request, and with what became of it. */
	onWrite?: (units: Unit[], outcome: 'sent' | 'accepted' | 'refused' | 'lost') => void;
	/** Called after each request with the number of calls done. */
	onProgress: (done: number) => void;
}

// When the run will fail anyway, no more than this many unknown calls are worth the requests that find them.
const MAX_UNKNOWN_ON_STOP = 10;
// Where Gong knows none of this many calls, the credential is most likely of another company. Each unknown call costs a
// request, and Gong allows a company 10,000 a day by default.
const MAX_NONE_KNOWN = 500;
// After this many requests in a row without a usable response, Gong counts as out of reach.
const MAX_LOST_IN_A_ROW = 3;
/** The name under which a result stands that is of all parts of a call. */
const WHOLE = Symbol('whole');

type Results<T> = Map<string | typeof WHOLE, UnitResult<T>>;

/**
 * Sends requests for calls.
 * @param callIds each once
 * @returns a result for every call
 * @throws {FailureError} of reason `canceled` when the execution is canceled
 */
export async function requestByCall<T>(
	client: GongClient,
	callIds: readonly string[],
	endpoint: CallsEndpoint<T>,
	options: CallRequestOptions,
): Promise<Map<string, CallResult<T>>> {
	return await new CallRequests(client, endpoint, options).results(callIds);
}

/**
 * Requests for calls that may become known one after the other: as few requests as possible, in order. Those that
 * only read overlap; what writes is sent one at a time. What Gong refuses among many is isolated.
 */
export class CallRequests<T> {
	/** By call, what came of it or of its parts. */
	private readonly found = new Map<string, Results<T>>();

	private readonly known = new Set<string>();

	/** Calls that are not enough for a request yet. */
	private readonly waiting: string[] = [];

	private readonly inFlight: Array<Promise<void>> = [];

	private readonly lane = new Lane<Sent<T>>((sent) => {
		return sent.ok || sent.notTried === true || sent.refusal?.status === 400;
	});

	private readonly counts = { answered: 0, unknown: 0, lostInARow: 0 };

	/** The failure after which nothing more is sent. */
	private endedBy: Failure | undefined;

	/** @param onAnswer called with what Gong answered for some of the calls, as soon as it is there */
	constructor(
		private readonly client: GongClient,
		private readonly endpoint: CallsEndpoint<T>,
		private readonly options: CallRequestOptions,
		private readonly onAnswer: (values: Map<string, T>) => void = () => {},
	) {}

	/** How many calls there are so far. */
	get size(): number {
		return this.known.size;
	}

	/** Adds calls. For a read, a request is sent as soon as there are enough of them. */
	add(callIds: Iterable<string>): void {
		for (const callId of callIds) {
			if (this.known.has(callId)) continue;
			this.known.add(callId);
			this.waiting.push(callId);
			if (this.waiting.length >= this.options.callsPerRequest && !this.isWrite) this.start();
		}
	}

	/**
	 * A result for each of these calls, in their order, once all requests are answered. Calls that were not added
	 * are added.
	 * @throws {FailureError} of reason `canceled` when the execution is canceled
	 */
	async results(callIds: readonly string[]): Promise<Map<string, CallResult<T>>> {
		this.add(callIds);
		while (this.waiting.length > 0) {
			this.start();
			if (this.isWrite) await Promise.all(this.inFlight.splice(0));
		}
		await Promise.all(this.inFlight);
		const missing = callIds.filter((callId) => !this.found.has(callId));
		const ended = this.ended();
		if (ended) this.settleCalls(missing, { ok: false, failure: notTried(ended, missing) });
		const results = new Map<string, CallResult<T>>();
		await new Turns().forEach(callIds, (callId) => {
			results.set(callId, this.resultOf(callId));
		});
		return results;
	}

	private get isWrite(): boolean {
		return this.endpoint.partsOf !== undefined;
	}

	private ended(): Failure | undefined {
		return this.endedBy ?? this.options.abort.because(this);
	}

	private start(): void {
		const request = this.requestBatch(this.waiting.splice(0, this.options.callsPerRequest));
		// It is awaited later, or not at all once the execution is canceled.
		request.catch(() => {});
		this.inFlight.push(request);
	}

	private async requestBatch(callIds: string[]): Promise<void> {
		const units = callIds.flatMap((callId) => this.unitsOf(callId));
		const sent = await this.lane.send(async (onSent) => await this.send(units, callIds, onSent));
		if (sent.ok) this.settleUnits(units, (unit) => valueOf(sent.value, unit), true);
		// The run ended while it waited: it shares the failure of all that were not sent.
		else if (!(sent.notTried && this.ended())) await this.handle(sent, units, callIds);
		this.options.onProgress(this.found.size);
	}

	private async handle(
		{ failure, refusal }: Sent<T> & { ok: false },
		units: Unit[],
		callIds: string[],
	): Promise<void> {
		if (refusal?.status !== 400) return this.fail(callIds, failure);
		const refused = { units, failure, said: refusal.said };
		const { search } = this.options;
		if (search && saysUnknownCalls(400, refusal.said)) {
			await this.searchByReading(search, refused, callIds);
		} else await this.isolate(refused);
	}

	/** @param callIds of the units, all of whose parts are sent; left out for some parts */
	private async send(units: Unit[], callIds?: string[], onSent?: () => void): Promise<Sent<T>> {
		const ids = callIds ?? callsIn(units);
		const request = this.endpoint.request(ids, callIds ? undefined : partsIn(units));
		const onWrite = this.isWrite ? this.options.onWrite : undefined;
		onWrite?.(units, 'sent');
		const sent = await this.client.send(request, ids, (text) => this.endpoint.read(text, ids), {
			onSent,
			ended: () => this.endedBy,
			by: this,
		});
		if (sent.ok) onWrite?.(units, 'accepted');
		else onWrite?.(units, sent.failure.outcome === 'unknown' ? 'lost' : 'refused');
		this.countAnswer(sent);
		return sent;
	}

	private countAnswer(sent: Sent<unknown>): void {
		const { counts } = this;
		if (sent.ok || sent.refusal?.status === 400) counts.lostInARow = 0;
		else if (sent.failure.concerns === 'connection' && !sent.notTried) counts.lostInARow++;
		if (sent.ok) counts.answered++;
		else if (counts.lostInARow === MAX_LOST_IN_A_ROW) this.endedBy ??= sent.failure;
		if (!sent.ok && stopsRequestsLikeIt(sent.failure)) this.endedBy ??= sent.failure;
	}

	private fail(callIds: string[], failure: Failure): void {
		this.settleCalls(callIds, { ok: false, failure });
		if (!this.options.stops) return;
		this.endedBy ??= failure;
		this.options.abort.failed(failure);
	}

	/** Isolates what Gong refused. Set to stop, only unknown calls are, so that the message can name them. */
	private async isolate(refused: Refused): Promise<void> {
		const { stops } = this.options;
		await isolate<T>(refused, {
			send: async (units) => await this.send(units),
			settle: (units, resultFor) => this.settleUnits(units, resultFor),
			isSearched: (isUnknown) => isUnknown || !stops,
			ended: () => this.ended(),
		});
	}

	/** Names the unknown calls of a refused write without writing a part of it. Then all ends. */
	private async searchByReading(
		search: CallsEndpoint<unknown>,
		refused: Refused,
		callIds: string[],
	): Promise<void> {
		const { abort, stops } = this.options;
		const reading = new CallRequests(this.client, search, {
			callsPerRequest: callIds.length,
			stops,
			abort,
			onProgress: () => {},
		});
		const read = await reading.results(callIds);
		const unknown = callIds.filter((id) => isUnknown(read.get(id)));
		if (callIds.every((id) => read.get(id)?.ok)) {
			// Gong knows each of them, so the refusal may have been a passing one.
			const sent = await this.send(refused.units, callIds);
			if (sent.ok) {
				this.settleUnits(refused.units, (unit) => valueOf(sent.value, unit), true);
				return;
			}
			const { refusal } = sent;
			const unsure = inDoubt(sent.failure, refused);
			if (refusal && saysUnknownCalls(refusal.status, refusal.said)) {
				const failure = refusedThoughKnown(refusal.said, callIds);
				this.fail(callIds, inDoubt(failure, { failure: unsure }));
			} else await this.handle({ ...sent, failure: unsure }, refused.units, callIds);
			return;
		}
		// A search that was itself refused leaves the words of the write.
		const mayBeMore = unknown.length === MAX_UNKNOWN_ON_STOP;
		const failure = inDoubt(unknownCalls(unknown, refused.said, mayBeMore), refused);
		for (const id of unknown) {
			const own = inDoubt(unknownCalls([id], refused.said), refused);
			const isUnsure = own.outcome === 'unknown';
			const result = { ok: false, failure: own } as const;
			this.settleCalls([id], isUnsure ? result : { ...result, unknown: refused.said });
		}
		const rest = callIds.filter((id) => !unknown.includes(id));
		const outcome = refused.failure.outcome === 'unknown' ? 'unknown' : 'notSent';
		const others: Failure = { ...failure, outcome, callIds: rest, isOfOthers: true };
		this.settleCalls(rest, { ok: false, failure: others });
		this.endedBy = failure;
		abort.failed(failure);
	}

	/** @param isWhole whether all parts of the calls were sent together */
	private settleUnits(
		units: Unit[],
		resultFor: (unit: Unit) => UnitResult<T>,
		isWhole = false,
	): void {
		const values = new Map<string, T>();
		for (const unit of units) {
			const result = resultFor(unit);
			if (isWhole || isUnknown(result)) this.settleCalls([unit.callId], result);
			else {
				const parts = this.found.get(unit.callId) ?? (new Map() as Results<T>);
				this.found.set(unit.callId, parts.set(unit.part, result));
			}
			if (result.ok) values.set(unit.callId, result.value);
			else if (!result.unknown && this.options.stops) this.fail([unit.callId], result.failure);
		}
		if (values.size > 0) this.onAnswer(values);
	}

	/** Settles all parts of calls, but for those that Gong accepted before. */
	private settleCalls(callIds: string[], result: UnitResult<T>): void {
		for (const callId of callIds) {
			const known: Results<T> = this.found.get(callId) ?? new Map();
			const accepted = result.ok ? [] : [...known].filter(([, { ok }]) => ok);
			this.found.set(callId, new Map([[WHOLE, result], ...accepted]));
			if (!isUnknown(known.get(WHOLE)) && isUnknown(result)) this.countUnknown(result);
		}
	}

	private countUnknown({ failure, unknown }: UnitResult<T> & { ok: false }): void {
		const { stops, reportsUnknown, abort } = this.options;
		const { counts } = this;
		counts.unknown++;
		if (stops && !reportsUnknown) {
			const isEnough = counts.unknown === MAX_UNKNOWN_ON_STOP;
			if (isEnough && unknown) this.endedBy = unknownCalls(failure.callIds, unknown, true);
			// Others end now; this one looks for more, to name them all.
			abort.failed(this.endedBy ?? failure, isEnough ? undefined : this);
		} else if (counts.answered === 0 && counts.unknown === MAX_NONE_KNOWN) {
			this.endedBy ??= noneKnown(MAX_NONE_KNOWN);
		}
	}

	private unitsOf(callId: string): Unit[] {
		const parts = this.endpoint.partsOf?.(callId) ?? [''];
		return parts.map((part) => ({ callId, part }));
	}

	private resultOf(callId: string): CallResult<T> {
		const results: Results<T> = this.found.get(callId) ?? new Map();
		const [first] = results.values();
		if (results.size < 2) return first;
		const result = [...results.values()].find(({ ok }) => ok) ?? first;
		const parts = this.unitsOf(callId).map(
			({ part }) => [part, results.get(part) ?? results.get(WHOLE) ?? result] as const,
		);
		return { ...result, parts: new Map(parts) };
	}
}

function valueOf<T>(
	{ requestId, values }: { requestId: string | null; values: Map<string, T> },
	{ callId }: Unit,
): UnitResult<T> {
	return { ok: true, value: values.get(callId) as T, requestId };
}

/** Whether Gong said that it does not know a call. */
function isUnknown<T>(result: UnitResult<T> | undefined): result is UnitResult<T> & { ok: false } {
	return result?.ok === false && result.unknown !== undefined;
}

/** A try whose answer was lost may have been carried out before another try was refused. */
function inDoubt(failure: Failure, { failure: refused }: Pick<Refused, 'failure'>): Failure {
	return refused.outcome === 'unknown' ? { ...failure, outcome: 'unknown' } : failure;
}

/** The names of the parts to send of each call. */
function partsIn(units: Unit[]): Map<string, string[]> {
	const parts = new Map<string, string[]>();
	for (const { callId, part } of units) {
		const ofCall = parts.get(callId) ?? [];
		ofCall.push(part);
		parts.set(callId, ofCall);
	}
	return parts;
}
