import {
	DEMO_ACCOUNT,
	type Fault,
	type LocalGong,
	QUICK,
	SCOPES,
	startLocalGong,
} from '../harness/gong';
import { WITHOUT_EDITOR } from '../harness/n8n/environment';
import { gongCredential } from '../harness/n8n/gongCredential';
import { type RunningN8n, startN8n } from '../harness/n8n/running';
import { describeWithN8n, SET_UP_MS } from '../harness/n8n/skipping';
import { DEFAULT_N8N, OF_THIS_N8N } from '../harness/n8n/versions';

const WITHOUT_SCOPE = {
	accessKey: 'KEY0WITHOUT0THE0SCOPE0OF0USERS',
	accessKeySecret: 'its-secret',
	scopes: [SCOPES.readAccess],
};

describeWithN8n(`the check of the credential in a real n8n ${DEFAULT_N8N}`, () => {
	let gong: LocalGong;
	let n8n: RunningN8n;

	beforeAll(async () => {
		gong = await startLocalGong({ latency: QUICK, accounts: [DEMO_ACCOUNT, WITHOUT_SCOPE] });
		n8n = await startN8n(WITHOUT_EDITOR);
	}, SET_UP_MS);

	afterAll(async () => {
		await n8n?.dispose();
		await gong?.close();
	});

	async function check(changed: Record<string, string>, fault?: Fault) {
		gong.reset();
		if (fault) gong.fail(fault);
		const right = gongCredential(gong);
		const credential = { ...right, data: { ...right.data, ...changed } };
		const id = await n8n.rest.createCredential(credential);
		return await n8n.rest.testCredential(id, credential);
	}

	it('succeeds for the right key, also with a slash at the end of the base URL', async () => {
		expect(await check({})).toMatchObject({ status: 'OK' });
		expect(await check({ baseUrl: `${gong.url}/` })).toMatchObject({ status: 'OK' });
		expect(gong.log.map(({ path }) => path)).toEqual(['/v2/users']);
	});

	it('leaves out blanks around base URL, key and secret, as the node does', async () => {
		const { accessKey, accessKeySecret } = DEMO_ACCOUNT;
		const blanks = {
			baseUrl: ` ${gong.url}/ `,
			accessKey: ` ${accessKey}`,
			accessKeySecret: `${accessKeySecret}\n`,
		};
		expect(await check(blanks)).toMatchObject({ status: 'OK' });
	});

	it('fails for a wrong secret, and says what to check', async () => {
		const { status, message } = await check({ accessKeySecret: 'wrong' });
		expect(status).toBe('Error');
		expect(message).toMatch(OF_THIS_N8N.credentialRefusal);
	});

	it('fails for a key that may not list users, and says so', async () => {
		const { accessKey, accessKeySecret } = WITHOUT_SCOPE;
		const { status, message } = await check({ accessKey, accessKeySecret });
		expect(gong.log.map((entry) => entry.status)).toEqual([403]);
		expect(status).toBe('Error');
		expect(message).toMatch(OF_THIS_N8N.credentialForbidden);
	});

	it('fails for a base URL that ends in /v2, and says what to set', async () => {
		const { status, message } = await check({ baseUrl: `${gong.url}/v2` });
		expect(status).toBe('Error');
		expect(message).toMatch(OF_THIS_N8N.credentialNotFound);
	});

	it.each([
		['a web page', { kind: 'notJson' }],
		['an empty body', { kind: 'body', raw: '' }],
		['the JSON of another API', { kind: 'body', json: { status: 'ok' } }],
	] satisfies [string, Fault][])(
		'fails for a base URL that answers 200 with %s, and says what to set',
		async (_what, fault) => {
			const { status, message } = await check({}, fault);
			expect(gong.log.map((entry) => entry.status)).toEqual([200]);
			expect(status).toBe('Error');
			expect(message).toMatch(/is not the Gong API\. Set it to https:\/\/api\.gong\.io/);
		},
	);

	it.each([
		[
			'plain http to another name of this machine',
			(url: string) => url.replace('127.0.0.1', '[::ffff:127.0.0.1]'),
		],
		['plain http to any address', (url: string) => url.replace('127.0.0.1', '0.0.0.0')],
		['no scheme', (url: string) => url.replace('http://', '')],
	])('sends no key to a forbidden base URL: %s', async (_name, change) => {
		expect(await check({ baseUrl: change(gong.url) })).toMatchObject({ status: 'Error' });
		expect(gong.log).toEqual([]);
	});

	it('does not send the key to the target of a redirect, and says what to set', async () => {
		const elsewhere = await startLocalGong({ latency: QUICK });
		const url = `${elsewhere.url}/v2/users`;
		const { status, message } = await check({}, { kind: 'redirect', status: 307, url });
		expect(status).toBe('Error');
		expect(message).toMatch(OF_THIS_N8N.credentialRedirected);
		expect(elsewhere.log).toEqual([]);
		await elsewhere.close();
	});
});
