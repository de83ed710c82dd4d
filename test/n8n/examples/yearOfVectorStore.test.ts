import { readExample, withFields } from '../../harness/n8n/examples';
import { CompanyYear, twoLeaders } from './companyYear';
import { DAY, describeExample, HOUR } from './exampleRoom';
import { liveThrough, printYear, type Round, tally, YEAR_MS, YEAR_SEED } from './yearRounds';

const NAME = 'vector-store-access';
const ROUNDS = 50;
const DAYS = 30;

describeExample(
	NAME,
	(room) => {
		let company: CompanyYear;
		let rounds: Round[];
		const told: string[] = [];
		const happened: string[] = [];

		/** The calls that Gong lists at this moment, some way from the first that are looked at. */
		const callsAt = (at: number) =>
			company.calls
				.filter(({ started }) => started > at - DAYS * DAY + HOUR)
				.filter(({ listedFrom, goneFrom }) => listedFrom <= at && at < goneFrom);

		/** Who can surely see the calls at this moment, by what happened. */
		const seersAt = (at: number): string[] => {
			const standing = company.standing(at);
			return callsAt(at).flatMap(({ id, vanishedFrom, hostId, isPrivate }) => {
				if (vanishedFrom <= at) return [];
				const given = standing.filter(({ callId }) => callId === id).map(({ userId }) => userId);
				// The first two of the company see every call that is not private.
				const leaders = company.people.slice(0, 2).map((person) => person.id);
				const users = new Set([hostId, ...(isPrivate ? [] : [...given, ...leaders])]);
				return company.people
					.filter(({ id: userId, left }) => users.has(userId) && at < left)
					.map(({ id: userId }) => `${at} | ${id} | ${userId}`);
			});
		};

		beforeAll(async () => {
			const { clock, qdrant, store } = room();
			company = new CompanyYear({
				seed: YEAR_SEED,
				from: clock.now - (DAYS + 5) * DAY,
				to: clock.now + (ROUNDS + 1) * DAY,
				callsPerDay: 1,
				profiles: twoLeaders,
			});
			const example = withFields(readExample(NAME), 'Your vector store', {
				url: qdrant.account.qdrantUrl,
			});
			const stored = new Set<string>();
			rounds = await liveThrough(room(), {
				company,
				seed: YEAR_SEED,
				rounds: ROUNDS,
				workflowId: await store(example),
				trigger: 'Every night',
				next: (now) => (Math.floor((now - 2 * HOUR) / DAY) + 1) * DAY + 2 * HOUR,
				// Somebody else stores the transcripts, as soon as Gong lists a call.
				prepare: (at) => {
					for (const { id } of callsAt(at)) {
						if (stored.has(id)) continue;
						stored.add(id);
						qdrant.documents.push({ content: 'A transcript', metadata: { callId: id } });
					}
				},
				refuse: ({ qdrant: { trouble } }) => (trouble.refused = 1),
				accept: ({ qdrant: { trouble } }) => (trouble.refused = 0),
				// The next night writes all lists anew.
				retries: () => false,
				look: ({ at, run }) => {
					if (run.status !== 'success') return;
					const listed = new Set(callsAt(at).map(({ id }) => id));
					for (const { metadata } of qdrant.documents) {
						const { callId, allowedUserIds = [] } = metadata as Record<string, string[] | string>;
						if (!listed.has(String(callId))) continue;
						for (const userId of allowedUserIds) told.push(`${at} | ${String(callId)} | ${userId}`);
					}
					happened.push(...seersAt(at));
				},
			});
		}, YEAR_MS);

		it('has after each good night exactly those beside each call who can see it, and nobody twice', () => {
			const sum = tally(told, happened);
			printYear(NAME, YEAR_SEED, rounds, sum);
			expect(sum).toEqual({ told: told.length, missed: [], twice: [], false: [] });
			expect(told.length).toBeGreaterThan(ROUNDS);
		});

		it('fails only where Gong does', () => {
			const failed = rounds.filter(({ run }) => run.status !== 'success');
			const others = failed.filter(({ trouble }) => !trouble?.startsWith('gongDown'));
			expect(others.map(({ nth, run }) => `${nth}: ${run.error?.message}`)).toEqual([]);
		});
	},
	{ movesClock: true, subtitle: `over ${ROUNDS} rounds, seed ${YEAR_SEED}` },
);
