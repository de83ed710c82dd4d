/** Servers that speak https with a certificate that cannot be trusted: no key is sent to them. */
import { runNode } from '../../harness/engine/engine';
import { load } from '../../harness/engine/panelLists';
import { detailsOf, gongsOfThisFile, ON_ERROR, toldBy } from '../../harness/engine/support';
import { makeData, type Fault, type LocalGong } from '../../harness/gong';
import { RAW_WORDS } from '../../harness/judging/rawWords';
import { makeCertificates, type Certificates } from '../../harness/system/certificates';

const startGong = gongsOfThisFile();
const DATA = makeData({ users: ['11'], calls: [{ id: '1', users: ['11'] }] });

const KINDS = [
	['untrusted', /certificate of the Base URL is not trusted.*make n8n trust it/s],
	['expired', /certificate of the Base URL has expired.*clock/s],
	['elsewhere', /issued for another address/],
] as const;

describe('a certificate that cannot be trusted', () => {
	let certificates: Certificates;
	const gongs: Partial<Record<keyof Certificates, LocalGong>> = {};

	beforeAll(async () => {
		certificates = await makeCertificates();
		for (const [kind] of KINDS) {
			gongs[kind] = await startGong({ data: DATA, tls: certificates[kind] });
		}
	}, 60_000);

	const gongOf = (kind: keyof Certificates): LocalGong => {
		const gong = gongs[kind];
		if (!gong) throw new Error('It did not start');
		return gong;
	};

	// Seen as expired only where the authority is trusted; tested in a real n8n.
	const SEEN_HERE = KINDS.filter(([kind]) => kind === 'untrusted');

	describe.each(SEEN_HERE)('%s', (kind, words) => {
		test.each(['list', 'grant', 'revoke', 'replace'])(
			'%s: is reported in words, and nothing is sent',
			async (operation) => {
				for (const onError of ON_ERROR) {
					const result = await runNode(gongOf(kind), {
						parameters: { operation, callIds: '1', userIds: '11' },
						settings: { onError },
					});
					const [item] = [...result.items, ...result.errorItems];
					const message = onError === 'stopWorkflow' ? toldBy(result) : String(item.json.error);
					expect(message).toMatch(words);
					expect(message).not.toMatch(RAW_WORDS);
					expect(onError === 'stopWorkflow' ? 'notSent' : detailsOf(item).outcome).toBe('notSent');
				}
				expect(gongOf(kind).log).toEqual([]);
			},
		);

		test.each(['getCalls', 'getUsers'] as const)(
			'%s: is reported by the list too',
			async (method) => {
				await expect(load(gongOf(kind), method)).rejects.toThrow(/is not trusted/);
				expect(gongOf(kind).log).toEqual([]);
			},
		);
	});

	test.each(KINDS)('%s is accepted with Ignore SSL Issues on', async (kind) => {
		const { items } = await runNode(gongOf(kind), {
			parameters: { callIds: '1', requestOptions: { allowUnauthorizedCerts: true } },
		});
		expect(items).toHaveLength(1);
	});
});

describe('a listing without end', () => {
	const page = (change: (page: number) => object): Fault => {
		let number = 0;
		return {
			kind: 'body',
			change: () => ({ requestId: 'r', users: [], calls: [], ...change(number++) }),
			times: Infinity,
		};
	};
	const cursor = (text: string) => ({ records: { cursor: text } });
	const NEVER_ENDING: [string, () => Fault, RegExp, number][] = [
		['the same cursor again', () => page(() => cursor('again')), /round in a circle/, 2],
		['two cursors in turn', () => page((at) => cursor(`c${at % 2}`)), /round in a circle/, 3],
		[
			'a new cursor for ever with empty pages',
			() => page((at) => cursor(`c${at}`)),
			/go on without end, the last 25 with nothing new/,
			25,
		],
		[
			'a new cursor for ever with the same entry',
			() =>
				page((at) => ({
					...cursor(`c${at}`),
					users: [{ id: '7', emailAddress: 'x@example.com' }],
					calls: [{ id: '1' }],
				})),
			/go on without end/,
			26,
		],
	];

	describe.each(NEVER_ENDING)('%s', (_name, fault, words, requests) => {
		const endless = async (): Promise<LocalGong> => {
			const gong = await startGong({ data: DATA });
			gong.fail({ ...fault(), match: { method: 'GET' } });
			return gong;
		};

		test('of the calls of a period ends in words', async () => {
			const gong = await endless();
			const result = await runNode(gong, {
				parameters: {
					callsFrom: 'period',
					period: 'custom',
					periodStart: '2026-01-01T00:00:00Z',
					periodEnd: '2026-02-01T00:00:00Z',
				},
			});
			expect(toldBy(result)).toMatch(words);
			// In each of the stretches into which the period was cut meanwhile.
			expect(gong.log.length).toBeLessThanOrEqual(6 * requests);
		});

		test('of the users for an address look-up ends in words, and nothing is written', async () => {
			const gong = await endless();
			const { items } = await runNode(gong, {
				parameters: { operation: 'grant', callIds: '1', userIds: 'maria@example.com' },
				settings: { onError: 'continueRegularOutput' },
			});
			expect(String(items[0].json.error)).toMatch(words);
			expect(detailsOf(items[0]).outcome).toBe('notSent');
			expect(gong.log).toHaveLength(requests);
		});
	});

	test('in the panel ends in words', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail(page(() => cursor('again')));
		await expect(load(gong, 'getUsers')).rejects.toThrow(/round in a circle/);
	});
});

describe('a list in the panel', () => {
	test.each([301, 302, 303, 307, 308] as const)(
		'sends no key to another host on a redirect with %i',
		async (status) => {
			const elsewhere = await startGong({ data: DATA });
			const gong = await startGong({ data: DATA });
			for (const method of ['getUsers', 'getCalls'] as const) {
				gong.fail({ kind: 'redirect', status, url: `${elsewhere.url}/v2/users` });
				await expect(load(gong, method)).rejects.toThrow(/redirect/);
			}
			expect(elsewhere.log).toEqual([]);
		},
	);

	test.each([
		['a drip', { kind: 'drip' }, 700, /No whole answer/],
		['a flood', { kind: 'flood' }, 0, /longer than 64 MB/],
		[
			'a wait of 10^12 seconds',
			{ kind: 'status', status: 429, headers: { 'retry-after': '1000000000000' } },
			0,
			/no more requests/,
		],
	] as [string, Fault, number, RegExp][])(
		'ends in words after %s',
		async (_name, fault, ms, words) => {
			const gong = await startGong({ data: DATA });
			gong.fail({ ...fault, times: Infinity });
			const parameters = { requestOptions: { timeout: ms } };
			await expect(load(gong, 'getUsers', {}, parameters)).rejects.toThrow(words);
		},
	);
});
