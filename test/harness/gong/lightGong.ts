import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { userIdAt } from './ids';

/** A Gong for runs that are too large for the local Gong: it knows every call, checks nothing and keeps nothing. */
export interface LightGong {
	readonly url: string;
	/** How many requests came. */
	readonly requests: number;
	close(): Promise<void>;
}

/**
 * Starts one on a free port.
 * @param usersPerCall the first so many users of {@link userIdAt} were given access to each call
 */
export async function startLightGong(usersPerCall: number): Promise<LightGong> {
	const users = JSON.stringify(
		Array.from({ length: usersPerCall }, (_, place) => ({ userId: userIdAt(place) })),
	);
	let requests = 0;
	const server = createServer((request, response) => {
		void text(request).then((body) => {
			requests++;
			const asked = JSON.parse(body) as { filter?: { callIds: string[] } };
			const list = (asked.filter?.callIds ?? []).map(
				(callId) => `{"callId":"${callId}","users":${users}}`,
			);
			response.setHeader('content-type', 'application/json');
			response.end(`{"requestId":"request${requests}","callAccessList":[${list.join()}]}`);
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		get requests() {
			return requests;
		},
		close: async () => {
			server.closeAllConnections();
			await new Promise((closed) => server.close(closed));
		},
	};
}
