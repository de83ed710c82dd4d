import { withSettings } from '../../harness/n8n/examples';
import { CompanyYear, type LivedCall, twoLeaders } from './companyYear';
import { DAY, describeExample, HOUR } from './exampleRoom';
import { dayOf, GOOGLE_LOSES_AN_ANSWER, writingTo } from './sheetYears';
import { liveThrough, printYear, type Round, tally, YEAR_MS, YEAR_SEED } from './yearRounds';

const NAME = 'access-review';
const COLUMNS = [
	...['Checked on', 'Why', 'Call ID', 'Call', 'Started', 'Link', 'User ID', 'Name', 'E-mail'],
	...['Other ways in', 'Last played', 'Key'],
];
const ROUNDS = 50;

type Row = readonly (string | null)[];

/** The first day of the month, or of one some months away, in UTC. */
const monthOf = (time: number, away = 0): number => {
	const date = new Date(time);
	return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + away, 1);
};

/** What the review of a month says of one person's access to a call. */
interface Found {
	readonly call: LivedCall;
	readonly userId: string;
	readonly why: readonly string[];
}

describeExample(
	NAME,
	(room) => {
		let company: CompanyYear;
		let rounds: Round[];
		let good: Round[];
		let rows: Row[];

		const inSight = ({ started }: LivedCall, at: number): boolean =>
			started >= monthOf(at, -1) - 2 * DAY && started < monthOf(at);
		/** The calls that Gong then listed, and did not know. */
		const vanishedAt = (at: number): string[] =>
			company.calls
				.filter((call) => inSight(call, at) && call.listedFrom <= at)
				.filter(({ vanishedFrom, goneFrom }) => vanishedFrom <= at && at < goneFrom)
				.map(({ id }) => id);
		const foundAt = (at: number): Found[] => {
			const calls = new Map(company.calls.map((call) => [call.id, call]));
			return company.standing(at).flatMap(({ callId, userId }) => {
				const call = calls.get(callId);
				if (!call || !inSight(call, at)) return [];
				const place = company.people.findIndex(({ id }) => id === userId);
				const hasLeft = company.people[place].left <= at;
				// The first two of the company see every call that is not private.
				const seesAnyway = place < 2 && !call.isPrivate && !hasLeft;
				const why = [
					...(hasLeft ? ['Has left'] : []),
					...(call.isPrivate ? ['Private call'] : []),
					...(seesAnyway ? ['May not be needed'] : []),
				];
				return why.length > 0 ? [{ call, userId, why }] : [];
			});
		};
		const tellAt = ({ call, userId, why }: Found, at: number): string =>
			[
				...[dayOf(at), why.join(', '), call.id, company.titleAt(call, at)],
				...[userId, company.nameOf(userId)],
			].join(' | ');

		beforeAll(async () => {
			const { clock, google, store } = room();
			company = new CompanyYear({
				seed: YEAR_SEED,
				from: monthOf(clock.now, -1) - 10 * DAY,
				to: monthOf(clock.now, ROUNDS + 1),
				callsPerDay: 1,
				// Late enough that the review of its own month has not yet seen it.
				late: 1.5 * DAY,
				profiles: twoLeaders,
			});
			const ready = withSettings(writingTo(google, NAME, 'Your settings'), { timezone: 'UTC' });
			rounds = await liveThrough(room(), {
				company,
				seed: YEAR_SEED,
				rounds: ROUNDS,
				workflowId: await store(ready),
				trigger: 'Every month',
				next: (now) => monthOf(now, 1) + 7 * HOUR,
				...GOOGLE_LOSES_AN_ANSWER,
				retries: () => true,
			});
			good = rounds.filter(({ run }) => run.status === 'success');
			rows = google.sheets[0].rows.slice(1) as Row[];
		}, YEAR_MS);

		it('reviews every month', () => {
			expect(new Set(good.map(({ at }) => monthOf(at))).size).toBe(ROUNDS);
		});

		it('writes a row for each access that is worth a look, late calls too, and none twice or of what was not so', () => {
			const told = rows
				.filter(([, , , , , , userId]) => userId)
				.map(([day, why, callId, title, , , userId, name]) =>
					[day, why, callId, title, userId, name].join(' | '),
				);
			const tellings = good.flatMap(({ at }) => foundAt(at).map((one) => tellAt(one, at)));
			const pairs = (texts: readonly string[]) =>
				texts.map((text) => text.split(' | ')).map((cells) => `${cells[2]} ${cells[4]}`);
			const wrong = tally(told, [], tellings).false;
			const sum = { ...tally(pairs(told), pairs(tellings)), false: wrong };
			printYear(NAME, YEAR_SEED, rounds, sum);
			expect(sum).toEqual({ told: told.length, missed: [], twice: [], false: [] });
			// There were some of the last days of a month that its own review had not yet seen.
			const late = good
				.flatMap(({ at }) => company.calls.filter((call) => inSight(call, at)))
				.filter(({ started, listedFrom }) => listedFrom > monthOf(started, 1) + 7 * HOUR);
			expect(late.length).toBeGreaterThan(0);
		});

		it('tells in the sheet of each call that vanished in its place', () => {
			const told = rows.filter(([, , , , , , userId]) => !userId);
			const vanished = new Set(good.flatMap(({ at }) => vanishedAt(at)));
			expect(told.map(([, , callId]) => callId).sort()).toEqual([...vanished].sort());
		});

		it('counts on each page what there was', () => {
			const counted = good.map(({ run }) => {
				const page = String(run.rows('Page')[0].html);
				const tiles = [...page.matchAll(/<a href="#([\w-]+)"><b>(\d+)<\/b>/g)];
				return Object.fromEntries(tiles.map(([, list, count]) => [list, Number(count)]));
			});
			const expected = good.map(({ at }) => {
				const found = foundAt(at);
				const count = (reason: string) => found.filter(({ why }) => why.includes(reason)).length;
				const lost = vanishedAt(at).length;
				return {
					left: count('Has left'),
					private: count('Private call'),
					'not-needed': count('May not be needed'),
					...(lost > 0 ? { 'not-known': lost } : {}),
				};
			});
			expect(counted).toEqual(expected);
		});
	},
	{
		sheets: { 'Access review': COLUMNS },
		movesClock: true,
		subtitle: `over ${ROUNDS} rounds, seed ${YEAR_SEED}`,
	},
);
