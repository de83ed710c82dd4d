import { readFileSync } from 'node:fs';

import { fetch, ProxyAgent } from 'undici';

import { localGoogleSheets } from '../harness/services/googleSheets';
import { type Outside, startOutside } from '../harness/services/outside';
import { localSlack } from '../harness/services/slack';

describe('the stand-ins for services outside', () => {
	const slack = localSlack(['general']);
	const google = localGoogleSheets({ Calls: ['ID'] });
	let outside: Outside;
	let agent: ProxyAgent;

	beforeAll(async () => {
		outside = await startOutside([slack, google]);
		const ca = readFileSync(outside.env.NODE_EXTRA_CA_CERTS);
		agent = new ProxyAgent({ uri: outside.env.HTTPS_PROXY, requestTls: { ca } });
	});

	afterAll(async () => {
		await agent?.close();
		await outside?.close();
	});

	/** Reaches the services as n8n does: by their own names, through the proxy. */
	async function post(url: string, token: string, body: unknown) {
		const form = body instanceof URLSearchParams;
		const response = await fetch(url, {
			method: 'POST',
			dispatcher: agent,
			headers: {
				...(token === '' ? {} : { authorization: `Bearer ${token}` }),
				'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json',
			},
			body: form ? body.toString() : JSON.stringify(body),
		});
		return { status: response.status, answer: (await response.json()) as { error?: unknown } };
	}

	describe('Slack', () => {
		const URL = 'https://slack.com/api/chat.postMessage';
		const message = { channel: '#general', text: 'Good morning' };

		it.each([
			['somebody without a token', message, '', 'not_authed'],
			['a wrong token', message, 'xoxb-other', 'invalid_auth'],
			['an unknown channel', { ...message, channel: '#other' }, slack.token, 'channel_not_found'],
			['a message that says nothing', { channel: '#general', text: '' }, slack.token, 'no_text'],
		])('refuses %s, with 200 as Slack does', async (_what, body, token, error) => {
			expect(await post(URL, token, body)).toEqual({ status: 200, answer: { ok: false, error } });
			expect(slack.messages).toEqual([]);
		});

		it('posts a message, without the options that Slack does not have', async () => {
			const { answer } = await post(URL, slack.token, { ...message, madeUp: true });
			expect(answer.error).toBeUndefined();
			expect(slack.messages).toEqual([message]);
		});
	});

	describe('Google Sheets', () => {
		const ID = '7782342274025937895';
		const [, document] = /\/d\/([^/]+)/.exec(google.link) ?? [];
		const append = async (query: string, values: unknown, token = 'ya29.local-only') => {
			const range = `https://sheets.googleapis.com/v4/spreadsheets/${document}/values/Calls!2:2`;
			return (await post(`${range}:append${query}`, token, { values })).status;
		};

		it('refuses a request without sign-in, a write without its mode, and a value that is not a cell', async () => {
			expect(await append('?valueInputOption=RAW', [[ID]], 'other')).toBe(401);
			expect(await append('', [[ID]])).toBe(400);
			expect(await append('?valueInputOption=RAW', [[{ id: ID }]])).toBe(400);
			expect(google.sheets[0].rows).toEqual([['ID']]);
		});

		it('gives no token for a signature of another account', async () => {
			const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
			const claims = part({ iss: google.account.email });
			const body = new URLSearchParams({
				grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
				assertion: [part({ alg: 'RS256' }), claims, 'AAAA'].join('.'),
			});
			const { status } = await post('https://oauth2.googleapis.com/token', '', body);
			expect(status).toBe(400);
		});

		it('keeps raw values as text, and turns digits into numbers when they are entered as a user would', async () => {
			expect(await append('?valueInputOption=RAW', [[ID]])).toBe(200);
			expect(await append('?valueInputOption=USER_ENTERED', [[ID]])).toBe(200);
			const [, [raw], [typed]] = google.sheets[0].rows;
			expect(raw).toBe(ID);
			expect(typeof typed).toBe('number');
			expect(String(typed)).not.toBe(ID);
		});

		const update = async (data: { range: string; values: string[][] }[], mode = 'RAW') => {
			const sheet = `https://sheets.googleapis.com/v4/spreadsheets/${document}`;
			const body = { valueInputOption: mode, data };
			return (await post(`${sheet}/values:batchUpdate`, 'ya29.local-only', body)).status;
		};

		it('changes cells, all of a request or none', async () => {
			const good = { range: 'Calls!A2', values: [['1']] };
			expect(await update([good], '')).toBe(400);
			expect(await update([good, { range: 'Calls!A9', values: [['2']] }])).toBe(400);
			expect(google.sheets[0].rows[1]).toEqual([ID]);
			expect(await update([good])).toBe(200);
			expect(google.sheets[0].rows[1]).toEqual(['1']);
		});

		it('refuses a request when asked to, or carries a write out and loses its answer', async () => {
			google.trouble.refused = 1;
			expect(await update([{ range: 'Calls!A2', values: [['2']] }])).toBe(503);
			expect(google.sheets[0].rows[1]).toEqual(['1']);
			google.trouble.lost = 1;
			expect(await update([{ range: 'Calls!A2', values: [['2']] }])).toBe(503);
			expect(google.sheets[0].rows[1]).toEqual(['2']);
			expect(await update([{ range: 'Calls!A2', values: [['3']] }])).toBe(200);
		});
	});

	it('refuse connections to any other host, and record its name', async () => {
		await expect(post('https://example.org/', '', {})).rejects.toThrow('fetch failed');
		expect(outside.refused).toEqual(['CONNECT example.org:443']);
	});
});
