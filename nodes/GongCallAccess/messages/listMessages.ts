/** What to do where Gong asks to slow down while a list of the panel is opened. */
export function openListLater(): string {
	return 'Wait for a moment, then open the list again. Other workflows may be using the limit of requests.';
}

/** The first entry of the list of calls where it is not whole. */
export function onlyNewestCalls(count: number): string {
	return `Only the newest ${count} calls are listed; for others give their IDs`;
}

/** The first entry of the list of users where it is not whole. */
export function notAllUsers(count: number): string {
	return `Not all users are listed, only these ${count}; for others give their IDs`;
}

/** The first entry of the list of workspaces. */
export const ALL_WORKSPACES = 'All Workspaces';

/** What stands below that entry where the credential may not list the workspaces. @param scope where Gong names one */
export function namesNeedScope(scope: string | undefined): string {
	if (scope === undefined) {
		return 'Gong did not allow the credential to list them by name. To take one, give its ID by an expression.';
	}
	return `To pick one by name, the credential needs the scope ${scope}. Without it, give an ID by an expression.`;
}

/** The name of a call without a title. */
export const UNTITLED_CALL = 'Untitled call';

/** What stands after the name of a user who has left. */
export const HAS_LEFT = ' (left)';
