import type { Logger } from 'n8n-workflow';
import { plain } from './visible';
import { duration } from './phrases';

// What stands in the log of n8n.

/** Notes where something unexpected was thrown; never its message, which may hold the request with its key. */
export function logUnexpected(logger: Logger, thrown: unknown): void {
	const { name, stack } = thrown instanceof Error ? thrown : { name: typeof thrown, stack: '' };
	const frames = (stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
	const where = frames.slice(0, 8).map((line) => line.trim());
	logger.warn(`Gong Call Access: unexpected ${name} ${where.join(' | ')}`);
}

/** For the log while Gong asks to slow down. */
export function waitingForGong(waitMs: number): string {
	return `waiting ${duration(waitMs)} because Gong asked to slow down`;
}

/** For the log before another try. */
export function waitingToRepeat(waitMs: number): string {
	return `waiting ${duration(waitMs)} before asking again, because the last answer was not usable`;
}

/** For the log of a long run. */
export function progress(done: number, all: number, why: string): string {
	return `Gong Call Access: ${done} of ${all} calls done${why ? `, ${why}` : ''}`;
}

/** For the log when a long run is over. */
export function runEnded(done: number, all: number, tookMs: number): string {
	return `Gong Call Access: ended after ${duration(tookMs)}, ${done} of ${all} calls done`;
}

/** For the log where entries of Gong's log of plays cannot be read. */
export function playsLeftOut(entries: number): string {
	return `Gong Call Access: ${entries} ${entries === 1 ? 'entry' : 'entries'} of Gong's log of plays left out, because the call, the user or the time is not told as text`;
}

/** A line of a run, with the workflow and the execution that it is about. */
export function aboutRun(line: string, workflow: string, executionId: string | undefined): string {
	const execution = executionId === undefined ? '' : `, execution ${executionId}`;
	return `${line} (workflow "${plain(workflow, MAX_NAME_LENGTH)}"${execution})`;
}

const MAX_NAME_LENGTH = 100;
