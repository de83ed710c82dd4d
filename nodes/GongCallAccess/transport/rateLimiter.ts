import type { Result } from '../errors/failure';
import { DEFAULT_REQUESTS_PER_SECOND } from './defaults';
import { pause, steadyNow, stopIfCanceled } from './pause';

// A little over a second, counted from the response: Gong counted the request somewhere before it.
const SECOND_MS = 1010;
// A rate counts for this long after a request that asked for it. A request that waits asks again and again.
const RATE_MS = 2000;
const LOOK_AGAIN_MS = 10;
const LOOK_AGAIN_AT_LEAST_MS = 50;
// When to try for one more slot: the first time, and at most, doubling with each refusal in a row.
const TRY_MS = { withNone: { first: 300, most: 2000 }, withSome: { first: 1000, most: 8000 } };
// A refusal mostly stops the process for a second: none of its own slots should come free meanwhile.
const SPARE_OF_WINDOW = 0.9;
const OVERDUE_WINDOWS = 2;
// For this long after a refusal, others are assumed to want their share.
const SHARED_MS = 10_000;
// Meanwhile each kept slot leaves one of this many turns free for a second.
const TURNS_KEPT = 10;

/** The clock of a rate limiter; tests have one of their own. */
export interface Clock {
	/** Milliseconds on a clock that nobody can set. */
	now(): number;
	pause(ms: number, signal: AbortSignal | undefined, tick?: () => void): Promise<void>;
}

/** That a request may be sent. */
export interface Permit {
	slot: Slot;
	/** Milliseconds that it waited because Gong asked to. */
	waitedMs: number;
}

/** That Gong asked for a longer wait than the request has left. */
export interface Denial {
	/** Milliseconds until Gong takes requests again. */
	waitMs: number;
}

/** A slot that the process keeps, or one that it tries to get. */
export type Slot = 'kept' | 'tried';

/**
 * Keeps the requests of one n8n process to one Gong company under Gong's limit. A sliding window, first come,
 * first served: each of three slots is free again a second after its response, and `pauseFor` stops them all.
 * Across processes it is kin to TCP's congestion control: additive increase, decrease on refusal.
 *
 * In n8n's queue mode several processes share the limit and cannot talk to each other. All they have is what
 * Gong does: a slot whose request is let through is kept, one whose request is refused is lost. Slots that are
 * kept do not get in each other's way, since each sends once in a little over a second, so processes with
 * three slots between them are all let through.
 *
 * A process with fewer than three slots tries for one more, at random times that grow further apart while it
 * is refused. It tries right after a request of its own, when the wait that a refusal brings costs nothing. A
 * process that has Gong to itself again is back at full speed within seconds.
 *
 * To let others in, a process that was refused lately leaves one slot free for a second now and then, more
 * often the more it keeps. A process that was not refused takes it that it has Gong to itself.
 */
export class RateLimiter {
	/** When each slot that is kept and not out with a request is free. */
	private readonly freeAt: number[] = Array.from(
		{ length: DEFAULT_REQUESTS_PER_SECOND },
		() => -Infinity,
	);

	/** How many slots there are. */
	private slots = DEFAULT_REQUESTS_PER_SECOND;

	/** How many of them are kept, those out with a request too. */
	private kept = DEFAULT_REQUESTS_PER_SECOND;

	/** Milliseconds from a response until its slot is free again. */
	private windowMs = SECOND_MS;

	/** By requests per second that somebody asked for, until when that counts. */
	private readonly rates = new Map<number, number>();

	/** Whether a request is out that tries for one more. */
	private trying = false;

	/** When to try for one more. */
	private tryAt = 0;

	/** Refusals in a row since a slot was won. */
	private refusals = 0;

	private pausedUntil = -Infinity;

	private sharedUntil = -Infinity;

	/** Who waits, first come first; each object stands for one request. */
	private readonly queue: object[] = [];

	constructor(private readonly clock: Clock = { now: steadyNow, pause }) {}

	/**
	 * Waits until the request may be sent. The slot must be given back by `release`, whatever came of the
	 * request. A pause longer than `maxWaitMs` denies the permit at once.
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
				const pausedMs = Math.max(0, this.pausedUntil - now);
				if (waitedMs + pausedMs > maxWaitMs) return { ok: false, failure: { waitMs: pausedMs } };
				const first = this.queue[0] === request;
				const slot = pausedMs === 0 && first ? this.takeSlot(now) : undefined;
				if (slot) return { ok: true, value: { slot, waitedMs } };
				waitedMs += pausedMs;
				const untilFree = Math.max(this.untilFree(now), first ? 0 : LOOK_AGAIN_MS);
				await this.clock.pause(pausedMs || untilFree, signal, onTick);
			}
		} finally {
			this.queue.splice(this.queue.indexOf(request), 1);
		}
	}

	/**
	 * Gives a slot back, at the time of the response.
	 * @param refused whether Gong refused the request for its pace
	 */
	release(slot: Slot, refused: boolean): void {
		const now = this.clock.now();
		const freeAt = now + this.windowMs;
		if (slot === 'tried') this.trying = false;
		if (refused) {
			if (slot === 'kept') this.kept--;
			this.sharedUntil = now + SHARED_MS;
			// Requests sent together and refused together count once.
			if (now >= this.pausedUntil) this.refusals++;
			this.tryAt = freeAt + this.untilNextTry();
		} else if (this.kept > this.slots || (slot === 'tried' && this.kept === this.slots)) {
			// The rate has become smaller meanwhile.
			if (slot === 'kept') this.kept--;
		} else if (slot === 'kept') {
			this.freeAt.push(this.leavesRoom(now) ? freeAt + this.windowMs : freeAt);
		} else {
			this.kept++;
			this.refusals = 0;
			this.freeAt.push(freeAt);
			this.tryAt = now + this.untilNextTry();
		}
	}

	/** Lets nobody send for `ms` milliseconds. */
	pauseFor(ms: number): void {
		this.pausedUntil = Math.max(this.pausedUntil, this.clock.now() + ms);
	}

	/** Counts a rate, and keeps as many slots as the smallest one allows. */
	private useRate(requestsPerSecond: number, now: number): void {
		this.rates.set(requestsPerSecond, now + RATE_MS);
		for (const [rate, until] of this.rates) if (until < now) this.rates.delete(rate);
		const rate = Math.min(...this.rates.keys());
		const slots = Math.max(1, Math.floor(rate));
		const windowMs = (slots / rate) * SECOND_MS;
		// A slot that a slower execution used is free as soon as the rate of the others allows.
		if (windowMs < this.windowMs) {
			for (const [index, freeAt] of this.freeAt.entries()) {
				this.freeAt[index] = Math.min(freeAt, now + windowMs);
			}
		}
		this.windowMs = windowMs;
		if (slots === this.slots) return;
		const hadAll = this.kept === this.slots;
		this.slots = slots;
		// A process that was refused a slot has to win new ones, too.
		for (; hadAll && this.kept < slots; this.kept++) this.freeAt.push(now);
		for (; this.kept > slots && this.freeAt.length > 0; this.kept--) this.freeAt.pop();
	}

	private takeSlot(now: number): Slot | undefined {
		const free = this.freeAt.findIndex((freeAt) => freeAt <= now);
		if (free !== -1) {
			this.freeAt.splice(free, 1);
			return 'kept';
		}
		if (this.trying || this.kept >= this.slots) return undefined;
		const spareMs = SPARE_OF_WINDOW * this.windowMs;
		const inTime = this.tryAt <= now && this.freeAt.every((freeAt) => freeAt > now + spareMs);
		if (!inTime && this.tryAt + OVERDUE_WINDOWS * this.windowMs > now) return undefined;
		this.trying = true;
		return 'tried';
	}

	/** Random, so that processes do not try together. */
	private untilNextTry(): number {
		const { first, most } = this.kept === 0 ? TRY_MS.withNone : TRY_MS.withSome;
		const ms = Math.min(most, first * 2 ** Math.max(0, this.refusals - 1));
		return ms * (0.5 + Math.random());
	}

	private leavesRoom(now: number): boolean {
		return now < this.sharedUntil && Math.random() < this.kept / TURNS_KEPT;
	}

	/** Milliseconds until a slot may be free; not long, since answers may be awaited. */
	private untilFree(now: number): number {
		return Math.max(0, Math.min(...this.freeAt, now + LOOK_AGAIN_AT_LEAST_MS) - now);
	}
}

const rateLimiters = new Map<string, RateLimiter>();

/**
 * The rate limiter that all workflows of this n8n process share for one Gong company.
 * @param company what tells companies apart: base URL and access key
 */
export function rateLimiterFor(company: string): RateLimiter {
	let limiter = rateLimiters.get(company);
	if (!limiter) {
		limiter = new RateLimiter();
		rateLimiters.set(company, limiter);
	}
	return limiter;
}
