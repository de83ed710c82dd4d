import type { N8nRest } from '../../harness/n8n/rest';

/** The nodes that ran more than once in the newest execution, once it has ended: whatever they say came twice. */
export async function ranTwice(rest: N8nRest): Promise<readonly string[]> {
	const { record } = await rest.lastExecution();
	return Object.entries(record.data.resultData.runData)
		.filter(([, runs]) => runs.length > 1)
		.map(([node]) => node);
}

/** What n8n lists of the newest execution, once it has ended: its status, and the message of one that failed. */
export async function howItEnded(rest: N8nRest): Promise<readonly [string, string | undefined]> {
	const { status, error } = await rest.lastExecution();
	return [status, error?.message];
}
