import type {
	DeclarativeRestApiSettings,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
} from 'n8n-workflow';
import type { GongRequest } from '../gong/api';
import { missingScope, readRefusal } from '../gong/api';
import type { SignIn } from './credential';
import type { HttpAnswer } from './readAnswer';
import { readAnswer } from './readAnswer';

/** Sends one request, once. Throws what n8n throws when no whole answer came. */
export type SendOnce = (request: GongRequest) => Promise<HttpAnswer>;

/**
 * The one place that sends: n8n's own routing request, which signs in and honours the Request Options.
 */
export function sendOnceBy(
	context: IExecutePaginationFunctions,
	routing: DeclarativeRestApiSettings.ResultOptions,
	signIn: SignIn,
	timeoutMs: number,
): SendOnce {
	const answerTo = async (request: GongRequest, anyStatus: boolean): Promise<HttpAnswer> => {
		const own = requestOptions(request, signIn.baseUrl, timeoutMs, anyStatus);
		const options = { ...routing.options, ...own };
		const sent = context.makeRoutingRequest({ ...routing, options });
		return await readAnswer(
			sent.then(([{ json }]) => json),
			timeoutMs,
		);
	};
	return async (request) => {
		const answer = await answerTo(request, true);
		if (answer.status !== 401 || !signIn.canRefresh || missingScope(readRefusal(answer.text))) {
			return answer;
		}
		// n8n gets a new token only where a 401 is thrown inside it; it then asks again by itself.
		try {
			return await answerTo(request, false);
		} catch (thrown) {
			const status = thrownStatus(thrown);
			if (status === 401) return answer;
			if (status === undefined) {
				// No new token was to be had: the 401 stands, and says to connect the credential again.
				if (!networkTrouble(thrown)) return answer;
				return await Promise.reject(thrown);
			}
		}
		// With the new token Gong said no for another reason, which is read like any other.
		return await answerTo(request, true);
	};
}

/**
 * The request as n8n takes it. A copy for each request, since n8n writes the sign-in into it.
 * @param anyStatus whether an answer of any status is handed on, or thrown as n8n does by itself
 */
export function requestOptions(
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

/** The HTTP status of an answer that n8n threw. */
function thrownStatus(thrown: unknown): number | undefined {
	const { httpCode } = thrown as { httpCode?: unknown };
	return /^[1-5][0-9]{2}$/.test(String(httpCode)) ? Number(httpCode) : undefined;
}

// What Node, axios and OpenSSL call a connection that failed in a way that another try may mend.
const PASSING =
	/^(ECONNRESET|ECONNREFUSED|ECONNABORTED|ETIMEDOUT|ESOCKETTIMEDOUT|EPIPE|EAI_AGAIN|ENETDOWN|ENETRESET|ENETUNREACH|EHOSTDOWN|EHOSTUNREACH|ERR_NETWORK|ERR_BAD_RESPONSE|ERR_STREAM_PREMATURE_CLOSE|HPE_[A-Z_]+|UND_ERR_[A-Z_]+|Z_[A-Z_]+)$/;
const PASSING_WORDS = /socket hang up|aborted|timeout|premature close|unexpected end of file/i;
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)/;
const INSECURE = /^(EPROTO|ERR_SSL_|ERR_TLS_)/;
// EAUTH is n8n's own, for a refusal of a new token.
const CODE = /^E(?!AUTH$)[A-Z_0-9]+$/;

/** What a thrown request says of itself. Never its text: it may hold the request, and with it the key. */
export interface NetworkTrouble {
	/** Such as ECONNRESET; empty where there is none. */
	code: string;
	/** Whether another try may mend it, and if not, what stands in the way. */
	kind: 'passing' | 'certificate' | 'insecure' | 'unreachable';
}

/** Reads the trouble out of what a request threw; undefined where it is not the network's. */
export function networkTrouble(thrown: unknown): NetworkTrouble | undefined {
	let link = thrown;
	for (let depth = 0; depth < 5 && typeof link === 'object' && link !== null; depth++) {
		const { code: own, httpCode, message, cause } = link as Partial<Record<string, unknown>>;
		// n8n 1 loses the cause, and keeps its code where the status of an answer would stand.
		for (const code of [own, httpCode]) {
			if (typeof code !== 'string') continue;
			if (CERTIFICATE.test(code)) return { code, kind: 'certificate' };
			if (INSECURE.test(code)) return { code, kind: 'insecure' };
			if (PASSING.test(code)) return { code, kind: 'passing' };
			if (CODE.test(code)) return { code, kind: 'unreachable' };
		}
		if (typeof message === 'string' && PASSING_WORDS.test(message)) {
			return { code: '', kind: 'passing' };
		}
		link = cause;
	}
	return undefined;
}
