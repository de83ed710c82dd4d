import type { Operation } from './operation';
import { grantOrRevoke } from './grantOrRevoke';

/** Takes individual access that was given through the API. */
export const revoke: Operation = async (context, items) =>
	await grantOrRevoke(context, items, false);
