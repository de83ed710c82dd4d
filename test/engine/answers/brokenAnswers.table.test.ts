/**
 * Writes that Gong carried out and whose answer then breaks. The node tries again, and says `unknown` when
 * no answer arrives. Only a failure that happens before sending is `notSent`.
 */
import { runNode, type RunResult } from '../../harness/engine/engine';
import { standBefore, type GoBetween } from '../../harness/engine/goBetween';
import { detailsOf, gongsOfThisFile, jsonOf } from '../../harness/engine/support';
import { makeData, type Fault, type LocalGong } from '../../harness/gong';
import { RAW_WORDS } from '../../harness/judging/rawWords';
import { makeCertificates } from '../../harness/system/certificates';

const startGong = gongsOfThisFile();
const DATA = makeData({ users: ['11', '12'], calls: [{ id: '1', users: ['11'] }] });
const TRIES = 4;

const WRITES = [
	['grant', 'PUT', ['11', '12']],
	['revoke', 'DELETE', []],
] as const;
type Operation = (typeof WRITES)[number][0];

const encoded = (encoding: string): Fault => ({
	kind: 'body',
	raw: `This is not ${encoding} at all`,
	headers: { 'content-encoding': encoding },
});

const BREAKS: [string, (between: GoBetween) => Fault][] = [
	['a TLS alert', ({ spoil }) => ({ kind: 'spoilt', spoil: () => spoil('gong') })],
	[
		'a TLS record that cannot be decrypted',
		({ spoil }) => ({ kind: 'spoilt', spoil: () => spoil('n8n') }),
	],
	...['br', 'gzip', 'deflate', 'zstd'].map((encoding): [string, () => Fault] => [
		`a body that says it is ${encoding}`,
		() => encoded(encoding),
	]),
	['an answer that is no HTTP', () => ({ kind: 'notHttp' })],
	['headers without end', () => ({ kind: 'headers' })],
];

interface Met {
	gong: LocalGong;
	result: RunResult;
}

async function write(gong: LocalGong, operation: Operation, url = gong.url): Promise<RunResult> {
	return await runNode(gong, {
		parameters: {
			operation,
			callIds: '1',
			userIds: operation === 'grant' ? '12' : '11',
			requestOptions: { allowUnauthorizedCerts: true },
		},
		credential: { baseUrl: url },
		settings: { onError: 'continueRegularOutput' },
	});
}

describe('a write that Gong carried out, answered with', () => {
	let tls: { key: string; cert: string };
	const betweens: GoBetween[] = [];

	beforeAll(async () => {
		tls = (await makeCertificates()).untrusted;
	}, 60_000);
	afterAll(async () => {
		await Promise.all(betweens.map(async (between) => await between.close()));
	});

	const meet = async (
		operation: Operation,
		makeFault: (between: GoBetween) => Fault,
		times: number,
		next?: Fault,
	): Promise<Met> => {
		const gong = await startGong({ data: DATA, tls });
		const between = await standBefore(gong.url);
		betweens.push(between);
		gong.fail({ ...makeFault(between), applied: true, times });
		if (next) gong.fail(next);
		return { gong, result: await write(gong, operation, between.url) };
	};

	const met = new Map<string, Met>();
	const metIn = (...names: string[]): Met => {
		const one = met.get(names.join());
		if (!one) throw new Error('It was not run');
		return one;
	};

	// Most of the time is waiting, so the cases run in parallel.
	beforeAll(async () => {
		const all = BREAKS.flatMap(([name, makeFault]) => [
			...WRITES.flatMap(([operation]) =>
				([Infinity, 1] as const).map(async (times) => {
					met.set([name, operation, times].join(), await meet(operation, makeFault, times));
				}),
			),
			meet('grant', makeFault, 1, { kind: 'status', status: 400, errors: ['Not today'] }).then(
				(one) => met.set([name, 'refused'].join(), one),
			),
		]);
		await Promise.all(all);
	}, 120_000);

	describe.each(BREAKS)('%s', (name) => {
		test.each(WRITES)(
			'%s: retries, then reports the outcome as unknown',
			(operation, method, users) => {
				const { gong, result } = metIn(name, operation, 'Infinity');
				expect(gong.state.accessSnapshot().apiAccess['1']).toEqual(users);
				expect(detailsOf(result.items[0])).toMatchObject({ callIds: ['1'], outcome: 'unknown' });
				expect(String(result.items[0].json.error)).not.toMatch(RAW_WORDS);
				expect(gong.log.map((entry) => entry.method)).toEqual(Array(TRIES).fill(method));
			},
		);

		test.each(WRITES)('%s: is accepted when the fault happens once', (operation) => {
			const { gong, result } = metIn(name, operation, '1');
			expect(jsonOf(result.items)).toMatchObject([{ callId: '1', accepted: true }]);
			expect(gong.log).toHaveLength(2);
		});

		test('reports unknown when the retry is refused, since the first try may have been carried out', () => {
			const { items } = metIn(name, 'refused').result;
			expect(detailsOf(items[0])).toMatchObject({ httpStatus: 400, outcome: 'unknown' });
		});
	});
});

describe('a write that cannot have been sent is reported as notSent after', () => {
	/** Checks the outcome and the message, and that Gong got no request. */
	const messagesOfWrites = async (baseUrl?: string): Promise<string> => {
		const gong = await startGong({ data: DATA });
		const messages: string[] = [];
		for (const [operation] of WRITES) {
			const { items } = await runNode(gong, {
				parameters: { operation, callIds: '1', userIds: '12' },
				credential: { baseUrl: baseUrl ?? gong.url.replace('http:', 'https:') },
				settings: { onError: 'continueRegularOutput' },
			});
			expect(detailsOf(items[0])).toMatchObject({ reason: 'noAnswer', outcome: 'notSent' });
			messages.push(String(items[0].json.error));
		}
		expect(gong.log).toEqual([]);
		return messages.join('\n');
	};

	test('a host name that is not found', async () => {
		expect(await messagesOfWrites('https://gong.invalid')).toMatch(
			/could not be reached|No whole answer/,
		);
	});

	test('a refused connection', async () => {
		const closed = await startGong({ data: DATA });
		await closed.close();
		expect(await messagesOfWrites(closed.url)).toMatch(/Base URL/);
	});

	test('https to a server that speaks plain http', async () => {
		expect(await messagesOfWrites()).toMatch(/does not speak https/);
	});

	test('a certificate that is not trusted', async () => {
		const { untrusted } = await makeCertificates();
		const gong = await startGong({ data: DATA, tls: untrusted });
		expect(await messagesOfWrites(gong.url)).toMatch(/certificate of the Base URL is not trusted/);
		expect(gong.log).toEqual([]);
	}, 60_000);
});
