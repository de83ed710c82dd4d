/** What people read where something between n8n and Gong answers, or Gong says no without saying why. */
import {
	oAuth2Credential,
	runNode,
	type RunOptions,
	type RunResult,
} from '../../harness/engine/engine';
import { load } from '../../harness/engine/panelLists';
import {
	accessOf,
	detailsOf,
	gongsOfThisFile,
	ON_ERROR,
	toldBy,
} from '../../harness/engine/support';
import { DEMO_ACCOUNT, makeData, type Fault, type LocalGong } from '../../harness/gong';

const startGong = gongsOfThisFile();
const DATA = makeData({
	users: ['11', '12', '13'],
	calls: ['1', '2'].map((id) => ({ id, users: ['11'] })),
});

const READ: RunOptions['parameters'] = { callIds: '[1,2]' };
const WRITE: RunOptions['parameters'] = { operation: 'grant', callIds: '[1,2]', userIds: '12' };

/** The texts that a run shows: of the run that stopped, or of each item that failed. */
const textsOf = ({ error, items, errorItems, ...rest }: RunResult): string[] =>
	error
		? [toldBy({ error, items, errorItems, ...rest })]
		: [...items, ...errorItems].map(({ json }) => String(json.error));

const runWith = async (
	gong: LocalGong,
	parameters: RunOptions['parameters'],
	onError: (typeof ON_ERROR)[number],
	rest: Partial<RunOptions> = {},
): Promise<string[]> =>
	textsOf(await runNode(gong, { parameters, settings: { onError }, ...rest }));

const ASK =
	'it may come from a proxy, a firewall or a service that protects Gong. Check the Base URL in the credential. If it is right, ask the administrator of n8n or of your network to let n8n reach it.';
const PAGE = `What came back is a web page, and not Gong's own answer: ${ASK}`;
const NO_PAGE = `What came back is not Gong's own answer: ${ASK}`;

const BETWEEN: [name: string, fault: Fault, title: string, advice: string][] = [
	[
		'a block page',
		{ kind: 'block' },
		'Something between n8n and Gong blocked the request (status 403): "Attention Required! | Cloudflare"',
		PAGE,
	],
	[
		'a page whose title has entities',
		{ kind: 'block', title: 'Access denied &#8211; R&amp;D &lt;proxy&gt;' },
		'Something between n8n and Gong blocked the request (status 403): "Access denied – R&D <proxy>"',
		PAGE,
	],
	[
		'a page without a title',
		{ kind: 'body', status: 403, raw: '<html><body><h1>Blocked</h1></body></html>' },
		'Something between n8n and Gong blocked the request (status 403)',
		PAGE,
	],
	[
		'a sign-in page',
		{ kind: 'block', status: 401, title: 'Sign in to continue' },
		'Something between n8n and Gong answered in Gong\'s place (status 401): "Sign in to continue"',
		PAGE,
	],
	[
		'a page of status 400',
		{ kind: 'block', status: 400, title: '400 Bad Request' },
		'Something between n8n and Gong answered in Gong\'s place (status 400): "400 Bad Request"',
		PAGE,
	],
	[
		"a gateway's JSON",
		{ kind: 'block', by: 'gatewayJson' },
		'Something between n8n and Gong blocked the request (status 403): "Forbidden"',
		NO_PAGE,
	],
	[
		'an empty 403',
		{ kind: 'block', by: 'emptyAnswer' },
		'Something between n8n and Gong blocked the request (status 403)',
		NO_PAGE,
	],
	[
		'a proxy that asks for a sign-in',
		{ kind: 'block', by: 'proxySignIn' },
		'The proxy between n8n and Gong asks for a sign-in (status 407): "Proxy Authentication Required"',
		"Give the proxy's user and password in its address: under 'Request Options' > 'Proxy' in this node, or where the administrator of n8n set the proxy.",
	],
];

describe.each(BETWEEN)('%s', (_name, fault, title, advice) => {
	test.each(ON_ERROR)('is told as what it is, set to %s', async (onError) => {
		const gong = await startGong({ data: DATA });
		gong.fail({ ...fault, times: Infinity });
		const parted = onError === 'stopWorkflow' ? '\n' : '. ';
		expect(await runWith(gong, READ, onError)).toEqual([`${title}${parted}${advice}`]);
		const before = accessOf(gong);
		const [told, ...others] = await runWith(gong, WRITE, onError);
		expect(told).toContain(`${title}${parted}${advice}`);
		expect(told).not.toMatch(/scope|Access Key|Check the IDs/);
		expect(others).toEqual([]);
		expect(accessOf(gong)).toEqual(before);
	});

	test('leaves open whether a change was carried out, except where a proxy asks to sign in', async () => {
		// A filter of answers steps in after Gong has carried it out.
		const isSignIn = fault.kind === 'block' && fault.by === 'proxySignIn';
		const gong = await startGong({ data: DATA });
		gong.fail({ ...fault, times: Infinity, applied: !isSignIn });
		const [told, ...others] = (
			await runNode(gong, { parameters: WRITE, settings: { onError: 'continueRegularOutput' } })
		).items;
		expect(others).toEqual([]);
		expect(detailsOf(told).outcome).toBe(isSignIn ? 'notSent' : 'unknown');
		expect(accessOf(gong)).toEqual(
			isSignIn ? { 1: ['11'], 2: ['11'] } : { 1: ['11', '12'], 2: ['11', '12'] },
		);
	});

	test('ends a long run after three requests in a row', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({ ...fault, times: Infinity });
		const { items } = await runNode(gong, {
			parameters: { callIds: '[1,2,3,4,5,6]', options: { callsPerRequest: 1 } },
			settings: { onError: 'continueRegularOutput' },
		});
		expect(gong.log).toHaveLength(3);
		expect(items.map((item) => detailsOf(item).outcome)).toEqual(
			Array(items.length).fill('notSent'),
		);
	});
});

test('a page of status 200 is told by its title', async () => {
	const gong = await startGong({ data: DATA });
	gong.fail({ kind: 'block', status: 200, title: 'Corporate sign-in', times: Infinity });
	const [told] = await runWith(gong, READ, 'stopWorkflow');
	expect(told).toContain('a web page with the title "Corporate sign-in"');
});

test.each([404, 503])('a page of status %d is told beside what the status says', async (status) => {
	const gong = await startGong({ data: DATA });
	gong.fail({ kind: 'block', status, title: 'Nothing here', times: Infinity });
	const [told] = await runWith(gong, READ, 'stopWorkflow');
	expect(told).toContain(`(status ${status})`);
	expect(told).toContain('What answered is a web page with the title "Nothing here", so it may');
});

describe("a gateway's 408", () => {
	const TIMED_OUT: Fault = { kind: 'status', status: 408 };

	test('passes like a 503', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({ ...TIMED_OUT, times: 1 });
		const { items } = await runNode(gong, { parameters: WRITE });
		expect(items.map(({ json }) => [json.callId, json.accepted])).toEqual([
			['1', true],
			['2', true],
		]);
		expect(gong.log.map(({ status }) => status)).toEqual([408, 200]);
	});

	test('that lasts leaves open whether a change was carried out', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({ ...TIMED_OUT, times: Infinity, applied: true });
		const { items } = await runNode(gong, {
			parameters: WRITE,
			settings: { onError: 'continueRegularOutput' },
		});
		expect(items.map((item) => detailsOf(item).outcome)).toEqual(['unknown']);
		expect(items[0].json.error).toContain('Gong is not available at the moment (status 408)');
		expect(accessOf(gong)).toEqual({ 1: ['11', '12'], 2: ['11', '12'] });
	});
});

test('a list of the panel tells it too', async () => {
	const gong = await startGong({ data: DATA });
	gong.fail({ kind: 'block' });
	await expect(load(gong, 'getUsers')).rejects.toMatchObject({ message: BETWEEN[0][2] });
});

describe("a 403 of Gong's own that names no scope", () => {
	const TITLE =
		'Gong did not allow this (status 403). It says: Requests from this IP address are not allowed';
	const REASONS =
		'Either n8n calls from an address that is not among the trusted IPs of the key, or the key has expired, or it may not do what was asked. Ask a Gong technical administrator to look at the key (Admin center > Settings > API).';
	const untrusted = async (): Promise<LocalGong> =>
		await startGong({ data: DATA, accounts: [{ ...DEMO_ACCOUNT, trustedIps: ['192.0.2.1'] }] });

	test.each(ON_ERROR)('lists what may be, set to %s', async (onError) => {
		const gong = await untrusted();
		const parted = onError === 'stopWorkflow' ? '\n' : '. ';
		for (const parameters of [READ, WRITE]) {
			const [told, ...others] = await runWith(gong, parameters, onError);
			expect(told).toContain(`${TITLE}${parted}${REASONS}`);
			expect(told).toContain('Gong request ID: ');
			expect(told).not.toMatch(/scope|api:/);
			expect(others).toEqual([]);
		}
		expect(gong.log).toHaveLength(2);
	});

	test('says with OAuth2 where the trusted IPs of the app are', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({ kind: 'status', status: 403, errors: ['Not from there'] });
		const [told] = await runWith(gong, { ...READ, authentication: 'oAuth2' }, 'stopWorkflow', {
			credential: oAuth2Credential(gong),
		});
		expect(told).toContain('Gong did not allow this (status 403). It says: Not from there\n');
		expect(told).toContain(
			'ask a Gong technical administrator to look at the app (Admin center > Settings > API > tab Integrations > ⋯ > Edit trusted IPs)',
		);
	});

	test.each<[path: string, parameters: RunOptions['parameters'], how: string]>([
		[
			'/v2/users',
			{ ...WRITE, userIds: 'ann@example.com' },
			'To do without, give user IDs in place of e-mail addresses.',
		],
		[
			'/v2/users/extensive',
			{ ...READ, options: { includeUserDetails: true } },
			"To do without, switch off the option 'Include User Details'.",
		],
		[
			'/v2/calls',
			{ callsFrom: 'period', period: 'last7Days' },
			"To do without, set 'Calls From' to 'Call IDs' or 'Input Field'.",
		],
		[
			'/v2/library/folders',
			{ operation: 'explain', ...READ, ways: ['participant', 'libraryFolder'] },
			"To do without, leave out 'Public Library Folder' under 'Ways'.",
		],
	])('of %s says how to do without', async (path, parameters, how) => {
		const gong = await startGong({ data: DATA });
		gong.fail({ kind: 'status', status: 403, errors: ['No'], match: { path }, times: Infinity });
		const [told] = await runWith(gong, parameters, 'stopWorkflow');
		expect(told).toContain('Gong did not allow this (status 403). It says: No\n');
		expect(told).toContain(how);
	});

	test('leaves the list of workspaces its entry for all', async () => {
		const gong = await startGong({ data: DATA });
		gong.fail({ kind: 'status', status: 403, errors: ['No'] });
		const [all, ...others] = await load(gong, 'getWorkspaces');
		expect(all).toMatchObject({
			value: '',
			description: expect.stringContaining('give its ID') as string,
		});
		expect(others).toEqual([]);
	});
});
