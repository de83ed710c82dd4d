import type {
	DeclarativeRestApiSettings,
	IExecutePaginationFunctions,
	INode,
	INodeExecutionData,
} from 'n8n-workflow';
import type { Result } from './failure';
import type { WriteLedger } from './operations/writeLedger';

/** An item that n8n has handed over: only its own context signs in as it. */
export interface HandedOver {
	readonly itemIndex: number;
	readonly context: IExecutePaginationFunctions;
	readonly routing: DeclarativeRestApiSettings.ResultOptions;
}

/** The items of one run of the node. */
export interface RunInput {
	readonly node: INode;
	/** The first item that n8n handed over. */
	readonly first: HandedOver;
	/** All items of the run, those too that n8n has not handed over yet, or never will. */
	readonly itemIndexes: readonly number[];
	/** False for a tool call of an agent, which is about no item of the agent's input. */
	readonly hasItems: boolean;
	/** Whether n8n has handed over an item, or will: on continue it reports an item whose expression throws itself. */
	isExpected(itemIndex: number): boolean;
	/** Waits until n8n hands over the first of these items. */
	handedOver(itemIndexes: readonly number[]): Promise<HandedOver>;
}

/** The output items of one input item, or what the node throws for it. */
export type ItemOutput = Result<INodeExecutionData[], Error>;

/** A run that is being answered. */
export interface RunAnswer {
	/** What the run writes, for the next try of Retry On Fail. */
	readonly ledger: WriteLedger;
	/** The output of an item, once it is there. Never rejects. */
	outputOf(itemIndex: number): Promise<ItemOutput>;
}
