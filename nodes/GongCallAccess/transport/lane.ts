/** Starts a request; tells by `onSent` when it has left. */
type Send<T> = (onSent: () => void) => Promise<T>;

/**
 * Sends requests in order, overlapping: the next one starts as soon as the one before has left, so that only one
 * waits for the rate limit. The first goes alone, and so does the one after a request without an answer, since
 * the next would fare no better.
 */
export class Lane<T> {
	private last: Promise<unknown> = Promise.resolve();

	private isAnswered = false;

	/** @param hasAnswer whether Gong answered, even if it refused */
	constructor(private readonly hasAnswer: (result: T) => boolean) {}

	/** Sends a request when its turn comes. Rejects where `send` does. */
	async send(send: Send<T>): Promise<T> {
		const before = this.last;
		let next = (): void => {};
		this.last = new Promise<void>((resolve) => {
			next = resolve;
		});
		await before;
		try {
			const result = await send(() => {
				if (this.isAnswered) next();
			});
			this.isAnswered = this.hasAnswer(result);
			return result;
		} finally {
			next();
		}
	}
}
