import { randomUUID } from 'node:crypto';

import { WebSocket } from 'undici';

import type { Execution } from './execution';
import type { N8nRest } from './rest';

/** A button below a message of the chat. */
interface Button {
	readonly text: string;
	readonly link: string;
}

/** A message that asks for a decision. */
interface Question {
	readonly text: string;
	readonly buttons: readonly Button[];
}

/** The messages of a chat, and the result of its execution. */
export interface Talk {
	/** The messages of the chat, in order. */
	readonly shown: readonly string[];
	readonly execution: Execution;
}

const HEARTBEAT = 'n8n|heartbeat';
// n8n accepts such a click only from a browser.
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36';
const TIMEOUT_MS = 60_000;

/**
 * Sends a message in the editor's chat as the signed-in user, and answers each message that has buttons by a
 * click on the one that `decide` names.
 */
export async function chat(
	{ url, rest }: { readonly url: string; readonly rest: N8nRest },
	workflowId: string,
	trigger: string,
	chatInput: string,
	decide: (text: string) => string,
): Promise<Talk> {
	const sessionId = randomUUID();
	const item = { sessionId, action: 'sendMessage', chatInput };
	const executionId = await rest.begin(workflowId, trigger, item);
	const shown: string[] = [];
	const address = new URL('/chat', url.replace(/^http/, 'ws'));
	address.search = new URLSearchParams({ sessionId, executionId, isPublic: 'false' }).toString();
	const socket = new WebSocket(address, { headers: { cookie: rest.session, origin: url } });
	const trouble = new Promise<never>((_resolve, reject) => {
		socket.addEventListener('error', ({ message }) => reject(new Error(message)));
		socket.addEventListener('message', ({ data }: { data: unknown }) => {
			const text = String(data);
			if (text === HEARTBEAT) socket.send(`${HEARTBEAT}-ack`);
			if (text.startsWith('n8n|')) return;
			const question = questionIn(text);
			shown.push(question?.text ?? text);
			if (question) click(question, decide(question.text)).catch(reject);
		});
	});
	trouble.catch(() => {});
	try {
		const execution = await Promise.race([rest.finished(executionId, TIMEOUT_MS), trouble]);
		return { shown, execution };
	} finally {
		socket.close();
	}
}

function questionIn(text: string): Question | undefined {
	return text.startsWith('{') ? (JSON.parse(text) as Question) : undefined;
}

async function click({ buttons }: Question, name: string): Promise<void> {
	const button = buttons.find(({ text }) => text === name);
	if (!button) throw new Error(`The chat has no button "${name}"`);
	const response = await fetch(button.link, { headers: { 'user-agent': BROWSER } });
	if (!response.ok) throw new Error(`n8n answered ${response.status} to the button "${name}"`);
}
