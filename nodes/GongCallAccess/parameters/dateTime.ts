const MOMENT =
	/^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(z|[+-]\d\d:?\d\d)?)?$/i;
const OFFSET = /^([+-])(\d\d):?(\d\d)$/;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
// Clocks are at most 14 hours from UTC; this is what ISO 8601 readers such as Java's take at most.
const MAX_OFFSET_MS = 18 * 60 * MINUTE_MS;

/** Which end of a period a moment is. */
export type Edge = 'start' | 'end';

/**
 * The moment that a date-time parameter means, as n8n's picker or an expression gives it.
 *
 * Where clocks go back, a time without an offset comes twice: a start is the earlier, an end the later, so that
 * a period leaves nothing out. Where they go forward over it, it moves forward with them, and a day whose
 * beginning they skip begins at its first moment.
 *
 * @param timezone IANA name; counts where the text has no offset
 * @returns undefined for what is not a date and time
 */
export function parseDateTime(value: unknown, timezone: string, edge: Edge): Date | undefined {
	const ms = typeof value === 'string' ? parsed(value.trim(), timezone, edge) : millisOf(value);
	const moment = new Date(ms ?? NaN);
	return Number.isNaN(moment.getTime()) ? undefined : moment;
}

/** The first moment of the day that is so many days before today, by the calendar of a time zone. */
export function daysBeforeToday(days: number, now: number, timezone: string): Date {
	return startOfDay(today(now, timezone) - days * DAY_MS, timezone);
}

/** The first moment of this week's Monday, or of that of so many weeks before. */
export function mondayBefore(weeks: number, now: number, timezone: string): Date {
	const day = today(now, timezone);
	// Sunday is 0 to JavaScript, and the last day of a week here.
	const sinceMonday = (new Date(day).getUTCDay() + 6) % 7;
	return startOfDay(day - (sinceMonday + 7 * weeks) * DAY_MS, timezone);
}

/** The first moment of this month, or of that so many months before. */
export function monthBefore(months: number, now: number, timezone: string): Date {
	const day = new Date(today(now, timezone));
	return startOfDay(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() - months, 1), timezone);
}

/** The date that a time zone's calendar shows, as midnight UTC of that date. */
function today(now: number, timezone: string): number {
	return Math.floor((now + offsetAt(now, timezone)) / DAY_MS) * DAY_MS;
}

/** @param day midnight UTC of a date */
function startOfDay(day: number, timezone: string): Date {
	return new Date(byClocks(day, timezone, 'start'));
}

/** A moment as the clocks of a time zone show it, such as 2026-11-23 09:00 (Europe/Berlin). */
export function localTime(moment: Date, timezone: string): string {
	return `${clockTime(moment, timezone)} (${timezone})`;
}

/** The same without the name of the zone. */
export function clockTime(moment: Date, timezone: string): string {
	const shown = new Date(moment.getTime() + offsetAt(moment.getTime(), timezone));
	return shown.toISOString().slice(0, 16).replace('T', ' ');
}

/** Of Luxon's DateTime, as an expression such as {{ $today }} gives it, or JavaScript's Date. */
function millisOf(value: unknown): number | undefined {
	const given = value as { toMillis?: unknown; getTime?: unknown } | null | undefined;
	const read = given?.toMillis ?? given?.getTime;
	const ms: unknown = typeof read === 'function' ? read.call(value) : undefined;
	return typeof ms === 'number' ? ms : undefined;
}

function parsed(text: string, timezone: string, edge: Edge): number | undefined {
	const parts = MOMENT.exec(text);
	if (!parts) return undefined;
	const [, day, time = '00:00', second = '00', fraction = '', offset] = parts;
	const local = Date.parse(`${day}T${time}:${second}Z`);
	// What no calendar or clock shows, such as 30 February, does not come out as it went in.
	const shows = Number.isNaN(local) ? '' : new Date(local).toISOString();
	if (!shows.startsWith(`${day}T${time}:${second}`)) return undefined;
	const asUtc = local + Math.floor(Number(`0.${fraction}0`) * 1000);
	if (offset === undefined) return byClocks(asUtc, timezone, edge);
	const fixed = fixedOffset(offset);
	return fixed === undefined ? undefined : asUtc - fixed;
}

function fixedOffset(text: string): number | undefined {
	const [, sign, hours = '0', minutes = '0'] = OFFSET.exec(text) ?? [];
	const ms = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
	if (Number(minutes) > 59 || ms > MAX_OFFSET_MS) return undefined;
	return sign === '-' ? -ms : ms;
}

/** When the clocks of a time zone show a time, given as if they showed UTC. */
function byClocks(asUtc: number, timezone: string, edge: Edge): number {
	// Whatever changes the clocks around that time lies between these two.
	const before = offsetAt(asUtc - DAY_MS, timezone);
	const after = offsetAt(asUtc + DAY_MS, timezone);
	const moments = [asUtc - before, asUtc - after].filter(
		(moment) => moment + offsetAt(moment, timezone) === asUtc,
	);
	if (moments.length > 0) return edge === 'start' ? Math.min(...moments) : Math.max(...moments);
	const isMidnight = asUtc % DAY_MS === 0;
	return isMidnight ? changeOfClocks(asUtc, timezone) : asUtc - before;
}

/** The moment at which the clocks skip a time. */
function changeOfClocks(asUtc: number, timezone: string): number {
	let from = asUtc - DAY_MS;
	let to = asUtc + DAY_MS;
	while (to - from > 1) {
		const middle = Math.floor((from + to) / 2);
		if (middle + offsetAt(middle, timezone) < asUtc) from = middle;
		else to = middle;
	}
	return to;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timezone: string): Intl.DateTimeFormat {
	let clock = clocks.get(timezone);
	if (!clock) {
		clock = new Intl.DateTimeFormat('en-US', {
			timeZone: timezone,
			hourCycle: 'h23',
			year: 'numeric',
			month: 'numeric',
			day: 'numeric',
			hour: 'numeric',
			minute: 'numeric',
			second: 'numeric',
		});
		clocks.set(timezone, clock);
	}
	return clock;
}

/** How far a time zone is ahead of UTC at a moment, in milliseconds. */
function offsetAt(moment: number, timezone: string): number {
	const parts = clockOf(timezone).formatToParts(moment);
	const at = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
	const local = Date.UTC(
		at('year'),
		at('month') - 1,
		at('day'),
		at('hour'),
		at('minute'),
		at('second'),
	);
	return local - Math.floor(moment / 1000) * 1000;
}
