import type { IExecutePaginationFunctions } from 'n8n-workflow';
import type { Result } from './failure';
import { FailureError } from './failure';
import { unusableExpression } from './messages/inputMessages';
import { Turns } from './transport/turns';
import type { ItemContext } from './parameters/itemContext';
import { contextOf } from './parameters/itemContext';
import type { ItemParameters, PartialParameters } from './parameters/itemParameters';
import { ParameterReader } from './parameters/itemParameters';
import type { RunInput } from './runInput';
import type { CredentialKey } from './transport/itemCredentials';
import { ItemCredentials } from './transport/itemCredentials';

/** Why an item cannot be used, and what its parameters say all the same. */
export interface UnusableItem {
	/** A `FailureError`, or what n8n threw for an expression. */
	thrown: unknown;
	partial: PartialParameters;
}

/** What an item says. */
export interface ReadItem {
	readonly itemIndex: number;
	readonly parameters: Result<ItemParameters, UnusableItem>;
	/** Tells its credential apart from other items'. */
	readonly credential: CredentialKey;
}

/** All items of a run, as they were read. */
export interface ReadRun {
	readonly items: readonly ReadItem[];
	/** Whether the credential may differ from item to item. */
	readonly credentialsDiffer: boolean;
	/** Reads another item of the input, which n8n leaves out. */
	readonly read: (context: ItemContext) => ReadItem['parameters'];
}

/**
 * Reads all items of a run, also those that n8n has not handed over yet. Each is read in a context of its own, which
 * evaluates its expressions, but signs in as the first item.
 */
export async function readItems(run: RunInput): Promise<ReadRun> {
	const { context } = run.first;
	const reader = new ParameterReader();
	const read = (one: ItemContext): ReadItem['parameters'] => {
		try {
			return { ok: true, value: reader.read(one) };
		} catch (thrown) {
			return { ok: false, failure: { thrown, partial: reader.readPartly(one) } };
		}
	};
	const turns = new Turns();
	const contexts: IExecutePaginationFunctions[] = [];
	await turns.forEach(run.itemIndexes, (itemIndex) => contexts.push(contextOf(context, itemIndex)));
	const credentials = await ItemCredentials.of(context, run.itemIndexes.length);
	const keys = await credentials.keysOf(contexts);
	const items: ReadItem[] = [];
	await turns.forEach(run.itemIndexes.entries(), ([place, itemIndex]) => {
		const own = contexts[place];
		const thrown = run.isExpected(itemIndex) ? thrownByOptions(own) : NEVER_CAME;
		const parameters: ReadItem['parameters'] =
			thrown === undefined
				? read(own)
				: { ok: false, failure: { thrown, partial: reader.readPartly(own) } };
		items.push({ itemIndex, parameters, credential: keys[place] });
	});
	return { items, credentialsDiffer: credentials.sharedKey === undefined, read };
}

/** For an item that n8n did not hand over. n8n reports it itself, so nobody sees this. */
const NEVER_CAME = new FailureError(unusableExpression(undefined));

/** What n8n would throw for an expression in its Request Options, which this node does not read itself. */
function thrownByOptions(context: IExecutePaginationFunctions): unknown {
	const raw = context.getNodeParameter('requestOptions', {}, { rawExpressions: true });
	if (!JSON.stringify(raw ?? {}).includes(':"=')) return undefined;
	try {
		context.getNodeParameter('requestOptions', {});
		return undefined;
	} catch (thrown) {
		return thrown;
	}
}
