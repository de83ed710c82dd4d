import { once } from 'node:events';
import { connect } from 'node:net';
import { basicHeader, DEMO_ACCOUNT, SAMPLE_CALL_IDS, SAMPLE_USER_IDS } from '../harness/gong';
import { ACCESS, change, gong, read, REQUEST_ID, send, start } from './localGong';

const [RENEWAL, DEMO, PRICING] = SAMPLE_CALL_IDS;
const { maria } = SAMPLE_USER_IDS;

describe('The log', () => {
	beforeEach(() => start());

	test('holds what was sent, byte for byte', async () => {
		const body = `{ "filter": {"callIds":["${RENEWAL}" ]}}\n`;
		const from = Date.now();

		await send({ path: `${ACCESS}?a=b%20c`, body, headers: { 'x-mine': 'é' } });
		await send({ path: ACCESS, body: 'ünlesbar', headers: { 'content-type': 'text/plain' } });

		expect(gong.log[0]).toMatchObject({
			method: 'POST',
			path: ACCESS,
			query: { a: 'b c' },
			body,
			status: 400,
			requestId: expect.stringMatching(REQUEST_ID),
			inFlight: 1,
			company: 'demo',
		});
		expect(gong.log[0].headers).toMatchObject({ authorization: basicHeader(DEMO_ACCOUNT) });
		expect(gong.log[0].at).toBeGreaterThanOrEqual(from);
		expect(gong.log[0].at).toBeLessThanOrEqual(Date.now());
		expect(gong.log[1].body).toBe('ünlesbar');
	});

	test('counts the concurrent requests', async () => {
		// Long enough that they overlap on a busy machine too.
		gong.fail({ kind: 'stall', ms: 500, times: 3 });
		await Promise.all([read(RENEWAL), read(DEMO), read(PRICING)]);
		expect(gong.maxInFlight()).toBe(3);
		expect(gong.log.map(({ inFlight }) => inFlight)).toEqual([1, 2, 3]);

		gong.reset();
		await read(RENEWAL);
		await read(DEMO);
		expect(gong.maxInFlight()).toBe(1);
	});

	test('carries out nothing after a reset that was sent before it', async () => {
		const before = gong.state.accessSnapshot();
		const body = JSON.stringify({ callAccessList: [{ callId: RENEWAL, userIds: [maria] }] });
		const head = [
			`DELETE ${ACCESS} HTTP/1.1`,
			'host: 127.0.0.1',
			`authorization: ${basicHeader(DEMO_ACCOUNT)}`,
			'content-type: application/json',
			`content-length: ${body.length}`,
			'connection: close',
		].join('\r\n');
		/** Resolves once the request is in the socket; the server may not have read it yet. */
		const sendRaw = async (): Promise<{ closed: Promise<unknown> }> => {
			const socket = connect(Number(new URL(gong.url).port), '127.0.0.1');
			const closed = new Promise((close) =>
				socket.on('error', () => undefined).once('close', close),
			);
			socket.resume();
			await once(socket, 'connect');
			await new Promise((written) => socket.write(`${head}\r\n\r\n${body}`, written));
			return { closed };
		};
		// The reset happens at every stage: in the socket, while it is read, while it is answered.
		for (let turns = 0; turns < 12; turns++) {
			const sent = await Promise.all(Array.from({ length: 10 }, sendRaw));
			for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
			gong.reset();
			expect((await read(RENEWAL)).status).toBe(200);
			for (const { closed } of sent) await closed;
			expect(gong.log.map(({ method }) => method)).toEqual(['POST']);
			expect(gong.state.accessSnapshot()).toEqual(before);
			expect(gong.maxInFlight()).toBe(1);
		}
	});

	test('is emptied by a reset, and everything else is as at the start', async () => {
		const before = gong.state.accessSnapshot();
		const { log, state } = gong;
		await change('DELETE', RENEWAL, maria);
		state.users.clear();
		gong.fail({ kind: 'status', status: 500 });

		gong.reset();

		expect(log).toEqual([]);
		expect(state.accessSnapshot()).toEqual(before);
		expect((await read(RENEWAL)).status).toBe(200);
		expect(log).toHaveLength(1);
		expect(state.users.size).toBe(7);
	});
});
