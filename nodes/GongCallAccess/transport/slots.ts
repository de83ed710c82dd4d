import type { Margin } from './margin';
import type { RateWindow } from './rateWindow';

// The first requests after a quiet time take longer to arrive, by a new connection and more. So they count from their
// responses, or from this long after they left where Gong takes longer to answer.
const COLD_MS = 2000;
const QUIET_MS = 10_000;
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

/**
 * What Gong said of a request's pace: `unknown` for one that may have arrived and was not answered, `unsent` for one
 * that Gong surely never saw.
 */
export type Verdict = 'accepted' | 'refused' | 'unknown' | 'unsent';

/** A slot that a request has taken. Times are milliseconds of the limiter's clock. */
export interface TakenSlot {
	/** Whether the process keeps it, or tries to get it by this request. */
	slot: 'kept' | 'tried';
	/** When it was taken, or when the request left, as far as that was told. */
	sentAt: number;
	/** When it is free again; undefined for one that is not kept yet. */
	freeAt: number | undefined;
	/** When it was free before; undefined for one that is not kept yet. */
	wasFreeAt: number | undefined;
	/** Whether it counts from the response. */
	isCold: boolean;
	/** How much longer than Gong's window the process took for its last requests, as many as there are slots. */
	spareMs: number;
}

/**
 * The slots of one process, each for one request in a window. A process has as many as the rate allows until Gong
 * refuses a request for its pace: then it gives up one, and tries to win it back later.
 */
export class Slots {
	/** When each slot that is kept is free. */
	private readonly freeAt: number[];

	/** Whether a request is out that tries for one more. */
	private trying = false;

	/** When to try for one more. */
	private tryAt = 0;

	/** Refusals in a row since a slot was won. */
	private refusals = 0;

	private sharedUntil = -Infinity;

	/** From when until when requests take the usual time to arrive. */
	private warm = { from: -Infinity, until: -Infinity };

	constructor(
		private readonly window: RateWindow,
		private readonly margin: Margin,
	) {
		this.freeAt = Array.from({ length: window.slots }, () => -Infinity);
	}

	/** Keeps as many slots as the window has by now. */
	adaptFrom(before: Pick<RateWindow, 'slots' | 'ms'>, now: number): void {
		const { slots, ms } = this.window;
		// A slot that a slower execution used is free as soon as the rate of the others allows.
		if (ms < before.ms) {
			for (const [index, freeAt] of this.freeAt.entries()) {
				this.freeAt[index] = Math.min(freeAt, now + ms);
			}
		}
		if (slots === before.slots) return;
		const hadAll = this.freeAt.length === before.slots;
		// A process that was refused a slot has to win new ones, too.
		while (hadAll && this.freeAt.length < slots) this.freeAt.push(now);
		// Those in use longest stay, so that no more are sent than the smaller rate allows.
		this.freeAt.sort((one, other) => other - one).splice(slots);
	}

	/** Takes a slot for a request that is sent now; undefined where none is free. */
	take(now: number): TakenSlot | undefined {
		const free = this.freeAt.findIndex((freeAt) => freeAt <= now);
		if (free === -1) return this.isTimeToTry(now) ? this.try(now) : undefined;
		const sent = this.countSent(now);
		const extraMs = sent.isCold ? COLD_MS : this.leavesRoom(now) ? this.window.ms : 0;
		const wasFreeAt = this.freeAt[free];
		const freeAt = now + this.periodMs + extraMs;
		this.freeAt[free] = freeAt;
		return { slot: 'kept', ...sent, freeAt, wasFreeAt };
	}

	/** Tries for one more slot now; undefined while another request does. */
	try(now: number): TakenSlot | undefined {
		if (this.trying) return undefined;
		this.trying = true;
		return { slot: 'tried', ...this.countSent(now), freeAt: undefined, wasFreeAt: undefined };
	}

	/** The request leaves only now, so its slot is free that much later. */
	leave(taken: TakenSlot, now: number): void {
		const lateMs = now - taken.sentAt;
		this.margin.correct(taken.sentAt, now);
		taken.sentAt = now;
		taken.spareMs += lateMs;
		if (taken.freeAt === undefined) return;
		this.move(taken, taken.freeAt + lateMs);
		taken.freeAt += lateMs;
	}

	/**
	 * Tells what came of the request.
	 * @param isHeld whether Gong already refused another one, so that this refusal does not count towards the time
	 * between tries
	 */
	release(taken: TakenSlot, verdict: Verdict, now: number, isHeld: boolean): void {
		if (taken.slot === 'tried') this.trying = false;
		if (verdict === 'unsent') return this.giveBack(taken);
		if (verdict !== 'unknown') this.warm = { from: -Infinity, until: now + QUIET_MS };
		if (verdict === 'refused') return this.refuse(taken, now, isHeld);
		this.countFromResponse(taken, now);
		if (verdict === 'accepted') this.margin.shrink();
		if (taken.slot === 'kept') return;
		// The rate may have become smaller meanwhile.
		if (verdict === 'accepted' && this.freeAt.length < this.window.slots) {
			this.freeAt.push(Math.max(now, taken.sentAt + this.periodMs));
			this.refusals = 0;
		}
		this.tryAt = now + this.untilNextTry();
	}

	/** Milliseconds until a slot may be free; not long, since answers may be awaited. */
	untilFree(now: number): number {
		const most = now + LOOK_AGAIN_AT_LEAST_MS;
		return Math.max(0, Math.min(...this.freeAt, most) - now);
	}

	/** Nothing was sent: nothing is won, and the slot is free as before. */
	private giveBack(taken: TakenSlot): void {
		this.margin.correct(taken.sentAt);
		if (taken.wasFreeAt !== undefined) this.move(taken, taken.wasFreeAt);
	}

	private refuse(taken: TakenSlot, now: number, isHeld: boolean): void {
		const { slot, sentAt, spareMs } = taken;
		if (slot === 'kept') {
			const mayBeOwnFault = now >= this.sharedUntil;
			if (mayBeOwnFault && this.margin.explainsRefusal(sentAt, spareMs, now)) {
				return this.countFromResponse(taken, now);
			}
			this.freeAt.splice(latestOf(this.freeAt), 1);
		}
		this.sharedUntil = now + SHARED_MS;
		// Requests sent together and refused together count once.
		if (!isHeld) this.refusals++;
		this.tryAt = now + this.periodMs + this.untilNextTry();
	}

	private countFromResponse(taken: TakenSlot, now: number): void {
		const { isCold, freeAt } = taken;
		if (isCold && freeAt !== undefined) this.move(taken, Math.min(freeAt, now + this.periodMs));
	}

	/** Moves the time at which a taken slot is free. If another rate has moved it meanwhile, it stays. */
	private move({ freeAt }: TakenSlot, to: number): void {
		const slot = freeAt === undefined ? -1 : this.freeAt.indexOf(freeAt);
		if (slot !== -1) this.freeAt[slot] = to;
	}

	/** Milliseconds from a request until its slot is free again. */
	private get periodMs(): number {
		return this.window.ms + this.margin.ms;
	}

	private countSent(now: number): Pick<TakenSlot, 'sentAt' | 'spareMs' | 'isCold'> {
		// Requests that follow the first ones after a quiet time arrive as they do.
		if (now > this.warm.until) this.warm.from = now + COLD_MS;
		const isCold = now < this.warm.from;
		this.warm.until = now + QUIET_MS;
		return { sentAt: now, spareMs: this.margin.countSent(now), isCold };
	}

	private isTimeToTry(now: number): boolean {
		if (this.freeAt.length >= this.window.slots) return false;
		const spareMs = SPARE_OF_WINDOW * this.window.ms;
		const inTime = this.tryAt <= now && this.freeAt.every((freeAt) => freeAt > now + spareMs);
		return inTime || this.tryAt + OVERDUE_WINDOWS * this.window.ms <= now;
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
}

/** The place of the largest number. */
function latestOf(times: number[]): number {
	return times.indexOf(Math.max(...times));
}
