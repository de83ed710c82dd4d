import type { IExecutePaginationFunctions, INode } from 'n8n-workflow';
import type { Failure } from './failure';
import { isOfEveryItem } from './failure';
import { afterEarlierTry, afterEarlierWrites } from './messages/writeMessages';
import type { ItemResult } from './operations/operation';
import type { WriteLedger } from './operations/writeLedger';
import { failureError, failureErrorOfNoItem, failureItem } from './output/errorItem';
import type { ItemOutput } from './runInput';

/** The item and what fails the run. */
interface Stop {
	itemIndex: number;
	because: Failure | Error;
	/** Of a failure. */
	writesFor: WritesFor;
}

/** The users that an item writes for; any where they are not known in this try. */
export type WritesFor = readonly string[] | 'any';

/** Makes the outputs of a run's items from their results, by the node's On Error setting. */
export class Outputs {
	/** Whether the node is set to continue where something fails. */
	readonly continues: boolean;

	/** Whether the credential differs from item to item, so that a failure of the credential is of an item. */
	credentialsDiffer = false;

	private readonly outputs = new Map<number, ItemOutput>();

	private readonly stops: Stop[] = [];

	constructor(
		private readonly node: INode,
		context: IExecutePaginationFunctions,
		private readonly ledger: WriteLedger,
	) {
		this.continues = context.continueOnFail();
	}

	/** Whether an item failed the run. */
	get stopped(): boolean {
		return this.stops.length > 0;
	}

	/** The output of an item; no rows where it has none. */
	of(itemIndex: number): ItemOutput {
		return this.outputs.get(itemIndex) ?? { ok: true, value: [] };
	}

	has(itemIndex: number): boolean {
		return this.outputs.has(itemIndex);
	}

	/** Gives an item its rows and failures. */
	give(itemIndex: number, { rows, failures }: ItemResult, writesFor: WritesFor): void {
		const first = failures.find(({ isOfOthers }) => !isOfOthers) ?? failures.at(0);
		if (first && !this.continues) return this.stop(itemIndex, first, writesFor);
		const errorOutput = this.node.onError === 'continueErrorOutput';
		for (const failure of failures) {
			const told = this.told(itemIndex, failure, writesFor);
			rows.push(failureItem(told, itemIndex, this.node, errorOutput));
		}
		this.outputs.set(itemIndex, { ok: true, value: rows });
	}

	fail(itemIndex: number, failure: Failure, writesFor: WritesFor = 'any'): void {
		this.give(itemIndex, { rows: [], failures: [failure] }, writesFor);
	}

	/** Fails the run. Nobody sees what the node gives for its other items. */
	stop(itemIndex: number, because: Failure | Error, writesFor: WritesFor = 'any'): void {
		this.stops.push({ itemIndex, because, writesFor });
		this.outputs.set(itemIndex, { ok: true, value: [] });
	}

	/** For an item whose execution was canceled. */
	cancel(itemIndex: number, canceled: Error): void {
		if (this.continues) this.outputs.set(itemIndex, { ok: true, value: [] });
		else this.stop(itemIndex, canceled);
	}

	/** Set to stop: has the node throw for the first of the items that the failure is about. n8n names that item. */
	end(): void {
		const stops = [...this.stops].sort((a, b) => a.itemIndex - b.itemIndex);
		const about = stops.find(({ because }) => !isFailure(because) || !because.isOfOthers);
		const first = about ?? stops.at(0);
		if (!first) return;
		const { itemIndex, because, writesFor } = first;
		// One of many: only what is thrown is worth looking up.
		const thrown = isFailure(because)
			? this.errorOf(this.toldLast(itemIndex, because, writesFor), stops)
			: because;
		this.outputs.set(itemIndex, { ok: false, failure: thrown });
	}

	/** A failure as it is told: it must not say that nothing was changed where the run wrote before. */
	private told(itemIndex: number, failure: Failure, writesFor: WritesFor): Failure {
		const isTold = failure.outcome === 'unknown' || failure.tellsWhatWasWritten;
		if (isTold || !this.ledger.wasCarriedOut(itemIndex)) return failure;
		const userIds = writesFor === 'any' ? undefined : writesFor;
		const states = failure.callIds.map((id) => [id, this.ledger.stateOf(id, userIds)] as const);
		const written = states.filter(([, state]) => state !== undefined);
		if (written.length === 0) return failure;
		const isLost = written.some(([, state]) => state === 'lost');
		const callIds = written.map(([id]) => id);
		return afterEarlierTry(failure, callIds, isLost);
	}

	/** A failure that ends the run, with what was written before it. */
	private toldLast(itemIndex: number, failure: Failure, writesFor: WritesFor): Failure {
		const told = this.told(itemIndex, failure, writesFor);
		return told.tellsWhatWasWritten ? told : afterEarlierWrites(told, this.ledger.soFar());
	}

	private errorOf(failure: Failure, stops: Stop[]): Error {
		const alike = stops.filter(
			({ because }) => isFailure(because) && because.message === failure.message,
		);
		// Gong refused a request for several items, and does not say for which of them.
		const isOfSeveral = failure.reason === 'refused' && alike.length > 1;
		const isOfNoItem = isOfSeveral || (isOfEveryItem(failure) && !this.credentialsDiffer);
		return isOfNoItem ? failureErrorOfNoItem(failure, this.node) : failureError(failure, this.node);
	}
}

function isFailure(because: Failure | Error): because is Failure {
	return 'outcome' in because;
}
