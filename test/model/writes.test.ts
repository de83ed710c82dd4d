/**
 * Grant, Revoke and Replace with any input that people may give, against a Gong that may fail at any moment.
 * After each run all statements are compared with what Gong holds.
 */
import { writesIn } from '../harness/gong';
import { checkAccess } from './checkAccess';
import { checkAnswers, checkCancel } from './checkAnswers';
import { checkHealthy } from './checkHealthy';
import { checkStatements } from './checkStatements';
import { checkTold } from './checkTold';
import { dataOf, UNKNOWN_CALLS } from './company';
import { ALL_WELL, explore, modelSeconds, type Model } from './explore';
import { faultFor } from './faultCases';
import { closeIdleGongs } from './gongs';
import { itemsOf } from './oracle';
import { play, type Played } from './play';
import { playTool } from './playTool';
import type { Violation } from './violation';
import { checkRequests } from './requests';
import { storyOf } from './story';
import { jsonsOf, runOptionsOf, writeCase, type WriteCase } from './writeCase';

const MUST_MEET = [
	'grant',
	'revoke',
	'replace',
	'bad item on continue',
	'bad item in a replace',
	'throwing expression',
	'calls known by nobody',
	'a call in several items',
	'batching',
	'Execute Once',
	'dry run',
	'dry run of some items',
	'read back',
	'fault met',
	'lost answer of a write',
	'canceled',
	'canceled with a request under way',
	'unknown call',
	'unknown user',
	'access lost by a replace',
	'stopped after a write',
	'tried again',
	'as a tool',
	'a look-up refused',
	'keys differ',
] as const;

function* featuresOf(run: WriteCase, played: Played): Generator<(typeof MUST_MEET)[number]> {
	const items = itemsOf(run);
	const calls = items.flatMap((item) => item.calls);
	const wrote = writesIn(played.log);
	yield run.operation;
	const bad = items.filter(({ isGood }) => !isGood);
	if (bad.length > 0 && bad.length < items.length && run.onError !== 'stopWorkflow') {
		yield 'bad item on continue';
		if (run.operation === 'replace' && wrote.length > 0) yield 'bad item in a replace';
	}
	if (items.some(({ isThrowing }) => isThrowing)) yield 'throwing expression';
	if (items.some(({ callsThrow }) => callsThrow)) yield 'calls known by nobody';
	if (new Set(calls).size < calls.length && wrote.length > 0) yield 'a call in several items';
	if (run.tries > 1 && played.result.run.status !== 'success') yield 'tried again';
	if (run.asTool && played.log.length > 0) yield 'as a tool';
	if (run.keysDiffer && wrote.length > 0) yield 'keys differ';
	if (played.log.some(({ path, status }) => path.startsWith('/v2/users') && status !== 200)) {
		yield 'a look-up refused';
	}
	if (run.batchSize !== null && items.length > run.batchSize) yield 'batching';
	if (run.executeOnce && run.items.length > 1) yield 'Execute Once';
	if (items.every(({ dryRun }) => dryRun) && played.log.length > 0) yield 'dry run';
	if (items.some(({ dryRun }) => dryRun) && wrote.length > 0) yield 'dry run of some items';
	if (items.some(({ readBack }) => readBack) && wrote.length > 0) yield 'read back';
	const refused = played.log.filter(({ status }) => status !== 200);
	if (run.faults.length > 0 && refused.length > 0) yield 'fault met';
	if (wrote.some(({ status }) => status === null || status >= 500)) yield 'lost answer of a write';
	if (played.arrivedAtCancel !== null) yield 'canceled';
	if (played.inFlightAtCancel) yield 'canceled with a request under way';
	if (calls.some((id) => UNKNOWN_CALLS.includes(id)) && wrote.length > 0) yield 'unknown call';
	if (items.some(({ users }) => users.includes('200404')) && wrote.length > 0) yield 'unknown user';
	if (run.operation === 'replace' && wrote.some(({ method }) => method === 'DELETE')) {
		yield 'access lost by a replace';
	}
	if (played.result.error && wrote.some(({ status }) => status === 200))
		yield 'stopped after a write';
}

/** A run, or each call of a tool as a run of its own. */
interface Part {
	run: WriteCase;
	played: Played;
}

async function playCase(run: WriteCase): Promise<Part[]> {
	const { company, cancel, latency, keysDiffer } = run;
	const { accessStyle } = company;
	const faults = run.faults.map(faultFor);
	const data = dataOf(company);
	const options = runOptionsOf(run);
	const how = { data, accessStyle, faults, cancel, latency, keysDiffer, options };
	if (!run.asTool) return [{ run, played: await play(how) }];
	const args = jsonsOf(run).map((json) => ({ calls: json?.calls, users: json?.users }));
	const answers = await playTool(how, args);
	return answers.map((played, place) => ({ run: { ...run, items: [run.items[place]] }, played }));
}

function* violationsOf({ run, played }: Part): Generator<Violation> {
	yield* checkAccess(run, played);
	yield* checkAnswers(run, played);
	yield* checkCancel(run, played);
	yield* checkStatements(run, played);
	yield* checkTold(run, played);
	// A fault that an earlier call of a tool met may be over.
	if (!run.asTool) yield* checkHealthy(run, played);
	yield* checkRequests(played.log, run.callsPerRequest);
}

function storyOfPart({ run, played }: Part): string {
	const { onError, faults, cancel, executeOnce, tries, asTool, keysDiffer, latency } = run;
	const settings = { executeOnce, [`${tries} tries`]: tries > 1, asTool, keysDiffer, latency };
	const { parameters } = runOptionsOf(run);
	return storyOf({ onError, settings, parameters, items: jsonsOf(run), faults, cancel }, played);
}

const model: Model<WriteCase, Part[]> = {
	name: 'Writes',
	cases: writeCase,
	play: playCase,
	check: (_, parts) => parts.flatMap((part) => [...violationsOf(part)]),
	features: (_, parts) => parts.flatMap(({ run, played }) => [...featuresOf(run, played)]),
	mustMeet: MUST_MEET,
	story: (_, parts) => parts.map(storyOfPart).join('\n'),
};

afterAll(closeIdleGongs);

test(
	'nobody loses access by mistake, and every statement is true',
	async () => {
		expect(await explore(model)).toEqual(ALL_WELL);
	},
	(modelSeconds() + 400) * 1_000,
);
