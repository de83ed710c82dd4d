import type { Result } from '../failure';
import { DEFAULT_REQUESTS_PER_SECOND } from './defaults';
import { pause, steadyNow, stopIfCanceled } from './pause';

// Gong counts the requests of the last second as they arrive (documented: three a second).
const SECOND_MS = 1000;
// Two requests may arrive closer together than they were sent, by as much as the way takes longer for the first.
// How much that is shows in refusals: then the margin grows, and while there are none it shrinks again.
const MARGIN_MS = { first: 50, least: 20, most: 250, growth: 50, shrinkage: 0.2 };
// After this long without an answer a request takes longer on its way, by a new connection and more: nobody knows how
// much, so it counts from its answer.
const COLD_MS = 10_000;
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

/** That a request may be sent, now. */
export interface Permit {
	slot: Slot;
	/** When it was given, or when the request left, as far as that was told; milliseconds of the limiter's clock. */
	sentAt: number;
	/** When its slot is free again; undefined for one that is not kept yet. */
	freeAt: number | undefined;
	/** Whether its slot counts from the response. */
	isCold: boolean;
	/** How much longer than Gong's window the process had last sent as many requests as there are slots, in ms. */
	spareMs: number;
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
 * first served: each of three slots is free again a second and a margin after its request was sent, however long
 * the response takes (the first requests of all count from their response), and `pauseFor` stops them all. Across processes it is kin to TCP's congestion control:
 * additive increase, decrease on refusal.
 *
 * In n8n's queue mode several processes share the limit and cannot talk to each other. All they have is what
 * Gong does: a slot whose request is let through is kept, one whose request is refused is lost. Slots that are
 * kept do not get in each other's way, since each sends once in a little over a second, so processes with
 * three slots between them are all let through.
 *
 * A process that keeps all slots and is refused may have been too fast by itself: then the margin grows, and
 * nothing is lost. A second refusal soon after shows that others send as well.
 *
 * A process with fewer than three slots tries for one more, at random times that grow further apart while it
 * is refused. It tries right after a request of its own, when the wait that a refusal brings costs nothing. A
 * process that has Gong to itself again is back at full speed within seconds.
 *
 * To let others in, a process that was refused lately leaves one slot free for a second now and then, more
 * often the more it keeps. A process that was not refused takes it that it has Gong to itself.
 */
export class RateLimiter {
	/** When each slot that is kept is free; infinity for one that counts from its response. */
	private readonly freeAt: number[] = Array.from(
		{ length: DEFAULT_REQUESTS_PER_SECOND },
		() => -Infinity,
	);

	/** How many slots there are. */
	private slots = DEFAULT_REQUESTS_PER_SECOND;

	/** Milliseconds in which Gong takes as many requests as there are slots. */
	private windowMs = SECOND_MS;

	private marginMs = MARGIN_MS.first;

	/** When the latest requests were sent, as many as there are slots, the oldest first. */
	private readonly sentAt: number[] = [];

	private answeredAt = -Infinity;

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

	/** Until when another refusal is not blamed on the margin. */
	private blamedUntil = -Infinity;

	/** Who waits, first come first; each object stands for one request. */
	private readonly queue: object[] = [];

	constructor(private readonly clock: Clock = { now: steadyNow, pause }) {}

	/**
	 * Waits until the request may be sent, which is to be done at once. The permit must be given back by
	 * `release`, whatever came of the request. A pause longer than `maxWaitMs` denies the permit at once.
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
				if (slot) return { ok: true, value: { ...this.sendAt(now), ...slot, waitedMs } };
				waitedMs += pausedMs;
				const untilFree = Math.max(this.untilFree(now), first ? 0 : LOOK_AGAIN_MS);
				await this.clock.pause(pausedMs || untilFree, signal, onTick);
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
		const now = this.clock.now();
		const lateMs = now - permit.sentAt;
		const place = this.sentAt.indexOf(permit.sentAt);
		if (place !== -1) this.sentAt[place] = now;
		permit.sentAt = now;
		permit.spareMs += lateMs;
		if (permit.freeAt === undefined) return;
		const slot = this.freeAt.indexOf(permit.freeAt);
		permit.freeAt += lateMs;
		// Another rate may have moved it.
		if (slot !== -1) this.freeAt[slot] = permit.freeAt;
	}

	/**
	 * Gives a permit back, at the time of the response.
	 * @param refused whether Gong refused the request for its pace
	 */
	release({ slot, sentAt, spareMs, isCold }: Permit, refused: boolean): void {
		const now = this.clock.now();
		this.answeredAt = now;
		if (slot === 'tried') this.trying = false;
		if (refused) {
			if (slot === 'kept' && this.isBlamedOnMargin(sentAt, spareMs, now)) {
				if (isCold) this.freeFromNow(now);
				return;
			}
			if (slot === 'kept') this.freeAt.splice(latestOf(this.freeAt), 1);
			this.sharedUntil = now + SHARED_MS;
			// Requests sent together and refused together count once.
			if (now >= this.pausedUntil) this.refusals++;
			this.tryAt = now + this.periodMs + this.untilNextTry();
			return;
		}
		if (isCold) this.freeFromNow(now);
		this.marginMs = Math.max(MARGIN_MS.least, this.marginMs - MARGIN_MS.shrinkage);
		// The rate may have become smaller meanwhile.
		if (slot === 'kept' || this.freeAt.length === this.slots) return;
		this.freeAt.push(Math.max(now, sentAt + this.periodMs));
		this.refusals = 0;
		this.tryAt = now + this.untilNextTry();
	}

	/** Lets nobody send for `ms` milliseconds. */
	pauseFor(ms: number): void {
		this.pausedUntil = Math.max(this.pausedUntil, this.clock.now() + ms);
	}

	/** Milliseconds from a request until its slot is free again. */
	private get periodMs(): number {
		return this.windowMs + this.marginMs;
	}

	private sendAt(now: number): Pick<Permit, 'sentAt' | 'spareMs' | 'isCold'> {
		const before = this.sentAt.length < this.slots ? -Infinity : this.sentAt[0];
		this.sentAt.push(now);
		while (this.sentAt.length > this.slots) this.sentAt.shift();
		return { sentAt: now, spareMs: now - before - this.windowMs, isCold: this.isCold(now) };
	}

	/** Whether requests of this process may have arrived too close together. Then they are sent further apart. */
	private isBlamedOnMargin(sentAt: number, spareMs: number, now: number): boolean {
		if (spareMs > MARGIN_MS.most || now < this.sharedUntil) return false;
		// What was on its way already when the margin grew says nothing new.
		if (now < this.blamedUntil) return sentAt < this.blamedUntil - SHARED_MS;
		this.blamedUntil = now + SHARED_MS;
		this.marginMs = Math.min(MARGIN_MS.most, Math.max(this.marginMs, spareMs) + MARGIN_MS.growth);
		return true;
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
		const hadAll = this.freeAt.length === this.slots;
		this.slots = slots;
		// A process that was refused a slot has to win new ones, too.
		while (hadAll && this.freeAt.length < slots) this.freeAt.push(now);
		// Those in use longest stay, so that no more are sent than the smaller rate allows.
		this.freeAt.sort((one, other) => other - one).splice(slots);
	}

	private takeSlot(now: number): Pick<Permit, 'slot' | 'freeAt'> | undefined {
		const free = this.freeAt.findIndex((freeAt) => freeAt <= now);
		if (free !== -1) {
			const roomMs = this.leavesRoom(now) ? this.windowMs : 0;
			const freeAt = this.isCold(now) ? Infinity : now + this.periodMs + roomMs;
			this.freeAt[free] = freeAt;
			return { slot: 'kept', freeAt };
		}
		if (this.trying || this.freeAt.length >= this.slots) return undefined;
		const spareMs = SPARE_OF_WINDOW * this.windowMs;
		const inTime = this.tryAt <= now && this.freeAt.every((freeAt) => freeAt > now + spareMs);
		if (!inTime && this.tryAt + OVERDUE_WINDOWS * this.windowMs > now) return undefined;
		this.trying = true;
		return { slot: 'tried', freeAt: undefined };
	}

	private isCold(now: number): boolean {
		return now - this.answeredAt > COLD_MS;
	}

	/** Lets a slot that counts from its response do so. */
	private freeFromNow(now: number): void {
		const waiting = this.freeAt.indexOf(Infinity);
		if (waiting !== -1) this.freeAt[waiting] = now + this.periodMs;
	}

	/** Random, so that processes do not try together. */
	private untilNextTry(): number {
		const { first, most } = this.freeAt.length === 0 ? TRY_MS.withNone : TRY_MS.withSome;
		const ms = Math.min(most, first * 2 ** Math.max(0, this.refusals - 1));
		return ms * (0.5 + Math.random());
	}

	private leavesRoom(now: number): boolean {
		return now < this.sharedUntil && Math.random() < this.freeAt.length / TURNS_KEPT;
	}

	/** Milliseconds until a slot may be free; not long, since answers may be awaited. */
	private untilFree(now: number): number {
		const most = now + LOOK_AGAIN_AT_LEAST_MS;
		return Math.max(0, Math.min(...this.freeAt, most) - now);
	}
}

/** The place of the largest number. */
function latestOf(times: number[]): number {
	return times.indexOf(Math.max(...times));
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
