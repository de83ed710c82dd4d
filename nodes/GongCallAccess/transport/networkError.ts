import type { LostRequest } from '../failure';

/** What kept a request from getting a whole response. */
export interface NetworkError extends LostRequest {
	/** Whether another try may bring a response. */
	again: boolean;
}

// These lists hold what surely comes before a request is sent. Everything else may come after it: Node,
// OpenSSL, the decompressors and n8n have more codes for that than anybody can list.

/** Nobody listens there, or the name is not known at this moment. This may pass. */
const NOT_REACHED = /^(ECONNREFUSED|EAI_AGAIN|ERR_SOCKET_CONNECTION_TIMEOUT)$/;
const NO_SUCH_HOST = /^(ENOTFOUND|EAI_[A-Z]+|ERR_INVALID_URL|ERR_INVALID_PROTOCOL)$/;
/** OpenSSL's and Node's codes for a certificate that is not valid. A TLS alert about one has other codes. */
const CERTIFICATE =
	/^(CERT_[A-Z_]+|CRL_[A-Z_]+|UNABLE_TO_(GET|VERIFY|DECRYPT|DECODE)_[A-Z_]+|(DEPTH_ZERO_)?SELF_SIGNED_CERT(_IN_CHAIN)?|ERR_TLS_CERT_[A-Z_]+|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH_EXCEEDED)$/;
/** These come during the handshake as well as after it. */
const TLS = /^(EPROTO|ERR_SSL_[A-Z0-9_]+|ERR_TLS_[A-Z_]+)$/;
// EAUTH is n8n's own, for a refusal of a new token.
const CODE = /^(?!EAUTH$)(E[A-Z0-9_]+|HPE_[A-Z_]+|UND_ERR_[A-Z_]+|Z_[A-Z_]+)$/;

/** Reads the network error out of what a request threw; undefined where n8n itself refused to send. */
export function networkErrorOf(thrown: unknown): NetworkError | undefined {
	const links = chainOf(thrown);
	for (const code of links.flatMap(codesOf)) {
		const known = networkErrorByCode(code, links);
		if (known) return known;
	}
	return isOwnErrorOfN8n(links) ? undefined : UNKNOWN_ERROR;
}

/** For an error that is not known: it may have come after the request was sent. */
export const UNKNOWN_ERROR: NetworkError = { code: '', kind: 'passing', sent: true, again: true };

function networkErrorByCode(code: string, links: Link[]): NetworkError | undefined {
	if (CERTIFICATE.test(code)) return { code, kind: 'certificate', sent: false, again: false };
	if (NO_SUCH_HOST.test(code) && !NOT_REACHED.test(code)) {
		return { code, kind: 'unreachable', sent: false, again: false };
	}
	if (NOT_REACHED.test(code)) return { code, kind: 'passing', sent: false, again: true };
	if (!CODE.test(code)) return undefined;
	const sent = !links.some(neverConnected);
	if (!TLS.test(code)) return { code, kind: 'passing', sent, again: true };
	return { code, kind: 'insecure', sent, again: sent };
}

/** One error in a chain of causes. */
export type Link = Partial<Record<string, unknown>>;

/** What was thrown, what caused it, and so on. */
export function chainOf(thrown: unknown): Link[] {
	const links: Link[] = [];
	let link = thrown;
	while (links.length < 8 && typeof link === 'object' && link !== null) {
		links.push(link as Link);
		link = (link as Link).cause;
	}
	return links;
}

/** n8n 1 loses the cause, and keeps its code where the status of an answer would stand. */
function codesOf({ code, httpCode }: Link): string[] {
	return [code, httpCode].filter((one) => typeof one === 'string');
}

/** Whether there never was a connection, or no secure one, without which nothing is written. */
function neverConnected({ syscall, errors, request }: Link): boolean {
	if (syscall === 'connect') return true;
	// One for each address of the host.
	if (Array.isArray(errors) && errors.length > 0) return (errors as Link[]).every(neverConnected);
	const { socket } = (request ?? {}) as { socket?: { secureConnecting?: unknown } };
	return socket?.secureConnecting === true;
}

const BROKEN = /socket hang up|aborted|timeout|premature close|unexpected end of file/i;

/** Whether n8n itself refused. It wraps every error in the same way, but then none of the chain is the network's. */
function isOwnErrorOfN8n(links: Link[]): boolean {
	const [outermost] = links;
	const wrapped =
		outermost !== undefined && /^Node(Api|Operation)Error$/.test(String(outermost.name));
	return (
		wrapped &&
		!links.some(
			({ isAxiosError, message }) => isAxiosError === true || BROKEN.test(String(message)),
		)
	);
}
