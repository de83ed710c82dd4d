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
	/** Missing where nothing is written in the column `account`. */
	readonly account?: LinkedObject;
	readonly by: 'id' | 'name';
	/** What is written in the column `user`, perhaps nothing. */
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

/** What a run says of a row whose user it cannot be sure of, although Gong has that user. */
const UNSURE = /it is not known whether Gong has a user with this ID|Gong could not be asked who/;
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
	/** Of whose user the last run was not sure. */
	private unsure: readonly TeamRow[] = [];
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

	/** How many people would lose access if this were the table, at least or at most. */
	leavers(at: number, which: 'least' | 'most', rows = this.rows): number {
		const isHeld = (pair: string) =>
			rows.some((row) => this.mayKeep(row, pair, at, which === 'most'));
		const ended = [...this.ours].filter(
			(pair) => !this.worksOn(pair, -Infinity, rows) && !isHeld(pair),
		);
		return new Set(ended.map((pair) => pair.split(' ')[1])).size;
	}

	/** Takes in what a run did, and what it said. */
	take(one: TeamRun): void {
		const { at, callId, run, before, isTroubled } = one;
		const after = accessIn(this.state);
		const line = (what: string, pair: string) => `round ${one.nth}: ${what} ${pair}`;
		const said = run.error?.message ?? '';
		this.unsure = this.rows.filter(({ user }) =>
			said.split('\n').some((text) => UNSURE.test(text) && text.includes(user.trim())),
		);
		const isFilled = this.rows.length > 0;
		const isSafe = isFilled && this.leavers(at, 'most') <= MOST_PEOPLE;
		const maybeSafe = isFilled && this.leavers(at, 'least') <= MOST_PEOPLE;
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
			const isHeld = this.rows.some((row) => this.mayKeep(row, pair, at, true));
			const may = maybeSafe && callId === undefined && !this.worksOn(pair) && !isHeld;
			if (!may || !(this.ours.has(pair) || this.free.has(pair))) {
				this.wrong.push(line('taken', pair));
			}
			this.changes++;
			this.ours.delete(pair);
			this.free.delete(pair);
		}
		this.judgeWords(one, isSafe, maybeSafe);
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
			if (this.rows.some((row) => this.mayKeep(row, pair, at, false))) continue;
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
		if (!account) return false;
		return (this.tellings.get(callId) ?? []).some(
			({ at, linked }) =>
				at >= since &&
				linked.some(({ objectId, name }) =>
					by === 'id' ? objectId === account.objectId : name === account.name,
				),
		);
	}

	/** Whether a call of this row's account is remembered; undefined where the workflow may have forgotten it. */
	private isKnown(row: TeamRow, at: number): boolean | undefined {
		const calls = [...this.tellings.keys()];
		const isSure = calls.some(
			(callId) => !this.forgotten.has(callId) && this.isOf(callId, row, at - REMEMBERED),
		);
		return (
			isSure || (calls.some((callId) => this.isOf(callId, row, -Infinity)) ? undefined : false)
		);
	}

	/** Whether this access may stay, or surely stays, since this row may be meant otherwise than it stands there. */
	private mayKeep(row: TeamRow, pair: string, at: number, isSure: boolean): boolean {
		const [callId, userId] = pair.split(' ');
		const isKnown = this.isKnown(row, at);
		const isUnclear = row.userId === undefined || (!isSure && this.unsure.includes(row));
		const since = isSure && isKnown ? at - REMEMBERED : -Infinity;
		const asKnown =
			isUnclear && this.isOf(callId, row, since) && !(isSure && this.forgotten.has(callId));
		const asUnknown = isUnclear || row.userId === userId;
		if (isKnown === undefined) return isSure ? asKnown && asUnknown : asKnown || asUnknown;
		return isKnown ? asKnown : asUnknown;
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
				.filter((row) => row.user !== '' && this.isOf(call, row, at - REMEMBERED))
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
	private judgeWords(
		{ nth, at, callId, run, isTroubled }: TeamRun,
		isSafe: boolean,
		maybeSafe: boolean,
	): void {
		const said = run.status === 'success' ? [] : (run.error?.message ?? '').split('\n');
		if (said.includes('')) this.wrong.push(`round ${nth}: failed without a word`);
		for (const line of said.filter(isForgotten)) this.forget(line, nth, at);
		if (isTroubled) return;
		const isHourly = callId === undefined;
		const isTooMany =
			this.rows.length > 0 && isHourly && (maybeSafe && !isSafe ? undefined : !isSafe);
		// What may be said or not is undefined.
		const expected = new Map<RegExp, boolean | undefined>([
			[/nobody was given or lost access/, this.rows.length === 0 && this.hasWork(callId, at)],
			[/would lose access, more than the 10/, isTooMany],
			[/nobody@example\.com/, this.hasUnknownAddress(callId, at)],
			[/the user is missing/, isHourly && this.rows.some(({ user }) => user === '')],
			[/the account is missing/, isHourly && this.rows.some(({ account }) => !account)],
			[/no call of such an account is known/, isHourly && this.hasUnknownAccount(at)],
			[UNSURE, this.mayBeUnsure(isHourly)],
		]);
		const rest = said.filter((line) => !isForgotten(line));
		for (const [words, isDue] of expected) {
			const isSaid = rest.some((line) => words.test(line));
			if (isDue !== undefined && isSaid !== isDue)
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

	private hasUnknownAddress(callId: string | undefined, at: number): boolean | undefined {
		const unknown = this.rows.filter(({ userId, user }) => userId === undefined && user !== '');
		const isAsked = [...this.tellings.keys()]
			.filter((call) => (callId ?? call) === call && this.knows(call) && !this.forgotten.has(call))
			.filter((call) => !this.state.calls.get(call)?.isPrivate)
			.some((call) => unknown.some((row) => this.isOf(call, row, at - REMEMBERED)));
		// Gong is also asked before anybody loses access.
		return isAsked || (callId === undefined && unknown.length > 0 ? undefined : false);
	}

	/** Whether somebody keeps access only since a row has an account of which no call is known. */
	private hasUnknownAccount(at: number): boolean | undefined {
		const rows = this.rows.filter((row) => row.account && !this.isKnown(row, at));
		const ended = [...this.ours].filter((pair) => !this.worksOn(pair));
		const isSure = rows
			.filter((row) => this.isKnown(row, at) === false)
			.some((row) => ended.some((pair) => this.mayKeep(row, pair, at, true)));
		return isSure || (rows.length > 0 ? undefined : false);
	}

	/** Gong does not say whether it has an ID, nor who somebody is while it does not know the calls. */
	private mayBeUnsure(isHourly: boolean): false | undefined {
		const hasIds = this.rows.some(({ userId, user }) => user === userId);
		const hasLost = [...this.tellings.keys()].some((callId) => !this.knows(callId));
		return isHourly && (hasIds || hasLost) ? undefined : false;
	}
}
