import { FailureError } from '../../nodes/GongCallAccess/failure';
import { inOneText } from '../../nodes/GongCallAccess/messages/phrases';
import type { IdKind } from '../../nodes/GongCallAccess/parameters/ids';
import { readIds } from '../../nodes/GongCallAccess/parameters/ids';

/** The IDs that a value of the parameter 'IDs' gives, or all the words that refuse it. */
export function outcomeOf(value: unknown, kind: IdKind): string[] | string {
	try {
		return readIds(value, kind, 'IDs');
	} catch (thrown) {
		if (thrown instanceof FailureError) return inOneText(thrown.failure);
		throw thrown;
	}
}
