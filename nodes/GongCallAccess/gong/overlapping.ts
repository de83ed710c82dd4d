import type { Failure, Result } from '../failure';
import type { RunAbort } from '../transport/abort';
import type { SendOptions } from '../transport/client';
import { Lane } from '../transport/lane';

/** Reads something for each value by requests that overlap. After a failure the rest is not read: a part is of no use. */
export async function overlapping<T, R>(
	values: readonly T[],
	read: (value: T, options: SendOptions) => Promise<Result<R>>,
	abort: RunAbort,
): Promise<Result<R[]>> {
	const lane = new Lane<Result<R>>(({ ok }) => ok);
	const results: R[] = [];
	let failure: Failure | undefined;
	const readOne = async (value: T, place: number): Promise<void> => {
		const result = await lane.send(async (onSent): Promise<Result<R>> => {
			return failure ? { ok: false, failure } : await read(value, { onSent });
		});
		if (result.ok) results[place] = result.value;
		else {
			failure ??= result.failure;
			abort.failed(failure);
		}
	};
	await Promise.all(values.map(readOne));
	return failure ? { ok: false, failure } : { ok: true, value: results };
}
