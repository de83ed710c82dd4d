/** What the tests of the local Gong share: one that is running, and requests to it. */
import {
	basicHeader,
	DEMO_ACCOUNT,
	QUICK,
	startLocalGong,
	type GongAccount,
	type LocalGong,
	type LocalGongOptions,
} from '../harness/gong';
import { openApiJudge, SKIPPED_WITHOUT_OPENAPI } from '../harness/judging/openApi';

export const ACCESS = '/v2/calls/users-access';
export const USERS = '/v2/users';
export const FIND_USERS = '/v2/users/extensive';
export const CALLS = '/v2/calls';
export const FIND_CALLS = '/v2/calls/extensive';
/** All calls there are, by a period that holds them. */
export const ALL_CALLS = `${CALLS}?fromDateTime=2001-01-01T00:00:00Z&toDateTime=2101-01-01T00:00:00Z`;
export const WORKSPACES = '/v2/workspaces';
export const PROFILES = '/v2/all-permission-profiles';
export const PROFILE_USERS = '/v2/permission-profile/users';
export const FOLDERS = '/v2/library/folders';
export const FOLDER = '/v2/library/folder-content';
export const LOGS = '/v2/logs';
/** All plays by users there are. */
export const PLAYS = `${LOGS}?logType=UserCallPlay&fromDateTime=2001-01-01T00:00:00Z`;
export const TOKEN = '/oauth2/generate-customer-token';

/** An ID that no user and no call has. */
export const UNKNOWN_ID = '1112223334445556667';

export const REQUEST_ID = /^[0-9a-z]{19}$/;

export interface Sent {
	method?: string;
	path?: string;
	/** An object is sent as JSON, a string as it is. */
	body?: unknown;
	headers?: Record<string, string | undefined>;
}

interface Records {
	totalRecords: number;
	currentPageSize: number;
	currentPageNumber: number;
	cursor?: string;
}

export interface GongBody {
	requestId?: string;
	errors?: string[];
	records?: Records;
	callAccessList?: { callId: string; users?: { userId: string }[] }[];
	users?: { id: string; emailAddress: string | null; active: boolean }[];
	calls?: { id: string; title: string; started: string; metaData?: { id: string } }[];
	[token: string]: unknown;
}

export interface Received {
	status: number;
	headers: Headers;
	text: string;
	json: GongBody;
}

// Its refusals and answers are judged; what these tests send is often wrong on purpose.
const judge = SKIPPED_WITHOUT_OPENAPI === '' ? openApiJudge() : undefined;
export const QUICKLY: LocalGongOptions = {
	latency: QUICK,
	judge: judge && { request: () => undefined, answer: judge.answer },
};

/** The one that was started last. */
export let gong: LocalGong;
/** Started without options and shared by all tests that need none. */
let plain: LocalGong | undefined;

/** Starts one with these options, or the shared one, as at its start. */
export async function start(options?: LocalGongOptions): Promise<void> {
	if (options !== undefined) {
		gong = await startLocalGong({ ...QUICKLY, ...options });
		return;
	}
	plain ??= await startLocalGong(QUICKLY);
	plain.reset();
	gong = plain;
}

export async function send(sent: Sent, signal?: AbortSignal): Promise<Received> {
	const { method = 'POST', path = ACCESS, body } = sent;
	const headers = new Headers();
	const given = {
		authorization: basicHeader(DEMO_ACCOUNT),
		...(body === undefined ? {} : { 'content-type': 'application/json' }),
		...sent.headers,
	};
	for (const [name, value] of Object.entries(given)) {
		if (value !== undefined) headers.set(name, value);
	}
	const payload = typeof body === 'string' ? body : JSON.stringify(body);
	const url = gong.url + path;
	const init = { method, headers, body: payload, redirect: 'manual', signal } as const;
	const response = await fetch(url, init);
	const text = await response.text();
	let json: GongBody = {};
	try {
		json = JSON.parse(text) as GongBody;
	} catch {
		// Some answers are deliberately not JSON.
	}
	return { status: response.status, headers: response.headers, text, json };
}

export async function read(...callIds: string[]): Promise<Received> {
	return await send({ body: { filter: { callIds } } });
}

export async function change(method: 'PUT' | 'DELETE', callId: string, ...userIds: string[]) {
	return await send({ method, body: { callAccessList: [{ callId, userIds }] } });
}

/** The header of a request signed in by this account. */
export function withKey(account: GongAccount): Record<string, string> {
	return { authorization: basicHeader(account) };
}

afterEach(async () => {
	if (gong !== plain) await gong?.close();
	const found = [...(judge?.violations ?? [])];
	judge?.clear();
	if (found.length > 0) throw new Error(`Gong would not answer so: ${found.join('\n')}`);
});

afterAll(async () => {
	await plain?.close();
});
