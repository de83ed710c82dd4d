import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** As many different loopback ports as asked for that nobody listens on at this moment. */
export async function freePorts(count: number): Promise<number[]> {
	// All are held at once, so that no two are the same.
	const servers = Array.from({ length: count }, () => createServer());
	const ports: number[] = [];
	for (const server of servers) {
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		ports.push((server.address() as AddressInfo).port);
	}
	await Promise.all(servers.map(async (server) => await once(server.close(), 'close')));
	return ports;
}
