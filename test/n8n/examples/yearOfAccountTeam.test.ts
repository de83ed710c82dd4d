import { AccountTeamYear } from './accountTeamYear';
import { DAY, describeExample } from './exampleRoom';
import { printYear, YEAR_MS, YEAR_SEED } from './yearRounds';

const NAME = 'account-team';
const ROUNDS = 50;
const MET = [
	...[
		'told',
		'never told',
		'refused',
		'vanished',
		'came back',
		'given by others',
		'taken by others',
	],
	...['left', 'written in another way', 'renamed'],
	...['empty table', 'table deleted', 'many leave', 'unknown address'],
	...['half a row', 'misspelled account'],
];

describeExample(
	NAME,
	(room) => {
		let year: AccountTeamYear;

		beforeAll(async () => {
			year = await AccountTeamYear.live(room(), YEAR_SEED, ROUNDS);
			printYear(NAME, YEAR_SEED, year.rounds, year.book.tally);
		}, YEAR_MS);

		it('gives each team its calls and takes from whoever left what it gave: nothing missed, in vain, or of others', () => {
			const { missed, twice, false: wrong, told } = year.book.tally;
			expect({ missed, twice, wrong }).toEqual({ missed: [], twice: [], wrong: [] });
			expect(told).toBeGreaterThan(2 * ROUNDS);
		});

		it('asks little of Gong', () => {
			expect(year.mostRequests).toBeLessThan(20);
		});

		it('meets what it was to meet', () => {
			const { rounds, met, book } = year;
			expect(rounds[ROUNDS - 1].at - rounds[0].at).toBeGreaterThan(180 * DAY);
			expect(rounds.filter(({ trouble, run }) => trouble && run.status !== 'success')).not.toEqual(
				[],
			);
			expect(MET.filter((what) => !met[what])).toEqual([]);
			expect(book.forgets).toBeGreaterThan(0);
		});

		it('remembers no call that is older than 180 days', async () => {
			const [{ at }] = year.rounds.filter(({ run }) => run.status === 'success').slice(-1);
			const rows = await year.remembered();
			const old = rows.filter(({ createdAt }) => Date.parse(String(createdAt)) < at - 180 * DAY);
			expect(rows.length).toBeGreaterThan(0);
			expect(old).toEqual([]);
		});
	},
	{ movesClock: true, subtitle: `over fifty rounds, seed ${YEAR_SEED}` },
);
