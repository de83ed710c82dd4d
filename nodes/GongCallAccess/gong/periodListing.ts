import type { Failure, Result } from '../failure';
import { saysNothingFound } from '../transport/refusal';
import type { GongCall, Period } from './calls';
import { listCallsRequest, readCallsPage } from './calls';
import type { Page, RequestSender } from './paging';
import { listAll } from './paging';

// A cursor leads only from one page to the next, so listings side by side are faster where Gong answers slowly.
// Six are enough for answers that take four seconds.
const MAX_AT_ONCE = 6;
// A cut costs up to one request more.
const PAGES_PER_CUT = 10;
const FEWEST_PAGES = { ofPeriod: 6, ofStretch: 4 };
const DAY_MS = 24 * 60 * 60 * 1000;
// Calls are mostly in working hours, so a page takes up less time than its share of the whole.
const WEEK_PER_WORKING_HOURS = 5;
// The first and last tenth of a page may have started at quite another time than Gong lists them by.
const MIDDLE = { from: 0.1, to: 0.9 };
// Calls that would take up much more than the time that there is are closer together later on.
const MOST_THAT_FITS = 1.4;
const MOST = 0.75;

/** A part of a period with a listing of its own, which ends at the first call that a later stretch has. */
interface Stretch {
	period: Period;
	/** In ms since 1970. */
	from: number;
	/** In ms since 1970; where the next stretch begins. */
	to: number;
	/** The calls of its listing so far. */
	ids: Set<string>;
	/** How many calls its period has, by the page that says the most. */
	total: number;
	/** How many of these are in stretches that were cut off from it. */
	cutOff: number;
	/** How far its listing has come, in ms since 1970. */
	at: number;
	/** Milliseconds from call to call on its latest page. */
	pace: number;
	/** The same in the time just before it. */
	paceBefore: number;
	/** Whether a cut showed that its calls do not go on as long as its time. */
	endsEarly: boolean;
	/** Settled when its first page is there, or it ended without one. */
	begun: Promise<void>;
	state: 'beginning' | 'listed' | 'over';
	/** Whether it may be cut; not while it is unknown what the last cut brought. */
	mayBeCut: boolean;
}

/**
 * Lists the IDs of all calls of a period, each once, oldest first as Gong lists them. A long period is cut into
 * stretches of time that are listed side by side.
 * @param onCalls called with the calls of each page, as soon as it is there; a call may come twice
 */
export async function callIdsOfPeriod(
	client: RequestSender,
	period: Period,
	onCalls: (callIds: string[]) => void,
): Promise<Result<string[]>> {
	const request = (cursor: string | undefined) => listCallsRequest(period, cursor);
	const first = await client.send(request(undefined), [], readCallsPage);
	if (!first.ok) {
		const { refusal } = first;
		const isEmpty = refusal !== undefined && saysNothingFound(refusal.status, refusal.said);
		return isEmpty ? { ok: true, value: [] } : first;
	}
	const inStretches = await new PeriodListing(client, period, first.value, onCalls).list();
	if (inStretches) return inStretches;
	// Gong does not say which calls are missing, so it is listed again, without cuts.
	const whole = await listAll(client, request, readCallsPage, {
		onPage: ({ entries }) => onCalls(idsOf(entries)),
	});
	return whole.ok ? { ok: true, value: [...new Set(idsOf(whole.value.entries))] } : whole;
}

/**
 * Lists a period once. Nobody knows beforehand how its calls are spread, so it is cut step by step: the stretch with
 * the most calls left is cut where the middle of them is likely to be. The answer tells how many calls there are from
 * there on.
 */
class PeriodListing {
	private readonly stretches: Stretch[] = [];

	private readonly listings: Array<Promise<void>> = [];

	private readonly pageSize: number;

	/** The most requests that it may come to by cuts. */
	private readonly maxRequests: number;

	private answers = 0;

	private failure: Failure | undefined;

	constructor(
		private readonly client: RequestSender,
		private readonly period: Period,
		private readonly first: Page<GongCall>,
		private readonly onCalls: (callIds: string[]) => void,
	) {
		this.pageSize = first.entries.length;
		const pages = Math.ceil((first.total ?? 0) / this.pageSize);
		const isLong = Number.isFinite(pages) && pages >= FEWEST_PAGES.ofPeriod;
		this.maxRequests = isLong ? pages + Math.max(1, Math.floor(pages / PAGES_PER_CUT)) : 0;
	}

	/** The IDs, or why there are none; undefined where the stretches do not make up the whole. */
	async list(): Promise<Result<string[]> | undefined> {
		this.start(this.period, Date.parse(this.period.from), Date.parse(this.period.to));
		// Cuts add more meanwhile.
		for (const listing of this.listings) await listing;
		if (this.failure) return { ok: false, failure: this.failure };
		this.stretches.sort((one, other) => one.from - other.from);
		const [begin, ...others] = this.stretches;
		const isWhole =
			others.length === 0 ||
			this.stretches.every((stretch) => this.idsWithin(stretch).size >= stretch.total);
		return isWhole ? { ok: true, value: [...this.idsWithin(begin)] } : undefined;
	}

	/** The calls of a stretch and of all that were cut off from it. */
	private idsWithin({ from, period }: Stretch): Set<string> {
		const to = Date.parse(period.to);
		const within = this.stretches.filter((some) => some.from >= from && some.from < to);
		return new Set(within.flatMap(({ ids }) => [...ids]));
	}

	/** @param onBegin called when its first page is there, or it ended without one */
	private start(period: Period, from: number, to: number, onBegin = (): void => {}): Stretch {
		let begin = (): void => {};
		const begun = new Promise<void>((resolve) => {
			begin = resolve;
		});
		const counts = { total: 0, cutOff: 0, at: from, pace: 0, paceBefore: 0 };
		const state = { state: 'beginning', mayBeCut: false, endsEarly: false } as const;
		const stretch: Stretch = { period, from, to, ids: new Set(), ...counts, begun, ...state };
		this.stretches.push(stretch);
		const listing = this.listStretch(stretch, () => {
			onBegin();
			begin();
		});
		// It is awaited later, or not at all once the execution is canceled.
		listing.catch(() => {});
		this.listings.push(listing);
		return stretch;
	}

	private async listStretch(stretch: Stretch, onBegin: () => void): Promise<void> {
		const { period } = stretch;
		const request = (cursor: string | undefined) => listCallsRequest(period, cursor);
		const end = (): void => {
			const isEmpty = stretch.state === 'beginning';
			stretch.state = 'over';
			if (isEmpty) this.answers++;
			if (isEmpty) onBegin();
		};
		const listing = await listAll(this.client, request, readCallsPage, {
			...(stretch === this.stretches[0] ? { first: this.first } : {}),
			onPage: (page) => {
				this.note(stretch, page, onBegin);
				// Cut before the calls are told, so that reading access to them does not hold up the listing.
				this.cut();
				this.onCalls(idsOf(page.entries));
			},
			isEnough: async (page) => await this.hasPassed(stretch, page),
			isOver: () => this.failure !== undefined,
		}).finally(end);
		if (listing.ok) stretch.ids = new Set(idsOf(listing.value.entries));
		else this.failure ??= listing.failure;
		this.cut();
	}

	/** Takes in what a page tells. */
	private note(stretch: Stretch, { entries, total, cursor }: Page<GongCall>, onBegin: () => void) {
		this.answers++;
		stretch.total = Math.max(stretch.total, total ?? 0);
		for (const { id } of entries) stretch.ids.add(id);
		const times = timesOf(entries).filter((time) => time >= stretch.from && time < stretch.to);
		times.sort((one, other) => one - other);
		const begin = Math.floor(MIDDLE.from * (times.length - 1));
		const end = Math.floor(MIDDLE.to * (times.length - 1));
		if (times.length > 0) {
			stretch.at = Math.max(stretch.at, times[end]);
			stretch.pace = (times[end] - times[begin]) / Math.max(1, end - begin);
		}
		if (stretch.state !== 'beginning') return;
		stretch.state = 'listed';
		stretch.mayBeCut = cursor !== undefined;
		onBegin();
	}

	/** Whether a page has a call of a later stretch: then all calls up to that stretch are listed. */
	private async hasPassed(stretch: Stretch, { entries }: Page<GongCall>): Promise<boolean> {
		const later = this.stretches.filter(({ from }) => from > stretch.from);
		const times = timesOf(entries);
		for (const { from, begun } of later) {
			// Without waiting, the same calls might be listed twice.
			if (times.some((time) => time >= from)) await begun;
		}
		return entries.some(({ id }) => later.some(({ ids }) => ids.has(id)));
	}

	/** Cuts what has the most calls left, as often as it pays. */
	private cut(): void {
		while (!this.failure) {
			const extra = this.maxRequests - this.answers - this.requestsToCome();
			const open = this.stretches.filter(({ state }) => state !== 'over');
			if (extra < 1 || open.length >= MAX_AT_ONCE) return;
			const [longest] = open
				.filter(({ mayBeCut }) => mayBeCut)
				.sort((one, other) => leftOf(other) - leftOf(one));
			if (!longest || leftOf(longest) < FEWEST_PAGES.ofStretch * this.pageSize) return;
			this.cutStretch(longest, extra);
		}
	}

	/** How many more requests there are at most, without more cuts. */
	private requestsToCome(): number {
		return this.stretches.reduce((sum, stretch) => {
			const pages = leftOf(stretch) / this.pageSize;
			if (stretch.state === 'over') return sum;
			if (stretch.state === 'beginning') return sum + 1;
			// The last page before another stretch also has calls of that one.
			return sum + (stretch.cutOff > 0 ? Math.floor(pages) + 1 : Math.ceil(pages));
		}, 0);
	}

	/** Cuts a stretch where the middle of the calls that it has left is likely to be. */
	private cutStretch(stretch: Stretch, extra: number): void {
		stretch.mayBeCut = false;
		const { at, to, period } = stretch;
		const left = leftOf(stretch);
		// Hardly any calls are in the future.
		const room = Math.min(to, Math.max(Date.now(), at) + DAY_MS) - at;
		const { length, isLikely } = likelyLength(stretch, room);
		// More at once are faster, but cost as many requests where there are no calls.
		const parts = isLikely && extra >= 2 && this.stretches.length === 1 ? 3 : 2;
		const step = Math.floor(length / parts);
		if (step < 1) return;
		const cutOffs: Stretch[] = [];
		let waiting = parts - 1;
		const onBegin = (): void => {
			waiting--;
			if (waiting > 0) return;
			let before = left;
			for (const some of cutOffs) {
				stretch.cutOff += some.total;
				before -= some.total;
				some.paceBefore = (some.from - at) / Math.max(1, before);
			}
			stretch.endsEarly ||= before > MOST * left;
			stretch.mayBeCut = true;
		};
		for (let part = waiting; part > 0; part--) {
			const from = at + part * step;
			const begin = new Date(from).toISOString();
			const end = cutOffs.at(-1)?.period.from ?? this.endOf(stretch);
			cutOffs.push(this.start({ ...period, from: begin, to: end }, from, stretch.to, onBegin));
			stretch.to = from;
		}
	}

	/** Where a stretch ends, as Gong is asked for it. */
	private endOf({ to }: Stretch): string {
		return to === Date.parse(this.period.to) ? this.period.to : new Date(to).toISOString();
	}
}

/** How much time the calls that are left are likely to take up, in ms. */
function likelyLength(stretch: Stretch, room: number): { length: number; isLikely: boolean } {
	const { pace, paceBefore, endsEarly } = stretch;
	const expected = leftOf(stretch) * (endsEarly ? pace : Math.max(pace, paceBefore));
	if (expected === 0) return { length: room, isLikely: false };
	if (expected * WEEK_PER_WORKING_HOURS <= room) return { length: expected, isLikely: true };
	const isLikely = expected < MOST_THAT_FITS * room;
	return { length: endsEarly ? Math.min(expected, room) : room, isLikely };
}

/** How many calls of a stretch are neither listed nor in stretches that were cut off, as far as that is known. */
function leftOf({ total, ids, cutOff }: Stretch): number {
	return Math.max(0, total - ids.size - cutOff);
}

function idsOf(calls: GongCall[]): string[] {
	return calls.map(({ id }) => id);
}

/** When the calls started, in ms since 1970, as far as Gong tells. */
function timesOf(calls: GongCall[]): number[] {
	return calls.map(({ started }) => Date.parse(started ?? '')).filter(Number.isFinite);
}
