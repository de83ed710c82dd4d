import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
} from 'n8n-workflow';
import type { Result } from '../failure';
import type { HttpResponse, ResponseParts } from './bodyReader';
import { readResponse } from './bodyReader';
import type { SignIn } from './credential';
import type { NetworkError } from './networkError';
import { networkErrorOf, UNKNOWN_ERROR } from './networkError';
import type { GongRequest } from './request';

/** A request that got no whole response. */
export interface Unanswered {
	/** What n8n threw. It may hold the request, and with it the key. */
	thrown: unknown;
	/** Undefined where n8n itself refused to send. */
	error: NetworkError | undefined;
}

/**
 * Sends one request, once. Never rejects.
 * @param onLeaving called right before n8n connects, for a request with a body; only then can it be seen
 */
export type SendOnce = (
	request: GongRequest,
	onLeaving?: () => void,
) => Promise<Result<HttpResponse, Unanswered>>;

/**
 * A body that knows whether it was serialized. n8n does that after all its own checks, right before it
 * connects: until then the request has surely not left.
 */
class WatchedBody {
	wasSerialized = false;

	constructor(
		private readonly body: unknown,
		private readonly onLeaving: () => void,
	) {}

	toJSON(): unknown {
		if (!this.wasSerialized) this.onLeaving();
		this.wasSerialized = true;
		return this.body;
	}
}

/** Hands a request to n8n, which signs it in. */
export type Dispatch = (options: IHttpRequestOptions) => Promise<ResponseParts>;

/** For a run: n8n's own routing request, which honours the Request Options. `keepFullResponse` makes what it gives. */
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
		)) as ResponseParts;
}

/**
 * The one place that sends.
 * @param anyStatus whether a response of any status is returned, or an error status is treated as n8n does by
 * default, which makes older versions of n8n refresh an OAuth2 token
 */
export function createSendOnce(
	dispatch: Dispatch,
	signIn: SignIn,
	timeoutMs: number,
	anyStatus = true,
): SendOnce {
	return async (request, onLeaving = () => {}) => {
		const body = request.body === undefined ? undefined : new WatchedBody(request.body, onLeaving);
		const own = requestOptions({ ...request, body }, signIn.baseUrl, timeoutMs, anyStatus);
		try {
			return { ok: true, value: await readResponse(dispatch(own), timeoutMs) };
		} catch (thrown) {
			return { ok: false, failure: { thrown, error: networkErrorWith(thrown, body) } };
		} finally {
			// n8n wrote it in: a token that another execution refreshed meanwhile is a secret too.
			signIn.learn([bearerIn(own.headers)]);
		}
	};
}

function networkErrorWith(
	thrown: unknown,
	body: WatchedBody | undefined,
): NetworkError | undefined {
	const error = networkErrorOf(thrown);
	if (!body) return error;
	if (!body.wasSerialized) return error && { ...error, sent: false };
	return error ?? UNKNOWN_ERROR;
}

function bearerIn(headers: IDataObject | undefined): string {
	return String(headers?.Authorization ?? '').replace(/^\S+\s+/, '');
}

/**
 * The request as n8n takes it: a new object for each request, since n8n writes the sign-in into it.
 * @param anyStatus whether a response of any status is returned, or thrown as n8n does by default
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
		// `readResponse` reads the stream as text, in bounds: so a body that was cut off is noticed, and no
		// number is rounded. n8n cannot put a stream into an error, and would never close it: hence text there.
		encoding: anyStatus ? 'stream' : 'text',
		// Status and body of a refusal are read here: n8n's own message leaves Gong's words out.
		ignoreHttpStatusErrors: anyStatus,
		// n8n would send the key along to wherever a redirect points.
		disableFollowRedirect: true,
		returnFullResponse: true,
	};
}
