/**
 * Lets a request run into its timeout at once. So none has to be short, and no other request of a run, which
 * is to be answered, can meet it on a busy machine.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import type { Fault, LocalGong } from '../gong';

const underWay = new Set<ClientRequest>();

subscribe('http.client.request.start', (message) => {
	const { request } = message as { request: ClientRequest };
	underWay.add(request);
	request.once('close', () => underWay.delete(request));
});

/** No answer; to n8n it is as if the time that one may take had passed. */
export function noAnswerInTime(gong: LocalGong): Fault {
	const { host } = new URL(gong.url);
	return {
		kind: 'spoilt',
		spoil: () => {
			for (const request of underWay) {
				if (request.getHeader('host') === host) request.emit('timeout');
			}
		},
	};
}
