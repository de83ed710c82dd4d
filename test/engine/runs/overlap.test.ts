/** Reads overlap as far as Gong's answers are slow; rows keep their order, and a run that ends sends no more. */
import fc from 'fast-check';
import { oAuth2Credential, runNode, type RunOptions } from '../../harness/engine/engine';
import { gongsOfThisFile, jsonOf, toldBy, writesBesideOthers } from '../../harness/engine/support';
import {
	callIdAt,
	makeData,
	manyCalls,
	userIdAt,
	type LocalGong,
	type LoggedRequest,
} from '../../harness/gong';

const startGong = gongsOfThisFile();

const LATENCY = 250;
// An answer takes less than a second, so no more than these are on their way.
const AT_ONCE = { requestsPerSecond: 12 };
const MINUTE = 60_000;
const NOON = Date.parse('2026-05-04T12:00:00Z');
const isoAt = (ms: number): string => new Date(ms).toISOString();

const idsOf = (count: number): string[] => Array.from({ length: count }, (_, at) => callIdAt(at));
const to = ({ log }: LocalGong, path: string): LoggedRequest[] =>
	log.filter((entry) => entry.path === path);
const accessReads = (gong: LocalGong): LoggedRequest[] => to(gong, '/v2/calls/users-access');

const read = async (gong: LocalGong, count: number, { parameters, ...rest }: RunOptions = {}) =>
	await runNode(gong, {
		parameters: {
			callIds: JSON.stringify(idsOf(count)),
			...parameters,
			options: { callsPerRequest: 10, ...AT_ONCE, ...(parameters?.options as object | undefined) },
		},
		alone: true,
		...rest,
	});

describe('reads of one run', () => {
	test('overlap after the first was answered, as many as the limit allows, and rows keep their order', async () => {
		const gong = await startGong({ data: manyCalls(400), latency: LATENCY });
		// Answered last of those that are sent with it.
		gong.fail({ kind: 'stall', ms: 3 * LATENCY, after: 2 });
		const { items } = await read(gong, 400);
		expect(items.map(({ json }) => json.callId)).toEqual(idsOf(400));
		expect(gong.log).toHaveLength(40);
		expect(gong.log[1].inFlight).toBe(1);
		expect(gong.maxInFlight()).toBeGreaterThan(6);
		expect(gong.maxInFlight()).toBeLessThanOrEqual(12);
	});

	test.each(['stopWorkflow', 'continueRegularOutput'] as const)(
		'end after a failure that ends the run, set to %s: what is under way comes home, nothing more is sent',
		async (onError) => {
			const gong = await startGong({ data: manyCalls(400), latency: LATENCY });
			const words = "You don't have permission to use 'api:call-user-access:read' in your app.";
			gong.fail({ kind: 'status', status: 401, errors: [words], after: 5 });
			const { items, error } = await read(gong, 400, { settings: { onError } });
			const failed = gong.log.find(({ status }) => status === 401);
			const endedAt = failed?.endedAt ?? NaN;
			expect(gong.log.filter(({ at }) => at > endedAt + LATENCY)).toEqual([]);
			expect(gong.log.length).toBeLessThanOrEqual(5 + 12 + 1);
			expect(gong.log.every((entry) => entry.endedAt !== null)).toBe(true);
			expect(error ? toldBy({ items, error } as never) : items.at(-1)?.json.error).toContain(words);
			expect(items.some(({ json }) => json.callId === callIdAt(0))).toBe(error === undefined);
		},
	);

	test('end after a failure of the look-ups beside them, which is the one that people see', async () => {
		const gong = await startGong({ data: manyCalls(400), latency: LATENCY });
		const words = 'Something about the details is wrong';
		const match = { path: '/v2/calls/extensive' };
		gong.fail({ kind: 'status', status: 400, errors: [words], match, after: 1 });
		const options = { includeCallDetails: true };
		const { error } = await read(gong, 400, { parameters: { options } });
		expect(error?.message).toContain(words);
		expect(error?.message).not.toContain('Not sent');
		expect(gong.log.length).toBeLessThanOrEqual(30);
	});

	test('that are cancelled start nothing more', async () => {
		const gong = await startGong({ data: manyCalls(400), latency: LATENCY });
		const result = read(gong, 400, {
			cancelWhen: (cancel) => {
				const timer = setInterval(() => {
					if (gong.log.length < 5) return;
					clearInterval(timer);
					cancel();
				}, 5);
			},
		});
		const { run } = await result;
		expect(run.status).toBe('canceled');
		await new Promise((resolve) => setTimeout(resolve, 3 * LATENCY));
		// Those that had left arrive.
		expect(gong.log.length).toBeLessThanOrEqual(5 + 12);
	});

	test('get one new token together, when it expires while they are under way', async () => {
		const gong = await startGong({ data: manyCalls(400), latency: LATENCY });
		const expire = setInterval(() => {
			if (gong.log.length < 8) return;
			clearInterval(expire);
			gong.expireTokens();
		}, 5);
		const { items, error } = await read(gong, 400, {
			parameters: { authentication: 'oAuth2' },
			credential: oAuth2Credential(gong),
		});
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => json.callId)).toEqual(idsOf(400));
		expect(gong.log.filter(({ status }) => status === 401)).not.toEqual([]);
		expect(to(gong, '/oauth2/generate-customer-token')).toHaveLength(1);
	});

	test('name each unknown call, also where several requests have one', async () => {
		const gong = await startGong({ data: manyCalls(60), latency: 20 });
		const asked = idsOf(60).flatMap((id, at) => (at % 20 === 7 ? [id, String(at)] : [id]));
		const { items } = await runNode(gong, {
			parameters: {
				callIds: JSON.stringify(asked),
				options: { callsPerRequest: 10, unknownCalls: 'report' },
			},
		});
		expect(jsonOf(items).map(({ callId, found }) => [callId, found])).toEqual(
			asked.map((id) => [id, id.length > 3]),
		);
	});
});

describe('names and titles', () => {
	test('are looked up while access is still read, each once', async () => {
		const gong = await startGong({ data: manyCalls(3_000, 5), latency: LATENCY });
		const { items } = await read(gong, 3_000, {
			parameters: {
				options: { callsPerRequest: 100, includeUserDetails: true, includeCallDetails: true },
			},
		});
		expect(items).toHaveLength(3_000);
		const lastRead = accessReads(gong).at(-1)?.at ?? NaN;
		expect(to(gong, '/v2/calls/extensive')[0].at).toBeLessThan(lastRead);
		const asked = to(gong, '/v2/calls/extensive').flatMap(
			({ body }) => (JSON.parse(body) as { filter: { callIds: string[] } }).filter.callIds,
		);
		expect(asked).toHaveLength(3_000);
		expect(new Set(asked).size).toBe(3_000);
		expect(items.every(({ json }) => typeof json.callTitle === 'string')).toBe(true);
	});

	test('are not looked up once access cannot be read, set to stop', async () => {
		const gong = await startGong({ data: manyCalls(400), latency: LATENCY });
		gong.fail({ kind: 'status', status: 401, match: { path: '/v2/calls/users-access' }, after: 2 });
		const { error } = await read(gong, 400, {
			parameters: { options: { callsPerRequest: 100, includeCallDetails: true } },
		});
		expect(error?.message).toMatch(/401|not accept/);
		const refusedAt = gong.log.find(({ status }) => status === 401)?.endedAt ?? NaN;
		expect(gong.log.filter(({ at }) => at > refusedAt + LATENCY)).toEqual([]);
	});
});

test('users of e-mail addresses are looked up while access is read, where both are needed', async () => {
	const gong = await startGong({ data: manyCalls(30, 2), latency: LATENCY });
	const email = [...gong.state.users.values()][0].emailAddress ?? '';
	const result = await runNode(gong, {
		parameters: {
			operation: 'replace',
			callIds: JSON.stringify(idsOf(30)),
			userIds: email,
			options: { callsPerRequest: 10 },
		},
		settings: { onError: 'continueRegularOutput' },
	});
	expect(toldBy(result)).toBe('');
	const [firstRead] = accessReads(gong);
	const [users] = to(gong, '/v2/users');
	expect(firstRead.at).toBeLessThan(users.endedAt ?? NaN);
	expect(users.at).toBeLessThan(firstRead.endedAt ?? NaN);
	expect(gong.log.filter(({ method }) => method === 'POST')).toHaveLength(3);
	expect(writesBesideOthers(gong)).toEqual([]);
});

describe('a long period', () => {
	/** Calls at these minutes, oldest first, and a period that holds them all. */
	const company = (minutes: number[]) => {
		const calls = minutes
			.sort((one, other) => one - other)
			.map((minute, place) => ({
				id: callIdAt(place),
				started: isoAt(NOON + minute * MINUTE),
				users: [userIdAt(place % 30)],
			}));
		return { data: makeData({ calls }), ids: calls.map(({ id }) => id) };
	};
	const list = async (gong: LocalGong, minutes: number, options = {}) =>
		await runNode(gong, {
			parameters: {
				callsFrom: 'period',
				period: 'custom',
				periodStart: isoAt(NOON),
				periodEnd: isoAt(NOON + minutes * MINUTE),
				options,
			},
			alone: true,
		});

	test('is listed in stretches side by side, while access to its first calls is read', async () => {
		const { data, ids } = company(Array.from({ length: 1_500 }, (_, at) => at));
		const gong = await startGong({ data, latency: LATENCY });
		const { items } = await list(gong, 1_500);
		expect(items.map(({ json }) => json.callId)).toEqual(ids);
		const listed = to(gong, '/v2/calls');
		expect(listed.length).toBeLessThanOrEqual(15 + 4);
		expect(Math.max(...listed.map(({ inFlight }) => inFlight))).toBeGreaterThan(2);
		expect(accessReads(gong)).toHaveLength(15);
		expect(accessReads(gong)[0].at).toBeLessThan(listed.at(-1)?.at ?? NaN);
	});

	test('gives each of its calls once, however they lie in it', async () => {
		const minutes = fc.array(fc.integer({ min: 0, max: 999 }), { minLength: 1, maxLength: 150 });
		const sameMinute = fc
			.integer({ min: 0, max: 999 })
			.map((minute) => Array<number>(60).fill(minute));
		const clusters = fc
			.array(sameMinute, { minLength: 1, maxLength: 3 })
			.map((some) => some.flat());
		await fc.assert(
			fc.asyncProperty(
				fc.oneof(minutes, clusters),
				fc.integer({ min: 1, max: 12 }),
				async (some, pageSize) => {
					const { data, ids } = company(some);
					const gong = await startGong({ data, pageSize, latency: 0 });
					const { items } = await list(gong, 1_000);
					expect(items.map(({ json }) => json.callId).sort()).toEqual([...ids].sort());
				},
			),
			{ numRuns: 25, seed: 15 },
		);
	});

	test('is listed as a whole again where a call vanished while its stretches were listed', async () => {
		const { data } = company(Array.from({ length: 300 }, (_, at) => at));
		const gong = await startGong({
			data,
			pageSize: 20,
			latency: 5,
			onRequestEnd: ({ path }) => {
				// After the first page told how many there are.
				if (path === '/v2/calls') gong.state.calls.delete(callIdAt(299));
			},
		});
		const { items, error } = await list(gong, 300);
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => json.callId)).toEqual(idsOf(299));
	});

	test('is whole where its first call began after its end, by when it was scheduled', async () => {
		const { data, ids } = company(Array.from({ length: 150 }, (_, at) => at));
		Object.assign(data.calls[0], {
			direction: 'Conference',
			scheduled: isoAt(NOON),
			started: isoAt(NOON + 500 * MINUTE),
		});
		const gong = await startGong({ data, pageSize: 20, latency: 0 });
		const { items, error } = await list(gong, 150);
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => json.callId)).toEqual(ids);
	});

	test('loses no call where one is added and one moves away while it is listed', async () => {
		const { data, ids } = company(Array.from({ length: 600 }, (_, at) => at));
		let pages = 0;
		const gong = await startGong({
			data,
			pageSize: 20,
			latency: 5,
			onRequestEnd: ({ path, query }) => {
				if (path !== '/v2/calls' || query.fromDateTime !== isoAt(NOON)) return;
				pages++;
				const [first] = gong.state.calls.values();
				if (pages === 1) {
					const added = { ...first, id: '1', started: isoAt(NOON + 899 * MINUTE) };
					gong.state.calls.set('1', { ...added, scheduled: added.started });
				}
				if (pages === 2) gong.state.calls.delete(ids[0]);
			},
		});
		const { items } = await list(gong, 900, { unknownCalls: 'report' });
		const listed = new Set(items.map(({ json }) => json.callId));
		expect(ids.slice(1).filter((id) => !listed.has(id))).toEqual([]);
		expect(listed).toContain('1');
	});

	test.each(['stopWorkflow', 'continueRegularOutput'] as const)(
		'that cannot be listed is not asked for any more, set to %s',
		async (onError) => {
			const { data } = company(Array.from({ length: 3_000 }, (_, at) => at));
			const gong = await startGong({ data, latency: LATENCY });
			gong.fail({ kind: 'status', status: 400, match: { path: '/v2/calls' }, after: 4 });
			await runNode(gong, {
				parameters: {
					callsFrom: 'period',
					period: 'custom',
					periodStart: isoAt(NOON),
					periodEnd: isoAt(NOON + 3_000 * MINUTE),
					options: AT_ONCE,
				},
				settings: { onError },
			});
			await new Promise((resolve) => setTimeout(resolve, 3 * LATENCY));
			// Of 33 listings and 30 reads; what had left comes home.
			expect(to(gong, '/v2/calls').length).toBeLessThanOrEqual(13);
			expect(gong.log.length).toBeLessThanOrEqual(30);
		},
	);
});

describe('what one item or run asks for', () => {
	test('fails with the item alone, and reads at most its own calls for nothing', async () => {
		const gong = await startGong({ data: manyCalls(3_000), latency: LATENCY });
		const { items } = await runNode(gong, {
			parameters: {
				operation: 'replace',
				callIds: '={{ $json.calls }}',
				userIds: '={{ $json.users }}',
				options: { callsPerRequest: 10, ...AT_ONCE, dryRun: true },
			},
			items: [
				{ calls: JSON.stringify(idsOf(290)), users: 'nobody@example.com' },
				{ calls: callIdAt(295), users: userIdAt(1) },
			],
			settings: { onError: 'continueRegularOutput' },
		});
		expect(String(items[0].json.error)).toContain('nobody@example.com');
		expect(items[1].json.callId).toBe(callIdAt(295));
		await new Promise((resolve) => setTimeout(resolve, 3 * LATENCY));
		expect(gong.log.length).toBeLessThanOrEqual(31);
	});

	test('does not keep another run waiting while Gong leaves it without an answer', async () => {
		const gong = await startGong({ data: manyCalls(400), latency: 20 });
		for (let place = 0; place < 12; place++) gong.fail({ kind: 'stall', ms: 8_000, after: 1 });
		let isOver = false;
		const stalled = read(gong, 400).then(() => {
			isOver = true;
		});
		while (gong.log.length < 13) await new Promise((resolve) => setTimeout(resolve, 20));
		const { items } = await runNode(gong, { parameters: { callIds: callIdAt(0) } });
		expect(items).toHaveLength(1);
		expect(isOver).toBe(false);
		await stalled;
	});

	test('waits for a new token, and no request leaves with the old one meanwhile', async () => {
		const gong = await startGong({ data: manyCalls(600), latency: 50 });
		gong.fail({ kind: 'stall', ms: 2_000, match: { path: '/oauth2/generate-customer-token' } });
		gong.expireTokens();
		const expire = setInterval(() => {
			if (gong.log.length < 20) return;
			clearInterval(expire);
			gong.expireTokens();
		}, 5);
		const { items, error } = await read(gong, 600, {
			parameters: { authentication: 'oAuth2' },
			credential: oAuth2Credential(gong),
		});
		expect(error).toBeUndefined();
		expect(items).toHaveLength(600);
		expect(gong.log.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(12);
		const [token] = to(gong, '/oauth2/generate-customer-token');
		const meanwhile = gong.log.filter(
			({ at }) => at > token.at + 200 && at < (token.endedAt ?? NaN),
		);
		expect(meanwhile).toEqual([]);
	});
});
