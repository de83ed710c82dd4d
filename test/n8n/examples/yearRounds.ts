import { randomFrom } from '../../harness/judging/seeded';
import type { Execution } from '../../harness/n8n/execution';
import type { CompanyYear } from './companyYear';
import { type ExampleRoom, HOUR } from './exampleRoom';

/**
 * What goes wrong: Gong answers nothing but 503, does so from its second or third answer on, one of its answers is
 * lost, or the service outside refuses a request.
 */
export const TROUBLES = ['gongDown', 'gongDownMidway', 'answerLost', 'refusedOutside'] as const;

export type Trouble = (typeof TROUBLES)[number];

/** One run of the example, as far as its owner sees it. */
export interface Round {
	/** From 0 on. */
	readonly nth: number;
	/** When it ran, by the moved clock. */
	readonly at: number;
	readonly trouble: string | undefined;
	readonly run: Execution;
	/** Whether this is the second run of the round, which its owner started after the first had failed. */
	readonly isRetry: boolean;
}

export interface YearOptions {
	readonly company: Pick<CompanyYear, 'dataAt'>;
	readonly seed: number;
	readonly rounds: number;
	readonly workflowId: string;
	readonly trigger: string;
	/** The moment of the next round, which is after this one. */
	readonly next: (now: number) => number;
	/** Whether a run at this moment has something to do that trouble can spoil. Default: each does; trouble waits for it. */
	readonly hasWork?: (at: number) => boolean;
	/** What others do before a run begins, beside what changes in Gong. */
	readonly prepare?: (at: number) => void | Promise<void>;
	/** Makes the service outside refuse the next request. */
	readonly refuse: (room: ExampleRoom) => void;
	/** Ends that, where nothing was refused. */
	readonly accept: (room: ExampleRoom) => void;
	/** Which failed runs are retried an hour later, as n8n's list of executions offers it; the others are left. */
	readonly retries: (round: Round) => boolean;
	/** Looks at what was told, right after each run. */
	readonly look?: (round: Round) => void | Promise<void>;
}

/** How long it may take, n8n's start included. */
export const YEAR_MS = 1_200_000;

const ONE_IN = 10;

/** A seed to begin with; the environment repeats that of an earlier run. It is printed with the test's name. */
export const YEAR_SEED = Number(process.env.GONG_YEAR_SEED ?? Date.now() % 1_000_003);

/** Lives through many rounds of an example in one n8n; about one in ten meets trouble. Returns all runs. */
export async function liveThrough(room: ExampleRoom, options: YearOptions): Promise<Round[]> {
	const { company, rounds, next, retries, hasWork = () => true } = options;
	const random = randomFrom(options.seed);
	const troubles = planTroubles(rounds, random, TROUBLES);
	const due: Trouble[] = [];
	const told: Round[] = [];
	room.gong.setLimit(false);
	for (let nth = 0; nth < rounds; nth++) {
		const at = next(room.clock.now);
		room.clock.moveTo(at);
		room.gong.state.load(company.dataAt(at));
		await options.prepare?.(at);
		const planned = troubles.get(nth);
		if (planned) due.push(planned);
		const trouble = hasWork(at) ? due.shift() : undefined;
		begin(trouble, room, options, random);
		const id = await room.n8n.rest.begin(options.workflowId, options.trigger);
		const run = await room.n8n.rest.finished(id);
		room.gong.clearFaults();
		options.accept(room);
		const round = { nth, at, trouble, run, isRetry: false };
		told.push(round);
		await options.look?.(round);
		if (run.status === 'success' || !retries(round)) continue;
		const later = at + HOUR;
		room.clock.moveTo(later);
		room.gong.state.load(company.dataAt(later));
		const again = await room.n8n.rest.finished(await room.n8n.rest.retry(id));
		const retry = { ...round, at: later, run: again, isRetry: true };
		told.push(retry);
		await options.look?.(retry);
	}
	return told;
}

/** Which rounds meet which trouble: one in ten, and each kind at least once. */
export function planTroubles<Kind>(
	rounds: number,
	random: () => number,
	kinds: readonly Kind[],
): ReadonlyMap<number, Kind> {
	const plan = new Map<number, Kind>();
	while (plan.size < Math.max(kinds.length, rounds / ONE_IN)) {
		// Not the first round: what a new workflow does is tried elsewhere.
		const nth = 1 + Math.floor(random() * (rounds - 1));
		if (!plan.has(nth)) plan.set(nth, kinds[plan.size % kinds.length]);
	}
	return plan;
}

function begin(
	trouble: Trouble | undefined,
	room: ExampleRoom,
	{ refuse }: YearOptions,
	random: () => number,
): void {
	const down = { kind: 'status', status: 503, times: Infinity } as const;
	if (trouble === 'gongDown') room.gong.fail(down);
	if (trouble === 'gongDownMidway')
		room.gong.fail({ ...down, after: 1 + Math.floor(random() * 2) });
	if (trouble === 'answerLost') {
		room.gong.fail({ kind: 'reset', after: Math.floor(random() * 3) });
	}
	if (trouble === 'refusedOutside') refuse(room);
}

/** What was told, held against what happened, one text for each. */
export interface Tally {
	readonly told: number;
	readonly missed: readonly string[];
	readonly twice: readonly string[];
	readonly false: readonly string[];
}

/** Sums up; `mayBeTold` has what is true and was not promised, such as access that ended an hour later. */
export function tally(
	told: readonly string[],
	promised: Iterable<string>,
	mayBeTold: Iterable<string> = [],
): Tally {
	const once = new Set<string>();
	// A set that does not grow had it already.
	const twice = told.filter((one) => once.size === once.add(one).size);
	const expected = new Set(promised);
	const fine = new Set([...expected, ...mayBeTold]);
	return {
		told: told.length,
		missed: [...expected].filter((one) => !once.has(one)),
		twice,
		false: [...once].filter((one) => !fine.has(one)),
	};
}

/** Prints the line of `docs/examples.md`. */
export function printYear(name: string, seed: number, rounds: readonly Round[], sum: Tally): void {
	const met = rounds.filter(({ trouble, isRetry }) => trouble && !isRetry);
	const failed = rounds.filter(({ run }) => run.status !== 'success');
	const numbers = [`told ${sum.told}`, `missed ${sum.missed.length}`, `twice ${sum.twice.length}`];
	process.stdout.write(
		`\n${name}, seed ${seed}: ${rounds.length} runs, trouble in ${met.length}, failed ${failed.length}: ` +
			`${numbers.join(', ')}, false ${sum.false.length}\n`,
	);
}
