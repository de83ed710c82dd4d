import fc from 'fast-check';
import { randomFrom } from '../harness/judging/seeded';
import { type Network, runWorkers, type Work, type Worked } from './workers';

// The latency over the internet, and to the local Gong on this machine.
const FAR: Network = { latency: 60, jitter: 90 };
const NEAR: Network = { latency: 4, jitter: 4 };
const LIMIT = 3;

/** Runs it with a seeded random generator, so that each run is the same. */
async function run(works: Work[], network: Network, seed = 1): Promise<Worked[]> {
	const random = randomFrom(seed);
	jest.spyOn(Math, 'random').mockImplementation(random);
	return await runWorkers(works, network, random);
}

afterEach(() => {
	jest.restoreAllMocks();
});

const throughOf = (worked: Worked[]): number[] => worked.flatMap(({ through }) => through);
const sumOf = (worked: Worked[], figure: 'refusals' | 'lost'): number =>
	worked.reduce((sum, one) => sum + one[figure], 0);
const endOf = (worked: Worked[]): number => Math.max(...worked.map(({ endedAt }) => endedAt));
const between = (times: number[], from: number, to: number): number =>
	times.filter((time) => time >= from && time < to).length;

/** The time that it took, as a multiple of the time that Gong's limit alone requires. */
const slowness = (worked: Worked[]): number =>
	endOf(worked) / ((throughOf(worked).length / LIMIT) * 1_000);

const meanOf = (figures: number[]): number =>
	figures.reduce((sum, figure) => sum + figure, 0) / figures.length;

describe('thirty requests of one process', () => {
	/** The time that they took, as a multiple of nine seconds and the time of an answer. */
	const runs = async (latency: number, jitter: number): Promise<Worked[]> => {
		const all: Worked[] = [];
		for (let seed = 1; seed <= 8; seed++) {
			const work = { executions: 30, requests: 1, concurrency: 30 };
			all.push(...(await run([work], { latency, jitter }, seed)));
		}
		return all;
	};

	test.each(
		[
			[0, 1.2],
			[300, 1.2],
			[600, 1.25],
			[1_000, 1.3],
			[2_000, 1.5],
			[4_000, 1.5],
		].flatMap(([latency, most]) => [
			[latency, 0, most],
			[latency, 40, most],
		]),
	)(
		'take little more than the limit’s own time: latency %d ms, jitter %d ms, at most %d times',
		async (latency, jitter, most) => {
			const all = await runs(latency, jitter);
			expect(all.map(({ through }) => through.length)).toEqual(all.map(() => 30));
			expect(Math.max(...all.map(({ endedAt }) => endedAt / (9_000 + latency)))).toBeLessThan(most);
			expect(sumOf(all, 'refusals')).toBeLessThanOrEqual((all.length * 30) / 20);
		},
	);

	test.each([0, 300, 1_000])(
		'are not refused because the first takes longer on its way: latency %d ms',
		async (latency) => {
			// One at first, as a run sends them, and the others once it is answered.
			const work = { executions: 30, requests: 1, concurrency: 30, firstAlone: true };
			const [worked] = await run([work], { latency, jitter: 20, firstLonger: 400 });
			expect(worked.refusals).toBe(0);
			expect(worked.through).toHaveLength(30);
		},
	);

	test.each([0, 300, 1_000])(
		'are not refused because n8n is busy before some of them leave: latency %d ms',
		async (latency) => {
			const all: Worked[] = [];
			for (let seed = 1; seed <= 8; seed++) {
				const work = { executions: 30, requests: 1, concurrency: 30 };
				all.push(...(await run([work], { latency, jitter: 20, busy: 300 }, seed)));
			}
			expect(sumOf(all, 'refusals')).toBe(0);
			expect(Math.max(...all.map(({ endedAt }) => endedAt / (9_000 + latency)))).toBeLessThan(1.5);
		},
	);

	test('are sent further apart where a refusal shows that they arrive closer together', async () => {
		const all = await runs(300, 100);
		expect(sumOf(all, 'refusals')).toBeGreaterThan(0);
		expect(meanOf(all.map(({ endedAt }) => endedAt / 9_300))).toBeLessThan(1.25);
	});
});

describe('however slowly Gong answers, one process uses the whole limit', () => {
	/** Requests, limit a second, latency in ms, and the seconds that the limit and one answer take. */
	const SLOW: [number, number, number, number][] = [
		[40, 3, 6_000, 13 + 6],
		[120, 30, 1_000, 3 + 1],
		[90, 3, 20_000, 29 + 20],
	];
	const take = async (requests: number, network: Network, firstAlone: boolean): Promise<number> => {
		const work = { executions: requests, requests: 1, concurrency: requests, firstAlone };
		const [worked] = await run([work], network);
		expect(worked.through).toHaveLength(requests);
		expect(worked.refusals).toBe(0);
		return worked.endedAt / 1_000;
	};

	test.each(SLOW)(
		'%d requests at %d a second, answered after %d ms, take hardly more than the limit’s own %d s',
		async (requests, perSecond, latency, least) => {
			const seconds = await take(requests, { latency, jitter: 0, perSecond }, false);
			expect(seconds).toBeGreaterThanOrEqual(least);
			// A margin of 5 % and, at first, two seconds for a new connection.
			expect(seconds).toBeLessThan((least - latency / 1_000) * 1.06 + latency / 1_000 + 2);
		},
	);

	test.each(SLOW)(
		'%d requests at %d a second, answered after %d ms, take as much and one answer where the first goes alone',
		async (requests, perSecond, latency, least) => {
			const seconds = await take(requests, { latency, jitter: 0, perSecond }, true);
			const answers = (2 * latency) / 1_000;
			expect(seconds).toBeLessThan((least - latency / 1_000) * 1.06 + answers + 1);
		},
	);
});

test.each([0, 40])(
	'a thousand requests of one process are refused at most once in twenty: jitter %d ms',
	async (jitter) => {
		const work = { executions: 1_000, requests: 1, concurrency: 12 };
		const [worked] = await run([work], { latency: 600, jitter });
		expect(worked.refusals).toBeLessThanOrEqual(50);
		expect(slowness([worked])).toBeLessThan(1.08);
	},
);

describe('twenty executions of five requests on three workers', () => {
	const runs = async (network: Network, apart: number): Promise<Worked[][]> => {
		const all: Worked[][] = [];
		for (let seed = 1; seed <= 6; seed++) {
			const works = [7, 7, 6].map((executions, place) => ({
				executions,
				requests: 5,
				startsAt: place * (apart + seed),
			}));
			all.push(await run(works, network, seed));
		}
		return all;
	};

	test.each<[string, Network, number]>([
		['low latency, at once', NEAR, 0],
		['low latency, one after the other', NEAR, 300],
		['high latency', FAR, 100],
		['high latency, counted by the clock', { ...FAR, fixedWindow: true }, 100],
		['300 ms', { latency: 300, jitter: 40 }, 100],
		['a second', { latency: 1_000, jitter: 40 }, 100],
	])(
		'take little longer than one worker would, with few refusals: %s',
		async (_, network, apart) => {
			const all = await runs(network, apart);
			expect(all.map((worked) => throughOf(worked).length)).toEqual(all.map(() => 100));
			expect(meanOf(all.map(slowness))).toBeLessThan(1.4);
			expect(Math.max(...all.map(slowness))).toBeLessThan(1.5);
			expect(meanOf(all.map((worked) => sumOf(worked, 'refusals')))).toBeLessThan(45);
		},
	);

	test('all end also when Gong counts the requests that it refuses', async () => {
		const all = await runs({ ...FAR, countsRefused: true }, 100);
		expect(all.map((worked) => sumOf(worked, 'lost'))).toEqual(all.map(() => 0));
		expect(meanOf(all.map(slowness))).toBeLessThan(2);
	});
});

describe('three workers that are busy for minutes', () => {
	let worked: Worked[] = [];
	let firstEnd = 0;
	beforeAll(async () => {
		const works = [0, 40, 90].map((startsAt) => ({ executions: 40, requests: 5, startsAt }));
		worked = await run(works, FAR);
		firstEnd = Math.min(...worked.map(({ endedAt }) => endedAt));
	});

	test('use four fifths of the limit between them', () => {
		const rate = between(throughOf(worked), 5_000, firstEnd) / ((firstEnd - 5_000) / 1_000);
		expect(rate).toBeGreaterThan(0.8 * LIMIT);
	});

	test('are refused at most once for two requests', () => {
		expect(sumOf(worked, 'refusals')).toBeLessThan(throughOf(worked).length / 2);
	});

	test('have similar shares', () => {
		const shares = worked.map(({ through }) => between(through, 5_000, firstEnd));
		expect(Math.min(...shares)).toBeGreaterThan(Math.max(...shares) / 2);
	});
});

test('a worker is back at full speed ten seconds after the others have ended', async () => {
	const works = [
		{ executions: 60, requests: 5 },
		{ executions: 6, requests: 5, startsAt: 40 },
		{ executions: 6, requests: 5, startsAt: 90 },
	];
	const [stays, ...others] = await run(works, FAR);
	const from = endOf(others) + 10_000;
	const seconds = (stays.endedAt - from) / 1_000;
	expect(seconds).toBeGreaterThan(10);
	// Three requests, each a little over a second apart plus the time of its answer.
	expect(between(stays.through, from, stays.endedAt) / seconds).toBeGreaterThan(2.5);
});

test('one execution alone is back at full speed too', async () => {
	const works = [
		{ executions: 1, requests: 150 },
		{ executions: 10, requests: 5, startsAt: 40 },
	];
	const [stays, other] = await run(works, FAR);
	const from = other.endedAt + 10_000;
	expect(between(stays.through, from, from + 10_000)).toBeGreaterThan(24);
});

test('no request exceeds its maximum wait, with any number of workers and any start', async () => {
	const work = fc.record({
		executions: fc.integer({ min: 1, max: 10 }),
		requests: fc.integer({ min: 1, max: 5 }),
		startsAt: fc.integer({ min: 0, max: 20_000 }),
	});
	await fc.assert(
		fc.asyncProperty(
			fc.array(work, { minLength: 1, maxLength: 6 }),
			fc.boolean(),
			fc.integer(),
			async (works, fixedWindow, seed) => {
				const worked = await run(works, { ...FAR, fixedWindow }, seed);
				const requested = works.reduce((sum, one) => sum + one.executions * one.requests, 0);
				expect(throughOf(worked)).toHaveLength(requested);
				expect(sumOf(worked, 'lost')).toBe(0);
			},
		),
		{ numRuns: 20, seed: 7 },
	);
});
