/** Node input that several test files share. */
import type { IDataObject } from 'n8n-workflow';

/** The call of each item, for Call IDs. */
export const FROM_ITEM = '={{ $json.call }}';
/** The call and the user of each item. */
export const PAIRS = { callIds: FROM_ITEM, userIds: '={{ $json.user }}' };

/** An item for each call and user, to go with `PAIRS`. */
export const pairs = (...all: [call: string, user: string][]): IDataObject[] =>
	all.map(([call, user], place) => ({ id: `row ${place}`, call, user }));
