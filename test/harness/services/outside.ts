import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Duplex } from 'node:stream';

import Fastify, { type FastifyInstance } from 'fastify';
import { createCert } from 'mkcert';

import { makeAuthority } from '../system/authority';
import { removeFolder } from '../system/folder';

const LOOPBACK = '127.0.0.1';

/** A third-party service, played on this machine under its own host name. */
export interface Service {
	readonly hosts: readonly string[];
	/** Adds its routes. */
	register(app: FastifyInstance): void;
}

/** The services that replace the internet. */
export interface Outside {
	/** Settings with which an n8n reaches them and trusts their certificate. */
	readonly env: Readonly<Record<string, string>>;
	/** Requests for anything else: hosts that are not played, and paths that a service does not have. */
	readonly refused: readonly string[];
	close(): Promise<void>;
}

/**
 * Plays these services behind a local proxy. The certificate is made for this run, and only programs with `env`
 * trust it. Nothing leaves this machine.
 */
export async function startOutside(services: readonly Service[]): Promise<Outside> {
	const folder = await mkdtemp(path.join(tmpdir(), 'n8n-gong-call-access-outside-'));
	const refused: string[] = [];
	const ca = await makeAuthority('Tests on this machine');
	const caFile = path.join(folder, 'ca.pem');
	await writeFile(caFile, ca.cert);

	const apps: FastifyInstance[] = [];
	const ports = new Map<string, number>();
	for (const service of services) {
		const https = await createCert({ domains: [...service.hosts], validity: 1, ca });
		const app = Fastify({ https, forceCloseConnections: true }) as unknown as FastifyInstance;
		app.setNotFoundHandler(async (request, reply) => {
			refused.push(`${request.method} https://${request.host}${request.url}`);
			return await reply.code(404).send('Not found');
		});
		service.register(app);
		await app.listen({ host: LOOPBACK, port: 0 });
		apps.push(app);
		const { port } = app.server.address() as AddressInfo;
		for (const host of service.hosts) ports.set(`${host}:443`, port);
	}
	const proxy = await startProxy(ports, refused);
	const url = `http://${LOOPBACK}:${proxy.port}`;

	return {
		env: {
			HTTPS_PROXY: url,
			https_proxy: url,
			HTTP_PROXY: url,
			http_proxy: url,
			NO_PROXY: `${LOOPBACK},localhost`,
			no_proxy: `${LOOPBACK},localhost`,
			NODE_EXTRA_CA_CERTS: caFile,
		},
		refused,
		async close() {
			await proxy.close();
			await Promise.all(apps.map(async (app) => await app.close()));
			await removeFolder(folder);
		},
	};
}

/** A proxy that connects to these hosts only, ignoring their real addresses. */
async function startProxy(ports: ReadonlyMap<string, number>, refused: string[]) {
	const open = new Set<Duplex>();
	const keep = (socket: Duplex) => {
		open.add(socket);
		socket.on('error', () => socket.destroy());
		socket.on('close', () => open.delete(socket));
	};
	const server = createServer((request, response) => {
		refused.push(`${request.method} ${request.url}`);
		response.writeHead(403).end();
	});
	server.on('connection', (socket: Socket) => keep(socket));
	server.on('connect', (request: IncomingMessage, client: Duplex, head: Buffer) => {
		const port = ports.get(request.url ?? '');
		if (port === undefined) {
			refused.push(`CONNECT ${request.url}`);
			client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
			return;
		}
		const service = connect(port, LOOPBACK, () => {
			client.write('HTTP/1.1 200 Connection established\r\n\r\n');
			service.write(head);
			client.pipe(service).pipe(client);
		});
		keep(service);
		service.on('close', () => client.destroy());
		client.on('close', () => service.destroy());
	});
	await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
	return {
		port: (server.address() as AddressInfo).port,
		async close() {
			const closed = new Promise<void>((resolve) => server.close(() => resolve()));
			for (const socket of open) socket.destroy();
			await closed;
		},
	};
}
