import type { Failure, Result } from '../failure';
import { stopsRequestsLikeIt } from '../failure';
import type { RunAbort } from '../transport/abort';
import type { GongClient } from '../transport/client';
import { Lane } from '../transport/lane';
import type { GongRequest } from '../transport/request';
import type { Listing, Page } from './paging';
import { listAll } from './paging';

/** What was looked up, by ID. */
export interface LookUp<T> {
	/** An ID that Gong no longer knows is not in it. */
	byId: Map<string, T>;
	/** The IDs that could not be looked up, and why. */
	failures: Map<string, Failure>;
}

/** How to look up entries by their IDs. */
export interface LookUpEndpoint<T> {
	/** Most IDs in one request. */
	idsPerRequest: number;
	request: (ids: string[], cursor: string | undefined) => GongRequest;
	read: (text: string) => Page<T>;
	/** Makes one entry of two with the same ID; without it the later one counts. */
	merge?: (one: T, other: T) => T;
}

/** When nothing more is looked up. */
export interface LookUpOptions {
	/** Set to stop, the first failure ends the run. */
	abort: RunAbort;
}

// Known to work for calls on the neighbouring transcript endpoint; assumed for users.
export const IDS_PER_REQUEST = 100;

/**
 * Looks up entries by IDs that may become known one after the other: each once, as soon as there are enough of
 * them for a request. The requests overlap.
 */
export class LookUps<T extends { id: string }> {
	private readonly found: LookUp<T> = { byId: new Map(), failures: new Map() };

	private readonly known = new Set<string>();

	/** IDs that are not enough for a request yet. */
	private readonly waiting: string[] = [];

	private readonly inFlight: Array<Promise<void>> = [];

	private readonly lane = new Lane<Result<Listing<T>>>(({ ok }) => ok);

	/** The failure that all other look-ups would meet too. */
	private endedBy: Failure | undefined;

	constructor(
		private readonly client: GongClient,
		private readonly endpoint: LookUpEndpoint<T>,
		private readonly options: LookUpOptions,
	) {}

	/** Adds IDs; those that were added before are passed over. */
	add(ids: Iterable<string>): void {
		for (const id of ids) {
			if (this.known.has(id)) continue;
			this.known.add(id);
			this.waiting.push(id);
			if (this.waiting.length === this.endpoint.idsPerRequest) this.start();
		}
	}

	/**
	 * What was found for all IDs that were added, once all requests are answered.
	 * @throws {FailureError} of reason `canceled` when the execution is canceled
	 */
	async results(): Promise<LookUp<T>> {
		if (this.waiting.length > 0) this.start();
		await Promise.all(this.inFlight);
		return this.found;
	}

	private start(): void {
		const request = this.request(this.waiting.splice(0));
		// It is awaited later, or not at all once the execution is canceled.
		request.catch(() => {});
		this.inFlight.push(request);
	}

	private async request(ids: string[]): Promise<void> {
		const { request, read } = this.endpoint;
		const { abort } = this.options;
		const ended = (): Failure | undefined => this.endedBy;
		const listing = await this.lane.send(
			async (onSent) =>
				await listAll(this.client, (cursor) => request(ids, cursor), read, { onSent, ended }),
		);
		if (listing.ok) {
			listing.value.entries.forEach((entry) => this.keep(entry));
			return;
		}
		for (const id of ids) this.found.failures.set(id, listing.failure);
		if (stopsRequestsLikeIt(listing.failure)) this.endedBy ??= listing.failure;
		abort.failed(listing.failure);
	}

	private keep(entry: T): void {
		const known = this.found.byId.get(entry.id);
		const { merge } = this.endpoint;
		this.found.byId.set(entry.id, known && merge ? merge(known, entry) : entry);
	}
}
