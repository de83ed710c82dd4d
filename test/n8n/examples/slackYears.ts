import { withParameters } from '../../harness/n8n/examples';
import type { Workflow } from '../../harness/n8n/workflow';
import { randomFrom } from '../../harness/judging/seeded';
import { CompanyYear } from './companyYear';
import { DAY, describeExample, type ExampleRoom, HOUR, MINUTE } from './exampleRoom';
import { SlackBook } from './slackBooks';
import {
	liveThrough,
	printYear,
	type Round,
	YEAR_MS,
	YEAR_SEED,
	type YearOptions,
} from './yearRounds';

const ROUNDS = 50;
const STEP = 12 * HOUR;
// Half of all messages: those about calls whose IDs end so.
const REFUSED = ['0|', '2|', '4|', '6|', '8|'];

/** Slack refuses half of what a run sends. */
export const SLACK_REFUSES_HALF: Pick<YearOptions, 'refuse' | 'accept'> = {
	refuse: ({ slack: { refused } }) => REFUSED.forEach((part) => refused.add(part)),
	accept: ({ slack: { refused } }) => refused.clear(),
};

/** Somebody of the company who is on the list of the alert, by name and address. */
export const ALLOWED = { name: 'Person N0', address: 'ada.okafor.1@example.com' };

/** An example that writes to Slack, and what it promises. */
export interface SlackPlan {
	readonly workflow: Workflow;
	readonly trigger: string;
	readonly days: number;
	readonly tellsEnds: boolean;
	readonly firstRunOnlyRemembers: boolean;
	/** The node that reads what is remembered. */
	readonly memory: string;
	/** How many days after its last message, or sight, a call is forgotten. */
	readonly keptDays: number;
}

interface Lived {
	readonly rounds: readonly Round[];
	readonly book: SlackBook;
	readonly company: CompanyYear;
	/** How many messages the first run sent. */
	readonly first: number;
	/** Runs in which one answer of Gong left a call out. */
	readonly leftOut: number;
	/** The calls in the memory at the last good run. */
	readonly remembered: { readonly at: number; readonly callIds: readonly string[] };
}

async function live(room: ExampleRoom, plan: SlackPlan): Promise<Lived> {
	const { gong, slack, clock } = room;
	const from = clock.now;
	const company = new CompanyYear({
		seed: YEAR_SEED,
		from: from - plan.days * DAY,
		to: from + ROUNDS * STEP,
		callsPerDay: 4,
	});
	const random = randomFrom(YEAR_SEED + 1);
	const book = new SlackBook(company, {
		days: plan.days,
		tellsEnds: plan.tellsEnds,
		concerns: (userId) => plan.tellsEnds || company.nameOf(userId) !== ALLOWED.name,
	});
	let leftOut: string | undefined;
	let leftOuts = 0;
	let messages = 0;
	let first = -1;
	let madeAt = 0;
	const turn = 1 + Math.floor(random() * 9);
	let nth = 0;
	/** One run in ten, and so never twice running. */
	const leaveOut = (at: number): void => {
		const calls = [...book.truth(at)].filter(([, users]) => users.size > 0);
		leftOut = nth % 10 === turn ? calls[Math.floor(random() * calls.length)]?.[0] : undefined;
		nth++;
		if (leftOut === undefined) return;
		leftOuts++;
		const callId = leftOut;
		gong.fail({
			kind: 'body',
			match: { path: '/v2/calls/users-access' },
			times: Infinity,
			change: (answer) => {
				const { callAccessList, ...rest } = answer as { callAccessList?: { callId: string }[] };
				// Else it is a refusal, for a call that has vanished.
				return (
					callAccessList && {
						...rest,
						callAccessList: callAccessList.filter((one) => one.callId !== callId),
					}
				);
			},
		});
	};
	const unhurried = withParameters(plan.workflow, 'One a second', { amount: 0.05 });
	const rounds = await liveThrough(room, {
		company,
		seed: YEAR_SEED,
		rounds: ROUNDS,
		workflowId: await room.store(unhurried),
		trigger: plan.trigger,
		next: (now) => now + (nth > 0 ? STEP : MINUTE),
		prepare: leaveOut,
		...SLACK_REFUSES_HALF,
		retries: () => false,
		look: (round) => {
			const { status, error } = round.run;
			const told = slack.messages.slice(messages);
			messages = slack.messages.length;
			if (first < 0) {
				first = told.length;
				madeAt = new Date(String(round.run.rows('Memory')[0].createdAt)).getTime();
			}
			const looked = status === 'success' || /^Slack did not confirm/.test(String(error?.message));
			if (looked && plan.firstRunOnlyRemembers) book.remember(round, madeAt, leftOut);
			book.take(round, told);
			const isWhole = round.trouble === undefined && leftOut === undefined;
			if (isWhole && status !== 'success') throw new Error(`Round ${round.nth}: ${error?.message}`);
			if (looked) book.check(round, isWhole);
		},
	});
	// One in trouble may end before it looks into its memory.
	const [good] = rounds.filter(({ run }) => run.status === 'success').slice(-1);
	const callIds = good.run.given(plan.memory).map(({ json }) => String(json.callId));
	const remembered = { at: good.at, callIds };
	return { rounds, book, company, first, leftOut: leftOuts, remembered };
}

/** Describes an example that lives through many rounds, and what it told then. */
export function describeSlackYear(name: string, plan: SlackPlan): void {
	describeExample(
		name,
		(room) => {
			let lived: Lived;

			beforeAll(async () => {
				lived = await live(room(), plan);
				printYear(name, YEAR_SEED, lived.rounds, lived.book.tally);
			}, YEAR_MS);

			it('begins with no message, or with one summary', () => {
				expect(lived.first).toBe(plan.firstRunOnlyRemembers ? 0 : 1);
			});

			it('tells, summed up, what happened in Gong: nothing twice, nothing missed, nothing that was not so', () => {
				const { missed, twice, false: wrong, told } = lived.book.tally;
				expect({ missed, twice, wrong }).toEqual({ missed: [], twice: [], wrong: [] });
				expect(told).toBeGreaterThan(ROUNDS / 2);
			});

			it('meets what it was to meet', () => {
				expect(lived.leftOut).toBeGreaterThan(0);
				expect(lived.rounds.filter(({ run }) => run.status !== 'success')).not.toEqual([]);
			});

			it('remembers no call that is long out of sight', () => {
				const {
					remembered: { at, callIds },
					company,
				} = lived;
				const oldest = at - (plan.days + plan.keptDays) * DAY - 2 * STEP;
				const old = company.calls.filter(({ started }) => started < oldest).map(({ id }) => id);
				expect(old.length).toBeGreaterThan(0);
				expect(callIds.length).toBeGreaterThan(0);
				expect(callIds.filter((callId) => old.includes(callId))).toEqual([]);
			});
		},
		{ movesClock: true, subtitle: `over fifty rounds, seed ${YEAR_SEED}` },
	);
}
