import type { Failure, Result } from '../failure';
import * as log from '../messages/logMessages';
import { playsNotRead } from '../messages/explainMessages';
import type { Plays } from '../gong/plays';
import type { SendOptions } from '../transport/client';
import type { OperationContext } from './itemRequest';

/** Reads who played calls, once a run, where rows are to say so. */
export async function readLastPlayed(
	{ client, settings, directory, logger }: OperationContext,
	options: SendOptions,
): Promise<Result<Plays | undefined>> {
	if (!settings.includeLastPlayed) return { ok: true, value: undefined };
	const read = await directory.plays(client, settings.playedSince, options);
	if (!read.ok) return { ok: false, failure: playsNotRead(read.failure) };
	if (read.value.unread > 0) logger.info(log.playsLeftOut(read.value.unread));
	return read;
}

/**
 * Begins to read who played calls, beside other reading.
 * @param otherFailure set to stop, what makes this needless
 * @returns waits for it; where it could not be read, the calls have no rows
 */
export function beginLastPlayed(
	context: OperationContext,
	otherFailure: () => Failure | undefined,
): (callIds: string[], failures: Map<string, Failure>) => Promise<{ plays?: Plays }> {
	const needless = (): Failure | undefined => (context.continues ? undefined : otherFailure());
	const reading = readLastPlayed(context, { needless });
	// It is awaited later, or not at all once the execution is canceled.
	reading.catch(() => {});
	return async (callIds, failures) => {
		const read = await reading;
		if (read.ok) return read.value ? { plays: read.value } : {};
		const failure = { ...read.failure, callIds };
		for (const callId of callIds) if (!failures.has(callId)) failures.set(callId, failure);
		return {};
	};
}
