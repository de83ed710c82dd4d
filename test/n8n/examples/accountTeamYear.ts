import { callIdAt, makeData, userIdAt } from '../../harness/gong';
import { Dice } from '../../harness/judging/seeded';
import {
	deliveryOf,
	type LinkedObject,
	type Oddity,
	type SignedRequest,
} from '../../harness/services/gongRule';
import { accessIn } from './accessPairs';
import { MOST_PEOPLE, TeamBook, type TeamRow } from './accountTeamBook';
import { AccountTeamRoom } from './accountTeamRoom';
import type { Row } from './byHand';
import { DAY, type ExampleRoom, HOUR } from './exampleRoom';
import { planTroubles, type Round } from './yearRounds';

/** Gong answers nothing but 503, also to webhooks' runs; from some answer on; one answer is lost; writes are done unanswered. */
const TROUBLES = ['gongDown', 'gongDownMidway', 'answerLost', 'writesUnanswered'] as const;

type Trouble = (typeof TROUBLES)[number];

/** What the table is by mistake in some rounds; the next one has the right table again. */
const MISTAKES = [
	...(['empty table', 'table deleted', 'many leave', 'unknown address'] as const),
	...(['half a row', 'misspelled account'] as const),
];

type Mistake = (typeof MISTAKES)[number];

interface YearCall {
	readonly id: string;
	readonly title: string;
	readonly linked: readonly LinkedObject[];
}

const PEOPLE = Array.from({ length: 16 }, (_, place) => ({
	id: userIdAt(place),
	emailAddress: `person.${place}@example.com`,
	emailAliases: [`p${place}@example.com`],
}));

const account = (place: number, name: string): LinkedObject => ({
	objectType: 'Account',
	objectId: `00116300${place}0vmLBaEEN`,
	name,
});

/** Fifty rounds of hours and days in which Gong, the table and others change what the workflow is about. */
export class AccountTeamYear {
	readonly book: TeamBook;
	readonly rounds: Round[] = [];
	/** How many there were of what was to happen. */
	readonly met: Record<string, number> = {};
	/** How many requests an hourly run without trouble sent, at most. */
	mostRequests = 0;
	private readonly dice: Dice;
	private readonly calls: YearCall[] = [];
	private readonly gone = new Set<string>();
	/** Which Gong has not told of yet. */
	private untold: YearCall[] = [];
	private accounts = [
		account(1, 'Acme'),
		account(2, 'Globex'),
		account(3, 'Twin'),
		account(4, 'Twin'),
		{ objectType: 'Opportunity', objectId: '0061Q00000mkU1fQAE', name: 'Acme - Renewal (28)' },
	];
	private rows: TeamRow[] = [];
	/** As it stands in n8n. */
	private written: readonly TeamRow[] = [];
	/** What the column `user` has for each person. */
	private readonly named = new Map<string, string>();
	private readonly due: Mistake[] = [];
	private lastSent?: { readonly request: SignedRequest; readonly call: YearCall };

	private constructor(
		private readonly room: ExampleRoom,
		private readonly team: AccountTeamRoom,
		seed: number,
	) {
		this.dice = new Dice(seed);
		this.book = new TeamBook(room.gong.state);
	}

	/** Lives through so many rounds. */
	static async live(room: ExampleRoom, seed: number, count: number): Promise<AccountTeamYear> {
		room.gong.setLimit(false);
		room.gong.state.load(makeData({ users: PEOPLE }));
		const year = new AccountTeamYear(room, await AccountTeamRoom.open(room), seed);
		// Some work on two accounts.
		year.rows = Array.from({ length: 24 }, (_, nth) => year.row(nth % 16, year.accounts[nth % 5]));
		await year.writeTable(year.rows);
		const troubles = planTroubles(count, year.dice.random, TROUBLES);
		// Some wait for a round in which they are possible.
		const mistakes = planTroubles(count / 2, year.dice.random, MISTAKES);
		for (let nth = 0; nth < count; nth++) {
			const mistake = mistakes.get(nth);
			if (mistake) year.due.push(mistake);
			await year.round(nth, troubles.get(nth));
		}
		return year;
	}

	/** What the workflow remembers of calls that it was told of. */
	async remembered(): Promise<readonly Row[]> {
		return await this.team.rowsOf('calls');
	}

	private async round(nth: number, trouble: Trouble | undefined): Promise<void> {
		const { clock, gong, n8n } = this.room;
		clock.moveTo(
			clock.now +
				(this.dice.chance(4) ? this.dice.between(HOUR, DAY) : this.dice.between(2 * DAY, 12 * DAY)),
		);
		this.changeGong();
		this.changeAccess();
		await this.changeTable(trouble === undefined);
		if (trouble === 'gongDown') this.begin(trouble);
		for (const one of this.messages()) await this.deliver(one, nth, trouble === 'gongDown');
		const before = accessIn(gong.state);
		const begin = gong.log.length;
		if (trouble && trouble !== 'gongDown') this.begin(trouble);
		const run = await n8n.rest.run(this.team.workflowId, 'Every hour');
		gong.clearFaults();
		const requests = gong.log.slice(begin);
		if (!trouble) this.mostRequests = Math.max(this.mostRequests, requests.length);
		const at = clock.now;
		this.rounds.push({ nth, at, trouble, run, isRetry: false });
		this.book.take({ nth, at, run, before, requests, isTroubled: trouble !== undefined });
	}

	/** Calls come, vanish and come back, and become private. */
	private changeGong(): void {
		const { state } = this.room.gong;
		for (let more = this.dice.between(1, 3); more > 0; more--) {
			const call = this.newCall();
			const [made] = makeData({
				calls: [{ id: call.id, title: call.title, isPrivate: this.dice.chance(6) }],
			}).calls;
			state.calls.set(call.id, made);
			state.apiAccess.set(call.id, new Set());
			// Others are often the first to give access to a call.
			for (let some = this.dice.between(0, 4); some > 0; some--) this.giveByOthers(call);
			// Gong tells of some calls before it knows them, and some it never knows.
			if (this.calls.length % 10 === 3) this.gone.add(call.id);
			if (this.dice.chance(6) || this.gone.has(call.id)) state.hideCall(call.id);
			if (this.dice.chance(6)) this.count('never told');
			else this.untold.push(call);
		}
		for (const { id } of this.calls) {
			if (state.knows(id, 'access') || this.gone.has(id) || !this.dice.chance(3)) continue;
			state.knownFrom.delete(id);
			this.count('came back');
		}
		const some = this.dice.pick(this.calls);
		if (some && this.dice.chance(3)) {
			state.hideCall(some.id);
			this.count('vanished');
		}
		const other = this.dice.pick(this.calls);
		const call = other && state.calls.get(other.id);
		if (call && this.dice.chance(12)) call.isPrivate = true;
	}

	private newCall(): YearCall {
		const place = this.calls.length;
		const { objectId, name } = account(9, 'Nobody works on it');
		const linked = this.dice.chance(8)
			? [{ objectType: 'Account', objectId, name }]
			: this.dice.chance(5)
				? [this.accounts[0], this.accounts[4]]
				: [this.accounts[this.dice.between(0, 5)]];
		const call = { id: callIdAt(place), title: `Call ${place}`, linked };
		this.calls.push(call);
		return call;
	}

	/** Others give access to these calls and take it away, from whomever. */
	private changeAccess(): void {
		const { state } = this.room.gong;
		const call = this.dice.chance(2) ? this.dice.pick(this.calls) : undefined;
		if (call) this.giveByOthers(call);
		const taken = this.dice.chance(4) ? this.dice.pick([...accessIn(state)]) : undefined;
		if (taken === undefined) return;
		this.book.othersTake(taken);
		const [callId, userId] = taken.split(' ');
		state.revoke(callId, userId);
		this.count('taken by others');
	}

	private giveByOthers({ id }: YearCall): void {
		const { state } = this.room.gong;
		const userId = String(this.dice.pick(PEOPLE)?.id);
		const pair = `${id} ${userId}`;
		if (accessIn(state).has(pair)) return;
		this.book.othersGive(pair);
		state.grant(id, userId);
		this.count('given by others');
	}

	/** People join, leave and come back; rows are written in another way; an account gets another name. */
	private async changeTable(mayMistake: boolean): Promise<void> {
		if (this.dice.chance(2)) {
			const account = this.accounts[this.dice.between(0, 5)];
			this.rows = [...this.rows, this.row(this.dice.between(0, 16), account)];
		}
		if (this.due.includes('many leave')) this.hire();
		else if (this.dice.chance(3) && this.rows.length > 10) {
			const leaver = this.dice.pick(this.rows);
			const isWhole = this.dice.chance(2);
			this.rows = this.rows.filter((row) =>
				isWhole ? row.userId !== leaver?.userId : row !== leaver,
			);
			this.count('left');
		}
		if (this.dice.chance(5)) this.rewrite();
		if (this.dice.chance(6)) {
			const place = this.dice.between(0, 2);
			const { name } = this.accounts[place];
			const renamed = { ...this.accounts[place], name: `${name} Inc` };
			this.accounts = this.accounts.map((one, at) => (at === place ? renamed : one));
			this.count('renamed');
		}
		const mistake = mayMistake ? this.due.find((one) => this.isFeasible(one)) : undefined;
		if (mistake) return await this.mistake(mistake);
		if (this.written !== this.rows) await this.writeTable(this.rows);
	}

	/** Everybody who is in no team joins one, so that many can leave. */
	private hire(): void {
		const idle = PEOPLE.map((_, place) => place).filter((place) =>
			this.rows.every(({ userId }) => userId !== PEOPLE[place].id),
		);
		if (idle.length === 0) return;
		const joining = idle.map((place) => this.row(place, this.accounts[this.dice.between(0, 5)]));
		this.rows = [...this.rows, ...joining];
	}

	private isFeasible(mistake: Mistake): boolean {
		const { now } = this.room.clock;
		return (
			mistake !== 'many leave' ||
			this.book.leavers(now, 'least', this.rows.slice(0, 1)) > MOST_PEOPLE
		);
	}

	private async mistake(mistake: Mistake): Promise<void> {
		this.due.splice(this.due.indexOf(mistake), 1);
		this.count(mistake);
		if (mistake === 'empty table') await this.writeTable([]);
		if (mistake === 'many leave') await this.writeTable(this.rows.slice(0, 1));
		if (mistake === 'unknown address') {
			const nobody = { account: this.accounts[0], by: 'id', user: 'nobody@example.com' } as const;
			await this.writeTable([...this.rows, nobody]);
		}
		if (mistake === 'half a row') {
			const half = this.dice.pick(this.rows);
			const missing = this.dice.chance(2)
				? { account: undefined }
				: { userId: undefined, user: '' };
			await this.writeTable(this.rows.map((row) => (row === half ? { ...row, ...missing } : row)));
		}
		if (mistake === 'misspelled account') {
			const right = this.dice.pick(this.rows)?.account;
			const wrong = account(8, `${right?.name}x`);
			await this.writeTable(
				this.rows.map((row) =>
					row.account?.objectId === right?.objectId ? { ...row, by: 'name', account: wrong } : row,
				),
			);
		}
		if (mistake !== 'table deleted') return;
		await this.team.deleteTable('team');
		this.written = [];
		this.book.writes(this.written);
	}

	private async writeTable(rows: readonly TeamRow[]): Promise<void> {
		this.written = rows;
		this.book.writes(rows);
		await this.team.writeTeam(
			...rows.map(({ account, by, user }): [string, string] => {
				const { objectId = '', name = '' } = account ?? {};
				const id = this.dice.chance(3) ? objectId.slice(0, 15) : objectId;
				const as = this.dice.chance(2) ? ` ${name.toUpperCase()} ` : name;
				return [by === 'id' ? id : as, user];
			}),
		);
	}

	private row(place: number, account?: LinkedObject, by?: 'id' | 'name'): TeamRow {
		const { id, emailAddress } = PEOPLE[place];
		const user = this.named.get(id) ?? emailAddress;
		return { userId: id, account, by: by ?? (this.dice.chance(3) ? 'name' : 'id'), user };
	}

	/** Writes some rows in another way, and some accounts by their ID in place of their name. */
	private rewrite(): void {
		for (const { id, emailAddress, emailAliases } of PEOPLE) {
			if (!this.book.isFindable(id, this.rows, this.room.clock.now)) continue;
			const texts = [id, emailAddress, ` ${emailAddress.toUpperCase()}`, ...emailAliases];
			this.named.set(id, String(this.dice.pick(texts)));
		}
		this.rows = this.rows.map((row) => {
			const now =
				this.accounts.find((one) => one.objectId === row.account?.objectId) ?? row.account;
			const place = PEOPLE.findIndex(({ id }) => id === row.userId);
			// A name stays as it was written.
			return row.by === 'name' && this.dice.chance(2)
				? this.row(place, row.account, 'name')
				: this.row(place, now, 'id');
		});
		this.count('written in another way');
	}

	/** What comes to the webhook now: of some calls later, of some twice, and what is not to be believed. */
	private messages(): (YearCall | 'replay' | 'unsigned' | 'expired')[] {
		const now = this.untold.filter(() => !this.dice.chance(5));
		this.untold = this.untold.filter((call) => !now.includes(call));
		const told = this.calls.filter((call) => !now.includes(call) && !this.untold.includes(call));
		const again = this.dice.chance(8) ? this.dice.pick(told) : undefined;
		const odd = this.dice.chance(5)
			? this.dice.pick(['replay', 'unsigned', 'expired'] as const)
			: undefined;
		return [...now, again ?? [], odd ?? []].flat();
	}

	private async deliver(
		message: YearCall | 'replay' | 'unsigned' | 'expired',
		nth: number,
		isTroubled: boolean,
	): Promise<void> {
		const { gong, clock } = this.room;
		const isGenuine = typeof message === 'object';
		const call = isGenuine ? message : this.lastSent?.call;
		if (!call) return;
		const ended = Math.floor(clock.now / 1_000) - 1;
		const odd: Record<string, Oddity> = {
			unsigned: { body: deliveryOf({ ...call, title: 'Another' }) },
			expired: { claims: (claims) => ({ ...claims, exp: ended }) },
		};
		const signed = this.team.sign(call, false, isGenuine ? {} : odd[message]);
		const request = message === 'replay' && this.lastSent ? this.lastSent.request : signed;
		const before = accessIn(gong.state);
		const begin = gong.log.length;
		if (isGenuine) this.book.tells(call.id, call.linked, clock.now);
		const { answer, run } = await this.team.receives(request);
		const status = isGenuine ? 200 : 401;
		if (answer.status !== status) this.book.wrong.push(`round ${nth}: answered ${answer.status}`);
		this.count(isGenuine ? 'told' : 'refused');
		if (!isGenuine) {
			const isSafe = run.status === 'error' && gong.log.length === begin;
			if (!isSafe) this.book.wrong.push(`round ${nth}: a message that is not to be believed`);
			return;
		}
		this.lastSent = { request, call };
		const requests = gong.log.slice(begin);
		const at = clock.now;
		this.book.take({ nth, at, callId: call.id, run, before, requests, isTroubled });
	}

	private begin(trouble: Trouble): void {
		const { gong } = this.room;
		const down = { kind: 'status', status: 503, times: Infinity } as const;
		if (trouble === 'gongDown') gong.fail(down);
		if (trouble === 'gongDownMidway') gong.fail({ ...down, after: this.dice.between(1, 4) });
		if (trouble === 'answerLost') gong.fail({ kind: 'reset', after: this.dice.between(0, 4) });
		if (trouble === 'writesUnanswered') {
			for (const method of ['PUT', 'DELETE'])
				gong.fail({ ...down, applied: true, match: { method } });
		}
	}

	private count(what: string): void {
		this.met[what] = (this.met[what] ?? 0) + 1;
	}
}
