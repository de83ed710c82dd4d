import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import { JSON_TYPE, jsonAnswer, type Answer } from './answers';
import type { Exchange } from './exchange';
import type {
	BlockFault,
	BodyFault,
	DripFault,
	Fault,
	FloodFault,
	HeadersFault,
	HeaderValues,
	SlowFault,
} from './faults';

const LOGIN_PAGE =
	'<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Sign in</h1></body></html>';

const HTML_TYPE = 'text/html;charset=UTF-8';

function headerText(value: string | number | Date): string {
	return value instanceof Date ? value.toUTCString() : String(value);
}

function headersOf(values: HeaderValues = {}): Record<string, string> {
	return Object.fromEntries(
		Object.entries(values).map(([name, value]) => [name.toLowerCase(), headerText(value)]),
	);
}

function bodyAnswer(fault: BodyFault, answer: Answer): Answer {
	const status = fault.status ?? 200;
	const headers = headersOf(fault.headers);
	if (fault.raw !== undefined) {
		const base = jsonAnswer(status, null, headers);
		return { ...base, body: fault.raw };
	}
	const json = fault.change ? fault.change(JSON.parse(answer.body)) : fault.json;
	if (fault.change && json === undefined) return answer;
	return jsonAnswer(status, json, headers);
}

function blockAnswer({ by = 'page', status, title }: BlockFault): Answer {
	const answer = { status: status ?? 403, headers: {}, body: '', requestId: null };
	switch (by) {
		case 'page': {
			const named = title ?? 'Attention Required! | Cloudflare';
			const body = `<!DOCTYPE html>\n<html lang="en-US">\n<head>\n<title>${named}</title>\n</head>\n<body><h1>Sorry, you have been blocked</h1></body>\n</html>\n`;
			return { ...answer, headers: { 'content-type': HTML_TYPE, server: 'cloudflare' }, body };
		}
		case 'gatewayJson': {
			const headers = {
				'content-type': 'application/json',
				'x-amzn-errortype': 'ForbiddenException',
			};
			return { ...answer, headers, body: JSON.stringify({ message: 'Forbidden' }) };
		}
		case 'emptyAnswer':
			return answer;
		case 'proxySignIn':
			return {
				...answer,
				status: status ?? 407,
				headers: { 'content-type': HTML_TYPE, 'proxy-authenticate': 'Basic realm="proxy"' },
				body: '<html><head><title>Proxy Authentication Required</title></head><body></body></html>',
			};
	}
}

/** What is sent in place of the true answer, where the fault is in what is sent and not in how. */
function replaced(fault: Fault, exchange: Exchange, answer: Answer): Answer {
	switch (fault.kind) {
		case 'status': {
			const errors = fault.errors ?? ['An error has occurred'];
			const json = { requestId: exchange.requestId, errors };
			return jsonAnswer(fault.status, json, headersOf(fault.headers));
		}
		case 'notJson':
			return {
				status: 200,
				headers: { 'content-type': HTML_TYPE },
				body: LOGIN_PAGE,
				requestId: null,
			};
		case 'block':
			return blockAnswer(fault);
		case 'redirect':
			return {
				status: fault.status ?? 302,
				headers: { location: fault.url },
				body: '',
				requestId: null,
			};
		case 'truncatedJson':
			return { ...answer, body: answer.body.slice(0, Math.ceil(answer.body.length / 2)) };
		case 'body':
			return bodyAnswer(fault, answer);
		default:
			return answer;
	}
}

function note(exchange: Exchange, answer: Answer): void {
	exchange.entry.status = answer.status;
	exchange.entry.requestId = answer.requestId;
}

function writeHead(response: ServerResponse, answer: Answer): void {
	const length = Buffer.byteLength(answer.body);
	response.writeHead(answer.status, { ...answer.headers, 'content-length': length });
}

async function drip(
	fault: SlowFault,
	exchange: Exchange,
	response: ServerResponse,
	answer: Answer,
): Promise<void> {
	const bytes = Buffer.from(answer.body);
	const size = Math.max(1, Math.ceil(bytes.length / (fault.pieces ?? 5)));
	writeHead(response, answer);
	for (let start = 0; start < bytes.length; start += size) {
		response.write(bytes.subarray(start, start + size));
		await sleep(fault.ms ?? 20, undefined, { ref: false });
		if (response.destroyed) return;
	}
	exchange.end();
	response.end();
}

/** Writes what it is given until the other side has gone. */
async function writeForEver(response: ServerResponse, piece: string, ms: number): Promise<void> {
	const { socket } = response;
	while (socket && !socket.destroyed) {
		const more = socket.write(piece);
		if (ms > 0) await sleep(ms, undefined, { ref: false });
		else if (!more) await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
	}
}

async function playEndless(
	fault: DripFault | HeadersFault,
	exchange: Exchange,
	response: ServerResponse,
): Promise<void> {
	const { status = 200, ms = 50, of = 'body' } = fault.kind === 'drip' ? fault : {};
	exchange.entry.status = status;
	response.once('close', () => exchange.end());
	response.socket?.write(`HTTP/1.1 ${status} OK\r\ncontent-type: ${JSON_TYPE}\r\nx-more: `);
	if (fault.kind === 'headers') return await writeForEver(response, 'x'.repeat(8_000), 0);
	if (of === 'headers') return await writeForEver(response, 'x', ms);
	response.socket?.write('x\r\ncontent-length: 100000000\r\n\r\n');
	await writeForEver(response, ' ', ms);
}

const PIECE = 64 * 1024;

function* floodOf({ bytes = Infinity, of = 'json' }: FloodFault, end: string): Generator<Buffer> {
	const tail = Buffer.from(of === 'json' ? end : '');
	const piece = Buffer.alloc(PIECE, of === 'json' ? ' ' : 'x');
	let left = bytes - tail.length;
	for (; left > PIECE; left -= PIECE) yield piece;
	yield piece.subarray(0, left);
	yield tail;
}

async function flood(
	fault: FloodFault,
	exchange: Exchange,
	response: ServerResponse,
	answer: Answer,
): Promise<void> {
	const headers: Record<string, string | number> = { ...answer.headers };
	if (fault.gzip) headers['content-encoding'] = 'gzip';
	if (fault.contentLength && fault.bytes) headers['content-length'] = fault.bytes;
	exchange.entry.status = fault.status ?? 200;
	response.writeHead(exchange.entry.status, headers);
	const source = Readable.from(floodOf(fault, answer.body));
	const parts = fault.gzip ? [source, createGzip({ level: 1 }), response] : [source, response];
	// The other side may well hang up.
	await pipeline(parts).catch(() => undefined);
	exchange.end();
}

/** Plays the fault on a connection that nobody else writes to. `answer` is the true one. */
export async function playFault(
	fault: Fault,
	exchange: Exchange,
	response: ServerResponse,
	answer: Answer = jsonAnswer(200, { requestId: exchange.requestId }),
): Promise<void> {
	if (fault.kind === 'reset') {
		exchange.end();
		response.socket?.resetAndDestroy();
		return;
	}
	if (fault.kind === 'notHttp') {
		exchange.end();
		response.socket?.end('This is no HTTP\r\n\r\n');
		return;
	}
	if (fault.kind === 'spoilt') {
		exchange.end();
		fault.spoil();
		return;
	}
	if (fault.kind === 'stall') {
		if (fault.ms === undefined) return;
		await sleep(fault.ms, undefined, { ref: false });
		if (response.destroyed) return;
	}
	if (fault.kind === 'drip' || fault.kind === 'headers') {
		return await playEndless(fault, exchange, response);
	}
	if (fault.kind === 'flood') return await flood(fault, exchange, response, answer);
	if (fault.kind === 'meanwhile') fault.act();
	const sent = replaced(fault, exchange, answer);
	note(exchange, sent);
	if (fault.kind === 'slow') return await drip(fault, exchange, response, sent);
	exchange.end();
	writeHead(response, sent);
	if (fault.kind !== 'cut') {
		response.end(sent.body);
		return;
	}
	const half = Buffer.from(sent.body).subarray(0, Math.ceil(sent.body.length / 2));
	response.write(half, () => response.socket?.destroy());
}
