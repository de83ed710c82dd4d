/** The output of a run: rows, error items, and the message of a run that stopped. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { RunResult } from '../harness/engine/engine';

export interface Row {
	/** The input item that it is linked to; null if it is linked to none or to several. */
	place: number | null;
	json: IDataObject;
	callId: string;
}

export interface ErrorItem {
	place: number | null;
	text: string;
	/** Null if n8n itself answered the item. */
	details: IDataObject | null;
	callIds: string[];
	outcome: string;
	atErrorOutput: boolean;
	json: IDataObject;
}

export interface Said {
	rows: Row[];
	errors: ErrorItem[];
	/** Message and description of a run that stopped. */
	stopped: string | null;
}

function placeOf({ pairedItem }: INodeExecutionData): number | null {
	if (typeof pairedItem === 'number') return pairedItem;
	if (Array.isArray(pairedItem))
		return pairedItem.length === 1 ? placeOf({ json: {}, pairedItem: pairedItem[0] }) : null;
	return pairedItem?.item ?? null;
}

/** A list of IDs, if there is one. */
export const idsIn = (value: unknown): string[] =>
	Array.isArray(value) ? (value as string[]) : [];

export function saidBy({ items, errorItems, error }: RunResult): Said {
	const isError = ({ json }: INodeExecutionData): boolean => json !== undefined && 'error' in json;
	const rows = items
		.filter((item) => !isError(item))
		.map((item) => ({
			place: placeOf(item),
			json: item.json,
			callId: String(item.json?.callId),
		}));
	const errorItem = (item: INodeExecutionData, atErrorOutput: boolean): ErrorItem => {
		const details = (item.json?.details ?? null) as IDataObject | null;
		return {
			place: placeOf(item),
			text: String(item.json?.error ?? item.error?.message ?? ''),
			details,
			callIds: idsIn(details?.callIds),
			outcome: String(details?.outcome ?? ''),
			atErrorOutput,
			json: item.json,
		};
	};
	return {
		rows,
		errors: [
			...items.filter(isError).map((item) => errorItem(item, false)),
			...errorItems.map((item) => errorItem(item, true)),
		],
		stopped: error ? `${error.message}\n${error.description ?? ''}` : null,
	};
}

/** The calls that a text reports as unknown to Gong. */
export function calledUnknown(text: string): string[] {
	const list = /does not know (?:call |\d+ of the calls: )([\d, ]+)/.exec(text)?.[1] ?? '';
	return list.split(/[, ]+/).filter(Boolean);
}
