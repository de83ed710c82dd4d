import Table from 'cli-table3';

/** One row of the example workflow's result. */
export interface AccessRow {
	readonly callId: string;
	readonly userId: string;
	readonly requestId: string;
}

/** The rows as a table for the terminal. */
export function showTable(rows: readonly AccessRow[]): string {
	const table = new Table({
		head: ['Call', 'User', 'Request ID'],
		style: { head: [], border: [], compact: true },
	});
	for (const row of rows) table.push([row.callId, row.userId, row.requestId]);
	return table.toString();
}
