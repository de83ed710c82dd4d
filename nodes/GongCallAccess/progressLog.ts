import type { IExecutePaginationFunctions } from 'n8n-workflow';
import { aboutRun, runEnded } from './messages/logMessages';

/**
 * What a run writes into the log of n8n. Every line says of which workflow and execution it is, since several run
 * at once; and a run that took so long that it wrote a line writes its end, too.
 */
export class ProgressLog {
	private wrote = false;

	private readonly startedAt = Date.now();

	private progress = { done: 0, of: 0 };

	constructor(private readonly context: IExecutePaginationFunctions) {}

	/** n8n's context with this log in place of n8n's own. */
	contextFor(context: IExecutePaginationFunctions): IExecutePaginationFunctions {
		const logger = Object.create(context.logger, {
			info: { value: this.info.bind(this) },
		}) as unknown;
		return Object.create(context, { logger: { value: logger } }) as IExecutePaginationFunctions;
	}

	/** Notes how many calls are done, of how many. */
	count(done: number, of: number): void {
		this.progress = { done, of };
	}

	/** Called once, when all is answered. */
	end(): void {
		const { done, of } = this.progress;
		if (this.wrote) this.info(runEnded(done, of, Date.now() - this.startedAt));
	}

	private info(line: string): void {
		this.wrote = true;
		const { id, name } = this.context.getWorkflow();
		this.context.logger.info(aboutRun(line, name ?? id ?? '', this.context.getExecutionId()));
	}
}
