import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	RequestHelperFunctions,
} from 'n8n-workflow';
import type { GongRequest } from '../gong/api';
import type { SignIn } from './credential';
import type { Pacer } from './pacer';
import { withinTime } from './pause';
import type { AnswerParts, HttpAnswer } from './readAnswer';
import { readAnswer } from './readAnswer';

/** Sends one request, once. Throws what n8n throws when no whole answer came, or {@link Unanswered}. */
export type SendOnce = (request: GongRequest) => Promise<HttpAnswer>;

/** What came of asking for a new OAuth2 token. */
export interface Renewal {
	/** `refused`: for good, the credential has to be connected again. `passing`: another try may bring it. */
	kind: 'renewed' | 'refused' | 'passing';
	/** Whether the request itself may have been carried out on the way. */
	perhapsDone: boolean;
	/** Of the answer in its place, where there was one. */
	status: number | null;
	/** As in {@link NetworkTrouble}. */
	code: string;
}

/** Gets a new OAuth2 token after `request` was answered with 401. */
export type Renew = (request: GongRequest) => Promise<Renewal>;

/** Thrown in place of what n8n threw, where more is known of it than that tells. */
export class Unanswered extends Error {
	constructor(
		thrown: unknown,
		/** Undefined where n8n would not send. */
		readonly trouble: NetworkTrouble | undefined,
	) {
		super(thrown instanceof Error ? thrown.message : 'n8n did not send the request', {
			cause: thrown,
		});
		this.name = 'Unanswered';
	}
}

/**
 * A body that knows when it is written out. n8n does that after all that it checks itself, and right before
 * it connects: until then the request has surely not left.
 */
class WatchedBody {
	writtenOut = false;

	constructor(private readonly body: unknown) {}

	toJSON(): unknown {
		this.writtenOut = true;
		return this.body;
	}
}

type Answering = (request: GongRequest, anyStatus: boolean) => Promise<HttpAnswer>;

/** Hands a request to n8n, which signs it in. */
export type Dispatch = (options: IHttpRequestOptions) => Promise<AnswerParts>;

/** For a run: n8n's own routing request, which honours the Request Options. */
export function dispatchOfRun(
	context: IExecutePaginationFunctions,
	routing: DeclarativeRestApiSettings.ResultOptions,
): Dispatch {
	return async (own) => {
		const options = { ...routing.options, ...own };
		const [{ json }] = await context.makeRoutingRequest({ ...routing, options });
		return json;
	};
}

/** For a list of the panel. */
export function dispatchOfList(
	context: ILoadOptionsFunctions,
	{ credentialType }: SignIn,
): Dispatch {
	return async (options) =>
		(await context.helpers.httpRequestWithAuthentication.call(
			context,
			credentialType,
			options,
		)) as AnswerParts;
}

/** The one place that sends. */
function answeringBy(dispatch: Dispatch, signIn: SignIn, timeoutMs: number): Answering {
	return async (request, anyStatus) => {
		const body = request.body === undefined ? undefined : new WatchedBody(request.body);
		const own = requestOptions({ ...request, body }, signIn.baseUrl, timeoutMs, anyStatus);
		try {
			return await readAnswer(dispatch(own), timeoutMs);
		} catch (thrown) {
			return await Promise.reject(
				body === undefined ? thrown : new Unanswered(thrown, troubleWith(thrown, body)),
			);
		} finally {
			// n8n wrote it in: a token that was renewed meanwhile, by whatever execution, is a secret too.
			signIn.learn([bearerIn(own.headers)]);
		}
	};
}

function troubleWith(thrown: unknown, { writtenOut }: WatchedBody): NetworkTrouble | undefined {
	const trouble = networkTrouble(thrown);
	if (!writtenOut) return trouble && { ...trouble, sent: false };
	return trouble ?? UNFORESEEN;
}

function bearerIn(headers: IDataObject | undefined): string {
	return String(headers?.Authorization ?? '').replace(/^\S+\s+/, '');
}

/** Sends one request at a time to where the credential says. */
export function sendOnceBy(dispatch: Dispatch, signIn: SignIn, timeoutMs: number): SendOnce {
	const answerTo = answeringBy(dispatch, signIn, timeoutMs);
	return async (request) => await answerTo(request, true);
}

/** Has n8n get a new token; undefined for a credential that has none. */
export function renewBy(
	context: IExecutePaginationFunctions | ILoadOptionsFunctions,
	dispatch: Dispatch,
	signIn: SignIn,
	timeoutMs: number,
	pacer: Pacer,
	signal: AbortSignal | undefined,
): Renew | undefined {
	if (!signIn.canRefresh) return undefined;
	const answerTo = answeringBy(dispatch, signIn, timeoutMs);
	// Newer versions of n8n get a token by themselves; no request of ours goes along.
	const { refreshOAuth2Token } = context.helpers as Partial<RequestHelperFunctions>;
	return async (request) => {
		try {
			if (refreshOAuth2Token) {
				// n8n bounds neither its time nor lets it be cancelled.
				const refreshed = refreshOAuth2Token.call(context, signIn.credentialType);
				await withinTime(refreshed, timeoutMs, () => {}, signal);
			} else {
				// Older ones do so only where a 401 is thrown inside them; they then ask again by themselves.
				await takeTwoTurns(pacer, signal);
				await answerTo(request, false);
			}
		} catch (thrown) {
			return renewalOf(thrown, refreshOAuth2Token === undefined);
		} finally {
			// Where that cannot be done, the request that follows says why.
			await signIn.lookUpAgain().catch(() => undefined);
		}
		return { kind: 'renewed', perhapsDone: !refreshOAuth2Token, status: null, code: '' };
	};
}

/** One after the other, since there may be only one to be had at a time. */
async function takeTwoTurns(pacer: Pacer, signal: AbortSignal | undefined): Promise<void> {
	for (let turns = 0; turns < 2; turns++) {
		const turn = await pacer.take(Infinity, signal);
		if (turn.kind === 'go') pacer.release(turn.slot, false);
	}
}

/** What an OAuth2 server says that cannot give a token at this moment (RFC 6749). */
const PASSING_REFUSAL = /^(temporarily_unavailable|server_error)$/;

function renewalOf(thrown: unknown, withRequest: boolean): Renewal {
	const links = chainOf(thrown);
	const status = links.map(statusOf).find((one) => one !== undefined) ?? null;
	const trouble = thrown instanceof Unanswered ? thrown.trouble : networkTrouble(thrown);
	const unavailable = links.some(({ body }) =>
		PASSING_REFUSAL.test(String((body as { error?: unknown } | null | undefined)?.error)),
	);
	// A status that says neither is one that the request itself got with a new token.
	const passing =
		unavailable ||
		(status === null
			? trouble !== undefined && !saysNoToken(links)
			: ![400, 401, 403].includes(status) || (withRequest && status !== 401));
	// What was refused a token was answered with 401, and nothing else.
	const perhapsDone =
		passing && withRequest && (status === null ? (trouble?.sent ?? false) : status >= 500);
	return { kind: passing ? 'passing' : 'refused', perhapsDone, status, code: trouble?.code ?? '' };
}

/** Whether the OAuth2 server, or n8n for want of a refresh token, said that there is none. */
function saysNoToken(links: Link[]): boolean {
	return links.some(
		({ code, httpCode, message }) =>
			[code, httpCode].includes('EAUTH') || /reconnect/i.test(String(message)),
	);
}

/** The HTTP status of an answer that was thrown. */
function statusOf({ httpCode, status, response }: Link): number | undefined {
	const inAnswer = (response as { status?: unknown } | null | undefined)?.status;
	const told = [httpCode, inAnswer, status].find((one) => /^[1-5][0-9]{2}$/.test(String(one)));
	return told === undefined ? undefined : Number(told);
}

/**
 * The request as n8n takes it. A copy for each request, since n8n writes the sign-in into it.
 * @param anyStatus whether an answer of any status is handed on, or thrown as n8n does by itself
 */
function requestOptions(
	request: GongRequest,
	baseUrl: string,
	timeoutMs: number,
	anyStatus: boolean,
): IHttpRequestOptions {
	return {
		method: request.method,
		baseURL: baseUrl,
		url: request.path,
		qs: request.query ?? {},
		body: request.body as object,
		headers: { Accept: 'application/json' },
		json: true,
		timeout: timeoutMs,
		// To be read as text, so that a cut answer is seen as such and no number is rounded unseen; by
		// `readAnswer`, in bounds. n8n cannot show a stream in what it throws, and would never close it.
		encoding: anyStatus ? 'stream' : 'text',
		// Status and body of a refusal are read here: n8n's own message leaves Gong's words out.
		ignoreHttpStatusErrors: anyStatus,
		// n8n would send the key along to wherever a redirect points.
		disableFollowRedirect: true,
		returnFullResponse: true,
	};
}

/** What is known of a request that got no whole answer. Never its text: it may hold the key. */
export interface NetworkTrouble {
	/** Such as ECONNRESET; empty where there is none. */
	code: string;
	/** What stands in the way, as far as it can be told. */
	kind: 'passing' | 'certificate' | 'insecure' | 'unreachable';
	/** False only where the request surely never left; a write may otherwise have been carried out. */
	sent: boolean;
	/** Whether another try may bring an answer. */
	again: boolean;
}

// What follows lists what surely comes before a request is sent. Everything else may come after it, whatever
// it is called: Node, OpenSSL, the decompressors and n8n have more names for that than anybody can list.

/** Nobody listens there, or the name is not known at this moment: this may pass. */
const NOT_REACHED = /^(ECONNREFUSED|EAI_AGAIN|ERR_SOCKET_CONNECTION_TIMEOUT)$/;
const NO_SUCH_HOST = /^(ENOTFOUND|EAI_[A-Z]+|ERR_INVALID_URL|ERR_INVALID_PROTOCOL)$/;
/** OpenSSL's names for a certificate that does not hold, and Node's. A TLS alert about one has others. */
const CERTIFICATE =
	/^(CERT_[A-Z_]+|CRL_[A-Z_]+|UNABLE_TO_(GET|VERIFY|DECRYPT|DECODE)_[A-Z_]+|(DEPTH_ZERO_)?SELF_SIGNED_CERT(_IN_CHAIN)?|ERR_TLS_CERT_[A-Z_]+|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH_EXCEEDED)$/;
/** These come in the handshake as well as later. */
const TLS = /^(EPROTO|ERR_SSL_[A-Z0-9_]+|ERR_TLS_[A-Z_]+)$/;
// EAUTH is n8n's own, for a refusal of a new token.
const CODE = /^(?!EAUTH$)(E[A-Z0-9_]+|HPE_[A-Z_]+|UND_ERR_[A-Z_]+|Z_[A-Z_]+)$/;

/**
 * Reads the trouble out of what a request threw; undefined where it is not the network's, but n8n would not
 * send.
 */
export function networkTrouble(thrown: unknown): NetworkTrouble | undefined {
	if (thrown instanceof Unanswered) return thrown.trouble;
	const links = chainOf(thrown);
	for (const code of links.flatMap(codesOf)) {
		const known = troubleOf(code, links);
		if (known) return known;
	}
	return isN8nsOwn(links) ? undefined : UNFORESEEN;
}

/** What nobody foresaw may have come after the request was sent. */
export const UNFORESEEN: NetworkTrouble = { code: '', kind: 'passing', sent: true, again: true };

function troubleOf(code: string, links: Link[]): NetworkTrouble | undefined {
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

type Link = Partial<Record<string, unknown>>;

/** What was thrown, what caused that, and so on. */
function chainOf(thrown: unknown): Link[] {
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

/** Whether the connection never came about, or not the secure one, without which nothing is written. */
function neverConnected({ syscall, errors, request }: Link): boolean {
	if (syscall === 'connect') return true;
	// One for each address of the host.
	if (Array.isArray(errors) && errors.length > 0) return (errors as Link[]).every(neverConnected);
	const { socket } = (request ?? {}) as { socket?: { secureConnecting?: unknown } };
	return socket?.secureConnecting === true;
}

const BROKEN = /socket hang up|aborted|timeout|premature close|unexpected end of file/i;

/** Whether n8n itself said no: it wraps that like all else, but nothing of the network is in it. */
function isN8nsOwn(links: Link[]): boolean {
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
