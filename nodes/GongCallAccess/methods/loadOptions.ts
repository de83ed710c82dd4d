import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

// The code for a list is loaded when somebody opens one, not when n8n starts.

/** Calls of the last 14 days. */
export async function getCalls(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const lists = await import('./lists.js');
	return await lists.getCalls.call(this);
}

/** The company's users. */
export async function getUsers(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const lists = await import('./lists.js');
	return await lists.getUsers.call(this);
}
