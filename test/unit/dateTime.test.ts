import * as fc from 'fast-check';
import { DateTime, IANAZone } from 'luxon';
import {
	daysBeforeToday,
	mondayBefore,
	monthBefore,
	parseDateTime,
} from '../../nodes/GongCallAccess/parameters/dateTime';

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

// To make one takes far longer than to use it.
const formats = new Map<string, Intl.DateTimeFormat>();

/** The wall-clock time of a zone at a moment, written the way n8n's date picker writes it. */
function wallClock(moment: Date, timeZone: string): string {
	let format = formats.get(timeZone);
	if (!format) {
		format = new Intl.DateTimeFormat('sv-SE', {
			timeZone,
			dateStyle: 'short',
			timeStyle: 'medium',
		});
		formats.set(timeZone, format);
	}
	return format.format(moment).replace(' ', 'T');
}

const iso = (
	value: unknown,
	timezone = 'America/New_York',
	edge: 'start' | 'end' = 'start',
): string | undefined => parseDateTime(value, timezone, edge)?.toISOString();

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

	test('a plain date begins at its midnight', () => {
		const date = new Date('2026-11-23T09:00:00.500Z');
		expect(parseDateTime(date, 'Asia/Kolkata', 'end')?.getTime()).toBe(date.getTime());
	});
});

describe('a text without an offset is in the given time zone', () => {
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

	test('every moment is parsed back from its wall-clock time', () => {
		const seconds = fc.integer({
			min: Date.parse('1975-01-01T00:00:00Z') / 1000,
			max: Date.parse('2040-01-01T00:00:00Z') / 1000,
		});
		fc.assert(
			fc.property(seconds, fc.constantFrom(...ZONES), (second, zone) => {
				const text = wallClock(new Date(second * 1000), zone);
				const moment = parseDateTime(text, zone, 'start');
				// Where clocks go back, two moments have the same wall-clock time; either is correct.
				expect(wallClock(moment as Date, zone)).toBe(text);
			}),
			{ numRuns: 1000 },
		);
	});

	test('every second around a clock change is parsed back', () => {
		for (const zone of ZONES) {
			for (const day of ['2026-03-08', '2026-03-29', '2026-04-05', '2026-09-27', '2026-10-25']) {
				for (let quarter = -96; quarter < 192; quarter++) {
					const at = new Date(Date.parse(`${day}T00:00:00Z`) + quarter * 900_000);
					const text = wallClock(at, zone);
					expect(wallClock(parseDateTime(text, zone, 'start') as Date, zone)).toBe(text);
				}
			}
		}
	});
});

describe('where clocks change', () => {
	test.each([
		['2026-03-08T02:30:00', 'America/New_York', '2026-03-08T07:30:00.000Z'],
		['2026-03-08T02:00', 'America/New_York', '2026-03-08T07:00:00.000Z'],
		['2026-03-08T02:59:59.999', 'America/New_York', '2026-03-08T07:59:59.999Z'],
		['2026-03-29T02:30:00', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
		['2026-10-04T02:15:00', 'Australia/Lord_Howe', '2026-10-03T15:45:00.000Z'],
		['2026-09-06T00:30:00', 'America/Santiago', '2026-09-06T04:30:00.000Z'],
		['2011-12-30T15:00:00', 'Pacific/Apia', '2011-12-31T01:00:00.000Z'],
	])(
		'20: %s, which is skipped in %s, is moved forward by the length of the gap',
		(text, zone, moment) => {
			expect(iso(text, zone, 'start')).toBe(moment);
			expect(iso(text, zone, 'end')).toBe(moment);
		},
	);

	test.each([
		['2026-11-01T01:30:00', 'America/New_York', '2026-11-01T05:30:00.000Z', 60],
		['2026-10-25T02:30:00', 'Europe/Berlin', '2026-10-25T00:30:00.000Z', 60],
		['2026-10-25T02:00:00', 'Europe/Berlin', '2026-10-25T00:00:00.000Z', 60],
		['2026-04-05T01:45:00', 'Australia/Lord_Howe', '2026-04-04T14:45:00.000Z', 30],
		['2026-04-04T23:30:00', 'America/Santiago', '2026-04-05T02:30:00.000Z', 60],
		['2026-11-01', 'America/Havana', '2026-11-01T04:00:00.000Z', 60],
	])(
		'20: %s, which occurs twice in %s, is the first for a start and the second for an end',
		(text, zone, first, minutes) => {
			expect(iso(text, zone, 'start')).toBe(first);
			const second = Date.parse(first) + minutes * 60_000;
			expect(iso(text, zone, 'end')).toBe(new Date(second).toISOString());
		},
	);

	test.each([
		['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
		['2026-03-08', 'America/Havana', '2026-03-08T05:00:00.000Z'],
		['2026-03-29', 'Atlantic/Azores', '2026-03-29T01:00:00.000Z'],
		['2024-04-26', 'Africa/Cairo', '2024-04-25T22:00:00.000Z'],
		['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
		// The gap is from 23:30 of the day before to 00:30.
		['1919-03-31', 'America/Toronto', '1919-03-31T04:30:00.000Z'],
		// A day that was skipped as a whole: the next one begins.
		['2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
	])('20: %s in %s begins at its first moment, since midnight is skipped', (day, zone, moment) => {
		for (const edge of ['start', 'end'] as const) {
			expect(iso(day, zone, edge)).toBe(moment);
			expect(iso(`${day}T00:00`, zone, edge)).toBe(moment);
			expect(iso(`${day} 00:00:00.000`, zone, edge)).toBe(moment);
		}
	});

	const ALL_ZONES = Intl.supportedValuesOf('timeZone');
	const minute = fc.integer({
		min: Date.parse('1950-01-01T00:00:00Z') / 60_000,
		max: Date.parse('2037-12-31T00:00:00Z') / 60_000,
	});
	const someZone = fc.constantFrom(...ALL_ZONES);
	/** A time near a clock change, if there is one in the half year after `from`. */
	const near = (zone: string, from: number, by: number): string => {
		const offset = (at: number): number => IANAZone.create(zone).offset(at);
		let early = from * 60_000;
		let late = early + 183 * 86_400_000;
		if (offset(early) === offset(late)) return wallClock(new Date(early), zone);
		while (late - early > 1000) {
			const middle = (early + late) / 2;
			if (offset(middle) === offset(early)) early = middle;
			else late = middle;
		}
		return local(late + by * 60_000, offset(early));
	};
	const local = (ms: number, offset: number): string =>
		new Date(Math.round(ms / 1000) * 1000 + offset * 60_000).toISOString().slice(0, 19);

	/** The moments that have a wall-clock time, and the zone's offset before them, found by trying all offsets. */
	const showing = (text: string, zone: string): { moments: number[]; before: number } => {
		const asUtc = Date.parse(`${text}Z`);
		const offset = (at: number): number => IANAZone.create(zone).offset(at) * 60_000;
		const hours = Array.from({ length: 61 }, (_, place) => (place - 30) * 3_600_000);
		const offsets = new Set(hours.map((hour) => offset(asUtc + hour)));
		const moments = [...offsets].map((by) => asUtc - by).filter((at) => at + offset(at) === asUtc);
		return { moments, before: offset(asUtc + hours[0]) };
	};

	test('20: a time is the moment that shows it: the first or last of two, moved forward if there is none', () => {
		fc.assert(
			fc.property(someZone, minute, fc.integer({ min: -180, max: 180 }), (zone, from, by) => {
				const text = near(zone, from, by);
				const both = (['start', 'end'] as const).map((edge) =>
					Number(parseDateTime(text, zone, edge)),
				);
				const { moments, before } = showing(text, zone);
				const later = Date.parse(`${text}Z`) - before;
				const skipped = text.endsWith('T00:00:00') ? both : [later, later];
				expect(both).toEqual(
					moments.length > 0 ? [Math.min(...moments), Math.max(...moments)] : skipped,
				);
			}),
			{ numRuns: 2000 },
		);
	});

	test('20: agrees with Luxon on every time that exists', () => {
		fc.assert(
			fc.property(someZone, minute, (zone, from) => {
				const text = wallClock(new Date(from * 60_000), zone);
				const luxon = DateTime.fromISO(text, { zone });
				fc.pre(luxon.toISO({ includeOffset: false })?.startsWith(text) ?? false);
				const both = (['start', 'end'] as const).map((edge) =>
					Number(parseDateTime(text, zone, edge)),
				);
				expect(both).toContain(luxon.toMillis());
			}),
			{ numRuns: 2000 },
		);
	});

	test('20: every day of every zone begins at the first moment of that date', () => {
		fc.assert(
			fc.property(someZone, minute, fc.integer({ min: -1, max: 1 }), (zone, from, days) => {
				const day = near(zone, from, days * 1440).slice(0, 10);
				const begins = (parseDateTime(day, zone, 'start') as Date).getTime();
				expect(wallClock(new Date(begins), zone) >= `${day}T00:00:00`).toBe(true);
				expect(wallClock(new Date(begins - 1000), zone) < `${day}T00:00:00`).toBe(true);
			}),
			{ numRuns: 3000 },
		);
	});
});

describe('an offset', () => {
	test.each(['+14:00', '-12:00', '+18:00', '-18:00', '+00:00', '-00:00', '+05:45', '+1345'])(
		'of %s is accepted',
		(offset) => {
			const moment = DateTime.fromISO(`2026-11-23T09:00:00${offset}`).toUTC().toISO();
			expect(iso(`2026-11-23T09:00:00${offset}`)).toBe(moment);
		},
	);

	test.each(['+99:99', '-99:99', '+18:01', '-18:30', '+19:00', '+01:60', '+0199', '+24:00'])(
		'20: of %s is refused, since no time zone has it',
		(offset) => {
			expect(iso(`2026-11-23T09:00:00${offset}`)).toBeUndefined();
			expect(iso(`2026-11-23 09:00${offset}`)).toBeUndefined();
		},
	);
});

describe('refuses anything that is not a date and time', () => {
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
		expect(parseDateTime(text, 'UTC', 'start')).toBeUndefined();
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
	])('refuses %s, which does not exist, with and without an offset', (text) => {
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
		[{ toMillis: 5 }],
		[{ getTime: 'x' }],
		[{ toMillis: () => 'soon' }],
		[{ toMillis: () => Infinity }],
	])('%p', (value) => {
		expect(parseDateTime(value, 'UTC', 'start')).toBeUndefined();
	});

	test('no typed text makes it throw', () => {
		fc.assert(
			fc.property(fc.anything(), fc.constantFrom(...ZONES), (value, zone) => {
				const moment = parseDateTime(value, zone, 'end');
				expect(moment === undefined || !Number.isNaN(moment.getTime())).toBe(true);
			}),
		);
	});
});

describe('whole days before today', () => {
	const at = (text: string): number => Date.parse(text);

	test.each([
		['2026-11-29T17:00:00Z', 'UTC', '2026-11-22T00:00:00.000Z', '2026-11-29T00:00:00.000Z'],
		// It is still the day before in New York, and already the day after in Auckland.
		[
			'2026-11-29T03:00:00Z',
			'America/New_York',
			'2026-11-21T05:00:00.000Z',
			'2026-11-28T05:00:00.000Z',
		],
		[
			'2026-11-29T12:00:00Z',
			'Pacific/Auckland',
			'2026-11-22T11:00:00.000Z',
			'2026-11-29T11:00:00.000Z',
		],
		// The clocks go back on one of the days.
		[
			'2026-11-03T12:00:00Z',
			'America/New_York',
			'2026-10-27T04:00:00.000Z',
			'2026-11-03T05:00:00.000Z',
		],
		// Today begins twice: with the first midnight.
		[
			'2026-11-01T15:00:00Z',
			'America/Havana',
			'2026-10-25T04:00:00.000Z',
			'2026-11-01T04:00:00.000Z',
		],
	])('at %s in %s, seven are from %s to %s', (now, zone, from, to) => {
		expect(daysBeforeToday(7, at(now), zone).toISOString()).toBe(from);
		expect(daysBeforeToday(0, at(now), zone).toISOString()).toBe(to);
	});

	test.each([
		['a Monday', '2026-11-23T00:00:00Z', '2026-11-16T00:00:00.000Z', '2026-11-23T00:00:00.000Z'],
		['a Sunday', '2026-11-29T23:59:59Z', '2026-11-16T00:00:00.000Z', '2026-11-23T00:00:00.000Z'],
		['New Year', '2027-01-01T12:00:00Z', '2026-12-21T00:00:00.000Z', '2026-12-28T00:00:00.000Z'],
	])('on %s, last week is from Monday to Monday', (_day, now, from, to) => {
		expect(mondayBefore(1, at(now), 'UTC').toISOString()).toBe(from);
		expect(mondayBefore(0, at(now), 'UTC').toISOString()).toBe(to);
	});

	test.each([
		['2026-01-31T12:00:00Z', 'UTC', '2025-12-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'],
		['2024-03-31T12:00:00Z', 'UTC', '2024-02-01T00:00:00.000Z', '2024-03-01T00:00:00.000Z'],
		[
			'2026-11-01T03:00:00Z',
			'America/New_York',
			'2026-09-01T04:00:00.000Z',
			'2026-10-01T04:00:00.000Z',
		],
	])('at %s in %s, last month is from %s to %s', (now, zone, from, to) => {
		expect(monthBefore(1, at(now), zone).toISOString()).toBe(from);
		expect(monthBefore(0, at(now), zone).toISOString()).toBe(to);
	});

	test('are those of Luxon', () => {
		// A midnight came twice in Newfoundland until 2011 and in a few zones before 2000; Luxon takes the second.
		const zones = ZONES.filter((zone) => zone !== 'America/St_Johns');
		const minute = fc.integer({
			min: Date.parse('2000-01-01T00:00:00Z') / 60_000,
			max: Date.parse('2037-12-31T00:00:00Z') / 60_000,
		});
		fc.assert(
			fc.property(minute, fc.constantFrom(...zones), (minutes, zone) => {
				const now = minutes * 60_000;
				const today = DateTime.fromMillis(now, { zone }).startOf('day');
				expect([
					daysBeforeToday(90, now, zone).getTime(),
					mondayBefore(1, now, zone).getTime(),
					monthBefore(1, now, zone).getTime(),
				]).toEqual([
					today.minus({ days: 90 }).toMillis(),
					today.startOf('week').minus({ weeks: 1 }).toMillis(),
					today.startOf('month').minus({ months: 1 }).toMillis(),
				]);
			}),
			{ numRuns: 2000 },
		);
	});
});
