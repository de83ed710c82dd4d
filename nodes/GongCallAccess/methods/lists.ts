import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import type { Failure } from '../failure';
import { FailureError } from '../failure';
import { orDoWithout } from '../messages/gongMessages';
import { HAS_LEFT, notAllListed, openListLater, UNTITLED_CALL } from '../messages/listMessages';
import { plain } from '../messages/visible';
import { description } from '../messages/phrases';
import type { GongCall } from '../gong/calls';
import { listCallsRequest, readCallsPage } from '../gong/calls';
import type { Page } from '../gong/paging';
import { listAll } from '../gong/paging';
import { listUsersRequest, readUsersPage } from '../gong/users';
import { clockTime } from '../parameters/dateTime';
import type { GongClient } from '../transport/client';
import { createListClient } from '../transport/createClient';
import { saysNothingFound } from '../transport/refusal';

const DAY_MS = 24 * 60 * 60 * 1000;
const DAYS = 14;
const MAX_NAME_LENGTH = 200;
const MAX_REQUESTS = 10;
// Nobody waits a whole minute, which they take at Gong's pace, for a list; nor looks through 20,000 names.
const MAX_USER_PAGES = 200;
// Nobody waits longer for a list to open.
const MAX_WAIT_MS = 10_000;

/** Calls of the last 14 days, the newest first, by title; tells when there are more than it could list. */
export async function getCalls(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const client = await clientOf(this);
	const { calls, cut } = await newestCalls(client, this);
	const options = [...new Map(calls.map((call) => [call.id, call])).values()]
		.sort((a, b) => momentOf(b) - momentOf(a))
		.map(({ id, title, started }) => ({
			name: `${plain(title ?? UNTITLED_CALL, MAX_NAME_LENGTH)}${timeIn(started, this.getTimezone())}`,
			value: id,
			description: id,
		}));
	return cut ? [cutHere('calls', options.length), ...options] : options;
}

/** The company's users, by name. */
export async function getUsers(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const client = await clientOf(this);
	const listing = await listAll(client, listUsersRequest, readUsersPage, {
		maxPages: MAX_USER_PAGES,
	});
	if (!listing.ok) throw listRefused(this, orDoWithout(listing.failure, 'userList'));
	const { entries, cut } = listing.value;
	const users = new Map(entries.map((user) => [user.id, user]));
	const options = [...users.values()]
		.map(({ id, name, email, active }) => ({
			name: `${plain(name ? `${name}${email ? ` (${email})` : ''}` : (email ?? id), MAX_NAME_LENGTH)}${active === false ? HAS_LEFT : ''}`,
			value: id,
			description: id,
		}))
		.sort((a, b) => a.name.localeCompare(b.name));
	return cut ? [cutHere('users', options.length), ...options] : options;
}

/** @throws {NodeApiError} in words for people, also where the base URL is one that no key may be sent to */
async function clientOf(context: ILoadOptionsFunctions): Promise<GongClient> {
	return await createListClient(context, { maxWaitMs: MAX_WAIT_MS }).catch(
		async (thrown: unknown) =>
			await Promise.reject(
				thrown instanceof FailureError ? listRefused(context, thrown.failure) : thrown,
			),
	);
}

/** When a call started, by the clocks of the workflow; nothing for a text that is no time. */
function timeIn(started: string | null, timezone: string): string {
	const moment = new Date(started ?? '');
	return Number.isNaN(moment.getTime()) ? '' : ` (${clockTime(moment, timezone)})`;
}

/** By the moment and not by the text: the offsets may differ. */
function momentOf({ started }: GongCall): number {
	return Date.parse(started ?? '') || 0;
}

/** The first entry of a list that is not whole. */
function cutHere(what: 'calls' | 'users', listed: number): INodePropertyOptions {
	const name = notAllListed(what, listed);
	return { name, value: '', description: name };
}

/** All calls of the 14 days if they fit into so many requests; else those of the last days that do. */
async function newestCalls(
	client: GongClient,
	context: ILoadOptionsFunctions,
): Promise<{ calls: GongCall[]; cut: boolean }> {
	const now = Date.now();
	const between = (from: number, to: number) => ({
		from: new Date(from).toISOString(),
		to: new Date(to).toISOString(),
		workspaceId: '',
	});
	const all = between(now - DAYS * DAY_MS, now);
	const first = await client.send(listCallsRequest(all, undefined), [], readCallsPage);
	if (!first.ok) {
		const { refusal } = first;
		const none = refusal !== undefined && saysNothingFound(refusal.status, refusal.said);
		if (none) return { calls: [], cut: false };
		throw listRefused(context, first.failure);
	}
	if (first.value.cursor === undefined || fits(first.value)) {
		const rest = await listAll(client, (next) => listCallsRequest(all, next), readCallsPage, {
			maxPages: MAX_REQUESTS - 1,
			first: first.value,
		});
		if (!rest.ok) throw listRefused(context, rest.failure);
		return { calls: rest.value.entries, cut: rest.value.cut };
	}
	const calls: GongCall[] = [];
	let left = MAX_REQUESTS - 1;
	// Day by day from now on back, since Gong does not say in which order it lists.
	for (let day = 0; day < DAYS && left > 0; day++) {
		const period = between(now - (day + 1) * DAY_MS, now - day * DAY_MS);
		const request = (next: string | undefined) => {
			left--;
			return listCallsRequest(period, next);
		};
		const listing = await listAll(client, request, readCallsPage, { maxPages: left });
		if (!listing.ok) throw listRefused(context, listing.failure);
		calls.push(...listing.value.entries);
	}
	return { calls, cut: true };
}

function fits({ pages }: Page<GongCall>): boolean {
	return pages === undefined || pages <= MAX_REQUESTS;
}

function listRefused(context: ILoadOptionsFunctions, failure: Failure): NodeApiError {
	const { message } = failure;
	const advice = failure.reason === 'rateLimit' ? openListLater() : description(failure);
	const words = { message, description: advice };
	return new NodeApiError(context.getNode(), words, words);
}
