/**
 * Classes of failures that are ignored, since the node does not meet this part of the contract yet. Remove a
 * line with the change that implements it; GONG_MODEL_PENDING=1 looks for all of them.
 */
export const PENDING: RegExp[] = [
	// "that holds for a write that Gong refuses for one of many users, in whatever words, too"
	/ for another’s unknown user$/,
	// "an alias or the trusted address of a person stands for them too"
	/ by another address of a person$/,
	// `userActive`, and `calls` of people
	/^rows: content with user details$/,
	/^rows: content of people with call details$/,
];
