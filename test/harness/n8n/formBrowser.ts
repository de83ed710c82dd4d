import pWaitFor from 'p-wait-for';

/** A page of a form as its user sees it. */
export interface FormPage {
	readonly title: string;
	/** The text below the title, without markup. */
	readonly text: string;
	/** The labels of the fields. */
	readonly labels: readonly string[];
}

interface LoadedPage extends FormPage {
	readonly url: URL;
	readonly fields: readonly {
		readonly id: string;
		readonly label: string;
		readonly radio: boolean;
		readonly value: string;
	}[];
	readonly headers: Readonly<Record<string, string>>;
	readonly isLast: boolean;
}

const WAITING = {
	interval: 50,
	timeout: { milliseconds: 60_000, message: 'n8n had no such page' },
};
// The status that n8n reports for an execution with a page to show, and for one without another page.
const SHOWN = 'form-waiting';
const ENDED = ['success', 'error', 'crashed', 'canceled', 'null'];

/**
 * Fills in n8n's forms over HTTP, like the scripts in their pages: signs in where n8n requires it, posts the
 * values, waits until n8n has the next page, and opens it.
 */
export class FormBrowser {
	private readonly cookies = new Map<string, string>();
	private page?: LoadedPage;

	/**
	 * `cookie` is that of a user who is signed in to n8n, or empty; `signIn` what is typed where a form asks for a
	 * name and a password.
	 */
	constructor(
		cookie: string,
		private readonly signIn?: { readonly user: string; readonly password: string },
	) {
		this.keep(cookie.split('; ').filter(Boolean));
	}

	/** The address of the current page. */
	get url(): string {
		return this.loaded.url.href;
	}

	/** What a field of the current page holds before somebody fills it in, by its label. */
	prefilled(label: string): string | undefined {
		return this.loaded.fields.find((field) => field.label === label)?.value;
	}

	/** Opens a page of a form. */
	async open(url: string): Promise<FormPage> {
		// n8n reports a workflow as published a moment before it is.
		await pWaitFor(async () => (await this.fetch(new URL(url))).status !== 404, WAITING);
		return await this.load(await this.get(new URL(url)));
	}

	/** Fills in the fields by their labels and submits; returns the next page. */
	async submit(values: Readonly<Record<string, string>>): Promise<FormPage> {
		const { url, fields, headers } = this.loaded;
		const body = new FormData();
		for (const [label, value] of Object.entries(values)) {
			const field = fields.find((one) => one.label === label);
			if (!field) {
				const { title, text } = this.loaded;
				throw new Error(`The page "${title}" has no field "${label}": ${text}`);
			}
			body.append(field.id, field.radio ? JSON.stringify([value]) : value);
		}
		const response = await this.fetch(url, { method: 'POST', body, headers });
		const text = await response.text();
		if (!response.ok) throw new Error(`n8n answered ${response.status} to the form: ${text}`);
		const { formWaitingUrl } = JSON.parse(text || '{}') as { formWaitingUrl?: string };
		return await this.next(new URL(formWaitingUrl ?? url));
	}

	private get loaded(): LoadedPage {
		if (!this.page) throw new Error('No page is open');
		return this.page;
	}

	/** Waits until the execution has a page to show, and loads it. */
	private async next(waiting: URL): Promise<FormPage> {
		const status = new URL(waiting);
		status.pathname += '/n8n-execution-status';
		const answer = await pWaitFor(async () => {
			const said = (await (await this.fetch(status)).text()).trim();
			return [SHOWN, ...ENDED].includes(said) && pWaitFor.resolveWith(said);
		}, WAITING);
		if (answer !== SHOWN) {
			throw new Error(`The execution ended without another page: ${answer}`);
		}
		return await this.load(await this.get(waiting));
	}

	private async load(response: Response): Promise<FormPage> {
		const html = await response.text();
		const page = read(html, new URL(response.url));
		this.page = page;
		if (page.isLast) {
			// The last page of a form reports by itself that it was shown.
			await this.fetch(page.url, { method: 'POST', headers: page.headers });
		}
		return { title: page.title, text: page.text, labels: page.labels };
	}

	/** Follows redirects, also through n8n's own sign-in, where it gives consent. */
	private async get(url: URL): Promise<Response> {
		let at = url;
		for (let hop = 0; hop < 10; hop++) {
			const response = await this.fetch(at);
			const location = response.headers.get('location');
			if (location === null) {
				if (!response.ok) throw new Error(`n8n answered ${response.status} to GET ${at.href}`);
				return response;
			}
			at = new URL(location, at);
			if (at.pathname === '/oauth/consent') at = await this.agree(at);
		}
		throw new Error('n8n redirects without end');
	}

	/** Gives consent on the page that asks whether the form may know the user. */
	private async agree(consent: URL): Promise<URL> {
		const details = await this.fetch(new URL('/rest/consent/details', consent));
		const { data } = (await details.json()) as {
			data?: { redirectUrl?: string; scopes?: string[] };
		};
		if (data?.redirectUrl) return new URL(data.redirectUrl);
		const approved = await this.fetch(new URL('/rest/consent/approve', consent), {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ approved: true, scopes: data?.scopes }),
		});
		const text = await approved.text();
		if (!approved.ok) throw new Error(`n8n answered ${approved.status} to the consent: ${text}`);
		return new URL((JSON.parse(text) as { data: { redirectUrl: string } }).data.redirectUrl);
	}

	private async fetch(url: URL, init: RequestInit = {}): Promise<Response> {
		const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
		const own = init.headers as Record<string, string> | undefined;
		// On a kept-alive connection the request would fail if n8n closed it at that moment.
		const headers: Record<string, string> = { ...own, cookie, connection: 'close' };
		if (this.signIn) {
			const { user, password } = this.signIn;
			headers.authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
		}
		const response = await fetch(url, { ...init, headers, redirect: 'manual' });
		this.keep(response.headers.getSetCookie());
		return response;
	}

	private keep(lines: readonly string[]): void {
		for (const line of lines) {
			const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
			if (name === undefined) continue;
			if (value === '') this.cookies.delete(name);
			else this.cookies.set(name, value);
		}
	}
}

function read(html: string, url: URL): LoadedPage {
	const first = (pattern: RegExp) => pattern.exec(html)?.[1];
	const title = first(/<h1>([^<]*)<\/h1>/);
	if (title === undefined) throw new Error(`This is no page of a form: ${html.slice(0, 500)}`);
	const fields = [
		...html.matchAll(
			/<label class='form-label[^']*'(?: for='([^']+)')?>([^<]*)<\/label>\s*(?:<div\s+class='multiselect[^']*'\s+id='([^']+)')?/g,
		),
	].map(([, id, label, radioId]) => ({
		id: id ?? radioId,
		label: plain(label),
		radio: radioId !== undefined,
		value: plain(first(new RegExp(`id=['"]${id ?? radioId}['"][^>]*?value=['"]([^'"]*)`)) ?? ''),
	}));
	const token = first(/const authToken = '([^']*)'/) ?? '';
	return {
		title: plain(title),
		text: plain(first(/<p style="white-space: pre-line;?">([\s\S]*?)<\/p>/) ?? '').trim(),
		labels: fields.map(({ label }) => label),
		url,
		fields,
		headers: token === '' ? {} : { 'x-auth-token': plain(token) },
		isLast: !html.includes("id='n8n-form'"),
	};
}

/** The text as a browser shows it. */
function plain(html: string): string {
	return html
		.replace(/<[^>]*>/g, '')
		.replaceAll('&lt;', '<')
		.replaceAll('&gt;', '>')
		.replaceAll('&quot;', '"')
		.replaceAll('&#x27;', "'")
		.replaceAll('&#x3D;', '=')
		.replaceAll('&amp;', '&');
}
