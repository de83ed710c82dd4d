import type { Result } from '../failure';
import { tooManyPlays } from '../messages/explainMessages';
import type { GongClient, RequestResult } from '../transport/client';
import { isRecord } from '../transport/json';
import { saysNothingFound } from '../transport/refusal';
import type { GongRequest } from '../transport/request';
import type { Page } from './paging';
import { listAll, readPage } from './paging';
import { textAt } from './response';

/** When people last played calls, by Gong's log of plays. */
export interface Plays {
	/** ISO 8601; the moment from which plays were looked for. */
	since: string;
	/** By call and user: when the log last names that user for that call; ISO 8601 in UTC, so that it sorts as text. */
	byCall: ReadonlyMap<string, ReadonlyMap<string, string>>;
	/** How many entries of the log cannot be read. */
	unread: number;
}

interface Play {
	callId: string;
	userId: string;
	/** ISO 8601 in UTC: Gong gives times with any offset. */
	time: string;
}

/** An entry of the log; `play` is undefined for one that cannot be read, null for one in somebody else's name. */
interface LogEntry {
	/** Of this reading: Gong gives entries none. */
	id: string;
	play: Play | null | undefined;
}

const MAX_PAGES = 1_000;
// A cursor leads only from one page to the next, so stretches of time are read side by side where Gong is slow.
const STRETCHES = 4;
const MIN_PAGES_TO_CUT = 8;
// Nobody says which ends of a period count: what is read twice does no harm.
const OVERLAP_MS = 1_000;

/** The plays of a time, page by page: all of the company, since the log cannot be asked for certain calls. */
export function listPlaysRequest(from: string, to: string, cursor?: string): GongRequest {
	return {
		method: 'GET',
		path: '/v2/logs',
		query: {
			logType: 'UserCallPlay',
			fromDateTime: from,
			toDateTime: to,
			...(cursor === undefined ? {} : { cursor }),
		},
		scope: 'api:logs:read',
	};
}

/**
 * Reads who played which calls, and when last.
 * @param since ISO 8601; the first moment of the time
 * @param until ISO 8601; a listing without an end would go on growing while it is read
 */
export async function readPlays(
	client: GongClient,
	since: string,
	until: string,
): Promise<Result<Plays>> {
	const read = entryReader();
	const request = (cursor?: string): GongRequest => listPlaysRequest(since, until, cursor);
	const first: RequestResult<Page<LogEntry>> = await client.send(request(), [], read);
	if (!first.ok) {
		const { refusal } = first;
		const isEmpty = refusal !== undefined && saysNothingFound(refusal.status, refusal.said);
		return isEmpty ? { ok: true, value: { since, byCall: new Map(), unread: 0 } } : first;
	}
	const pages = first.value.cursor === undefined ? 1 : (first.value.pages ?? 0);
	if (pages > MAX_PAGES) return { ok: false, failure: tooManyPlays(since, pages, MAX_PAGES) };
	const times = pages < MIN_PAGES_TO_CUT ? [[since, until]] : stretchesOf(since, until);
	const listings = await Promise.all(
		times.map(
			async ([from, to]) =>
				await listAll(client, (cursor) => listPlaysRequest(from, to, cursor), read, {
					...(times.length === 1 ? { first: first.value } : {}),
					maxPages: MAX_PAGES,
				}),
		),
	);
	const plays = new Map<string, Map<string, string>>();
	let unread = 0;
	for (const listing of listings) {
		if (!listing.ok) return listing;
		const { entries, cut } = listing.value;
		if (cut) return { ok: false, failure: tooManyPlays(since, undefined, MAX_PAGES) };
		for (const { play } of entries) {
			if (play) keepLater(plays, play);
			else if (play === undefined) unread++;
		}
	}
	return { ok: true, value: { since, byCall: plays, unread } };
}

function keepLater(plays: Map<string, Map<string, string>>, { callId, userId, time }: Play): void {
	const ofCall = plays.get(callId) ?? new Map<string, string>();
	plays.set(callId, ofCall);
	const known = ofCall.get(userId);
	if (known === undefined || known < time) ofCall.set(userId, time);
}

function stretchesOf(since: string, until: string): string[][] {
	const [from, to] = [Date.parse(since), Date.parse(until)];
	const cutAt = (place: number): number => Math.round(from + ((to - from) * place) / STRETCHES);
	return Array.from({ length: STRETCHES }, (_, place) => [
		place === 0 ? since : new Date(cutAt(place) - OVERLAP_MS).toISOString(),
		place === STRETCHES - 1 ? until : new Date(cutAt(place + 1)).toISOString(),
	]);
}

/** Reads pages of the log. @throws {FailureError} for a response of another shape */
function entryReader(): (text: string) => Page<LogEntry> {
	let entries = 0;
	return (text) =>
		readPage(text, 'logEntries', (entry) => ({ id: String(entries++), play: playIn(entry) }));
}

/** Gong does not describe what an entry holds, so only IDs that are text count: a number may have lost digits. */
function playIn(entry: Record<string, unknown>): LogEntry['play'] {
	const { userId, logRecord, impersonatorUserId, impersonatorEmailAddress } = entry;
	const isGiven = (value: unknown): boolean =>
		value !== undefined && value !== null && value !== '';
	if (isGiven(impersonatorUserId) || isGiven(impersonatorEmailAddress)) return null;
	const callId = isRecord(logRecord) ? logRecord.call_id : undefined;
	const time = new Date(textAt(entry, 'eventTime') ?? '');
	if (typeof userId !== 'string' || typeof callId !== 'string') return undefined;
	if (userId.trim() === '' || callId.trim() === '' || Number.isNaN(time.getTime()))
		return undefined;
	return { callId: callId.trim(), userId: userId.trim(), time: time.toISOString() };
}
