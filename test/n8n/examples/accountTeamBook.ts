import { type GongState, type LoggedRequest, writesIn } from '../../harness/gong';
import type { Execution } from '../../harness/n8n/execution';
import type { LinkedObject } from '../../harness/services/gongRule';
import { accessIn } from './accessPairs';
import { DAY } from './exampleRoom';
import type { Tally } from './yearRounds';

const REMEMBERED = 180 * DAY;
const WAITED = 2 * DAY;
/** More people than this never lose access at once. */
export const MOST_PEOPLE = 10;

/** A row of the table of the team: who works on what, and whether it names that by its CRM ID or by its name. */
export interface TeamRow {
	/** Nobody in Gong where it is missing. */
	readonly userId?: string;
	readonly account: LinkedObject;
	readonly by: 'id' | 'name';
	/** What is written in the column `user`. */
	readonly user: string;
}

/** A run of the workflow with what it found and left. */
export interface TeamRun {
	readonly nth: number;
	readonly at: number;
	/** Whether it began by a message of Gong's rule, and so looked at one call. */
	readonly callId?: string;
	readonly run: Execution;
	readonly before: ReadonlySet<string>;
	readonly requests: readonly LoggedRequest[];
	readonly isTroubled: boolean;
}

interface Telling {
	readonly at: number;
	readonly linked: readonly LinkedObject[];
}

const isForgotten = (line: string) => line.includes('so it is forgotten');

/** Holds what the workflow does, run by run, against what its notes promise. */
export class TeamBook {
	readonly missed: string[] = [];
	readonly twice: string[] = [];
	readonly wrong: string[] = [];
	private changes = 0;
	/** How many calls a run said it forgot. */
	forgets = 0;
	/** Calls that the workflow said it forgot, as Gong did not know them. */
	private readonly forgotten = new Set<string>();
	private rows: readonly TeamRow[] = [];
	private readonly tellings = new Map<string, Telling[]>();
	/** What this workflow gave and has not taken, whoever took it. */
	private readonly ours = new Set<string>();
	/** Of these, what others took. */
	private readonly overruled = new Set<string>();
	/** What may be taken or left: its call was forgotten, or a failed run had noted it before others gave it. */
	private readonly free = new Set<string>();
	/** From which run on Gong did not know a call. */
	private readonly unknownSince = new Map<string, number>();
	/** The same, of good runs in which somebody of its team lacked it. */
	private readonly lackedSince = new Map<string, number>();
	/** Written in a run after which nobody could tell what became of it. */
	private readonly unconfirmed = new Set<string>();
	/** Whose row has a text that the workflow may not know yet, and whose ever had. */
	private readonly newNames = new Set<string>();
	private readonly renamed = new Set<string>();
	private lastRun = -Infinity;

	constructor(private readonly state: GongState) {}

	get tally(): Tally {
		const { missed, twice, wrong } = this;
		return { told: this.changes, missed, twice, false: wrong };
	}

	/** The table is written anew. */
	writes(rows: readonly TeamRow[]): void {
		const known = new Set(this.rows.map(({ user }) => user.toLowerCase()));
		for (const { userId = '', user } of rows) {
			if (known.has(user.toLowerCase())) continue;
			this.newNames.add(userId);
			this.renamed.add(userId);
		}
		this.rows = rows;
	}

	/** A genuine message tells of a call. */
	tells(callId: string, linked: readonly LinkedObject[], at: number): void {
		this.tellings.set(callId, [...(this.tellings.get(callId) ?? []), { at, linked }]);
		this.forgotten.delete(callId);
		// The workflow waits for it anew.
		this.lackedSince.delete(callId);
	}

	/** Others give access. What a failed run may have noted cannot be told apart from it. */
	othersGive(pair: string): void {
		this.overruled.delete(pair);
		if (this.unconfirmed.has(pair) && !this.ours.has(pair)) this.free.add(pair);
	}

	/** Others take access away. */
	othersTake(pair: string): void {
		this.free.delete(pair);
		if (this.ours.has(pair)) this.overruled.add(pair);
	}

	/** Whether a run can ask Gong who this person is, whatever their row says. */
	isFindable(userId: string, rows: readonly TeamRow[], at: number): boolean {
		const calls = [...this.tellings.keys()].filter(
			(callId) =>
				this.worksOn(`${callId} ${userId}`, at - 120 * DAY, rows) &&
				this.knows(callId) &&
				!this.forgotten.has(callId) &&
				!this.state.calls.get(callId)?.isPrivate,
		);
		return calls.length > 2;
	}

	/** How many people would lose access if this were the table. */
	leavers(rows = this.rows): number {
		const ended = [...this.ours].filter((pair) => !this.worksOn(pair, -Infinity, rows));
		return new Set(ended.map((pair) => pair.split(' ')[1])).size;
	}

	/** Takes in what a run did, and what it said. */
	take(one: TeamRun): void {
		const { at, callId, run, before, isTroubled } = one;
		const after = accessIn(this.state);
		const line = (what: string, pair: string) => `round ${one.nth}: ${what} ${pair}`;
		const isSafe = this.rows.length > 0 && this.leavers() <= MOST_PEOPLE;
		this.notePresence(one);
		this.judgeWrites(one, line);
		for (const pair of [...after].filter((now) => !before.has(now))) {
			const [call] = pair.split(' ');
			const may = this.worksOn(pair, Math.min(this.lastRun, at) - REMEMBERED);
			if (!may || this.state.calls.get(call)?.isPrivate) this.wrong.push(line('given', pair));
			this.changes++;
			this.ours.add(pair);
			this.overruled.delete(pair);
		}
		for (const pair of [...before].filter((then) => !after.has(then))) {
			const may = isSafe && callId === undefined && !this.worksOn(pair);
			if (!may || !(this.ours.has(pair) || this.free.has(pair))) {
				this.wrong.push(line('taken', pair));
			}
			this.changes++;
			this.ours.delete(pair);
			this.free.delete(pair);
		}
		this.judgeWords(one, isSafe);
		const isGood = !isTroubled || run.status === 'success';
		if (callId !== undefined) {
			if (isGood) this.checkGiven(one, after, line);
			return;
		}
		this.lastRun = at;
		if (!isGood) return;
		if (this.rows.length > 0) this.checkGiven(one, after, line);
		// Nobody is waited for then.
		else this.lackedSince.clear();
		if (!isSafe) return;
		for (const pair of this.ours) {
			if (this.worksOn(pair) || !this.knows(pair)) continue;
			if (after.has(pair)) this.missed.push(line('not taken', pair));
			else for (const set of [this.ours, this.overruled]) set.delete(pair);
		}
		this.newNames.clear();
	}

	/** Whether this person is in the team of this call, by what was told of it since then. */
	private worksOn(pair: string, since = -Infinity, rows = this.rows): boolean {
		const [callId, userId] = pair.split(' ');
		return rows.some((row) => row.userId === userId && this.isOf(callId, row, since));
	}

	private isOf(callId: string, { account, by }: TeamRow, since: number): boolean {
		return (this.tellings.get(callId) ?? []).some(
			({ at, linked }) =>
				at >= since &&
				linked.some(({ objectId, name }) =>
					by === 'id' ? objectId === account.objectId : name === account.name,
				),
		);
	}

	private knows(pair: string): boolean {
		return this.state.knows(pair.split(' ')[0], 'access');
	}

	/** A run that asks Gong finds out that a call is back; others leave the workflow waiting. */
	private notePresence({ at, callId, isTroubled }: TeamRun): void {
		for (const call of this.tellings.keys()) {
			if (!this.knows(call)) this.unknownSince.set(call, this.unknownSince.get(call) ?? at);
			else if (!isTroubled && (callId ?? call) === call) this.unknownSince.delete(call);
		}
	}

	/** Whatever is written must be worth a request. */
	private judgeWrites(
		{ before, requests, callId: told, run }: TeamRun,
		line: (what: string, pair: string) => string,
	): void {
		const newNames = told === undefined ? this.newNames : this.renamed;
		for (const { method, changes } of writesIn(requests)) {
			const pairs = changes.flatMap(({ callId, userIds }) =>
				userIds.map((id) => `${callId} ${id}`),
			);
			for (const pair of pairs) {
				const isVain = method === 'PUT' && before.has(pair) && !this.unconfirmed.has(pair);
				if (isVain && !newNames.has(pair.split(' ')[1])) this.twice.push(line('given again', pair));
			}
			for (const pair of pairs) {
				if (method === 'PUT' && run.status === 'success') this.unconfirmed.delete(pair);
				else this.unconfirmed.add(pair);
			}
		}
	}

	/** Whoever works on a call that Gong told of in time, and that is open to them, has it. */
	private checkGiven(
		{ at, callId }: TeamRun,
		after: ReadonlySet<string>,
		line: (what: string, pair: string) => string,
	): void {
		const calls = callId === undefined ? [...this.tellings.keys()] : [callId];
		for (const call of calls) {
			const lacking = this.rows
				.filter((row) => this.isOf(call, row, at - REMEMBERED))
				.map(({ userId = '' }) => `${call} ${userId}`)
				.filter((pair) => !after.has(pair) && !this.overruled.has(pair));
			if (this.knows(call)) {
				this.lackedSince.delete(call);
				if (this.state.calls.get(call)?.isPrivate || this.forgotten.has(call)) continue;
				const people = lacking.filter((pair) => !pair.endsWith(' '));
				this.missed.push(...people.map((pair) => line('not given', pair)));
			} else if (lacking.length === 0 || this.forgotten.has(call)) {
				this.lackedSince.delete(call);
			} else {
				const since = this.lackedSince.get(call) ?? at;
				this.lackedSince.set(call, since);
				if (at - since > WAITED) this.missed.push(line('not said to be unknown', call));
			}
		}
	}

	/** A run says each thing that did not work, and nothing else. */
	private judgeWords({ nth, at, callId, run, isTroubled }: TeamRun, isSafe: boolean): void {
		const said = run.status === 'success' ? [] : (run.error?.message ?? '').split('\n');
		if (said.includes('')) this.wrong.push(`round ${nth}: failed without a word`);
		for (const line of said.filter(isForgotten)) this.forget(line, nth, at);
		if (isTroubled) return;
		const expected = new Map<RegExp, boolean>([
			[/nobody was given or lost access/, this.rows.length === 0 && this.hasWork(callId, at)],
			[
				/would lose access, more than the 10/,
				this.rows.length > 0 && !isSafe && callId === undefined,
			],
			[/nobody@example\.com/, this.hasUnknownAddress(callId, at)],
		]);
		const rest = said.filter((line) => !isForgotten(line));
		for (const [words, isDue] of expected) {
			const isSaid = rest.some((line) => words.test(line));
			if (isSaid !== isDue)
				this.wrong.push(`round ${nth}: ${words} was ${isSaid ? '' : 'not '}said`);
		}
		const odd = rest.filter((line) => ![...expected.keys()].some((words) => words.test(line)));
		this.wrong.push(...odd.map((line) => `round ${nth}: ${line}`));
	}

	private forget(line: string, nth: number, at: number): void {
		const titles = /\(([^)]*)\)$/.exec(line)?.[1].split('; ') ?? [];
		for (const [callId, call] of this.state.calls) {
			if (!titles.includes(String(call.title))) continue;
			const since = this.unknownSince.get(callId) ?? Infinity;
			if (!(at - since >= WAITED)) this.wrong.push(`round ${nth}: forgotten too early: ${callId}`);
			this.forgets++;
			if (line.startsWith('Access was not given')) {
				this.forgotten.add(callId);
				continue;
			}
			for (const pair of [...this.ours].filter((one) => one.startsWith(callId))) {
				if (this.worksOn(pair)) continue;
				this.ours.delete(pair);
				this.free.add(pair);
			}
		}
	}

	private hasWork(callId: string | undefined, at: number): boolean {
		if (callId === undefined && this.ours.size > 0) return true;
		return [...this.tellings].some(
			([call, tellings]) =>
				(callId ?? call) === call &&
				!this.forgotten.has(call) &&
				tellings.some((one) => one.at >= at - REMEMBERED && one.linked.length > 0),
		);
	}

	private hasUnknownAddress(callId: string | undefined, at: number): boolean {
		const unknown = this.rows.filter(({ userId }) => userId === undefined);
		return [...this.tellings.keys()]
			.filter((call) => (callId ?? call) === call && this.knows(call) && !this.forgotten.has(call))
			.filter((call) => !this.state.calls.get(call)?.isPrivate)
			.some((call) => unknown.some((row) => this.isOf(call, row, at - REMEMBERED)));
	}
}
