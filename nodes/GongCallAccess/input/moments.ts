const MOMENT =
	/^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(z|[+-]\d\d:?\d\d)?)?$/i;
const OFFSET = /^([+-])(\d\d):?(\d\d)$/;
const MINUTE_MS = 60_000;

/**
 * The moment that a date-time parameter means, as n8n's picker or an expression gives it.
 * @param timezone IANA name; counts where the text has no offset
 * @returns undefined for what is not a date and time
 */
export function momentOf(value: unknown, timezone: string): Date | undefined {
	const asMoment = value as { toMillis?: () => number; getTime?: () => number } | null | undefined;
	// An expression gives Luxon's DateTime, as in {{ $today }}, or JavaScript's Date.
	const ms = asMoment?.toMillis?.() ?? asMoment?.getTime?.();
	if (ms !== undefined) return Number.isNaN(ms) ? undefined : new Date(ms);
	if (typeof value !== 'string') return undefined;
	const parts = MOMENT.exec(value.trim());
	if (!parts) return undefined;
	const [, day, time = '00:00', second = '00', fraction = '', offset] = parts;
	const local = Date.parse(`${day}T${time}:${second}Z`);
	// What no calendar or clock shows, such as 30 February, does not come out as it went in.
	const shows = Number.isNaN(local) ? '' : new Date(local).toISOString();
	if (!shows.startsWith(`${day}T${time}:${second}`)) return undefined;
	const asUtc = local + Math.floor(Number(`0.${fraction}0`) * 1000);
	if (offset !== undefined) return new Date(asUtc - fixedOffset(offset));
	// The offset at the moment looked for; twice, since it may change between the first guess and it.
	const guess = asUtc - offsetAt(asUtc, timezone);
	return new Date(asUtc - offsetAt(guess, timezone));
}

function fixedOffset(text: string): number {
	const [, sign, hours, minutes] = OFFSET.exec(text) ?? [];
	const ms = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * MINUTE_MS;
	return sign === '-' ? -ms : ms;
}

/** How far a time zone is ahead of UTC at a moment, in milliseconds. */
function offsetAt(moment: number, timezone: string): number {
	const parts = new Intl.DateTimeFormat('en-US', {
		timeZone: timezone,
		hourCycle: 'h23',
		year: 'numeric',
		month: 'numeric',
		day: 'numeric',
		hour: 'numeric',
		minute: 'numeric',
		second: 'numeric',
	}).formatToParts(moment);
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
