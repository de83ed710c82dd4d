import { Dice } from '../../harness/judging/seeded';
import { readExample, withNode, withSettings } from '../../harness/n8n/examples';
import { accessIn } from './accessPairs';
import { CompanyYear, twoLeaders } from './companyYear';
import { DAY, describeExample, HOUR, MINUTE } from './exampleRoom';
import { fulfil } from './lendingForm';
import { LentBook } from './lentBook';
import { SharedCompany } from './sharedCompany';
import { SLACK_REFUSES_HALF } from './slackYears';
import { liveThrough, printYear, type Round, YEAR_MS, YEAR_SEED } from './yearRounds';

const NAME = 'temporary-access';
const ROUNDS = 50;
const DAYS = [1, 1, 3, 7, 14];

describeExample(
	NAME,
	(room) => {
		let rounds: Round[];
		let book: LentBook;
		/** The rounds in which the answers to all revokes are lost. */
		const unanswered = new Set<number>();
		const met = { wishes: 0, againForTheSame: 0, takenByOthers: 0, hiddenCalls: 0 };

		beforeAll(async () => {
			const { clock, gong, slack, store, publishForm } = room();
			const { state } = gong;
			const company = new CompanyYear({
				seed: YEAR_SEED,
				from: clock.now - 30 * DAY,
				to: clock.now + ROUNDS * DAY,
				callsPerDay: 2,
				profiles: twoLeaders,
			});
			const shared = new SharedCompany(company, state);
			book = new LentBook(
				state,
				{ profile: 'Leadership', userIds: company.people.slice(0, 2).map(({ id }) => id) },
				(address) => slack.users.get(address) ?? '#gong-access',
			);
			const dice = new Dice(YEAR_SEED + 1);
			const some = <T>(all: readonly T[], most: number): T[] =>
				[...all].sort(() => dice.random() - 0.5).slice(0, 1 + Math.floor(dice.random() * most));

			const example = withSettings(readExample(NAME), { timezone: 'UTC' });
			const form = await publishForm(withNode(example, 'Every hour', { disabled: true }));

			/** What others do to what the workflow gave. */
			const meddle = (at: number): void => {
				const taken = dice.chance(4) ? dice.pick(book.pairs) : undefined;
				if (taken) {
					met.takenByOthers++;
					state.revoke(taken.callId, taken.userId);
				}
				const hidden = dice.chance(6) ? dice.pick(book.pairs) : undefined;
				if (hidden) {
					met.hiddenCalls++;
					shared.hide(hidden.callId, at + DAY / 2 + dice.random() * 10 * DAY);
				}
			};
			/** Somebody fills in the form, half of the time for a call and a person whose time runs already. */
			const wish = async (at: number): Promise<void> => {
				const recent = company.calls.filter(({ started, listedFrom, goneFrom }) =>
					[at - 20 * DAY < started, listedFrom <= at, at < goneFrom + DAY].every(Boolean),
				);
				const again = dice.chance(2) ? dice.pick(book.pairs) : undefined;
				const callIds = again ? [again.callId] : some(recent, 3).map(({ id }) => id);
				const people = some([...state.users.keys()], 3);
				const userIds = again ? [...new Set([again.userId, ...people])] : people;
				const pairs = callIds.flatMap((callId) => userIds.map((userId) => ({ callId, userId })));
				if (pairs.some((pair) => book.isAnybodys(pair))) return;
				met.wishes++;
				if (again) met.againForTheSame++;
				const wrong = await fulfil(room(), book, form, {
					callIds,
					userIds,
					strangers: dice.chance(6) ? ['nobody@example.com'] : [],
					days: dice.pick(DAYS) ?? 1,
					agrees: !dice.chance(10),
					trouble: dice.chance(8) ? dice.pick(['refused', 'lost'] as const) : undefined,
					isOvertaken: dice.chance(8),
				});
				book.wrong.push(...wrong.map((line) => `the form: ${line}`));
			};

			let before: ReadonlySet<string> = new Set();
			let messages = 0;
			let nth = 0;
			rounds = await liveThrough(room(), {
				company: shared,
				seed: YEAR_SEED,
				rounds: ROUNDS,
				workflowId: await store(example),
				trigger: 'Every hour',
				next: (now) => {
					let at = now + HOUR + dice.random() * 25 * HOUR;
					while (book.isClose(at)) at += 20 * MINUTE;
					return at;
				},
				hasWork: (at) => book.hasEnded(at),
				prepare: async (at) => {
					for (const { id, emailAddress } of state.users.values()) {
						// Slack has about every other one.
						if (Number(id.at(-1)) % 2 > 0) slack.users.set(String(emailAddress), `U${id}`);
					}
					meddle(at);
					if (!dice.chance(3)) await wish(at);
					if (dice.chance(6)) await wish(at);
					before = accessIn(state);
					const lost = { kind: 'reset', applied: true, times: Infinity } as const;
					if (dice.chance(12)) {
						unanswered.add(nth);
						gong.fail({ ...lost, match: { method: 'DELETE' } });
					}
					nth++;
				},
				...SLACK_REFUSES_HALF,
				retries: () => false,
				look: (round) => {
					const told = slack.messages.slice(messages);
					messages = slack.messages.length;
					book.take(round, { at: clock.now, before, messages: told });
				},
			});
			printYear(NAME, YEAR_SEED, rounds, book.tally);
		}, YEAR_MS);

		it('tells, summed up, each end before and after: nothing twice, nothing missed, nothing that was not so', () => {
			const { missed, twice, false: wrong, told } = book.tally;
			expect({ missed, twice, wrong }).toEqual({ missed: [], twice: [], wrong: [] });
			expect(told).toBeGreaterThan(ROUNDS / 2);
		});

		it('fails only where something was in its way', () => {
			const failed = rounds.filter(({ run }) => run.status !== 'success');
			expect(failed).not.toEqual([]);
			const needless = failed.filter(({ nth, trouble }) => !trouble && !unanswered.has(nth));
			expect(needless.map(({ nth, run }) => [nth, run.error?.message])).toEqual([]);
		});

		it('meets what it was to meet', () => {
			expect(Object.entries(met).filter(([, times]) => times === 0)).toEqual([]);
		});
	},
	{ movesClock: true, subtitle: `over ${ROUNDS} rounds, seed ${YEAR_SEED}` },
);
