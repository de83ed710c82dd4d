import { retryAfterMs } from '../../nodes/GongCallAccess/transport/retryAfter';

const NOW = Date.parse('2025-03-04T10:00:00Z');
const at = (seconds: number): string => new Date(NOW + seconds * 1000).toUTCString();

test.each<[string, string, number]>([
	['seconds', '2', 2000],
	['no time at all', '0', 0],
	['a fraction of a second', '0.5', 500],
	['two hours', '7200', 7_200_000],
	['white space around', ' 3 ', 3000],
	['a date', at(5), 5000],
	['a date that is over', at(-5), 0],
	['a date as ISO', new Date(NOW + 5000).toISOString(), 5000],
])('reads %s', (_what, value, ms) => {
	expect(retryAfterMs({ 'retry-after': value }, NOW)).toBe(ms);
});

test.each([[''], ['soon'], ['1 second']])('reads no time from %j', (value) => {
	expect(retryAfterMs({ 'retry-after': value }, NOW) ?? 0).toBeLessThanOrEqual(0);
});

test('reads no time from a missing header', () => {
	expect(retryAfterMs({}, NOW)).toBeUndefined();
});

test('uses the clock of the server that wrote the date', () => {
	const headers = { 'retry-after': at(3605), date: at(3600) };
	expect(retryAfterMs(headers, NOW)).toBe(5000);
});

test('uses its own clock when the server’s is unreadable', () => {
	expect(retryAfterMs({ 'retry-after': at(5), date: 'today' }, NOW)).toBe(5000);
});
