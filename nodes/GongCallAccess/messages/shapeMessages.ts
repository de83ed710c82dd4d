import { shown } from './visible';

// What is odd about a response of status 200. Each completes the sentence "The answer is not one that Gong
// documents: …".

export const EMPTY = 'it is empty';
export const NOT_JSON =
	'it is not whole JSON, but a web page, the answer of another server, or one that was cut off';
export const UNCONFIRMED_CHANGE = 'it does not confirm the change';
export const NEITHER_ID_NOR_LIST = 'it has neither a requestId nor a callAccessList';
export const ONLY_FIRST_PAGE = 'it is only the first page of a longer list';
export const TWO_CURSORS = 'it has two cursors that differ';
export const CIRCLE_OF_PAGES = 'its pages go round in a circle';
export const CANNOT_BE_READ = 'it cannot be read';

/** A web page in place of JSON. */
export function webPage(title: string): string {
	return `it is not whole JSON, but a web page with the title "${title}"`;
}

/** Something of another type than documented. @param part such as "it is" or "its cursor is" */
export function isOfType(part: string, value: unknown, instead: string): string {
	return `${part} ${typeOf(value)}, not ${instead}`;
}

/** An entry of a list without a usable ID. */
export function badId(key: string, value: unknown): string {
	return `it has an entry whose ${key} is ${typeOf(value)}`;
}

/** A list that has something else than objects in it. */
export function badEntry(key: string): string {
	return `its ${key} has an entry that is not an object`;
}

/** A page without its list. */
export function noList(key: string): string {
	return `it has no list of ${key}`;
}

/** A list in which one ID stands for two entries. */
export function differsFromItself(key: string, id: string): string {
	return `its list of ${key} has ${shown(id)} twice, with different details`;
}

/** Another call in place of one that was asked for. */
export function foreignCall(callId: string): string {
	return `it names call ${shown(callId)}, which was not asked for`;
}

/** Errors beside the status 200. */
export function saysErrors(errors: unknown): string {
	return `it says ${shown(errors)}`;
}

/** Another status than 200 that is no refusal. */
export function badStatus(status: number): string {
	return `its status is ${status}, not 200`;
}

/** A listing whose later pages are not there. */
export function missingPage(page: number): string {
	return page === 1
		? 'it has entries when first asked for, and then none'
		: `there is no page ${page}, which the page before it says there is`;
}

/** A listing with fewer entries than it says. */
export function tooFewEntries(listed: number, total: number): string {
	return `it lists ${listed} of ${total} entries, and says that there are no more pages`;
}

/** A listing that repeats itself. */
export function nothingNewOnPages(pages: number): string {
	return `its pages go on without end, the last ${pages} with nothing new`;
}

/** A listing without end. */
export function tooManyPages(most: number): string {
	return `it has more than ${most} pages`;
}

function typeOf(value: unknown): string {
	if (value === undefined) return 'missing';
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'a list';
	if (typeof value === 'string') return value === '' ? 'empty' : 'text';
	if (typeof value === 'number') return 'a number that may have lost digits';
	return typeof value === 'boolean' ? 'true or false' : 'an object';
}
