import type { Result } from '../../nodes/GongCallAccess/failure';
import type { Denial, Permit } from '../../nodes/GongCallAccess/transport/rateLimiter';
import { RateLimiter, rateLimiterFor } from '../../nodes/GongCallAccess/transport/rateLimiter';
import type { Verdict } from '../../nodes/GongCallAccess/transport/slots';
import { isCanceled } from '../../nodes/GongCallAccess/transport/pause';

const MINUTE = 60_000;

/** The result of an `acquire`, once it is known. */
interface Acquired {
	/** Milliseconds after the start. */
	at?: number;
	permit?: Result<Permit, Denial>;
	thrown?: unknown;
}

let limiter = new RateLimiter();
let start = 0;

beforeEach(async () => {
	jest.useFakeTimers({ now: Date.parse('2025-03-04T10:00:00Z') });
	limiter = new RateLimiter();
	const first = acquire();
	await pass(0);
	release(first);
	await pass(2_100);
	start = Date.now();
});

afterEach(() => {
	jest.useRealTimers();
	jest.restoreAllMocks();
});

function acquire(maxWaitMs = MINUTE, signal?: AbortSignal, again = false): Acquired {
	const acquired: Acquired = {};
	limiter.acquire(maxWaitMs, signal, undefined, again).then(
		(permit) => Object.assign(acquired, { at: Date.now() - start, permit }),
		(thrown: unknown) => Object.assign(acquired, { at: Date.now() - start, thrown }),
	);
	return acquired;
}

/** Gives back the permit of a request that was answered, unless another verdict is given. */
function release({ permit }: Acquired, verdict: Verdict = 'accepted'): void {
	if (!permit?.ok) throw new Error('It has no permit');
	limiter.release(permit.value, verdict);
}

const pass = async (ms: number): Promise<void> => {
	await jest.advanceTimersByTimeAsync(ms);
};

test('lets one request through at once', async () => {
	const turn = acquire();
	await pass(0);
	expect(turn).toMatchObject({ at: 0, permit: { ok: true, value: { slot: 'kept', waitedMs: 0 } } });
});

test('lets three requests through at once, and the fourth a second after the first was sent', async () => {
	const turns = [acquire(), acquire(), acquire(), acquire()];
	await pass(0);
	expect(turns.map(({ at }) => at)).toEqual([0, 0, 0, undefined]);
	await pass(1_000);
	expect(turns[3].at).toBeUndefined();
	await pass(100);
	// No request was answered yet.
	expect(turns[3].permit).toMatchObject({ ok: true, value: { slot: 'kept', waitedMs: 0 } });
});

describe('the first requests of all', () => {
	beforeEach(() => {
		limiter = new RateLimiter();
	});

	test('count from their answers', async () => {
		const turns = [acquire(), acquire(), acquire(), acquire()];
		await pass(600);
		release(turns[1]);
		await pass(1_000);
		expect(turns.map(({ at }) => at)).toEqual([0, 0, 0, undefined]);
		await pass(100);
		expect(turns[3].permit?.ok).toBe(true);
	});

	test('count from two seconds after they left where Gong takes longer to answer', async () => {
		const turns = Array.from({ length: 9 }, () => acquire());
		await pass(3_000);
		expect(turns.map(({ at }) => at).slice(0, 4)).toEqual([0, 0, 0, undefined]);
		await pass(2_000);
		const times = turns.map(({ at }) => at ?? NaN);
		expect(times.slice(3, 6)).toEqual([3_050, 3_050, 3_050]);
		// Those that follow take the same time on their way.
		expect(times.slice(6)).toEqual([4_100, 4_100, 4_100]);
	});
});

test('lets at most three requests through in any second, however many are waiting', async () => {
	const times: number[] = [];
	const one = async (): Promise<void> => {
		const permit = await limiter.acquire(MINUTE, undefined);
		times.push(Date.now() - start);
		if (permit.ok) limiter.release(permit.value, 'accepted');
	};
	const all = Promise.all(Array.from({ length: 20 }, one));
	await pass(10_000);
	await all;
	expect(times).toHaveLength(20);
	times.slice(3).forEach((time, place) => {
		expect(time - times[place]).toBeGreaterThan(1_000);
	});
	// And not much slower than the limit allows: the 20th is in the seventh second.
	expect(times[19]).toBeLessThan(7_500);
});

test('serves requests in the order of their arrival', async () => {
	const order: string[] = [];
	for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
		void limiter.acquire(MINUTE, undefined).then((permit) => {
			order.push(name);
			if (permit.ok) limiter.release(permit.value, 'accepted');
		});
	}
	await pass(5_000);
	expect(order.join('')).toBe('abcdef');
});

test('pauses all requests, and reports how long each waited', async () => {
	limiter.pauseFor(5_000);
	const turns = [acquire(), acquire()];
	await pass(4_900);
	expect(turns).toEqual([{}, {}]);
	await pass(300);
	expect(turns[0].at).toBeGreaterThanOrEqual(5_000);
	expect(turns[0].permit).toMatchObject({ ok: true, value: { slot: 'kept', waitedMs: 5_000 } });
	expect(turns[1].at).toBeGreaterThanOrEqual(5_000);
});

test('keeps the longer of two pauses', async () => {
	limiter.pauseFor(5_000);
	limiter.pauseFor(1_000);
	const turn = acquire();
	await pass(4_900);
	expect(turn).toEqual({});
});

describe('while Gong asks for a longer wait than a request may wait', () => {
	/** Sent although Gong asked to wait. */
	const PROBE = { permit: { ok: true, value: { isProbe: true } } };

	test('one request is sent to see whether that still holds, the others are denied at once', async () => {
		limiter.pauseFor(2 * 60 * MINUTE);
		const turns = [acquire(MINUTE), acquire(MINUTE), acquire(MINUTE)];
		await pass(0);
		const denied = { at: 0, permit: { ok: false, failure: { waitMs: 2 * 60 * MINUTE } } };
		expect(turns).toEqual([{ at: 0, permit: expect.anything() }, denied, denied]);
		expect(turns[0]).toMatchObject(PROBE);
	});

	test('a request with a short maximum wait is sent or denied at once, also behind one with a long one', async () => {
		limiter.pauseFor(30 * MINUTE);
		acquire(60 * MINUTE);
		const short = [acquire(1_000), acquire(1_000)];
		await pass(0);
		expect(short.map(({ permit }) => permit?.ok)).toEqual([true, false]);
	});

	test('the wait ends for all when Gong accepts that one', async () => {
		limiter.pauseFor(60 * MINUTE);
		const waits = acquire(90 * MINUTE);
		await pass(5 * MINUTE);
		const probe = acquire(MINUTE);
		await pass(100);
		expect(waits).toEqual({});
		release(probe);
		await pass(1_100);
		expect(waits.permit).toMatchObject({ ok: true, value: { isProbe: false } });
		// It has that much less left to wait.
		const { waitedMs } = waits.permit?.ok ? waits.permit.value : { waitedMs: NaN };
		expect(waitedMs / MINUTE).toBeCloseTo(5, 1);
		const next = acquire(MINUTE);
		await pass(0);
		expect(next.permit).toMatchObject({ ok: true, value: { isProbe: false } });
	});

	test.each(['refused', 'unknown'] as const)(
		'no other is sent for a minute after one that was %s',
		async (verdict) => {
			limiter.pauseFor(60 * MINUTE);
			const probe = acquire(MINUTE);
			await pass(0);
			release(probe, verdict);
			const soon = acquire(MINUTE);
			await pass(MINUTE);
			const later = acquire(MINUTE);
			await pass(0);
			expect(soon.permit?.ok).toBe(false);
			expect(later).toMatchObject(PROBE);
		},
	);

	test('another may be sent at once after one that was given back unsent', async () => {
		limiter.pauseFor(60 * MINUTE);
		const probe = acquire(MINUTE);
		await pass(0);
		release(probe, 'unsent');
		const next = acquire(MINUTE);
		await pass(0);
		expect(next).toMatchObject(PROBE);
	});

	test('a shorter wait that Gong asks the one for counts for all', async () => {
		limiter.pauseFor(60 * MINUTE);
		const probe = acquire(MINUTE);
		await pass(0);
		release(probe, 'refused');
		limiter.pauseFor(5_000, true);
		const turn = acquire(MINUTE);
		await pass(5_100);
		expect(turn.permit).toMatchObject({ ok: true, value: { isProbe: false } });
	});

	test('the one takes no slot away from the process when it is refused', async () => {
		limiter.pauseFor(60 * MINUTE);
		const probe = acquire(MINUTE);
		await pass(0);
		release(probe, 'refused');
		limiter.pauseFor(2_000, true);
		const turns = [acquire(), acquire(), acquire()];
		await pass(2_100);
		expect(turns.map(({ permit }) => permit?.ok)).toEqual([true, true, true]);
	});
});

describe('a permit that is given back unsent', () => {
	/** Leaves the process without a slot. */
	const loseAll = async (): Promise<void> => {
		jest.spyOn(Math, 'random').mockReturnValue(0.5);
		const turns = [acquire(), acquire(), acquire()];
		await pass(0);
		for (const turn of turns) release(turn, 'refused');
	};

	test('wins no slot', async () => {
		await loseAll();
		for (let round = 0; round < 10; round++) {
			const turn = acquire();
			await pass(3_000);
			expect(turn.permit).toMatchObject({ ok: true, value: { slot: 'tried' } });
			release(turn, 'unsent');
		}
		const turns = [acquire(), acquire(), acquire()];
		await pass(3_000);
		expect(turns.map(({ permit }) => permit?.ok)).toEqual([true, undefined, undefined]);
	});

	test('leaves its slot free as before', async () => {
		const turns = [acquire(), acquire(), acquire()];
		await pass(0);
		for (const turn of turns) release(turn, 'unsent');
		const next = [acquire(), acquire(), acquire()];
		await pass(0);
		expect(next.map(({ at }) => at)).toEqual([0, 0, 0]);
	});

	test('leaves the time between requests as it is, also when the next are refused', async () => {
		/** When the next requests are sent after a refusal, with some permits given back before it. */
		const run = async (givenBack: number): Promise<(number | undefined)[]> => {
			limiter = new RateLimiter();
			release(await taken());
			await pass(2_100);
			start = Date.now();
			for (let count = 0; count < givenBack; count++) release(await taken(), 'unsent');
			const first = Array.from({ length: 6 }, () => acquire());
			await pass(2_200);
			for (const turn of first.slice(0, 5)) release(turn);
			release(first[5], 'refused');
			const next = Array.from({ length: 6 }, () => acquire());
			await pass(3_000);
			return [...first, ...next].map(({ at }) => at);
		};
		const taken = async (): Promise<Acquired> => {
			const turn = acquire();
			await pass(0);
			return turn;
		};
		expect(await run(30)).toEqual(await run(0));
	});
});

test('a request without an answer wins no slot and loses none', async () => {
	const lost = [acquire(), acquire(), acquire()];
	await pass(2_000);
	for (const turn of lost) release(turn, 'unknown');
	const turns = [acquire(), acquire(), acquire(), acquire()];
	await pass(0);
	expect(turns.map(({ permit }) => permit?.ok)).toEqual([true, true, true, undefined]);
});

test('a request that gave up takes no slot from the others', async () => {
	limiter.pauseFor(2_000);
	acquire(1_000);
	acquire(1_000);
	const turns = [acquire(), acquire(), acquire()];
	await pass(2_500);
	expect(turns.map(({ permit }) => permit?.ok)).toEqual([true, true, true]);
});

test('a clock that is set back does not lengthen a wait', async () => {
	limiter.pauseFor(5_000);
	const turn = acquire();
	jest.setSystemTime(start - 24 * 60 * MINUTE);
	await pass(5_100);
	expect(turn.permit?.ok).toBe(true);
});

test('a request that Gong refused goes before the others that wait', async () => {
	jest.spyOn(Math, 'random').mockReturnValue(0.5);
	const turns = [acquire(), acquire(), acquire()];
	await pass(0);
	const waits = acquire();
	for (const turn of turns.slice(1)) release(turn, 'refused');
	limiter.pauseFor(1_100);
	const again = acquire(MINUTE, undefined, true);
	release(turns[0]);
	await pass(1_150);
	expect(again.permit?.ok).toBe(true);
	expect(waits).toEqual({});
});

test('after a refusal the process sends only as fast as Gong let it through', async () => {
	jest.spyOn(Math, 'random').mockReturnValue(0.5);
	const sent = [acquire(), acquire(), acquire()];
	await pass(0);
	release(sent[0]);
	release(sent[1], 'refused');
	release(sent[2], 'refused');
	limiter.pauseFor(1_000);
	const turns = [acquire(), acquire(), acquire()];
	await pass(1_100);
	expect(turns.map(({ permit }) => permit?.ok)).toEqual([true, undefined, undefined]);
});

test('sends further apart after a refusal that its own haste may explain, and keeps its slots', async () => {
	const first = Array.from({ length: 6 }, () => acquire());
	await pass(2_200);
	expect(first.map(({ at }) => (at ?? NaN) - (first[0].at ?? NaN))).toEqual([
		0, 0, 0, 1_050, 1_050, 1_050,
	]);
	for (const turn of first.slice(0, 5)) release(turn);
	release(first[5], 'refused');
	limiter.pauseFor(1_000);
	const next = Array.from({ length: 6 }, () => acquire());
	await pass(3_000);
	const times = next.map(({ at }) => (at ?? NaN) - (next[0].at ?? NaN));
	expect(times.slice(0, 3)).toEqual([0, 0, 0]);
	expect(times[3]).toBeGreaterThan(1_090);
	expect(times.slice(4)).toEqual([times[3], times[3]]);
});

test('gives up a slot at the second refusal within ten seconds, since others send as well', async () => {
	jest.spyOn(Math, 'random').mockReturnValue(0.5);
	for (let round = 0; round < 2; round++) {
		const turns = Array.from({ length: 6 }, () => acquire());
		await pass(2_300);
		for (const [place, turn] of turns.entries())
			release(turn, place === 5 ? 'refused' : 'accepted');
		limiter.pauseFor(1_000);
	}
	const turns = Array.from({ length: 3 }, () => acquire());
	await pass(1_050);
	expect(turns.map(({ permit }) => permit?.ok)).toEqual([true, true, undefined]);
});

test.each([
	['after a refusal, leaves a slot free for other processes now and then', true, 2_050],
	['without refusals, leaves no slot free', false, 1_050],
])('%s', async (_, refused, apartMs) => {
	// The smallest random number leaves slots free as often as possible.
	jest.spyOn(Math, 'random').mockReturnValue(0);
	const sent = [acquire(), acquire(), acquire()];
	await pass(0);
	for (const [place, turn] of sent.entries())
		release(turn, refused && place > 0 ? 'refused' : 'accepted');
	const turns = Array.from({ length: 9 }, () => acquire());
	await pass(20_000);
	const kept = turns.filter(({ permit }) => permit?.ok && permit.value.slot === 'kept');
	const slots = refused ? 1 : 3;
	const apart = kept.slice(slots).map(({ at }, place) => (at ?? NaN) - (kept[place].at ?? NaN));
	// For ten seconds.
	expect(new Set(apart.slice(0, 4).map((ms) => Math.round(ms / 10) * 10))).toEqual(
		new Set([apartMs]),
	);
});

test('a cancelled execution stops waiting', async () => {
	const stop = new AbortController();
	limiter.pauseFor(30 * MINUTE);
	const turn = acquire(60 * MINUTE, stop.signal);
	await pass(1_000);
	stop.abort();
	await pass(200);
	expect(isCanceled(turn.thrown)).toBe(true);
});

test('a cancelled execution stops waiting, also behind another one', async () => {
	const stop = new AbortController();
	limiter.pauseFor(30 * MINUTE);
	acquire(60 * MINUTE);
	const turn = acquire(60 * MINUTE, stop.signal);
	await pass(1_000);
	stop.abort();
	await pass(200);
	expect(isCanceled(turn.thrown)).toBe(true);
});

test('an execution cancelled before its turn takes no slot', async () => {
	const turn = acquire(MINUTE, AbortSignal.abort());
	const turns = [acquire(), acquire(), acquire()];
	await pass(0);
	expect(isCanceled(turn.thrown)).toBe(true);
	expect(turns.map(({ at }) => at)).toEqual([0, 0, 0]);
});

test('one Gong company has one limiter in the process, two companies have two', () => {
	expect(rateLimiterFor('https://api.gong.io key-1')).toBe(
		rateLimiterFor('https://api.gong.io key-1'),
	);
	expect(rateLimiterFor('https://api.gong.io key-1')).not.toBe(
		rateLimiterFor('https://api.gong.io key-2'),
	);
});

describe('requests per second that somebody asked for', () => {
	const takeAt = (requestsPerSecond: number): Acquired => {
		const taken: Acquired = {};
		limiter
			.acquire(MINUTE, undefined, undefined, false, requestsPerSecond)
			.then((permit) => Object.assign(taken, { at: Date.now() - start, permit }));
		return taken;
	};
	test.each([
		[0.5, 1, 2_050],
		[1, 1, 1_050],
		[3, 3, 1_050],
		[5, 5, 1_050],
		[2.5, 2, 850],
	])('%d: at most %d at once, the next after %d ms', async (rate, atOnce, afterMs) => {
		const taken = Array.from({ length: atOnce + 1 }, () => takeAt(rate));
		await pass(0);
		expect(taken.filter(({ at }) => at === 0)).toHaveLength(atOnce);
		await pass(afterMs - 20);
		expect(taken[atOnce].at).toBeUndefined();
		await pass(80);
		expect(taken[atOnce].permit?.ok).toBe(true);
	});

	test('the smallest counts for executions that run at once', async () => {
		const slow = takeAt(1);
		const fast = takeAt(10);
		await pass(500);
		expect([slow.at, fast.at]).toEqual([0, undefined]);
		await pass(1_100);
		expect(fast.permit?.ok).toBe(true);
	});

	test('a smaller one is forgotten after some seconds', async () => {
		takeAt(1);
		await pass(6_000);
		const taken = [takeAt(3), takeAt(3), takeAt(3)];
		await pass(100);
		expect(taken.map(({ permit }) => permit?.ok)).toEqual([true, true, true]);
	});
});
