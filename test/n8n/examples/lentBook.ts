import type { GongState } from '../../harness/gong';
import type { SlackMessage } from '../../harness/services/slack';
import { accessIn, keyOf, type Pair } from './accessPairs';
import { DAY, MINUTE } from './exampleRoom';
import type { Round, Tally } from './yearRounds';

/** Access that the form gave, until its end is told. */
interface Lent extends Pair {
	readonly ends: number;
	/** The end, as the form said it. */
	readonly says: string;
	wasAnnounced: boolean;
	/** It has ended, and was seen to be gone. */
	isOver: boolean;
}

/** For so long a call that Gong does not know is tried. */
const GIVES_UP = 7 * DAY;
const MESSAGE =
	/^\*Access to a Gong call (?:ends on (.*)|has ended)\*\n<\S+\?id=(\d+)\|.*>\nWho: .*\(([^)]*)\).*\nAsked for by .*\n(.*)$/;

/**
 * Keeps what the form gave and for how long, and holds what each run told and took away against that and against what
 * stands in Gong.
 */
export class LentBook {
	readonly missed: string[] = [];
	readonly twice: string[] = [];
	readonly wrong: string[] = [];
	told = 0;
	private readonly lent = new Map<string, Lent>();
	private readonly tellings = new Set<string>();

	/**
	 * @param leaders those whose permission profile opens every call that is not private
	 * @param channelOf where messages to an address go
	 */
	constructor(
		private readonly state: GongState,
		private readonly leaders: { readonly profile: string; readonly userIds: readonly string[] },
		private readonly channelOf: (address: string) => string,
	) {}

	/** What is lent at this moment. */
	get pairs(): readonly Pair[] {
		return [...this.lent.values()];
	}

	get tally(): Tally {
		const { told, missed, twice, wrong } = this;
		return { told, missed, twice, false: wrong };
	}

	/** What the form must say of somebody who is to see a call until then; nothing where it gives them access. */
	reasonToLeave(pair: Pair, until: number): string | undefined {
		const lent = this.lent.get(keyOf(pair));
		if (!this.stands(pair) || (lent && lent.ends < until)) return undefined;
		return lent ? `has it until ${lent.says}` : 'was given access before, without an end';
	}

	/** The end that counts, in the form's words: this one, or a later one from before. */
	endOf(pair: Pair, until: number, says: string): string {
		const lent = this.lent.get(keyOf(pair));
		return lent && lent.ends > until ? lent.says : says;
	}

	/** Whether others gave it anew after its end and before that was told: only the table says whose it is then. */
	isAnybodys(pair: Pair): boolean {
		return this.stands(pair) && this.lent.get(keyOf(pair))?.isOver === true;
	}

	/** Whether a run at this moment must take something away. */
	hasEnded(at: number): boolean {
		return [...this.lent.values()].some(
			(lent) => lent.ends <= at && this.knows(lent) && this.stands(lent),
		);
	}

	/** Notes that the form gave it. */
	lend({ callId, userId }: Pair, ends: number, says: string): void {
		const key = keyOf({ callId, userId });
		if ((this.lent.get(key)?.ends ?? 0) > ends) return;
		this.lent.set(key, { callId, userId, ends, says, wasAnnounced: false, isOver: false });
	}

	/** Whether what a run does at this moment depends on minutes. */
	isClose(at: number): boolean {
		return [...this.lent.values()].some(({ ends }) =>
			[-DAY, 0, GIVES_UP].some((away) => Math.abs(ends + away - at) < 15 * MINUTE),
		);
	}

	/**
	 * Takes in a round.
	 * @param run `before` is the access that stood when it began; after a successful one nothing may be left
	 */
	take(
		{ nth, trouble, run: { status } }: Round,
		run: {
			readonly at: number;
			readonly before: ReadonlySet<string>;
			readonly messages: readonly SlackMessage[];
		},
	): void {
		const { at, before, messages } = run;
		const round = `round ${nth} (${trouble ?? 'no trouble'})`;
		const after = accessIn(this.state);
		for (const key of after) if (!before.has(key)) this.wrong.push(`${round}: gave ${key}`);
		for (const key of before) {
			const isDue = (this.lent.get(key)?.ends ?? Infinity) <= at;
			if (!after.has(key) && !isDue) this.wrong.push(`${round}: took away ${key}`);
		}
		for (const message of messages) this.read(round, message, at);
		for (const [key, lent] of this.lent) {
			const { ends, wasAnnounced } = lent;
			const isKnown = this.knows(lent);
			const stands = this.stands(lent);
			if (ends <= at && isKnown && !stands) lent.isOver = true;
			if (status !== 'success') continue;
			if (ends <= at && isKnown && stands) this.wrong.push(`${round}: left ${key}`);
			if (ends + (isKnown ? 0 : GIVES_UP) <= at) this.missed.push(`${round}: ended ${key}`);
			const isSoon = at < ends && ends - DAY <= at;
			if (isSoon && isKnown && stands && !wasAnnounced) this.missed.push(`${round}: ends ${key}`);
		}
	}

	private read(round: string, { channel, text }: SlackMessage, at: number): void {
		const [, says, callId = '', address = '', still] = MESSAGE.exec(String(text)) ?? [];
		const user = [...this.state.users.values()].find((one) => one.emailAddress === address);
		const pair = { callId, userId: user?.id ?? '' };
		const key = keyOf(pair);
		const lent = this.lent.get(key);
		const isAhead = says !== undefined;
		const telling = `${isAhead ? 'ends' : 'ended'} ${key}`;
		this.told++;
		if (!lent || (isAhead && lent.wasAnnounced)) {
			(this.tellings.has(telling) ? this.twice : this.wrong).push(`${round}: ${text}`);
			return;
		}
		const { ends, isOver } = lent;
		const isGone = isOver || (this.knows(pair) ? !this.stands(pair) : ends + GIVES_UP <= at);
		const isSo = isAhead
			? at < ends && ends - DAY <= at && says === lent.says && this.stands(pair)
			: ends <= at && isGone;
		const ways = this.otherWays(pair, isAhead);
		if (!isSo || still !== ways || channel !== this.channelOf(address)) {
			this.wrong.push(`${round}: ${channel}, ${text}; other ways: ${ways}`);
		}
		this.tellings.add(telling);
		if (isAhead) lent.wasAnnounced = true;
		else this.lent.delete(key);
	}

	/** What is to be said of how else they see the call. */
	private otherWays(pair: Pair, isAhead: boolean): string {
		const { state, leaders } = this;
		const call = state.calls.get(pair.callId);
		if (!call || !this.knows(pair)) {
			return 'Gong does not know this call any more. Should it come back, look at who was given access.';
		}
		const { isPrivate, primaryUserId } = call;
		const given = `by access given through the API${isPrivate ? ' (likely)' : ''}`;
		const ways = [
			...(!isAhead && this.stands(pair) ? [given] : []),
			...(primaryUserId === pair.userId ? ['as a participant'] : []),
			...(leaders.userIds.includes(pair.userId) && !isPrivate
				? [`by the permission profile ${leaders.profile}`]
				: []),
		].join(', ');
		if (!ways)
			return 'No other way was found by which they can see it. It is not known with whom the call was shared.';
		const isThere = state.users.get(pair.userId)?.active;
		const they = isThere ? 'They can' : 'If enabled in Gong again, they can';
		return `${they} ${isAhead ? 'see it then too' : 'still see it'}: ${ways}.`;
	}

	private stands({ callId, userId }: Pair): boolean {
		return this.state.apiAccess.get(callId)?.has(userId) === true;
	}

	private knows({ callId }: Pair): boolean {
		return this.state.knows(callId, 'access');
	}
}
