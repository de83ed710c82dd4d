/** Something that is not as the contract says. */
export interface Violation {
	/** One word or two for the class, by which failures are told apart. */
	rule: string;
	words: string;
}
