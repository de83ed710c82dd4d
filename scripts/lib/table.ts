import Table from 'cli-table3';

/** The JSON of one of the node's items. */
export type Row = Readonly<Record<string, unknown>>;
/** A heading, and its value in a row of the node. */
export type Column = readonly [head: string, of: (row: Row) => unknown];

/** The call of a row by its title, where it has one. */
export const CALL: Column = ['Call', ({ callId, callTitle }) => callTitle ?? `Call ${callId}`];
/** The person of a row by name, or by ID where Gong knows neither name nor address. */
export const NAME: Column = [
	'Name',
	({ userId, userName, userEmail }) => userName ?? (userEmail == null ? `User ${userId}` : ''),
];
/** The person's address. */
export const EMAIL: Column = ['E-mail', ({ userEmail }) => userEmail];

/** The rows as a table for the terminal, without columns that no row has a value for. */
export function showTable(rows: readonly Row[], columns: readonly Column[]): string {
	const used = columns.filter(([, of]) => rows.some((row) => of(row) !== undefined));
	const table = new Table({
		head: used.map(([head]) => head),
		style: { head: [], border: [], compact: true },
	});
	for (const row of rows) table.push(used.map(([, of]) => String(of(row) ?? '')));
	return table.toString();
}
