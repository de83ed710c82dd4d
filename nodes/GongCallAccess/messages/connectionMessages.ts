import type { Failure, LostRequest } from '../failure';
import { failureOf } from './phrases';

// What people read when something else than Gong answered, or nothing did.

/**
 * Something that stands between n8n and Gong answered with a status from 400 to 499, not in Gong's JSON.
 * @param said the title of a page, or the words of a gateway; empty where there are none
 */
export function standsBetween(
	status: number,
	{ isPage, said }: { isPage: boolean; said: string },
	callIds: string[],
): Failure {
	const isSignIn = status === 407;
	const did = status === 403 ? 'blocked the request' : "answered in Gong's place";
	const what = isSignIn
		? 'The proxy between n8n and Gong asks for a sign-in'
		: `Something between n8n and Gong ${did}`;
	const came = isPage ? 'What came back is a web page, and not' : 'What came back is not';
	const advice = isSignIn
		? "Give the proxy's user and password in its address: under 'Request Options' > 'Proxy' in this node, or where the administrator of n8n set the proxy."
		: `${came} Gong's own answer: it may come from a proxy, a firewall or a service that protects Gong. Check the Base URL in the credential. If it is right, ask the administrator of n8n or of your network to let n8n reach it.`;
	const words = said === '' ? '' : `: "${said}"`;
	return failureOf('unexpectedAnswer', `${what} (status ${status})${words}`, advice, {
		concerns: 'connection',
		httpStatus: status,
		callIds,
	});
}

/** Another failure for which a web page came. @param title empty where it has none */
export function byPage(failure: Failure, title: string): Failure {
	const named = title === '' ? '' : ` with the title "${title}"`;
	const advice = `${failure.advice} What answered is a web page${named}, so it may come from something between n8n and Gong.`;
	return { ...failure, advice };
}

/** No whole answer came. */
export function noAnswer({ kind, code, sent }: LostRequest, callIds: string[]): Failure {
	const broken = kind === 'insecure' && sent ? BROKEN_OFF : NO_ANSWER[kind];
	const [message, advice] = CERTIFICATES.get(code) ?? broken;
	// The code stands in the advice: n8n replaces a message that holds one by a text of its own.
	const coded = code === '' ? advice : `${advice} (${code})`;
	return failureOf('noAnswer', message, coded, {
		outcome: sent ? 'unknown' : 'notSent',
		concerns: 'connection',
		callIds,
	});
}

const NO_ANSWER: Record<LostRequest['kind'], [message: string, advice: string]> = {
	passing: [
		'No whole answer came from Gong',
		'It was asked several times. Run the workflow again in some minutes. If it stays so, ask the administrator of n8n whether n8n can reach the Base URL of the credential.',
	],
	certificate: [
		'The certificate of the Base URL is not trusted',
		'Check the Base URL in the credential. If your network uses a certificate of its own, the administrator of n8n can make n8n trust it.',
	],
	insecure: [
		'No secure connection to the Base URL could be made',
		'Check the Base URL in the credential: what answers there does not speak https.',
	],
	unreachable: [
		'The Base URL could not be reached',
		'Check the Base URL in the credential, and whether n8n may reach it from where it runs.',
	],
};

/** Where it may have broken before anything was sent, or after it. */
const BROKEN_OFF: [message: string, advice: string] = [
	'The secure connection to the Base URL broke off',
	'It was tried several times. Check the Base URL in the credential, and whether what answers there speaks https.',
];

/** What is wrong with a certificate that may well be from a trusted place, by the code of Node and OpenSSL. */
const CERTIFICATES = new Map<string, [message: string, advice: string]>([
	[
		'CERT_HAS_EXPIRED',
		[
			'The certificate of the Base URL has expired',
			'Check the Base URL in the credential, and the clock of the machine that n8n runs on. If both are right, the certificate must be renewed there.',
		],
	],
	[
		'ERR_TLS_CERT_ALTNAME_INVALID',
		[
			'The certificate of the Base URL was issued for another address',
			'Check the Base URL in the credential: something else answers there than what it names.',
		],
	],
]);
