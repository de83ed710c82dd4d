import Table from 'cli-table3';

/** One row of the example workflow's result. */
export interface AccessRow {
	readonly callId: string;
	readonly callTitle: string | null;
	readonly userId: string;
	readonly userName: string | null;
	readonly userEmail: string | null;
}

/** The rows as a table for the terminal. */
export function showTable(rows: readonly AccessRow[]): string {
	const table = new Table({
		head: ['Call', 'Name', 'E-mail'],
		style: { head: [], border: [], compact: true },
	});
	for (const { callId, callTitle, userId, userName, userEmail } of rows) {
		const name = userName ?? (userEmail === null ? `User ${userId}` : '');
		table.push([callTitle ?? `Call ${callId}`, name, userEmail ?? '']);
	}
	return table.toString();
}
