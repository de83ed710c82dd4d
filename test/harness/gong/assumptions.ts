/**
 * What nobody has seen of Gong. Each assumption is stated here with what may be true in its place, so that tests
 * can have it either way. (Whether access keys have scopes is such a thing too: see `GongAccount`.)
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
	/** A good key or token, from an address that is not among its trusted ones. */
	untrustedAddress: { status: 401 | 403; refusedWith: string };
	/** A key or token that has ended: 401, or 403 (one public client reads it so). */
	endedSignIn: 401 | 403;
	/** A refresh token that is used again: refused, and whoever holds the newer one has lost the credential too; or only refused. */
	reusedRefreshToken: 'losesCredential' | 'refused';
	/** Participants of an imported call, where they were asked for: an empty list, or no list. */
	importedParties: 'leftOut' | 'empty';
	/** A call without public comments, where they were asked for. */
	callWithoutComments: CommentsStyle;
	/**
	 * The last page of a list: without a cursor, or with one that leads to 404. Three public connectors read a 404
	 * on a later page as the end.
	 */
	lastPage: 'hasNoCursor' | 'hasCursor';
}

/** How a call without API-given users is answered. */
export type AccessStyle =
	/** With `users: []`. */
	| 'empty'
	/** Without `users`. */
	| 'noUsers'
	/** Not at all. */
	| 'noEntry';

/** How a call without public comments is answered. */
export type CommentsStyle =
	/** With `publicComments: []`. */
	| 'empty'
	/** With `publicComments: null`. */
	| 'null'
	/** With `collaboration: {}`. */
	| 'noList'
	/** Without `collaboration`. */
	| 'leftOut';

/** What is assumed unless a test says otherwise. */
export const ASSUMPTIONS: Assumptions = {
	unknownCallInDelete: 'refused',
	unknownUser: { refusedWith: 'Some users not found' },
	callWithoutUsers: 'empty',
	grantWithoutEffect: 'notListed',
	maxCallsPerRequest: Infinity,
	missingScope: 'asDescribed',
	untrustedAddress: { status: 403, refusedWith: 'Requests from this IP address are not allowed' },
	endedSignIn: 401,
	reusedRefreshToken: 'losesCredential',
	importedParties: 'leftOut',
	callWithoutComments: 'empty',
	lastPage: 'hasNoCursor',
};
