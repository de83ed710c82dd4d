import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import type { Failure } from '../failure';
import { FailureError } from '../failure';
import { orDoWithout } from '../messages/signInMessages';
import {
	ALL_WORKSPACES,
	HAS_LEFT,
	namesNeedScope,
	notAllUsers,
	onlyNewestCalls,
	openListLater,
	UNTITLED_CALL,
} from '../messages/listMessages';
import { plain } from '../messages/visible';
import { description } from '../messages/phrases';
import type { GongCall } from '../gong/calls';
import { listCallsRequest, readCallsPage } from '../gong/calls';
import { listAll } from '../gong/paging';
import { listUsersRequest, readUsersPage } from '../gong/users';
import { readWorkspaces } from '../gong/workspaces';
import { clockTime } from '../parameters/dateTime';
import type { GongClient } from '../transport/client';
import { createListClient } from '../transport/createClient';
import { saysNothingFound } from '../transport/refusal';

const DAY_MS = 24 * 60 * 60 * 1000;
const DAYS = 14;
const MAX_NAME_LENGTH = 200;
const MAX_REQUESTS = 10;
// How much longer a time is tried next, after one that fitted.
const GROWTH = 3;
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
	return cut ? [remark(onlyNewestCalls(options.length)), ...options] : options;
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
	return cut ? [remark(notAllUsers(options.length)), ...options] : options;
}

/** The company's workspaces, by name; the first entry is for all of them. */
export async function getWorkspaces(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const client = await clientOf(this);
	const list = await readWorkspaces(client);
	if (!list.ok) {
		const { deniedScope, missingScope } = list.failure;
		if (deniedScope === undefined) throw listRefused(this, list.failure);
		// Not thrown, since all workspaces can be taken all the same, and the editor would paint the parameter red.
		return [{ name: ALL_WORKSPACES, value: '', description: namesNeedScope(missingScope) }];
	}
	const options = list.value.entries
		.map(({ id, name }) => ({
			name: plain(name ?? id, MAX_NAME_LENGTH),
			value: id,
			description: id,
		}))
		.sort((a, b) => a.name.localeCompare(b.name));
	return [{ name: ALL_WORKSPACES, value: '' }, ...options];
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

/** An entry that says something, and picks nothing. */
function remark(name: string): INodePropertyOptions {
	return { name, value: '', description: name };
}

/** All calls of the 14 days if they fit into so many requests; else the newest that do. */
async function newestCalls(
	client: GongClient,
	context: ILoadOptionsFunctions,
): Promise<{ calls: GongCall[]; cut: boolean }> {
	const now = Date.now();
	const begin = now - DAYS * DAY_MS;
	let left = MAX_REQUESTS;
	/** The calls of a time, or only how many pages they would be where these are more than are left. */
	const list = async (from: number, to: number): Promise<GongCall[] | { pages: number }> => {
		const period = { from: at(from), to: at(to), workspaceId: '' };
		const request = (cursor: string | undefined) => {
			left--;
			return listCallsRequest(period, cursor);
		};
		const first = await client.send(request(undefined), [], readCallsPage);
		if (!first.ok) {
			const { refusal } = first;
			const none = refusal !== undefined && saysNothingFound(refusal.status, refusal.said);
			if (none) return [];
			throw listRefused(context, first.failure);
		}
		const { cursor, pages = MAX_REQUESTS } = first.value;
		if (cursor !== undefined && pages - 1 > left) return { pages };
		const rest = await listAll(client, request, readCallsPage, {
			first: first.value,
			maxPages: left,
		});
		if (!rest.ok) throw listRefused(context, rest.failure);
		return rest.value.cut ? { pages } : rest.value.entries;
	};
	const calls: GongCall[] = [];
	let [to, from] = [now, begin];
	// From now on back, since Gong lists the oldest first: a time counts only once all of it is read.
	while (to > begin && left > 0) {
		const listed = await list(from, to);
		if (Array.isArray(listed)) {
			calls.push(...listed);
			[to, from] = [from, from - GROWTH * (to - from)];
		} else {
			// Where calls lie evenly, what is left is one page.
			from = to - Math.ceil((to - from) / listed.pages);
		}
		from = Math.max(from, begin);
	}
	return { calls, cut: to > begin };
}

function at(ms: number): string {
	return new Date(ms).toISOString();
}

function listRefused(context: ILoadOptionsFunctions, failure: Failure): NodeApiError {
	const { message } = failure;
	const advice = failure.reason === 'rateLimit' ? openListLater() : description(failure);
	const words = { message, description: advice };
	return new NodeApiError(context.getNode(), words, words);
}
