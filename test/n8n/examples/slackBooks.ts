import { shown, type SlackMessage } from '../../harness/services/slack';
import type { CompanyYear, LivedCall } from './companyYear';
import { DAY } from './exampleRoom';
import type { Round, Tally } from './yearRounds';

/** What a message says of one call. */
interface Told {
	readonly callId: string;
	readonly title: string;
	readonly given: readonly string[];
	readonly ended: readonly string[];
}

/** What a message says, for each of its calls; people by what stands before their address. */
function read(message: SlackMessage): Told[] {
	const blocks = String(message.text).split(/(?=<https:\/\/app\.gong\.io\/call\?id=)/);
	return blocks.slice(1).map((block) => {
		const [, callId, title] = block.match(/id=(\d+)\|([^>]*)>/) ?? [];
		const [given, ended = ''] = shown({ text: block }).split('No longer given to:');
		const names = (text: string) => [...text.matchAll(/^• (.*) \(.*\)$/gm)].map(([, name]) => name);
		return { callId, title, given: names(given), ended: names(ended) };
	});
}

/** Keeps what was told of a company in Slack, and holds it after each round against what happened there. */
export class SlackBook {
	readonly missed: string[] = [];
	readonly twice: string[] = [];
	readonly wrong: string[] = [];
	told = 0;
	/** By call: who has access, by what was told. */
	private readonly believed = new Map<string, Set<string>>();
	private readonly byId: ReadonlyMap<string, LivedCall>;
	private before: { readonly at: number; readonly isWhole: boolean } | undefined;

	/**
	 * @param rules days: how far back the example looks; tellsEnds: whether it tells who no longer has access;
	 * concerns: of whom it tells
	 */
	constructor(
		private readonly company: CompanyYear,
		private readonly rules: {
			readonly days: number;
			readonly tellsEnds: boolean;
			readonly concerns: (userId: string) => boolean;
		},
	) {
		this.byId = new Map(company.calls.map((call) => [call.id, call]));
	}

	/**
	 * Calls that began before this and are seen for the first time are remembered without a message.
	 * @param leftOut the call that one answer of Gong left out
	 */
	remember({ at }: Round, before: number, leftOut: string | undefined): void {
		const truth = this.truth(at);
		for (const [callId, users] of truth) {
			if (this.believed.has(callId) || (this.byId.get(callId)?.started ?? 0) >= before) continue;
			this.believed.set(callId, new Set(callId === leftOut ? [] : users));
		}
	}

	/** Takes in the messages of a round. */
	take({ at, nth }: Round, messages: readonly SlackMessage[]): void {
		const truth = this.truth(at);
		for (const { callId, title, given, ended } of messages.flatMap(read)) {
			const call = this.byId.get(callId);
			const now = truth.get(callId) ?? new Set();
			const believed = this.believed.get(callId) ?? new Set();
			this.believed.set(callId, believed);
			const line = (what: string, name: string) => `round ${nth}: ${title}, ${what} ${name}`;
			if (!call || title !== this.company.titleAt(call, at)) this.wrong.push(line('title', ''));
			if (given.length + ended.length === 0) this.wrong.push(line('nobody', ''));
			this.told += given.length + ended.length;
			for (const name of given) {
				const userId = this.idOf(name);
				if (believed.has(userId)) this.twice.push(line('given', name));
				else if (!now.has(userId)) this.wrong.push(line('given', name));
				believed.add(userId);
			}
			for (const name of ended) {
				const userId = this.idOf(name);
				if (!believed.has(userId)) this.twice.push(line('ended', name));
				else if (now.has(userId)) this.wrong.push(line('ended', name));
				believed.delete(userId);
			}
		}
	}

	/**
	 * Holds what was told against what is so.
	 * @param isWhole whether nothing went wrong in this round, so that all of it must have been told
	 */
	check({ at, nth }: Round, isWhole: boolean): void {
		const truth = this.truth(at);
		const then = this.before?.isWhole ? this.truth(this.before.at) : undefined;
		this.before = { at, isWhole };
		if (!isWhole) return;
		for (const [callId, users] of truth) {
			const believed = this.believed.get(callId) ?? new Set();
			const line = (what: string, userId: string) =>
				`round ${nth}: ${callId}, ${what} ${this.company.nameOf(userId)}`;
			for (const userId of users) {
				if (!believed.has(userId)) this.missed.push(line('given', userId));
			}
			// An end is told once two runs saw it.
			const ended = [...believed].filter(
				(id) => !users.has(id) && then?.get(callId)?.has(id) === false,
			);
			if (this.rules.tellsEnds) this.missed.push(...ended.map((id) => line('ended', id)));
		}
	}

	get tally(): Tally {
		const { told, missed, twice, wrong } = this;
		return { told, missed, twice, false: wrong };
	}

	/** The calls that Gong shows to who looks so far back at this moment, with whom it tells of. */
	truth(at: number): ReadonlyMap<string, ReadonlySet<string>> {
		const standing = this.company.standing(at);
		const shownCalls = this.company.calls.filter(
			({ started, listedFrom, vanishedFrom }) =>
				at - this.rules.days * DAY <= started && listedFrom <= at && at < vanishedFrom,
		);
		return new Map(
			shownCalls.map(({ id }) => {
				const users = standing.filter(({ callId }) => callId === id).map(({ userId }) => userId);
				return [id, new Set(users.filter(this.rules.concerns))];
			}),
		);
	}

	private idOf(name: string): string {
		return this.company.people.find((person) => person.name === name)?.id ?? name;
	}
}
