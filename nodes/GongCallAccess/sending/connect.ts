import type { DeclarativeRestApiSettings, IExecutePaginationFunctions } from 'n8n-workflow';
import * as messages from '../messages';
import { signInOf, timeoutOf } from './credential';
import { renewBy, sendOnceBy } from './network';
import { pacerFor } from './pacer';
import type { Sender } from './send';

// A run that takes longer than this says where it is.
const TELL_EVERY_MS = 5000;

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
): Promise<{ sender: Sender; onProgress: (done: number, of: number) => void }> {
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
		},
		onProgress: (now, of) => {
			[done, all] = [now, of];
			tick();
		},
	};
}
