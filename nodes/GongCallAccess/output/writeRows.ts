import type { IDataObject } from 'n8n-workflow';
import type { Details } from './details';
import { callPart, usersPart } from './details';

// The rows of the operations that change access; keys stand in the order of the node's contract.

/** What a change of one call came to, or would come to. */
interface Change {
	callId: string;
	userIds: string[];
	grants: boolean;
	requestId: string | null;
}

/** The row of an accepted grant or revoke. @param odd the users that Read Back found not as asked */
export function changeRow(
	{ callId, userIds, grants, requestId }: Change,
	details: Details,
	odd?: string[],
): IDataObject {
	return {
		...callPart(callId, details),
		...usersPart('userIds', 'users', userIds, details),
		accepted: true,
		dryRun: false,
		...(odd ? confirmedPart({ [grants ? 'notListed' : 'stillListed']: odd }) : {}),
		requestId,
	};
}

/** The row of a grant or revoke in a dry run. @param would the users whose access would change */
export function dryRunRow(
	{ callId, userIds, grants, requestId }: Change,
	details: Details,
	would: string[],
): IDataObject {
	const name = grants ? 'wouldGrant' : 'wouldRevoke';
	return {
		...callPart(callId, details),
		...usersPart('userIds', 'users', userIds, details),
		dryRun: true,
		...usersPart(`${name}UserIds`, `${name}Users`, would, details),
		requestId,
	};
}

/** What a replace did to one call, or would do. */
export interface Replacement {
	grantedUserIds: string[];
	revokedUserIds: string[];
	unchangedUserIds: string[];
	/** Of the responses, in the order they came. */
	requestIds: string[];
}

/** The row of a replace. @param odd the users that Read Back found not as asked */
export function replaceRow(
	callId: string,
	{ grantedUserIds, revokedUserIds, unchangedUserIds, requestIds }: Replacement,
	dryRun: boolean,
	details: Details,
	odd?: { notListed: string[]; stillListed: string[] },
): IDataObject {
	const [granted, revoked] = dryRun ? ['wouldGrant', 'wouldRevoke'] : ['granted', 'revoked'];
	return {
		...callPart(callId, details),
		...usersPart(`${granted}UserIds`, `${granted}Users`, grantedUserIds, details),
		...usersPart(`${revoked}UserIds`, `${revoked}Users`, revokedUserIds, details),
		...usersPart('unchangedUserIds', 'unchangedUsers', unchangedUserIds, details),
		dryRun,
		...(odd ? confirmedPart(odd) : {}),
		requestId: requestIds.at(-1) ?? null,
		requestIds: [...requestIds],
	};
}

/** What Read Back found. An empty list alone would read as something missing. */
function confirmedPart(odd: Record<string, string[]>): IDataObject {
	return { confirmed: Object.values(odd).every((userIds) => userIds.length === 0), ...odd };
}
