import type { Failure } from './failure';
import { FailureError } from './failure';
import { notAllowed } from './messages/gongMessages';
import { unusableExpression } from './messages/inputMessages';
import { unexpected } from './operations/itemResults';
import type { WriteLedger } from './operations/writeLedger';
import type { Outputs } from './outputs';
import type { RunSize } from './output/runSize';
import type { ProgressLog } from './progressLog';
import type { RunInput } from './runInput';
import type { RunAbort } from './transport/abort';
import { isCanceled } from './transport/pause';

/** What the steps of a run share. */
export interface RunState {
	input: RunInput;
	outputs: Outputs;
	ledger: WriteLedger;
	size: RunSize;
	abort: RunAbort;
	log: ProgressLog;
}

/** How far an item came before something was thrown. */
export type Step = 'reading' | 'connecting' | 'answering';

/** Fails an item, and with it the run where it is set to stop, for what is wrong with the item. */
export function refuseItem(
	{ outputs, abort }: RunState,
	itemIndex: number,
	failure: Failure,
): void {
	outputs.fail(itemIndex, failure);
	abort.failed(failure);
}

/** Fails an item for which something was thrown in place of an answer. */
export function failItem(
	run: RunState,
	itemIndex: number,
	step: Step,
	thrown: unknown,
	callIds: string[] = [],
): void {
	const { outputs, abort } = run;
	if (isCanceled(thrown)) return outputs.cancel(itemIndex, thrown);
	// Before anything is sent n8n's own words are for people: an expression, a credential that it refuses.
	const isOfN8n = step !== 'answering' && isN8nError(thrown);
	if (isOfN8n && !outputs.continues) return outputs.stop(itemIndex, thrown);
	const failure = failureFor(run, isOfN8n ? step : 'answering', thrown, callIds);
	outputs.fail(itemIndex, failure);
	abort.failed(failure);
}

function failureFor(run: RunState, step: Step, thrown: unknown, callIds: string[]): Failure {
	if (thrown instanceof FailureError) return { ...thrown.failure, callIds };
	if (step === 'reading') return unusableExpression(thrown);
	if (step === 'connecting') return notAllowed(thrown, callIds);
	return unexpected(thrown, callIds, {
		ledger: run.ledger,
		logger: run.input.first.context.logger,
	});
}

/** Whether an error is n8n's, by what JavaScript's own errors lack: n8n may have another copy of the class. */
function isN8nError(thrown: unknown): thrown is Error {
	return thrown instanceof Error && ('level' in thrown || 'description' in thrown);
}
