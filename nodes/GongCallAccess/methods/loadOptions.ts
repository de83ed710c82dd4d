import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { loadRuntime } from '../loadRuntime';

/** Calls of the last 14 days. */
export async function getCalls(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const lists = await loadRuntime();
	return await lists.getCalls.call(this);
}

/** The company's users. */
export async function getUsers(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const lists = await loadRuntime();
	return await lists.getUsers.call(this);
}

/** The company's workspaces. */
export async function getWorkspaces(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const lists = await loadRuntime();
	return await lists.getWorkspaces.call(this);
}
