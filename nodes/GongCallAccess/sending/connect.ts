import type { DeclarativeRestApiSettings, IExecutePaginationFunctions } from 'n8n-workflow';
import * as messages from '../messages';
import { signInOf, timeoutOf } from './credential';
import { renewBy, sendOnceBy } from './network';
import { pacerFor } from './pacer';
import type { Sender } from './send';

// A run that takes longer than this says where it is.
const TELL_EVERY_MS = 5000;

/** What a run sends with. */
export interface Connection {
	sender: Sender;
	/** Told how many calls are done, of how many, for the log. */
	onProgress: (done: number, of: number) => void;
}

/**
 * Makes ready to send for a run: looks the credential up once, checks its base URL, finds the pacer that the
 * Gong company's requests share.
 *
 * @param maxWaitMs milliseconds that one request may wait because Gong asked to
 * @throws UnusableBaseUrl for a base URL that no key may be sent to; what n8n throws for a credential
 */
export async function connect(
	context: IExecutePaginationFunctions,
	routing: DeclarativeRestApiSettings.ResultOptions,
	maxWaitMs: number,
): Promise<Connection> {
	const signIn = await signInOf(context);
	const timeoutMs = timeoutOf(context);
	const pacer = pacerFor(signIn.company);

	let [done, all, why] = [0, 0, ''];
	let toldAt = Date.now();
	const tick = (): void => {
		if (Date.now() - toldAt < TELL_EVERY_MS) return;
		toldAt = Date.now();
		context.logger.info(messages.progress(done, all, why));
	};
	return {
		sender: {
			sendOnce: sendOnceBy(context, routing, signIn, timeoutMs),
			renew: renewBy(context, routing, signIn, timeoutMs, pacer),
			pacer,
			maxWaitMs,
			signal: context.getExecutionCancelSignal(),
			onWait: (now) => {
				why = now;
				tick();
			},
			tick,
			redact: signIn.redact,
			closed: new Map(),
		},
		onProgress: (now, of) => {
			[done, all] = [now, of];
			tick();
		},
	};
}
