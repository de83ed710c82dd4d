import { sleep } from 'n8n-workflow';

/** Thrown when the execution was cancelled while it waited; n8n knows it by the word in the message. */
export class Canceled extends Error {
	constructor() {
		// n8n counts the execution as failed unless the message holds "canceled".
		super('The execution was canceled');
		this.name = 'Canceled';
	}
}

/** Milliseconds that go on evenly, also when somebody sets the machine's clock. */
export function steadyNow(): number {
	return performance.now();
}

// n8n's own `sleep` takes a signal only in newer versions; short naps work with all of them.
const NAP_MS = 100;

/**
 * Waits `ms` milliseconds, at most 0.1 s longer than the execution lives.
 * @param tick called every 0.1 s or so
 * @throws {Canceled} when the signal fires before or while it waits
 */
export async function pause(
	ms: number,
	signal: AbortSignal | undefined,
	tick = (): void => {},
): Promise<void> {
	const until = steadyNow() + ms;
	for (;;) {
		stopIfCanceled(signal);
		const left = until - steadyNow();
		if (left <= 0) return;
		await sleep(Math.min(left, NAP_MS));
		tick();
	}
}

/** Thrown for what took longer than it may; `code` is what Node calls it. */
export class TooSlow extends Error {
	readonly code = 'ETIMEDOUT';

	constructor() {
		super('It took too long');
		this.name = 'TooSlow';
	}
}

/**
 * What `work` comes to, unless that takes longer than `ms`.
 * @param abandon called when it does, to end the work
 * @param signal ends the waiting too
 * @throws {TooSlow} when it does; {Canceled} when the signal fires
 */
export async function withinTime<T>(
	work: Promise<T>,
	ms: number,
	abandon: () => void,
	signal?: AbortSignal,
): Promise<T> {
	let over = false;
	const ended = work.finally(() => {
		over = true;
	});
	const watched = async (): Promise<T> => {
		const until = steadyNow() + ms;
		for (let left = ms; !over && left > 0; left = until - steadyNow()) {
			await sleep(Math.min(left, NAP_MS));
			if (!over) stopIfCanceled(signal);
		}
		if (over) return await ended;
		abandon();
		throw new TooSlow();
	};
	return await Promise.race([ended, watched()]);
}

/** @throws {Canceled} when the signal has fired */
export function stopIfCanceled(signal: AbortSignal | undefined): void {
	if (signal?.aborted) throw new Canceled();
}
