/** The operations that only read; each list of operations in the package comes from these two. */
export const READS = ['list', 'explain'] as const;

/** The operations that change access. */
export const WRITES = ['grant', 'replace', 'revoke'] as const;

/** Every operation. */
export const OPERATION_NAMES = [...READS, ...WRITES] as const;

export type OperationName = (typeof OPERATION_NAMES)[number];

/** Whether an operation only reads. */
export function isRead(operation: unknown): boolean {
	return READS.some((name) => name === operation);
}
