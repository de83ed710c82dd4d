import type { Failure } from '../failure';
import { READ_ACCESS } from '../gong/access';
import type { CallResult } from '../gong/batchAndBisect';
import { CallRequests } from '../gong/batchAndBisect';
import type { Details } from '../output/details';
import { MAX_ROWS } from '../output/rows';
import type { Needless } from '../transport/client';
import { DetailLookUps } from './details';
import type { OperationContext, Reading } from './itemRequest';
import { batchOptions } from './itemResults';

/**
 * Reads who has access to calls, which may become known one after the other. Meanwhile it looks up what is to stand
 * beside the IDs.
 */
export class AccessReading implements Reading {
	private readonly details: DetailLookUps;

	private readonly access: CallRequests<string[]>;

	private readonly isNeeded: boolean;

	private calls = 0;

	private done = 0;

	private users = 0;

	private needless: Needless = () => undefined;

	constructor(
		private readonly context: Pick<
			OperationContext,
			'client' | 'settings' | 'continues' | 'onProgress'
		>,
	) {
		const { client, settings } = context;
		const isExplain = settings.operation === 'explain';
		this.isNeeded = !isExplain || settings.ways.includes('apiGrant');
		// Explain has its own details of users and calls.
		const details = isExplain ? { includeUserDetails: false, includeCallDetails: false } : {};
		// Set to stop, people see the first failure only.
		const orNone = (failure: Failure | undefined): Failure | undefined =>
			context.continues ? undefined : failure;
		this.details = new DetailLookUps(
			{ ...context, settings: { ...settings, ...details } },
			(): Failure | undefined => orNone(this.failure),
		);
		const onProgress: OperationContext['onProgress'] = (done, of) => {
			this.done = done;
			context.onProgress(done, of);
		};
		const options = batchOptions(
			{ ...context, onProgress },
			() => this.calls,
			() => orNone(this.details.failure) ?? this.needless(),
		);
		this.access = new CallRequests(client, READ_ACCESS, options, (userIdsByCall) => {
			for (const [callId, userIds] of userIdsByCall) {
				this.users += userIds.length;
				const isNamed = settings.operation === 'list' || settings.operation === 'replace';
				// More rows than one item can have: then no name is looked up before it is known whose they are.
				if (this.users <= MAX_ROWS) this.details.add(callId, isNamed ? userIds : []);
			}
		});
	}

	/** Reads no more for calls that only an item needed which has failed. */
	drop(callIds: Iterable<string>, because: Failure): void {
		this.access.drop(callIds, because);
	}

	/** Sends nothing more. What is under way comes home by itself. */
	end(because: Failure): void {
		this.access.end(because);
		this.details.end(because);
	}

	/** The failure after which no more access is read, if there is one. */
	get failure(): Failure | undefined {
		return this.access.failure;
	}

	endAfter(needless: Needless): void {
		this.needless = needless;
	}

	/** Begins to read these calls, as soon as there are enough for a request. */
	add(callIds: string[]): void {
		if (!this.isNeeded) return;
		this.access.add(callIds);
		this.calls = this.access.size;
		// So that the log has the number of calls while the first request waits.
		this.context.onProgress(this.done, this.calls);
	}

	async accessTo(callIds: string[]): Promise<Map<string, CallResult<string[]>>> {
		this.add(callIds);
		return await this.access.results(callIds);
	}

	async detailsOf(...asked: Parameters<Reading['detailsOf']>): Promise<Details> {
		return await this.details.results(...asked);
	}
}
