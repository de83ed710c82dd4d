import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { LocalGong, LoggedRequest } from '../gong';
import type { Execution } from '../n8n/execution';
import type { Company } from './company';
import { FAULTS, type FaultName, triesOf } from './faultPlan';
import { judge, type ReportedBy } from './judge';
import {
	type AwaitedRequest,
	isWriteKind,
	type Kind,
	KINDS,
	type Piece,
	PieceMaker,
	triesToCome,
} from './work';

// Eight seconds of work at Gong's limit, which keeps it busy while some requests wait for a retry.
const ENOUGH_TO_COME = 24;

/** The outcomes of the faults with one name. */
export interface FaultCount {
	met: number;
	/** Requests that met it and were answered in the end. */
	answered: number;
	reportedByItem: number;
	reportedByExecution: number;
	silent: number;
}

/** Totals over all pieces of work. */
export interface Sums {
	executions: number;
	failedExecutions: number;
	inputItems: number;
	rows: number;
	errorItems: number;
	unknown: number;
	unknownDone: number;
	refusedForPace: number;
}

/**
 * Hands out work to the workflows that request it, enough to keep Gong's limit busy, with faults for its
 * requests, and compares the results.
 */
export class Desk {
	readonly sums: Sums = {
		executions: 0,
		failedExecutions: 0,
		inputItems: 0,
		rows: 0,
		errorItems: 0,
		unknown: 0,
		unknownDone: 0,
		refusedForPace: 0,
	};
	readonly faults = new Map<FaultName, FaultCount>();
	readonly violations: string[] = [];
	/** The number of pieces of each kind of work. */
	readonly kindsDone = new Set<Kind>();
	/** When each request arrived, in ms since 1970. */
	readonly requestTimes: number[] = [];

	private readonly maker: PieceMaker;
	private readonly open = new Map<string, Piece>();
	private readonly server: Server;
	/** The users listed for the calls that are written, according to the items so far. */
	private readonly listed = new Map<string, readonly string[]>();
	private isOpen = true;

	private constructor(
		private readonly gong: LocalGong,
		private readonly company: Company,
		seed: number,
	) {
		this.maker = new PieceMaker(company, gong.state, seed);
		for (const callId of company.writeBlocks.flat())
			this.listed.set(callId, this.listedFor(callId));
		this.server = createServer((request, response) => {
			const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
			const kind = KINDS.find((one) => pathname === `/${one}`);
			const execution = searchParams.get('execution');
			const items = kind && execution ? this.handOut(kind, execution) : [];
			response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(items));
		});
	}

	/** Opens it on this machine's loopback. */
	static async atWork(gong: LocalGong, company: Company, seed: number): Promise<Desk> {
		const desk = new Desk(gong, company, seed);
		desk.server.listen(0, '127.0.0.1');
		await once(desk.server, 'listening');
		return desk;
	}

	get url(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	/** The number of executions that have work. */
	get underWay(): number {
		return this.open.size;
	}

	/** Hands out no more work. */
	stop(): void {
		this.isOpen = false;
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		this.server.close();
		await once(this.server, 'close');
	}

	/** Records a finished request to Gong. */
	note(entry: LoggedRequest): void {
		this.requestTimes.push(entry.at);
		const request = this.awaitedBy(entry);
		if (request) request.tries.push(entry);
		else this.violations.push(`Unexpected request ${entry.method} ${entry.path}: ${entry.body}`);
	}

	/** Whether the execution was given work that is not compared yet. */
	has(executionId: string): boolean {
		return this.open.has(executionId);
	}

	/** Compares a finished execution with its work. */
	take(executionId: string, execution: Execution): void {
		const piece = this.open.get(executionId);
		if (!piece) return;
		this.open.delete(executionId);
		const verdict = judge(piece, execution, this.gong.state);
		for (const words of verdict.violations) {
			this.violations.push(`Execution ${executionId} (${piece.kind}): ${words}`);
		}
		const { sums } = this;
		this.kindsDone.add(piece.kind);
		sums.executions++;
		if (execution.status !== 'success') sums.failedExecutions++;
		sums.inputItems += piece.items.length;
		for (const key of ['rows', 'errorItems', 'unknown', 'unknownDone', 'refusedForPace'] as const) {
			sums[key] += verdict[key];
		}
		for (const request of [...piece.pages, ...piece.requests]) {
			if (request.comes !== 'notSent') this.count(request, verdict.reported.get(request));
		}
		if (isWriteKind(piece.kind)) {
			for (const callId of piece.before.keys()) this.listed.set(callId, this.listedFor(callId));
		}
		this.maker.giveBack(piece);
	}

	/** Compares what Gong holds in the end with the work and the reports; call it when nothing is running. */
	compareTheEnd(): void {
		for (const [callId, users] of this.listed) {
			const now = this.listedFor(callId);
			if (now.join() === users.join()) continue;
			this.violations.push(`${callId} has ${now.join(', ')}, expected ${users.join(', ')}`);
		}
		for (const { id } of this.company.data.calls) {
			if (this.listed.has(id)) continue;
			const now = this.listedFor(id);
			const given = [...(this.company.data.apiAccess[id] ?? [])].sort();
			if (now.join() !== given.join()) this.violations.push(`${id} was only read, and has changed`);
		}
		for (const executionId of this.open.keys()) {
			this.violations.push(`Execution ${executionId} was given work and never ended`);
		}
	}

	private handOut(kind: Kind, executionId: string): Piece['items'][number]['json'][] {
		const toCome = [...this.open.values()].reduce((sum, piece) => sum + triesToCome(piece), 0);
		if (!this.isOpen || toCome >= ENOUGH_TO_COME) return [];
		const piece = this.maker.next(kind);
		if (!piece) return [];
		this.open.set(executionId, piece);
		this.failFor(piece);
		return piece.items.map(({ json }) => json);
	}

	/** Sets the faults of a piece for its requests. */
	private failFor({ pages, requests }: Piece): void {
		const sent = ({ comes }: AwaitedRequest) => comes !== 'notSent';
		for (const { calls, plan } of requests.filter(sent)) {
			const match = { bodyIncludes: `"${calls[0]}"` };
			for (const name of plan.faults) this.gong.fail({ ...FAULTS[name], match });
		}
		// Only their order distinguishes pages: a page's faults start after the good answer to the previous page.
		let after = 0;
		for (const { plan } of pages.filter(sent)) {
			const match = { method: 'GET', path: '/v2/calls' };
			for (const name of plan.faults) this.gong.fail({ ...FAULTS[name], match, after });
			after += triesOf(plan) - plan.faults.length;
		}
	}

	/** The planned request that this one is a try of. */
	private awaitedBy({ method, path, body, query }: LoggedRequest): AwaitedRequest | undefined {
		const isListing = method === 'GET' && path === '/v2/calls';
		for (const { pages, requests } of this.open.values()) {
			const found = isListing
				? pages[query.cursor === undefined ? 0 : 1]
				: requests.find(({ calls }) => body.includes(`"${calls[0]}"`));
			if (found) return found;
		}
		return undefined;
	}

	private count(request: AwaitedRequest, reportedBy: ReportedBy | undefined): void {
		for (const name of request.plan.faults) {
			const count = this.faults.get(name) ?? {
				met: 0,
				answered: 0,
				reportedByItem: 0,
				reportedByExecution: 0,
				silent: 0,
			};
			this.faults.set(name, count);
			count.met++;
			if (request.comes === 'answered') count.answered++;
			else if (reportedBy === 'item') count.reportedByItem++;
			else if (reportedBy === 'execution') count.reportedByExecution++;
			else count.silent++;
		}
	}

	private listedFor(callId: string): string[] {
		return [...(this.gong.state.apiAccess.get(callId) ?? [])].sort();
	}
}
