import type { Result } from '../failure';
import { DEFAULT_REQUESTS_PER_SECOND } from './defaultRate';
import { Hold } from './hold';
import { Margin } from './margin';
import { pause, steadyNow, stopIfCanceled } from './pause';
import { RateWindow } from './rateWindow';
import type { TakenSlot, Verdict } from './slots';
import { Slots } from './slots';

// How often a request that waits looks again: in the queue, and while Gong asked that nothing be sent.
const LOOK_AGAIN_MS = { inQueue: 10, onHold: 1000 };

/** The clock of a rate limiter; tests have one of their own. */
export interface Clock {
	/** Milliseconds on a clock that nobody can set. */
	now(): number;
	pause(ms: number, signal: AbortSignal | undefined, tick?: () => void): Promise<void>;
}

/** That a request may be sent, now. */
export interface Permit extends TakenSlot {
	/** Milliseconds that it waited because Gong asked to. */
	waitedMs: number;
	/** Whether it is sent although Gong asked to wait, to see whether that still holds. */
	isProbe: boolean;
}

/** That Gong asked for a longer wait than the request has left. */
export interface Denial {
	/** Milliseconds until Gong takes requests again. */
	waitMs: number;
}

/**
 * Keeps the requests of one n8n process to one Gong company under Gong's limit, which counts the requests of the last
 * second as they arrive (documented: three a second). First come, first served: each slot is free again a second and
 * a margin after its request was sent, however long the response takes, and `pauseFor` stops them all. So as many
 * requests are on their way as Gong's answers take time, and no other bound is needed.
 *
 * In n8n's queue mode several processes share the limit and cannot talk to each other. All they have is what
 * Gong does: a slot whose request is accepted is kept, one whose request is refused is lost. (TCP's congestion control
 * works alike.) Slots that are kept do not get in each other's way, since each sends once in a little over a second,
 * so the requests of processes with three slots between them are all accepted.
 *
 * A process that keeps all slots and is refused may have been too fast by itself: then the margin grows, and
 * nothing is lost. A second refusal soon after shows that others send as well.
 *
 * A process with fewer than three slots tries for one more, at random times that grow further apart while it
 * is refused. It tries right after a request of its own, when the wait that a refusal brings costs nothing. A
 * process that has Gong to itself again is back at full speed within seconds.
 *
 * To let others in, a process that was refused lately leaves one slot free for a second now and then, more
 * often the more it keeps. A process that was not refused assumes that it has Gong to itself.
 */
export class RateLimiter {
	private readonly window = new RateWindow();

	private readonly slots = new Slots(this.window, new Margin(this.window));

	private readonly hold = new Hold();

	/** Who waits, first come first; each object stands for one request. */
	private readonly queue: object[] = [];

	constructor(private readonly clock: Clock = { now: steadyNow, pause }) {}

	/**
	 * Waits until the request may be sent, which is to be done at once. The permit must be given back by
	 * `release`, whatever came of the request. A wait longer than `maxWaitMs` denies the permit at once, unless the
	 * request is sent as a probe.
	 * @param maxWaitMs milliseconds that this request can still wait because Gong asked to
	 * @param onTick called every 0.1 s or so while it waits
	 * @param again whether it has been refused before, and so goes ahead of the others
	 * @param requestsPerSecond the most; of requests at about the same time the smallest counts
	 * @throws {FailureError} of reason `canceled` when the signal fires
	 */
	async acquire(
		maxWaitMs: number,
		signal: AbortSignal | undefined,
		onTick?: () => void,
		again = false,
		requestsPerSecond = DEFAULT_REQUESTS_PER_SECOND,
	): Promise<Result<Permit, Denial>> {
		const request = {};
		if (again) this.queue.unshift(request);
		else this.queue.push(request);
		let waitedMs = 0;
		try {
			for (;;) {
				stopIfCanceled(signal);
				const now = this.clock.now();
				this.useRate(requestsPerSecond, now);
				const holdMs = this.hold.leftMs(now);
				if (waitedMs + holdMs > maxWaitMs) {
					const probe = this.takeForProbe(now);
					if (!probe) return { ok: false, failure: { waitMs: holdMs } };
					return { ok: true, value: { ...probe, waitedMs, isProbe: true } };
				}
				const isFirst = this.queue[0] === request;
				const taken = holdMs === 0 && isFirst ? this.slots.take(now) : undefined;
				if (taken) return { ok: true, value: { ...taken, waitedMs, isProbe: false } };
				if (holdMs > 0) {
					// Not all of it at once, since a probe may end it.
					const napMs = Math.min(holdMs, LOOK_AGAIN_MS.onHold);
					waitedMs += napMs;
					await this.clock.pause(napMs, signal, onTick);
				} else {
					const least = isFirst ? 0 : LOOK_AGAIN_MS.inQueue;
					await this.clock.pause(Math.max(this.slots.untilFree(now), least), signal, onTick);
				}
			}
		} finally {
			this.queue.splice(this.queue.indexOf(request), 1);
		}
	}

	/**
	 * Tells that the request leaves now. n8n may have been busy since the permit was given, and Gong counts requests
	 * as they arrive: so its slot is free that much later.
	 */
	leave(permit: Permit): void {
		this.slots.leave(permit, this.clock.now());
	}

	/** Gives a permit back, at the time of the response. */
	release(permit: Permit, verdict: Verdict): void {
		const now = this.clock.now();
		if (permit.isProbe) this.hold.endProbe(verdict, now);
		// A probe is refused because Gong still takes no requests, not for its pace.
		const ofPace = permit.isProbe && verdict === 'refused' ? 'unknown' : verdict;
		this.slots.release(permit, ofPace, now, this.hold.leftMs(now) > 0);
	}

	/**
	 * Lets nobody send for `ms` milliseconds.
	 * @param isLatestWord whether Gong said so to a probe, so that a longer wait from before no longer counts
	 */
	pauseFor(ms: number, isLatestWord = false): void {
		this.hold.extend(this.clock.now() + ms, isLatestWord);
	}

	private takeForProbe(now: number): TakenSlot | undefined {
		if (!this.hold.mayProbe(now)) return undefined;
		const taken = this.slots.take(now) ?? this.slots.try(now);
		if (taken) this.hold.startProbe();
		return taken;
	}

	private useRate(requestsPerSecond: number, now: number): void {
		const { slots, ms } = this.window;
		this.window.use(requestsPerSecond, now);
		this.slots.adaptFrom({ slots, ms }, now);
	}
}

const rateLimiters = new Map<string, RateLimiter>();

/**
 * The rate limiter that all workflows of this n8n process share for one Gong company.
 * @param company what tells companies apart, as far as n8n knows: `SignIn.company`
 */
export function rateLimiterFor(company: string): RateLimiter {
	let limiter = rateLimiters.get(company);
	if (!limiter) {
		limiter = new RateLimiter();
		rateLimiters.set(company, limiter);
	}
	return limiter;
}
