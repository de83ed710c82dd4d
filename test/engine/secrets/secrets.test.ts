/** No key, no secret and no header made from them appears anywhere, whatever goes wrong. */
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { runNode, type RunOptions } from '../../harness/engine/engine';
import {
	gongsOfThisFile,
	ON_ERROR,
	secretsOf,
	tracesOf,
	watchLog,
} from '../../harness/engine/support';
import { makeData, type Fault, type GongAccount, type LocalGong } from '../../harness/gong';

const startGong = gongsOfThisFile();

/** Things that go wrong at Gong, in the credential or in the parameters. */
interface Trouble {
	fault?: (gong: LocalGong) => Fault;
	credential?: (gong: LocalGong) => ICredentialDataDecryptedObject;
	parameters?: RunOptions['parameters'];
	cancelAfter?: number;
}

const TROUBLES: [string, Trouble][] = [
	['nothing at all', {}],
	['500', { fault: () => ({ kind: 'status', status: 500 }) }],
	['503', { fault: () => ({ kind: 'body', status: 503, raw: 'Unavailable' }) }],
	['400', { fault: () => ({ kind: 'status', status: 400, errors: ['No'] }) }],
	['401', { fault: () => ({ kind: 'status', status: 401, errors: ['No'] }) }],
	['429', { fault: () => ({ kind: 'status', status: 429, headers: { 'retry-after': '7200' } }) }],
	['a reset', { fault: () => ({ kind: 'reset' }) }],
	['a cut answer', { fault: () => ({ kind: 'cut' }) }],
	['half the JSON', { fault: () => ({ kind: 'truncatedJson' }) }],
	['a login page', { fault: () => ({ kind: 'notJson' }) }],
	['another shape', { fault: () => ({ kind: 'body', json: [] }) }],
	[
		'a stall',
		{ fault: () => ({ kind: 'stall' }), parameters: { requestOptions: { timeout: 500 } } },
	],
	['a redirect', { fault: ({ url }) => ({ kind: 'redirect', url }) }],
	['a wrong secret', { credential: () => ({ accessKeySecret: 'not-the-secret' }) }],
	[
		'another domain',
		{
			credential: () => ({ allowedHttpRequestDomains: 'domains', allowedDomains: 'a.b' }),
		},
	],
	['plain http', { credential: () => ({ baseUrl: 'http://api.gong.io' }) }],
	[
		'https to plain http',
		{ credential: ({ url }) => ({ baseUrl: url.replace('http:', 'https:') }) },
	],
	[
		'the key in the base URL',
		{
			credential: ({ account: { accessKey, accessKeySecret } }) => ({
				baseUrl: `https://${accessKey}:${accessKeySecret}@a.b`,
			}),
		},
	],
	['a bad proxy', { parameters: { requestOptions: { proxy: 'http://127.0.0.1:1' } } }],
	['a bad call ID', { parameters: { callIds: 'x' } }],
	['an unknown call', { parameters: { callIds: '[1,77]' } }],
	[
		'cancelling',
		{
			fault: () => ({ kind: 'stall' }),
			cancelAfter: 300,
			parameters: { requestOptions: { timeout: 900 } },
		},
	],
	[
		'Gong repeating the key in its words',
		{
			fault: ({ account }) => ({
				kind: 'status',
				status: 401,
				errors: [`No such key: ${account.accessKey}`],
			}),
		},
	],
	[
		'Gong repeating the header in its words',
		{
			fault: ({ account }) => ({
				kind: 'status',
				status: 400,
				errors: [`Basic ${secretsOf(account)[2]}`],
			}),
		},
	],
	[
		'Gong repeating the secret in an ID',
		{
			fault: ({ account }) => ({
				kind: 'body',
				json: { callAccessList: [{ callId: account.accessKeySecret }] },
			}),
		},
	],
];

const traces = new Map<string, { trace: string; used: GongAccount }>();
let log: string[] = [];

beforeAll(async () => {
	log = watchLog();
	const cells = TROUBLES.flatMap(([name, trouble]) =>
		ON_ERROR.map((onError) => ({ name, trouble, onError })),
	);
	await Promise.all(
		cells.map(async ({ name, trouble, onError }) => {
			const gong = await startGong({ data: makeData({ calls: [{ id: '1', users: ['11'] }] }) });
			if (trouble.fault) gong.fail({ ...trouble.fault(gong), times: Infinity });
			const credential = { ...trouble.credential?.(gong) };
			const result = await runNode(gong, {
				parameters: { callIds: '1', ...trouble.parameters },
				credential,
				settings: { onError },
				cancelAfter: trouble.cancelAfter,
			});
			const used = { ...gong.account, ...credential };
			traces.set(`${name}, ${onError}`, { trace: tracesOf(result), used });
		}),
	);
});

describe.each(ON_ERROR)('with On Error at %s', (onError) => {
	test.each(TROUBLES)('shows no key, secret or header after %s', (name) => {
		const { trace = '', used } = traces.get(`${name}, ${onError}`) ?? {};
		expect(trace).toContain('Gong Call Access');
		expect(secretsOf(used).filter((secret) => trace.includes(secret))).toEqual([]);
	});
});

test('shows no key, secret or header in n8n’s log', () => {
	expect(log).not.toEqual([]);
	const secrets = [...traces.values()].flatMap(({ used }) => secretsOf(used));
	expect(log.filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([]);
});
