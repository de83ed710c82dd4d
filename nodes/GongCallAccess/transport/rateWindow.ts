import { DEFAULT_REQUESTS_PER_SECOND } from './defaultRate';

const SECOND_MS = 1000;
// A rate counts for this long after a request that asked for it. A request that waits asks again and again.
const RATE_MS = 2000;

/** The rate in use, as `slots` requests in every `ms` milliseconds: the smallest that was asked for lately. */
export class RateWindow {
	slots = DEFAULT_REQUESTS_PER_SECOND;

	ms = SECOND_MS;

	/** By requests per second, until when that rate counts. */
	private readonly rates = new Map<number, number>();

	/** Counts a rate that a request asks for. */
	use(requestsPerSecond: number, now: number): void {
		this.rates.set(requestsPerSecond, now + RATE_MS);
		for (const [rate, until] of this.rates) if (until < now) this.rates.delete(rate);
		const rate = Math.min(...this.rates.keys());
		this.slots = Math.max(1, Math.floor(rate));
		this.ms = (this.slots / rate) * SECOND_MS;
	}
}
