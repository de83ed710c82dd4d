import type { AddressInfo } from 'node:net';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Ajv } from 'ajv';
import Fastify, {
	type FastifyError,
	type FastifyInstance,
	type FastifyRequest,
	type FastifyServerFactory,
} from 'fastify';
import { DEMO_ACCOUNT, DEMO_COMPANY, type GongAccount } from './accounts';
import { ASSUMPTIONS, type Assumptions } from './assumptions';
import type { GongData } from './data';
import { openExchange } from './exchange';
import { FaultQueue, isCarriedOut, type Fault } from './faults';
import type { Judge } from './judge';
import { GONG_LATENCY, latencies, type Latency } from './latency';
import { LimitGate, type RateLimit } from './limits';
import type { LoggedRequest } from './log';
import { DEMO_CLIENT, oauthRoutes, TokenStore, type OAuthClient, type TokenAnswer } from './oauth';
import { Pager } from './paging';
import { playFault } from './playFault';
import { Recall } from './recall';
import { refuse } from './respond';
import { callAccessRoutes } from './routes/callAccess';
import { callsRoutes } from './routes/calls';
import { libraryRoutes } from './routes/library';
import { logsRoutes } from './routes/logs';
import { profilesRoutes } from './routes/profiles';
import { usersRoutes } from './routes/users';
import { sampleData } from './sampleData';
import { scopeMissing, signInOf } from './signIn';
import { GongState } from './state';

/** How a local Gong is to be; everything may be left out. */
export interface LocalGongOptions {
	/** Default: a free one. */
	port?: number;
	/** Default: none. */
	limit?: RateLimit | false;
	/** Default: `sampleData()`. */
	data?: GongData;
	/** Default: `DEMO_ACCOUNT` alone. */
	accounts?: GongAccount[];
	/** What nobody has seen of Gong, where it is not to be as `ASSUMPTIONS` has it. */
	assumptions?: Partial<Assumptions>;
	/** Of the listings of users and calls; default 100. */
	pageSize?: number;
	/** How long answers take; default `GONG_LATENCY`. */
	latency?: Latency;
	/** Sees every request and every answer. */
	judge?: Judge;
	/** Default: `DEMO_CLIENT` alone. */
	oauthClients?: OAuthClient[];
	/** Another local Gong's `tokens`, to open this one with the tokens given out there. */
	tokens?: TokenStore;
	/** What token answers name as the customer's host; default its own address, null leaves it out. */
	apiBaseUrlForCustomer?: string | null;
	/** Told of each request once it is over. */
	onRequestEnd?: (entry: LoggedRequest) => void;
	/** Speaks https with this key and certificate, in PEM. */
	tls?: { key: string; cert: string };
}

/** A running local Gong. */
export interface LocalGong {
	/** Such as `http://127.0.0.1:50123`. */
	url: string;
	/** The first of its accounts. */
	readonly account: GongAccount;
	/** Every request since the start or the last `reset()`, in the order they came. */
	log: LoggedRequest[];
	/** What it knows; may be looked into and changed. */
	state: GongState;
	/** Codes and tokens given out. */
	tokens: TokenStore;
	/** Makes a coming request go wrong. */
	fail(fault: Fault): void;
	/** Drops the faults still to come. */
	clearFaults(): void;
	/**
	 * Data, log, faults and counts as at the start. What is under way is dropped and changes nothing any
	 * more, be it still in a socket. A connection that has brought no request yet is closed.
	 * (Only what was sent on a connection kept open from an earlier request, and has not been read yet, counts
	 * as new.) Tokens stay, and so does the limit that was set last.
	 */
	reset(): void;
	/** Sets another limit, or none, and counts anew. */
	setLimit(limit: RateLimit | false): void;
	/** Sets how long answers take, from the next request on. */
	setLatency(latency: Latency): void;
	/** The most requests that were under way at once, since the start or the last `reset()`. */
	maxInFlight(): number;
	/** Lets every cursor that was given out so far expire. */
	expireCursors(): void;
	/** Lets every access token expire now; with `refreshTokens` the refresh tokens too. */
	expireTokens(options?: { refreshTokens?: boolean }): void;
	/** A token without the dance, for the scopes given (default: all of the first client's). */
	issueToken(scopes?: string[]): TokenAnswer;
	close(): Promise<void>;
}

/** The one header that live answers have about the limit; it counts down the day (recorded by others). */
function rateHeaders(remaining: number): Record<string, string> {
	return Number.isFinite(remaining) ? { 'x-ratelimit-remaining': String(remaining) } : {};
}

function validationErrors(error: FastifyError): string[] {
	const found = (error.validation ?? []).map((problem) => {
		const path = problem.instancePath.slice(1).replaceAll('/', '.');
		const extra: unknown = problem.params.additionalProperty;
		const what = typeof extra === 'string' ? ` '${extra}'` : '';
		return `${path === '' ? error.validationContext : path} ${problem.message}${what}`;
	});
	return [...new Set(found)].slice(0, 10);
}

function errorWords(error: FastifyError, request: FastifyRequest): string {
	switch (error.statusCode) {
		case undefined:
			return `An error has occurred: ${error.message}`;
		case 415:
			return `Content type '${request.headers['content-type']}' not supported`;
		default:
			return error.message;
	}
}

/** Turns what fastify found wrong with a request into Gong's words. */
function handleErrors(app: FastifyInstance): void {
	app.setErrorHandler<FastifyError>(async (error, request, reply) => {
		if (error.validation) return await refuse(request, reply, 400, validationErrors(error));
		const status = error.statusCode ?? 500;
		return await refuse(request, reply, status, [errorWords(error, request)]);
	});
	app.setNotFoundHandler(async (request, reply) => {
		return await refuse(request, reply, 404, [`Not found: ${request.method} ${request.url}`]);
	});
}

function acceptJsonOnly(app: FastifyInstance): void {
	app.addContentTypeParser('application/json', (request, _payload, done) => {
		try {
			done(null, JSON.parse(request.exchange.entry.body));
		} catch {
			done(Object.assign(new Error('The body is not JSON'), { statusCode: 400 }));
		}
	});
}

/** The body as it was sent; what came of it where the sender broke off. */
async function readBody(request: FastifyRequest): Promise<string> {
	const chunks: Buffer[] = [];
	request.raw.on('data', (chunk: Buffer) => chunks.push(chunk));
	// A broken connection shows itself in the reply, which is where it is looked for.
	await finished(request.raw, { cleanup: true }).catch(() => undefined);
	return Buffer.concat(chunks).toString('utf8');
}

// One for all local Gongs, since it keeps what it has compiled. It turns nothing into what it was not sent as, and
// drops nothing without a word.
const ajv = new Ajv({
	coerceTypes: false,
	removeAdditional: false,
	useDefaults: false,
	allErrors: true,
});

/** Adds routes apart from all others, by a name that fastify would look for among all loaded modules. */
function addApart(
	app: FastifyInstance,
	name: string,
	addRoutes: (apart: FastifyInstance) => void,
): void {
	const plugin = (apart: FastifyInstance, _options: object, done: () => void): void => {
		addRoutes(apart);
		done();
	};
	app.register(Object.assign(plugin, { [Symbol.for('fastify.display-name')]: name }));
}

/** Starts a local Gong on this machine's loopback. */
export async function startLocalGong(options: LocalGongOptions = {}): Promise<LocalGong> {
	const { accounts = [DEMO_ACCOUNT], oauthClients = [DEMO_CLIENT], pageSize = 100 } = options;
	const { data = sampleData(), tokens = new TokenStore(), latency = GONG_LATENCY } = options;
	const assumptions = { ...ASSUMPTIONS, ...options.assumptions };
	let nextLatency = latencies(latency);
	const pager = new Pager(pageSize, assumptions.lastPage);
	const state = new GongState(data);
	const gate = new LimitGate(options.limit ?? false);
	const faults = new FaultQueue();
	const signIns = { accounts, clients: oauthClients, tokens, assumptions };
	const log: LoggedRequest[] = [];
	const open = new Set<ServerResponse>();
	let underWay = 0;
	let mostUnderWay = 0;
	let url = '';
	// Counts the resets: what began in an earlier epoch is not carried out in a later one.
	let epoch = 0;

	const { tls } = options;
	const https: FastifyServerFactory = (handler) => createServer(tls ?? {}, handler);
	const app = Fastify({
		...(tls ? { serverFactory: https } : {}),
		bodyLimit: 256 * 1024 * 1024,
		exposeHeadRoutes: false,
		forceCloseConnections: true,
	});
	app.setValidatorCompiler(({ schema }) => ajv.compile(schema as object));
	app.removeAllContentTypeParsers();
	handleErrors(app);

	app.addHook('onRequest', async (request, reply) => {
		const began = epoch;
		recall.began(request.raw.socket);
		underWay += 1;
		mostUnderWay = Math.max(mostUnderWay, underWay);
		const exchange = openExchange(request, underWay, options.judge, (entry) => {
			if (began === epoch) underWay -= 1;
			options.onRequestEnd?.(entry);
		});
		exchange.isRecalled = () => began !== epoch;
		const { entry } = exchange;
		request.exchange = exchange;
		log.push(entry);
		open.add(reply.raw);
		reply.raw.once('close', () => {
			open.delete(reply.raw);
			exchange.end();
		});
		const signIn = signInOf(request, signIns);
		exchange.caller = signIn.caller;
		entry.company = exchange.caller?.company ?? '';
		// Requests count as they arrive, however long they are answered.
		const wait = exchange.caller === null ? null : gate.check(entry.company);
		if (exchange.caller !== null) exchange.headers = rateHeaders(gate.remaining(entry.company));
		// Read here and not by the parsers: the log has every body, of whatever kind and fate.
		entry.body = await readBody(request);
		if (request.raw.complete) options.judge?.request(entry);
		const takes = nextLatency();
		if (takes > 0) await sleep(takes);
		// Whoever gave up is not served any more.
		if (reply.raw.destroyed || exchange.isRecalled()) return reply.hijack();

		if (wait !== null) {
			const words = ['API rate limit exceeded'];
			return await refuse(request, reply, 429, words, { 'retry-after': String(wait) });
		}

		const fault = faults.take(entry);
		if (fault?.wait) await sleep(fault.wait);
		if (fault !== null && isCarriedOut(fault, entry)) {
			exchange.fault = fault;
		} else if (fault?.kind === 'stall' && fault.ms !== undefined) {
			await sleep(fault.ms, undefined, { ref: false });
			if (reply.raw.destroyed || exchange.isRecalled()) return reply.hijack();
		} else if (fault !== null) {
			reply.hijack();
			await playFault(fault, exchange, reply.raw);
			return reply;
		}

		const { scope, missingScope = 401 } = request.routeOptions.config;
		if (scope === undefined) return undefined;
		const refused = signIn.refused ?? scopeMissing(signIn.caller, scope, missingScope, assumptions);
		if (refused !== null) return await refuse(request, reply, refused.status, [refused.words]);
		return undefined;
	});

	// The last moment before anything is carried out.
	app.addHook('preHandler', async (request, reply) =>
		request.exchange.isRecalled() ? reply.hijack() : undefined,
	);

	// Apart from each other, since only one of them takes JSON and only the other takes forms.
	addApart(app, 'api', (api) => {
		acceptJsonOnly(api);
		callAccessRoutes(api, { state, assumptions });
		usersRoutes(api, { state, pager });
		callsRoutes(api, { state, pager, assumptions });
		profilesRoutes(api, state);
		libraryRoutes(api, state);
		logsRoutes(api, { state, pager });
	});
	const { apiBaseUrlForCustomer } = options;
	const apiBaseUrl = () => (apiBaseUrlForCustomer === undefined ? url : apiBaseUrlForCustomer);
	addApart(app, 'oauth', (oauth) => {
		oauthRoutes(oauth, { clients: oauthClients, tokens, apiBaseUrl, assumptions });
	});
	const recall = new Recall(app.server);
	await app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
	url = `${tls ? 'https' : 'http'}://127.0.0.1:${(app.server.address() as AddressInfo).port}`;

	return {
		url,
		get account() {
			return accounts[0] ?? DEMO_ACCOUNT;
		},
		log,
		state,
		tokens,
		fail: (fault) => faults.add(fault),
		clearFaults: () => faults.clear(),
		reset: () => {
			epoch += 1;
			underWay = 0;
			for (const response of open) response.socket?.destroy();
			recall.all();
			state.load(data);
			log.length = 0;
			faults.clear();
			gate.clear();
			mostUnderWay = 0;
		},
		setLimit: (limit) => gate.setLimit(limit),
		setLatency: (latency) => {
			nextLatency = latencies(latency);
		},
		maxInFlight: () => mostUnderWay,
		expireCursors: () => pager.expireCursors(),
		expireTokens: (which) => tokens.expire(which),
		issueToken: (scopes) => {
			const client = oauthClients[0];
			const company = client.company ?? DEMO_COMPANY;
			const grant = { clientId: client.clientId, scopes: scopes ?? client.scopes, company };
			const host = apiBaseUrl();
			const token = tokens.issue(grant);
			return host === null ? token : { ...token, api_base_url_for_customer: host };
		},
		close: async () => await app.close(),
	};
}
