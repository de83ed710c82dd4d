/** The reason for skipping tests in a real n8n, for their titles; empty if they run. */
export const SKIPPED_WITHOUT_N8N =
	process.env.GONG_WITHOUT_N8N === '1' ? ' (SKIPPED: without n8n)' : '';

/** For tests that cannot run for this reason: they are counted as skipped, never as passed. */
export const describeUnless = (skipped: string) => (skipped === '' ? describe : describe.skip);

/** For tests in a real n8n. */
export const describeWithN8n = describeUnless(SKIPPED_WITHOUT_N8N);

/** The time limit for setting everything up; n8n may have to be fetched first. */
export const SET_UP_MS = 20 * 60_000;
