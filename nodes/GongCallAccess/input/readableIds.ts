import type { IdKind } from './ids';
import { readIds } from './ids';
export function readableIds(value: unknown, kind: IdKind): { ids: string[]; complete: boolean } {
	try {
		return { ids: readIds(value, kind), complete: true };
	} catch {
		const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
		return {
			ids: text.split(/[^0-9]+/).filter((part) => /^[0-9]{1,20}$/.test(part)),
			complete: false,
		};
	}
}
