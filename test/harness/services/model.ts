import type { AddressInfo } from 'node:net';

import Fastify from 'fastify';

/** A tool as the model is told of it. */
export interface OfferedTool {
	readonly name: string;
	readonly description: string;
	/** JSON Schema of what it takes. */
	readonly parameters: {
		readonly properties: Readonly<
			Record<string, { readonly type: string; readonly description?: string }>
		>;
		readonly required?: readonly string[];
	};
}

/** A call of a tool, as a model asks for it. */
export interface ToolCall {
	readonly tool: string;
	readonly takes: Readonly<Record<string, unknown>>;
}

/** One turn of the model: tools to call, or its last words. */
export type Turn = readonly ToolCall[] | string;

/** A local stand-in for a language model: says what its script says, and remembers what it was told. */
export interface ScriptedModel {
	/** To be given as the base URL of an OpenAI-compatible API. */
	readonly url: string;
	/** Forgets everything and begins this script. */
	begin(script: readonly Turn[]): void;
	/** The tools that it was offered in the last request, by name. */
	offered(): ReadonlyMap<string, OfferedTool>;
	/** What it was told back for each call of the script, in the order of the calls. */
	answers(): readonly string[];
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

// What a model's API takes as the name of a tool; n8n must not send another one.
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

/** What is wrong with a request, in the strict way of the real thing. */
function complaint(request: ChatRequest): string | undefined {
	if (request.stream) return 'This model does not stream';
	const names = (request.tools ?? []).map((tool) => tool.function.name);
	const odd = names.find((name) => !TOOL_NAME.test(name));
	if (odd !== undefined) return `Invalid tool name: ${odd}`;
	return names.length === new Set(names).size ? undefined : 'Two tools have the same name';
}

/** Starts one on this machine's loopback: `POST /v1/chat/completions`, as OpenAI has it. */
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
		close: async () => await app.close(),
	};
}
