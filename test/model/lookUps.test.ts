/**
 * Items that differ in ways, workspaces, settings and keys, where look-ups are refused, break or are slow: an item
 * that needs none of these gives the rows that it gives without any fault.
 */
import { checkLookUps } from './checkLookUps';
import { ALL_WELL, explore, modelSeconds, type Model } from './explore';
import { closeIdleGongs } from './gongs';
import { DATA, faultsOf, lookUpCase, runOptionsOf, type LookUpCase } from './lookUpCase';
import { play, type Played } from './play';
import { checkRequests } from './requests';
import { brief, storyOf } from './story';

/** The run with its faults, and without. */
interface Twins {
	played: Played;
	healthy: Played;
}

const MUST_MEET = [
	'explain',
	'list',
	'period',
	'batching',
	'tried again',
	'keys differ',
	'refused and answered',
] as const;

function* featuresOf(run: LookUpCase, { played }: Twins): Generator<(typeof MUST_MEET)[number]> {
	yield run.operation;
	if (run.fromPeriod) yield 'period';
	if (run.batchSize !== null && run.items.length > run.batchSize) yield 'batching';
	if (run.tries > 1) yield 'tried again';
	if (run.keysDiffer) yield 'keys differ';
	const { items, errorItems } = played.result;
	const failed = [...items, ...errorItems].filter(({ json }) => 'error' in json);
	if (failed.length > 0 && items.some(({ json }) => !('error' in json))) {
		yield 'refused and answered';
	}
}

const model: Model<LookUpCase, Twins> = {
	name: 'Look-ups',
	cases: lookUpCase,
	play: async (run) => {
		const options = runOptionsOf(run);
		const { latency, keysDiffer } = run;
		const how = { data: DATA, accessStyle: 'empty' as const, cancel: null, keysDiffer, options };
		return {
			healthy: await play({ ...how, latency: 0, faults: [] }),
			played: await play({ ...how, latency, faults: faultsOf(run) }),
		};
	},
	check: (run, { played, healthy }) => [
		...checkLookUps(run, played, healthy),
		...checkRequests(played.log, run.callsPerRequest),
	],
	features: (run, twins) => [...featuresOf(run, twins)],
	mustMeet: MUST_MEET,
	story: (run, { played }) => {
		const { onError, tries, keysDiffer, latency, items } = run;
		const settings = { [`${tries} tries`]: tries > 1, keysDiffer, [`${latency} ms`]: latency > 0 };
		const { parameters } = runOptionsOf(run);
		const faults = run.faults.map((fault) => `  Fault:      ${brief(fault)}`).join('\n');
		return `${faults}\n${storyOf({ onError, settings, parameters, items, faults: [], cancel: null }, played)}`;
	},
};

afterAll(closeIdleGongs);

test(
	'an item fails only for a request that it needs',
	async () => {
		expect(await explore(model)).toEqual(ALL_WELL);
	},
	(modelSeconds() + 400) * 1_000,
);
