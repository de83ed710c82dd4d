import {
	callIdAt,
	makeData,
	manyCalls,
	SAMPLE_CALL_IDS,
	SAMPLE_OLDER_CALL_IDS,
	sampleData,
	type GongData,
} from '../harness/gong';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('The data', () => {
	test('of a load test has calls and users that are all different and as long as Gong’s', () => {
		const { calls, users, apiAccess } = manyCalls(10_000, 4);

		expect(new Set(calls.map(({ id }) => id)).size).toBe(10_000);
		expect(calls.every(({ id }) => /^[1-9][0-9]{18}$/.test(id))).toBe(true);
		expect(users.every(({ id }) => /^[1-9][0-9]{17}$/.test(id))).toBe(true);
		expect(Object.values(apiAccess).every((given) => new Set(given).size === 4)).toBe(true);
		expect(calls[7].id).toBe(callIdAt(7));
	});

	test('of the samples has four calls of the last week, and names only existing users', () => {
		const { calls, users, apiAccess, otherAccess, logs } = sampleData();
		const known = new Set(users.map(({ id }) => id));
		const age = (started: string) => (Date.now() - Date.parse(started)) / DAY;
		const recent = calls.filter(({ started }) => age(started) > 0 && age(started) < 7);

		expect(recent.map(({ id }) => id)).toEqual(SAMPLE_CALL_IDS);
		expect(calls.map(({ id }) => id)).toEqual([...SAMPLE_CALL_IDS, ...SAMPLE_OLDER_CALL_IDS]);
		const named = [apiAccess, otherAccess].flatMap((access) => Object.values(access).flat());
		const played = logs.flatMap(({ entry }) => entry.userId ?? []);
		expect([...named, ...played].filter((id) => !known.has(id))).toEqual([]);
		expect(SAMPLE_CALL_IDS.map((id) => apiAccess[id].length)).toEqual([1, 2, 3, 3]);
	});

	test('of the samples has calls of the last seven days, week and month on any day, in any zone', () => {
		const lacking: string[] = [];
		// More than four years, in steps that meet every hour, weekday and day of a month.
		for (let now = Date.UTC(2026, 0, 1); now < Date.UTC(2030, 2, 2); now += 11 * HOUR) {
			const { calls } = sampleData(now);
			for (const zone of [-12, -5, 0, 5.5, 14]) {
				const today = Math.floor(now / DAY + zone / 24);
				const days = calls.map(({ started }) => Math.floor(Date.parse(started) / DAY + zone / 24));
				const has = (from: number, to: number) => days.some((day) => day >= from && day < to);
				// Day 0, the first of 1970, was a Thursday.
				const monday = today - ((today + 3) % 7);
				const date = new Date(today * DAY);
				const month = (back: number) =>
					Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - back) / DAY;
				const found = [has(today - 7, today), has(monday - 7, monday), has(month(1), month(0))];
				if (found.includes(false))
					lacking.push(`${date.toISOString()} at ${zone}: ${found.join()}`);
			}
		}
		expect(lacking).toEqual([]);
	});

	test('of the samples and of a test is the same whenever the same day is asked for', () => {
		const day = Date.parse('2026-06-03T12:00:00Z');
		const startedOf = ({ calls }: GongData) => calls.map(({ started }) => started);

		expect(sampleData(day)).toEqual(sampleData(day));
		expect(startedOf(sampleData(day))[0]).toBe('2026-06-02T15:00:00Z');
		expect(startedOf(makeData({ calls: [{ id: '1' }] }, day))).toEqual([
			'2026-06-03T11:50:00.000Z',
		]);
	});
});
