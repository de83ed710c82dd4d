import type { Failure } from '../failure';

/**
 * The one way to end the requests of a run. Set to stop, its first failure does; set to continue, no failure does.
 * Once the run is answered, what still waits for its turn ends too. Requests in flight are not cancelled.
 */
export class RunAbort {
	private cause: { failure: Failure; by: object | undefined } | undefined;

	constructor(private readonly stops: boolean) {}

	/**
	 * Notes a failure. Set to continue, it has no effect.
	 * @param by who is still searching for more failures of its kind: its own requests go on
	 */
	failed(failure: Failure, by?: object): void {
		if (!this.stops) return;
		this.cause ??= { failure, by };
		if (by === undefined) this.cause.by = undefined;
	}

	/** Ends the run, whatever it is set to. */
	end(because: Failure): void {
		this.cause ??= { failure: because, by: undefined };
	}

	/** Why nothing more is sent; undefined while requests may be sent. @param by who asks */
	because(by?: object): Failure | undefined {
		if (!this.cause || (by !== undefined && this.cause.by === by)) return undefined;
		return this.cause.failure;
	}
}
