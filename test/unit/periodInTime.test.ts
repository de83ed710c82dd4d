/** How long it takes to list a period at Gong's limit, in virtual time, however its calls are spread. */
import fc from 'fast-check';
import { listInTime, type InTime, type TimedCall } from './listingInTime';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const FROM = Date.parse('2026-04-01T00:00:00Z');
const TO = Date.parse('2026-05-01T00:00:00Z');

/** Calls at the same distance from each other, between two days of the month. */
const spread = (count: number, from: number, to: number): TimedCall[] =>
	Array.from({ length: count }, (_, place) => ({
		at: FROM + Math.floor((from + ((to - from) * place) / count) * DAY_MS),
	}));

/** Calls between 8 and 17 o'clock, Monday to Friday. */
const inWorkingHours = (count: number): TimedCall[] => {
	const days = Array.from({ length: 30 }, (_, day) => FROM + day * DAY_MS).filter((day) =>
		[1, 2, 3, 4, 5].includes(new Date(day).getUTCDay()),
	);
	return Array.from({ length: count }, (_, place) => {
		const time = (place / count) * days.length;
		return { at: Math.floor(days[Math.floor(time)] + (8 + (time % 1) * 9) * HOUR_MS) };
	});
};

const list = async (calls: TimedCall[], latency: number, rest: Partial<InTime> = {}) =>
	await listInTime({ calls, from: FROM, to: TO, latency, reads: true, ...rest });

const LATENCIES = [300, 1_000, 2_000];
const MONTHS: [string, TimedCall[]][] = [
	['evenly spread', spread(3_000, 0, 30)],
	['in the first two days', spread(3_000, 0, 2)],
	['on the last day', spread(3_000, 29, 30)],
	['in one hour', spread(3_000, 14, 14 + 1 / 24)],
	['in two clusters', [...spread(1_500, 1, 2), ...spread(1_500, 20, 21)]],
	['on 200 pages, evenly spread', spread(20_000, 0, 30)],
	['on 200 pages, in the first two days', spread(20_000, 0, 2)],
];

describe('a month with its calls', () => {
	test.each(
		MONTHS.flatMap(([how, calls]) =>
			LATENCIES.map((latency) => [how, latency, calls] as [string, number, TimedCall[]]),
		),
	)(
		'%s takes 1.3 times the limit’s own time at most, and a tenth more requests: answers after %i ms',
		async (_how, latency, calls) => {
			const { ids, listings, pages, slowness } = await list(calls, latency);
			expect(new Set(ids).size).toBe(calls.length);
			expect(slowness).toBeLessThanOrEqual(1.3);
			expect(listings).toBeLessThanOrEqual(1.1 * pages);
		},
	);

	test.each<[string, TimedCall[]]>([
		['on one day and a few on all others', [...spread(600, 0, 30), ...spread(2_400, 17, 18)]],
		[
			'in three clusters',
			[1, 12, 28].flatMap((day) => spread(1_000, day, day + (day === 12 ? 1 : 0.1))),
		],
		['in the first week', spread(3_000, 0, 7)],
		['in the first ten days', spread(3_000, 0, 10)],
		['in the last week', spread(3_000, 23, 30)],
		[
			'more and more of them',
			spread(3_000, 0, 1).map((_, place) => ({
				at: FROM + Math.floor(30 * DAY_MS * Math.sqrt(place / 3_000)),
			})),
		],
		[
			'fewer and fewer of them',
			spread(3_000, 0, 1).map((_, place) => ({
				at: FROM + Math.floor(30 * DAY_MS * (place / 3_000) ** 3),
			})),
		],
		['in working hours', inWorkingHours(3_000)],
	])('%s takes no longer where answers take a second', async (_how, calls) => {
		const { listings, pages, slowness } = await list(calls, 1_000);
		expect(slowness).toBeLessThanOrEqual(1.3);
		expect(listings).toBeLessThanOrEqual(1.1 * pages);
	});

	test('at one and the same moment cannot be cut, and costs no more than a tenth for the tries', async () => {
		const calls = spread(3_000, 9, 9);
		const { ids, listings } = await list(calls, 1_000);
		expect(new Set(ids).size).toBe(3_000);
		expect(listings).toBeLessThanOrEqual(33);
	});

	test('on three pages costs three requests', async () => {
		expect((await list(spread(300, 0, 30), 1_000)).listings).toBe(3);
	});
});

test('every call is listed once, oldest first, whenever Gong says that it started', async () => {
	const cluster = fc.record({
		count: fc.integer({ min: 1, max: 900 }),
		day: fc.double({ min: 0, max: 29.9, noNaN: true }),
		days: fc.constantFrom(0, 0.001, 0.1, 3, 30),
		later: fc.constantFrom(0, -2, 0.3, 40),
	});
	await fc.assert(
		fc.asyncProperty(
			fc.array(cluster, { minLength: 1, maxLength: 5 }),
			fc.constantFrom(0, 700, 3_000),
			async (clusters, latency) => {
				const calls = clusters.flatMap(({ count, day, days, later }) =>
					spread(count, day, Math.min(29.99, day + days)).map(({ at }, place) => ({
						at,
						started: place % 3 === 0 ? at + later * DAY_MS : at,
					})),
				);
				const { ids, listings, pages } = await list(calls, latency, { reads: false });
				const inOrder = calls.map(({ at }, place) => ({ at, id: String(place + 1) }));
				inOrder.sort((one, other) => one.at - other.at);
				expect(ids).toEqual(inOrder.map(({ id }) => id));
				expect(listings).toBeLessThanOrEqual(Math.max(1.1 * pages, pages + 1));
			},
		),
		{ numRuns: 60, seed: 22 },
	);
});
