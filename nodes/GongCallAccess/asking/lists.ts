import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import type { Failure } from '../failures';
import type { GongCall, Page } from '../gong/api';
import {
	listCallsRequest,
	listUsersRequest,
	readCallsPage,
	readUsersPage,
	saysNothingFound,
} from '../gong/api';
import { listAll } from './listing';
import * as messages from '../messages';
import { plain } from '../text';
import { connectList } from '../sending/connect';
import type { Sender } from '../sending/send';
import { send } from '../sending/send';

const DAY_MS = 24 * 60 * 60 * 1000;
const DAYS = 14;
const LONGEST_NAME = 200;
const MOST_REQUESTS = 10;
// Nobody waits a whole minute, which they take at Gong's pace, for a list; nor looks through 20,000 names.
const MOST_USER_PAGES = 200;
// Nobody waits longer for a list to open.
const MAX_WAIT_MS = 10_000;

/** Calls of the last 14 days, the newest first, by title; tells when there are more than it could list. */
export async function getCalls(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const sender = await connectList(this, MAX_WAIT_MS);
	const { calls, cut } = await newestCalls(sender, this);
	const options = [...new Map(calls.map((call) => [call.id, call])).values()]
		.sort((a, b) => momentOf(b) - momentOf(a))
		.map(({ id, title, started }) => ({
			name: `${plain(title ?? 'Untitled call', LONGEST_NAME)}${started ? ` (${started.slice(0, 16).replace('T', ' ')})` : ''}`,
			value: id,
			description: id,
		}));
	return cut ? [cutHere('calls', options.length), ...options] : options;
}

/** The company's users, by name. */
export async function getUsers(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const sender = await connectList(this, MAX_WAIT_MS);
	const listing = await listAll(sender, listUsersRequest, readUsersPage, {
		mostPages: MOST_USER_PAGES,
	});
	if ('failure' in listing) throw listRefused(this, listing.failure);
	const users = new Map(listing.entries.map((user) => [user.id, user]));
	const options = [...users.values()]
		.map(({ id, name, email, active }) => ({
			name: `${plain(name ? `${name}${email ? ` (${email})` : ''}` : (email ?? id), LONGEST_NAME)}${active ? '' : ' (left)'}`,
			value: id,
			description: id,
		}))
		.sort((a, b) => a.name.localeCompare(b.name));
	return listing.cut ? [cutHere('users', options.length), ...options] : options;
}

/** By the moment and not by the text: the offsets may differ. */
function momentOf({ started }: GongCall): number {
	return Date.parse(started ?? '') || 0;
}

/** Says at the head of a list that it is not the whole. */
function cutHere(what: string, listed: number): INodePropertyOptions {
	const told = `Not all ${what} are listed, only these ${listed}; for others give their IDs`;
	return { name: told, value: '', description: told };
}

/** All calls of the 14 days if they fit into so many requests; else those of the last days that do. */
async function newestCalls(
	sender: Sender,
	context: ILoadOptionsFunctions,
): Promise<{ calls: GongCall[]; cut: boolean }> {
	const now = Date.now();
	const between = (from: number, to: number) => ({
		from: new Date(from).toISOString(),
		to: new Date(to).toISOString(),
		workspaceId: '',
	});
	const all = between(now - DAYS * DAY_MS, now);
	const first = await send(sender, listCallsRequest(all, undefined), [], readCallsPage);
	if (first.kind !== 'answer') {
		const none = first.kind === 'refusal' && saysNothingFound(first.status, first.refusal);
		if (none) return { calls: [], cut: false };
		throw listRefused(context, first.failure);
	}
	if (first.value.cursor === undefined || fits(first.value)) {
		const rest = await listAll(sender, (next) => listCallsRequest(all, next), readCallsPage, {
			mostPages: MOST_REQUESTS - 1,
			first: first.value,
		});
		if ('failure' in rest) throw listRefused(context, rest.failure);
		return { calls: rest.entries, cut: rest.cut };
	}
	const calls: GongCall[] = [];
	let left = MOST_REQUESTS - 1;
	// Day by day from now on back, since Gong does not say in which order it lists.
	for (let day = 0; day < DAYS && left > 0; day++) {
		const period = between(now - (day + 1) * DAY_MS, now - day * DAY_MS);
		const request = (next: string | undefined) => {
			left--;
			return listCallsRequest(period, next);
		};
		const listing = await listAll(sender, request, readCallsPage, { mostPages: left });
		if ('failure' in listing) throw listRefused(context, listing.failure);
		calls.push(...listing.entries);
	}
	return { calls, cut: true };
}

function fits({ pages }: Page<GongCall>): boolean {
	return pages === undefined || pages <= MOST_REQUESTS;
}

function listRefused(context: ILoadOptionsFunctions, failure: Failure): NodeApiError {
	const { message } = failure;
	const description =
		failure.reason === 'rateLimit' ? messages.openListLater() : messages.description(failure);
	return new NodeApiError(context.getNode(), { message, description }, { message, description });
}
