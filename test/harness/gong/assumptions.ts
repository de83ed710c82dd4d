/**
 * What nobody has seen of Gong. Each assumption is stated here with what may be true in its place, so that tests
 * can have it either way.
 */
export interface Assumptions {
	/** A DELETE that names a call that Gong does not know: 400, or 200 as if all were well. */
	unknownCallInDelete: 'refused' | 'accepted';
	/** A write that names a user that Gong does not know: 400 in these words, or accepted without effect. */
	unknownUser: { refusedWith: string } | 'accepted';
	/** A call that nobody was given access to: with `users: []`, without `users`, or left out of the answer. */
	callWithoutUsers: AccessStyle;
	/** Whether a user who had access by another way before a PUT is listed after it. */
	grantWithoutEffect: 'notListed' | 'listed';
	/** The most calls that one request may name; more are refused with 400. */
	maxCallsPerRequest: number;
	/** A missing scope: 403 where Gong's description names it in place of 401, or always the same status. */
	missingScope: 'asDescribed' | 401 | 403;
	/** Participants of an imported call, where they were asked for: an empty list, or no list. */
	importedParties: 'leftOut' | 'empty';
}

/** How a call without API-given users is answered. */
export type AccessStyle =
	/** With `users: []`. */
	| 'empty'
	/** Without `users`. */
	| 'noUsers'
	/** Not at all. */
	| 'noEntry';

/** What is assumed unless a test says otherwise. */
export const ASSUMPTIONS: Assumptions = {
	unknownCallInDelete: 'refused',
	unknownUser: { refusedWith: 'Some users not found' },
	callWithoutUsers: 'empty',
	grantWithoutEffect: 'notListed',
	maxCallsPerRequest: Infinity,
	missingScope: 'asDescribed',
	importedParties: 'leftOut',
};
