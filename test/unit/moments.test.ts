import * as fc from 'fast-check';
import { built } from './built';

const { momentOf } =
	built<typeof import('../../nodes/GongCallAccess/input/moments')>('input/moments');

const ZONES = [
	'UTC',
	'America/New_York',
	'Europe/Berlin',
	'Asia/Kolkata',
	'Australia/Lord_Howe',
	'Pacific/Auckland',
	'America/St_Johns',
	'Pacific/Kiritimati',
];

/** What the clocks on the wall of a zone show at a moment, as n8n's picker writes it. */
function wallClock(moment: Date, timeZone: string): string {
	const shown = new Intl.DateTimeFormat('sv-SE', {
		timeZone,
		dateStyle: 'short',
		timeStyle: 'medium',
	}).format(moment);
	return shown.replace(' ', 'T');
}

const iso = (value: unknown, timezone = 'America/New_York'): string | undefined =>
	momentOf(value, timezone)?.toISOString();

describe('a text with an offset means the same in every time zone', () => {
	test.each([
		['2026-11-23T09:00:00Z', '2026-11-23T09:00:00.000Z'],
		['2026-11-23T09:00:00z', '2026-11-23T09:00:00.000Z'],
		['2026-11-23T09:00Z', '2026-11-23T09:00:00.000Z'],
		['2026-11-23T09:00:00.123Z', '2026-11-23T09:00:00.123Z'],
		['2026-11-23T09:00:00.000+05:30', '2026-11-23T03:30:00.000Z'],
		['2026-11-23T00:00:00-08:00', '2026-11-23T08:00:00.000Z'],
		['2026-11-23T09:00:00+0100', '2026-11-23T08:00:00.000Z'],
		['2026-11-23 09:00:00+01:00', '2026-11-23T08:00:00.000Z'],
		['  2026-11-23T09:00:00Z\n', '2026-11-23T09:00:00.000Z'],
	])('%s', (text, moment) => {
		for (const zone of ZONES) expect(iso(text, zone)).toBe(moment);
	});

	test('a date is what it is', () => {
		const date = new Date('2026-11-23T09:00:00.500Z');
		expect(momentOf(date, 'Asia/Kolkata')?.getTime()).toBe(date.getTime());
	});
});

describe('a text without an offset is by the clocks of the time zone', () => {
	test.each([
		['2026-11-23', 'America/New_York', '2026-11-23T05:00:00.000Z'],
		['2026-07-01', 'America/New_York', '2026-07-01T04:00:00.000Z'],
		['2026-11-23T09:00', 'Europe/Berlin', '2026-11-23T08:00:00.000Z'],
		['2026-11-23T09:00:00', 'Europe/Berlin', '2026-11-23T08:00:00.000Z'],
		['2026-11-23 09:00:00', 'Europe/Berlin', '2026-11-23T08:00:00.000Z'],
		['2026-11-23T09:00:00', 'Asia/Kolkata', '2026-11-23T03:30:00.000Z'],
		['2026-01-01T00:00:00', 'Pacific/Kiritimati', '2025-12-31T10:00:00.000Z'],
		['2024-02-29T12:00:00', 'UTC', '2024-02-29T12:00:00.000Z'],
		['2026-11-23T09:00:00.123', 'Europe/Berlin', '2026-11-23T08:00:00.123Z'],
		['2026-11-23T23:59:59.999', 'UTC', '2026-11-23T23:59:59.999Z'],
		['2026-11-23T23:59:59', 'UTC', '2026-11-23T23:59:59.000Z'],
	])('%s in %s', (text, zone, moment) => {
		expect(iso(text, zone)).toBe(moment);
	});

	test.each([
		['the hour before the clocks go forward', '2026-03-08T01:59:59', '2026-03-08T06:59:59.000Z'],
		['the hour after they went forward', '2026-03-08T03:00:00', '2026-03-08T07:00:00.000Z'],
		['the evening before', '2026-03-07T21:00:00', '2026-03-08T02:00:00.000Z'],
		['the hour before they go back', '2026-11-01T00:59:59', '2026-11-01T04:59:59.000Z'],
		['the hour after they went back', '2026-11-01T02:00:00', '2026-11-01T07:00:00.000Z'],
		['midnight of that day', '2026-11-01', '2026-11-01T04:00:00.000Z'],
	])('%s, in New York', (_when, text, moment) => {
		expect(iso(text)).toBe(moment);
	});

	test.each([
		['the clocks go forward over', '2026-03-08T02:30:00', 'America/New_York', 60],
		['the clocks go forward over', '2026-03-29T02:30:00', 'Europe/Berlin', 60],
		['comes twice', '2026-11-01T01:30:00', 'America/New_York', 60],
		['comes twice', '2026-10-25T02:30:00', 'Europe/Berlin', 60],
	])('a time that %s is at most an hour off: %s in %s', (_what, text, zone, minutes) => {
		const moment = momentOf(text, zone);
		const shown = Date.parse(`${wallClock(moment as Date, zone)}Z`);
		expect(Math.abs(shown - Date.parse(`${text}Z`))).toBeLessThanOrEqual(minutes * 60_000);
	});

	test('every moment comes back from the clocks that show it', () => {
		const seconds = fc.integer({
			min: Date.parse('1975-01-01T00:00:00Z') / 1000,
			max: Date.parse('2040-01-01T00:00:00Z') / 1000,
		});
		fc.assert(
			fc.property(seconds, fc.constantFrom(...ZONES), (second, zone) => {
				const text = wallClock(new Date(second * 1000), zone);
				const moment = momentOf(text, zone);
				// Where clocks go back two moments show the same; either will do.
				expect(wallClock(moment as Date, zone)).toBe(text);
			}),
			{ numRuns: 1000 },
		);
	});

	test('every second around a change of the clocks comes back', () => {
		for (const zone of ZONES) {
			for (const day of ['2026-03-08', '2026-03-29', '2026-04-05', '2026-09-27', '2026-10-25']) {
				for (let quarter = -96; quarter < 192; quarter++) {
					const at = new Date(Date.parse(`${day}T00:00:00Z`) + quarter * 900_000);
					const text = wallClock(at, zone);
					expect(wallClock(momentOf(text, zone) as Date, zone)).toBe(text);
				}
			}
		}
	});
});

describe('what is not a date and time is not taken for one', () => {
	test.each([
		[''],
		['   '],
		['now'],
		['last week'],
		['2026'],
		['2026-11'],
		['23.11.2026'],
		['11/23/2026'],
		['2026-11-23T'],
		['2026-11-23T9:00'],
		['2026-11-23T09'],
		['2026-11-23T09:00:00 Europe/Berlin'],
		['Mon Nov 23 2026 09:00:00 GMT+0100'],
		['1795424400000'],
		['Invalid DateTime'],
	])('the text %j', (text) => {
		expect(momentOf(text, 'UTC')).toBeUndefined();
	});

	test.each([
		['2026-13-01'],
		['2026-00-10'],
		['2026-02-30'],
		['2026-02-29'],
		['2026-04-31'],
		['2026-01-00'],
		['2026-01-32'],
		['2026-01-01T24:30:00'],
		['2026-01-01T25:00:00'],
		['2026-01-01T10:60:00'],
		['2026-01-01T10:75'],
		['2026-01-01T10:00:61'],
	])('%s, which no calendar or clock shows, with and without an offset', (text) => {
		expect(iso(text, 'UTC')).toBeUndefined();
		const withTime = text.includes('T') ? text : `${text}T10:00:00`;
		expect(iso(`${withTime}Z`, 'UTC')).toBeUndefined();
	});

	test.each([
		[undefined],
		[null],
		[0],
		[1795424400000],
		[true],
		[{}],
		[['2026-11-23']],
		[new Date('nonsense')],
	])('%p', (value) => {
		expect(momentOf(value, 'UTC')).toBeUndefined();
	});

	test('nothing that is typed makes it throw', () => {
		fc.assert(
			fc.property(fc.anything(), fc.constantFrom(...ZONES), (value, zone) => {
				const moment = momentOf(value, zone);
				expect(moment === undefined || !Number.isNaN(moment.getTime())).toBe(true);
			}),
		);
	});
});
