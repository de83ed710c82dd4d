import type {
	IExecutePaginationFunctions,
	ILoadOptionsFunctions,
	RequestHelperFunctions,
} from 'n8n-workflow';
import { passes } from '../failure';
import type { SignIn } from './credential';
import type { Dispatch, Unanswered } from './http';
import { createSendOnce } from './http';
import type { Link } from './networkError';
import { chainOf, networkErrorOf } from './networkError';
import { steadyNow, withinTime } from './pause';
import type { Permit, RateLimiter } from './rateLimiter';
import type { GongRequest } from './request';
import type { Verdict } from './slots';

/** What came of asking for a new OAuth2 token. */
export interface TokenRefresh {
	/** `refused`: for good, the credential has to be connected again. `passing`: another try may bring one. */
	kind: 'refreshed' | 'refused' | 'passing';
	/** Whether the request itself may have been carried out on the way. */
	perhapsDone: boolean;
	/** Of the response in its place, where there was one. */
	status: number | null;
	/** As in `LostRequest`. */
	code: string;
}

/** Gets new OAuth2 tokens. */
export interface TokenRefresher {
	/**
	 * Gets one after `request` was answered with 401: one for all requests that were on their way together.
	 * @param sentAt when it was sent, by `steadyNow`
	 */
	refresh(request: GongRequest, sentAt: number): Promise<TokenRefresh>;
	/** The refresh under way, if there is one: what is sent meanwhile would have the old token. Never rejects. */
	underWay(): Promise<unknown> | undefined;
}

/** Has n8n get a new token; undefined for a credential that has none. */
export function createTokenRefresher(
	context: IExecutePaginationFunctions | ILoadOptionsFunctions,
	dispatch: Dispatch,
	signIn: SignIn,
	timeoutMs: number,
	rateLimiter: RateLimiter,
	signal: AbortSignal | undefined,
): TokenRefresher | undefined {
	if (!signIn.canRefresh) return undefined;
	const sendAndThrow = createSendOnce(dispatch, signIn, timeoutMs, false);
	// Newer versions of n8n have a helper that gets a token without a request of ours.
	const { refreshOAuth2Token } = context.helpers as Partial<RequestHelperFunctions>;
	const refresh = async (request: GongRequest): Promise<Unanswered | undefined> => {
		if (!refreshOAuth2Token) {
			// Older ones refresh it only where a 401 is thrown inside them, and then send the request again.
			const permit = await permitForTwo(rateLimiter, signal);
			const sent = await sendAndThrow(request);
			const unanswered = sent.ok ? undefined : sent.failure;
			if (permit) rateLimiter.release(permit, verdictOf(unanswered));
			return unanswered;
		}
		try {
			// n8n neither limits its time nor lets it be canceled.
			const refreshed = refreshOAuth2Token.call(context, signIn.credentialType);
			await withinTime(refreshed, timeoutMs, () => {}, signal);
			return undefined;
		} catch (thrown) {
			return { thrown, error: networkErrorOf(thrown) };
		}
	};
	const refreshNow = async (request: GongRequest): Promise<TokenRefresh> => {
		const byRequest = refreshOAuth2Token === undefined;
		const unanswered = await refresh(request);
		// Where the new secrets cannot be read, the request that follows says why.
		await signIn.lookUpAgain().catch(() => undefined);
		if (unanswered) return tokenRefreshOf(unanswered, byRequest);
		return { ...REFRESHED, perhapsDone: byRequest };
	};
	let underWay: Promise<TokenRefresh> | undefined;
	let last: { at: number; refresh: TokenRefresh } | undefined;
	return {
		async refresh(request, sentAt) {
			if (last && sentAt < last.at) return { ...last.refresh, perhapsDone: false };
			if (underWay) return { ...(await underWay), perhapsDone: false };
			underWay = refreshNow(request);
			try {
				const refresh = await underWay;
				if (refresh.kind !== 'passing') last = { at: steadyNow(), refresh };
				return refresh;
			} finally {
				underWay = undefined;
			}
		},
		underWay: () => underWay?.catch(() => undefined),
	};
}

const REFRESHED: TokenRefresh = { kind: 'refreshed', perhapsDone: false, status: null, code: '' };

/**
 * A permit for the second of the two requests that n8n sends. What Gong says to the first stays inside n8n, so its
 * permit wins nothing; it is given back at once, since there may be only one to be had at a time.
 */
async function permitForTwo(
	rateLimiter: RateLimiter,
	signal: AbortSignal | undefined,
): Promise<Permit | undefined> {
	const first = await rateLimiter.acquire(Infinity, signal);
	if (first.ok) rateLimiter.release(first.value, 'unknown');
	const second = await rateLimiter.acquire(Infinity, signal);
	return second.ok ? second.value : undefined;
}

function verdictOf(unanswered: Unanswered | undefined): Verdict {
	if (!unanswered) return 'accepted';
	return statusIn(chainOf(unanswered.thrown)) === 429 ? 'refused' : 'unknown';
}

/** What an OAuth2 server says when it cannot give a token at this moment (RFC 6749). */
const PASSING_REFUSAL = /^(temporarily_unavailable|server_error)$/;

function tokenRefreshOf({ thrown, error }: Unanswered, withRequest: boolean): TokenRefresh {
	const links = chainOf(thrown);
	const status = statusIn(links) ?? null;
	const unavailable = links.some(({ body }) =>
		PASSING_REFUSAL.test(String((body as { error?: unknown } | null | undefined)?.error)),
	);
	// Any other status is one that the request itself got with a new token.
	const passing =
		unavailable ||
		(status === null
			? error !== undefined && !saysNoToken(links)
			: ![400, 401, 403].includes(status) || (withRequest && status !== 401));
	// A request that got no new token was answered with 401 and did nothing.
	const perhapsDone =
		passing && withRequest && (status === null ? (error?.sent ?? false) : passes(status));
	return { kind: passing ? 'passing' : 'refused', perhapsDone, status, code: error?.code ?? '' };
}

/** Whether the OAuth2 server, or n8n for want of a refresh token, said that there is none. */
function saysNoToken(links: Link[]): boolean {
	return links.some(
		({ code, httpCode, message }) =>
			[code, httpCode].includes('EAUTH') || /reconnect/i.test(String(message)),
	);
}

/** The HTTP status of an answer that was thrown, where one was. */
function statusIn(links: Link[]): number | undefined {
	return links.map(statusOf).find((one) => one !== undefined);
}

function statusOf({ httpCode, status, response }: Link): number | undefined {
	const inAnswer = (response as { status?: unknown } | null | undefined)?.status;
	const told = [httpCode, inAnswer, status].find((one) => /^[1-5][0-9]{2}$/.test(String(one)));
	return told === undefined ? undefined : Number(told);
}
