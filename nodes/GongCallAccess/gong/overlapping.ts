import type { Failure, Result } from '../failure';
import type { Needless, SendOptions } from '../transport/client';
import { Lane } from '../transport/lane';

/**
 * Reads something for each value by requests that overlap. After a failure the rest is not read, since a part of it
 * is of no use.
 * @param ended why nothing more is sent for another reason, if there is one by now
 */
export async function overlapping<T, R>(
	values: readonly T[],
	read: (value: T, options: SendOptions) => Promise<Result<R>>,
	ended: Needless,
): Promise<Result<R[]>> {
	const lane = new Lane<Result<R>>(({ ok }) => ok);
	const results: R[] = [];
	let failure: Failure | undefined;
	const needless = (): Failure | undefined => failure ?? ended();
	const readOne = async (value: T, place: number): Promise<void> => {
		const result = await lane.send(async (onSent) => await read(value, { onSent, needless }));
		if (result.ok) results[place] = result.value;
		else failure ??= result.failure;
	};
	await Promise.all(values.map(readOne));
	return failure ? { ok: false, failure } : { ok: true, value: results };
}
