import fc from 'fast-check';

import type { GongState, LoggedRequest } from '../gong';
import { type Block, type Company, USERS } from './company';
import { drawn, requestPlan, type RequestPlan, triesOf } from './faultPlan';

/** The soak's workflows, by kind. */
export const KINDS = ['calls', 'users', 'people', 'period', 'grant', 'revoke'] as const;

export type Kind = (typeof KINDS)[number];

export const isWriteKind = (kind: Kind): boolean => kind === 'grant' || kind === 'revoke';

/** An input item of the node, and the calls or period that it names. */
export interface AskingItem {
	readonly json: Readonly<Record<string, string>>;
	readonly calls: readonly string[];
	readonly users: readonly string[];
}

/** A request that a piece of work causes. */
export interface AwaitedRequest {
	/** Empty for a page of a listing. */
	readonly calls: Block;
	readonly plan: RequestPlan;
	/** The expected outcome; `notSent` if an earlier request ended the run. */
	readonly comes: 'answered' | 'failed' | 'notSent';
	/** Its tries, in order. */
	readonly tries: LoggedRequest[];
}

/** The work of one execution, and all that is needed to know its expected items. */
export interface Piece {
	readonly kind: Kind;
	readonly items: readonly AskingItem[];
	/** For a period: the pages of calls. */
	readonly pages: readonly AwaitedRequest[];
	/** In the order in which the node sends them. */
	readonly requests: readonly AwaitedRequest[];
	/** For a write: the users listed for each call before it. */
	readonly before: ReadonlyMap<string, readonly string[]>;
}

const MOST_REQUESTS = 4;
const PAGES = 1;
// The second is sent once the first is answered. A third would overlap, and nobody could tell which of two that are
// under way meets the fault that ends the run.
const MOST_READS = 2;
const CALLS_PER_ITEM_OF_PEOPLE = 5;
const FAILURES_IN_A_ROW = 3;

interface Draw {
	readonly requests: number;
	readonly plans: readonly RequestPlan[];
	readonly pagePlans: readonly RequestPlan[];
	/** Shifts who is given access, or loses it. */
	readonly turn: number;
}

const draw: fc.Arbitrary<Draw> = fc.record({
	requests: fc.integer({ min: 1, max: MOST_REQUESTS }),
	plans: fc.array(requestPlan, { minLength: MOST_REQUESTS, maxLength: MOST_REQUESTS }),
	pagePlans: fc.array(requestPlan, { minLength: PAGES, maxLength: PAGES }),
	turn: fc.nat({ max: USERS.length - 1 }),
});

/** Makes pieces of work from calls that no other piece uses at that time; always the same for a seed. */
export class PieceMaker {
	private readonly draws: Record<Kind, Generator<Draw, never>>;
	private readonly readBlocks: Block[];
	private readonly writeBlocks: Block[];
	private readonly stretches: Company['stretches'][number][];
	private listing = false;

	constructor(
		company: Company,
		private readonly state: GongState,
		seed: number,
	) {
		const entries = KINDS.map((kind, place) => [kind, drawn(draw, seed + place)] as const);
		this.draws = Object.fromEntries(entries) as Record<Kind, Generator<Draw, never>>;
		this.readBlocks = [...company.readBlocks];
		this.writeBlocks = [...company.writeBlocks];
		this.stretches = [...company.stretches];
	}

	/** The next piece of a kind, or nothing if no calls are free for it. */
	next(kind: Kind): Piece | undefined {
		if (kind === 'period') return this.nextPeriod();
		const free = isWriteKind(kind) ? this.writeBlocks : this.readBlocks;
		if (free.length < MOST_REQUESTS) return undefined;
		const { requests, plans, turn } = this.draws[kind].next().value;
		const blocks = free.splice(0, isWriteKind(kind) ? requests : Math.min(MOST_READS, requests));
		const calls = blocks.flat();
		const before = new Map(
			isWriteKind(kind) ? calls.map((callId) => [callId, this.listedFor(callId)]) : [],
		);
		return {
			kind,
			items: itemsOf(kind, calls, before, turn),
			pages: [],
			requests: awaited(blocks, plans, kind === 'calls'),
			before,
		};
	}

	/** Frees the calls of a finished piece. */
	giveBack({ kind, requests }: Piece): void {
		const blocks = requests.map(({ calls }) => calls);
		if (kind === 'period') this.listing = false;
		else (isWriteKind(kind) ? this.writeBlocks : this.readBlocks).push(...blocks);
	}

	/** Listings do not name calls that would distinguish them, so there is one at a time. */
	private nextPeriod(): Piece | undefined {
		if (this.listing) return undefined;
		this.listing = true;
		const { plans, pagePlans } = this.draws.period.next().value;
		const stretch = this.stretches.shift();
		if (!stretch) return undefined;
		this.stretches.push(stretch);
		const { start, end, blocks } = stretch;
		const nowhere = Array.from({ length: PAGES }, () => []);
		const pages = awaited(nowhere, pagePlans, true);
		const listed = pages.every(({ comes }) => comes === 'answered');
		const requests = awaited(blocks, plans, false);
		return {
			kind: 'period',
			items: [{ json: { start, end }, calls: blocks.flat(), users: [] }],
			pages,
			requests: listed ? requests : requests.map((one) => ({ ...one, comes: 'notSent' })),
			before: new Map(),
		};
	}

	private listedFor(callId: string): string[] {
		return [...(this.state.apiAccess.get(callId) ?? [])].sort();
	}
}

/** The outcome of requests that are sent one after the other. */
function awaited(
	blocks: readonly Block[],
	plans: readonly RequestPlan[],
	endsAtFailure: boolean,
): AwaitedRequest[] {
	let failuresInARow = 0;
	let ended = false;
	return blocks.map((calls, place) => {
		const plan = plans[place];
		if (ended) return { calls, plan, comes: 'notSent', tries: [] };
		const answered = plan.end === 'answered';
		failuresInARow = answered ? 0 : failuresInARow + 1;
		ended =
			!answered &&
			(endsAtFailure || plan.end === 'failedForAll' || failuresInARow === FAILURES_IN_A_ROW);
		return { calls, plan, comes: answered ? 'answered' : 'failed', tries: [] };
	});
}

function itemsOf(
	kind: Kind,
	calls: readonly string[],
	before: Piece['before'],
	turn: number,
): AskingItem[] {
	const size = kind === 'people' ? CALLS_PER_ITEM_OF_PEOPLE : 1;
	const groups = Array.from({ length: calls.length / size }, (_, at) =>
		calls.slice(at * size, (at + 1) * size),
	);
	return groups.map((own, at) => {
		const users = isWriteKind(kind) ? usersFor(kind, before.get(own[0]) ?? [], turn + at) : [];
		const json = { calls: own.join(', '), ...(users.length > 0 ? { users: users.join(' ') } : {}) };
		return { json, calls: own, users };
	});
}

/** One to three users; for a revoke mostly users who have access. */
function usersFor(kind: Kind, listed: readonly string[], turn: number): string[] {
	const count = 1 + (turn % 3);
	const anybody = Array.from({ length: count }, (_, i) => USERS[(turn + 11 * i) % USERS.length]);
	const from = turn % Math.max(1, listed.length);
	const having = listed.slice(from, from + count);
	return kind === 'revoke' && having.length > 0 ? having : anybody;
}

/** How many more times the requests of a piece will be sent. */
export function triesToCome({ pages, requests }: Piece): number {
	return [...pages, ...requests]
		.filter(({ comes }) => comes !== 'notSent')
		.reduce((sum, { plan, tries }) => sum + Math.max(0, triesOf(plan) - tries.length), 0);
}

/** The users listed for a call after a write that is carried out. */
export function wantedFor({ kind, items, before }: Piece, callId: string): string[] {
	const named = items.find(({ calls }) => calls.includes(callId))?.users ?? [];
	const listed = before.get(callId) ?? [];
	return kind === 'revoke'
		? listed.filter((userId) => !named.includes(userId))
		: [...new Set([...listed, ...named])].sort();
}
