/** Where lines for the user at the terminal are written. */
export type Say = (line: string) => void;

const EVERY_MS = 15_000;

/** A long piece of work that prints every 15 seconds how long it has taken and what it is doing. */
export class Progress {
	private readonly started = Date.now();
	private readonly timer: NodeJS.Timeout;
	private doing = '';
	private detail = (): string => '';

	constructor(say: Say) {
		this.timer = setInterval(() => {
			say(`  … ${this.elapsed()}: ${this.doing}${this.detail()}`);
		}, EVERY_MS);
	}

	/** Starts a step: lines name it from now on, with the current `detail`. */
	step(doing: string, detail = (): string => ''): void {
		this.doing = doing;
		this.detail = detail;
	}

	stop(): void {
		clearInterval(this.timer);
	}

	/** Such as "2 min 15 s". */
	elapsed(): string {
		const seconds = Math.round((Date.now() - this.started) / 1_000);
		const minutes = Math.floor(seconds / 60);
		return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
	}
}
