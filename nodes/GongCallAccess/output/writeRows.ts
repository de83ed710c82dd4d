import type { IDataObject } from 'n8n-workflow';

// The rows of the operations that change access; keys stand in the order of the node's contract.

/** What a change of one call came to. */
interface Change {
	callId: string;
	userIds: string[];
	grants: boolean;
	requestId: string | null;
}

/** The row of an accepted grant or revoke. @param odd the users that Read Back found not as asked */
export function changeRow(
	{ callId, userIds, grants, requestId }: Change,
	odd?: string[],
): IDataObject {
	return {
		callId,
		userIds: [...userIds],
		accepted: true,
		dryRun: false,
		...(odd ? { [grants ? 'notListed' : 'stillListed']: odd } : {}),
		requestId,
	};
}

/** The row of a grant or revoke in a dry run. @param would the users whose access would change */
export function dryRunRow(
	{ callId, userIds, grants, requestId }: Change,
	would: string[],
): IDataObject {
	return {
		callId,
		userIds: [...userIds],
		dryRun: true,
		[grants ? 'wouldGrantUserIds' : 'wouldRevokeUserIds']: would,
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
	odd?: { notListed: string[]; stillListed: string[] },
): IDataObject {
	return {
		callId,
		[dryRun ? 'wouldGrantUserIds' : 'grantedUserIds']: [...grantedUserIds],
		[dryRun ? 'wouldRevokeUserIds' : 'revokedUserIds']: [...revokedUserIds],
		unchangedUserIds: [...unchangedUserIds],
		dryRun,
		...odd,
		requestId: requestIds.at(-1) ?? null,
		requestIds: [...requestIds],
	};
}
