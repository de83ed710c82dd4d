import type { Result } from '../../nodes/GongCallAccess/errors/failure';
import type { Denial, Permit } from '../../nodes/GongCallAccess/transport/rateLimiter';
import { built } from './built';

const { RateLimiter, rateLimiterFor } =
	built<typeof import('../../nodes/GongCallAccess/transport/rateLimiter')>('transport/rateLimiter');
const { isCanceled } =
	built<typeof import('../../nodes/GongCallAccess/transport/pause')>('transport/pause');

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

beforeEach(() => {
	jest.useFakeTimers({ now: Date.parse('2025-03-04T10:00:00Z') });
	limiter = new RateLimiter();
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

const pass = async (ms: number): Promise<void> => {
	await jest.advanceTimersByTimeAsync(ms);
};

test('lets one request through at once', async () => {
	const turn = acquire();
	await pass(0);
	expect(turn).toEqual({ at: 0, permit: { ok: true, value: { slot: 'kept', waitedMs: 0 } } });
});

test('lets three requests through at once, and the fourth a second after the first answer', async () => {
	const turns = [acquire(), acquire(), acquire(), acquire()];
	await pass(0);
	expect(turns.map(({ at }) => at)).toEqual([0, 0, 0, undefined]);
	await pass(400);
	limiter.release('kept', false);
	await pass(1_000);
	expect(turns[3].at).toBeUndefined();
	await pass(200);
	expect(turns[3].at).toBeGreaterThan(1_400);
	expect(turns[3].permit).toEqual({ ok: true, value: { slot: 'kept', waitedMs: 0 } });
});

test('lets at most three requests through in any second, however many are waiting', async () => {
	const times: number[] = [];
	const one = async (): Promise<void> => {
		await limiter.acquire(MINUTE, undefined);
		times.push(Date.now() - start);
		limiter.release('kept', false);
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
		void limiter.acquire(MINUTE, undefined).then(() => {
			order.push(name);
			limiter.release('kept', false);
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
	expect(turns[0].permit).toEqual({ ok: true, value: { slot: 'kept', waitedMs: 5_000 } });
	expect(turns[1].at).toBeGreaterThanOrEqual(5_000);
});

test('keeps the longer of two pauses', async () => {
	limiter.pauseFor(5_000);
	limiter.pauseFor(1_000);
	const turn = acquire();
	await pass(4_900);
	expect(turn).toEqual({});
});

test('denies a request at once when the pause is longer than its maximum wait', async () => {
	limiter.pauseFor(2 * 60 * MINUTE);
	const turn = acquire(MINUTE);
	await pass(0);
	expect(turn).toEqual({ at: 0, permit: { ok: false, failure: { waitMs: 2 * 60 * MINUTE } } });
});

test('denies a request with a short maximum wait at once, also behind one with a long one', async () => {
	limiter.pauseFor(30 * MINUTE);
	acquire(60 * MINUTE);
	const short = acquire(1_000);
	await pass(1_000);
	expect(short.permit?.ok).toBe(false);
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
	limiter.release('kept', true);
	limiter.pauseFor(1_000);
	const again = acquire(MINUTE, undefined, true);
	limiter.release('kept', false);
	await pass(1_050);
	expect(turns.map(({ permit }) => permit?.ok)).toEqual([true, true, true]);
	expect(again.permit?.ok).toBe(true);
	expect(waits).toEqual({});
});

test('after a refusal the process sends only as fast as Gong let it through', async () => {
	jest.spyOn(Math, 'random').mockReturnValue(0.5);
	for (let request = 0; request < 3; request++) acquire();
	await pass(0);
	limiter.release('kept', false);
	limiter.release('kept', true);
	limiter.release('kept', true);
	limiter.pauseFor(1_000);
	const turns = [acquire(), acquire(), acquire()];
	await pass(1_100);
	expect(turns.map(({ permit }) => permit?.ok)).toEqual([true, undefined, undefined]);
});

test.each([
	['after a refusal, leaves a slot free for other processes now and then', true, 2_020],
	['without refusals, leaves no slot free', false, 1_010],
])('%s', async (_, refused, freeAfterMs) => {
	// The smallest random number leaves slots free as often as possible.
	jest.spyOn(Math, 'random').mockReturnValue(0);
	for (let request = 0; request < 3; request++) acquire();
	await pass(0);
	limiter.release('kept', refused);
	limiter.release('kept', false);
	limiter.release('kept', false);
	const turn = acquire();
	// A lost slot is not tried again soon, since other slots are about to be free.
	await pass(freeAfterMs - 50);
	expect(turn.at).toBeUndefined();
	await pass(100);
	expect(turn.permit?.ok).toBe(true);
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
	const answered = async (): Promise<void> => {
		limiter.release('kept', false);
		await pass(0);
	};

	test.each([
		[0.5, 1, 2_020],
		[1, 1, 1_010],
		[3, 3, 1_010],
		[5, 5, 1_010],
		[2.5, 2, 808],
	])('%d: at most %d at once, the next after %d ms', async (rate, atOnce, afterMs) => {
		const taken = Array.from({ length: atOnce + 1 }, () => takeAt(rate));
		await pass(0);
		expect(taken.filter(({ at }) => at === 0)).toHaveLength(atOnce);
		await answered();
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
		await answered();
		await pass(1_100);
		expect(fast.permit?.ok).toBe(true);
	});

	test('a smaller one is forgotten after some seconds', async () => {
		takeAt(1);
		await pass(0);
		await answered();
		await pass(6_000);
		const taken = [takeAt(3), takeAt(3), takeAt(3)];
		await pass(100);
		expect(taken.map(({ permit }) => permit?.ok)).toEqual([true, true, true]);
	});
});
