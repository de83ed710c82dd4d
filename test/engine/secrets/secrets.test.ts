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
import { DEMO_ACCOUNT, makeData, type Fault, type LocalGong } from '../../harness/gong';

const startGong = gongsOfThisFile();
const { accessKey, accessKeySecret } = DEMO_ACCOUNT;

/** Things that go wrong at Gong, in the credential or in the parameters. */
interface Trouble {
	fault?: (gong: LocalGong) => Fault;
	credential?: ICredentialDataDecryptedObject;
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
	['a wrong secret', { credential: { accessKeySecret: 'not-the-secret' } }],
	[
		'another domain',
		{ credential: { allowedHttpRequestDomains: 'domains', allowedDomains: 'a.b' } },
	],
	['plain http', { credential: { baseUrl: 'http://api.gong.io' } }],
	['https to plain http', { credential: { baseUrl: 'https' } }],
	[
		'the key in the base URL',
		{ credential: { baseUrl: `https://${accessKey}:${accessKeySecret}@a.b` } },
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
		{ fault: () => ({ kind: 'status', status: 401, errors: [`No such key: ${accessKey}`] }) },
	],
	[
		'Gong repeating the header in its words',
		{ fault: () => ({ kind: 'status', status: 400, errors: [`Basic ${secretsOf()[2]}`] }) },
	],
	[
		'Gong repeating the secret in an ID',
		{ fault: () => ({ kind: 'body', json: { callAccessList: [{ callId: accessKeySecret }] } }) },
	],
];

const traces = new Map<string, string>();
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
			const credential = { ...trouble.credential };
			if (credential.baseUrl === 'https') credential.baseUrl = gong.url.replace('http:', 'https:');
			const result = await runNode(gong, {
				parameters: { callIds: '1', ...trouble.parameters },
				credential,
				settings: { onError },
				cancelAfter: trouble.cancelAfter,
			});
			traces.set(`${name}, ${onError}`, tracesOf(result));
		}),
	);
});

describe.each(ON_ERROR)('with On Error at %s', (onError) => {
	test.each(TROUBLES)('shows no key, secret or header after %s', (name, { credential }) => {
		const trace = traces.get(`${name}, ${onError}`) ?? '';
		expect(trace).toContain('Gong Call Access');
		const used = { ...DEMO_ACCOUNT, ...credential };
		expect(secretsOf(used).filter((secret) => trace.includes(secret))).toEqual([]);
	});
});

test('shows no key, secret or header in n8n’s log', () => {
	expect(log).not.toEqual([]);
	const secrets = secretsOf();
	expect(log.filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([]);
});
