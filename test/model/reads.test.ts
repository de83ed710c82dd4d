/**
 * Reads with any input that people may give, against a Gong that may fail at any moment: the rows are exactly
 * what Gong holds for the input, or the item says why not.
 */
import { inputsOf, checkReads } from './checkReads';
import { dataOf, UNKNOWN_CALLS } from './company';
import { ALL_WELL, explore, modelSeconds, type Model } from './explore';
import { faultFor } from './faultCases';
import { closeIdleGongs } from './gongs';
import { play, type Played } from './play';
import { jsonsOf, readCase, runOptionsOf, type ReadCase } from './readCase';
import { checkRequests } from './requests';
import { storyOf } from './story';

const MUST_MEET = [
	'calls',
	'users',
	'people',
	'ids',
	'field',
	'period',
	'report',
	'unknown call',
	'bad item on continue',
	'throwing expression',
	'a call in several items',
	'call without users',
	'user details',
	'call details',
	'batching',
	'Execute Once',
	'fault met',
	'canceled',
	'several requests',
] as const;

function* featuresOf(run: ReadCase, played: Played): Generator<(typeof MUST_MEET)[number]> {
	const named = inputsOf(run);
	const calls = named.flatMap((item) => item.calls);
	const sent = played.log.length > 0;
	if (sent) {
		yield run.splitInto;
		yield run.callsFrom;
		if (run.includeUserDetails) yield 'user details';
		if (run.includeCallDetails) yield 'call details';
	}
	const isUnknown = calls.some((id) => UNKNOWN_CALLS.includes(id));
	if (sent && isUnknown) yield run.report ? 'report' : 'unknown call';
	const bad = named.filter(({ isGood }) => !isGood);
	if (sent && bad.length > 0 && run.onError !== 'stopWorkflow') yield 'bad item on continue';
	if (named.some(({ isThrowing }) => isThrowing)) yield 'throwing expression';
	if (sent && new Set(calls).size < calls.length) yield 'a call in several items';
	if (sent && calls.some((id) => run.company.given[id]?.length === 0)) yield 'call without users';
	if (run.batchSize !== null && named.length > run.batchSize) yield 'batching';
	if (run.executeOnce && run.items.length > 1) yield 'Execute Once';
	if (run.faults.length > 0 && played.log.some(({ status }) => status !== 200)) yield 'fault met';
	if (played.arrivedAtCancel !== null) yield 'canceled';
	if (played.log.length > 1) yield 'several requests';
}

const model: Model<ReadCase, Played> = {
	name: 'Reads',
	cases: readCase,
	play: async (run) => {
		const { company, faults, cancel } = run;
		return await play({
			data: dataOf(company),
			accessStyle: company.accessStyle,
			faults: faults.map(faultFor),
			cancel,
			latency: 0,
			keysDiffer: false,
			options: runOptionsOf(run),
		});
	},
	check: (run, played) => [
		...checkReads(run, played),
		...checkRequests(played.log, run.callsPerRequest),
	],
	features: (run, played) => [...featuresOf(run, played)],
	mustMeet: MUST_MEET,
	story: (run, played) =>
		storyOf(
			{
				onError: run.onError,
				settings: { executeOnce: run.executeOnce },
				parameters: runOptionsOf(run).parameters,
				items: jsonsOf(run),
				faults: run.faults,
				cancel: run.cancel,
			},
			played,
		),
};

afterAll(closeIdleGongs);

test(
	'rows are what Gong holds for the input, or the item says why not',
	async () => {
		expect(await explore(model)).toEqual(ALL_WELL);
	},
	(modelSeconds() + 400) * 1_000,
);
