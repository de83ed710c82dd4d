/** A violation of the contract. */
export interface Violation {
	/** A word or two for its class. */
	rule: string;
	words: string;
}
