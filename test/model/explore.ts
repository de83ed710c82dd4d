/**
 * Runs random cases for some seconds, many at a time, since most of a run is waiting. Failing cases are shrunk,
 * several candidates at a time, and printed as stories.
 *
 * GONG_MODEL_SECONDS  how long (default 10)
 * GONG_MODEL_SEED     repeats the cases of an earlier run (default: from the clock)
 * GONG_MODEL_ONLY     plays only the case at this place
 * GONG_MODEL_AT_ONCE  how many runs at a time (default 60)
 * GONG_MODEL_SHRINK_SECONDS  how long failing cases are shrunk (default 45)
 * GONG_MODEL_IGNORE   classes to ignore, as patterns separated by commas
 * GONG_MODEL_PENDING  1: also looks for the classes in pending.ts
 * GONG_MODEL_LOOK_FOR a class to look for, as a pattern; all others are ignored
 */
import type fc from 'fast-check';
import { PENDING } from './pending';
import { valueAt } from './random';
import type { Violation } from './violation';

/** The model to explore. */
export interface Model<Case, Played> {
	name: string;
	cases: fc.Arbitrary<Case>;
	play: (run: Case) => Promise<Played>;
	check: (run: Case, played: Played) => Violation[];
	/** Names of the features that a run exercised. */
	features: (run: Case, played: Played) => string[];
	/** Features that a full-length run must exercise. */
	mustMeet: readonly string[];
	story: (run: Case, played: Played) => string;
}

interface Failure<Case> {
	place: number;
	value: fc.Value<Case>;
	violations: Violation[];
	count: number;
}

/** The result; empty if everything is well. The stories are printed. */
export interface Explored {
	failures: string[];
	/** Features that a full-length run never exercised. */
	missing: string[];
	tooFew: string | null;
}

export const ALL_WELL: Explored = { failures: [], missing: [], tooFew: null };

const CANDIDATES = 16;
const MAX_STORIES = 5;
/** This many runs exercise every feature, also on a busy machine. */
const FULL_RUNS = 800;
const LEAST_RUNS = 50;

const numberFrom = (name: string): number | undefined => {
	const value = process.env[name];
	return value === undefined || value === '' ? undefined : Number(value);
};

const shrinkMs = (): number => (numberFrom('GONG_MODEL_SHRINK_SECONDS') ?? 45) * 1_000;
const atOnce = (): number => numberFrom('GONG_MODEL_AT_ONCE') ?? 60;

export const modelSeconds = (): number => numberFrom('GONG_MODEL_SECONDS') ?? 10;

function isLookedFor({ rule }: Violation): boolean {
	const { GONG_MODEL_IGNORE = '', GONG_MODEL_LOOK_FOR = '' } = process.env;
	if (process.env.GONG_MODEL_PENDING !== '1' && PENDING.some((one) => one.test(rule))) return false;
	const passOver = GONG_MODEL_IGNORE.split(',').filter(Boolean);
	return (
		new RegExp(GONG_MODEL_LOOK_FOR).test(rule) &&
		!passOver.some((pattern) => new RegExp(pattern).test(rule))
	);
}

async function judge<Case, Played>(
	model: Model<Case, Played>,
	run: Case,
): Promise<{ violations: Violation[]; features: string[]; played: Played | null }> {
	try {
		const played = await model.play(run);
		const violations = model.check(run, played).filter(isLookedFor);
		return { violations, features: model.features(run, played), played };
	} catch (error) {
		const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
		return { violations: [{ rule: 'the run threw', words }], features: [], played: null };
	}
}

/** The smallest case that still breaks the rule, as far as the time allows. */
async function shrink<Case, Played>(
	model: Model<Case, Played>,
	failure: Failure<Case>,
	rule: string,
	until: number,
): Promise<Case> {
	let best = failure.value;
	let candidates = model.cases.shrink(best.value_, best.context);
	const tried = new Set<string>();
	while (performance.now() < until) {
		const batch: fc.Value<Case>[] = [];
		for (const candidate of candidates) {
			const key = JSON.stringify(candidate.value_);
			if (tried.has(key)) continue;
			tried.add(key);
			batch.push(candidate);
			if (batch.length === CANDIDATES) break;
		}
		if (batch.length === 0) break;
		const results = await Promise.all(
			batch.map(async (candidate) => await judge(model, candidate.value_)),
		);
		const at = results.findIndex(({ violations }) => violations.some((one) => one.rule === rule));
		if (at === -1) continue;
		best = batch[at];
		candidates = model.cases.shrink(best.value_, best.context);
	}
	return best.value_;
}

function headOf(rule: string, seed: number, place: number, count: number): string {
	const again = `GONG_MODEL_SEED=${seed} GONG_MODEL_ONLY=${place}`;
	return `── ${rule}: ${count} runs, the first at place ${place}. Again: ${again}`;
}

async function tell<Case, Played>(
	model: Model<Case, Played>,
	seed: number,
	rule: string,
	failure: Failure<Case>,
	until: number,
): Promise<string> {
	const small = await shrink(model, failure, rule, until);
	const { violations, played } = await judge(model, small);
	const words = violations.filter((one) => one.rule === rule).map((one) => `  ${one.words}`);
	return [
		headOf(rule, seed, failure.place, failure.count),
		...(words.length > 0
			? words
			: failure.violations
					.filter((one) => one.rule === rule)
					.map((one) => `  ${one.words} (not again when played again)`)),
		played === null ? '' : model.story(small, played),
	].join('\n');
}

export async function explore<Case, Played>(model: Model<Case, Played>): Promise<Explored> {
	const seed = numberFrom('GONG_MODEL_SEED') ?? Date.now() % 1_000_000_007;
	const only = numberFrom('GONG_MODEL_ONLY');
	const seconds = modelSeconds();
	const end = performance.now() + seconds * 1_000;
	const failures = new Map<string, Failure<Case>>();
	const coverage: Record<string, number> = {};
	let next = only ?? 0;
	let runs = 0;

	const worker = async (): Promise<void> => {
		while (performance.now() < end && (only === undefined || next === only)) {
			const place = next++;
			const value = valueAt(model.cases, seed, place);
			const { violations, features } = await judge(model, value.value_);
			runs += 1;
			for (const feature of features) coverage[feature] = (coverage[feature] ?? 0) + 1;
			for (const rule of new Set(violations.map((one) => one.rule))) {
				const known = failures.get(rule);
				// Sorted by place, so that a seed reports the same case whichever ends first.
				const first = known && known.place < place ? known : { place, value, violations };
				failures.set(rule, { ...first, count: (known?.count ?? 0) + 1 });
			}
		}
	};
	await Promise.all(Array.from({ length: atOnce() }, worker));

	const missing =
		runs >= FULL_RUNS && only === undefined
			? model.mustMeet.filter((feature) => !coverage[feature])
			: [];
	const met = Object.entries(coverage)
		.sort(([a], [b]) => a.localeCompare(b))
		.map(([feature, count]) => `${feature} ${count}`);
	const head = `${model.name}: ${runs} runs in ${seconds} s, seed ${seed}`;
	process.stdout.write(`${head}\n  met: ${met.join(', ')}\n`);

	const byPlace = [...failures].sort(([, a], [, b]) => a.place - b.place);
	const until = performance.now() + shrinkMs();
	const shown = byPlace.slice(0, MAX_STORIES);
	for (const [at, [rule, failure]] of shown.entries()) {
		const share = (until - performance.now()) / (shown.length - at);
		const story = await tell(model, seed, rule, failure, performance.now() + share);
		process.stdout.write(`\n${story}\n`);
	}
	for (const [rule, { count, place, violations }] of byPlace.slice(MAX_STORIES)) {
		const words = violations.find((one) => one.rule === rule)?.words ?? '';
		process.stdout.write(`\n${headOf(rule, seed, place, count)}\n  ${words.slice(0, 300)}\n`);
	}
	const enough = only === undefined ? LEAST_RUNS : 1;
	return {
		failures: byPlace.map(([rule, { count }]) => `${rule} (${count} of ${runs} runs)`),
		missing,
		tooFew: runs < enough ? `only ${runs} runs` : null,
	};
}
