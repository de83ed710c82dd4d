/** One item as n8n stores it. */
export interface ExecutedItem {
	readonly json: Readonly<Record<string, unknown>>;
	readonly pairedItem?: unknown;
	/** Its files, by field. */
	readonly binary?: Readonly<Record<string, { readonly fileName?: string }>>;
}

/** An error as n8n stores it, with the fields that a user sees. */
export interface ExecutionError {
	readonly message: string;
	readonly description?: string | null;
	readonly node?: { readonly name?: string };
}

interface NodeRun {
	readonly executionStatus?: string;
	readonly error?: ExecutionError;
	readonly hints?: readonly { readonly message?: string }[];
	readonly data?: { readonly main?: readonly (readonly ExecutedItem[] | null)[] };
}

/** The stored record of one run of a workflow. */
export interface ExecutionRecord {
	readonly status: string;
	readonly data: {
		readonly resultData: {
			readonly error?: ExecutionError;
			readonly runData: Readonly<Record<string, readonly NodeRun[]>>;
		};
	};
}

/** The result of one run of a workflow. */
export class Execution {
	constructor(readonly record: ExecutionRecord) {}

	/** n8n's status, such as `success` or `error`. */
	get status(): string {
		return this.record.status;
	}

	/** Whether n8n has stored the result; on a busy machine the status may be stored a moment earlier. */
	get isStored(): boolean {
		const data = this.record.data as Partial<ExecutionRecord['data']> | undefined;
		return data?.resultData !== undefined;
	}

	get error(): ExecutionError | undefined {
		return this.record.data.resultData.error;
	}

	/** The items that a node gave on one of its outputs, over all its runs. */
	items(node: string, output = 0): readonly ExecutedItem[] {
		return this.runs(node).flatMap((run) => run.data?.main?.[output] ?? []);
	}

	/** The `json` of those items. */
	rows(node: string, output = 0): readonly ExecutedItem['json'][] {
		return this.items(node, output).map((item) => item.json);
	}

	/** Those items, or none if the node did not run. */
	given(node: string): readonly ExecutedItem[] {
		return this.record.data.resultData.runData[node] ? this.items(node) : [];
	}

	private runs(node: string): readonly NodeRun[] {
		const runs = this.record.data.resultData.runData[node];
		if (runs) return runs;
		const reason = this.error ? `: ${this.error.message}` : '';
		throw new Error(`The node "${node}" did not run (the execution: ${this.status}${reason})`);
	}
}

/** Finds the execution in the output of `n8n execute`, among its log lines. */
export function executionFromOutput(output: string): ExecutionRecord | undefined {
	const lines = output.split(/\r?\n/);
	for (let start = lines.indexOf('{'); start >= 0; start = lines.indexOf('{', start + 1)) {
		for (let end = lines.indexOf('}', start); end >= 0; end = lines.indexOf('}', end + 1)) {
			const record = parsed(lines.slice(start, end + 1).join('\n'));
			if (isExecutionRecord(record)) return record;
		}
	}
	return undefined;
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function isExecutionRecord(value: unknown): value is ExecutionRecord {
	const resultData = (value as { data?: { resultData?: unknown } } | undefined)?.data?.resultData;
	return typeof resultData === 'object' && resultData !== null;
}
