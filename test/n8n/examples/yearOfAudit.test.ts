import { withSettings } from '../../harness/n8n/examples';
import { CompanyYear, type Grant } from './companyYear';
import { DAY, describeExample, HOUR } from './exampleRoom';
import { dayOf, GOOGLE_LOSES_AN_ANSWER, writingTo } from './sheetYears';
import {
	liveThrough,
	printYear,
	type Round,
	type Tally,
	tally,
	YEAR_MS,
	YEAR_SEED,
} from './yearRounds';

const NAME = 'audit-to-google-sheets';
const COLUMNS = ['Checked on', 'Call ID', 'Call', 'Started', 'Link', 'User ID', 'Name', 'E-mail'];
// Half of them on Mondays, half on Tuesdays.
const ROUNDS = 50;
const WEEK = 7 * DAY;
const NOT_LOOKED_UP = 'Not looked up: Gong listed this call and then did not know it';

type Row = readonly (string | null)[];

/** The beginning of a week, in UTC. */
const mondayOf = (time: number): number => {
	const day = Math.floor(time / DAY);
	// The first day of 1970 was a Thursday.
	return (day - ((day + 3) % 7)) * DAY;
};

describeExample(
	NAME,
	(room) => {
		let company: CompanyYear;
		let rounds: Round[];
		let good: Round[];
		let rows: Row[];
		let lines: Row[];
		let sum: Tally;

		const callOf = ({ callId }: Grant) => company.calls.find(({ id }) => id === callId);
		const tellAt = (grant: Grant, at: number): string => {
			const call = callOf(grant);
			const title = call && company.titleAt(call, at);
			return [dayOf(at), grant.callId, title, grant.userId, company.nameOf(grant.userId)].join(
				' | ',
			);
		};
		/** What the run of that moment was to find: the week before, and what came late in the two days before it. */
		const inSight = (started: number, at: number): boolean =>
			started >= mondayOf(at) - WEEK - 2 * DAY && started < mondayOf(at);
		const foundAt = (at: number): Grant[] =>
			company.standing(at).filter((grant) => inSight(callOf(grant)?.started ?? 0, at));

		beforeAll(async () => {
			const { clock, google, store } = room();
			const first = mondayOf(clock.now) + WEEK;
			const [from, to] = [first - 2 * WEEK, first + (ROUNDS / 2) * WEEK];
			company = new CompanyYear({ seed: YEAR_SEED, from, to, callsPerDay: 3 });
			const ready = withSettings(writingTo(google, NAME, 'Your sheet'), { timezone: 'UTC' });
			rounds = await liveThrough(room(), {
				company,
				seed: YEAR_SEED,
				rounds: ROUNDS,
				workflowId: await store(ready),
				trigger: 'Mondays and Tuesdays',
				next: (now) => {
					const seven = mondayOf(now) + 7 * HOUR;
					return [seven, seven + DAY].find((time) => time > now) ?? seven + WEEK;
				},
				...GOOGLE_LOSES_AN_ANSWER,
				// What failed on a Monday is made up for on Tuesday.
				retries: ({ at }) => at - mondayOf(at) > DAY,
			});
			good = rounds.filter(({ run }) => run.status === 'success');
			const all = google.sheets[0].rows.slice(1) as Row[];
			lines = all.filter(([, callId]) => !callId);
			rows = all.filter(([, callId]) => callId);
		}, YEAR_MS);

		it('writes a row for each who was given access, late calls too, and none twice or of what was not so', () => {
			const told = rows
				.filter(([, , , , , userId]) => userId)
				.map(([day, callId, title, , , userId, name]) => [day, callId, title, userId, name]);
			const tellings = good.flatMap(({ at }) => foundAt(at).map((one) => tellAt(one, at)));
			const pairs = (texts: readonly string[]) =>
				texts.map((text) => text.split(' | ')).map(([, callId, , userId]) => `${callId} ${userId}`);
			const asTold = told.map((row) => row.join(' | '));
			sum = tally(pairs(asTold), pairs(tellings));
			const wrong = tally(asTold, [], tellings).false;
			printYear(NAME, YEAR_SEED, rounds, { ...sum, false: wrong });
			expect({ ...sum, false: wrong }).toEqual({
				told: told.length,
				missed: [],
				twice: [],
				false: [],
			});
			const late = company.grants.filter((grant) => {
				const { listedFrom = 0, started = 0 } = callOf(grant) ?? {};
				return mondayOf(listedFrom - 7 * HOUR) > mondayOf(started);
			});
			// There were some that the Monday after them had not yet seen.
			expect(late.length).toBeGreaterThan(0);
		});

		it('writes one line for each week, with the number of calls', () => {
			const last = new Map(good.map(({ at }) => [mondayOf(at), at]));
			const expected = [...last].map(([monday, at]) => {
				const found = new Set(foundAt(at).map(({ callId }) => callId)).size;
				const lost = vanishedAt(at).length;
				const calls = (count: number) => `${count} ${count === 1 ? 'call' : 'calls'}`;
				return [
					dayOf(at),
					`Calls from ${dayOf(monday - WEEK - 2 * DAY)} to ${dayOf(monday - DAY)}: ` +
						(found > 0 ? `access given to ${calls(found)}` : 'no access given') +
						(lost > 0 ? `, ${calls(lost)} not looked up` : ''),
				];
			});
			expect(lines.map(([day, , line]) => [day, line])).toEqual(expected);
		});

		it('tells of each call that vanished in its place', () => {
			const told = rows
				.filter(([, , , , , , name]) => name === NOT_LOOKED_UP)
				.map(([, callId]) => callId);
			const vanished = new Set(good.flatMap(({ at }) => vanishedAt(at)));
			expect([...told].sort()).toEqual([...vanished].sort());
		});

		/** The calls that Gong then listed, and did not know. */
		function vanishedAt(at: number): string[] {
			return company.calls
				.filter(({ started }) => inSight(started, at))
				.filter(({ listedFrom, vanishedFrom, goneFrom }) =>
					[listedFrom <= at, vanishedFrom <= at, at < goneFrom].every(Boolean),
				)
				.map(({ id }) => id);
		}
	},
	{
		sheets: { 'Call access': [...COLUMNS, 'Key'] },
		movesClock: true,
		subtitle: `over ${ROUNDS} rounds, seed ${YEAR_SEED}`,
	},
);
