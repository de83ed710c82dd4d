/** A value as it may stand in a message: JSON, and not longer than a line. */
export function shown(value: unknown): string {
	const simple = typeof value !== 'object' || value === null;
	const text = jsonOf(value) ?? (simple ? String(value) : Object.prototype.toString.call(value));
	return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

function jsonOf(value: unknown): string | undefined {
	try {
		return JSON.stringify(value);
	} catch {
		return undefined;
	}
}
