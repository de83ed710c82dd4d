/**
 * Thrown for a base URL that no key may be sent to. `message` says why, for a person.
 */
export class UnusableBaseUrl extends Error {
	constructor(message: string) {
		super(message);
		this.name = 'UnusableBaseUrl';
	}
}

const ADVICE =
	'Set Base URL in the credential to https://api.gong.io, or to your own host that Gong shows beside your keys.';

/**
 * Checks the base URL of a credential before a key is sent to it.
 *
 * @returns the URL without slashes at its end
 * @throws {UnusableBaseUrl} unless it is `https`, or plain `http` to this machine's own loopback
 */
export function checkBaseUrl(value: unknown): string {
	const text = typeof value === 'string' ? value.trim() : '';
	if (text === '') throw new UnusableBaseUrl(`The credential has no Base URL. ${ADVICE}`);
	if (!URL.canParse(text)) {
		throw new UnusableBaseUrl(`The Base URL of the credential is not a web address. ${ADVICE}`);
	}
	const url = new URL(text);
	if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
		throw new UnusableBaseUrl(
			`The Base URL of the credential holds more than an address: no user, password, "?" or "#" may be in it. ${ADVICE}`,
		);
	}
	if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
		throw new UnusableBaseUrl(
			`The Base URL of the credential must start with https://, so that the key is not sent unencrypted, but its address is ${url.protocol}//${url.host}. ${ADVICE}`,
		);
	}
	return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function isLoopback(host: string): boolean {
	return host === 'localhost' || host === '[::1]' || /^127(\.[0-9]{1,3}){3}$/.test(host);
}
