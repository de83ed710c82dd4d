import type { Result } from '../failure';
import type { BaseUrlFault } from '../messages/inputMessages';
import { badBaseUrl } from '../messages/inputMessages';

/**
 * Checks the base URL of a credential before a key is sent to it.
 *
 * @returns the URL without slashes at its end, if it is `https`, or plain `http` to this machine's own loopback
 */
export function checkBaseUrl(value: unknown): Result<string> {
	const text = typeof value === 'string' ? value.trim() : '';
	if (text === '') return unusable('missing');
	if (!URL.canParse(text)) return unusable('noAddress');
	const url = new URL(text);
	if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
		return unusable('moreThanAddress');
	}
	if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
		return unusable('notHttps', `${url.protocol}//${url.host}`);
	}
	return { ok: true, value: `${url.origin}${url.pathname}`.replace(/\/+$/, '') };
}

function unusable(fault: BaseUrlFault, address = ''): Result<string> {
	return { ok: false, failure: badBaseUrl(fault, address) };
}

function isLoopback(host: string): boolean {
	return host === 'localhost' || host === '[::1]' || /^127(\.[0-9]{1,3}){3}$/.test(host);
}
