import type { FastifyReply, FastifyRequest } from 'fastify';
import { jsonAnswer, type Answer } from './answers';
import type { Exchange } from './exchange';
import { playFault } from './playFault';

declare module 'fastify' {
	interface FastifyRequest {
		exchange: Exchange;
	}
	interface FastifyContextConfig {
		/** The scope that a caller needs; a route without one needs no sign-in. */
		scope?: string;
		/** Status for a caller without it, in place of 401. */
		missingScope?: number;
	}
}

/** A refusal in Gong's words. */
export function refusal(
	request: FastifyRequest,
	status: number,
	errors: string[],
	headers: Record<string, string> = {},
): Answer {
	return jsonAnswer(status, { requestId: request.exchange.requestId, errors }, headers);
}

/** Sends the answer, or plays the fault that stands in its way. */
export async function respond(
	request: FastifyRequest,
	reply: FastifyReply,
	bare: Answer,
): Promise<FastifyReply> {
	const { exchange } = request;
	const answer = { ...bare, headers: { ...bare.headers, ...exchange.headers } };
	exchange.judge?.answer(exchange.entry, answer);
	if (exchange.fault !== null) {
		reply.hijack();
		await playFault(exchange.fault, exchange, reply.raw, answer);
		return reply;
	}
	exchange.entry.status = answer.status;
	exchange.entry.requestId = answer.requestId;
	// Before the bytes leave: whoever has the answer may send the next request at once.
	exchange.end();
	return reply.code(answer.status).headers(answer.headers).send(answer.body);
}

/** Sends a 200 with a fresh request ID before the given fields. */
export async function succeed(
	request: FastifyRequest,
	reply: FastifyReply,
	fields: object = {},
): Promise<FastifyReply> {
	const json = { requestId: request.exchange.requestId, ...fields };
	return await respond(request, reply, jsonAnswer(200, json));
}

/** Refuses in Gong's words. */
export async function refuse(
	request: FastifyRequest,
	reply: FastifyReply,
	status: number,
	errors: string[],
	headers: Record<string, string> = {},
): Promise<FastifyReply> {
	return await respond(request, reply, refusal(request, status, errors, headers));
}
