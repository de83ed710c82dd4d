import type { RateWindow } from './rateWindow';

// Two requests may arrive closer together than they were sent, by as much as the first takes longer on its way. How
// much that is shows in refusals: each makes the margin grow, and each accepted request makes it shrink.
const MARGIN_MS = { first: 50, least: 20, most: 250, growth: 50, shrinkage: 0.2 };
// Other processes are assumed to send as well where a second refusal comes within this time.
const BLAME_MS = 10_000;

/** How much longer than Gong's window the process waits between requests, learned from refusals. */
export class Margin {
	ms = MARGIN_MS.first;

	/** When the latest requests were sent, oldest first: more than there are slots, since some are given back unsent. */
	private sentAt: number[] = [];

	/** Until when another refusal does not make the margin grow. */
	private blamedUntil = -Infinity;

	constructor(private readonly window: RateWindow) {}

	/**
	 * Counts a request that is sent now.
	 * @returns milliseconds by which the process took longer than Gong's window for its last requests, as many as
	 * there are slots
	 */
	countSent(now: number): number {
		const { slots, ms } = this.window;
		const before = this.sentAt.at(-slots) ?? -Infinity;
		this.sentAt = [...this.sentAt.slice(-2 * slots), now];
		return now - before - ms;
	}

	/** A request counted at `from` was sent at `to`; it was not sent at all where `to` is left out. */
	correct(from: number, to?: number): void {
		const place = this.sentAt.lastIndexOf(from);
		if (place !== -1) this.sentAt.splice(place, 1, ...(to === undefined ? [] : [to]));
	}

	shrink(): void {
		this.ms = Math.max(MARGIN_MS.least, this.ms - MARGIN_MS.shrinkage);
	}

	/**
	 * Grows where a refusal may only mean that this process's own requests arrived too close together.
	 * @param spareMs what `countSent` gave for the refused request, corrected
	 * @returns whether that explains the refusal
	 */
	explainsRefusal(sentAt: number, spareMs: number, now: number): boolean {
		if (spareMs > MARGIN_MS.most) return false;
		// A request that was on its way when the margin grew was spaced by the old one.
		if (now < this.blamedUntil) return sentAt < this.blamedUntil - BLAME_MS;
		this.blamedUntil = now + BLAME_MS;
		this.ms = Math.min(MARGIN_MS.most, Math.max(this.ms, spareMs) + MARGIN_MS.growth);
		return true;
	}
}
