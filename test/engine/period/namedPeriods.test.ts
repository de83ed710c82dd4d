/** The periods that the panel names, and the moment from which plays are looked for: whole days, by the workflow's clocks. */
import { DateTime } from 'luxon';
import { setGlobalState } from 'n8n-workflow';
import { runNode } from '../../harness/engine/engine';
import { gongsOfThisFile, toldBy } from '../../harness/engine/support';
import { makeData } from '../../harness/gong';

const startGong = gongsOfThisFile();
const ZONE = 'Asia/Kolkata';

const today = (): DateTime => DateTime.now().setZone(ZONE).startOf('day');
const iso = (moment: DateTime): string => moment.toUTC().toISO() ?? '';

beforeEach(() => setGlobalState({ defaultTimezone: ZONE }));
afterEach(() => setGlobalState({ defaultTimezone: 'America/New_York' }));

test.each<[string, () => DateTime, () => DateTime]>([
	['last7Days', () => today().minus({ days: 7 }), today],
	['lastWeek', () => today().startOf('week').minus({ weeks: 1 }), () => today().startOf('week')],
	[
		'lastMonth',
		() => today().startOf('month').minus({ months: 1 }),
		() => today().startOf('month'),
	],
])('%s is whole days, and none of them is today', async (period, from, to) => {
	const gong = await startGong({ data: makeData({}) });
	const result = await runNode(gong, { parameters: { callsFrom: 'period', period } });
	expect(toldBy(result)).toBe('');
	expect(gong.log[0].query).toEqual({ fromDateTime: iso(from()), toDateTime: iso(to()) });
});

test('the last seven days are meant where nothing is chosen', async () => {
	const gong = await startGong({ data: makeData({}) });
	await runNode(gong, { parameters: { callsFrom: 'period' } });
	expect(gong.log[0].query.fromDateTime).toBe(iso(today().minus({ days: 7 })));
});

test('a period by an expression must be one that the panel has', async () => {
	const gong = await startGong({ data: makeData({}) });
	const result = await runNode(gong, {
		parameters: { callsFrom: 'period', period: '={{ "lastYear" }}' },
	});
	expect(toldBy(result)).toContain(`'Period' has no choice "lastYear"`);
	expect(toldBy(result)).toContain('Last Month ("lastMonth")');
	expect(gong.log).toEqual([]);
});

test.each([
	['soon', "'Played Since' is not a date and time"],
	['2126-01-01', "'Played Since' must be in the past"],
])('plays cannot be looked for since %s', async (playedSince, words) => {
	const gong = await startGong({ data: makeData({}) });
	const result = await runNode(gong, {
		parameters: { callIds: '1', options: { includeLastPlayed: true, playedSince } },
	});
	expect(toldBy(result)).toContain(words);
	expect(gong.log).toEqual([]);
});
