import type { FastifyInstance, FastifyRequest } from 'fastify';

import type { Service } from './outside';

/** A message in a `chat.postMessage` request. */
export type SlackMessage = Readonly<Record<string, unknown>>;

/** A local Slack, with one app in one workspace. */
export interface LocalSlack extends Service {
	/** The app's token. */
	readonly token: string;
	/** The posted messages, in order. */
	readonly messages: readonly SlackMessage[];
	/** Channels that it may post to, by name without the hash. */
	readonly channels: Set<string>;
	/** IDs of its users, by address in small letters; a message to an ID reaches that user alone. */
	readonly users: Map<string, string>;
	/** Parts of texts; a message with one of them is refused, as when Slack has trouble of its own. */
	readonly refused: Set<string>;
	/** Parts of texts; a message with one of them is posted, and the answer to it is lost. */
	readonly lost: Set<string>;
	/** Slack's own limit of one message a second for each channel: the time between two; default none. */
	readonly pace: { ms: number };
	/** How many messages came too soon. */
	readonly tooSoon: number;
}

const LONGEST_TEXT = 40_000;
// https://docs.slack.dev/reference/methods/chat.postMessage
const ARGUMENTS = new Set([
	'channel',
	'text',
	'blocks',
	'attachments',
	'mrkdwn',
	'unfurl_links',
	'unfurl_media',
	'username',
	'icon_emoji',
	'icon_url',
	'link_names',
	'parse',
	'thread_ts',
	'reply_broadcast',
	'metadata',
]);

/** The text of a message as people see it: links by their names, without the marks for bold and italic lines. */
export function shown({ text }: SlackMessage): string {
	return String(text)
		.replace(/<[^|>]*\|([^>]*)>/g, '$1')
		.replace(/^([*_])(.*)\1$/gm, '$2')
		.replaceAll('&lt;', '<')
		.replaceAll('&gt;', '>')
		.replaceAll('&amp;', '&');
}

/** Creates one with these channels. */
export function localSlack(channels: readonly string[]): LocalSlack {
	const token = 'xoxb-local-only';
	const messages: SlackMessage[] = [];
	const known = new Set(channels);
	const users = new Map<string, string>();
	const refused = new Set<string>();
	const lost = new Set<string>();
	const pace = { ms: 0 };
	const postedAt = new Map<unknown, number>();
	let tooSoon = 0;

	/** Slack's error code for a message that it refuses. */
	const complaint = (request: FastifyRequest): string | undefined => {
		const { authorization, 'content-type': type } = request.headers;
		if (authorization === undefined) return 'not_authed';
		if (authorization !== `Bearer ${token}`) return 'invalid_auth';
		if (!type?.startsWith('application/json')) return 'invalid_post_type';
		const message = request.body as SlackMessage;
		const { channel, text, blocks, attachments } = message;
		if (typeof channel !== 'string') return 'channel_not_found';
		if (!known.has(channel.replace(/^#/, '')) && ![...users.values()].includes(channel)) {
			return 'channel_not_found';
		}
		if (!text && !blocks && !attachments) return 'no_text';
		if (typeof text === 'string' && text.length > LONGEST_TEXT) return 'msg_too_long';
		if ([...refused].some((part) => String(text).includes(part))) return 'internal_error';
		return undefined;
	};

	return {
		hosts: ['slack.com'],
		token,
		messages,
		channels: known,
		users,
		refused,
		lost,
		pace,
		get tooSoon() {
			return tooSoon;
		},
		register(app: FastifyInstance) {
			app.get('/api/users.lookupByEmail', (request) => {
				const { email } = request.query as { email?: string };
				const id = users.get(String(email).toLowerCase());
				return id
					? { ok: true, user: { id, profile: { email } } }
					: { ok: false, error: 'users_not_found' };
			});
			app.post('/api/chat.postMessage', async (request, reply) => {
				const { channel, text } = request.body as SlackMessage;
				if (Date.now() - (postedAt.get(channel) ?? -Infinity) < pace.ms) {
					tooSoon++;
					reply.code(429).header('retry-after', '1');
					return { ok: false, error: 'ratelimited' };
				}
				const error = complaint(request);
				// Refusals have status 200 too.
				if (error !== undefined) return { ok: false, error };
				postedAt.set(channel, Date.now());
				// Unknown parameters are ignored, and n8n sends one of its own.
				const message = Object.fromEntries(
					Object.entries(request.body as SlackMessage).filter(([name]) => ARGUMENTS.has(name)),
				);
				const place = messages.push(message);
				if ([...lost].some((part) => String(text).includes(part))) {
					reply.hijack();
					request.raw.socket.destroy();
					return undefined;
				}
				const ts = `1700000000.${String(place).padStart(6, '0')}`;
				return {
					ok: true,
					channel: 'C0LOCAL0001',
					ts,
					message: { type: 'message', ...message, ts },
				};
			});
		},
	};
}
