import { sleep } from 'n8n-workflow';
import { FailureError } from '../failure';
import { canceled } from '../messages/gongMessages';

/** Whether something was thrown because the execution was canceled. */
export function isCanceled(thrown: unknown): thrown is FailureError {
	return thrown instanceof FailureError && thrown.failure.reason === 'canceled';
}

/** Milliseconds on a clock that nobody can set. */
export function steadyNow(): number {
	return performance.now();
}

// n8n's own `sleep` takes a signal only in newer versions; short naps work with all of them.
const NAP_MS = 100;

/**
 * Waits `ms` milliseconds, at most 0.1 s longer than the execution lives.
 * @param tick called every 0.1 s or so
 * @throws {FailureError} of reason `canceled` when the signal fires before or while it waits
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

/**
 * Returns what `work` returns, unless that takes longer than `ms`.
 * @param abandon called when it does, to end the work
 * @param signal ends the waiting too
 * @throws an error of code `ETIMEDOUT`, as Node's own; a {@link FailureError} when the signal fires
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
		throw Object.assign(new Error('It took too long'), { code: 'ETIMEDOUT' });
	};
	return await Promise.race([ended, watched()]);
}

/** @throws {FailureError} of reason `canceled` when the signal has fired */
export function stopIfCanceled(signal: AbortSignal | undefined): void {
	if (signal?.aborted) throw new FailureError(canceled());
}
