import type { Clock } from '../../nodes/GongCallAccess/transport/rateLimiter';
import type { SendOnce } from '../../nodes/GongCallAccess/transport/http';
import type { HttpResponse } from '../../nodes/GongCallAccess/transport/bodyReader';
import { RateLimiter } from '../../nodes/GongCallAccess/transport/rateLimiter';
import { GongClient } from '../../nodes/GongCallAccess/transport/client';

const REQUEST = { method: 'GET', path: '/v2/users', scope: 'api:users:read' } as const;

const NONE: Record<string, string> = {};
const RETRY_AFTER: Record<string, string> = { 'retry-after': '1' };

/** Virtual time: it advances only when everything due has been done. */
export class VirtualTime implements Clock {
	private time = 0;

	private readonly waiting: { at: number; go: () => void }[] = [];

	now(): number {
		return this.time;
	}

	async pause(ms: number): Promise<void> {
		const at = this.time + Math.max(0, ms);
		await new Promise<void>((go) => {
			const later = this.waiting.findIndex((one) => one.at > at);
			this.waiting.splice(later === -1 ? this.waiting.length : later, 0, { at, go });
		});
	}

	/** Advances the time until nobody waits any more, or up to `end`. */
	async pass(end = Infinity): Promise<void> {
		for (;;) {
			// Lets the awakened code run until it waits again.
			await new Promise((go) => setImmediate(go));
			const next = this.waiting[0];
			if (next === undefined || next.at > end) return;
			this.waiting.shift();
			this.time = next.at;
			next.go();
		}
	}
}

/** What a worker process has to do. */
export interface Work {
	executions: number;
	/** Requests of one execution, sent one after the other. */
	requests: number;
	/** Milliseconds; default 0. */
	startsAt?: number;
	/** How many executions run at once; n8n's own default is ten. */
	concurrency?: number;
	/** Whether the others wait for the answer of the first request; default false. */
	firstAlone?: boolean;
}

/** How Gong behaves, seen from n8n. */
export interface Network {
	/** Least time from sending a request to its response, in ms; Gong counts it halfway. */
	latency: number;
	/** How much longer the way there takes at most, in ms. */
	jitter: number;
	/** How long n8n is busy at most before a request leaves, in ms; default 0. */
	busy?: number;
	/** How much longer the way there takes for the first request of a process, in ms; default 0. */
	firstLonger?: number;
	/** Whether Gong counts per second of the clock, instead of the last second. */
	fixedWindow?: boolean;
	/** Whether refused requests count as well. */
	countsRefused?: boolean;
	/** Gong's limit, which the workers know; default 3. */
	perSecond?: number;
}

/** The result of one worker. */
export interface Worked {
	/** The times at which its requests were let through. */
	through: number[];
	refusals: number;
	/** Requests that exceeded their maximum wait. */
	lost: number;
	endedAt: number;
}

/** Several worker processes, which share nothing but Gong's limit. */
export async function runWorkers(
	works: Work[],
	network: Network,
	random: () => number,
): Promise<Worked[]> {
	const time = new VirtualTime();
	const gong = new Limit(time, network);
	const all = Promise.all(works.map((work) => runWorker(work, time, gong, network, random)));
	await time.pass();
	return await all;
}

const answer = (value: HttpResponse) => ({ ok: true, value }) as const;

/** As many requests a second as the network's limit says. */
class Limit {
	private counted: number[] = [];

	constructor(
		private readonly time: VirtualTime,
		private readonly network: Network,
	) {}

	letsThrough(): boolean {
		const now = this.time.now();
		const since = this.network.fixedWindow ? Math.floor(now / 1000) * 1000 : now - 999.999;
		this.counted = this.counted.filter((at) => at >= since);
		const through = this.counted.length < (this.network.perSecond ?? 3);
		if (through || this.network.countsRefused) this.counted.push(now);
		return through;
	}
}

async function runWorker(
	{ executions, requests, startsAt = 0, concurrency = 10, firstAlone = false }: Work,
	time: VirtualTime,
	gong: Limit,
	{ latency, jitter, busy = 0, firstLonger = 0, perSecond = 3 }: Network,
	random: () => number,
): Promise<Worked> {
	const worked: Worked = { through: [], refusals: 0, lost: 0, endedAt: 0 };
	let longer = firstLonger;
	const sendOnce: SendOnce = async (_request, onLeaving) => {
		const first = longer;
		longer = 0;
		await time.pause(random() * busy);
		onLeaving?.();
		await time.pause(first + latency / 2 + random() * jitter);
		const through = gong.letsThrough();
		if (through) worked.through.push(time.now());
		else worked.refusals++;
		await time.pause(latency / 2);
		return through
			? answer({ status: 200, headers: NONE, text: '{}', tooLong: false })
			: answer({ status: 429, headers: RETRY_AFTER, text: '{}', tooLong: false });
	};
	const client = new GongClient({
		sendOnce,
		rateLimiter: new RateLimiter(time),
		maxWaitMs: 60_000,
		requestsPerSecond: perSecond,
		signal: undefined,
		onWait: () => {},
		onTick: () => {},
		redact: (text: string) => text,
	});
	let left = executions;
	const lane = async (): Promise<void> => {
		while (left-- > 0) {
			for (let request = 0; request < requests; request++) {
				const sent = await client.send(REQUEST, [], () => null);
				if (!sent.ok) worked.lost++;
			}
		}
	};
	await time.pause(startsAt);
	if (firstAlone) {
		left--;
		await client.send(REQUEST, [], () => null);
	}
	await Promise.all(Array.from({ length: concurrency }, lane));
	worked.endedAt = time.now();
	return worked;
}
