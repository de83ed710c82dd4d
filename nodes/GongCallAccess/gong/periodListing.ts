import type { Failure, Result } from '../failure';
import type { GongClient } from '../transport/client';
import { saysNothingFound } from '../transport/refusal';
import type { GongCall, Period } from './calls';
import { listCallsRequest, readCallsPage } from './calls';
import type { ListingOptions, Page } from './paging';
import { listAll } from './paging';

// A cursor leads only from one page to the next, so a long listing is slow where Gong's answers are. Four stretches
// of time side by side are enough for answers that take seconds; each costs a page more.
const MAX_STRETCHES = 4;
const PAGES_PER_STRETCH = 3;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Lists the IDs of all calls of a period, each once, oldest first as Gong lists them. A long period is cut into
 * stretches of time that are listed side by side.
 * @param onCalls called with the calls of each page, as soon as it is there; a call may come twice
 */
export async function callIdsOfPeriod(
	client: GongClient,
	period: Period,
	onCalls: (callIds: string[]) => void,
): Promise<Result<string[]>> {
	const requestOf = (some: Period) => (cursor: string | undefined) =>
		listCallsRequest(some, cursor);
	const first = await client.send(requestOf(period)(undefined), [], readCallsPage);
	if (!first.ok) {
		const { refusal } = first;
		const isEmpty = refusal !== undefined && saysNothingFound(refusal.status, refusal.said);
		return isEmpty ? { ok: true, value: [] } : first;
	}
	const onPage = (calls: GongCall[]): void => onCalls(calls.map(({ id }) => id));
	const [begin, ...others] = stretchesOf(period, first.value);
	if (begin) {
		const listed = new Set<string>();
		let failed: Failure | undefined;
		const list = async (some: Period, options: ListingOptions<GongCall>) => {
			const listing = await listAll(client, requestOf(some), readCallsPage, {
				...options,
				needless: () => failed,
			});
			if (!listing.ok) failed ??= listing.failure;
			return listing;
		};
		const listings = await Promise.all([
			// It goes on as if nothing was cut, up to the first call that another stretch has: so no call is lost
			// between two stretches.
			list(period, {
				first: first.value,
				onPage,
				isEnough: (calls) => calls.some(({ id }) => listed.has(id)),
			}),
			...others.map(
				async (stretch) =>
					await list(stretch, {
						onPage(calls) {
							for (const { id } of calls) listed.add(id);
							onPage(calls);
						},
					}),
			),
		]);
		if (failed) return { ok: false, failure: failed };
		const ids = new Set<string>();
		for (const listing of listings) {
			for (const { id } of listing.ok ? listing.value.entries : []) ids.add(id);
		}
		const [whole] = listings;
		if (ids.size >= (whole.ok ? whole.value.total : 0)) return { ok: true, value: [...ids] };
	}
	// Where the stretches do not make up the whole, it is listed without cuts.
	const whole = await listAll(client, requestOf(period), readCallsPage, {
		...(begin ? {} : { first: first.value }),
		onPage,
	});
	return whole.ok
		? { ok: true, value: [...new Set(whole.value.entries.map(({ id }) => id))] }
		: whole;
}

/** A period in stretches of the same length, or nothing where it is too short to be cut. */
function stretchesOf(period: Period, { entries, pages, cursor }: Page<GongCall>): Period[] {
	const count = Math.min(MAX_STRETCHES, Math.floor((pages ?? 0) / PAGES_PER_STRETCH));
	if (count < 2 || cursor === undefined) return [];
	const [from, to] = [Date.parse(period.from), Date.parse(period.to)];
	// Where the calls are likely to be: from the first one on, and hardly any in the future. A call may have begun at
	// another time than Gong goes by.
	const started = Date.parse(entries[0]?.started ?? '');
	const begin = started > from && started < to ? started : from;
	const end = Math.min(to, Math.max(Date.now(), begin) + DAY_MS);
	if (end - begin < count) return [];
	const cuts = Array.from({ length: count - 1 }, (_, place) =>
		new Date(Math.round(begin + ((end - begin) * (place + 1)) / count)).toISOString(),
	);
	return [period.from, ...cuts].map((start, place) => ({
		...period,
		from: start,
		to: cuts[place] ?? period.to,
	}));
}
