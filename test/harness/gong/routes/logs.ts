import type { FastifyInstance } from 'fastify';
import { SCOPES } from '../accounts';
import type { Pager } from '../paging';
import { reasonToRefusePeriod } from '../periodFilter';
import type { LogType } from '../playData';
import { refuse, succeed } from '../respond';
import { schemas } from '../schemas';
import type { GongState } from '../state';

/** What the logs' route needs to know. */
export interface LogsSetup {
	state: GongState;
	pager: Pager;
}

interface LogsQuery {
	logType: LogType;
	fromDateTime: string;
	toDateTime?: string;
	cursor?: string;
}

/** Gong's logs. That the oldest entry comes first and that `toDateTime` itself does not count is assumed. */
export function logsRoutes(app: FastifyInstance, { state, pager }: LogsSetup): void {
	app.route<{ Querystring: LogsQuery }>({
		method: 'GET',
		url: '/v2/logs',
		config: { scope: SCOPES.readLogs },
		schema: { querystring: schemas.listLogs },
		handler: async (request, reply) => {
			const { cursor, ...filter } = request.query;
			const reason = reasonToRefusePeriod(filter);
			if (reason !== null) return await refuse(request, reply, 400, [reason]);
			const from = Date.parse(filter.fromDateTime);
			const to = filter.toDateTime === undefined ? Infinity : Date.parse(filter.toDateTime);
			const events = state.logs
				.filter(({ logType, at }) => logType === filter.logType && at >= from && at < to)
				.sort((a, b) => a.at - b.at);
			const asked = `${request.exchange.entry.path} ${JSON.stringify(filter)}`;
			const page = pager.page(events, asked, cursor);
			if (typeof page === 'string') return await refuse(request, reply, 400, [page]);
			if (page.items.length === 0) {
				const words = 'No logs found corresponding to the provided filters';
				return await refuse(request, reply, 404, [words]);
			}
			const logEntries = page.items.map(({ entry }) => entry);
			return await succeed(request, reply, { records: page.records, logEntries });
		},
	});
}
