import { GONG_LIMIT, type LocalGong } from '../../test/harness/gong';

/** Calls that our node, by default, and a list cut by hand put into a request. */
export const CALLS_PER_REQUEST = 100;

/** A run as the local Gong saw it. */
export interface GongSide {
	/** All that came, refused ones too. */
	readonly requests: number;
	readonly refusals: number;
	readonly maxInFlight: number;
	/** From the first request to the last answer. */
	readonly gongSeconds: number;
}

/** What a local Gong saw since it was reset. */
export function gongSideOf(gong: LocalGong): GongSide {
	const { log } = gong;
	const lastEnd = log.reduce((last, { at, endedAt }) => Math.max(last, endedAt ?? at), 0);
	return {
		requests: log.length,
		refusals: log.filter(({ status }) => status === 429).length,
		maxInFlight: gong.maxInFlight(),
		gongSeconds: log.length === 0 ? 0 : (lastEnd - log[0].at) / 1_000,
	};
}

/** Seconds that Gong's limit itself costs: the first requests are let through at once, the last is answered. */
export function limitSeconds(requests: number, latencyMs: number): number {
	return Math.ceil(requests / GONG_LIMIT.perSecond) - 1 + latencyMs / 1_000;
}
