/** A proxy between n8n and a local Gong that speaks https; it can corrupt the connection. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface GoBetween {
	/** The address at which it accepts connections for the Gong. */
	readonly url: string;
	/** Sends a TLS record that cannot be decrypted, on every open connection. */
	spoil(towards: 'gong' | 'n8n'): void;
	close(): Promise<void>;
}

// A record of application data as in TLS 1.2 and 1.3, with content that no key could have produced.
const UNDECRYPTABLE = Buffer.concat([Buffer.from([0x17, 0x03, 0x03, 0, 64]), Buffer.alloc(64, 7)]);

export async function standBefore(gongUrl: string): Promise<GoBetween> {
	const pairs = new Set<{ n8n: Socket; gong: Socket }>();
	const server = createServer((n8n) => {
		const gong = connect(Number(new URL(gongUrl).port), '127.0.0.1');
		const pair = { n8n, gong };
		pairs.add(pair);
		n8n.pipe(gong).pipe(n8n);
		for (const socket of [n8n, gong]) {
			// When one side closes, the other has to close too.
			socket
				.on('error', () => undefined)
				.on('close', () => {
					pairs.delete(pair);
					n8n.destroySoon();
					gong.destroySoon();
				});
		}
	});
	await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
	return {
		url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
		spoil: (towards) => {
			for (const pair of pairs) pair[towards].write(UNDECRYPTABLE);
		},
		close: async () => {
			for (const { n8n, gong } of pairs) {
				n8n.destroy();
				gong.destroy();
			}
			await new Promise((closed) => server.close(closed));
		},
	};
}
