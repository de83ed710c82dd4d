import type { GongClient } from '../transport/client';
import { isRecord } from '../transport/json';
import type { GongRequest } from '../transport/request';
import type { LookUpOptions } from './lookUp';
import { IDS_PER_REQUEST, LookUps } from './lookUp';
import type { Page } from './paging';
import { readPage } from './paging';
import { idAt, textAt } from './response';

/** What people know a call by. */
export interface GongCall {
	id: string;
	title: string | null;
	url: string | null;
	/** ISO 8601, as Gong gives it. */
	started: string | null;
}

/**
 * A period of time. Gong goes by the scheduled start of a web conference that it recorded, and by the actual
 * start of every other call (its OpenAPI description).
 */
export interface Period {
	/** ISO 8601 with an offset; the first moment of the time. */
	from: string;
	/** ISO 8601 with an offset; the first moment after it. */
	to: string;
	/** Empty for all workspaces. */
	workspaceId: string;
}

/** The calls of a period, page by page. */
export function listCallsRequest(period: Period, cursor: string | undefined): GongRequest {
	return {
		method: 'GET',
		path: '/v2/calls',
		query: {
			fromDateTime: period.from,
			toDateTime: period.to,
			...(period.workspaceId === '' ? {} : { workspaceId: period.workspaceId }),
			...(cursor === undefined ? {} : { cursor }),
		},
		scope: 'api:calls:read:basic',
	};
}

/** These calls (1 or more IDs), page by page. */
export function findCallsRequest(callIds: string[], cursor: string | undefined): GongRequest {
	return {
		method: 'POST',
		path: '/v2/calls/extensive',
		body: { filter: { callIds }, ...(cursor === undefined ? {} : { cursor }) },
		scope: 'api:calls:read:extensive',
	};
}

/** Reads a page of calls, of either listing. @throws {FailureError} for a response of another shape */
export function readCallsPage(text: string): Page<GongCall> {
	return readPage(text, 'calls', (entry) => {
		const call = isRecord(entry.metaData) ? entry.metaData : entry;
		return {
			id: idAt(call, 'id'),
			title: textAt(call, 'title'),
			url: textAt(call, 'url'),
			started: textAt(call, 'started'),
		};
	});
}

/** Looks up titles, links and times of calls. */
export function callLookUps(
	client: GongClient,
	callsPerRequest: number,
	options: LookUpOptions,
): LookUps<GongCall> {
	const idsPerRequest = Math.min(callsPerRequest, IDS_PER_REQUEST);
	const endpoint = { idsPerRequest, request: findCallsRequest, read: readCallsPage };
	return new LookUps(client, endpoint, options);
}
