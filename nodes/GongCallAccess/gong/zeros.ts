/**
 * An ID without zeros before it. Whether Gong takes `011` for `11` is not known: who is named by either keeps access,
 * and what Gong lists for the one counts for the other.
 */
export function withoutZeros(id: string): string {
	return id.startsWith('0') ? id.replace(/^0+(?=[0-9])/, '') : id;
}
