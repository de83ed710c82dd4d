/** What to do where Gong asks to slow down while a list of the panel is opened. */
export function openListLater(): string {
	return 'Wait for a moment, then open the list again. Other workflows may be using the limit of requests.';
}

/** The first entry of a list that is not whole. */
export function notAllListed(what: 'calls' | 'users', listed: number): string {
	return `Not all ${what} are listed, only these ${listed}; for others give their IDs`;
}

/** The name of a call without a title. */
export const UNTITLED_CALL = 'Untitled call';

/** What stands after the name of a user who has left. */
export const HAS_LEFT = ' (left)';
