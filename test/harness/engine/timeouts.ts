/**
 * Lets a matching request run into its timeout at once. The timeout itself can stay long, so that no other
 * request of the run meets it on a busy machine.
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

/**
 * Gives no answer. To n8n it looks as if the timeout had passed.
 * @param path of the request, where others may be under way at the same time
 */
export function noAnswerInTime(gong: LocalGong, path?: string): Fault {
	const { host } = new URL(gong.url);
	return {
		kind: 'spoilt',
		spoil: () => {
			for (const request of underWay) {
				const isMeant = path === undefined || request.path.split('?')[0] === path;
				if (isMeant && request.getHeader('host') === host) request.emit('timeout');
			}
		},
	};
}
