import type { UsableItem } from './findItems';
import { failRest } from './findItems';
import { runAnswered } from './messages/gongMessages';
import { runLostDigits } from './messages/idMessages';
import { tooManyRows } from './messages/inputMessages';
import type { Operation, OperationContext } from './operations/operation';
import * as operations from './operations/operations';
import { WriteLedger } from './operations/writeLedger';
import { Outputs } from './outputs';
import { MAX_ROWS } from './output/rows';
import { RunSize } from './output/runSize';
import { isAddress } from './parameters/ids';
import { lostDigits } from './parameters/lostDigits';
import type { OperationName } from './parameters/operationNames';
import { callsNamedIn } from './planRun';
import type { PreparedCompany } from './prepareRun';
import {
	groupByCompany,
	groupOf,
	isReplace,
	isWrite,
	planWrites,
	prepare,
	protectUsers,
} from './prepareRun';
import { ProgressLog } from './progressLog';
import type { ReadRun } from './readItems';
import { readItems } from './readItems';
import type { RunAnswer, RunInput } from './runInput';
import type { RunState } from './runState';
import { failItem } from './runState';
import { RunAbort } from './transport/abort';
import { Turns } from './transport/turns';

const OPERATIONS: Record<OperationName, Operation> = operations;

/**
 * Answers a run: reads its items, groups them by company and settings, finds their calls and users, plans a replace,
 * has the operation answer each group, and gives each item its output.
 *
 * Set to stop, nothing is written, and no access is read, before every item was read and found good.
 * @param before what earlier tries of the run wrote
 */
export function answerRun(input: RunInput, before?: WriteLedger): RunAnswer {
	const ledger = before ?? new WriteLedger();
	ledger.beginTry();
	const { context } = input.first;
	const outputs = new Outputs(input.node, context, ledger);
	const abort = new RunAbort(!outputs.continues);
	const size = new RunSize();
	const run = { input, outputs, ledger, size, abort, log: new ProgressLog(context) };
	const answered = answerItems(run);
	return {
		ledger,
		async outputOf(itemIndex) {
			const { ended, ofItems } = await answered;
			// Set to continue, an item need not wait for those of another company.
			await (outputs.continues ? ofItems.get(itemIndex) : ended);
			return outputs.of(itemIndex);
		},
	};
}

/** When the outputs are there: all of them, and by item. */
interface Answered {
	ended: Promise<void> | undefined;
	ofItems: Map<number, Promise<void>>;
}

async function answerItems(run: RunState): Promise<Answered> {
	const { input, outputs, abort } = run;
	const ofItems = new Map<number, Promise<void>>();
	let read: ReadRun;
	try {
		read = await readItems(input);
	} catch (thrown) {
		for (const itemIndex of input.itemIndexes) failItem(run, itemIndex, 'reading', thrown);
		outputs.end();
		return { ended: undefined, ofItems };
	}
	outputs.credentialsDiffer = read.credentialsDiffer;
	const turns = new Turns();
	const good = refuseLostDigits(run, await refuseUnusable(run, read, turns));
	await turns.next();
	const companies = groupByCompany(good);
	const preparing = prepare(run, read, companies);
	const allPrepared = Promise.all(preparing).then(async (prepared) => {
		for (const one of prepared) planWrites(run, one?.groups ?? []);
		await protectUsers(run, prepared);
	});
	const replaces = good.some(({ parameters }) => isReplace(parameters.settings));
	const writes = good.some(({ parameters }) => isWrite(parameters.settings));
	const operating: Promise<void>[] = [];
	const operateOn = async (place: number, previous: Promise<void> | undefined): Promise<void> => {
		// Set to stop, every item is found good before anything is written.
		if (!outputs.continues || replaces) await allPrepared;
		// One after the other: a failure tells what was written before it, and two keys may be of one company.
		if (writes) await previous;
		const prepared = await preparing[place];
		if (prepared) await operate(run, prepared, companies[place].items);
	};
	for (const place of companies.keys()) operating.push(operateOn(place, operating.at(-1)));
	const ended = Promise.all(operating).then(() => {
		outputs.end();
		abort.end(runAnswered());
		run.log.end();
	});
	for (const [place, { items }] of companies.entries()) {
		const done = outputs.continues && companies.length > 1 ? operating[place] : ended;
		for (const { itemIndex } of items) ofItems.set(itemIndex, done);
	}
	if (companies.length === 0) outputs.end();
	return { ended, ofItems };
}

/** Fails the items that cannot be used; the others are returned. Set to stop, one that fails leaves none. */
async function refuseUnusable(
	run: RunState,
	{ items }: ReadRun,
	turns: Turns,
): Promise<UsableItem[]> {
	const usable: UsableItem[] = [];
	await turns.forEach(items, ({ itemIndex, parameters, credential }) => {
		if (!parameters.ok) {
			const { thrown, partial } = parameters.failure;
			// Only where it is sure that it names just these.
			const callIds = partial.callsAreKnown ? partial.callIds : [];
			failItem(run, itemIndex, 'reading', thrown, callIds);
		} else if (!credential.ok) failItem(run, itemIndex, 'connecting', credential.failure);
		else usable.push({ itemIndex, parameters: parameters.value, credential: credential.value });
	});
	return run.outputs.stopped ? [] : usable;
}

/** Refuses the whole run where IDs were rounded before they reached the node: its other IDs come from the same place. */
function refuseLostDigits(run: RunState, items: UsableItem[]): UsableItem[] {
	const calls = new Set(items.flatMap(({ parameters }) => callsNamedIn(parameters)));
	const users = new Set(items.flatMap(({ parameters }) => parameters.users));
	const lost = lostDigits(
		calls,
		[...users].filter((user) => !isAddress(user)),
	);
	if (lost.length === 0) return items;
	const failure = runLostDigits(lost);
	for (const { itemIndex } of items) run.outputs.fail(itemIndex, failure);
	return [];
}

/** Has the operation answer the groups of a company, one after the other. */
async function operate(run: RunState, prepared: PreparedCompany, all: UsableItem[]): Promise<void> {
	const { outputs, abort, ledger, size, input } = run;
	const turns = new Turns();
	const { company, plan, groups } = prepared;
	try {
		for (const { items, settings, reading } of groups) {
			if (items.length === 0) continue;
			// Set to stop, nothing is sent after one has failed.
			if (!outputs.continues && outputs.stopped) return;
			const { maxWaitMs, requestsPerSecond } = settings;
			const context: OperationContext = {
				client: company.client.with({ maxWaitMs, requestsPerSecond }),
				abort,
				directory: company.directory,
				settings,
				continues: outputs.continues,
				plan,
				size,
				ledger,
				group: groupOf(items),
				reading,
				onProgress: company.onProgress,
				logger: input.first.context.logger,
			};
			if (isWrite(settings)) for (const { itemIndex } of items) ledger.carryOut(itemIndex);
			const results = await OPERATIONS[settings.operation](context, items);
			await turns.forEach(items.entries(), ([place, { itemIndex, callIds, userIds }]) => {
				const result = results[place];
				const rows = result.rows.length;
				if (rows > MAX_ROWS) outputs.fail(itemIndex, tooManyRows(rows, MAX_ROWS, callIds));
				else outputs.give(itemIndex, result, isReplace(settings) ? 'any' : userIds);
			});
		}
	} catch (thrown) {
		failRest(run, all, 'answering', thrown);
	}
}
