import type { IDataObject, INodeExecutionData, IPairedItemData } from 'n8n-workflow';

/** An output item linked to the input item that it came from, so that `$('Earlier node').item` works. */
export function linkedItem(json: IDataObject, itemIndex: number): INodeExecutionData {
	return { json, pairedItem: { item: itemIndex } };
}

/** Links output items to many input items each. Rows share the links: each row with its own would be millions. */
export class ItemLinks {
	private readonly links = new Map<number, IPairedItemData>();

	/** An output item linked to all input items that it came from, one or more. */
	linked(json: IDataObject, itemIndexes: readonly number[]): INodeExecutionData {
		if (itemIndexes.length === 1) return linkedItem(json, itemIndexes[0]);
		return { json, pairedItem: itemIndexes.map((item) => this.linkTo(item)) };
	}

	private linkTo(item: number): IPairedItemData {
		const known = this.links.get(item);
		if (known) return known;
		const link = { item };
		this.links.set(item, link);
		return link;
	}
}
