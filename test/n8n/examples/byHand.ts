import type { N8nRest } from '../../harness/n8n/rest';

/** A row of a data table. */
export type Row = Readonly<Record<string, unknown>>;

/** A node of n8n's own: its type without the package, its version, its parameters. */
type Step = readonly [type: string, version: number, parameters: Readonly<Record<string, unknown>>];

/** Runs some of n8n's own nodes one after the other, as people do by hand. Returns the table's rows of the last. */
export async function runByHand(rest: N8nRest, ...steps: readonly Step[]): Promise<readonly Row[]> {
	const begin: Step = ['manualTrigger', 1, {}];
	const nodes = [begin, ...steps].map(([type, typeVersion, parameters], place) => ({
		id: `step-${place}`,
		name: `Step ${place}`,
		type: `n8n-nodes-base.${type}`,
		typeVersion,
		parameters,
		position: [200 * place, 0],
		alwaysOutputData: true,
	}));
	const links = steps.map((_, place) => [
		`Step ${place}`,
		{ main: [[{ node: `Step ${place + 1}`, type: 'main', index: 0 }]] },
	]);
	const connections = Object.fromEntries(links) as unknown;
	const id = await rest.createWorkflow({ name: 'By hand', nodes, connections });
	const run = await rest.run(id, 'Step 0');
	if (run.status !== 'success') throw new Error(`By hand: ${run.error?.message}`);
	return run.rows(`Step ${steps.length}`).filter((row) => 'id' in row);
}
