import type { Operation } from './operation';
import { grantOrRevoke } from './grantOrRevoke';

/** Gives individual access. Users who have access keep it. */
export const grant: Operation = async (context, items) => await grantOrRevoke(context, items, true);
