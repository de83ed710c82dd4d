/** One request to Gong, before sign-in and base URL. */
export interface GongRequest {
	method: 'GET' | 'POST' | 'PUT' | 'DELETE';
	path: string;
	query?: Record<string, string>;
	body?: unknown;
	/** What it asks about, where Gong may refuse that and answer others like it: a workspace, for example. */
	about?: string;
	/** The scope that the credential needs for it, as Gong names it. */
	scope: string;
}

/** Whether a request changes something in Gong. */
export function isWrite({ method }: GongRequest): boolean {
	return method === 'PUT' || method === 'DELETE';
}
