/**
 * How long an answer asks to wait: its `Retry-After` in seconds or as a date.
 * @param headers names in lower case
 * @returns milliseconds, 0 or more; undefined where the header is missing or unreadable
 */
export function retryAfterMs(
	headers: Record<string, string>,
	now = Date.now(),
): number | undefined {
	const value = String(headers['retry-after'] ?? '').trim();
	if (/^[0-9]+(\.[0-9]+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
	const date = Date.parse(value);
	if (Number.isNaN(date)) return undefined;
	// By the clock of the server that wrote the date, where it tells it.
	const serverNow = Date.parse(headers.date ?? '');
	return Math.max(0, date - (Number.isNaN(serverNow) ? now : serverNow));
}
