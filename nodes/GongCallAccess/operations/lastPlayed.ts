import type { Failure, Result } from '../failure';
import * as log from '../messages/logMessages';
import { playsNotRead } from '../messages/explainMessages';
import type { Plays } from '../gong/plays';
import type { OperationContext } from './operation';

/** Reads who played calls, once a run, where rows are to say so. */
export async function readLastPlayed({
	client,
	settings,
	directory,
	logger,
}: OperationContext): Promise<Result<Plays | undefined>> {
	if (!settings.includeLastPlayed) return { ok: true, value: undefined };
	const read = await directory.plays(client, settings.playedSince);
	if (!read.ok) return { ok: false, failure: playsNotRead(read.failure) };
	if (read.value.unread > 0) logger.info(log.playsLeftOut(read.value.unread));
	return read;
}

/**
 * Begins to read who played calls, beside other reading.
 * @returns waits for it; where it could not be read, the calls have no rows
 */
export function beginLastPlayed(
	context: OperationContext,
): (callIds: string[], failures: Map<string, Failure>) => Promise<{ plays?: Plays }> {
	const reading = readLastPlayed(context);
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
