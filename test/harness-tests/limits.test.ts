import { setTimeout as sleep } from 'node:timers/promises';
import {
	ALL_SCOPES,
	DEMO_ACCOUNT,
	GONG_LATENCY,
	QUICK,
	SAMPLE_CALL_IDS,
	type GongAccount,
} from '../harness/gong';
import {
	ALL_CALLS,
	gong,
	read,
	REQUEST_ID,
	send,
	start,
	UNKNOWN_ID,
	USERS,
	withKey,
} from './localGong';

const [RENEWAL] = SAMPLE_CALL_IDS;

describe('The limit', () => {
	const other: GongAccount = { accessKey: 'b', accessKeySecret: 'b', scopes: ALL_SCOPES };

	test('lets as many requests through in a second as it says, and refuses the rest', async () => {
		await start({ limit: { perSecond: 3, perDay: 100 } });

		const answers = await Promise.all(Array.from({ length: 8 }, () => read(RENEWAL)));

		const refused = answers.filter(({ status }) => status === 429);
		expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
		expect(refused).toHaveLength(5);
		for (const { headers, json } of refused) {
			expect(headers.get('retry-after')).toBe('1');
			expect(json).toEqual({
				requestId: expect.stringMatching(REQUEST_ID),
				errors: [expect.any(String)],
			});
		}
	});

	test('slides, and does not count what it refused', async () => {
		await start({ limit: { perSecond: 2, perDay: 100 } });
		await read(RENEWAL);
		await sleep(600);
		await read(RENEWAL);
		for (let i = 0; i < 3; i += 1) expect((await read(RENEWAL)).status).toBe(429);

		// The first one is a second old now, the second is not.
		await sleep(450);

		expect((await read(RENEWAL)).status).toBe(200);
		expect((await read(RENEWAL)).status).toBe(429);
	});

	test('is one for the whole company, whatever the endpoint and the key', async () => {
		const stranger = { ...other, accessKey: 'c', company: 'another' };
		await start({ limit: { perSecond: 2, perDay: 9 }, accounts: [DEMO_ACCOUNT, other, stranger] });

		const answers = await Promise.all([
			send({ method: 'GET', path: USERS }),
			send({ method: 'GET', path: ALL_CALLS, headers: withKey(other) }),
			read(RENEWAL),
		]);
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 429]);
		const third = await send({ method: 'GET', path: USERS, headers: withKey(stranger) });
		expect(third.status).toBe(200);
		expect(gong.log.map(({ company }) => company)).toEqual(['demo', 'demo', 'demo', 'another']);
	});

	test('used up for the day says how long the day still lasts', async () => {
		await start({ limit: { perSecond: 100, perDay: 2 } });
		await read(RENEWAL);
		await read(RENEWAL);

		const { status, headers } = await read(RENEWAL);

		const now = new Date();
		const midnight = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1);
		const wait = Number(headers.get('retry-after'));
		expect(status).toBe(429);
		expect(Math.abs(wait - (midnight - now.getTime()) / 1_000)).toBeLessThan(5);
	});

	test('counts a request when it arrives, however late it is answered', async () => {
		await start({ limit: { perSecond: 2, perDay: 100 }, latency: 1_200 });

		const first = [read(RENEWAL), read(RENEWAL)];
		await sleep(600);
		const refused = read(RENEWAL);
		// The first two arrived more than a second ago, and are not answered yet.
		await sleep(450);
		const accepted = read(RENEWAL);

		const answers = await Promise.all([...first, refused, accepted]);
		expect(answers.map(({ status }) => status)).toEqual([200, 200, 429, 200]);
	});

	test('tells in each answer how many requests are left of the day, and nothing else', async () => {
		await start({ limit: { perSecond: 2, perDay: 100 } });

		const answers = [await read(RENEWAL), await read(UNKNOWN_ID), await read(RENEWAL)];

		expect(answers.map(({ status }) => status)).toEqual([200, 400, 429]);
		expect(answers.map(({ headers }) => headers.get('x-ratelimit-remaining'))).toEqual([
			'99',
			'98',
			'98',
		]);
		const about = [...answers[0].headers.keys()].filter((name) => name.includes('rate'));
		expect(about).toEqual(['x-ratelimit-remaining']);
	});

	test('can be changed and switched off, and counts anew', async () => {
		await start({ limit: { perSecond: 1, perDay: 100 } });
		await read(RENEWAL);
		expect((await read(RENEWAL)).status).toBe(429);

		gong.reset();
		expect((await read(RENEWAL)).status).toBe(200);
		gong.setLimit({ perSecond: 2, perDay: 100 });
		expect((await read(RENEWAL)).status).toBe(200);
		expect((await read(RENEWAL)).status).toBe(200);
		expect((await read(RENEWAL)).status).toBe(429);
		gong.setLimit(false);
		expect((await read(RENEWAL)).status).toBe(200);
	});
});

describe('The time that an answer takes', () => {
	test('is Gong’s unless another is set: some tenths of a second, varied', async () => {
		await start({ latency: GONG_LATENCY });

		await Promise.all(Array.from({ length: 20 }, () => read(RENEWAL)));

		const took = gong.log.map(({ at, endedAt }) => (endedAt ?? at) - at);
		// A timer may end a millisecond early.
		expect(Math.min(...took)).toBeGreaterThanOrEqual(299);
		expect(new Set(took.map((ms) => Math.round(ms / 100))).size).toBeGreaterThan(3);
	});

	it('is another one from the next request on, once it was set', async () => {
		// Without the change the test would time out.
		await start({ latency: 600_000 });
		gong.setLatency(QUICK);
		expect((await read(RENEWAL)).status).toBe(200);
	});
});
