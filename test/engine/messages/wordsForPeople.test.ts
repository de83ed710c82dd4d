/** Messages name the cause as people know it: the names on the screen, what was typed, the other item, the user. */
import { setGlobalState, type IDataObject } from 'n8n-workflow';
import { runNode, type RunOptions } from '../../harness/engine/engine';
import { load } from '../../harness/engine/panelLists';
import {
	accessOf,
	detailsOf,
	gongsOfThisFile,
	ON_ERROR,
	toldBy,
	watchLog,
} from '../../harness/engine/support';
import { DEMO_ACCOUNT, makeData, type Fault, type LocalGong } from '../../harness/gong';

const startGong = gongsOfThisFile();

const DATA = makeData({
	users: ['11', '12', '13'],
	calls: ['1', '2', '3', '4', '5'].map((id) => ({ id, users: ['11'] })),
});
const CONTINUE = { settings: { onError: 'continueRegularOutput' } } satisfies RunOptions;
const IDS = { callIds: '={{ $json.calls }}', userIds: '={{ $json.users }}' };

describe('bad input', () => {
	const saidOf = async (parameters: RunOptions['parameters'], items = [{}]): Promise<string> => {
		const gong = await startGong({ data: DATA });
		const result = await runNode(gong, { parameters: { callIds: '1', ...parameters }, items });
		expect(gong.log).toEqual([]);
		return toldBy(result);
	};

	test.each(['0x10', '1e2', '0b1', '+5', 'Infinity', '3,5', '', ' '])(
		'refuses %j as a rate, since it is no decimal number',
		async (requestsPerSecond) => {
			const told = await saidOf({ options: { requestsPerSecond } as never });
			expect(told).toContain("'Requests per Second' must be a number from 0.1 to 100");
		},
	);

	test.each(['0x10', '1e2'])('refuses %j as a whole number', async (callsPerRequest) => {
		const told = await saidOf({ options: { callsPerRequest } as never });
		expect(told).toContain("'Calls per Request' must be a whole number of at least 1");
	});

	test('accepts a decimal number as text', async () => {
		const gong = await startGong({ data: DATA });
		const options = { requestsPerSecond: '99.5', callsPerRequest: '10' } as never;
		const { items } = await runNode(gong, { parameters: { callIds: '1', options } });
		expect(items).toHaveLength(1);
	});

	test.each([
		[
			'callsFrom',
			'Calls From',
			/Call IDs \("ids"\), Input Field \("field"\), List \("list"\) or Period \("period"\),/,
		],
		[
			'splitInto',
			'Output Format',
			/One Item per Call \("calls"\), .* or One Item per Person \("people"\),/,
		],
	])('names the choices of %s as the screen does', async (name, label, expected) => {
		const fields = { callIdField: 'id', callList: ['1'] };
		const told = await saidOf({ ...fields, [name]: '={{ "sheet" }}' });
		expect(told).toContain(`'${label}' has no choice "sheet"`);
		expect(told).toMatch(expected);
	});

	test.each(['grant', 'revoke', 'replace'])(
		'says what works with a period: %s',
		async (operation) => {
			const told = await saidOf({ operation, callsFrom: 'period', userIds: '11' });
			expect(told).toContain("'Period' works only with Get Many and Explain");
			expect(told).toContain('put Get Many before this node and use its callId');
		},
	);

	test.each([
		['callIdField', '={{ $json.id }}', 'a call ID', "'Calls From' to 'Call IDs'"],
		['callIdField', '={{ Number($json.id) }}', 'a call ID', "'Calls From' to 'Call IDs'"],
		['callIdField', '7782342274025937895', 'a call ID', "'Calls From' to 'Call IDs'"],
		['userIdField', '={{ $json.email }}', 'an e-mail address', "'Users From' to 'Users'"],
		['userIdField', '={{ $json.user }}', 'a user ID', "'Users From' to 'Users'"],
	])("says so where a field's name is not one: %s, %s", async (name, value, what, instead) => {
		const label = name === 'callIdField' ? 'Call ID Field' : 'User ID Field';
		const told = await saidOf(
			name === 'callIdField'
				? { callsFrom: 'field', [name]: value }
				: { operation: 'grant', usersFrom: 'field', [name]: value },
			[{ id: '12', user: '234599484848423', email: 'ana@example.com' }],
		);
		expect(told).toContain(`'${label}' holds ${what}, not a field's name`);
		expect(told).toContain(`Set it to Fixed and drag the field in, or set ${instead}`);
	});

	test.each([
		['Jonas Berg', '"Jonas Berg"'],
		['11, Jonas van Berg; 12', '"Jonas van Berg"'],
		['11 Jonas Berg 12', '"Jonas Berg"'],
		['12\nPriya  Raman\n13', '"Priya Raman"'],
	])('shows the whole name that stands where an ID should: %j', async (userIds, shown) => {
		const told = await saidOf({ operation: 'grant', userIds });
		expect(told).toContain(`'Users' has a value that is not a user ID: ${shown}`);
	});

	test('says which field has no value', async () => {
		const told = await saidOf({ callsFrom: 'field', callIdField: 'id' }, [{ id: '' }]);
		expect(told).toContain('The field "id" has no value in this item');
		expect(told).toContain("'Call ID Field' reads this field");
	});

	test("shows a period without a moment in it by the workflow's clocks, and the rule", async () => {
		setGlobalState({ defaultTimezone: 'Asia/Kolkata' });
		const told = await saidOf({
			callsFrom: 'period',
			period: 'custom',
			periodStart: '2026-11-23T00:00:00',
			periodEnd: '2026-11-23T00:00:00',
		});
		setGlobalState({ defaultTimezone: 'America/New_York' });
		expect(told).toContain('2026-11-23 00:00 (Asia/Kolkata)');
		expect(told).toContain('to include a whole day, pick the day after it');
	});
});

describe('a list of the panel with nothing picked', () => {
	test.each([
		['Call Names or IDs', 'call', { callsFrom: 'list', callList: '={{ [] }}' }],
		['User Names or IDs', 'user', { operation: 'grant', usersFrom: 'list', userList: [] }],
	])('is to be picked from: %s', async (label, what, parameters) => {
		const gong = await startGong({ data: DATA });
		const told = toldBy(await runNode(gong, { parameters: { callIds: '1', ...parameters } }));
		expect(told).toContain(`'${label}' is empty\nPick at least one ${what} from the list.`);
		expect(gong.log).toEqual([]);
	});
});

describe('a call that Gong does not know', () => {
	test.each<RunOptions['parameters']>([
		{ operation: 'grant' },
		{ operation: 'revoke' },
		{ operation: 'replace' },
		{ operation: 'grant', options: { dryRun: true } },
	])("has no advice on 'Unknown Calls' in a change: %j", async (parameters) => {
		const gong = await startGong({ data: DATA });
		const told = toldBy(
			await runNode(gong, { parameters: { callIds: '[1,99]', userIds: '12', ...parameters } }),
		);
		expect(told).toContain('Gong does not know call 99');
		expect(told).toContain("set 'On Error' in the node's settings to 'Continue'");
		expect(told).not.toContain('Unknown Calls');
	});
});

describe('the item that n8n names beside the message of a stopped run', () => {
	const named = async (options: RunOptions, fault?: Fault): Promise<unknown> => {
		const gong = await startGong({ data: DATA, judge: undefined });
		if (fault) gong.fail({ ...fault, times: Infinity });
		const { error, run } = await runNode(gong, { parameters: IDS, ...options });
		expect(error).toBeDefined();
		const { context } = run.data.resultData.error as unknown as { context: IDataObject };
		// As n8n stores it for the editor.
		return (JSON.parse(JSON.stringify(context)) as IDataObject).itemIndex;
	};
	const THREE = [
		{ calls: '1', users: '12' },
		{ calls: '2', users: '12' },
		{ calls: '3', users: '12' },
	];
	const withOne = (odd: IDataObject, place: number): IDataObject[] =>
		THREE.map((item, index) => (index === place ? { ...item, ...odd } : item));

	test.each(['list', 'grant', 'revoke', 'replace'])(
		'is the one with the call that Gong does not know: %s',
		async (operation) => {
			const parameters = { ...IDS, operation };
			expect(await named({ parameters, items: withOne({ calls: '99' }, 1) })).toBe(1);
			const apart = { ...parameters, options: { callsPerRequest: 1 } };
			expect(await named({ parameters: apart, items: withOne({ calls: '[4,99]' }, 2) })).toBe(2);
		},
	);

	test('is the first of those that are wrong', async () => {
		const items = [...withOne({ calls: 'x' }, 1), { calls: 'y', users: '12' }];
		expect(await named({ items })).toBe(1);
	});

	test('is the one with an address that nobody has, also in a later batch of n8n', async () => {
		const requestOptions = { batching: { batch: { batchSize: 1, batchInterval: 5 } } };
		const items = withOne({ users: 'nobody@example.com' }, 2);
		const parameters = { ...IDS, operation: 'grant' };
		expect(await named({ parameters, items })).toBe(2);
		expect(await named({ parameters: { ...parameters, requestOptions }, items })).toBe(2);
		const last = [...items, { calls: '4', users: '12' }];
		expect(await named({ parameters: { ...parameters, requestOptions }, items: last })).toBe(2);
	});

	test.each<[string, RunOptions, Fault | undefined]>([
		['a wrong key', { credential: { accessKeySecret: 'wrong' } }, undefined],
		[
			'a Base URL that no key is sent to',
			{ credential: { baseUrl: 'http://gong.example' } },
			undefined,
		],
		['a limit', {}, { kind: 'status', status: 429, headers: { 'retry-after': '3600' } }],
		['a web page', {}, { kind: 'notJson' }],
		['a wrong path', {}, { kind: 'status', status: 404 }],
		['a Gong out of reach', {}, { kind: 'reset' }],
	])('is none for %s, which has nothing to do with an item', async (_what, options, fault) => {
		expect(await named({ items: THREE, ...options }, fault)).toBeUndefined();
	});

	test('is none for a change of several items that Gong refuses without saying for which', async () => {
		const items = withOne({ users: '999' }, 1);
		const parameters = { ...IDS, operation: 'grant' };
		expect(await named({ parameters, items })).toBeUndefined();
		const apart = { ...parameters, options: { callsPerRequest: 1 } };
		expect(await named({ parameters: apart, items })).toBe(1);
	});

	test('is the one whose credential Gong refuses, where they differ', async () => {
		const credential = { accessKeySecret: '={{ $json.secret }}' };
		const secret = DEMO_ACCOUNT.accessKeySecret;
		const items = THREE.map((item, index) => ({ ...item, secret: index === 1 ? 'no' : secret }));
		expect(await named({ items, credential })).toBe(1);
	});
});

describe('a change that Gong refuses', () => {
	/** Grants with Retry On Fail and two tries; Gong refuses what no earlier fault meets. */
	const grantTwice = async (gong: LocalGong): Promise<string> => {
		const match = { method: 'PUT' };
		gong.fail({ kind: 'status', status: 400, errors: ['Not today'], match, times: Infinity });
		const result = await runNode(gong, {
			parameters: { operation: 'grant', callIds: '[1,2]', userIds: '13' },
			settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 },
		});
		return toldBy(result);
	};

	test('names the user of the item that it refuses', async () => {
		const gong = await startGong({ data: DATA });
		const { items } = await runNode(gong, {
			parameters: { ...IDS, operation: 'grant' },
			items: [
				{ calls: '1', users: '12' },
				{ calls: '2', users: '999' },
			],
			...CONTINUE,
		});
		expect(items[0].json).toMatchObject({ callId: '1', accepted: true });
		expect(items[1].json.error).toContain('Gong does not know user 999. It says: Some users');
		expect(items[1].json.error).toContain('Affected call: 2.');
	});

	test('names the users of the only item, set to stop', async () => {
		const gong = await startGong({ data: DATA });
		const parameters = { operation: 'grant', callIds: '1', userIds: '[12,999]' };
		expect(toldBy(await runNode(gong, { parameters }))).toContain('users: 12, 999. It says');
	});

	test.each(ON_ERROR)('names the other items of a replaced call, set to %s', async (onError) => {
		const gong = await startGong({ data: DATA });
		const result = await runNode(gong, {
			parameters: { ...IDS, operation: 'replace' },
			items: [
				{ calls: '1', users: '11' },
				{ calls: '1', users: '12' },
				{ calls: '1', users: '999' },
			],
			settings: { onError },
		});
		const failed = [...result.items, ...result.errorItems].map(({ json }) => String(json.error));
		const told = onError === 'stopWorkflow' ? [toldBy(result)] : failed;
		expect(told).toHaveLength(onError === 'stopWorkflow' ? 1 : 3);
		for (const words of told) expect(words).toContain('together [items 0, 1, 2]');
	});

	test('is not called unknown when Retry On Fail was refused twice', async () => {
		const gong = await startGong({ data: DATA });
		const before = accessOf(gong);
		const told = await grantTwice(gong);
		expect(gong.log.filter(({ method }) => method === 'PUT')).toHaveLength(2);
		expect(accessOf(gong)).toEqual(before);
		expect(told).toContain('Not carried out for calls 1, 2.');
		expect(told).not.toContain('Not known whether');
	});

	test('stays unknown when the first try of Retry On Fail was lost', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({ kind: 'reset', match: { method: 'PUT' }, times: 4 });
		expect(await grantTwice(gong)).toContain('Not known whether carried out for calls 1, 2.');
	});
});

describe('a good item beside a bad one', () => {
	test.each([
		[
			'its calls and users',
			{ calls: 'x', users: 'x' },
			/Another item could not be used \[item 1\]/,
		],
		['its calls', { calls: 'x', users: '11' }, /named by another item \[item 1\]/],
		['its users', { calls: '1', users: 'x' }, /could not be used \[item 1\]/],
	])('says which item and has a reason of its own: %s', async (_what, bad, expected) => {
		const gong = await startGong({ data: DATA });
		const { items } = await runNode(gong, {
			parameters: { ...IDS, operation: 'replace' },
			items: [{ calls: '1', users: '12' }, bad],
			...CONTINUE,
		});
		expect(items[0].json.error).toMatch(expected);
		expect(detailsOf(items[0])).toMatchObject({ reason: 'otherItem', outcome: 'notSent' });
		expect(detailsOf(items[1])).toMatchObject({ reason: 'badInput' });
	});
});

describe('the list of calls', () => {
	test("shows times by the workflow's clocks", async () => {
		const data = makeData({
			calls: [{ id: '1', title: 'Demo', started: new Date(Date.now() - 60_000).toISOString() }],
		});
		const gong = await startGong({ data });
		setGlobalState({ defaultTimezone: 'Asia/Kolkata' });
		const [{ name }] = await load(gong, 'getCalls');
		setGlobalState({ defaultTimezone: 'America/New_York' });
		const shown = Date.parse(`${/\((.+)\)$/.exec(name)?.[1].replace(' ', 'T')}:00+05:30`);
		expect(Math.floor(shown / 60_000)).toBe(Math.floor(Date.parse(data.calls[0].started) / 60_000));
	});

	test('splits what is wrong with a base URL into title and description', async () => {
		const gong = await startGong({ data: DATA });
		const opening = load(gong, 'getCalls', { baseUrl: 'http://api.gong.io' });
		await expect(opening).rejects.toMatchObject({
			message: expect.stringMatching(
				/must start with https:\/\/.*http:\/\/api\.gong\.io$/,
			) as string,
			description: expect.stringContaining('Set Base URL in the credential') as string,
		});
		expect(gong.log).toEqual([]);
	});
});

describe('the log of a long run', () => {
	test('says which workflow and execution, how many calls, and that it ended', async () => {
		const lines = watchLog();
		const gong = await startGong({ data: DATA });
		gong.fail({ kind: 'status', status: 429, headers: { 'retry-after': '7' } });
		await runNode(gong, { parameters: { callIds: '[1,2,3]' } });
		jest.restoreAllMocks();
		const ours = lines.filter((line) => line.includes('Gong Call Access:'));
		expect(ours[0]).toMatch(/0 of 3 calls done, waiting .*workflow ".*".*execution 1\)/s);
		expect(ours.at(-1)).toMatch(/ended after \d+ seconds, 3 of 3 calls done \(workflow/);
	});
});
