/** What the local Gong holds before and after a run, and what was written between. */
import { writesIn } from '../harness/gong';
import { CALLS } from './company';
import { hidesStatus } from './faultCases';
import { without } from './oracle';
import type { Played } from './play';
import type { WriteCase } from './writeCase';

/** A call before and after the run, as needed to check its rows. */
export class Held {
	constructor(private readonly played: Played) {}

	before = (callId: string): string[] => this.played.before.apiAccess[callId] ?? [];
	after = (callId: string): string[] => this.played.after.apiAccess[callId] ?? [];
	shared = (callId: string): string[] => this.played.after.otherAccess[callId] ?? [];
	/** Users who had access at one moment at least; a read may have happened at any. */
	ever = (callId: string): string[] => [
		...new Set([...this.before(callId), ...this.after(callId)]),
	];
	/** Users who had access all the time. */
	always = (callId: string): string[] =>
		this.before(callId).filter((id) => this.after(callId).includes(id));
}

export const within = (all: string[], some: string[]): string[] =>
	all.filter((id) => some.includes(id));

export interface Change {
	callId: string;
	user: string;
	gained: boolean;
}

export function changesOf(held: Held): Change[] {
	return CALLS.flatMap((callId) => [
		...without(held.after(callId), held.before(callId)).map((user) => ({
			callId,
			user,
			gained: true,
		})),
		...without(held.before(callId), held.after(callId)).map((user) => ({
			callId,
			user,
			gained: false,
		})),
	]);
}

export const DONE = /accepted|granted/i;
export const withoutNothing = (text: string): string =>
	text.replace(/nothing was (accepted|granted)/gi, '');

/** Writes of a call that Gong may have carried out. */
export const mayHaveWritten = (run: WriteCase, played: Played, callId: string): boolean =>
	writesIn(played.log).some(
		({ changes, status }) =>
			changes.some((change) => change.callId === callId) &&
			// The log has the status of a refusal even if its answer was lost on the way.
			(status === null || status < 300 || status >= 500 || run.faults.some(hidesStatus)),
	);

export const isWritten = (played: Played, callId: string): boolean =>
	writesIn(played.log).some(
		({ changes, status }) => status === 200 && changes.some((change) => change.callId === callId),
	);
