import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

/** An output item linked to the input items that it came from, so that `$('Earlier node').item` works. */
export function linkedItem(json: IDataObject, itemIndex: number | number[]): INodeExecutionData {
	if (typeof itemIndex === 'number') return { json, pairedItem: { item: itemIndex } };
	const links = itemIndex.map((item) => ({ item }));
	return { json, pairedItem: links.length === 1 ? links[0] : links };
}
