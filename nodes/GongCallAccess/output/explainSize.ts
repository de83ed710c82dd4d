import { peopleIn } from '../gong/ways';
import type { Explanation } from './reasons';
import type { RowSettings } from './rows';

/**
 * The most that the rows of a run may be, in bytes of JSON. n8n makes one text of all that a run gives: for 200 MB it
 * took seconds and half a gigabyte (measured with the packages of n8n 2.41.1), and from 512 MB on there is none in
 * JavaScript.
 */
export const MAX_RUN_BYTES = 200_000_000;

// Of JSON, measured: an ID in a list, a user with name and address, a row by calls without its lists, a row by users
// with all columns, what call details add.
const ID = 22;
const USER = 130;
const CALL_ROW = 900;
const USER_ROW = 440;
const CALL_DETAILS = 200;

/** How much a call adds to the rows: how many there are by users, and how many bytes by any format. */
export function sizeOf(
	{ ways }: Explanation,
	{
		splitInto,
		includeUserDetails,
		includeCallDetails,
		includeLastPlayed,
	}: Pick<RowSettings, 'splitInto'> & {
		includeUserDetails: boolean;
		includeCallDetails: boolean;
		includeLastPlayed: boolean;
	},
): { rows: number; bytes: number } {
	const people = peopleIn(ways).length;
	const named = ways.reduce((sum, { userIds }) => sum + userIds.length, 0);
	const ofCall = includeCallDetails ? CALL_DETAILS : 0;
	if (splitInto === 'users') {
		return { rows: people, bytes: people * (USER_ROW + ofCall + (includeUserDetails ? USER : 0)) };
	}
	if (splitInto === 'people') {
		// A call stands once in a person's list, once in each of their ways, and once among those only through the API.
		return { rows: 0, bytes: named * ID + people * (2 * ID + ofCall) };
	}
	const ofPerson = includeUserDetails || includeLastPlayed ? USER : 0;
	return { rows: 0, bytes: CALL_ROW + ofCall + named * ID + people * (ID + ofPerson) };
}
