import type { N8nRest } from '../../harness/n8n/rest';
import { type ExampleRoom, FLOW_MS } from './exampleRoom';

/** After each test, whatever it made Gong do ends, and no node of its run may have run twice. */
export function eachNodeRunsOnce(room: () => ExampleRoom): void {
	afterEach(async () => {
		room().gong.clearFaults();
		expect(await ranTwice(room().n8n.rest)).toEqual([]);
	}, FLOW_MS);
}

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
