import type { Operation } from './itemRequest';
import { grantOrRevoke } from './write';

/** Takes individual access that was given through the API. */
export const revoke: Operation = async (context, requests) =>
	await grantOrRevoke(context, requests, false);
