import type { ExampleRoom } from './exampleRoom';

/** A row of the data table that Temporary access and Ask for access share. */
export type TemporaryRow = Readonly<Record<string, unknown>>;

/** Looks into that table and changes it by n8n's own node, as people do under Data tables. */
export class TemporaryTable {
	constructor(private readonly room: () => ExampleRoom) {}

	/** Its rows, the oldest first. */
	async rows(): Promise<readonly TemporaryRow[]> {
		return await this.do({ operation: 'get', returnAll: true });
	}

	/** What stands in these columns, row by row. */
	async columns(...names: string[]): Promise<readonly unknown[][]> {
		return (await this.rows()).map((row) => names.map((name) => row[name]));
	}

	/** Writes these values into the rows of a call and a person. */
	async set(callId: string, userId: string, values: Readonly<Record<string, string>>) {
		const conditions = [
			{ keyName: 'callId', keyValue: callId },
			{ keyName: 'userId', keyValue: userId },
			{ keyName: 'state', keyValue: 'open' },
		];
		const schema = Object.keys(values).map((id) => ({ id, displayName: id, type: 'string' }));
		const changed = await this.do({
			operation: 'update',
			matchType: 'allConditions',
			filters: { conditions },
			columns: { mappingMode: 'defineBelow', value: values, schema },
		});
		if (changed.length === 0) throw new Error('The table has no such row');
	}

	/** Moves the end of what is open for a call and a person to so many ms from now. */
	async endIn(callId: string, userId: string, ms: number): Promise<void> {
		await this.set(callId, userId, { until: new Date(Date.now() + ms).toISOString() });
	}

	/** Puts away what is still open, which would be told in the next test. */
	async putAway(): Promise<void> {
		for (const { callId, userId, state } of await this.rows()) {
			if (state !== 'open') continue;
			await this.set(String(callId), String(userId), { state: 'put away' });
		}
	}

	private async do(
		parameters: Readonly<Record<string, unknown>>,
	): Promise<readonly TemporaryRow[]> {
		const { rest } = this.room().n8n;
		const id = await rest.createWorkflow({
			name: 'Table',
			nodes: [
				{ name: 'Begin', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} },
				{
					name: 'Rows',
					type: 'n8n-nodes-base.dataTable',
					typeVersion: 1.1,
					parameters: {
						dataTableId: { __rl: true, mode: 'name', value: 'Gong temporary access' },
						...parameters,
					},
				},
			].map((node, place) => ({ ...node, id: `node-${place}`, position: [200 * place, 0] })),
			connections: { Begin: { main: [[{ node: 'Rows', type: 'main', index: 0 }]] } },
		});
		const run = await rest.run(id, 'Begin');
		if (run.status !== 'success') throw new Error(`The table: ${run.error?.message}`);
		return run.given('Rows').map(({ json }) => json);
	}
}
