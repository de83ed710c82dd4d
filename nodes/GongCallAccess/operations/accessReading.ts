import { READ_ACCESS } from '../gong/access';
import type { CallResult } from '../gong/callRequests';
import { CallRequests } from '../gong/callRequests';
import type { Details } from '../output/details';
import { MAX_ROWS } from '../output/rows';
import { DetailLookUps } from './detailLookUps';
import { callRequestOptions } from './itemResults';
import type { OperationContext, Reading } from './operation';

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

	constructor(
		private readonly context: Pick<
			OperationContext,
			'client' | 'abort' | 'settings' | 'continues' | 'onProgress'
		>,
	) {
		const { client, settings } = context;
		const isExplain = settings.operation === 'explain';
		this.isNeeded = !isExplain || settings.ways.includes('apiGrant');
		// Explain has its own details of users and calls.
		const details = isExplain ? { includeUserDetails: false, includeCallDetails: false } : {};
		this.details = new DetailLookUps({ ...context, settings: { ...settings, ...details } });
		const onProgress: OperationContext['onProgress'] = (done, of) => {
			this.done = done;
			context.onProgress(done, of);
		};
		const options = callRequestOptions({ ...context, onProgress }, () => this.calls);
		// Explain itself decides what becomes of a call that its details know and this endpoint does not.
		if (isExplain) options.reportsUnknown = true;
		this.access = new CallRequests(client, READ_ACCESS, options, (userIdsByCall) => {
			for (const [callId, userIds] of userIdsByCall) {
				this.users += userIds.length;
				const isNamed = settings.operation === 'list' || settings.operation === 'replace';
				// More rows than one item can have: then no name is looked up before it is known whose they are.
				if (this.users <= MAX_ROWS) this.details.add(callId, isNamed ? userIds : []);
			}
		});
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
