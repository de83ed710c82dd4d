import type { Failure, Result } from '../errors/failure';

// Enough to use Gong's limit of 3 a second while an answer takes two seconds.
const MAX_TOGETHER = 6;

/** Does something for each value, some of them at a time; after a failure nothing new is begun. */
export async function together<T, R>(
	values: readonly T[],
	read: (value: T) => Promise<Result<R>>,
): Promise<Result<R[]>> {
	const results: R[] = [];
	const rest = values.entries();
	let failure: Failure | undefined;
	const worker = async (): Promise<void> => {
		// The workers share one iterator, so each value is taken once.
		for (const [place, value] of rest) {
			const result = await read(value);
			if (result.ok) results[place] = result.value;
			else failure ??= result.failure;
			if (failure) return;
		}
	};
	await Promise.all(Array.from({ length: MAX_TOGETHER }, worker));
	return failure ? { ok: false, failure } : { ok: true, value: results };
}
