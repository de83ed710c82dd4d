import type { Answer } from './answers';
import type { LoggedRequest } from './log';

/** Sees all that a local Gong receives and answers. */
export interface Judge {
	/** A request that came whole. */
	request(entry: LoggedRequest): void;
	/** The true answer to a request, before a fault spoils it. */
	answer(entry: LoggedRequest, answer: Answer): void;
}
