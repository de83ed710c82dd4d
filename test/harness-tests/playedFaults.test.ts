import { setTimeout as sleep } from 'node:timers/promises';
import pWaitFor from 'p-wait-for';
import { request } from 'undici';
import {
	basicHeader,
	DEMO_ACCOUNT,
	SAMPLE_CALL_IDS,
	SAMPLE_USER_IDS,
	type Fault,
} from '../harness/gong';
import {
	ACCESS,
	ALL_CALLS,
	CALLS,
	change,
	FIND_USERS,
	gong,
	read,
	REQUEST_ID,
	send,
	start,
	USERS,
	withKey,
	type GongBody,
} from './localGong';

const [RENEWAL, DEMO] = SAMPLE_CALL_IDS;
const { maria } = SAMPLE_USER_IDS;

describe('A fault', () => {
	beforeEach(() => start());

	async function broken(promise: Promise<unknown>): Promise<string> {
		const error = await promise.then(
			() => new Error('It was answered'),
			(reason: unknown) => reason as Error,
		);
		return `${error.message}: ${String(error.cause)}`;
	}

	test('answers with a status, errors and headers', async () => {
		const when = new Date('2030-01-02T03:04:05Z');
		gong.fail({ kind: 'status', status: 503, errors: ['Down'], headers: { 'Retry-After': 7 } });
		gong.fail({ kind: 'status', status: 429, headers: { 'Retry-After': when } });
		gong.fail({ kind: 'status', status: 429 });

		const answers = [await read(RENEWAL), await read(RENEWAL), await read(RENEWAL)];

		expect(answers.map(({ status }) => status)).toEqual([503, 429, 429]);
		expect(answers[0].json).toEqual({
			requestId: expect.stringMatching(REQUEST_ID),
			errors: ['Down'],
		});
		expect(answers.map(({ headers }) => headers.get('retry-after'))).toEqual([
			'7',
			'Wed, 02 Jan 2030 03:04:05 GMT',
			null,
		]);
		expect(gong.log.map(({ status }) => status)).toEqual([503, 429, 429]);
		expect(gong.log[0].requestId).toBe(answers[0].json.requestId);
	});

	test('resets the connection', async () => {
		gong.fail({ kind: 'reset' });

		expect(await broken(read(RENEWAL))).toContain('ECONNRESET');

		expect(gong.log[0]).toMatchObject({ status: null, requestId: null });
		expect(gong.log[0].body).toContain(RENEWAL);
	});

	test('cuts an answer short of its promised length', async () => {
		gong.fail({ kind: 'cut' });
		const response = await fetch(gong.url + ACCESS, {
			method: 'POST',
			headers: { authorization: basicHeader(DEMO_ACCOUNT), 'content-type': 'application/json' },
			body: JSON.stringify({ filter: { callIds: [RENEWAL] } }),
		});

		expect(response.status).toBe(200);
		expect(Number(response.headers.get('content-length'))).toBeGreaterThan(100);
		expect(await broken(response.text())).toContain('closed');
	});

	test('cuts the JSON and not the answer', async () => {
		gong.fail({ kind: 'truncatedJson' });

		const { status, headers, text } = await read(RENEWAL);

		expect(status).toBe(200);
		expect(headers.get('content-type')).toBe('application/json;charset=UTF-8');
		expect(headers.get('content-length')).toBe(String(text.length));
		expect(text).toMatch(/^\{"requestId":"[0-9a-z]{19}","callAcc/);
		expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
	});

	test('shows a login page', async () => {
		gong.fail({ kind: 'notJson' });

		const { status, headers, text } = await read(RENEWAL);

		expect(status).toBe(200);
		expect(headers.get('content-type')).toMatch('text/html');
		expect(text).toMatch(/^<!DOCTYPE html>/);
	});

	test.each<[object, number, Record<string, string>, RegExp]>([
		[{}, 403, { 'content-type': 'text/html', server: 'cloudflare' }, /<title>Attention Required/],
		[{ by: 'page', title: 'Blocked', status: 503 }, 503, {}, /<title>Blocked<[/]title>/],
		[{ by: 'gatewayJson' }, 403, { 'content-type': 'json' }, /^{"message":"Forbidden"}$/],
		[{ by: 'emptyAnswer' }, 403, {}, /^$/],
		[{ by: 'proxySignIn' }, 407, { 'proxy-authenticate': 'Basic' }, /Proxy Authentication/],
	])('answers in the place of Gong: %j', async (fault, status, headers, text) => {
		gong.fail({ kind: 'block', ...fault });

		// By undici: `fetch` itself takes a 407 for a broken connection.
		const answer = await request(gong.url + ACCESS, { headers: withKey(DEMO_ACCOUNT) });
		const body = await answer.body.text();

		expect(answer.statusCode).toBe(status);
		for (const [name, value] of Object.entries(headers)) {
			expect(answer.headers[name]).toMatch(value);
		}
		expect(body).toMatch(text);
		expect(body).not.toContain('requestId');
		expect(gong.log).toEqual([expect.objectContaining({ status, requestId: null })]);
	});

	test('lets something happen between a request and the next one', async () => {
		const list = async () => (await send({ method: 'GET', path: ALL_CALLS })).json.calls?.length;
		gong.fail({
			kind: 'meanwhile',
			match: { path: CALLS },
			after: 1,
			act: () => gong.state.hideCall(RENEWAL),
		});

		expect(await list()).toBe(7);
		expect((await read(RENEWAL)).status).toBe(200);
		expect(await list()).toBe(7);
		expect((await read(RENEWAL)).json.errors).toEqual(['Some calls not found']);
		expect(await list()).toBe(6);
	});

	test('answers with any JSON, any text, or the true answer changed', async () => {
		const double = (answer: unknown) => {
			const { callAccessList = [] } = answer as GongBody;
			return { callAccessList: [...callAccessList, null, ...callAccessList] };
		};
		gong.fail({ kind: 'body', json: null });
		gong.fail({ kind: 'body', raw: 'OK', headers: { 'content-type': 'text/plain' } });
		gong.fail({ kind: 'body', change: double });

		expect((await read(RENEWAL)).text).toBe('null');
		const plain = await read(RENEWAL);
		expect([plain.status, plain.text]).toEqual([200, 'OK']);
		expect(plain.headers.get('content-type')).toMatch('text/plain');
		const entry = { callId: RENEWAL, users: [{ userId: maria }] };
		expect((await read(RENEWAL)).json).toEqual({ callAccessList: [entry, null, entry] });
	});

	test('delays a request', async () => {
		gong.fail({ kind: 'stall', ms: 150 });
		const from = performance.now();

		const { status, json } = await read(RENEWAL);

		expect(performance.now() - from).toBeGreaterThan(145);
		expect(status).toBe(200);
		expect(json.callAccessList).toHaveLength(1);
	});

	test('lets a request wait forever, and no others', async () => {
		gong.fail({ kind: 'stall', match: { bodyIncludes: DEMO } });
		const client = new AbortController();

		const stalled = broken(send({ body: { filter: { callIds: [DEMO] } } }, client.signal));
		await pWaitFor(() => gong.log.length === 1);
		expect((await read(RENEWAL)).status).toBe(200);
		expect(gong.maxInFlight()).toBe(2);

		client.abort();
		expect(await stalled).toMatch(/abort/);
		await pWaitFor(() => gong.log[0].endedAt !== null);
		expect(gong.log[0]).toMatchObject({ status: null, requestId: null });
		await read(RENEWAL);
		expect(gong.log[2].inFlight).toBe(1);
	});

	test('that stalls does not carry out a write that the client has given up', async () => {
		const before = gong.state.accessSnapshot();
		const body = { callAccessList: [{ callId: DEMO, userIds: [maria] }] };
		gong.fail({ kind: 'stall', ms: 300 });

		await broken(send({ method: 'PUT', body }, AbortSignal.timeout(60)));
		await sleep(300);

		expect(gong.state.accessSnapshot()).toEqual(before);
	});

	test('that stalls forever does not hold up a close or a reset', async () => {
		await start({});
		gong.fail({ kind: 'stall', times: 2 });
		const first = broken(read(RENEWAL));
		await sleep(30);
		gong.reset();
		expect(await first).toMatch(/fetch failed/);

		gong.fail({ kind: 'stall' });
		const second = broken(read(RENEWAL));
		await sleep(30);
		await gong.close();
		expect(await second).toMatch(/fetch failed/);
	});

	test.each([302, 307] as const)('redirects with a %i', async (status) => {
		gong.fail({ kind: 'redirect', status, url: 'http://127.0.0.1:9/elsewhere' });

		const answer = await read(RENEWAL);

		expect(answer.status).toBe(status);
		expect(answer.headers.get('location')).toBe('http://127.0.0.1:9/elsewhere');
	});

	test('sends the true answer in small pieces', async () => {
		gong.fail({ kind: 'slow', ms: 40, pieces: 4 });
		const from = performance.now();

		const { json } = await read(RENEWAL);

		expect(performance.now() - from).toBeGreaterThan(110);
		expect(json.callAccessList).toEqual([{ callId: RENEWAL, users: [{ userId: maria }] }]);
	});

	test('meets only the requests that it matches', async () => {
		const match = { method: 'PUT', path: ACCESS, bodyIncludes: DEMO };
		gong.fail({ kind: 'status', status: 500, match });

		expect((await read(DEMO)).status).toBe(200);
		expect((await change('DELETE', DEMO, maria)).status).toBe(200);
		expect((await change('PUT', RENEWAL, maria)).status).toBe(200);
		expect((await send({ method: 'GET', path: USERS })).status).toBe(200);
		expect((await change('PUT', DEMO, maria)).status).toBe(500);
		expect((await change('PUT', DEMO, maria)).status).toBe(200);
	});

	test('can match every path of a kind', async () => {
		gong.fail({ kind: 'status', status: 500, match: { path: /^\/v2\/users/g }, times: Infinity });

		expect((await send({ path: FIND_USERS, body: { filter: {} } })).status).toBe(500);
		expect((await send({ method: 'GET', path: USERS })).status).toBe(500);
		expect((await read(RENEWAL)).status).toBe(200);
	});

	test('comes as often and as late as it was set to, the first match first', async () => {
		gong.fail({ kind: 'status', status: 501, after: 1, times: 2 });
		gong.fail({ kind: 'status', status: 502, times: Infinity });

		const statuses: number[] = [];
		for (let i = 0; i < 5; i += 1) statuses.push((await read(RENEWAL)).status);
		expect(statuses).toEqual([502, 501, 501, 502, 502]);

		gong.clearFaults();
		expect((await read(RENEWAL)).status).toBe(200);
	});

	const lost: Fault[] = [
		{ kind: 'status', status: 500 },
		{ kind: 'reset' },
		{ kind: 'cut' },
		{ kind: 'truncatedJson' },
		{ kind: 'notJson' },
		{ kind: 'body', json: [] },
		{ kind: 'stall' },
		{ kind: 'redirect', url: 'http://127.0.0.1:9' },
		{ kind: 'block' },
		{ kind: 'block', by: 'gatewayJson' },
	];

	test.each(lost)('$kind leaves a write undone, or done when set to be applied', async (fault) => {
		// A local Gong that is not reset: a reset would close a connection that the client has opened for later.
		await start({});
		const body = { callAccessList: [{ callId: RENEWAL, userIds: [maria] }] };
		const write = async () =>
			await send({ method: 'DELETE', body }, AbortSignal.timeout(300)).catch(() => undefined);

		gong.fail(fault);
		await write();
		expect(gong.state.accessSnapshot().apiAccess[RENEWAL]).toEqual([maria]);

		gong.fail({ ...fault, applied: true });
		await write();
		expect(gong.state.accessSnapshot().apiAccess[RENEWAL]).toEqual([]);
		expect(gong.log).toHaveLength(2);
	});
});
