import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { SCOPES } from '../accounts';
import type { Assumptions } from '../assumptions';
import type { GongComment } from '../commentData';
import type { CallEndpoint, GongCall, GongParty } from '../data';
import type { Pager } from '../paging';
import { reasonToRefusePeriod } from '../periodFilter';
import { refuse, succeed } from '../respond';
import { schemas } from '../schemas';
import type { GongState } from '../state';

/** What the call routes need to know. */
export interface CallsSetup {
	state: GongState;
	pager: Pager;
	assumptions: Assumptions;
}

interface CallsFilter {
	fromDateTime?: string;
	toDateTime?: string;
	workspaceId?: string;
	callIds?: string[];
	primaryUserIds?: string[];
}

interface ExtensiveBody {
	filter: CallsFilter;
	cursor?: string;
	contentSelector?: {
		exposedFields?: { parties?: boolean; collaboration?: { publicComments?: boolean } };
	};
}

/** Whether a call comes from another recording system; of such a call Gong gives no participants (recorded). */
function isImported(call: GongCall): boolean {
	return call.clientUniqueId !== null;
}

function partiesOf(call: GongCall, { state, assumptions }: CallsSetup): { parties?: GongParty[] } {
	if (!isImported(call)) return { parties: state.parties.get(call.id) ?? [] };
	return assumptions.importedParties === 'empty' ? { parties: [] } : {};
}

/** What `collaboration` holds of a call whose public comments were asked for. */
function collaborationOf(
	call: GongCall,
	{ state, assumptions }: CallsSetup,
): { collaboration?: { publicComments?: GongComment[] | null } } {
	const publicComments = state.comments.get(call.id) ?? [];
	if (publicComments.length > 0) return { collaboration: { publicComments } };
	switch (assumptions.callWithoutComments) {
		case 'empty':
			return { collaboration: { publicComments } };
		case 'null':
			return { collaboration: { publicComments: null } };
		case 'noList':
			return { collaboration: {} };
		case 'leftOut':
			return {};
	}
}

/**
 * The time by which Gong lists a call: the scheduled one of a web conference that it recorded, the actual start of
 * every other call (its OpenAPI description).
 */
function listedAt({ direction, clientUniqueId, scheduled, started }: GongCall): number {
	const isRecordedConference = direction === 'Conference' && clientUniqueId === null;
	return Date.parse(isRecordedConference && scheduled !== null ? scheduled : started);
}

/** Calls of a period, its first moment included and its last not; the oldest first. */
function findCalls(state: GongState, endpoint: CallEndpoint, filter: CallsFilter): GongCall[] {
	const from = filter.fromDateTime === undefined ? -Infinity : Date.parse(filter.fromDateTime);
	const to = filter.toDateTime === undefined ? Infinity : Date.parse(filter.toDateTime);
	const wanted = filter.callIds && new Set(filter.callIds);
	const hosts = filter.primaryUserIds && new Set(filter.primaryUserIds);
	return [...state.calls.values()]
		.map((call) => ({ call, at: listedAt(call) }))
		.filter(
			({ call, at }) =>
				state.knows(call.id, endpoint) &&
				at >= from &&
				at < to &&
				(wanted?.has(call.id) ?? true) &&
				(hosts?.has(call.primaryUserId ?? '') ?? true) &&
				(filter.workspaceId === undefined || filter.workspaceId === call.workspaceId),
		)
		.sort((a, b) => a.at - b.at)
		.map(({ call }) => call);
}

/** Why Gong would refuse this filter, or null. */
function reasonToRefuse(filter: CallsFilter, { assumptions }: CallsSetup): string | null {
	const { maxCallsPerRequest } = assumptions;
	const { callIds } = filter;
	if ((callIds?.length ?? 0) > maxCallsPerRequest) {
		return `Too many calls in one request: ${callIds?.length}, at most ${maxCallsPerRequest}`;
	}
	return reasonToRefusePeriod(filter);
}

async function sendCalls(
	request: FastifyRequest,
	reply: FastifyReply,
	setup: CallsSetup,
	endpoint: CallEndpoint,
	{ filter, cursor }: { filter: CallsFilter; cursor?: string },
	show: (call: GongCall) => unknown,
): Promise<FastifyReply> {
	const reason = reasonToRefuse(filter, setup);
	if (reason !== null) return await refuse(request, reply, 400, [reason]);
	const asked = `${request.exchange.entry.path} ${JSON.stringify(filter)}`;
	const page = setup.pager.page(findCalls(setup.state, endpoint, filter), asked, cursor);
	if (typeof page === 'string') return await refuse(request, reply, 400, [page]);
	if (page.items.length === 0) {
		const words = 'No calls found corresponding to the provided filters';
		return await refuse(request, reply, 404, [words]);
	}
	return await succeed(request, reply, { records: page.records, calls: page.items.map(show) });
}

/** The company's calls. */
export function callsRoutes(app: FastifyInstance, setup: CallsSetup): void {
	app.route<{ Querystring: CallsFilter & { cursor?: string } }>({
		method: 'GET',
		url: '/v2/calls',
		config: { scope: SCOPES.listCalls },
		schema: { querystring: schemas.listCalls },
		handler: async (request, reply) => {
			const { cursor, ...filter } = request.query;
			return await sendCalls(request, reply, setup, 'list', { filter, cursor }, (call) => call);
		},
	});

	app.route<{ Body: ExtensiveBody }>({
		method: 'POST',
		url: '/v2/calls/extensive',
		config: { scope: SCOPES.findCalls },
		schema: { body: schemas.findCalls, querystring: schemas.noQuery },
		handler: async (request, reply) => {
			const { contentSelector, ...search } = request.body;
			const { parties, collaboration } = contentSelector?.exposedFields ?? {};
			return await sendCalls(request, reply, setup, 'details', search, (call) => ({
				metaData: call,
				...(parties === true ? partiesOf(call, setup) : {}),
				...(collaboration?.publicComments === true ? collaborationOf(call, setup) : {}),
			}));
		},
	});
}
