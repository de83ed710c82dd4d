const WITH_OFFSET = /(?:z|[+-]\d\d:?\d\d)$/i;
const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?$/;

/**
 * The moment that a date-time parameter means, as n8n's picker or an expression gives it.
 * @param timezone IANA name; counts where the text has no offset
 * @returns undefined for what is not a date and time
 */
export function momentOf(value: unknown, timezone: string): Date | undefined {
	if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value;
	if (typeof value !== 'string') return undefined;
	const text = value.trim();
	if (WITH_OFFSET.test(text) && /^\d{4}-\d\d-\d\d[T ]/.test(text)) {
		const moment = new Date(text);
		return Number.isNaN(moment.getTime()) ? undefined : moment;
	}
	const parts = DATE.exec(text);
	if (!parts) return undefined;
	const [year, month, day, hour, minute, second] = parts.slice(1).map((part) => Number(part ?? 0));
	const asUtc = Date.UTC(year, month - 1, day, hour, minute, second);
	if (Number.isNaN(asUtc) || new Date(asUtc).getUTCDate() !== day) return undefined;
	// The offset at the moment looked for; twice, since it may change between the first guess and it.
	const guess = asUtc - offsetAt(asUtc, timezone);
	return new Date(asUtc - offsetAt(guess, timezone));
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
	return local - (moment - (moment % 1000));
}
