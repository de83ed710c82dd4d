import { createHash, createSign, generateKeyPairSync } from 'node:crypto';

const FIVE_MINUTES = 5 * 60;

/** What stands in the token of a delivery. */
export interface Claims {
	readonly webhook_url?: string;
	readonly body_sha256?: string;
	/** In seconds since 1970. */
	readonly exp?: number;
}

/** How a delivery is to differ from a genuine one. */
export interface Oddity {
	readonly claims?: (genuine: Claims) => Claims;
	/** The body that is sent in place of the signed one. */
	readonly body?: string;
	/** What stands in the header in place of the token. */
	readonly header?: (token: string) => string | undefined;
	readonly algorithm?: string;
}

/** An object of the CRM that Gong links to a call. */
export interface LinkedObject {
	readonly objectType: string;
	readonly objectId: string;
	readonly name?: string;
}

/** A call as the rule's webhook tells of it, in the form that Gong's help shows. */
export interface ToldCall {
	readonly id: string;
	readonly title?: string | null;
	readonly isPrivate?: boolean;
	readonly linked?: readonly LinkedObject[];
}

/** A request as it goes over the wire. */
export interface SignedRequest {
	readonly headers: Headers;
	readonly body: string;
}

export interface Answer {
	readonly status: number;
	readonly text: string;
}

/** An automation rule of Gong that fires a webhook with a signed JWT header. */
export class GongRule {
	private readonly keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

	constructor(readonly url: string) {}

	/** In PEM. (Gong's screen shows it without the lines around it.) */
	get publicKey(): string {
		return this.keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();
	}

	/** Signs the body, and returns the request to send, once or more often. */
	sign(body: string, odd: Oddity = {}): SignedRequest {
		const genuine = {
			webhook_url: this.url,
			body_sha256: createHash('sha256').update(body).digest('hex'),
			exp: Math.floor(Date.now() / 1_000) + FIVE_MINUTES,
		};
		const part = (json: unknown) => Buffer.from(JSON.stringify(json)).toString('base64url');
		const header = part({ alg: odd.algorithm ?? 'RS256', typ: 'JWT' });
		const signed = `${header}.${part(odd.claims?.(genuine) ?? genuine)}`;
		const signature = createSign('RSA-SHA256').update(signed).sign(this.keys.privateKey);
		const token = `${signed}.${signature.toString('base64url')}`;
		const authorization = odd.header ? odd.header(token) : token;
		const headers = new Headers({ 'content-type': 'application/json; charset=utf-8' });
		if (authorization !== undefined) headers.set('authorization', authorization);
		return { headers, body: odd.body ?? body };
	}

	/** Sends such a request. */
	async send(request: SignedRequest): Promise<Answer> {
		const answer = await fetch(this.url, { method: 'POST', ...request });
		return { status: answer.status, text: await answer.text() };
	}
}

/** The body of a delivery. */
export function deliveryOf(
	{ id, title = 'A call', isPrivate, linked = [] }: ToldCall,
	isTest = false,
): string {
	const objects = linked.map(({ objectType, objectId, name }) => ({
		objectType,
		objectId,
		fields: [
			{ name: 'Amount', value: 50_000 },
			...(name === undefined ? [] : [{ name: 'Name', value: name }]),
		],
	}));
	const metaData = { id, title, scope: 'External', isPrivate };
	const callData = { metaData, context: [{ system: 'Salesforce', objects }], parties: [] };
	return JSON.stringify({ callData, isTest });
}
