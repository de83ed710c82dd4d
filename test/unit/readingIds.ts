import type { Failure } from '../../nodes/GongCallAccess/failure';
import { FailureError } from '../../nodes/GongCallAccess/failure';
import type { IdKind } from '../../nodes/GongCallAccess/parameters/ids';
import { readIds as readIdsOf } from '../../nodes/GongCallAccess/parameters/ids';

export const readIds = (value: unknown, kind: IdKind): string[] => readIdsOf(value, kind, 'IDs');

/** The messages for a value without a usable ID. */
export function refusalOf(value: unknown, kind: IdKind = 'call'): Failure {
	let ids: string[];
	try {
		ids = readIds(value, kind);
	} catch (thrown) {
		if (thrown instanceof FailureError) return thrown.failure;
		throw thrown;
	}
	throw new Error(`taken as ${JSON.stringify(ids)}`);
}

/** The IDs read from a value, or the message that refuses it, which is always in our own words. */
export function outcomeOf(value: unknown, kind: IdKind): string[] | string {
	try {
		return readIds(value, kind);
	} catch (thrown) {
		if (thrown instanceof FailureError) return thrown.message;
		throw thrown;
	}
}
