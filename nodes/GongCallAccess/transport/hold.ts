import type { Verdict } from './slots';

// A refused probe is not repeated sooner. At Gong's daily limit that is 60 requests an hour, and only while somebody
// sends at all.
const PROBE_EVERY_MS = 60_000;

/**
 * The time for which Gong asked that nothing be sent, for all requests of the process.
 *
 * Gong may take requests again sooner than it said, for one because its limit was raised. So one request that may not
 * wait that long is sent as a probe, and the hold ends for all when Gong accepts it.
 */
export class Hold {
	private until = -Infinity;

	private isProbing = false;

	private nextProbeAt = -Infinity;

	/** Milliseconds until requests may be sent; 0 where they may. */
	leftMs(now: number): number {
		return Math.max(0, this.until - now);
	}

	/** @param isLatestWord whether Gong said so to a probe, so that it replaces what Gong said before */
	extend(until: number, isLatestWord: boolean): void {
		this.until = isLatestWord ? until : Math.max(this.until, until);
	}

	mayProbe(now: number): boolean {
		return !this.isProbing && now >= this.nextProbeAt;
	}

	startProbe(): void {
		this.isProbing = true;
	}

	endProbe(verdict: Verdict, now: number): void {
		this.isProbing = false;
		if (verdict === 'accepted') this.until = -Infinity;
		this.nextProbeAt = ['refused', 'unknown'].includes(verdict) ? now + PROBE_EVERY_MS : -Infinity;
	}
}
