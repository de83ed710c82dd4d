import { pause, stopIfCanceled } from './pause';

// Gong's limit for a whole company, whatever the endpoint (documented): 3 requests a second.
const REQUESTS = 3;
// A little over a second, counted from the answer: when Gong counted the request lies somewhere before it.
const WINDOW_MS = 1010;
const LOOK_AGAIN_MS = 10;

/** A request's turn: it may go, or Gong has asked for more patience than it has. */
export type Turn =
	| { kind: 'go'; /** Milliseconds waited because Gong asked to. */ waitedMs: number }
	| { kind: 'held'; /** Milliseconds until Gong takes requests again. */ forMs: number };

/**
 * Keeps the requests of one n8n process to one Gong company under Gong's limit: first come, first served,
 * each of three slots free again a second after its answer. One `hold` stops them all.
 */
export class Pacer {
	/** When each free slot may be used, in milliseconds since the epoch. */
	private readonly freeAt: number[] = Array.from({ length: REQUESTS }, () => 0);

	private heldUntil = 0;

	/** Who waits, first come first; each object stands for one request. */
	private readonly queue: object[] = [];

	/**
	 * Waits for this request's turn and takes a slot, which must be given back by `release`, whatever came
	 * of the request. A hold that lasts longer than `patience` is told at once, without a slot.
	 * @param patience milliseconds that this request can still wait because Gong asked to
	 * @param tick called every 0.1 s or so while it waits
	 * @throws Canceled when the signal fires
	 */
	async take(patience: number, signal: AbortSignal | undefined, tick?: () => void): Promise<Turn> {
		const request = {};
		this.queue.push(request);
		let waitedMs = 0;
		try {
			for (;;) {
				stopIfCanceled(signal);
				const heldMs = Math.max(0, this.heldUntil - Date.now());
				if (waitedMs + heldMs > patience) return { kind: 'held', forMs: heldMs };
				const first = this.queue[0] === request;
				if (heldMs === 0 && first && this.takeFreeSlot()) return { kind: 'go', waitedMs };
				if (heldMs > 0) waitedMs += heldMs;
				await pause(heldMs || (first ? this.untilFreeMs() : LOOK_AGAIN_MS), signal, tick);
			}
		} finally {
			this.queue.splice(this.queue.indexOf(request), 1);
		}
	}

	/** Gives a slot back, at the time of the answer. */
	release(): void {
		this.freeAt.push(Date.now() + WINDOW_MS);
	}

	/** Lets nobody send for `ms` milliseconds. */
	hold(ms: number): void {
		this.heldUntil = Math.max(this.heldUntil, Date.now() + ms);
	}

	private takeFreeSlot(): boolean {
		const now = Date.now();
		const slot = this.freeAt.findIndex((freeAt) => freeAt <= now);
		if (slot === -1) return false;
		this.freeAt.splice(slot, 1);
		return true;
	}

	/** Milliseconds until a slot is free. All slots out means that answers are awaited: look again soon. */
	private untilFreeMs(): number {
		const now = Date.now();
		return Math.max(0, Math.min(...this.freeAt, now + LOOK_AGAIN_MS * 5) - now);
	}
}

const pacers = new Map<string, Pacer>();

/**
 * The pacer that all workflows of this n8n process share for one Gong company.
 * @param company what tells companies apart: base URL and access key
 */
export function pacerFor(company: string): Pacer {
	let pacer = pacers.get(company);
	if (!pacer) {
		pacer = new Pacer();
		pacers.set(company, pacer);
	}
	return pacer;
}
