import { type Row, runByHand } from './byHand';
import type { ExampleRoom } from './exampleRoom';

/**
 * Looks into the data table that Temporary access and Ask for access share, and changes it by n8n's own node, as people
 * do under Data tables.
 */
export class TemporaryTable {
	constructor(private readonly room: () => ExampleRoom) {}

	/** Its rows, the oldest first. */
	async rows(): Promise<readonly Row[]> {
		return await this.do({ operation: 'get', returnAll: true });
	}

	/** What stands in these columns, row by row. */
	async columns(...names: string[]): Promise<readonly unknown[][]> {
		return (await this.rows()).map((row) => names.map((name) => row[name]));
	}

	/** Writes these values into the rows of a call and a person. */
	async set(callId: string, userId: string, values: Readonly<Record<string, string>>) {
		await this.update({ callId, userId, state: 'open' }, values);
	}

	/** Writes these values into one row. */
	async setRow(id: number, values: Readonly<Record<string, string>>) {
		await this.update({ id }, values);
	}

	private async update(
		where: Readonly<Record<string, string | number>>,
		values: Readonly<Record<string, string>>,
	) {
		const conditions = Object.entries(where).map(([keyName, keyValue]) => ({ keyName, keyValue }));
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

	/** Enters an open row, without an end, as somebody may by hand. */
	async enter(callId: string, userId: string): Promise<void> {
		const value = { callId, userId, state: 'open' };
		const schema = Object.keys(value).map((id) => ({ id, displayName: id, type: 'string' }));
		await this.do({ operation: 'insert', columns: { mappingMode: 'defineBelow', value, schema } });
	}

	/** Puts away what is still open, which would be told in the next test. */
	async putAway(): Promise<void> {
		const open = (await this.rows()).filter(({ state }) => state === 'open');
		const pairs = new Map(
			open.map(({ callId, userId }) => [`${callId} ${userId}`, [callId, userId]]),
		);
		for (const [callId, userId] of pairs.values()) {
			await this.set(String(callId), String(userId), { state: 'put away' });
		}
	}

	private async do(parameters: Row): Promise<readonly Row[]> {
		const dataTableId = { __rl: true, mode: 'name', value: 'Gong temporary access' };
		return await runByHand(this.room().n8n.rest, [
			'dataTable',
			1.1,
			{ dataTableId, ...parameters },
		]);
	}
}
