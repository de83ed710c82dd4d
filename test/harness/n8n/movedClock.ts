import { closeSync, mkdtempSync, openSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { removeFolder } from '../system/folder';

const PRELOADED = path.join(__dirname, 'aheadOfTime.cjs');
const HUNDRED_YEARS_IN_HOURS = 100 * 365 * 24;

/**
 * A clock that an n8n goes by and tests move on, so that a year passes in minutes. It begins at the true time.
 * What does not follow it: SQLite's own time, such as the moment at which a data table was made, though its rows do; a
 * Code node's `new Date()`, in its process of its own; timers; and schedules, so that a test runs the workflow itself.
 */
export class MovedClock {
	private readonly folder = mkdtempSync(path.join(tmpdir(), 'n8n-gong-call-access-clock-'));
	private readonly file = path.join(this.folder, 'ahead');
	private readonly handle = openSync(this.file, 'w');
	private ahead = 0;

	constructor() {
		this.write();
	}

	/** Settings of an n8n that goes by this clock. */
	get env(): Readonly<Record<string, string>> {
		return {
			NODE_OPTIONS: `--require ${JSON.stringify(PRELOADED)}`,
			GONG_TEST_CLOCK: this.file,
			// The other engine has a clock of its own, out of reach.
			N8N_EXPRESSION_ENGINE: 'legacy',
			// The sign-in, and the executions of the months before, are to last.
			N8N_USER_MANAGEMENT_JWT_DURATION_HOURS: String(HUNDRED_YEARS_IN_HOURS),
			EXECUTIONS_DATA_PRUNE: 'false',
		};
	}

	/** Its time, in ms since 1970. */
	get now(): number {
		return Date.now() + this.ahead;
	}

	/** Moves it on to a later time. */
	moveTo(time: number): void {
		const { now } = this;
		if (time < now) throw new Error(`The clock cannot go back to ${new Date(time).toISOString()}`);
		this.ahead += time - now;
		this.write();
	}

	async dispose(): Promise<void> {
		closeSync(this.handle);
		await removeFolder(this.folder);
	}

	private write(): void {
		writeSync(this.handle, new Uint8Array(Float64Array.of(this.ahead).buffer), 0, 8, 0);
	}
}
