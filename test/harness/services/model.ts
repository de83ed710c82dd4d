import type { AddressInfo } from 'node:net';

import Fastify from 'fastify';

/** A tool in a request to the model. */
export interface OfferedTool {
	readonly name: string;
	readonly description: string;
	/** JSON Schema of its input. */
	readonly parameters: {
		readonly properties: Readonly<
			Record<string, { readonly type: string; readonly description?: string }>
		>;
		readonly required?: readonly string[];
	};
}

/** A tool call that the model asks for. */
export interface ToolCall {
	readonly tool: string;
	readonly takes: Readonly<Record<string, unknown>>;
}

/** One turn of the model: tool calls, or its final text. */
export type Turn = readonly ToolCall[] | string;

/** A local language model that follows a script and records its requests. */
export interface ScriptedModel {
	/** The base URL of an OpenAI-compatible API. */
	readonly url: string;
	/** Discards the recorded requests and starts this script. */
	begin(script: readonly Turn[]): void;
	/** The tools in the last request, by name. */
	offered(): ReadonlyMap<string, OfferedTool>;
	/** The result of each tool call of the script, in their order. */
	answers(): readonly string[];
	/** What the last request tells the model before anything else. */
	instructions(): string;
	close(): Promise<void>;
}

interface ChatRequest {
	readonly stream?: boolean;
	readonly tools?: readonly { readonly type: 'function'; readonly function: OfferedTool }[];
	readonly messages: readonly {
		readonly role: string;
		readonly content?: unknown;
		readonly tool_call_id?: string;
	}[];
}

interface ChatMessage {
	role: 'assistant';
	content: string | null;
	tool_calls?: { id: string; type: 'function'; function: { name: string; arguments: string } }[];
}

// The pattern that a model's API requires for tool names; n8n must keep to it.
const TOOL_NAME = /^[a-zA-Z0-9_-]{1,64}$/;

const callId = (turn: number, place: number): string => `call_${turn}_${place}`;

function messageOf(turn: Turn, at: number): ChatMessage {
	if (typeof turn === 'string') return { role: 'assistant', content: turn };
	const calls = turn.map(({ tool, takes }, place) => ({
		id: callId(at, place),
		type: 'function' as const,
		function: { name: tool, arguments: JSON.stringify(takes) },
	}));
	return { role: 'assistant', content: null, tool_calls: calls };
}

function completion(message: ChatMessage) {
	const reason = message.tool_calls ? 'tool_calls' : 'stop';
	return {
		id: 'chatcmpl-stand-in',
		object: 'chat.completion',
		created: 0,
		model: 'stand-in',
		choices: [{ index: 0, message, finish_reason: reason, logprobs: null }],
		usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
	};
}

function refusal(message: string) {
	return { error: { message, type: 'invalid_request_error', param: null, code: null } };
}

/** What is wrong with a request, checked as strictly as by the real API. */
function complaint(request: ChatRequest): string | undefined {
	if (request.stream) return 'This model does not stream';
	const names = (request.tools ?? []).map((tool) => tool.function.name);
	const odd = names.find((name) => !TOOL_NAME.test(name));
	if (odd !== undefined) return `Invalid tool name: ${odd}`;
	return names.length === new Set(names).size ? undefined : 'Two tools have the same name';
}

/** Starts one on this machine's loopback: `POST /v1/chat/completions`, as in OpenAI's API. */
export async function startModel(): Promise<ScriptedModel> {
	let script: readonly Turn[] = [];
	let requests: ChatRequest[] = [];
	const app = Fastify({ forceCloseConnections: true });
	app.post<{ Body: ChatRequest }>('/v1/chat/completions', async (request, reply) => {
		const at = requests.push(request.body) - 1;
		const wrong = complaint(request.body);
		if (wrong !== undefined) return await reply.code(400).send(refusal(wrong));
		const turn = script.at(at);
		if (turn === undefined) return await reply.code(400).send(refusal('The script is at its end'));
		return completion(messageOf(turn, at));
	});
	await app.listen({ host: '127.0.0.1', port: 0 });
	const { port } = app.server.address() as AddressInfo;

	return {
		url: `http://127.0.0.1:${port}/v1`,
		begin: (next) => {
			script = next;
			requests = [];
		},
		offered: () =>
			new Map((requests.at(-1)?.tools ?? []).map((tool) => [tool.function.name, tool.function])),
		answers: () => {
			const answers = new Map(
				(requests.at(-1)?.messages ?? []).map(({ tool_call_id, content }) => [
					tool_call_id,
					typeof content === 'string' ? content : JSON.stringify(content),
				]),
			);
			return script.flatMap((turn, at) =>
				typeof turn === 'string'
					? []
					: turn.map((_, place) => answers.get(callId(at, place)) ?? 'nothing'),
			);
		},
		instructions: () => {
			// Newer models call it the developer's.
			const isFirst = ({ role }: { role: string }) => ['system', 'developer'].includes(role);
			return JSON.stringify(requests.at(-1)?.messages.find(isFirst)?.content ?? '');
		},
		close: async () => await app.close(),
	};
}
