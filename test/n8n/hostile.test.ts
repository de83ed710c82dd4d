import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { type Fault, type LocalGong, makeData, QUICK, startLocalGong } from '../harness/gong';
import { RAW_WORDS } from '../harness/judging/rawWords';
import { WITHOUT_EDITOR } from '../harness/n8n/environment';
import { CHAIN, chain } from '../harness/n8n/chain';
import type { Execution } from '../harness/n8n/execution';
import { storeForLocalGong } from '../harness/n8n/gongCredential';
import { type RunningN8n, startN8n } from '../harness/n8n/running';
import { describeWithN8n, SET_UP_MS } from '../harness/n8n/skipping';
import { DEFAULT_N8N } from '../harness/n8n/versions';
import { makeCertificates } from '../harness/system/certificates';

const MB = 1024 * 1024;

/** Whatever the answer, the n8n process that all workflows share keeps running. */
describeWithN8n(`hostile answers in a real n8n ${DEFAULT_N8N}`, () => {
	const CALL = '7782342274025937895';
	const data = makeData({ users: ['11'], calls: [{ id: CALL, users: ['11'] }] });

	let gong: LocalGong;
	const secure: Record<string, LocalGong> = {};
	let folder: string;
	let n8n: RunningN8n;

	beforeAll(async () => {
		gong = await startLocalGong({ latency: QUICK, data });
		const trusted = await makeCertificates('Trusted');
		const stranger = await makeCertificates('Stranger');
		secure.trusted = await startLocalGong({ latency: QUICK, data, tls: trusted.untrusted });
		secure.expired = await startLocalGong({ latency: QUICK, data, tls: trusted.expired });
		secure.elsewhere = await startLocalGong({ latency: QUICK, data, tls: trusted.elsewhere });
		secure.untrusted = await startLocalGong({ latency: QUICK, data, tls: stranger.untrusted });
		folder = await mkdtemp(path.join(tmpdir(), 'gong-call-access-authority-'));
		const authority = path.join(folder, 'authority.pem');
		await writeFile(authority, trusted.authority.cert);
		n8n = await startN8n({ ...WITHOUT_EDITOR, NODE_EXTRA_CA_CERTS: authority });
	}, SET_UP_MS);

	afterAll(async () => {
		await n8n?.dispose();
		for (const one of [gong, ...Object.values(secure)]) await one?.close();
		if (folder) await rm(folder, { recursive: true });
	});

	const run = async (
		from: LocalGong,
		fault?: Fault,
		parameters: Record<string, unknown> = {},
	): Promise<Execution> => {
		from.reset();
		if (fault) from.fail({ ...fault, times: Infinity });
		const workflow = chain({ parameters: { callIds: CALL, ...parameters } });
		const id = await storeForLocalGong(n8n.rest, from, workflow);
		return await n8n.rest.run(id, CHAIN.trigger, 150_000);
	};

	/** Grants access to the one call, set to continue. */
	const grant = async (to: LocalGong): Promise<Execution> => {
		const workflow = chain({
			parameters: {
				operation: 'grant',
				callIds: CALL,
				userIds: '11',
				requestOptions: { timeout: 1_000 },
			},
			settings: { onError: 'continueRegularOutput' },
		});
		const id = await storeForLocalGong(n8n.rest, to, workflow);
		return await n8n.rest.run(id, CHAIN.trigger);
	};

	const says = ({ status, error }: Execution): string => {
		const message = `${error?.message} ${error?.description ?? ''}`;
		expect(status).toBe('error');
		expect(message).not.toMatch(RAW_WORDS);
		return message;
	};

	/** The process answers and runs another workflow. */
	const expectLife = async (): Promise<void> => {
		const health = await fetch(`${n8n.url}/healthz`);
		expect(health.status).toBe(200);
		const other = await run(gong);
		expect(other.rows(CHAIN.after)).toMatchObject([{ callId: CALL, users: [{ userId: '11' }] }]);
	};

	it.each([
		['100 MB', { kind: 'flood', bytes: 100 * MB, contentLength: true }, {}, /longer than 64 MB/],
		['100 MB, compressed', { kind: 'flood', bytes: 100 * MB, gzip: true }, {}, /longer than 64 MB/],
		['garbage without end', { kind: 'flood', of: 'garbage' }, {}, /longer than 64 MB/],
		[
			'a body that drips forever',
			{ kind: 'drip' },
			{ requestOptions: { timeout: 1_000 } },
			/No whole answer/,
		],
		[
			'headers that drip forever',
			{ kind: 'drip', of: 'headers' },
			{ requestOptions: { timeout: 1_000 } },
			/No whole answer/,
		],
	] as [string, Fault, Record<string, unknown>, RegExp][])(
		'keeps running after %s',
		async (_name, fault, parameters, words) => {
			expect(says(await run(gong, fault, parameters))).toMatch(words);
			await expectLife();
		},
		180_000,
	);

	it('keeps running after a million users of one call', async () => {
		const users = Array.from({ length: 1_000_000 }, (_, place) => ({ userId: String(place) }));
		const json = { requestId: 'r', callAccessList: [{ callId: CALL, users }] };
		const message = says(await run(gong, { kind: 'body', json }, { splitInto: 'users' }));
		expect(message).toMatch(/gives 1000000 rows.*several input items/s);
		await expectLife();
	}, 240_000);

	it.each([
		['breaks off before it answers', { kind: 'reset' }],
		['breaks off within the answer', { kind: 'cut' }],
		['never answers', { kind: 'stall' }],
	] as [string, Fault][])(
		'retries when the connection %s, and says that a write may have been carried out',
		async (_name, fault) => {
			gong.reset();
			gong.fail({ ...fault, times: Infinity });
			const execution = await grant(gong);
			expect(execution.rows(CHAIN.ours)).toMatchObject([
				{
					error: expect.stringContaining('No whole answer') as unknown,
					details: { reason: 'noAnswer', outcome: 'unknown' },
				},
			]);
			expect(gong.log).toHaveLength(4);
		},
	);

	it('says that nothing was sent when the connection is refused', async () => {
		const closed = await startLocalGong({ latency: QUICK, data });
		await closed.close();
		const execution = await grant(closed);
		expect(execution.rows(CHAIN.ours)).toMatchObject([
			{
				error: expect.stringContaining('ECONNREFUSED') as unknown,
				details: { reason: 'noAnswer', outcome: 'notSent' },
			},
		]);
	});

	it('accepts a certificate from an authority that n8n trusts', async () => {
		const execution = await run(secure.trusted);
		expect(execution.rows(CHAIN.after)).toMatchObject([{ callId: CALL }]);
	});

	it.each([
		['untrusted', /certificate of the Base URL is not trusted/],
		['expired', /certificate of the Base URL has expired/],
		['elsewhere', /issued for another address/],
	])('sends no key when the certificate is %s', async (kind, words) => {
		expect(says(await run(secure[kind]))).toMatch(words);
		expect(secure[kind].log).toEqual([]);
		await expectLife();
	});
});
