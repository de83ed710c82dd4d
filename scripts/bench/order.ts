/** Whether the calls of the rows are exactly those asked for, in that order. */
export function isInOrder(
	rows: readonly { readonly callId?: unknown }[],
	asked: readonly unknown[],
): boolean {
	const seen = [...new Set(rows.map(({ callId }) => callId))];
	return seen.length === asked.length && seen.every((callId, place) => callId === asked[place]);
}
