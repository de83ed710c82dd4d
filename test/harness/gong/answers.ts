/** An answer, ready to be sent. */
export interface Answer {
	status: number;
	headers: Record<string, string>;
	body: string;
	requestId: string | null;
}

/** As Gong labels its answers. */
export const JSON_TYPE = 'application/json;charset=UTF-8';

/** An answer of this JSON. */
export function jsonAnswer(
	status: number,
	json: unknown,
	headers: Record<string, string> = {},
): Answer {
	const given = (json as { requestId?: unknown } | null | undefined)?.requestId;
	return {
		status,
		headers: { 'content-type': JSON_TYPE, ...headers },
		body: JSON.stringify(json),
		requestId: typeof given === 'string' ? given : null,
	};
}
