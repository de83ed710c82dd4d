import { peopleIn } from '../gong/ways';
import type { Explanation } from './reasons';
import type { RowSettings } from './rows';

/**
 * The most that the rows of a run may be, in bytes of JSON. n8n makes one text of all that a run gives: for 200 MB it
 * took seconds and half a gigabyte (measured with the packages of n8n 2.41.1), and from 512 MB on there is none in
 * JavaScript.
 */
export const MAX_RUN_BYTES = 200_000_000;

/** How large the rows of a run become, over all its companies and operations. Counted before any is made. */
export class RunSize {
	private bytes = 0;

	/** Counts more rows. @returns whether n8n can save all so far */
	add(bytes: number): boolean {
		this.bytes += bytes;
		return this.bytes <= MAX_RUN_BYTES;
	}
}

// Bytes of JSON: an ID in a list, one as an object, a user with name and address or last played, a row of Explain by
// calls without its lists, a row of Explain by users with all columns, any other row, what call details add, a link to
// an input item among many, which n8n saves too. Those of Explain are measured, the others estimated from the fields.
const ID = 22;
const USER_ID = 34;
const USER = 130;
const EXPLAINED_CALL = 900;
const EXPLAINED_USER = 440;
const ROW = 150;
const CALL_DETAILS = 200;
const LINK = 12;

/** What the size of rows depends on. */
interface SizeSettings extends Pick<RowSettings, 'splitInto'> {
	includeUserDetails: boolean;
	includeCallDetails: boolean;
	includeLastPlayed: boolean;
	callsPerRequest: number;
}

/** How many bytes a call with this many users adds to the rows of Get Many each time that an item names it. */
export function sizeOfListed(
	users: number,
	{
		splitInto,
		includeUserDetails,
		includeCallDetails,
		includeLastPlayed,
		callsPerRequest,
	}: SizeSettings,
): number {
	const ofCall = includeCallDetails ? CALL_DETAILS : 0;
	// A person has each call once, with the request that it came from, and a link to the item.
	if (splitInto === 'people') return users * (ID + LINK + ofCall + ID / callsPerRequest);
	const ofUser = includeUserDetails || includeLastPlayed ? USER : USER_ID;
	return splitInto === 'users' ? users * (ROW + ofCall + ofUser) : ROW + ofCall + users * ofUser;
}

/** How many bytes a call adds to the rows of a change. @param users in all lists of its row */
export function sizeOfChanged(
	users: number,
	{
		includeUserDetails,
		includeCallDetails,
	}: Pick<SizeSettings, `include${'User' | 'Call'}Details`>,
): number {
	const ofCall = includeCallDetails ? CALL_DETAILS : 0;
	return ROW + ofCall + users * (ID + (includeUserDetails ? USER : 0));
}

/** How much a call adds to the rows of Explain: how many there are by users, and how many bytes by any format. */
export function sizeOfExplained(
	{ ways }: Explanation,
	{
		splitInto,
		includeUserDetails,
		includeCallDetails,
		includeLastPlayed,
	}: Omit<SizeSettings, 'callsPerRequest'>,
): { rows: number; bytes: number } {
	const people = peopleIn(ways).length;
	const named = ways.reduce((sum, { userIds }) => sum + userIds.length, 0);
	const ofCall = includeCallDetails ? CALL_DETAILS : 0;
	if (splitInto === 'users') {
		const ofUser = EXPLAINED_USER + ofCall + (includeUserDetails ? USER : 0);
		return { rows: people, bytes: people * ofUser };
	}
	if (splitInto === 'people') {
		// A call stands once in a person's list, once in each of their ways, and once among those only through the API.
		return { rows: 0, bytes: named * ID + people * (2 * ID + LINK + ofCall) };
	}
	const ofPerson = includeUserDetails || includeLastPlayed ? USER : 0;
	return { rows: 0, bytes: EXPLAINED_CALL + ofCall + named * ID + people * (ID + ofPerson) };
}
