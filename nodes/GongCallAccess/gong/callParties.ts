import * as shape from '../messages/shapeMessages';
import type { GongClient } from '../transport/client';
import { isRecord } from '../transport/json';
import type { GongRequest } from '../transport/request';
import type { GongCall } from './calls';
import { callIn } from './calls';
import type { LookUpOptions } from './lookUp';
import { IDS_PER_REQUEST, LookUps } from './lookUp';
import type { Mentions } from './mentions';
import { mentionsIn, mergeMentions } from './mentions';
import { readPage } from './paging';
import { listAt, optionalIdAt, textAt, unexpectedResponse } from './response';
import { isOfCompany, participantsOf } from './ways';

/** A call, who took part in it, and who is mentioned in public comments on it. */
export interface CallWithParties extends GongCall {
	/** Null where Gong does not say. */
	isPrivate: boolean | null;
	/** Null where Gong does not say. */
	workspaceId: string | null;
	/** See `participantsOf`. */
	participants: string[];
	/** The addresses of parties who are not from outside the company, and whom Gong names no user for. */
	addressesWithoutUser: string[];
	/** Whether Gong names an owner. */
	hasOwner: boolean;
	/** Whether Gong names parties of it; of imported calls it does not (recorded from live traffic). */
	hasParties: boolean;
	/** Undefined where comments were not asked for. */
	mentions: Mentions | undefined;
	/** Of the answer that holds it. */
	requestId: string | null;
}

/** These calls (1 or more IDs) with their parties, and with public comments where asked for, page by page. */
export function findPartiesRequest(
	callIds: string[],
	cursor: string | undefined,
	withComments: boolean,
): GongRequest {
	const comments = withComments ? { collaboration: { publicComments: true } } : {};
	return {
		method: 'POST',
		path: '/v2/calls/extensive',
		body: {
			filter: { callIds },
			contentSelector: { exposedFields: { parties: true, ...comments } },
			...(cursor === undefined ? {} : { cursor }),
		},
		scope: 'api:calls:read:extensive',
	};
}

/** How calls are looked up. */
interface PartyLookUpOptions extends LookUpOptions {
	callsPerRequest: number;
	withComments: boolean;
	/** Called after each answer with the calls in it. */
	onFound: (calls: CallWithParties[]) => void;
}

/** Looks up calls with their parties. */
export function partyLookUps(
	client: GongClient,
	{ callsPerRequest, withComments, onFound, ...options }: PartyLookUpOptions,
): LookUps<CallWithParties> {
	const endpoint = {
		idsPerRequest: Math.min(callsPerRequest, IDS_PER_REQUEST),
		request: (callIds: string[], cursor: string | undefined) =>
			findPartiesRequest(callIds, cursor, withComments),
		merge: mergeParties,
		read: (text: string) => {
			const page = readPage(text, 'calls', (entry, requestId) => ({
				...callWithParties(entry, requestId),
				mentions: withComments ? mentionsIn(commentsIn(entry)) : undefined,
			}));
			onFound(page.entries);
			return page;
		},
	};
	return new LookUps(client, endpoint, options);
}

function commentsIn({ collaboration }: Record<string, unknown>): unknown {
	return isRecord(collaboration) ? collaboration.publicComments : undefined;
}

function callWithParties(
	entry: Record<string, unknown>,
	requestId: string | null,
): Omit<CallWithParties, 'mentions'> {
	const call = isRecord(entry.metaData) ? entry.metaData : entry;
	// A party that cannot be read may be anybody.
	if (Array.isArray(entry.parties) && entry.parties.includes(null)) {
		throw unexpectedResponse(shape.badEntry('parties'));
	}
	const parties = listAt(entry, 'parties').map((party) => ({
		userId: optionalIdAt(party, 'userId'),
		affiliation: textAt(party, 'affiliation'),
		address: textAt(party, 'emailAddress'),
	}));
	const ownerId = optionalIdAt(call, 'primaryUserId');
	const withoutUser = parties.filter((party) => party.userId === null && isOfCompany(party));
	return {
		...callIn(entry),
		isPrivate: typeof call.isPrivate === 'boolean' ? call.isPrivate : null,
		workspaceId: optionalIdAt(call, 'workspaceId'),
		participants: participantsOf(ownerId, parties),
		addressesWithoutUser: withoutUser.flatMap(({ address }) => address ?? []),
		hasOwner: ownerId !== null,
		hasParties: parties.length > 0,
		requestId,
	};
}

/** Makes one call of two entries for it. Where they differ, what opens it to fewer people counts. */
function mergeParties(one: CallWithParties, other: CallWithParties): CallWithParties {
	const both = <T>(listOf: (call: CallWithParties) => T[]): T[] => [
		...new Set([one, other].flatMap(listOf)),
	];
	const isPrivate = one.isPrivate === other.isPrivate ? one.isPrivate : null;
	return {
		...other,
		isPrivate: one.isPrivate === true || other.isPrivate === true ? true : isPrivate,
		workspaceId: one.workspaceId === other.workspaceId ? one.workspaceId : null,
		participants: both(({ participants }) => participants),
		addressesWithoutUser: both(({ addressesWithoutUser }) => addressesWithoutUser),
		hasOwner: one.hasOwner || other.hasOwner,
		hasParties: one.hasParties || other.hasParties,
		mentions: one.mentions && other.mentions && mergeMentions(one.mentions, other.mentions),
	};
}
