/**
 * Hostile answers, or answers from something other than Gong. The node always ends, says in plain words
 * what is wrong, and uses a bounded part of the memory that all workflows of an n8n share.
 */
import v8 from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { INodeParameters } from 'n8n-workflow';
import { runNode, type RunResult } from '../../harness/engine/engine';
import {
	detailsOf,
	gongsOfThisFile,
	jsonOf,
	ON_ERROR,
	secretsOf,
	toldBy,
	tracesOf,
} from '../../harness/engine/support';
import {
	DEMO_ACCOUNT,
	makeData,
	type Fault,
	type LocalGong,
	type GongAccount,
} from '../../harness/gong';
import { RAW_WORDS } from '../../harness/judging/rawWords';

const startGong = gongsOfThisFile();

const MB = 1024 * 1024;
const CALL = '7782342274025937895';
const DATA = makeData({ users: ['11', '12'], calls: [{ id: CALL, users: ['11'] }] });
const NESTED = 100_000;
const deep = '['.repeat(NESTED) + ']'.repeat(NESTED);

interface Hostile {
	name: string;
	fault: Fault | ((elsewhere: string) => Fault);
	words: RegExp;
	/** The reported outcome of a read and of a write; `refused` when Gong certainly did nothing. */
	outcome: 'unknown' | 'refused';
	/** For faults that take much memory, and so run one at a time. */
	floods?: true;
	/** For faults that never end, so that the request must time out. */
	stalls?: true;
}

const tooLong = {
	words: /longer than 64 MB.*Calls per Request/s,
	outcome: 'unknown',
	floods: true,
} as const;
const noAnswer = { words: /No whole answer/, outcome: 'unknown' } as const;
const stalls = { ...noAnswer, stalls: true } as const;
const body = (raw: string, rest: Partial<Fault> = {}): Fault =>
	({ kind: 'body', raw, ...rest }) as Fault;

const HOSTILE: Hostile[] = [
	...[false, true].flatMap((contentLength) =>
		(['json', 'garbage'] as const).map((of) => ({
			name: `100 MB of ${of}, ${contentLength ? 'announced' : 'not announced'}`,
			fault: { kind: 'flood', bytes: 100 * MB, of, contentLength } satisfies Fault,
			...tooLong,
		})),
	),
	{
		name: '100 MB, compressed to a thousandth of that',
		fault: { kind: 'flood', bytes: 100 * MB, gzip: true },
		...tooLong,
	},
	{ name: 'an answer without end', fault: { kind: 'flood' }, ...tooLong },
	{ name: 'one without end, compressed', fault: { kind: 'flood', gzip: true }, ...tooLong },
	{
		name: 'a refusal of 100 MB',
		fault: { kind: 'flood', bytes: 100 * MB, status: 400 },
		words: /refused with status 400/,
		outcome: 'refused',
		floods: true,
	},
	{ name: 'a byte of the body every so often, for ever', fault: { kind: 'drip' }, ...stalls },
	{
		name: 'a refusal that comes so',
		fault: { kind: 'drip', status: 400 },
		...stalls,
	},
	{
		name: 'a byte of the headers every so often, for ever',
		fault: { kind: 'drip', of: 'headers' },
		...stalls,
	},
	{ name: 'headers without end', fault: { kind: 'headers' }, ...stalls },
	{ name: 'no answer, ever', fault: { kind: 'stall' }, ...stalls },
	{
		name: 'JSON nested 100,000 deep',
		fault: body(deep),
		words: /it is a list, not an object|does not confirm the change/,
		outcome: 'unknown',
	},
	{
		name: 'JSON that is nested deep and never closed',
		fault: body('[{"a":'.repeat(NESTED)),
		words: /not whole JSON|does not confirm the change/,
		outcome: 'unknown',
	},
	{
		name: 'text that says it is compressed',
		fault: body('not gzip at all', { headers: { 'content-encoding': 'gzip' } } as Partial<Fault>),
		...noAnswer,
	},
	...([301, 302, 303, 307, 308] as const).map((status) => ({
		name: `a redirect with ${status} to another host`,
		fault: (url: string): Fault => ({ kind: 'redirect', status, url: `${url}/v2/calls` }),
		words: new RegExp(`redirect \\(status ${status}\\).*not followed`),
		outcome: 'refused' as const,
	})),
	{
		name: '60,000 complaints of 1 kB each',
		fault: { kind: 'status', status: 400, errors: Array(60_000).fill('No. '.repeat(250)) },
		words: /refused with status 400. It says: No\. No\..*\.\.\./,
		outcome: 'refused',
		floods: true,
	},
	{
		name: 'complaints in colour, with control characters, HTML and letters turned round',
		fault: {
			kind: 'status',
			status: 400,
			errors: ['\u001b[31mNo\u001b[0m\u0000\r\n<img src=x onerror="alert(1)"> \u202Enever'],
		},
		words: /It says: No <img src=x onerror="alert\(1\)"> never/,
		outcome: 'refused',
	},
	{
		name: 'complaints that are no text',
		fault: body(JSON.stringify({ requestId: {}, errors: [null, { a: 1 }, [deep.length]] }), {
			status: 400,
		} as Partial<Fault>),
		words: /refused with status 400/,
		outcome: 'refused',
	},
	...['1000000000000', '9'.repeat(400), 'Fri, 31 Dec 9999 23:59:59 GMT'].map((value) => ({
		name: `Retry-After: ${value.slice(0, 30)}`,
		fault: { kind: 'status', status: 429, headers: { 'retry-after': value } } satisfies Fault,
		words: /taking no more requests for 365 days or more.*another day/s,
		outcome: 'refused' as const,
	})),
	...['-5', 'NaN', 'soon', '', '0', '0.001', '0x10', '1e9', '<b>1</b>'].map((value) => ({
		name: `Retry-After: "${value}"`,
		fault: { kind: 'status', status: 429, headers: { 'retry-after': value } } satisfies Fault,
		words: /taking no more requests for \d+ seconds?\b.*will work again/s,
		outcome: 'refused' as const,
	})),
];

const OPERATIONS = ['list', 'grant', 'revoke'] as const;
type Operation = (typeof OPERATIONS)[number];
type Results = Record<'stopped' | 'continued', RunResult> & { account: GongAccount };

/** More than this must not be in use at any time, in bytes. */
const MOST_MEMORY = 450 * MB;

v8.setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/**
 * The most memory that was in use while something ran, over what was in use before, in bytes. Where it is too much,
 * what is garbage by then does not count: when V8 collects it depends on the machine.
 */
async function memoryOf<T>(work: () => Promise<T>): Promise<{ value: T; bytes: number }> {
	const taken = (): number => {
		const { heapUsed, external } = process.memoryUsage();
		return heapUsed + external;
	};
	collectGarbage();
	const before = taken();
	let most = before;
	const look = (): void => {
		if (taken() - before >= MOST_MEMORY) collectGarbage();
		most = Math.max(most, taken());
	};
	const timer = setInterval(look, 20);
	try {
		return { value: await work(), bytes: most - before };
	} finally {
		clearInterval(timer);
	}
}

async function run(
	gong: LocalGong,
	operation: Operation,
	onError: (typeof ON_ERROR)[number],
	more: INodeParameters = {},
): Promise<RunResult> {
	return await runNode(gong, {
		parameters: { operation, callIds: CALL, userIds: '12', options: { maxWait: 2 }, ...more },
		settings: { onError },
	});
}

describe('with any hostile answer', () => {
	let elsewhere: LocalGong;

	const results = new Map<Hostile, Partial<Record<Operation, Results>>>();
	const bytesOf = new Map<Hostile, number>();

	const meet = async (hostile: Hostile, operation: Operation): Promise<Results> => {
		const { fault, stalls } = hostile;
		// Each case has its own Gong, and so its own rate limiter.
		const gong = await startGong({ data: DATA });
		const one = typeof fault === 'function' ? fault(elsewhere.url) : fault;
		gong.fail({ ...one, times: Infinity });
		// Only when no answer arrives: other answers may take long on a busy machine.
		const more = stalls ? { requestOptions: { timeout: 1_500 } } : {};
		const stopped = await run(gong, operation, 'stopWorkflow', more);
		const continued = await run(gong, operation, 'continueRegularOutput', more);
		return { stopped, continued, account: gong.account };
	};

	beforeAll(async () => {
		elsewhere = await startGong({ data: DATA });
	});

	/** All cases that take little memory, in parallel: most of the time is waiting. */
	let met: Map<Hostile, Promise<void>> | undefined;
	const meetAll = () =>
		new Map(
			HOSTILE.filter(({ floods }) => !floods).map((hostile) => {
				const meeting = Promise.all(OPERATIONS.map(async (one) => await meet(hostile, one)));
				const done = meeting.then(([list, grant, revoke]) => {
					results.set(hostile, { list, grant, revoke });
				});
				// The tests of this case report the rejection.
				done.catch(() => undefined);
				return [hostile, done];
			}),
		);
	const meetAlone = async (hostile: Hostile): Promise<void> => {
		const { value, bytes } = await memoryOf(async () => ({
			list: await meet(hostile, 'list'),
			grant: await meet(hostile, 'grant'),
		}));
		results.set(hostile, value);
		bytesOf.set(hostile, bytes);
	};

	const FLOODS_FIRST = [...HOSTILE].sort((a, b) => Number(!a.floods) - Number(!b.floods));
	describe.each(FLOODS_FIRST)('$name', (hostile) => {
		const { words, outcome, floods } = hostile;
		const operations = OPERATIONS.filter((operation) => !floods || operation !== 'revoke');

		beforeAll(async () => {
			if (floods) return await meetAlone(hostile);
			met ??= meetAll();
			await met.get(hostile);
		}, 120_000);

		const resultOf = (operation: Operation): Results => {
			const result = results.get(hostile)?.[operation];
			if (!result) throw new Error('It was not run');
			return result;
		};

		test.each(operations)('%s: says what is wrong, in plain words', (operation) => {
			const { stopped, continued } = resultOf(operation);
			expect(toldBy(stopped)).toMatch(words);
			expect(continued.error).toBeUndefined();
			expect(String(continued.items[0].json.error)).toMatch(words);
			for (const text of [toldBy(stopped), String(continued.items[0].json.error)]) {
				expect(text).not.toMatch(RAW_WORDS);
				expect(text).not.toMatch(/\p{Cc}(?<!\n)/u);
				expect(text.length).toBeLessThan(2_500);
			}
		});

		test.each(operations)('%s: says whether it may have been carried out', (operation) => {
			const [item] = resultOf(operation).continued.items;
			// A read changes nothing, even when its answer is lost.
			const said = operation === 'list' && outcome === 'unknown' ? 'notSent' : outcome;
			expect(detailsOf(item)).toMatchObject({ callIds: [CALL], outcome: said });
		});

		if (floods) {
			test('takes a bounded part of the memory', () => {
				expect(bytesOf.get(hostile)).toBeLessThan(MOST_MEMORY);
			});
		}

		test('shows no key, and sends none to another host', () => {
			for (const { stopped, continued, account } of operations.map(resultOf)) {
				for (const text of [stopped, continued].map(tracesOf)) {
					for (const secret of secretsOf(account)) expect(text).not.toContain(secret);
				}
			}
			expect(elsewhere.log).toEqual([]);
		});
	});

	test('does not retry an answer that is too long', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({ kind: 'flood', bytes: 100 * MB, times: Infinity });
		await run(gong, 'list', 'stopWorkflow');
		expect(gong.log).toHaveLength(1);
	});

	test('reads an answer of a permitted length, compressed or not', async () => {
		const gong = await startGong({ data: DATA });
		for (const gzip of [false, true]) {
			gong.fail({ kind: 'flood', bytes: 60 * MB, gzip });
			const { items } = await run(gong, 'list', 'stopWorkflow');
			expect(jsonOf(items)).toMatchObject([{ callId: CALL, users: [{ userId: '11' }] }]);
		}
	}, 60_000);

	test('reads a slow answer that arrives in time', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({ kind: 'slow', pieces: 10, ms: 100 });
		const more = { requestOptions: { timeout: 10_000 } };
		const { items } = await run(gong, 'list', 'stopWorkflow', more);
		expect(items).toHaveLength(1);
		expect(gong.log).toHaveLength(1);
	});

	test('cancels an execution although an answer still drips', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({ kind: 'drip', times: Infinity });
		const { run: ended } = await runNode(gong, {
			parameters: { callIds: CALL, requestOptions: { timeout: 3_600_000 } },
			cancelAfter: 500,
		});
		expect(ended.status).toBe('canceled');
	});

	test('shows no part of a key that is repeated where the text is cut', async () => {
		const gong = await startGong({ data: DATA });
		const { accessKeySecret } = DEMO_ACCOUNT;
		for (let before = 490; before < 500; before += 3) {
			const errors = [`${'x'.repeat(before)}${accessKeySecret}`];
			gong.fail({ kind: 'status', status: 400, errors });
		}
		for (let times = 0; times < 4; times++) {
			const result = await run(gong, 'list', 'stopWorkflow');
			expect(toldBy(result)).toContain('xxx');
			expect(tracesOf(result)).not.toContain(accessKeySecret.slice(0, 4));
		}
	});
});

describe('a million users', () => {
	const MILLION = 1_000_000;
	let gong: LocalGong;

	beforeAll(async () => {
		gong = await startGong({ data: DATA });
		const users = Array.from({ length: MILLION }, (_, place) => ({
			userId: String(10n ** 18n + BigInt(place)),
		}));
		const raw = JSON.stringify({ requestId: 'r', callAccessList: [{ callId: CALL, users }] });
		gong.fail({ kind: 'body', raw, times: Infinity });
	});

	test('give one row by calls', async () => {
		const { items, error } = await run(gong, 'list', 'stopWorkflow');
		expect(error).toBeUndefined();
		expect(items).toHaveLength(1);
		expect(items[0].json.users).toHaveLength(MILLION);
	}, 60_000);

	test.each(['users', 'people'])(
		'are refused by %s, since n8n cannot take as many rows from one item',
		async (splitInto) => {
			const stopped = await run(gong, 'list', 'stopWorkflow', { splitInto });
			expect(toldBy(stopped)).toMatch(/gives 1000000 rows.*110000 at most.*several input items/s);
		},
		60_000,
	);

	test('give an error item on continue, and no user is looked up', async () => {
		const before = gong.log.length;
		const { items } = await run(gong, 'list', 'continueErrorOutput', {
			splitInto: 'users',
			options: { includeUserDetails: true, includeCallDetails: true },
		}).then(({ errorItems }) => ({ items: errorItems }));
		expect(detailsOf(items[0])).toMatchObject({ reason: 'tooManyRows', callIds: [CALL] });
		const asked = gong.log.slice(before).map(({ path }) => path);
		expect(asked.filter((path) => path.includes('users/extensive'))).toEqual([]);
	}, 60_000);

	test('with one e-mail address are reported in a short message', async () => {
		const other = await startGong({ data: DATA });
		const users = Array.from({ length: MILLION / 5 }, (_, place) => ({
			id: String(place),
			emailAddress: 'a@example.com',
		}));
		other.fail({ kind: 'body', raw: JSON.stringify({ requestId: 'r', users, records: {} }) });
		const result = await run(other, 'grant', 'stopWorkflow', { userIds: 'A@example.com' });
		expect(toldBy(result)).toMatch(/that 200000 Gong users have.*0, 1, 2.*and 199990 more/s);
		expect(other.log).toHaveLength(1);
	}, 60_000);
});

describe('names that mean something to JavaScript', () => {
	const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];

	const answering = async (raw: string): Promise<LocalGong> => {
		const gong = await startGong({ data: DATA });
		gong.fail({ kind: 'body', raw, times: Infinity });
		return gong;
	};

	test.each(['calls', 'users', 'people'] as const)(
		'are user IDs like any other, by %s',
		async (splitInto) => {
			const users = NAMES.map((userId) => ({ userId }));
			const gong = await answering(
				JSON.stringify({ requestId: 'r', callAccessList: [{ callId: CALL, users }] }),
			);
			const { items, error } = await run(gong, 'list', 'stopWorkflow', { splitInto });
			expect(error).toBeUndefined();
			const listed = jsonOf(items).flatMap((json) =>
				splitInto === 'calls' ? (json.users as { userId: string }[]) : [json],
			);
			expect(listed.map(({ userId }) => userId)).toEqual(NAMES);
		},
	);

	test.each(NAMES)('refuses %s as a call that was not requested', async (callId) => {
		const gong = await answering(`{"requestId":"r","callAccessList":[{"callId":"${callId}"}]}`);
		const result = await run(gong, 'list', 'stopWorkflow');
		expect(toldBy(result)).toContain(`names call "${callId}", which was not asked for`);
	});

	test.each(NAMES)('ignores %s as a key anywhere', async (key) => {
		const junk = `"${key}":{"polluted":true,"callAccessList":1,"users":1,"userId":{},"requestId":2}`;
		const gong = await answering(
			`{${junk},"requestId":"r","callAccessList":[{${junk},"callId":"${CALL}","users":[{${junk},"userId":"11"}]}]}`,
		);
		const { items } = await run(gong, 'list', 'stopWorkflow');
		expect(jsonOf(items)).toEqual([{ callId: CALL, users: [{ userId: '11' }], requestId: 'r' }]);
	});

	test.each(NAMES)('does not let %s supply a missing field', async (key) => {
		const gong = await answering(
			`{"${key}":{"requestId":"r","callAccessList":[{"callId":"${CALL}","users":[{"userId":"66"}]}]}}`,
		);
		const result = await run(gong, 'list', 'stopWorkflow');
		expect(toldBy(result)).toContain('neither a requestId nor a callAccessList');
	});

	test.each(NAMES)('finds no field %s in an item without it', async (path) => {
		const gong = await startGong({ data: DATA });
		const fields = { callsFrom: 'field', callIdField: path };
		const result = await run(gong, 'list', 'stopWorkflow', fields);
		expect(toldBy(result)).toMatch(/'Call ID Field'/);
		expect(toldBy(result)).not.toMatch(/native code|function/);
		const users = { usersFrom: 'field', userIdField: `${path}.${path}` };
		const written = await run(gong, 'grant', 'stopWorkflow', users);
		expect(toldBy(written)).toMatch(/'User ID Field'/);
		expect(gong.log).toEqual([]);
	});

	test.each(NAMES)('reads %s in details of users and calls like any other value', async (name) => {
		const gong = await startGong({ data: DATA });
		const json = (text: string, path: RegExp): Fault => ({
			kind: 'body',
			raw: text,
			match: { path },
		});
		gong.fail(
			json(
				`{"requestId":"r","callAccessList":[{"callId":"${CALL}","users":[{"userId":"${name}"}]}]}`,
				/users-access/,
			),
		);
		gong.fail(
			json(`{"users":[{"id":"${name}","firstName":"${name}","emailAddress":null}]}`, /users\/ext/),
		);
		gong.fail(json(`{"calls":[{"metaData":{"id":"${CALL}","${name}":{}}}]}`, /calls\/ext/));
		const { items, error } = await run(gong, 'list', 'stopWorkflow', {
			splitInto: 'users',
			options: { includeUserDetails: true, includeCallDetails: true },
		});
		expect(error).toBeUndefined();
		expect(jsonOf(items)).toMatchObject([
			{
				callId: CALL,
				callTitle: null,
				userId: name,
				userName: name,
				userEmail: null,
				userActive: null,
			},
		]);
	});

	test('never change what all objects share', () => {
		expect(Object.keys(Object.prototype)).toEqual([]);
		expect(({} as Record<string, unknown>).polluted).toBeUndefined();
	});

	test('reads such a field of an item that really has it', async () => {
		const gong = await startGong({ data: DATA });
		const { items } = await runNode(gong, {
			parameters: { callsFrom: 'field', callIdField: 'constructor' },
			items: [{ constructor: CALL }],
			alone: true,
		});
		expect(jsonOf(items)).toMatchObject([{ callId: CALL }]);
	});
});

describe('JSON with repeated keys or deep nesting', () => {
	test.each([
		['a key twice', `{"requestId":"q","requestId":"r","callAccessList":[%]}`],
		['a call twice', `{"requestId":"r","callAccessList":[%,%,{"callId":"${CALL}"}]}`],
		['100,000 levels beside the list', `{"requestId":"r","x":${deep},"callAccessList":[%]}`],
		['a mark before it', `\uFEFF{"requestId":"r","callAccessList":[%]}`],
	])('gives the right row with %s', async (_name, pattern) => {
		const gong = await startGong({ data: DATA });
		const entry = `{"callId":"${CALL}","users":[{"userId":"11"},{"userId":"11"}]}`;
		gong.fail({ kind: 'body', raw: pattern.replaceAll('%', entry) });
		const { items } = await run(gong, 'list', 'stopWorkflow');
		expect(jsonOf(items)).toEqual([{ callId: CALL, users: [{ userId: '11' }], requestId: 'r' }]);
	});

	test.each([
		['a list', `"callAccessList":${deep}`],
		['a call', `"callAccessList":[{"callId":${deep}}]`],
		['a list of users', `"callAccessList":[{"callId":"${CALL}","users":${deep}}]`],
		['a user', `"callAccessList":[{"callId":"${CALL}","users":[{"userId":${deep}}]}]`],
	])('refuses %s of 100,000 levels in words', async (_name, part) => {
		const gong = await startGong({ data: DATA });
		gong.fail({ kind: 'body', raw: `{"requestId":"r",${part}}`, times: Infinity });
		const result = await run(gong, 'list', 'stopWorkflow');
		expect(toldBy(result)).toMatch(/not one that Gong documents/);
		expect(toldBy(result)).not.toMatch(RAW_WORDS);
	});

	test('does not repeat a very long request ID in every row', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({ kind: 'body', change: (answer) => ({ ...(answer as object), requestId: deep }) });
		const { items } = await run(gong, 'list', 'stopWorkflow');
		expect(String(items[0].json.requestId).length).toBeLessThan(200);
	});
});

describe('an input value that is made to be slow or to look right', () => {
	const runWith = async (ids: unknown, items = 1): Promise<RunResult> =>
		await runNode(await startGong({ data: DATA }), {
			parameters: { callsFrom: 'field', callIdField: 'ids' },
			items: Array.from({ length: items }, () => ({ ids }) as never),
			settings: { onError: 'continueRegularOutput' },
		});
	const processorTime = async (work: () => Promise<unknown>): Promise<number> => {
		const before = process.cpuUsage();
		await work();
		const { user, system } = process.cpuUsage(before);
		return user + system;
	};

	test.each<[string, (size: number) => string]>([
		['an unfinished list of one string of escapes', (size) => `["${'\\"'.repeat(size)}`],
		['a link of slashes', (size) => `https://app.gong.io/call${'/'.repeat(4 * size)}x?id=1`],
	])('17: does not slow n8n down as it grows: %s', async (_what, make) => {
		const small = make(2_000);
		const large = make(40_000);
		await runWith(small);
		const atFirst = await processorTime(async () => await runWith(small));
		// A run costs far more than this reading; 400 times as much would still show.
		expect((await processorTime(async () => await runWith(large))) / atFirst).toBeLessThan(15);
		const { items } = await runWith(make(1_000_000), 3);
		expect(items.map((item) => detailsOf(item).reason)).toEqual(Array(3).fill('badInput'));
		expect(JSON.stringify(items).length).toBeLessThan(5_000);
	});

	test('21: with a zero-width character in an ID is refused, showing the character', async () => {
		const { items } = await runWith(`${CALL.slice(0, 3)}\u200b${CALL.slice(3)}`);
		expect(items[0].json.error).toContain(`"778\\u200b${CALL.slice(3)}"`);
		expect(items[0].json.error).toMatch(/cannot be seen/);
	});

	test('21: with a byte order mark inside an ID is not read as two IDs', async () => {
		const { items } = await runWith(`${CALL.slice(0, 3)}\ufeff${CALL.slice(3)}`);
		expect(items[0].json.error).toContain(`"778\\ufeff${CALL.slice(3)}"`);
	});
});
