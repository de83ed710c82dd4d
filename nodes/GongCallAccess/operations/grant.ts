import type { Operation } from './itemRequest';
import { grantOrRevoke } from './write';

/** Gives individual access. Users who have access keep it. */
export const grant: Operation = async (context, requests) =>
	await grantOrRevoke(context, requests, true);
